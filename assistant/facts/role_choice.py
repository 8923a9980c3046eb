"""Which part somebody plays, weighed: what rules give them, their title, and how they take part beside the others of their side.

Titles and phrases know what their writer has met. A champion is seldom called one: it is who talks most and is there from the first call;
who was there early, is said to leave and is not heard again was the one before. So each such trait counts a little for or against each
role, by weights that `python -m eval.roles` fits on labelled deals. They lie in `role_choice.json`.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from math import exp, fsum
from pathlib import Path
from typing import Literal

from assistant.facts.roles import SIGNERS

FILE = Path(__file__).with_name("role_choice.json")
ROLES = (
    "economic buyer", "exec sponsor", "champion", "day-to-day lead", "technical evaluator", "procurement", "legal", "security", "user lead",
    "sceptic", "blocker", "former champion",
)  # fmt: skip
Stance = Literal["advocate", "neutral", "sceptic", "unknown"]
STANCES: tuple[Stance, ...] = ("advocate", "neutral", "sceptic")
EARLY = 0.6
"""Of the way through what is on record: who is not met later went early, if they are said to go."""
LATE = 0.5


@dataclass(frozen=True, slots=True)
class Traits:
    """Of one person, beside the others of their side."""

    by_rule: tuple[str, ...] = ()
    """Roles that rules alone would show."""
    named: tuple[str, ...] = ()
    """Roles that notes or the CRM give them in so many words."""
    titled: tuple[str, ...] = ()
    """Roles that the title lets one guess, the likeliest first."""
    told: tuple[str, ...] = ()
    """Roles that rules read off the words about them."""
    share: float = 0.0
    """What they said, as a part of what the one said who said most."""
    place: int = 99
    """0 for who said most."""
    calls: float = 0.0
    """Part of the calls they were in."""
    first: float | None = None
    """How far through what is on record they were first met, 0 to 1; None where they never took part."""
    last: float | None = None
    asks: float = 0.0
    """Part of their sentences that are questions."""
    partner: bool = False
    leaves: frozenset[str] = frozenset()
    """`self` where they say so, `other` where others do."""
    said: int = 0
    """Sentences of theirs."""
    favour: int = 0
    doubt: int = 0
    """Of these, how many sound for it and how many against."""
    leans: frozenset[str] = frozenset()
    """`for` and `against`, as others say."""
    stance: str = "unknown"
    """By rules alone."""


UNKNOWN = Traits()


def features(one: Traits, role: str) -> dict[str, float]:
    found = {f"role {role}": 1.0}
    for kind, given in (("rule", one.by_rule), ("told", one.told), ("titled", one.titled)):
        if role in given:
            found |= {f"{kind} {'first' if role == given[0] else 'too'}": 1.0, f"{kind} {role}": HALF}
        elif given:
            found |= {f"{kind} another": 1.0, f"{kind} not {role}": HALF}
    return found | {f"{name} {role}": value for name, value in _behaviour(one).items() if value}


HALF = 0.5
"""What holds for one role alone is learnt slower than what holds for all."""


def _behaviour(one: Traits) -> dict[str, float]:
    gone = one.last is not None and one.last < EARLY
    return {
        "share": one.share,
        "said most": float(one.place == 0),
        "said second most": float(one.place == 1),
        "calls": one.calls,
        "first": one.first or 0.0,
        "last": one.last or 0.0,
        "not met later": float(gone),
        "met late": float(one.first is not None and one.first > LATE),
        "never met": float(one.first is None),
        "asks": 2 * one.asks,
        "partner": float(one.partner),
        "nothing told": float(not one.titled and not one.told),
        "leaves, others say": float("other" in one.leaves),
        "leaves": float("self" in one.leaves),
        "left": float(bool(one.leaves) and gone),
    }


def stance_features(one: Traits, stance: str, by_role: Mapping[str, float]) -> dict[str, float]:
    """Who plays which part leans how is half of it; what they say and what is said of them is the other."""
    found = {f"stance {stance}": 1.0} | {f"{role} is {stance}": chance for role, chance in by_role.items()}
    if stance == one.stance:
        found |= {"by rule": 1.0, f"by rule {stance}": HALF}
    said = max(FEW, one.said)
    traits = {
        "favour": min(1.0, FEW * one.favour / said),
        "doubt": min(1.0, FEW * one.doubt / said),
        "share": one.share,
        "leaves": float(bool(one.leaves)),
    } | {f"leans {way}": 1.0 for way in one.leans}
    return found | {f"{name} {stance}": value for name, value in traits.items() if value}


FEW = 20
"""Sentences of which one that sounds for or against tells all it can."""


@dataclass(frozen=True, slots=True)
class Weights:
    roles: Mapping[str, float]
    stances: Mapping[str, float]


@cache
def shipped() -> Weights:
    return Weights(**json.loads(FILE.read_text("utf-8")))


def chances(one: Traits, weights: Mapping[str, float] | None = None) -> dict[str, float]:
    """By role, 0 to 1."""
    told = shipped().roles if weights is None else weights
    odds = {role: _sum(features(one, role), told) for role in ROLES}
    return {role: 1 / (1 + exp(-max(-30.0, min(30.0, each)))) for role, each in odds.items()}


def _sum(found: Mapping[str, float], weights: Mapping[str, float]) -> float:
    return fsum(value * weights.get(name, 0.0) for name, value in found.items())


def stance_weighed(one: Traits, weights: Weights | None = None) -> Stance:
    """Unknown of who said next to nothing and of whom nothing is said; as the roles shown say, where they do."""
    told = weights or shipped()
    if one.stance == "unknown" and one.said < LEAST_SAID:
        return "unknown"
    by_role, shown = chances(one, told.roles), weighed(one, told.roles)
    if said := [SAYS[role] for role in shown if role in SAYS]:
        return said[0]
    open_to = [stance for stance in STANCES if stance != "advocate" or "blocker" not in shown]
    return max(open_to, key=lambda stance: _sum(stance_features(one, stance, by_role), told.stances))


SAYS: Mapping[str, Stance] = {"sceptic": "sceptic", "champion": "advocate"}
"""Roles that say how somebody leans."""
LEAST_SAID = 5


def weighed(one: Traits, weights: Mapping[str, float] | None = None) -> tuple[str, ...]:
    """The roles to show: what notes and the CRM call them stays; of who has gone only whether it was the champion is weighed."""
    by_role = chances(one, weights)
    if one.by_rule and one.by_rule[0].startswith("former"):
        return ("former champion",) if by_role["former champion"] >= LIKELY else one.by_rule
    return chosen(by_role, one.named, SIGNERS if one.partner else ())


LIKELY = 0.3
"""A chance from which on a role is shown; of the likeliest alone a lesser one will do."""
LIKELIEST = 0.15
MOST = 2


def chosen(by_role: Mapping[str, float], sure: Sequence[str] = (), but: Collection[str] = ()) -> tuple[str, ...]:
    """`sure` ones first, whatever their chance; none of `but`."""
    ranked = sorted((role for role in by_role if role not in sure and role not in but), key=lambda role: -by_role[role])
    likely = [role for role in ranked if by_role[role] >= LIKELY][: max(0, MOST - len(sure))]
    if not sure and not likely:
        likely = [role for role in ranked[:1] if by_role[role] >= LIKELIEST]
    return (*sure, *likely)
