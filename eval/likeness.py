"""Fits the weights of `assistant.facts.likeness`, and says how they do on deals that had no part in it.

`python -m eval.likeness` fits on the sentences of `sorts.txt`, the talk of `talks.txt`, that of the deals of `spoken.txt` that are not held
out, and on all that customers say in the labelled deals of `data/cases` and the development deals of `data/fresh`, where a sentence is of
a sort if a label quotes it. It prints how the held-out deals of `spoken.txt` are told, and each labelled deal by what the others teach;
`--write` puts the weights into `assistant/facts/likeness.json`.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.facts.likeness import FILE, SORTS, Sort, Weights, features, with_neighbours
from assistant.facts.speech import says_of_them, statements
from assistant.facts.standing import place, question_before, standing
from assistant.ledgers import of_deal
from eval.cases import Case, Evidence
from eval.fresh import may_be_fitted_on
from eval.matching import stands_for
from eval.report import table
from eval.sorts import FILE as SINGLE
from eval.sorts import TALKS, Labelled, labelled, sorts_of
from eval.subject import Baton
from ingest.archive.scope import EVERYTHING

SPOKEN = SINGLE.with_name("spoken.txt")
"""What customers say in two dozen deals, whole talks in order."""
Floats = NDArray[np.float64]
RIDGE = 0.3
LEAST_SEEN = 3
"""Sentences that a feature must stand in: of one or two nothing is learnt for the next."""
STEPS = 600
PLACES = 2
"""Decimals kept of a weight."""
OF_A_FILE = "=of a file"
"""In the files a sentence of some sort is commoner than in a deal; this takes that up, and is left out of what is written."""


@dataclass(frozen=True, slots=True)
class Said:
    """A labelled sentence with those before and after it, where it is known what these were.

    Of a deal with what labels quote it as, the question that it answers and how it stands there.
    """

    label: Labelled
    before: str = ""
    after: str = ""
    deal: str = ""
    of: frozenset[Sort] = frozenset()
    asked: str = ""
    stands: Mapping[str, float] = field(default_factory=dict)

    def is_of(self, sort: Sort) -> bool:
        """How they decided is told in the words of why they did."""
        if self.deal:
            return sort in self.of
        return self.label.sort == sort or (sort == "why" and self.label.sort == "decision")

    @property
    def features(self) -> dict[str, float]:
        return {**features(self.label.text, self.before, self.after, self.asked), **self.stands}


Talk = tuple[Said, ...]


@cache
def talks(file: Path) -> tuple[Talk, ...]:
    """Deal by deal, each under its comment."""
    deals: list[list[Labelled]] = [[]]
    for line in map(str.strip, file.read_text("utf-8").splitlines()):
        if line.startswith("#"):
            deals.append([])
        elif line:
            deals[-1].append(Labelled(*line.split(" | ", 1)))
    return tuple(_in_order(deal) for deal in deals if deal)


def _in_order(deal: Sequence[Labelled]) -> Talk:
    texts = ["", *(one.text for one in deal), ""]
    return tuple(Said(one, texts[at], texts[at + 2]) for at, one in enumerate(deal))


def held_out(talk: Talk) -> bool:
    """Whole deals, chosen by a hash of how they begin."""
    return hashlib.sha256(talk[0].label.text.encode()).digest()[0] % 2 == 0


def fitted_on() -> list[Talk]:
    """Of the files."""
    return [*((Said(one),) for one in labelled(SINGLE)), *talks(TALKS), *(talk for talk in talks(SPOKEN) if not held_out(talk))]


def in_deal(case: Case, baton: Baton) -> Talk:
    """All statements of a labelled deal in the order said; those that are not the customer's nor of a note about them are of no sort and
    have no label."""
    brief = case.brief
    scope = EVERYTHING.only(baton.account_id(case.history.accounts[brief.account].name))
    deals = {deal.name: deal.id for deal in baton.kit.archive.deals(scope)}
    told = of_deal(baton.kit.archive.interactions(scope), deals[case.history.deals[brief.deal].name])
    labels: dict[Sort, list[Evidence]] = {
        "risk": [words for label in brief.risks for words in label.evidence],
        "why": [words for label in brief.why_bought for words in label.evidence],
        "goal": [words for label in brief.goals for words in label.evidence],
    }
    found: list[Said] = []
    for at, interaction in enumerate(told):
        named = case.history.sources_named(interaction.source.external_id)
        here = place(at / max(1, len(told) - 1))
        for said in statements(interaction):
            quoted = frozenset(
                sort for sort, every in labels.items() if any(stands_for(said.text, one.quote, named, one.source) for one in every)
            )
            told_of_them = says_of_them(said)
            label = Labelled("deal" if told_of_them else "", said.text)
            found.append(Said(label, said.before, said.after, case.name, quoted, question_before(said), standing(said) | here))
    return tuple(found)


def in_deals(home: Path | None) -> list[Talk]:
    return [in_deal(case, baton) for baton, cases in may_be_fitted_on(home) for case in cases]


def fit(given: Sequence[Talk]) -> Weights:
    """A logistic regression by sort over all features that more than one sentence has."""
    said = [one for talk in given for one in talk if one.label.label]
    seen = [one.features | ({} if one.deal else {OF_A_FILE: 1.0}) for one in said]
    counts = Counter(name for one in seen for name in one)
    names = sorted(name for name, count in counts.items() if count >= LEAST_SEEN)
    column = {name: at for at, name in enumerate(names)}
    entries = [(row, column[name], value) for row, one in enumerate(seen) for name, value in one.items() if name in column]
    rows, columns, values = (np.array(part) for part in zip(*entries, strict=True))
    x = _Sparse(rows.astype(np.int64), columns.astype(np.int64), values.astype(np.float64), (len(said), len(names)))
    found = [_logistic(x, np.array([one.is_of(sort) for one in said], np.float64)) for sort in SORTS]
    weights = np.round(np.array([w for w, _ in found]).T, PLACES) + 0.0  # no zero below zero
    telling = {name: tuple(map(float, weights[at])) for name, at in column.items() if weights[at].any() and name != OF_A_FILE}
    bias = tuple(round(float(b), PLACES) for _, b in found)
    unsettled = Weights(bias, (0.0,) * len(SORTS), telling)
    deals = [one for one, each in zip(seen, said, strict=True) if each.deal] or seen
    usual = np.mean([unsettled.own(one) for one in deals], axis=0)
    return Weights(bias, tuple(round(float(one), PLACES) for one in usual), telling)


@dataclass(frozen=True, slots=True)
class _Sparse:
    """A matrix of few entries, by the place and value of each."""

    rows: NDArray[np.int64]
    columns: NDArray[np.int64]
    values: Floats
    shape: tuple[int, int]

    def times(self, b: Floats) -> Floats:
        return np.asarray(np.bincount(self.rows, self.values * b[self.columns], self.shape[0]), np.float64)

    def turned_times(self, g: Floats) -> Floats:
        return np.asarray(np.bincount(self.columns, self.values * g[self.rows], self.shape[1]), np.float64)


def _logistic(x: _Sparse, y: Floats) -> tuple[Floats, float]:
    """Weights and bias by Nesterov's gradient steps: every one is as long as the steepest direction allows, so that none overshoots."""
    b: Floats = np.zeros(x.shape[1] + 1)
    ahead, before = b, b
    longest = 1 / (0.25 * (_steepest(x) + x.shape[0]) + RIDGE)
    for step in range(STEPS):
        off = 1 / (1 + np.exp(-(x.times(ahead[:-1]) + ahead[-1]))) - y
        slope = np.append(x.turned_times(off) + RIDGE * ahead[:-1], off.sum())
        b = ahead - longest * slope
        ahead, before = b + step / (step + 3) * (b - before), b
    return b[:-1], float(b[-1])


def _steepest(x: _Sparse) -> float:
    """The largest eigenvalue of the matrix turned times itself, by powers of it."""
    v: Floats = np.ones(x.shape[1])
    size = 0.0
    for _ in range(30):
        v = x.turned_times(x.times(v))
        size = float(np.linalg.norm(v))
        v = v / size
    return size


def as_text(weights: Weights) -> str:
    """JSON with a line a feature, so that two fits can be compared line by line."""
    head = {"sorts": SORTS, "bias": weights.bias, "usual": weights.usual}
    lines = [f"{json.dumps(name, ensure_ascii=False)}: {json.dumps(each)}" for name, each in sorted(weights.of.items())]
    opening = ",\n".join(f"{json.dumps(name)}: {json.dumps(value)}" for name, value in head.items())
    return "{\n" + opening + ',\n"of": {\n' + ",\n".join(lines) + "\n}}\n"


def scored(talk: Talk, weights: Weights) -> list[Mapping[Sort, float]]:
    own = [weights.own(one.features) for one in talk]
    return [
        dict(zip(SORTS, with_neighbours(own, at, bool(one.before), bool(one.after), weights.usual), strict=True))
        for at, one in enumerate(talk)
    ]


@dataclass(frozen=True, slots=True)
class Score:
    """Of the sentences of one sort: how many there are, how many were read as it, and how many of these were."""

    there: int
    read: int
    right: int

    def __str__(self) -> str:
        recall = self.right / self.there if self.there else math.nan
        precision = self.right / self.read if self.read else math.nan
        return f"{recall:.2f} of {self.there}, {precision:.2f} of {self.read}"


@dataclass(frozen=True, slots=True)
class Told:
    """What of one sort is read of some deals: by turns of phrase, and of each deal as many of the likeliest as there are."""

    phrases: Score
    likeliest: Score
    average_precision: float
    """Mean over the deals."""


def told(given: Iterable[Talk], weights: Mapping[str, Weights] | Weights, sort: Sort) -> Told:
    """Weights may be given by deal. Questions are no statements of anything and are left out, as is what nobody labels."""
    by_phrase, likeliest, precisions = Score(0, 0, 0), Score(0, 0, 0), []
    for talk in given:
        by_deal = weights if isinstance(weights, Weights) else weights[talk[0].deal]
        rows = sorted(
            (
                (by_words[sort], one.is_of(sort), bool(sorts_of(one.label.text.replace(" / ", ", ")) & _WAYS[sort]))
                for one, by_words in zip(talk, scored(talk, by_deal), strict=True)
                if one.label.label and not one.label.text.endswith("?")
            ),
            key=lambda row: -row[0],
        )
        right = [is_right for _, is_right, _ in rows]
        there = sum(right)
        by_phrase = _and(by_phrase, Score(there, sum(found for *_, found in rows), sum(is_right and found for _, is_right, found in rows)))
        likeliest = _and(likeliest, Score(there, min(there, len(rows)), sum(right[:there])))
        if there:
            precisions.append(math.fsum((sum(right[: at + 1]) / (at + 1)) for at, is_right in enumerate(right) if is_right) / there)
    return Told(by_phrase, likeliest, float(np.mean(precisions)) if precisions else math.nan)


def _and(one: Score, other: Score) -> Score:
    return Score(one.there + other.there, one.read + other.read, one.right + other.right)


_WAYS: Mapping[Sort, frozenset[str]] = {"risk": frozenset({"risk"}), "why": frozenset({"why", "decision"}), "goal": frozenset({"goal"})}


def as_rows(name: str, given: Sequence[Talk], weights: Mapping[str, Weights] | Weights) -> list[list[str]]:
    every = [(sort, told(given, weights, sort)) for sort in SORTS]
    return [[f"{sort}, {name}", str(one.phrases), str(one.likeliest), f"{one.average_precision:.3f}"] for sort, one in every]


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m eval.likeness", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--write", action="store_true", help=f"put the weights into {FILE.name}")
    parser.add_argument("--home", type=Path, help="read the samples into this folder's homes and keep them")
    parser.add_argument("--quick", action="store_true", help="leave out what takes minutes: each labelled deal by the others")
    chosen = parser.parse_args()
    files, deals = fitted_on(), in_deals(chosen.home)
    weights = fit([*files, *deals])
    if chosen.write:
        FILE.write_text(as_text(weights), "utf-8")
    unseen = [talk for talk in talks(SPOKEN) if held_out(talk)]
    rows = as_rows(f"{len(unseen)} deals of {SPOKEN.name} held out", unseen, weights)
    if not chosen.quick:
        others = {one[0].deal: fit([*files, *(talk for talk in deals if talk is not one)]) for one in deals}
        rows += [row for one in deals for row in as_rows(f"{one[0].deal} left out", [one], others)]
        rows += as_rows(f"{len(deals)} deals, each left out", deals, others)
    print(f"{len(weights.of)} features; share found of all, share right of those read")
    print(table([["", "by phrases", "as many of the likeliest as there are", "average precision"], *rows]))


if __name__ == "__main__":
    main()
