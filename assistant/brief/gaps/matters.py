"""A matter that was raised and, as far as the history tells, never settled."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from assistant.brief.fields import AskWhom
from assistant.brief.gaps.talk import Talk, tells_alone
from assistant.facts.speech import Place

Kind = Literal[
    "denied",
    "conflict",
    "undisclosed",
    "unanswered",
    "put_off",
    "left",
    "listed",
    "stand_in",
    "ownerless",
    "unknown",
    "pending",
    "to_agree",
    "if_missed",
    "no_day",
    "refused",
    "asked",
]


@dataclass(frozen=True, slots=True)
class Matter:
    """`question` as one would put it to `ask`; `places` are the words it rests on, `since` the first of them."""

    kind: Kind
    question: str
    why: str
    ask: AskWhom
    places: tuple[Place, ...]
    topic: frozenset[str]
    since: int
    """Index in the talk of the sentence that raised it: what came after was searched for its answer."""
    on: date | None = None
    raised: int = -1
    """`since` before it was merged with others."""
    weak: bool = False
    """Its own words tell little (`I'll think about it`); beside a matter raised in the same breath it is that matter."""
    said: int = 1
    """How often it came up."""


STAND_IN = "~stand-in"
"""Topic word of whoever is to stand in for somebody; the other word is the name."""
SAME_MATTER = 0.6
SAME_KIND = 0.3
"""From here on two matters of one kind are the same."""
RARE = 12
"""A compound (`do-not-call`) in no more sentences of the deal than these names one matter."""


def merged(matters: Iterable[Matter], talk: Talk) -> list[Matter]:
    """Each matter once, as it was put first in the order given; the places of the others stand beside it."""
    kept: list[Matter] = []
    for one in matters:
        index = next((i for i, other in enumerate(kept) if _same(one, other, talk)), None)
        if index is None:
            kept.append(one)
        else:
            kept[index] = _with(kept[index], one)
    return kept


def _same(one: Matter, other: Matter, talk: Talk) -> bool:
    shared = one.topic & other.topic
    if STAND_IN in shared:
        return len(shared) > 1 or {STAND_IN} in (one.topic, other.topic)
    apart = one.kind == other.kind == "listed"
    if (
        not apart
        and one.places
        and other.places
        and one.places[0].interaction is other.places[0].interaction
        and _overlap(one.places, other.places)
    ):
        return True
    if _in_one_breath(one, other, talk):
        return True
    least = min(2, len(one.topic), len(other.topic))
    if any("-" in word and talk.said_in(word) <= RARE for word in shared):
        return True
    enough = SAME_KIND if one.kind == other.kind and not apart else SAME_MATTER
    return len(shared) + sum(map(tells_alone, shared)) >= least and talk.alike(one.topic, other.topic) >= enough


_FAMILY = frozenset({"ownerless", "unknown", "pending", "left"})
BREATH = 15


def _in_one_breath(one: Matter, other: Matter, talk: Talk) -> bool:
    """`Nobody has started this. … So somebody must begin`: said by one person within a few sentences."""
    said = [each.since if each.raised < 0 else each.raised for each in (one, other)]
    here, there = (talk.said[index] for index in said)
    if (one.weak or other.weak) and here.interaction is there.interaction:
        return abs(said[0] - said[1]) <= BREATH
    return (
        {one.kind, other.kind} <= _FAMILY
        and here.interaction is there.interaction
        and here.turn.person == there.turn.person
        and abs(said[0] - said[1]) <= BREATH
    )


def _overlap(some: Sequence[Place], others: Sequence[Place]) -> bool:
    return any(
        one.interaction.source.id == other.interaction.source.id and one.span.start < other.span.end and other.span.start < one.span.end
        for one in some
        for other in others
    )


def _with(held: Matter, further: Matter) -> Matter:
    places = (*held.places, *(place for place in further.places if place not in held.places))
    fuller = {held.kind, further.kind} <= _FAMILY and not further.weak and len(further.topic) > len(held.topic)
    telling = further if fuller else held
    raised = held.since if held.raised < 0 else held.raised
    return replace(telling, raised=raised, places=places, since=max(held.since, further.since), said=held.said + 1)
