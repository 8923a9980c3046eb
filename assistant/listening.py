"""Who waits for an answer while it is made: is told of each step, and may stop it from another thread."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Event, Lock

from assistant.answers import Citation, Claim
from assistant.evidence import Evidence
from ingest.archive.rows import Source


class Stopped(Exception):
    """Nobody waits for the answer any more."""


@dataclass
class Stop:
    """Set once, from any thread."""

    _set: Event = field(default_factory=Event)
    _calls: list[Callable[[], object]] = field(default_factory=list)
    _lock: Lock = field(default_factory=Lock)

    def set(self) -> None:
        with self._lock:
            self._set.set()
            for call in self._calls:
                call()

    def is_set(self) -> bool:
        return self._set.is_set()

    def wait(self, seconds: float) -> bool:
        return self._set.wait(seconds)

    @contextmanager
    def calls(self, call: Callable[[], object]) -> Iterator[None]:
        """While it lasts, `set` also calls this; at once if it was set before."""
        with self._lock:
            self._calls.append(call)
            if self._set.is_set():
                call()
        try:
            yield
        finally:
            with self._lock:
                self._calls.remove(call)


@dataclass(frozen=True, slots=True)
class Searched:
    """`read` are the sources of the passages found, best first, of `total` that were searched."""

    read: Sequence[Source]
    total: int


@dataclass(frozen=True, slots=True)
class Said:
    """A claim that was checked, in the order in which claims are shown, with what it cites."""

    block: int
    claim: Claim
    citations: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """A claim said before stands no longer: the reply it came from was not to be used."""

    claim_id: str


Step = Searched | Said | Withdrawn


@dataclass(frozen=True)
class Listener:
    tell: Callable[[Step], object] = lambda step: None
    stop: Stop = field(default_factory=Stop)


def searched(evidence: Evidence) -> Searched:
    read = dict.fromkeys(ranked.passage.interaction_id for ranked in evidence.best)
    return Searched([evidence.room.interactions[each].source for each in read], len(evidence.room.sources))
