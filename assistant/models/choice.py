"""Chooses what an answer says: of the passages found, the few whose words are likeliest to answer, each with how likely that is.

Search ranks by likeness alone. Here counts, too, what the ledger holds on a passage and whether the question is about that kind of
fact, who speaks, whether it is on paper where paper was asked for, and what is said right beside it in the field's own words. The
weights are fitted on the labelled deals (`assistant.models.weights`, `eval.fitting`), so that the chances of one question's passages
add up to one: a sure first choice leaves little for the others, and an answer that is sure of its words need not say more.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assistant.evidence import LOOKED_AT, Evidence, Ranked
from assistant.facts.conditions import condition_of
from assistant.facts.figures import figures
from assistant.facts.topics import concepts
from assistant.models.refusal import holds
from assistant.models.sentence_fit import SentenceFit
from assistant.models.weights import CHOICE, SHIPPED, Numbers
from assistant.ranking import token_matches
from assistant.shelf import Indices
from ingest.passages import sentences

FITTED_ON, SMALL = 500, 100
"""Passages of an account as large as those that the weights were fitted on (339 to 700), and of one in which a place is as far behind the
first as it can be. Sixty passages of seventy are the whole account: what they are would count for more than whether they fit."""
MOST_READ, FEWEST_READ, PART_READ = LOOKED_AT, 10, 0.1
CLOSE = 0.75
"""A sentence that holds what was asked for is said rather than one that fits better, if it fits this much as well."""
AROUND = 3
"""Neighbours a side whose mean vector is compared with the question: what the talk is about just there."""

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Choice:
    best: SentenceFit
    support: float
    """How likely these words answer the question."""
    features: tuple[float, ...] = ()
    """What its place was taken from, by the names of `weights.CHOICE`."""
    chance: float = 0.0
    """Its part of the chance that one of the passages answers, 0 to 1."""


def choose(evidence: Evidence, found: Sequence[SentenceFit], answerable: float, numbers: Numbers = SHIPPED) -> list[Choice]:
    """A choice for each passage that `found` has sentences of, likeliest first; `answerable` is how likely there is an answer."""
    of = by_passage(found)
    ranked = [one for one in evidence.ranked if one.passage.id in of]
    if not ranked:
        return []
    seen = features(evidence, ranked, of)
    # By words alone nothing but the order of search is known to tell.
    worth = seen @ np.array(numbers.choice.weights) if evidence.by_pieces else np.array([one.score for one in ranked])
    parts = np.exp(worth - worth.max())
    chances = parts / parts.sum()
    return [
        Choice(
            _sentence(of[ranked[i].passage.id], evidence),
            answerable * numbers.support.of((math.log(max(chances[i], 1e-9)), math.log1p(place))),
            tuple(float(value) for value in seen[i]),
            float(chances[i]),
        )
        for place, i in enumerate(np.argsort(-worth, kind="stable").tolist())
    ]


def read(evidence: Evidence) -> int:
    """How many passages have their sentences compared with the question: of a small account a part."""
    return min(MOST_READ, max(FEWEST_READ, round(PART_READ * len(evidence.room.shelf))))


def by_passage(found: Sequence[SentenceFit]) -> dict[str, list[SentenceFit]]:
    of: dict[str, list[SentenceFit]] = {}
    for sentence in found:
        of.setdefault(sentence.passage.id, []).append(sentence)
    return of


def features(evidence: Evidence, ranked: Sequence[Ranked], of: Mapping[str, Sequence[SentenceFit]]) -> Floats:
    """A row for each passage, a column for each name of `weights.CHOICE`; only differences between rows count. `of` has the sentences of
    every passage, by its id."""
    near, said, beside = _near(evidence, ranked), _said_near(evidence, ranked), _best_beside(ranked, of)
    rows = [
        _of_one(one, place, evidence)
        | {"near": near[place], "said": said[place], "beside": beside[place]}
        | _of_sentence(_sentence(of[one.passage.id], evidence).text, evidence)
        for place, one in enumerate(ranked)
    ]
    return np.array([[row[name] for name in CHOICE.names] for row in rows])


def _of_sentence(text: str, evidence: Evidence) -> dict[str, float]:
    wanted = evidence.understood.wanted
    return {"figure": float(bool(figures(text))), "holds": float(wanted != "anything" and holds(wanted, text))}


def _of_one(one: Ranked, place: int, evidence: Evidence) -> dict[str, float]:
    interaction = evidence.room.interactions[one.passage.interaction_id]
    understood, text = evidence.understood, one.passage.text
    asked = understood.about
    turn = interaction.turns[one.passage.turn]
    facts = evidence.facts.get(one.passage.id, frozenset())
    conditional = asked.condition and any(condition_of(text[span.start : span.end]) for span in sentences(text))
    return {
        "score": one.score,
        "place": math.log1p(place) * _behind(evidence),
        "promise": float("promise" in facts),
        "risk": float("risk" in facts),
        "conflict": float("conflict" in facts),
        "named": float(turn.person is not None and turn.person.id in understood.people),
        "paper": float(understood.of_paper and interaction.source.kind == "doc"),
        "note": float(interaction.source.kind == "crm_note"),
        "doc": float(interaction.source.kind == "doc"),
        "asks": float(text.rstrip().endswith("?")),
        "seller": float(turn.side == "seller"),
        "concepts": float(len(concepts(understood.standalone) & concepts(text))),
        "promise_asked": float(asked.promise and "promise" in facts),
        "goal_asked": float(asked.goal and "goal" in facts),
        "reason_asked": float(asked.reason and "reason" in facts),
        "day_asked": float(understood.wanted == "date" and "day" in facts),
        "condition_asked": float(conditional),
        "terms_asked": float(asked.terms and "term" in facts),
        "rivals_asked": float(asked.rivals and "rival" in facts),
    }


def _behind(evidence: Evidence) -> float:
    """How much further behind a place is than in an account of the size that the weights were fitted on."""
    return math.sqrt(max(1.0, FITTED_ON / max(SMALL, len(evidence.room.shelf))))


def _near(evidence: Evidence, ranked: Sequence[Ranked]) -> list[float]:
    """Ten times the cosine of the question and the mean vector around each passage."""
    shelf, query = evidence.room.shelf, evidence.query
    if shelf.vectors is None or query is None:
        return [0.0] * len(ranked)
    found = []
    for one in ranked:
        around = slice(max(int(shelf.starts[one.index]), one.index - AROUND), min(int(shelf.ends[one.index]), one.index + AROUND + 1))
        mean = np.maximum(shelf.lengths[around], 1.0) @ shelf.vectors[around]
        found.append(10 * float(mean @ query.vector) / max(float(np.linalg.norm(mean)), 1e-9))
    return found


def _best_beside(ranked: Sequence[Ranked], of: Mapping[str, Sequence[SentenceFit]]) -> list[float]:
    """Ten times the fit of the best sentence right before or after each passage, of those found: an answer stands beside its question."""
    best = {one.index: max(sentence.fit for sentence in of[one.passage.id]) for one in ranked}
    return [10 * max(best.get(one.index - 1, 0.0), best.get(one.index + 1, 0.0)) for one in ranked]


def _said_near(evidence: Evidence, ranked: Sequence[Ranked]) -> list[float]:
    """Ten times how well a passage, or the one before or after it, matches the best of the field's ways to say what is asked."""
    shelf = evidence.room.shelf
    if shelf.tokens is None or not evidence.said:
        return [0.0] * len(ranked)
    mine = np.array([one.index for one in ranked])
    before, after = np.maximum(mine - 1, shelf.starts[mine]), np.minimum(mine + 1, shelf.ends[mine] - 1)
    wanted: Indices = np.unique(np.concatenate([before, mine, after]))
    best = np.zeros(len(ranked))
    for words in evidence.said:
        matches, weights = token_matches(shelf, words, wanted)
        either = np.maximum(np.maximum(matches[before], matches[mine]), matches[after])
        best = np.maximum(best, either @ weights)
    return [10 * float(value) for value in best]


def _sentence(found: Sequence[SentenceFit], evidence: Evidence) -> SentenceFit:
    best = max(found, key=lambda s: s.fit)
    holding = [s for s in found if holds(evidence.understood.wanted, s.text) and s.fit >= CLOSE * best.fit]
    return max(holding, key=lambda s: s.fit) if holding else best
