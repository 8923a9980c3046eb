"""`python -m eval.fitting`: fits the numbers of `assistant.models.weights` on the labelled deals, and says how they do on a deal left out.

Prints what to put into the file; nothing is written. The features are those that the answers themselves use, at the shipped recipe.
"""

from __future__ import annotations

import argparse
import math
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.asking import search
from assistant.models.choice import READ, choose
from assistant.models.sentence_fit import fits
from eval.calibration import Reliability, of_pairs
from eval.cases import Case, load_cases
from eval.command import DATA
from eval.given import given_ranking
from eval.held_out import answered_anyway, asked_in_thread
from eval.questions import evidence_matched
from eval.subject import Baton, baton_on

Floats = NDArray[np.float64]
RIDGE = 1.0
STEPS = 50


@dataclass(frozen=True, slots=True)
class Seen:
    """One example: `deal` it is of, its features, and whether it was right."""

    deal: str
    features: tuple[float, ...]
    right: bool


@dataclass(frozen=True, slots=True)
class Fitted:
    weights: tuple[float, ...]
    bias: float

    def of(self, features: Sequence[float]) -> float:
        return 1 / (1 + math.exp(-(self.bias + sum(w * x for w, x in zip(self.weights, features, strict=True)))))


def fit(seen: Sequence[Seen]) -> Fitted:
    """Logistic regression by Newton's method with a small ridge, over features brought to one scale."""
    x = np.array([one.features for one in seen], np.float64)
    y = np.array([one.right for one in seen], np.float64)
    middle, spread = x.mean(0), x.std(0) + 1e-9
    z = np.c_[(x - middle) / spread, np.ones(len(x))]
    ridge = np.diag([RIDGE] * x.shape[1] + [0.0])
    b: Floats = np.zeros(z.shape[1])
    for _ in range(STEPS):
        p = 1 / (1 + np.exp(-z @ b))
        b = b - np.linalg.solve((z * (p * (1 - p))[:, None]).T @ z + ridge, z.T @ (p - y) + ridge @ b)
    weights = b[:-1] / spread
    return Fitted(tuple(float(round(w, 4)) for w in weights), float(round(b[-1] - weights @ middle, 4)))


def left_out(seen: Sequence[Seen]) -> Reliability | None:
    """Each deal by what was fitted on the others."""
    pairs: list[tuple[float, bool]] = []
    for deal in sorted({one.deal for one in seen}):
        fitted = fit([one for one in seen if one.deal != deal])
        pairs += [(fitted.of(one.features), one.right) for one in seen if one.deal == deal]
    return of_pairs(pairs)


def choices_of(cases: Sequence[Case], baton: Baton) -> list[Seen]:
    """What might be said to each answerable question, best first, and whether it is evidence."""
    seen: list[Seen] = []
    for case in cases:
        asked = asked_in_thread(case, baton)
        for label in (one for one in case.questions if one.answerable):
            question = asked[label.id]
            evidence = search(baton.kit, question)
            chosen = choose(evidence, fits(evidence, READ), 1.0)
            ranked = given_ranking([one.best.passage for one in chosen], case.history, baton.sources(question.account_id))
            right = [bool(evidence_matched(label.evidence, one.text, case.history.sources_named(one.source))) for one in ranked]
            seen += [Seen(case.name, one.features, is_right) for one, is_right in zip(chosen, right, strict=True)]
    return seen


def answers_of(cases: Sequence[Case], baton: Baton) -> list[Seen]:
    """How sure an answer to each question was, and whether the history answers it."""
    return [Seen(one.case.name, (one.confidence,), one.row.question.answerable) for one in answered_anyway(cases, baton)]


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python -m eval.fitting", description="Fit the answers' numbers; measure them on a deal left out."
    )
    parser.add_argument("--home", type=Path, help="read the samples into this home and keep it (default: one that is thrown away)")
    chosen = parser.parse_args()
    cases = load_cases(DATA / "cases")
    with baton_on(DATA / "samples", chosen.home, lambda deal, done, total: None) as (baton, _):
        for name, seen in (("SUPPORT", choices_of(cases, baton)), ("ANSWERABLE", answers_of(cases, baton))):
            fitted, held = fit(seen), left_out(seen)
            print(f"{name}: weights={fitted.weights}, bias={fitted.bias}, of {len(seen)}")
            if held:
                shown = ", ".join(f"{bin.said:.2f} is {bin.right:.2f}" for bin in held.bins)
                print(f"  on a deal left out, said and right by fifths: {shown}; off by {held.error:.3f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
