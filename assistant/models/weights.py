"""Fitted numbers of the answers, with where they come from. `python -m eval.fitting` fits them anew and says what they come to on a
deal that had no part in it.

Fitted on the three labelled deals of `data/` alone (ours, invented: 98 answerable and 22 unanswerable questions); on no public set.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Logistic:
    """A probability from a few features: `names` says which, in order."""

    names: tuple[str, ...]
    weights: tuple[float, ...]
    bias: float

    def of(self, features: Sequence[float]) -> float:
        sum_ = self.bias + sum(w * x for w, x in zip(self.weights, features, strict=True))
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, sum_))))


SUPPORT = Logistic(names=("worth", "behind", "log_place"), weights=(0.0087, 0.1212, -0.8596), bias=-0.6299)
"""That the words chosen answer, of a question that the history answers: what they are worth, how far behind the first, in which place."""
ANSWERABLE = Logistic(names=("confidence",), weights=(5.6188,), bias=-3.5096)
"""That the history answers the question at all."""
