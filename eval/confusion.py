"""Counts what was labelled as what: where an accuracy says how often, this says which way it went wrong."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Confusion:
    counts: Mapping[str, Mapping[str, int]]
    """Items by what they are labelled and then by what was given instead; pairs that never occur are left out."""

    @property
    def names(self) -> tuple[str, ...]:
        """Everything that was labelled or given, by name: the rows and the columns of the table."""
        return tuple(sorted({*self.counts, *(given for row in self.counts.values() for given in row)}))

    def count(self, expected: str, given: str) -> int:
        return self.counts.get(expected, {}).get(given, 0)


def confusion(pairs: Iterable[tuple[str, str]]) -> Confusion:
    """Of pairs (labelled, given)."""
    counted = Counter(pairs)
    rows = sorted({expected for expected, _ in counted})
    return Confusion({row: {given: n for (expected, given), n in sorted(counted.items()) if expected == row} for row in rows})
