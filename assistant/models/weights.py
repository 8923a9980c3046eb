"""Fitted numbers of the answers, with where they come from. `python -m eval.fitting` fits them anew and says what they come to on a
deal that had no part in it.

What is chosen and its support are fitted on the three labelled deals of `data/` and nine of `data/fresh` (ours, invented: 345 answerable
questions), `ANSWERABLE` on 633 questions of these and of four more deals by `eval.heard`'s trees for a deal left out, `ON_RECORD` on the
briefs of the three; on no public set.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal


@dataclass(frozen=True, slots=True)
class Linear:
    """What a passage is worth beside the others of its question: `names` says of which features, in order."""

    names: tuple[str, ...]
    weights: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Logistic:
    """A probability from a few features: `names` says which, in order."""

    names: tuple[str, ...]
    weights: tuple[float, ...]
    bias: float

    def of(self, features: Sequence[float]) -> float:
        sum_ = self.bias + sum(w * x for w, x in zip(self.weights, features, strict=True))
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, sum_))))


CHOICE = Linear(
    names=(
        "score", "place", "promise", "risk", "named", "paper", "concepts", "near", "said",
        "conflict", "promise_asked", "goal_asked", "reason_asked", "day_asked", "condition_asked", "terms_asked", "rivals_asked",
        "beside", "figure", "holds", "note", "doc", "asks", "seller",
    ),
    weights=(
        0.1069, -0.4008, 1.9752, 0.9153, 2.3883, 3.5416, 1.9005, 0.4417, 0.4259,
        0.1201, 1.8573, 3.8265, 3.416, 2.0897, -0.0123, 0.5237, 0.1617,
        0.0405, 0.1585, 0.5172, 1.8871, -0.4442, -0.5005, -0.4933,
    ),
)  # fmt: skip
"""Which of the passages found answers: a choice among them, so that a question's passages are compared with each other alone."""
SUPPORT = Logistic(names=("log_chance", "log_place"), weights=(0.3989, -0.6387), bias=0.0699)
"""That the words chosen answer, of a question that the history answers: their part of the chance, and in which place they stand."""
ANSWERABLE = Logistic(names=("chance",), weights=(4.6632,), bias=-1.4048)
"""That the history answers the question at all, by the chance that `assistant.models.heard` gives a deal which it was not fitted on: the
trees know the deals that they are fitted on too well."""
LineKind = Literal["promise", "risk", "goal", "reason", "requirement", "term", "date", "any"]
"""Of what the ledger holds; `any` where nothing tells how often such a thing is right (who somebody is, say)."""
ON_RECORD: Mapping[LineKind, float] = MappingProxyType(
    {"promise": 0.8, "risk": 0.45, "goal": 0.7, "reason": 0.53, "requirement": 0.34, "term": 0.41, "date": 0.4, "any": 0.52}
)
"""How often the ledger's words are what it takes them for: of the lines of three briefs the share that is labelled as such. The labels hold
what matters most and not all that was said, so but for promises it is a lower bound."""


@dataclass(frozen=True, slots=True)
class Numbers:
    """All that is fitted, together: another set of them stands for what was fitted without a deal."""

    choice: Linear = CHOICE
    support: Logistic = SUPPORT
    answerable: Logistic = ANSWERABLE


SHIPPED = Numbers()
