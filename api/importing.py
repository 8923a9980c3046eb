"""Imports that the server makes itself: one at a time, told while it goes on, stopped when asked.

    [imports]
    exports = "/srv/exports"      # a name, and the folder it stands for; a relative one lies in the home

Nobody names a path over the network; who works on the machine itself does (`api.side_door`). While one runs, nothing else files anything;
questions are answered all the same.
"""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock, Thread, current_thread
from time import monotonic
from typing import Any, Literal
from uuid import uuid4

from anyio import to_thread

from api.events import CHECK_S, PING_S, framed
from api.intake import Progress
from api.problems import Problem, not_found, problem_body
from api.tallied import tally_json
from assistant.listening import Stop, Stopped
from assistant.portfolio import refresh
from assistant.render import moment
from ingest.opened import Home
from ingest.problems import KNOWN
from ingest.settings import FILE, BadSettings, settings_table
from ingest.sync import sync
from ingest.tally import Tally

MOST_KEPT = 20
"""Imports whose reports can still be read; older ones are in the list of runs, by their numbers."""
LEAST_S = 0.2
"""Between two words about one stage."""
ENDING_S = 10.0

State = Literal["running", "done", "stopped", "failed"]

log = logging.getLogger("baton.api")


def load_folders(home: Path, table: str = "imports", of: str = "exports") -> dict[str, Path]:
    """By name. Raises BadSettings."""
    found: dict[str, Path] = {}
    for name, given in settings_table(home / FILE, table).items():
        if not isinstance(given, str) or not given:
            raise BadSettings(f"{FILE}: [{table}] {name} is the path of a folder of {of}; it is {given!r}")
        folder = (home / given).resolve()
        if folder in (home.resolve(), *home.resolve().parents):
            raise BadSettings(f"{FILE}: [{table}] {name} holds this home itself; name the folder that the {of} are in")
        found[name] = folder
    return found


@dataclass(eq=False)
class Import:
    """Safe to read and to stop from several threads."""

    source: str
    id: str = field(default_factory=lambda: f"imp_{uuid4().hex}")
    stop: Stop = field(default_factory=Stop)
    _told: dict[str, Any] = field(default_factory=dict)
    _words: int = 0
    _heard_by: list[Callable[[], object]] = field(default_factory=list)
    _lock: Lock = field(default_factory=Lock)

    def __post_init__(self) -> None:
        self._told = {
            "id": self.id, "source": self.source, "state": "running", "stage": None, "done": 0, "total": 0,
            "started_at": moment(datetime.now(UTC)), "finished_at": None, "detail": None, "report": None,
        }  # fmt: skip
        self._words = 1

    def now(self) -> tuple[int, dict[str, Any]]:
        """How many words there were about it so far, and the last."""
        with self._lock:
            return self._words, dict(self._told)

    @property
    def state(self) -> State:
        state: State = self._told["state"]
        return state

    def say(self, **words: Any) -> None:
        with self._lock:
            self._told |= words
            self._words += 1
            rings = list(self._heard_by)
        for ring in rings:
            with suppress(RuntimeError):  # the server was shut down meanwhile
                ring()

    @contextmanager
    def heard(self, ring: Callable[[], object]) -> Iterator[None]:
        """While it lasts, `ring` is called at each word."""
        with self._lock:
            self._heard_by.append(ring)
        try:
            yield
        finally:
            with self._lock:
                self._heard_by.remove(ring)


class Imports:
    def __init__(self, home: Home, reading: Callable[..., Tally] = sync) -> None:
        self._home, self._reading = home, reading
        self._kept: OrderedDict[str, Import] = OrderedDict()
        self._filing = Lock()
        self._working: Thread | None = None

    def begin(self, source: str) -> Import:
        """Raises Problem: 404 for a name that the settings do not have, 409 while another is running."""
        folder = self.folders().get(source)
        if folder is None:
            raise Problem(404, "no_source", f"[imports] in {FILE} names no folder so.")
        begun = self._begun(source)

        def read(progress: Progress) -> Tally:
            tally = self._reading(self._home, [folder], progress=progress)
            refresh(self._home.archive, progress=progress)
            return tally

        self._working = Thread(target=self._work, args=(begun, read), name=begun.id, daemon=True)
        self._working.start()
        return begun

    def here(self, source: str, work: Callable[[Progress], Tally | None]) -> dict[str, Any]:
        """What is to be said of an import that `work` makes in this thread: `source` says what it is of, for those who look on. Raises
        Problem (409) while another is running."""
        begun = self._begun(source)
        self._working = current_thread()
        self._work(begun, work)
        return begun.now()[1]

    def _begun(self, source: str) -> Import:
        if not self._filing.acquire(blocking=False):
            raise _busy()
        begun = Import(source)
        self._kept[begun.id] = begun
        while len(self._kept) > MOST_KEPT:
            self._kept.popitem(last=False)
        return begun

    @contextmanager
    def alone(self) -> Iterator[None]:
        """While it lasts no import begins. Raises Problem (409) where one is running."""
        if not self._filing.acquire(blocking=False):
            raise _busy()
        try:
            yield
        finally:
            self._filing.release()

    def folders(self) -> dict[str, Path]:
        """As the settings have them now; none while they cannot be read, which the log tells."""
        try:
            return load_folders(self._home.path)
        except BadSettings as error:
            log.error("no folder can be imported: %s", error)
            return {}

    def find(self, id: str) -> Import:
        """Raises Problem (404)."""
        if (found := self._kept.get(id)) is None:
            raise not_found()
        return found

    def running(self) -> Import | None:
        return next((one for one in reversed(self._kept.values()) if one.state == "running"), None)

    def close(self) -> None:
        """Stops what is running and waits for it a little; what it has read so far is kept."""
        if one := self.running():
            one.stop.set()
        if self._working:
            self._working.join(ENDING_S)

    def _work(self, one: Import, work: Callable[[Progress], Tally | None]) -> None:
        ended: dict[str, Any] = {"state": "failed", "detail": "The import could not be made; the server's log says more."}
        try:
            tally = work(_progress(one))
            ended = {"state": "done", "report": tally and tally_json(tally), "detail": None if tally else "Nothing new."}
        except Stopped:
            ended = {"state": "stopped", "detail": "Stopped. What was read so far is kept; the next import goes on from there."}
        except KNOWN as error:
            ended = {"state": "failed", "detail": str(error)}
        except Exception:
            log.exception("import %s failed", one.id)
        finally:
            self._filing.release()
            one.say(**ended, finished_at=moment(datetime.now(UTC)))


def _progress(one: Import) -> Progress:
    last, told = "", 0.0

    def progress(stage: str, done: int, total: int) -> None:
        nonlocal last, told
        if one.stop.is_set():
            raise Stopped
        if stage != last or done == total or monotonic() - told >= LEAST_S:
            last, told = stage, monotonic()
            one.say(stage=stage, done=done, total=total)

    return progress


def _busy() -> Problem:
    return Problem(409, "import_in_progress", "An import is running. Wait until it is done, or stop it.")


async def told(one: Import, admitted: Callable[[], None], after: int, request_id: str) -> AsyncIterator[str]:
    """Each word about it behind number `after` as an event that holds all there is to say, until it has ended. Words that come faster than
    they are heard are left out. `admitted` raises a Problem where the listener may not hear more."""
    loop, bell = asyncio.get_running_loop(), asyncio.Event()
    heard = checked = monotonic()
    with one.heard(lambda: loop.call_soon_threadsafe(bell.set)):
        while True:
            bell.clear()
            number, state = one.now()
            if number > after:
                running = state["state"] == "running"
                yield framed("import.progress" if running else "import.completed", number, {"import": state})
                after, heard = number, monotonic()
                if not running:
                    return
            if monotonic() - checked >= CHECK_S:
                try:
                    await to_thread.run_sync(admitted)
                except Problem as refused:
                    yield framed("error", number + 1, {"problem": problem_body(refused, request_id)})
                    return
                checked = monotonic()
            try:
                await asyncio.wait_for(bell.wait(), CHECK_S)
            except TimeoutError:
                if monotonic() - heard >= PING_S:
                    yield ": still at it\n\n"
                    heard = monotonic()
