"""Fitted numbers of the answers, with where they come from. `python -m eval.fitting` fits them anew and says what they come to on a
deal that had no part in it.

Fitted on the three labelled deals of `data/` alone (ours, invented: 98 answerable and 22 unanswerable questions), `HEARD` on three deals of
`data/fresh` besides, on `never_discussed.txt` and on half of `data/fresh/asked` (`eval.heard`); on no public set.
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
        "beside", "figure",
    ),
    weights=(
        0.1326, -0.5267, 1.7842, 1.3662, 2.5876, 4.0858, 2.3567, 0.2791, 0.3271,
        0.6189, 1.2127, 4.0485, 5.7709, 2.3538, -0.4011, 0.9099, 0.808,
        0.1352, 0.3023,
    ),
)  # fmt: skip
"""Which of the passages found answers: a choice among them, so that a question's passages are compared with each other alone."""
SUPPORT = Logistic(names=("log_chance", "log_place"), weights=(0.4408, -0.6944), bias=0.4444)
"""That the words chosen answer, of a question that the history answers: their part of the chance, and in which place they stand."""
ANSWERABLE = Logistic(names=("confidence",), weights=(7.1001,), bias=-4.9097)
"""That the history answers the question at all."""
HEARD = Logistic(names=("strangest", "particular", "confidence"), weights=(-3.4853, 0.1162, 1.4247), bias=-0.6978)
"""That what the question asks for was spoken of at all."""
LineKind = Literal["promise", "risk", "goal", "reason", "requirement", "term", "date", "any"]
"""Of what the ledger holds; `any` where nothing tells how often such a thing is right (who somebody is, say)."""
ON_RECORD: Mapping[LineKind, float] = MappingProxyType(
    {"promise": 0.81, "risk": 0.49, "goal": 0.73, "reason": 0.56, "requirement": 0.34, "term": 0.44, "date": 0.4, "any": 0.54}
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
