"""A switch that stops asking an endpoint which keeps failing, and lets one question try again after a while."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock
from time import monotonic

FAILURES = 5
PAUSE_S = 30.0


@dataclass
class Breaker:
    """Opens after so many failures in a row. Safe to use from several threads.

    The libraries for this read the clock themselves, and decorate a call where ours has three ends: it worked, it failed, it was
    stopped by the person who asked, which says nothing of the endpoint.
    """

    clock: Callable[[], float] = monotonic
    failures: int = FAILURES
    pause_s: float = PAUSE_S
    _failed: int = 0
    _closed_until: float = 0.0
    _lock: Lock = field(default_factory=Lock)

    def lets_through(self) -> bool:
        """After the pause one question is let through at a time, until one works."""
        with self._lock:
            if self._failed < self.failures:
                return True
            if self.clock() < self._closed_until:
                return False
            self._closed_until = self.clock() + self.pause_s
            return True

    def worked(self) -> None:
        with self._lock:
            self._failed = 0

    def failed(self) -> None:
        with self._lock:
            self._failed += 1
            if self._failed >= self.failures:
                self._closed_until = self.clock() + self.pause_s
