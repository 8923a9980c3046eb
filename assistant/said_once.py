"""What several people say, or one says twice, told once: risks, goals, remarks and dates, and what is likely by its words alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import TypeVar

from assistant.facts.dates import Event
from assistant.facts.goals import GoalSaid
from assistant.facts.reasons import Remark
from assistant.facts.requirements import RequirementSaid
from assistant.facts.risks import RiskSaid
from assistant.facts.speech import Place
from assistant.facts.terms import TermSaid
from assistant.facts.topics import alike, content_words

SAME_RISK = 0.5
LEAST_SAME = 3
"""Content words that two warnings about one thing share."""


def distinct_risks(risks: Sequence[RiskSaid]) -> tuple[RiskSaid, ...]:
    """One of each: a warning of the same kind about the same is one with several places, in the words that came first."""
    kept: list[RiskSaid] = []
    for one in risks:
        told = next((i for i, other in enumerate(kept) if one.kind == other.kind and _same_risk(one.text, other.text)), None)
        if told is None:
            kept.append(one)
        else:
            kept[told] = replace(kept[told], again=(*kept[told].again, one.at))
    return tuple(kept)


def _same_risk(one: str, other: str) -> bool:
    words, others = content_words(one), content_words(other)
    return one.casefold() == other.casefold() or (alike(words, others) >= SAME_RISK and len(words & others) >= LEAST_SAME)


def distinct_goals(goals: Sequence[GoalSaid]) -> tuple[GoalSaid, ...]:
    kept: list[GoalSaid] = []
    for one in goals:
        if not any(alike(content_words(one.text), content_words(other.text)) >= 0.75 for other in kept):
            kept.append(one)
    return tuple(kept)


Likely = TypeVar("Likely", RiskSaid, Remark, GoalSaid)


def placed(told: Sequence[Likely], more: float) -> list[Likely]:
    """With what it adds to their likeness that they were said at this point of the deal."""
    return [replace(one, likeness=one.likeness + more) for one in told]


LIKELIEST = 100
"""Kept of each sort: of an account of many years thousands would be held against each other, and nobody reads so far."""


def likeliest(likely: Sequence[Likely], known: Sequence[Likely]) -> tuple[Likely, ...]:
    """Best first, each once, without what says the same as one that is known; of words that two would quote the likelier does."""
    kept = [one.text for one in known]
    quoted = [one.at for one in known]
    found: list[Likely] = []
    for one in sorted(likely, key=lambda each: -each.likeness):
        if len(found) == LIKELIEST:
            break
        if not any(_overlap(one.at, other) for other in quoted) and not any(_same_risk(one.text, other) for other in kept):
            kept.append(one.text)
            quoted.append(one.at)
            found.append(one)
    return tuple(found)


def _overlap(one: Place, other: Place) -> bool:
    return one.interaction is other.interaction and one.span.start < other.span.end and other.span.start < one.span.end


Said = TypeVar("Said", Remark, RequirementSaid, TermSaid)


def said_once(remarks: Sequence[Said]) -> tuple[Said, ...]:
    return tuple({one.text: one for one in reversed(remarks)}.values())[::-1]


def by_day(events: Sequence[Event]) -> tuple[Event, ...]:
    """By the day named; what is said twice of a day stands once, in the words that came first, with its other places."""
    kept: list[Event] = []
    for one in sorted(events, key=lambda found: found.said.on or date.max):
        told = next((i for i, other in enumerate(kept) if _same_day(one, other)), None)
        if told is None:
            kept.append(one)
        elif one.text != kept[told].text:
            kept[told] = replace(kept[told], also=(*kept[told].also, one.at))
    return tuple(kept)


def _same_day(one: Event, other: Event) -> bool:
    return one.said.on == other.said.on and alike(content_words(one.text), content_words(other.text)) >= 0.5
