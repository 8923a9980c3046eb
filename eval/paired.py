"""The difference between two runs on the items both were measured on, with a 95 % interval from a fixed-seed bootstrap.

Two runs answer the same questions, so what differs is looked at question by question: that tells a change from chance with far fewer
questions than two intervals laid side by side would.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from typing import NamedTuple

RESAMPLES, SEED = 1000, 7


class Difference(NamedTuple):
    """New minus old, the bounds of its interval, and over how many shared items it was taken."""

    value: float
    low: float
    high: float
    items: int

    @property
    def significant(self) -> bool:
        """The interval lies wholly on one side of nothing."""
        return self.low > 0 or self.high < 0


def paired(old: Mapping[str, float], new: Mapping[str, float]) -> Difference | None:
    """None where no item is in both. A measure of one item more or less is never significant: a draw may miss it."""
    shared = [name for name in old if name in new]
    if not shared:
        return None
    changes = [new[name] - old[name] for name in shared]
    if not any(changes):
        return Difference(0.0, 0.0, 0.0, len(shared))
    draw = random.Random(SEED)
    means = sorted(sum(draw.choices(changes, k=len(changes))) / len(changes) for _ in range(RESAMPLES))
    low, high = means[int(0.025 * RESAMPLES)], means[int(0.975 * RESAMPLES) - 1]
    return Difference(round(sum(changes) / len(changes), 4), round(low, 4), round(high, 4), len(shared))
