"""Who makes an answer waits for a turn: as many at once as there are cores, first come first served.

More of them at once take as long and hold that much more memory.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from threading import Lock, local
from time import monotonic
from types import TracebackType

_LATEST = 0.2
"""What the latest turn counts in how long turns take."""


class _Mine(local):
    deep = 0
    since = 0.0
    calm = True
    """Nobody was before us when we came."""


class Turns:
    """For `with`, from any thread; who has a turn may take another inside it at once."""

    def __init__(self, at_once: int, now: Callable[[], float] = monotonic) -> None:
        self._at_once, self._free, self._now = at_once, at_once, now
        self._queue: deque[Lock] = deque()
        self._lock = Lock()
        self._mine = _Mine()
        self._took_s = 0.0
        self._calm_s = 0.0
        """As `_took_s`, of those turns alone that nobody waited before or behind."""

    @property
    def pace_s(self) -> float:
        """Seconds from one answer to the next while many wait, by the latest turns; 0 before the first. When a crowd is gone, what its
        turns took is forgotten: in a crowd each takes longer than the next one will."""
        return self._took_s / self._at_once

    def __enter__(self) -> None:
        if not self._mine.deep:
            self._mine.calm = self._come()
            self._mine.since = self._now()
        self._mine.deep += 1

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._mine.deep -= 1
        if not self._mine.deep:
            self._go(self._now() - self._mine.since, calm=self._mine.calm)

    def _come(self) -> bool:
        with self._lock:
            if self._free:
                self._free -= 1
                return True
            called = Lock()
            called.acquire()
            self._queue.append(called)
        called.acquire()
        return False

    def _go(self, took_s: float, *, calm: bool) -> None:
        with self._lock:
            self._took_s = _followed(self._took_s, took_s)
            if self._queue:
                self._queue.popleft().release()
                return
            self._free += 1
            if calm:
                self._calm_s = _followed(self._calm_s, took_s)
            if self._free == self._at_once:
                self._took_s = self._calm_s


def _followed(before_s: float, took_s: float) -> float:
    return before_s + _LATEST * (took_s - before_s) if before_s else took_s
