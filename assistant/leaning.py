"""Which promise the customer leans on: the sentence that shows it, held against what was promised before it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.facts.figures import figures
from assistant.facts.promises import PromiseSaid
from assistant.facts.reliance import Reliance, RelianceSaid
from assistant.facts.speech import Place
from assistant.facts.topics import concepts, content_words

NEAR = 6
"""Turns behind a promise in which `that is why we signed` may mean it without naming it."""
LEAST_FIT = 0.9
_RISING: tuple[Reliance, ...] = ("acknowledged", "restated", "depended_on")


@dataclass(frozen=True, slots=True)
class Leaning:
    """How far the customer leans on a promise, and the words that show it."""

    level: Reliance
    at: Place


def leanings(said: Sequence[RelianceSaid], promises: Sequence[PromiseSaid], places: Sequence[Sequence[Place]]) -> list[Leaning | None]:
    """For each promise the strongest, of equal ones the first. `places` are where each promise was said."""
    found: list[Leaning | None] = [None] * len(promises)
    for one in said:
        fits = [_fit(one, promise, where) for promise, where in zip(promises, places, strict=True)]
        best = max(((fit, index) for index, fit in enumerate(fits)), default=(0.0, 0))
        if best[0] < LEAST_FIT:
            continue
        held = found[best[1]]
        if held is None or _RISING.index(one.level) > _RISING.index(held.level):
            found[best[1]] = Leaning(one.level, one.at)
    return found


def _fit(one: RelianceSaid, promise: PromiseSaid, places: Sequence[Place]) -> float:
    """0 where it cannot mean this promise: said later, refused, or without any link of place or words."""
    if promise.strength in ("declined", "retracted", "hypothetical") or promise.made_on is None or one.said_on is None:
        return 0.0
    if promise.made_on > one.said_on:
        return 0.0
    near = max((_nearness(one, place) for place in places), default=0.0)
    if one.level == "acknowledged":
        return near if near >= 1 else 0.0  # `that works` takes what was said last, and nothing else
    words, promised = content_words(one.topic), content_words(promise.text)
    shared, named = len(words & promised), len(concepts(one.topic) & concepts(promise.text))
    counted = {(f.value, f.unit) for f in figures(one.text)} & {(f.value, f.unit) for f in figures(promise.text)}
    dated = bool(promise.due and promise.due.on and promise.due.as_said.casefold() in one.topic.casefold())
    links = shared + 1.5 * named + 1.5 * len(counted) + dated
    if one.level == "restated":
        return (links / math.sqrt(2 + min(len(promised), 8)) + 0.3 * near) if counted and (shared or named) else 0.0
    if links < 2 and near < 0.5:
        return 0.0
    return links / math.sqrt(2 + min(len(promised), 8)) + near


def _nearness(one: RelianceSaid, place: Place) -> float:
    """1 in the turn that it answers, less for each turn before that, 0 elsewhere; in a mail only by its words."""
    if place.interaction.source.id != one.at.interaction.source.id or place.span.start >= one.at.span.start:
        return 0.0
    if one.follows is not None and one.follows.span.start <= place.span.start < one.follows.span.end:
        return 1.0
    between = sum(place.span.end <= turn.span.start and turn.span.end <= one.at.span.start for turn in place.interaction.turns)
    return max(0.0, 0.8 - between / NEAR) if place.interaction.source.kind == "call" else 0.0
