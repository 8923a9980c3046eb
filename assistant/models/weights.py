"""Fitted numbers of the answers, with where they come from. `python -m eval.fitting` fits them anew and says what they come to on a
deal that had no part in it.

Fitted on the three labelled deals of `data/` alone (ours, invented: 98 answerable and 22 unanswerable questions); on no public set.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass


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
    ),
    weights=(
        0.1371, -0.5057, 1.4248, 1.2028, 2.0358, 3.4457, 2.0838, 0.2878, 0.2882,
        0.8229, 1.0762, 3.154, 3.5183, 2.2452, 0.1053, 0.8248, 2.2353,
    ),
)  # fmt: skip
"""Which of the passages found answers: a choice among them, so that a question's passages are compared with each other alone."""
SUPPORT = Logistic(names=("log_chance", "log_place"), weights=(0.663, -0.4272), bias=0.6943)
"""That the words chosen answer, of a question that the history answers: their part of the chance, and in which place they stand."""
ANSWERABLE = Logistic(names=("confidence",), weights=(7.1001,), bias=-4.9097)
"""That the history answers the question at all."""


@dataclass(frozen=True, slots=True)
class Numbers:
    """All that is fitted, together: another set of them stands for what was fitted without a deal."""

    choice: Linear = CHOICE
    support: Logistic = SUPPORT
    answerable: Logistic = ANSWERABLE


SHIPPED = Numbers()
