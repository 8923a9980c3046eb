"""Runs a function on things nobody vouches for, in processes of their own: one that hangs, swallows memory or dies costs only itself.

Each worker is a plain child of this process that imports the function by its name. No fork, so that threads here do not matter; no
`multiprocessing` start-up, so that a program's main module is not run again. Where no process can be started, the work is done here.

Why not a library: of those alive only pebble ends a task that takes too long and replaces workers after a number of tasks. It starts
them by `multiprocessing`, knows no limit of memory, and cannot say how far a lost task had come, which is what saves the mail around a
killer attachment; it would need as much code around it as is here.
"""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum
from multiprocessing import Pipe
from multiprocessing.connection import Connection, wait
from time import monotonic
from types import TracebackType
from typing import Any, Generic, Self, TypeVar

T = TypeVar("T")
R = TypeVar("R")

MOST_WORKERS = 4
MOST_ITEMS = 200
"""A worker that has done so many is replaced: what libraries leak, they leak this far."""
MOST_MEGABYTES = 1024
"""Memory of one worker. macOS does not enforce it; there only time is limited."""
FAR = 10
"""So many times the processor time that an item may take it may take by the clock: a busy machine is no fault of the item's, and what
waits for ever takes no processor time."""
_EACH_WORTH = 64
"""Starting a worker takes as long as reading some dozen mails, so a second one has to have that much to do."""

_BOOT = "from ingest.workers import serve; serve()"
_READY = "ready"
_parent: Connection[Any, Any] | None = None
"""Set in a worker."""


class Trouble(Enum):
    """What became of an item that gave no result."""

    TOO_SLOW = "too slow"
    TOO_LARGE = "too large in memory"
    DIED = "died"


@dataclass(frozen=True, slots=True)
class _At:
    """How far an item's function has come."""

    step: int


class Workers(Generic[T, R]):
    """Started when there is something to do, and ended with the `with` block.

    `patience` says how many seconds of processor time an item may take, of all its threads together, `memory` how many megabytes. What a
    worker was lost over may be tried `again` as another item, which is told the last step that `tell` heard; None if it is not worth
    another try.
    """

    def __init__(
        self,
        function: Callable[[T], R],
        patience: Callable[[T], float],
        *,
        most: int | None = None,
        memory: Callable[[T], int] = lambda item: MOST_MEGABYTES,
        again: Callable[[T, Trouble, int | None], T | None] = lambda item, trouble, step: None,
    ) -> None:
        self.function, self.patience, self.memory, self.again = function, patience, memory, again
        self.most = most or min(os.cpu_count() or 1, MOST_WORKERS)
        self._alive: list[_Worker] = []
        self._can_start = bool(sys.executable)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        for worker in self._alive:
            worker.end()
        self._alive.clear()

    def run(self, items: Sequence[T]) -> Iterator[R | Trouble]:
        """The result of each item, in the order of the items, whichever is done first. Work begins at once."""
        waiting = deque(enumerate(items))
        self._hand_out(waiting)
        return self._results(waiting)

    def _results(self, waiting: deque[tuple[int, T]]) -> Iterator[R | Trouble]:
        done: dict[int, Any] = {}
        last = max((number for number, _ in waiting), default=-1)
        given = [worker.number for worker in self._alive if worker.number is not None]
        for number in range(max([last, *given]) + 1):
            while number not in done:
                self._hand_out(waiting)
                busy = [worker for worker in self._alive if worker.number is not None]
                if busy:
                    self._collect(busy, waiting, done)
                else:  # no process can be started
                    at, item = waiting.popleft()
                    done[at] = self.function(item)
            yield done.pop(number)

    def _hand_out(self, waiting: deque[tuple[int, T]]) -> None:
        """Gives work to whoever is idle, starting as many workers as the work is worth."""
        while waiting:
            idle = next((worker for worker in self._alive if worker.number is None), None)
            if idle is None and len(self._alive) < min(self.most, 1 + len(waiting) // _EACH_WORTH):
                idle = self._start()
            if idle is None:
                return
            number, item = waiting.popleft()
            if not idle.give(number, self.function, item, self.patience(item), self.memory(item)):
                waiting.appendleft((number, item))
                self._drop(idle)

    def _start(self) -> _Worker | None:
        if self._can_start:
            try:
                self._alive.append(_Worker())
                return self._alive[-1]
            except OSError:
                self._can_start = False
        return None

    def _collect(self, busy: Sequence[_Worker], waiting: deque[tuple[int, T]], done: dict[int, Any]) -> None:
        """Waits until a worker is done, dies or has run out of time."""
        patience = max(0.0, min(worker.deadline for worker in busy) - monotonic())
        heard = set(wait([worker.connection for worker in busy], patience))
        for worker in busy:
            if worker.connection in heard:
                outcome = worker.take()
            elif monotonic() >= worker.deadline:
                outcome = Trouble.TOO_SLOW
            else:
                continue
            if outcome == _READY or isinstance(outcome, _At):
                worker.step = outcome.step if isinstance(outcome, _At) else None
                continue
            number = worker.number
            assert number is not None
            if outcome is Trouble.DIED and not worker.was_ready:  # it never came up, so its item is not to blame
                self._can_start = False
                waiting.appendleft((number, worker.item))
            elif isinstance(outcome, Trouble) and (another := self.again(worker.item, outcome, worker.step)) is not None:
                waiting.appendleft((number, another))
            else:
                done[number] = outcome
            worker.number = worker.item = None
            if isinstance(outcome, Trouble) or worker.given >= MOST_ITEMS:
                self._drop(worker)

    def _drop(self, worker: _Worker) -> None:
        self._alive.remove(worker)
        worker.end()


class _Worker:
    """One child process, and what it has been given."""

    def __init__(self) -> None:
        self.connection, theirs = Pipe()
        self.number: int | None = None
        self.item: Any = None
        self.step: int | None = None
        self.deadline = 0.0
        self.given = 0
        self.was_ready = False
        try:
            self.process = subprocess.Popen(
                [sys.executable, "-c", _BOOT, str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                env={**os.environ, "PYTHONPATH": os.pathsep.join(path or "." for path in sys.path)},
            )
        except OSError:
            self.connection.close()
            raise
        finally:
            theirs.close()

    def give(self, number: int, function: Callable[[Any], Any], item: Any, patience: float, megabytes: int) -> bool:
        """False if it is dead already."""
        try:
            self.connection.send((function, item, patience, megabytes))
        except OSError:
            return False
        self.number, self.item, self.step, self.deadline = number, item, None, monotonic() + FAR * patience
        self.given += 1
        return True

    def take(self) -> Any:
        """What it says: that it is ready, a result, or why there is none."""
        try:
            outcome = self.connection.recv()
        except (EOFError, OSError):
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(5)
            return Trouble.TOO_SLOW if self.process.returncode == -signal.SIGXCPU else Trouble.DIED
        self.was_ready = self.was_ready or outcome == _READY
        return outcome

    def end(self) -> None:
        self.connection.close()
        self.process.kill()
        self.process.wait()


def tell(step: int) -> None:
    """Called by an item's function: if its worker is lost now, it was lost over this step. Where there is no worker, nobody hears it."""
    if _parent is not None:
        _parent.send(_At(step))


def serve() -> None:
    """The worker's side: does what it is given until nobody is there to give."""
    global _parent
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to answer
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # what was being read does not stay behind in a file
    connection: Connection[Any, Any] = Connection(int(sys.argv[1]))
    _parent = connection
    connection.send(_READY)
    while True:
        try:
            function, item, patience, megabytes = connection.recv()
        except EOFError:
            return
        _limit_cpu(patience)
        if sys.platform == "linux":
            resource.setrlimit(resource.RLIMIT_DATA, (megabytes * 2**20, resource.getrlimit(resource.RLIMIT_DATA)[1]))
        try:
            connection.send(function(item))
        except MemoryError:
            function = item = None
            connection.send(Trouble.TOO_LARGE)


def _limit_cpu(seconds: float) -> None:
    """The kernel ends it when they are over, whole seconds: whatever it hangs in, and whether its parent lives or not."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    wanted = int(used.ru_utime + used.ru_stime + seconds) + 1
    resource.setrlimit(resource.RLIMIT_CPU, (wanted if hard == resource.RLIM_INFINITY else min(wanted, hard), hard))
