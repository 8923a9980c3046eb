"""Which warnings, reasons and goals a brief shows: the surest, whatever told of them.

What a turn of phrase tells is shown unless its other words speak against it: phrases were written for the deals their writer knew, and of
people who say things otherwise a phrase read off for a reason is right in one of eight. The room that is left has what is surest of the
rest, by its words alone or by a phrase; the others wait in the ledger.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import NamedTuple, TypeVar

from assistant.facts.goals import GoalSaid
from assistant.facts.reasons import Remark
from assistant.facts.risks import RiskSaid
from assistant.on_record.surest import sureness


class Room(NamedTuple):
    """Lines up to which a section is filled, and the log-odds below which nothing is shown by its words alone."""

    lines: int
    least: float


RISKS, REASONS, DECISIONS, GOALS = Room(25, -1.5), Room(10, -2.0), Room(3, -2.0), Room(6, -1.0)
"""Chosen on nine deals by other hands, each left out of the fit: with more lines more is found, and less of it is right."""
ASKED_ABOUT = 3
"""Goals of which a brief asks what is not known of them, the surest; of all that phrases tell, where these are more."""
DOUBTED = -2.5
"""Log-odds below which the words of a sentence speak against what a phrase in it tells."""

Fact = TypeVar("Fact", bound=RiskSaid | Remark | GoalSaid)


def chance(likeness: float) -> float:
    """Of log-odds, to two places."""
    return round(1 / (1 + math.exp(-likeness)), 2)


def surest(told: Iterable[Fact]) -> tuple[Fact, ...]:
    return tuple(sorted(told, key=sureness, reverse=True))


def filled(said: Sequence[Fact], likely: Sequence[Fact], room: Room) -> tuple[Fact, ...]:
    """What a phrase tells and nothing speaks against, and of all else, surest first, as much as there is room for."""
    plain = [one for one in said if one.likeness >= DOUBTED]
    rest = [
        one
        for one in surest((*(one for one in said if one.likeness < DOUBTED), *likely))
        if not one.by_words or sureness(one) >= room.least
    ]
    return (*plain, *rest[: max(0, room.lines - len(plain))])
