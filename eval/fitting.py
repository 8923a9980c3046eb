"""`python -m eval.fitting`: fits the numbers of `assistant.models.weights` on the labelled deals, and says how they do on a deal left out.

Prints what to put into the file; nothing is written. The features are those that the answers themselves use, at the shipped recipe.
"""

from __future__ import annotations

import argparse
import math
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean
from typing import NamedTuple, cast, get_args

import numpy as np
from numpy.typing import NDArray

from assistant.asking import gather
from assistant.models.choice import by_passage, features, read
from assistant.models.sentence_fit import fits
from assistant.models.weights import CHOICE, LineKind
from eval.briefs import JudgedBrief
from eval.calibration import Reliability, of_pairs
from eval.cases import Case, load_cases
from eval.command import DATA
from eval.fresh import may_be_fitted_on
from eval.given import given_ranking
from eval.held_out import answered_anyway, asked_in_thread
from eval.measures import judge_case
from eval.newton import logistic
from eval.questions import evidence_matched
from eval.run import run_case
from eval.subject import Baton

Floats = NDArray[np.float64]
RIDGE = 1.0
CHOICE_RIDGE = 10.0
"""Heavy, for there are few questions; half, one and a half times and twice of it choose about as well on a deal left out."""
OWN_COUNT = 3
"""How often a question of the three deals counts beside one of the nine by other hands, so that either kind has about as much of a say:
once, what is chosen of the three falls by .03 and of the nine it rises by .01."""
NEVER = DATA / "never_discussed.txt"
STEPS = 50
LEAST_STEP = 1e-6


@dataclass(frozen=True, slots=True)
class Seen:
    """One example: `deal` it is of, its features, and whether it was right."""

    deal: str
    features: tuple[float, ...]
    right: bool
    weight: float = 1.0
    """How much it counts."""


@dataclass(frozen=True, slots=True)
class Fitted:
    weights: tuple[float, ...]
    bias: float

    def of(self, features: Sequence[float]) -> float:
        return 1 / (1 + math.exp(-(self.bias + sum(w * x for w, x in zip(self.weights, features, strict=True)))))


@dataclass(frozen=True, slots=True)
class Offered:
    """The passages found for one question: a row of features each, and which of them are evidence."""

    deal: str
    features: Floats
    right: NDArray[np.bool_]

    def chances(self, weights: Sequence[float]) -> Floats:
        return _shares(self.features @ np.array(weights))


class Line(NamedTuple):
    """A line of a brief, held against the labels."""

    kind: LineKind
    right: bool


def fit(seen: Sequence[Seen]) -> Fitted:
    """Logistic regression with a small ridge, over features brought to one scale."""
    x = np.array([one.features for one in seen], np.float64)
    y = np.array([one.right for one in seen], np.float64)
    weight = np.array([one.weight for one in seen], np.float64)
    middle, spread = x.mean(0), x.std(0) + 1e-9
    paid: Floats = np.array([RIDGE] * x.shape[1] + [0.0])
    b = logistic(np.c_[(x - middle) / spread, np.ones(len(x))], y, paid, counts=weight, steps=STEPS)
    weights = b[:-1] / spread
    return Fitted(tuple(float(round(w, 4)) for w in weights), float(round(b[-1] - weights @ middle, 4)))


def fit_choice(offered: Sequence[Offered]) -> tuple[float, ...]:
    """Weights by which the evidence of a question is chosen among its passages: conditional logistic regression with a ridge.

    Any one piece of evidence is enough, so a question counts by the chance of all of its evidence together. Each step shares it among
    the pieces as the weights before would, and goes towards what Newton's method makes of that, half as far while that is no gain.
    """
    found = [one for one in offered if one.right.any()]
    spread = np.concatenate([one.features for one in offered]).std(0) + 1e-9
    scaled = [(one.features / spread, one.right) for one in found]

    def loss(b: Floats) -> float:
        return CHOICE_RIDGE * float(b @ b) / 2 - sum(math.log(float(_shares(z @ b)[right].sum())) for z, right in scaled)

    b: Floats = np.zeros(len(spread))
    for _ in range(STEPS):
        slope, bend = CHOICE_RIDGE * b, np.diag([CHOICE_RIDGE] * len(b))
        for z, right in scaled:
            p = _shares(z @ b)
            wanted = p * right / (p * right).sum()
            slope = slope + z.T @ (p - wanted)
            bend = bend + (z * p[:, None]).T @ z - np.outer(z.T @ p, z.T @ p)
        step, length = np.linalg.solve(bend, slope), 1.0
        while loss(b - length * step) > loss(b) and length > LEAST_STEP:
            length /= 2
        b = b - length * step
    return tuple(float(round(w, 4)) for w in b / spread)


def _shares(worth: Floats) -> Floats:
    parts = np.exp(worth - worth.max())
    return np.asarray(parts / parts.sum())


def left_out(seen: Sequence[Seen]) -> Reliability | None:
    """Each deal by what was fitted on the others."""
    pairs: list[tuple[float, bool]] = []
    for deal in sorted({one.deal for one in seen}):
        fitted = fit([one for one in seen if one.deal != deal])
        pairs += [(fitted.of(one.features), one.right) for one in seen if one.deal == deal]
    return of_pairs(pairs)


def offered_by(cases: Sequence[Case], baton: Baton) -> list[Offered]:
    """What might be said to each answerable question, and what of it is evidence."""
    found: list[Offered] = []
    for case in cases:
        asked = asked_in_thread(case, baton)
        for label in (one for one in case.questions if one.answerable):
            question = asked[label.id]
            evidence = gather(baton.kit, question)
            with_words = by_passage(fits(evidence, read(evidence)))
            ranked = [one for one in evidence.ranked if one.passage.id in with_words]
            given = given_ranking([one.passage for one in ranked], case.history, baton.sources(question.account_id))
            right = [bool(evidence_matched(label.evidence, one.text, case.history.sources_named(one.source))) for one in given]
            if ranked:
                found.append(Offered(case.name, features(evidence, ranked, with_words), np.array(right, bool)))
    return found


def choices_of(offered: Sequence[Offered], weights: Callable[[str], Sequence[float]]) -> list[Seen]:
    """Each passage by its part of the chance and its place, with the weights for its deal."""
    seen: list[Seen] = []
    for one in offered:
        chances = one.chances(weights(one.deal))
        for place, i in enumerate(np.argsort(-chances, kind="stable").tolist()):
            seen.append(Seen(one.deal, (math.log(max(chances[i], 1e-9)), math.log1p(place)), bool(one.right[i])))
    return seen


def first_places(offered: Sequence[Offered], weights: Callable[[str], Sequence[float]]) -> str:
    """Share of the questions that have evidence among the first k, and how much of the first k is evidence."""
    orders = [one.right[np.argsort(-one.chances(weights(one.deal)), kind="stable")] for one in offered]
    parts = []
    for k in (1, 2, 3, 5):
        hit, right = np.mean([order[:k].any() for order in orders]), sum(order[:k].sum() for order in orders)
        parts.append(f"{k}: {hit:.3f} of {right / sum(len(order[:k]) for order in orders):.3f}")
    return ", ".join(parts)


def answers_of(cases: Sequence[Case], baton: Baton) -> list[Seen]:
    """How sure an answer to each question was, and whether the history answers it."""
    return [Seen(one.case.name, (one.confidence,), one.row.question.answerable) for one in answered_anyway(cases, baton)]


def lines_of(brief: JudgedBrief) -> list[Line]:
    """What a brief states, by the kinds of `weights.ON_RECORD`."""
    return [
        *(Line("promise", one.right) for one in brief.promises),
        *(Line("risk", one.right) for one in brief.risks),
        *(Line("goal", one.right) for one in brief.goals),
        *(Line(cast(LineKind, one.kind), one.right) for one in brief.points),
    ]


def rates(lines: Sequence[Line]) -> dict[LineKind, float]:
    """How often a line of each kind is right, as if one right and one wrong had been seen before; `any` is of all kinds alike."""

    def rate(kind: LineKind) -> float:
        mine = [one.right for one in lines if one.kind == kind]
        return round((sum(mine) + 1) / (len(mine) + 2), 2)

    found = {kind: rate(kind) for kind in get_args(LineKind) if kind != "any"}
    return found | {"any": round(fmean(found.values()), 2)}


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python -m eval.fitting", description="Fit the answers' numbers; measure them on a deal left out."
    )
    parser.add_argument("--home", type=Path, help="read the samples into this home and keep it (default: one that is thrown away)")
    chosen = parser.parse_args()
    offered: list[Offered] = []
    briefs: list[JudgedBrief] = []
    for baton, cases in may_be_fitted_on(chosen.home):
        offered += offered_by(cases, baton)
        if not briefs:  # the three first
            briefs += [judge_case(case, run_case(case, baton, lambda deal, done, total: None).outcome).brief for case in cases]
    own = {case.name for case in load_cases(DATA / "cases")}
    counted = [one for one in offered for _ in range(OWN_COUNT if one.deal in own else 1)]
    chosen_by = fit_choice(counted)
    without = {deal: fit_choice([one for one in counted if one.deal != deal]) for deal in {one.deal for one in offered}}
    print(f"CHOICE: {dict(zip(CHOICE.names, chosen_by, strict=True))}")
    for name, some in (("data", [one for one in offered if one.deal in own]), ("fresh", [one for one in offered if one.deal not in own])):
        print(f"  {name}: evidence among the first k, and precision there, fitted on all: {first_places(some, lambda deal: chosen_by)}")
        print(f"  {name}: on a deal left out: {first_places(some, without.__getitem__)}")
    unseen = choices_of(counted, without.__getitem__)
    print(f"SUPPORT: {fit(unseen)}, of {len(unseen)}")
    if held := left_out(unseen):
        shown = ", ".join(f"{bin.said:.2f} is {bin.right:.2f}" for bin in held.bins)
        print(f"  on a deal left out, said and right by fifths: {shown}; off by {held.error:.3f}")
    print(f"ON_RECORD: {rates([line for brief in briefs for line in lines_of(brief)])}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
