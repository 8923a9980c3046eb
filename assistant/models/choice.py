"""Chooses what an answer says: of the passages found, the few whose words are likeliest to answer, each with how likely that is.

Search ranks by likeness alone. Here counts, too, what shows only beside the others: that somebody says the same elsewhere, that the
sentence holds what was asked for (a day, an amount), that it is on paper where paper was asked for. The weights of these were set
by hand on the development deals; how likely a choice is right is fitted there (`assistant.models.weights`).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assistant.evidence import Evidence, Ranked
from assistant.models.refusal import holds
from assistant.models.sentence_fit import SentenceFit
from assistant.models.weights import SUPPORT

READ = 20
"""Passages whose sentences are compared with the question."""
AGREED = 2.0
HELD = 1.0
ON_PAPER = 2.0
CLOSE = 0.75
"""A sentence that holds what was asked for is said rather than one that fits better, if it fits this much as well."""


@dataclass(frozen=True, slots=True)
class Choice:
    best: SentenceFit
    support: float
    """How likely these words answer the question."""
    features: tuple[float, float, float] = (0.0, 0.0, 0.0)
    """What `support` was taken from."""


def choose(evidence: Evidence, found: Sequence[SentenceFit], answerable: float) -> list[Choice]:
    """A choice for each passage that `found` has sentences of, likeliest first; `answerable` is how likely there is an answer."""
    of: dict[str, list[SentenceFit]] = {}
    for sentence in found:
        of.setdefault(sentence.passage.id, []).append(sentence)
    ranked = [one for one in evidence.ranked if one.passage.id in of]
    if not ranked:
        return []
    most = max(max(sentence.fit for sentence in found), 1e-6)
    agreed = _agreement(evidence, ranked)
    worth = [_worth(one, evidence, of[one.passage.id], most) + AGREED * agreed[i] for i, one in enumerate(ranked)]
    order = sorted(range(len(ranked)), key=lambda i: (-worth[i], i))
    features = [(worth[i], worth[i] - worth[order[0]], math.log1p(place)) for place, i in enumerate(order)]
    best = [_sentence(of[ranked[i].passage.id], evidence) for i in order]
    return [Choice(one, answerable * SUPPORT.of(seen), seen) for one, seen in zip(best, features, strict=True)]


def _worth(one: Ranked, evidence: Evidence, sentences: Sequence[SentenceFit], most: float) -> float:
    source = evidence.room.interactions[one.passage.interaction_id].source
    wanted = evidence.understood.wanted
    lacking = 1 - max((s.fit for s in sentences if holds(wanted, s.text)), default=0.0) / most
    specific = wanted not in ("anything", "person")
    return one.score - HELD * lacking * specific + ON_PAPER * (source.kind == "doc" and evidence.understood.of_paper)


def _agreement(evidence: Evidence, ranked: Sequence[Ranked]) -> NDArray[np.float32]:
    """How like each passage is to the likest one found in another interaction: what is true is said more than once."""
    vectors = evidence.room.shelf.vectors
    if vectors is None or evidence.query is None:
        return np.zeros(len(ranked), np.float32)
    mine = vectors[[one.index for one in ranked]]
    cosines = mine @ mine.T
    same = np.array([[a.passage.interaction_id == b.passage.interaction_id for b in ranked] for a in ranked])
    return np.asarray(np.where(same, 0.0, cosines).max(axis=1), np.float32)


def _sentence(sentences: Sequence[SentenceFit], evidence: Evidence) -> SentenceFit:
    best = max(sentences, key=lambda s: s.fit)
    holding = [s for s in sentences if holds(evidence.understood.wanted, s.text) and s.fit >= CLOSE * best.fit]
    return max(holding, key=lambda s: s.fit) if holding else best
