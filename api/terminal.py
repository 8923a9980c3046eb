"""What the command line draws: progress bars on standard error, tables on standard output."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from textwrap import fill
from time import monotonic
from types import TracebackType
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # rich is loaded by what draws
    from rich.progress import Progress, TaskID

STAGES = {"reading": "Reading", "filing": "Filing", "embedding": "Embedding", "facts": "Reading facts"}

_WIDEST = 1000
WIDTH = 100
MOST_LINES = 10
"""Of one kind in a report; a person who wants more asks for all of them."""
_EVERY_S = 10.0
"""Seconds between two lines of progress in a log."""


class Bars:
    """Progress of an import with its rate and the time left: bars on a terminal, a line now and then where a log is kept, nothing when
    asked to be quiet."""

    def __init__(self, *, quiet: bool, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._began = self._told = 0.0
        self._drawn = _progress() if sys.stderr.isatty() and not quiet else None
        self._written = not sys.stderr.isatty() and not quiet
        self._stages: set[str] = set()
        self._tasks: dict[str, TaskID] = {}

    def __enter__(self) -> Bars:
        if self._drawn:
            self._drawn.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._drawn:
            self._drawn.stop()

    def progress(self, stage: str, done: int, total: int) -> None:
        if self._drawn:
            if stage not in self._tasks:
                self._tasks[stage] = self._drawn.add_task(STAGES[stage], total=total)
            self._drawn.update(self._tasks[stage], completed=done, total=total)
        elif self._written:
            self._log(stage, done, total)
        self._stages.add(stage)

    def asking(self, source: str, asked: int) -> None:
        """How many records of a source were looked at; nobody knows of how many."""
        stage = f"Asking {source}"
        if self._drawn:
            if stage not in self._tasks:
                self._tasks[stage] = self._drawn.add_task(stage, total=None)
            self._drawn.update(self._tasks[stage], completed=asked)
        elif self._written and stage not in self._stages:
            print(f"{stage} …", file=sys.stderr, flush=True)
        self._stages.add(stage)

    def _log(self, stage: str, done: int, total: int) -> None:
        """When a stage begins, and from then on every few seconds."""
        now = self._clock()
        if stage not in self._stages or done <= 1:
            self._began = now
        if stage not in self._stages:
            self._told = now
            print(f"{STAGES[stage]} …", file=sys.stderr, flush=True)
        elif now - self._told >= _EVERY_S and done < total:
            self._told = now
            rate = done / max(now - self._began, 0.001)
            left = clock_time((total - done) / rate)
            print(f"{STAGES[stage]} {done:,} of {total:,}, {rate:,.0f} a second, {left} left", file=sys.stderr, flush=True)


def clock_time(seconds: float) -> str:
    """`1:02`, past the hour `1:02:03`."""
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes // 60}:{minutes % 60:02}:{rest:02}" if minutes >= 60 else f"{minutes}:{rest:02}"


def plain(text: str) -> str:
    """One line that does nothing but stand there: a mail's subject or a file's name may hold signs that move a terminal's cursor, wipe
    lines or turn the writing round. Each becomes a space."""
    return "".join(sign if sign.isprintable() else " " for sign in text)


def show(text: str) -> None:
    """Text with somebody's words in it, line by line `plain`."""
    print("\n".join(map(plain, text.split("\n"))), flush=True)


def say_each(label: str, lines: Sequence[str]) -> None:
    """A line each behind its label, wrapped, and cut after some: a program reads the JSON."""
    lead = f"{label:<7} "
    for line in lines[:MOST_LINES]:
        print(
            fill(plain(line), WIDTH, initial_indent=lead, subsequent_indent=" " * len(lead), break_long_words=False, break_on_hyphens=False)
        )
    if len(lines) > MOST_LINES:
        print(f"{'':<7} and {len(lines) - MOST_LINES:,} more; all with --json")


def table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """One line a row, cut to a terminal's width but never in a pipe; a column of nothing but zeros says nothing and is left out."""
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table

    told = [index for index in range(len(columns)) if any(row[index] != "0" for row in rows)]
    drawn = Table(box=SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=(0, 1, 0, 0))
    for index in told:
        numbers = all(row[index].isdigit() for row in rows)
        drawn.add_column(columns[index], justify="right" if numbers else "left", no_wrap=True, min_width=len(columns[index]))
    for row in rows:
        drawn.add_row(*(plain(row[index]) for index in told))
    Console(markup=False, highlight=False, width=None if sys.stdout.isatty() else _WIDEST).print(drawn)


def _progress() -> Progress:
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        ProgressColumn,
        Task,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )
    from rich.text import Text

    class Rate(ProgressColumn):
        def render(self, task: Task) -> Text:
            speed = task.finished_speed or task.speed
            return Text(f"{speed:,.0f}/s" if speed else "")

    columns = TextColumn("{task.description:<13}"), BarColumn(), MofNCompleteColumn(), Rate(), TimeElapsedColumn(), TimeRemainingColumn()
    return Progress(*columns, console=Console(stderr=True))
