"""From rankings to figures: what one question says of a system, and the mean of many with a 95 % interval over questions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from eval.measures import auc
from eval.ranking import BUDGETS, DEPTHS, Piece, first_rank, ndcg_at, recall_at, recall_within
from eval.slices import Asked, Level

RESAMPLES, SEED = 2000, 7
HEADLINES: Mapping[Level, tuple[str, ...]] = {"turn": ("R@5", "nDCG@10", "in 1000"), "document": ("D@1", "nDCG@10", "MRR")}
BY_KIND = "nDCG@10"

Figures = Mapping[str, float]
"""One question's, by measure; all from 0 to 1, higher is better."""
Floats = NDArray[np.float64]


class Interval(NamedTuple):
    value: float
    low: float
    high: float

    @property
    def clear(self) -> bool:
        """Of a difference: it lies wholly on one side of nothing."""
        return self.low > 0 or self.high < 0


@dataclass(frozen=True, slots=True)
class Result:
    """What every system did on one slice; by system, then by question."""

    name: str
    about: str
    level: Level
    questions: tuple[Asked, ...]
    """Those counted, answerable or not."""
    figures: Mapping[str, Mapping[str, Figures]]
    """Of the answerable questions."""
    tops: Mapping[str, Mapping[str, float]]
    """How sure each was of every question, for the systems that say so."""
    seconds: Mapping[str, float]

    @property
    def kinds(self) -> dict[str, list[str]]:
        """The answerable questions of each kind."""
        found: dict[str, list[str]] = {}
        for question in self.questions:
            if question.answerable:
                found.setdefault(question.kind, []).append(question.id)
        return dict(sorted(found.items()))

    @property
    def measures(self) -> list[str]:
        return list(next((of for rows in self.figures.values() for of in rows.values()), {}))


def figures_of(pieces: Sequence[Piece], wanted: int, level: Level) -> Figures:
    rank = first_rank(pieces)
    if level == "document":
        depths = {f"D@{depth}": recall_at(pieces, wanted, depth) for depth in (1, 3, 5)}
        return depths | {"nDCG@10": ndcg_at(pieces, wanted, 10), "MRR": 1 / rank if rank else 0.0}
    return (
        {f"R@{depth}": recall_at(pieces, wanted, depth) for depth in DEPTHS}
        | {"hit@5": float(rank is not None and rank <= 5), "nDCG@10": ndcg_at(pieces, wanted, 10)}
        | {f"in {budget}": recall_within(pieces, wanted, budget) for budget in BUDGETS}
    )


def mean_of(rows: Mapping[str, Figures], measure: str) -> Interval:
    """Over the questions, with a percentile bootstrap of fixed seed."""
    return _mean(np.array([figures[measure] for figures in rows.values()]))


def difference(ours: Mapping[str, Figures], theirs: Mapping[str, Figures], measure: str) -> Interval:
    """Ours less theirs, question by question."""
    return _mean(np.array([ours[name][measure] - theirs[name][measure] for name in ours]))


def decline_auc(tops: Mapping[str, float], questions: Sequence[Asked]) -> Interval | None:
    """How well a system's score tells the two kinds apart (`eval.measures.auc`), each kind drawn by itself; None where one is missing."""
    answerable = np.array([tops[q.id] for q in questions if q.answerable and q.id in tops])
    unanswerable = np.array([tops[q.id] for q in questions if not q.answerable and q.id in tops])
    if not len(answerable) or not len(unanswerable):
        return None
    draw = np.random.default_rng(SEED)
    rows = draw.integers(0, len(answerable), (RESAMPLES, len(answerable)))
    columns = draw.integers(0, len(unanswerable), (RESAMPLES, len(unanswerable)))
    drawn = [auc(answerable[row].tolist(), unanswerable[column].tolist()) for row, column in zip(rows, columns, strict=True)]
    return Interval(auc(answerable.tolist(), unanswerable.tolist()), *_bounds(np.array(drawn)))


def together(name: str, about: str, results: Sequence[Result]) -> Result:
    """Several slices of one level as one, its questions named by slice; only systems that were run on all of them."""
    systems = [system for system in results[0].figures if all(system in result.figures for result in results)]
    sure = [system for system in results[0].tops if all(system in result.tops for result in results)]
    return Result(
        name,
        about,
        results[0].level,
        tuple(replace(question, id=f"{result.name} {question.id}") for result in results for question in result.questions),
        {s: {f"{r.name} {id}": figures for r in results for id, figures in r.figures[s].items()} for s in systems},
        {s: {f"{r.name} {id}": top for r in results for id, top in r.tops[s].items()} for s in sure},
        {s: sum(r.seconds[s] for r in results) for s in systems},
    )


def _mean(values: Floats) -> Interval:
    if not len(values):
        return Interval(0.0, 0.0, 0.0)
    return Interval(float(values.mean()), *_bounds(values[_draws(len(values))].mean(axis=1)))


def _bounds(drawn: Floats) -> tuple[float, float]:
    low, high = np.quantile(drawn, [0.025, 0.975])
    return float(low), float(high)


@lru_cache(maxsize=8)
def _draws(count: int) -> NDArray[np.int64]:
    return np.random.default_rng(SEED).integers(0, count, (RESAMPLES, count))
