"""The figures of one public set, for a terminal and for programs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from eval.measures import Measure, Ratio, Row, Value, value_of


@dataclass(frozen=True, slots=True)
class Figure:
    """One measure with its 95 % interval; None where nothing was there to measure."""

    name: str
    value: Value | None
    errors: bool
    """Lower is better."""


@dataclass(frozen=True, slots=True)
class Table:
    name: str
    about: str
    figures: tuple[Figure, ...] = ()
    counts: Mapping[str, int] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    """What a reader should know before the figures."""


def figures(measures: Sequence[Measure[Row]], rows: Sequence[Row], alike: Sequence[str] = ()) -> tuple[Figure, ...]:
    """`alike` names for each row what it shares with others, a document say: those are no independent draws, so the interval is taken
    over the names."""
    named: dict[str, list[Row]] = {}
    for number, row in enumerate(rows):
        named.setdefault(alike[number] if alike else str(number), []).append(row)
    together = list(named.values())
    return tuple(Figure(measure.name, value_of(_pooled(measure), together), measure.errors) for measure in measures)


def as_text(table: Table) -> str:
    width = max(map(len, [*(figure.name for figure in table.figures), *table.counts]), default=0) + 1
    lines = [f"{table.name}: {table.about}"]
    lines += [f"  {figure.name + '*' * figure.errors:<{width}}  {_shown(figure.value)}" for figure in table.figures]
    lines += [f"  {name:<{width}}  {count:,}" for name, count in table.counts.items()]
    return "\n".join([*lines, *(f"  {note}" for note in table.notes)])


def as_rows(table: Table, told: str) -> str:
    """Lines for the table of `docs/benchmarks.md`; `told` is the commit and day."""
    lines = [
        f"| {table.name} | {figure.name.replace('_', ' ')}{' ↓' * figure.errors} | {_short(figure.value)} | {told} |"
        for figure in table.figures
        if figure.value
    ]
    return "\n".join(lines)


def as_json(table: Table) -> dict[str, Any]:
    return {
        "set": table.name,
        "about": table.about,
        "figures": {f.name: f.value and f.value.as_json(errors=f.errors) for f in table.figures},
        "counts": dict(table.counts),
        "notes": list(table.notes),
    }


def _pooled(measure: Measure[Row]) -> Measure[list[Row]]:
    def of(rows: list[Row]) -> Ratio:
        ratios = [measure.of(row) for row in rows]
        return Ratio(sum(ratio.above for ratio in ratios), sum(ratio.below for ratio in ratios))

    return Measure(measure.name, of, measure.errors)


def _short(value: Value) -> str:
    middle, low, high = (f"{one:.3f}".removeprefix("0") for one in (value.value, *value.bounds))
    return f"{middle} [{low}-{high}] of {value.items:,}"


def _shown(value: Value | None) -> str:
    return f"{value.value:.3f} [{value.bounds[0]:.3f}, {value.bounds[1]:.3f}]  n {value.items:,}" if value else "-"
