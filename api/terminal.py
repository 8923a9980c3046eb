"""What the command line draws: progress bars on standard error, tables on standard output."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from types import TracebackType
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # rich is loaded by what draws
    from rich.progress import Progress, TaskID

STAGES = {"reading": "Reading", "filing": "Filing", "embedding": "Embedding", "facts": "Reading facts"}

_WIDEST = 1000


class Bars:
    """Progress of an import: bars on a terminal, a line when a stage begins where a log is kept, nothing when asked to be quiet."""

    def __init__(self, *, quiet: bool) -> None:
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
        elif self._written and stage not in self._stages:
            print(f"{STAGES[stage]} …", file=sys.stderr, flush=True)
        self._stages.add(stage)


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
        drawn.add_row(*(row[index] for index in told))
    Console(markup=False, highlight=False, width=None if sys.stdout.isatty() else _WIDEST).print(drawn)


def _progress() -> Progress:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = TextColumn("{task.description:<10}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn()
    return Progress(*columns, console=Console(stderr=True))
