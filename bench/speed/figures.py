"""What was measured, side by side: medians, spreads, and ratios taken within rounds."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Any, TypeVar

from rich import box
from rich.console import Console
from rich.table import Table

Baton = TypeVar("Baton")
Beside = TypeVar("Beside")


class Broken(Exception):
    """A measurement says nothing because something went wrong; the message says what."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One thing measured once a round, and what was measured next to it in the same round."""

    what: str
    unit: str
    baton: tuple[float, ...]
    beside: tuple[float, ...]
    beside_what: str
    goal: str = ""

    @property
    def ratios(self) -> tuple[float, ...]:
        """Baton's by the other's, round by round: the two ran next to each other, so what else the machine did weighs on both."""
        return tuple(ours / theirs for ours, theirs in zip(self.baton, self.beside, strict=True))


@dataclass(frozen=True, slots=True)
class Section:
    """`singles` holds the single measurements behind figures that sum up many, by what they are, a list a round."""

    name: str
    title: str
    figures: tuple[Figure, ...]
    notes: tuple[str, ...] = ()
    singles: Mapping[str, Sequence[Sequence[float]]] = field(default_factory=dict)


def alternate(rounds: int, baton: Callable[[], Baton], beside: Callable[[], Beside]) -> list[tuple[Baton, Beside]]:
    """Both sides once a round, who goes first changing from round to round."""
    pairs = []
    for number in range(rounds):
        if number % 2 == 0:
            ours = baton()
            pairs.append((ours, beside()))
        else:
            theirs = beside()
            pairs.append((baton(), theirs))
    return pairs


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that `share` per cent of the values do not exceed (nearest rank)."""
    return sorted(values)[max(math.ceil(share / 100 * len(values)), 1) - 1]


def as_text(section: Section, width: int) -> str:
    """The section as a table: medians, and in brackets the least and the most."""
    table = Table(box=box.SIMPLE_HEAD, title=section.title, title_justify="left", title_style="bold", pad_edge=False)
    for heading in ("", "Baton", "beside", "", "Baton ÷ beside", "goal"):
        table.add_column(heading, justify="left" if heading in ("", "goal") else "right", overflow="fold")
    for figure in section.figures:
        baton, beside = spread(figure.baton, figure.unit), spread(figure.beside, figure.unit)
        table.add_row(figure.what, baton, beside, figure.beside_what, spread(figure.ratios), figure.goal)
    console = Console(width=width, highlight=False, color_system=None)
    with console.capture() as drawn:
        console.print(table)
        for note in section.notes:
            console.print(note)
    return "\n".join(line.rstrip() for line in drawn.get().rstrip().splitlines())


def spread(values: Sequence[float], unit: str = "") -> str:
    """The median with its unit, and the bounds where there are several: `41 ms (39–47)`."""
    middle = f"{number(median(values))} {unit}".rstrip().replace(" /", "/")
    return middle if len(values) == 1 else f"{middle} ({number(min(values))}–{number(max(values))})"


def number(value: float) -> str:
    """Two figures or three that say something: `0.052`, `0.52`, `5.2`, `52.1`, `521`."""
    places = 0 if abs(value) >= 100 else 1 if abs(value) >= 10 else 2 if abs(value) >= 0.1 else 3
    return f"{value:.{places}f}"


def as_json(section: Section) -> dict[str, Any]:
    """Every sample, so that nothing has to be measured again to be summed up differently."""
    return {
        "title": section.title,
        "figures": [
            {
                "what": figure.what,
                "unit": figure.unit,
                "goal": figure.goal,
                "baton": _summary(figure.baton),
                "beside": {"what": figure.beside_what, **_summary(figure.beside)},
                "ratio": _summary(figure.ratios),
            }
            for figure in section.figures
        ],
        "notes": list(section.notes),
        "singles": {what: [[round(value, 3) for value in values] for values in rounds] for what, rounds in section.singles.items()},
    }


def _summary(samples: Sequence[float]) -> dict[str, Any]:
    exact = [round(sample, 6) for sample in samples]
    return {"median": round(median(samples), 6), "min": min(exact), "max": max(exact), "samples": exact}
