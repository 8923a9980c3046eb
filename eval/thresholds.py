"""The thresholds of the ledger and the brief, chosen again without a deal and tried on it.

Nothing else of theirs is fitted: the rest is rules written by hand. A threshold is chosen on two deals by the measure that it is there
for and, where several values are equally good, the middle one of these; then the third deal is measured with it.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from eval.briefs import JudgedBrief, judge_brief
from eval.cases import Case
from eval.given import given_brief
from eval.measures import EXPECTED_PROMISE_MEASURES, GAP_RECALL, value_of
from eval.report import table
from eval.subject import Baton

Score = Callable[[JudgedBrief], tuple[float, float]]
"""What it is chosen by, the greater the better; the second decides between equals."""


@dataclass(frozen=True, slots=True)
class Threshold:
    """`places` are the modules that hold it under that name."""

    name: str
    places: tuple[str, ...]
    values: tuple[float, ...]
    measured: str
    score: Score


@dataclass(frozen=True, slots=True)
class Chosen:
    threshold: str
    deal: str
    """The one left out."""
    shipped: float
    chosen: float
    with_shipped: float
    with_chosen: float


def _promises(name: str) -> Score:
    measure = next(one for one in EXPECTED_PROMISE_MEASURES if one.name == name)

    def score(brief: JudgedBrief) -> tuple[float, float]:
        value = value_of(measure, brief.expected_promises)
        return (value.value if value else 0.0), 0.0

    return score


def _gaps(brief: JudgedBrief) -> tuple[float, float]:
    """Of equal recall the shorter list."""
    value = value_of(GAP_RECALL, brief.expected_gaps)
    return (value.value if value else 0.0), -float(len(brief.gaps))


THRESHOLDS = (
    Threshold(
        "ALIKE: a clause speaks of the promise", ("assistant.facts.contract",), (0.24, 0.29, 0.34, 0.39, 0.44), "contract_accuracy",
        _promises("contract_accuracy"),
    ),
    Threshold(
        "SAME: a promise said again", ("assistant.succession", "assistant.unfolding"), (0.4, 0.5, 0.6, 0.7, 0.8), "promise_right",
        _promises("promise_right"),
    ),
    Threshold(
        "TAKES_BACK: what is taken back", ("assistant.unfolding",), (0.3, 0.4, 0.5, 0.6, 0.7), "promise_right", _promises("promise_right"),
    ),
    Threshold("TAKEN_UP: a matter that was settled", ("assistant.brief.gaps.talk",), (0.45, 0.5, 0.55, 0.6, 0.65), "gap_recall", _gaps),
)  # fmt: skip


def threshold_folds(cases: Sequence[Case], baton: Baton, progress: Callable[[str], None]) -> tuple[Chosen, ...]:
    found: list[Chosen] = []
    for one in THRESHOLDS:
        progress(f"composing with other values of {one.name}")
        shipped = _shipped(one)
        scores = {value: _scores(cases, baton, one, value) for value in sorted({*one.values, shipped})}
        for case in cases:
            chosen = best(scores, [other.name for other in cases if other is not case])
            found.append(Chosen(one.name, case.name, shipped, chosen, scores[shipped][case.name][0], scores[chosen][case.name][0]))
    return tuple(found)


def best(scores: Mapping[float, Mapping[str, tuple[float, float]]], deals: Sequence[str]) -> float:
    """The middle of the values that are best on these deals together."""
    summed = {value: tuple(round(sum(by_deal[deal][part] for deal in deals), 9) for part in (0, 1)) for value, by_deal in scores.items()}
    top = [value for value, score in sorted(summed.items()) if score == max(summed.values())]
    return top[len(top) // 2]


def _scores(cases: Sequence[Case], baton: Baton, one: Threshold, value: float) -> dict[str, tuple[float, float]]:
    with _set(one, value):
        return {case.name: one.score(_judged(case, baton)) for case in cases}


def _judged(case: Case, baton: Baton) -> JudgedBrief:
    account_id = baton.account_id(case.history.accounts[case.brief.account].name)
    body = baton.brief(account_id, case.history.deals[case.brief.deal].name)
    return judge_brief(case, given_brief(body, case.history, baton.sources(account_id)))


def _shipped(one: Threshold) -> float:
    return float(getattr(importlib.import_module(one.places[0]), _constant(one)))


def _constant(one: Threshold) -> str:
    return one.name.partition(":")[0]


@contextmanager
def _set(one: Threshold, value: float) -> Iterator[None]:
    """The constant at another value while the block runs."""
    modules = [importlib.import_module(place) for place in one.places]
    before = [getattr(module, _constant(one)) for module in modules]
    for module in modules:
        setattr(module, _constant(one), value)
    try:
        yield
    finally:
        for module, kept in zip(modules, before, strict=True):
            setattr(module, _constant(one), kept)


def as_text(folds: Sequence[Chosen]) -> str:
    measured = {one.name: one.measured for one in THRESHOLDS}
    rows = [["threshold", "left out", "shipped", "chosen", "measure", "with shipped", "with chosen"]]
    rows += [
        [f.threshold, f.deal, f"{f.shipped:g}", f"{f.chosen:g}", measured[f.threshold], f"{f.with_shipped:.3f}", f"{f.with_chosen:.3f}"]
        for f in folds
    ]
    return table(rows)
