"""How likely it is that what is said later takes the place of an earlier promise: the same matter, with another outcome.

Two questions are asked of a pair, each by weights of its own. Is it about the same matter? There all earlier promises stand against each
other, and against none. And if so, does it tell another outcome? `python -m eval.succession` fits both on sentences of many trades and on
deals, once with vectors and once for a home that has none.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from assistant.beside import NAMES, Beside
from assistant.facts.topics import alike, content_words
from assistant.succession import SAME, are_two_matters

FILE = Path(__file__).with_name("instead.json")
ENOUGH = 0.25
"""Chance from which the likeliest is said to be replaced: chosen, like the next, on the deals that may be fitted on, each weighed without
itself. Below it more promises that stand are lost than changes found."""
ENOUGH_BY_VALUE = 0.2
"""The same where a day, an amount or a count is told otherwise."""
_BY_VALUE = tuple(map(NAMES.index, ("other day", "a day at last", "recounted", "other value", "other count")))

_ABOUT = frozenset((
    "there", "back", "answers", "answered", "settings", "with setting", "shared", "shared of mine", "shared of theirs", "rarest shared",
    "topic shared", "concept", "kind", "other kind", "both planned", "both priced", "other speaker", "named in setting", "names apart",
    "bare", "short", "named",
))  # fmt: skip
"""What says only whether it is the same matter."""
_OF_BOTH = frozenset((
    "whole", "counted alike", "same value", "same day", "set right", "firmer", "weaker", "declines", "cue", "still", "same name",
    "parts apart", "same talk", "same turn", "close by", "both dated", "both counted", "other units",
))  # fmt: skip
MATTER = tuple(name for name in NAMES if name in _ABOUT or name in _OF_BOTH)
OUTCOME = tuple(name for name in NAMES if name not in _ABOUT and name != "unnamed")
_OF_MATTER, _OF_OUTCOME = (tuple(map(NAMES.index, part)) for part in (MATTER, OUTCOME))


@dataclass(frozen=True, slots=True)
class Weights:
    """In the order of `MATTER` and `OUTCOME`, the bias last."""

    matter: tuple[float, ...]
    outcome: tuple[float, ...]


@cache
def shipped(with_vectors: bool) -> Weights:
    body: Mapping[str, Mapping[str, float]] = json.loads(FILE.read_text("utf-8"))["near" if with_vectors else "plain"]
    return Weights(*(tuple(body[part][name] for name in (*of, "bias")) for part, of in (("matter", MATTER), ("outcome", OUTCOME))))


def replaced(beside: Beside, of: int, among: Sequence[int]) -> list[int]:
    """Which of the statements at `among` the one at `of` takes the place of: the likeliest, and behind it those in much the same words."""
    held = [i for i in beside.likest(of, among) if not are_two_matters(beside.said[i], beside.said[of])]
    if not held:
        return []
    features = beside.features(held, of)
    scored = sorted(zip(chances(features, shipped(beside.meaning is not None)), range(len(held)), strict=True), reverse=True)
    best = scored[0][1]
    words = content_words(beside.said[held[best]].text)
    same = [one for one in scored if one[1] == best or alike(words, content_words(beside.said[held[one[1]]].text)) >= SAME]
    enough = ENOUGH_BY_VALUE if any(features[best][i] for i in _BY_VALUE) else ENOUGH
    return [held[i] for _, i in same] if sum(chance for chance, _ in same) >= enough else []


def chances(features: Sequence[Sequence[float]], weights: Weights) -> list[float]:
    """Of each earlier statement, that it is the one spoken of and that another outcome is told of it."""
    about = [_sum(weights.matter, each, _OF_MATTER) for each in features]
    most = max(0.0, *about)
    powers = [math.exp(each - most) for each in about]
    whole = sum(powers) + math.exp(-most)
    return [power / whole / (1 + math.exp(-_sum(weights.outcome, each, _OF_OUTCOME))) for power, each in zip(powers, features, strict=True)]


def _sum(weights: Sequence[float], features: Sequence[float], which: Sequence[int]) -> float:
    return weights[-1] + sum(weight * features[i] for weight, i in zip(weights, which, strict=False))
