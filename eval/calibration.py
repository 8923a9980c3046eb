"""Whether a claim's support means what it says: of claims said to be right three times in ten, three in ten are.

A claim is right here when its first citation is among the labelled evidence of its question; a good source that nobody labelled counts
against it, and so does everything said to a question that has no answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

from eval.questions import JudgedQuestion

BINS = 5


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
    ordered = sorted(pairs)
    if not ordered:
        return None
    cuts = [round(len(ordered) * i / BINS) for i in range(BINS + 1)]
    parts = [ordered[a:b] for a, b in pairwise(cuts) if b > a]
    bins = tuple(Bin(_mean([said for said, _ in part]), _mean([float(right) for _, right in part]), len(part)) for part in parts)
    error = sum(bin.claims * abs(bin.said - bin.right) for bin in bins) / len(ordered)
    return Reliability(bins, round(error, 4), len(ordered))


def _mean(values: Sequence[float]) -> float:
    return round(sum(values) / len(values), 4)
