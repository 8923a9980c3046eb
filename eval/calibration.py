"""Whether a claim's support means what it says: of claims said to be right three times in ten, three in ten are.

A claim is right here when its first citation is among the labelled evidence of its question; a good source that nobody labelled counts
against it, and so does everything said to a question that has no answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from string import ascii_uppercase
from typing import Any, NamedTuple

from eval.questions import JudgedQuestion

BINS = 5
DIAGRAM_WIDE, DIAGRAM_HIGH = 41, 11
"""Characters and lines."""


class Bin(NamedTuple):
    said: float
    """Mean support of the claims in it."""
    right: float
    claims: int


class Reliability(NamedTuple):
    bins: tuple[Bin, ...]
    """Of about the same number of claims each, the least sure first: the reliability diagram."""
    error: float
    """Expected calibration error: how far what is said lies from what is right, by claim."""
    claims: int

    def as_json(self) -> dict[str, Any]:
        return {"error": self.error, "claims": self.claims, "bins": [bin._asdict() for bin in self.bins]}


def reliability(rows: Iterable[JudgedQuestion]) -> Reliability | None:
    """None where no claim says how sure it is."""
    return of_pairs([(c.cited.support, bool(c.evidence)) for row in rows for c in row.citations if c.cited.support is not None])


def of_pairs(pairs: Sequence[tuple[float, bool]]) -> Reliability | None:
    ordered = sorted(pairs, key=lambda pair: pair[0])  # of equals none goes first for being wrong
    if not ordered:
        return None
    cuts = [round(len(ordered) * i / BINS) for i in range(BINS + 1)]
    parts = [ordered[a:b] for a, b in pairwise(cuts) if b > a]
    bins = tuple(Bin(_mean([said for said, _ in part]), _mean([float(right) for _, right in part]), len(part)) for part in parts)
    error = sum(bin.claims * abs(bin.said - bin.right) for bin in bins) / len(ordered)
    return Reliability(bins, round(error, 4), len(ordered))


def diagram(found: Reliability) -> list[str]:
    """Right against said, a letter a fifth from the least sure on; on the dotted line claims are right as often as they say."""
    top = max(0.2, *(max(bin.said, bin.right) for bin in found.bins))
    rows = [[" "] * DIAGRAM_WIDE for _ in range(DIAGRAM_HIGH)]

    def put(said: float, right: float, mark: str) -> None:
        across, up = round(said / top * (DIAGRAM_WIDE - 1)), round(right / top * (DIAGRAM_HIGH - 1))
        rows[DIAGRAM_HIGH - 1 - up][across] = mark

    for step in range(DIAGRAM_WIDE):
        put(step / (DIAGRAM_WIDE - 1) * top, step / (DIAGRAM_WIDE - 1) * top, "·")
    for bin, letter in zip(found.bins, ascii_uppercase, strict=False):
        put(bin.said, bin.right, letter)
    scale = [f"{top:.1f}", *[""] * (DIAGRAM_HIGH - 2), "0.0"]
    drawn = [f"{mark:>3} |{''.join(row)}".rstrip() for mark, row in zip(scale, rows, strict=True)]
    return [*drawn, f"    +{'-' * DIAGRAM_WIDE} {top:.1f}", "     right (up) against said (across), A the least sure fifth"]


def _mean(values: Sequence[float]) -> float:
    return round(sum(values) / len(values), 4)
