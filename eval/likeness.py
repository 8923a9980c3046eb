"""Fits the weights of `assistant.facts.likeness`, and says how they do on deals that had no part in it.

`python -m eval.likeness` fits on the sentences of `sorts.txt`, the talk of `talks.txt` and that of the deals of `spoken.txt` that are not
held out, and prints what phrases, likeness and both find of what the customers of the held-out deals say; `--write` puts the weights into
`assistant/facts/likeness.json`. No sentence of the labelled deals of `data/` is fitted on.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.facts.likeness import FILE, SORTS, Sort, Weights, features, with_neighbours
from assistant.facts.reading import LIKELY_FROM
from eval.report import table
from eval.sorts import FILE as SINGLE
from eval.sorts import TALKS, Labelled, labelled, sorts_of

SPOKEN = SINGLE.with_name("spoken.txt")
"""What customers say in two dozen deals, whole talks in order."""
Floats = NDArray[np.float64]
RIDGE = 0.3
LEAST_SEEN = 2
"""Sentences that a feature must stand in: of one alone nothing is learnt for the next."""
STEPS = 600
PLACES = 2
"""Decimals kept of a weight."""


@dataclass(frozen=True, slots=True)
class Said:
    """A labelled sentence with those before and after it, where it is known what these were."""

    label: Labelled
    before: str = ""
    after: str = ""

    def is_of(self, sort: Sort) -> bool:
        """How they decided is told in the words of why they did."""
        return self.label.sort == sort or (sort == "why" and self.label.sort == "decision")


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
    return [*((Said(one),) for one in labelled(SINGLE)), *talks(TALKS), *(talk for talk in talks(SPOKEN) if not held_out(talk))]


def fit(given: Sequence[Talk]) -> Weights:
    """A logistic regression by sort over all features that more than one sentence has."""
    said = [one for talk in given for one in talk]
    seen = [features(one.label.text, one.before, one.after) for one in said]
    counts = Counter(name for one in seen for name in one)
    names = sorted(name for name, count in counts.items() if count >= LEAST_SEEN)
    column = {name: at for at, name in enumerate(names)}
    entries = [(row, column[name], value) for row, one in enumerate(seen) for name, value in one.items() if name in column]
    rows, columns, values = (np.array(part) for part in zip(*entries, strict=True))
    x = _Sparse(rows.astype(np.int64), columns.astype(np.int64), values.astype(np.float64), (len(said), len(names)))
    found = [_logistic(x, np.array([one.is_of(sort) for one in said], np.float64)) for sort in SORTS]
    weights = np.round(np.array([w for w, _ in found]).T, PLACES) + 0.0  # no zero below zero
    telling = {name: tuple(map(float, weights[at])) for name, at in column.items() if weights[at].any()}
    bias = tuple(round(float(b), PLACES) for _, b in found)
    unsettled = Weights(bias, (0.0,) * len(SORTS), telling)
    usual = np.mean([unsettled.own(one) for one in seen], axis=0)
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
    own = [weights.own(features(one.label.text, one.before, one.after)) for one in talk]
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


def score(given: Sequence[Talk], weights: Weights, sort: Sort) -> dict[str, Score]:
    """By way of reading; questions are no statements of anything and are left out."""
    rows = [
        (one.is_of(sort), bool(sorts_of(one.label.text) & _WAYS[sort]), by_words[sort] >= LIKELY_FROM)
        for talk in given
        for one, by_words in zip(talk, scored(talk, weights), strict=True)
        if not one.label.text.endswith("?")
    ]
    there = sum(right for right, _, _ in rows)

    def of(read: Sequence[tuple[bool, bool]]) -> Score:
        return Score(there, sum(found for _, found in read), sum(right and found for right, found in read))

    return {
        "phrases": of([(right, phrase) for right, phrase, _ in rows]),
        "likeness": of([(right, words) for right, _, words in rows]),
        "both": of([(right, phrase or words) for right, phrase, words in rows]),
    }


_WAYS: Mapping[Sort, frozenset[str]] = {"risk": frozenset({"risk"}), "why": frozenset({"why", "decision"}), "goal": frozenset({"goal"})}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m eval.likeness", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--write", action="store_true", help=f"put the weights into {FILE.name}")
    chosen = parser.parse_args()
    weights = fit(fitted_on())
    if chosen.write:
        FILE.write_text(as_text(weights), "utf-8")
    unseen = [talk for talk in talks(SPOKEN) if held_out(talk)]
    print(f"{len(weights.of)} features; {len(unseen)} deals held out: share found of all, share right of those read")
    rows = [(sort, score(unseen, weights, sort)) for sort in SORTS]
    print(table([["", "phrases", "likeness", "both"], *([sort, *map(str, each.values())] for sort, each in rows)]))


if __name__ == "__main__":
    main()
