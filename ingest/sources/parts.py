"""Counts the documents inside an input as they are read, so that one that takes its reader down can be passed over the next time."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from ingest.records import Failure

EVERY = -1
"""In place of a number: all that are not named."""


@dataclass(slots=True)
class _Count:
    passed_over: Mapping[int, tuple[str, str]]
    tell: Callable[[int], None]
    begun: int = 0


_COUNT: ContextVar[_Count | None] = ContextVar("parts", default=None)


@contextmanager
def counted(passed_over: Mapping[int, tuple[str, str]], tell: Callable[[int], None]) -> Iterator[None]:
    """`tell` hears the number of each part before it is read; those in `passed_over` are not, for the reason and detail given there."""
    token = _COUNT.set(_Count(passed_over, tell))
    try:
        yield
    finally:
        _COUNT.reset(token)


def begin(name: str) -> Failure | None:
    """To be called before a part is read, in the same order each time; why it is not to be read this time."""
    count = _COUNT.get()
    if count is None:
        return None
    number, count.begun = count.begun, count.begun + 1
    if lost := count.passed_over.get(number) or count.passed_over.get(EVERY):
        return Failure(name, *lost)
    count.tell(number)
    return None
