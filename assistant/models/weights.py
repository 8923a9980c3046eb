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
        "promise_asked", "goal_asked", "reason_asked", "day_asked", "condition_asked",
    ),
    weights=(
        0.1405, -0.5401, 1.4535, 1.0838, 1.9646, 3.6414, 2.0448, 0.277, 0.326,
        0.9926, 3.2089, 3.2487, 1.9709, 0.2845,
    ),
)  # fmt: skip
"""Which of the passages found answers: a choice among them, so that a question's passages are compared with each other alone."""
SUPPORT = Logistic(names=("log_chance", "log_place"), weights=(0.7184, -0.3237), bias=0.667)
"""That the words chosen answer, of a question that the history answers: their part of the chance, and in which place they stand."""
ANSWERABLE = Logistic(names=("confidence",), weights=(5.6188,), bias=-3.5096)
"""That the history answers the question at all."""
