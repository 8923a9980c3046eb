"""How far a brief fills a section in which turns of phrase found little with what is likely by its words alone.

Whoever speaks like those whom the phrases were written for needs none of it; of a deal whose people say things otherwise the likeliest
sentences are shown, and the others wait in the ledger.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TypeVar

RISKS, REASONS, GOALS = 20, 5, 3
"""Lines up to which a section is filled: as many as add nothing to the three labelled deals, whose customers the phrases were written
for. Three that no rule had seen had 11, 18 and 16 risks, 2, 4 and 2 goals, and no reason that was right."""

Fact = TypeVar("Fact")


def chance(likeness: float) -> float:
    """Of log-odds, to two places."""
    return round(1 / (1 + math.exp(-likeness)), 2)


def filled(said: Sequence[Fact], likely: Sequence[Fact], lines: int) -> tuple[Fact, ...]:
    """What was said, and of what is likely, best first, as much as there is room for."""
    return (*said, *likely[: max(0, lines - len(said))])
