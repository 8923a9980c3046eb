"""Answers while they are made and for some minutes after, so that a client that lost its stream hears the rest.

Kept in memory only and for whoever asked: a server that starts anew has none of them, and the client asks again.
"""

from __future__ import annotations

import logging
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from threading import Lock, Thread
from time import monotonic
from typing import Literal
from uuid import uuid4

from api.access import Principal
from api.problems import not_found
from assistant.answers import Answer
from assistant.listening import Listener, Step, Stop, Stopped
from ingest.archive.scope import Scope

KEPT_S = 300.0
MOST_EACH = 50
"""Finished answers kept of one caller."""
MOST_CHARACTERS = 32_000_000
"""Of the events of all finished answers kept."""
PREFIX = "ans_run_"
"""How the id of an answer begins that is not whole yet."""

State = Literal["running", "answered", "declined", "failed", "stopped"]

log = logging.getLogger("baton.api")


@dataclass(eq=False)
class Run:
    """One answer that is made in a thread of its own; safe to use from several."""

    owner: str
    """Of whoever asked, the id."""
    account_id: str
    scope: Scope
    """What they saw of the account when they asked."""
    thread_id: str
    request_id: str
    id: str = field(default_factory=lambda: f"{PREFIX}{uuid4().hex}")
    stop: Stop = field(default_factory=Stop)
    state: State = "running"
    answer: Answer | None = None
    """Once it is whole."""
    trail: list[str] = field(default_factory=list)
    """Ids of what was answered and cited, for the audit log."""
    ended_at: float | None = None
    frames: list[str] = field(default_factory=list)
    _heard_by: list[Callable[[], object]] = field(default_factory=list)
    _lock: Lock = field(default_factory=Lock)

    def since(self, place: int) -> tuple[list[str], bool]:
        """The frames behind number `place`, and whether no other will come."""
        with self._lock:
            return self.frames[place:], self.ended_at is not None

    def listen(self, ring: Callable[[], object]) -> Callable[[], bool]:
        """`ring` is called when there is something new. What it gives ends that, and says whether the rest is heard or there is none."""
        with self._lock:
            self._heard_by.append(ring)

        def leave() -> bool:
            with self._lock:
                self._heard_by.remove(ring)
                return bool(self._heard_by) or self.ended_at is not None

        return leave

    def stop_if_forsaken(self) -> None:
        with self._lock:
            forsaken = not self._heard_by and self.ended_at is None
        if forsaken:
            log.info("request %s: the client went before its answer", self.request_id)
            self.stop.set()

    def tell(self, frames: Iterator[str]) -> None:
        made = list(frames)
        with self._lock:
            self.frames.extend(made)
        self._ring()

    def end(self, state: State, now: float) -> None:
        with self._lock:
            self.state, self.ended_at = state, now
        self._ring()

    def _ring(self) -> None:
        with self._lock:
            rings = list(self._heard_by)
        for ring in rings:
            with suppress(RuntimeError):  # the server was shut down meanwhile
                ring()


@dataclass
class Runs:
    now: Callable[[], float] = monotonic
    _kept: OrderedDict[str, Run] = field(default_factory=OrderedDict)
    _lock: Lock = field(default_factory=Lock)

    def begin(
        self,
        run: Run,
        answering: Callable[[Listener], Answer],
        events: Callable[[Step | Answer | Exception], Iterator[str]],
        leave: Callable[[], None] | None = None,
    ) -> Run:
        """`answering` is called in a thread; each of its steps, and what it gives or raises, becomes frames by `events`. `leave` is called
        when it has ended, however it did."""

        def work() -> None:
            state: State = "failed"
            try:
                run.answer = answering(Listener(lambda step: run.tell(events(step)), run.stop))
                state = run.answer.status
                run.tell(events(run.answer))
            except Stopped as error:
                state = "stopped"
                run.tell(events(error))
            except Exception as error:  # whatever it is, the client has its status line already and is told by an event
                run.tell(events(error))
            finally:
                run.end(state, self.now())
                if leave:
                    leave()

        with self._lock:
            self._forget_old(run.owner)
            self._kept[run.id] = run
        Thread(target=work, name=run.id, daemon=True).start()
        return run

    def find(self, reader: Principal, answer_id: str) -> Run | None:
        """By the id of the run or of its whole answer: one's own, and as long as one sees the same of the account as when one asked."""
        with self._lock:
            self._forget_old()
            for run in reversed(self._kept.values()):
                named = answer_id == run.id or (run.answer is not None and answer_id == run.answer.id)
                if named and run.owner == reader.id and reader.scope.only(run.account_id) == run.scope:
                    return run
        return None

    def get(self, reader: Principal, answer_id: str) -> Run:
        """As `find`; raises Problem (404)."""
        if (found := self.find(reader, answer_id)) is None:
            raise not_found()
        return found

    def close(self) -> None:
        """Stops what is being answered; nobody will hear it."""
        with self._lock:
            running = [run for run in self._kept.values() if run.ended_at is None]
        for run in running:
            run.stop.set()

    def _forget_old(self, owner: str | None = None) -> None:
        """What has ended long ago; then the oldest of `owner`, who begins another, and of everybody where all is too much."""
        ended = [run for run in self._kept.values() if run.ended_at is not None]
        now = self.now()
        gone = {run.id for run in ended if run.ended_at is not None and now - run.ended_at > KEPT_S}
        own = [run.id for run in ended if run.owner == owner and run.id not in gone]
        gone.update(own[: max(0, len(own) - MOST_EACH + 1)])
        size = 0
        for run in reversed(ended):
            if run.id not in gone:
                size += sum(map(len, run.frames))
                if size > MOST_CHARACTERS:
                    gone.add(run.id)
        for id in gone:
            del self._kept[id]
