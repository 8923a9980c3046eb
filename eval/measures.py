"""The exact measures: each a named ratio over judged rows, with a 95 % interval from a fixed-seed bootstrap.

A measure says for one row what it adds above and below the line; its value is sum over sum. So measures of citations weigh every
citation the same, measures of questions every question. Their definitions agree number for number with the scorer that the
labels came with (`tests/eval/test_agreement.py`).
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache, reduce
from operator import add
from typing import Any, Generic, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from eval.briefs import (
    POINT_KINDS,
    Found,
    FoundPerson,
    FoundPromise,
    JudgedBrief,
    JudgedGap,
    JudgedPoint,
    JudgedPromise,
    Trap,
    judge_brief,
)
from eval.cases import Case
from eval.confusion import Confusion, confusion
from eval.matching import labelled
from eval.outcome import Outcome
from eval.questions import JudgedCitation, JudgedQuestion, judge_questions
from eval.ranking import ndcg_at, recall_within
from eval.retrieval import JudgedRanking, judge_rankings

RESAMPLES, SEED = 1000, 7
Row = TypeVar("Row")


class Ratio(NamedTuple):
    """What one row adds: a row that the measure does not apply to adds (0, 0)."""

    above: float
    below: float


NOTHING = Ratio(0, 0)


class Value(NamedTuple):
    """A measure's value, the bounds of its 95 % interval, and over how many items it was taken."""

    value: float
    low: float
    high: float
    items: int
    rows: int = 0
    """The independent draws behind the items, where they are fewer: the questions, where items are their citations."""

    @property
    def bounds(self) -> tuple[float, float]:
        """The interval to show. Where every item agrees a bootstrap has nothing to draw from and would call a rate of 0 certain; the
        exact binomial bounds (Clopper and Pearson) stand in, wide when there are few rows."""
        if self.low == self.high == self.value and self.value in (0, 1):
            reach = round(1 - 0.025 ** (1 / (self.rows or self.items)), 4)
            return (0.0, reach) if self.value == 0 else (round(1 - reach, 4), 1.0)
        return self.low, self.high

    def as_json(self, *, errors: bool) -> dict[str, Any]:
        """With the interval to show, and whether lower is better."""
        return {**self._asdict(), "interval": list(self.bounds), "lower_is_better": errors}


@dataclass(frozen=True, slots=True)
class Measure(Generic[Row]):
    name: str
    of: Callable[[Row], Ratio]
    errors: bool = False
    """It counts errors: lower is better."""


@dataclass(frozen=True, slots=True)
class Rows:
    """Everything judged, of one deal or of several."""

    questions: tuple[JudgedQuestion, ...]
    brief: JudgedBrief
    rankings: tuple[JudgedRanking, ...]

    def __add__(self, other: Rows) -> Rows:
        return Rows(self.questions + other.questions, self.brief + other.brief, self.rankings + other.rankings)


@dataclass(frozen=True, slots=True)
class Group:
    """Some of the questions (of one type, account or deal), and a few measures of them; None without data."""

    questions: int
    answerable: int
    values: dict[str, Value | None]


@dataclass(frozen=True, slots=True)
class Summary:
    """Every measure by name; None where nothing was there to measure."""

    questions: dict[str, Value | None]
    follow_ups: dict[str, Value | None]
    brief: dict[str, Value | None]
    retrieval: dict[str, Value | None]
    types: dict[str, Group]
    accounts: dict[str, Group]
    """By `deal: account`: an account is one of its deal, whatever others are called."""
    deals: dict[str, Group]
    strength: Confusion
    """Of the promises found; what was given without a label reads `none`."""
    contract: Confusion
    counts: dict[str, float]

    def all(self) -> dict[str, Value | None]:
        """The measures of questions, brief and retrieval; their names differ."""
        return self.questions | self.brief | self.retrieval


def judge_case(case: Case, outcome: Outcome) -> Rows:
    return Rows(judge_questions(case, outcome.answers), judge_brief(case, outcome.brief), judge_rankings(case, outcome.ranked))


def pool(rows: Sequence[Rows]) -> Rows:
    """Several deals' rows as one set, in the order given."""
    return reduce(add, rows)


def summarise(rows: Rows) -> Summary:
    promises = [(p.expected, p.given) for p in rows.brief.expected_promises if p.given]
    return Summary(
        questions=_question_values(rows.questions),
        follow_ups=_question_values([row for row in rows.questions if row.question.follows]),
        brief=_brief_values(rows.brief),
        retrieval=_values(RETRIEVAL_MEASURES, rows.rankings),
        types=_grouped(rows.questions, lambda row: row.question.type),
        accounts=_grouped(rows.questions, lambda row: f"{row.deal}: {row.account}"),
        deals=_grouped(rows.questions, lambda row: row.deal),
        strength=confusion((expected.strength, labelled(given.strength) or "none") for expected, given in promises),
        contract=confusion((expected.contract, labelled(given.contract) or "none") for expected, given in promises),
        counts=_counts(rows),
    )


def value_of(measure: Measure[Row], rows: Iterable[Row]) -> Value | None:
    """The ratio of sums over the rows it applies to, with a percentile bootstrap; None when it applies to none."""
    ratios = _applying(measure, rows)
    if not ratios:
        return None
    drawn = np.array(ratios)[_draws(len(ratios))].sum(axis=1)
    return _with_interval(_share(ratios), drawn[:, 0] / drawn[:, 1], int(sum(ratio.below for ratio in ratios)), len(ratios))


def auc(answerable: Sequence[float], unanswerable: Sequence[float]) -> float:
    """The chance that an answerable question has the higher confidence of two, one of each kind; a tie counts half.

    This is the area under the ROC curve, by the Mann-Whitney count, and needs no threshold: 1 when some threshold tells all of them
    apart, 0.5 for a coin. Neither may be empty.
    """
    ascending = np.sort(np.array(unanswerable))
    below, not_above = (np.searchsorted(ascending, answerable, side) for side in ("left", "right"))
    return float((below + not_above).mean() / 2 / len(ascending))


def decline_auc(rows: Sequence[JudgedQuestion]) -> Value | None:
    """`auc` of confidence over the questions that have one; None without both kinds. Draws of one kind only are left out."""
    given = [(row.given.confidence, row.question.answerable) for row in rows if row.given.confidence is not None]
    sure, can = np.array([confidence for confidence, _ in given]), np.array([answerable for _, answerable in given], bool)
    if not can.any() or can.all():
        return None
    drawn = [auc(sure[at][can[at]], sure[at][~can[at]]) for at in _draws(len(given)) if can[at].any() and not can[at].all()]
    return _with_interval(auc(sure[can], sure[~can]), np.array(drawn), len(given), len(given))


def _with_interval(value: float, resampled: NDArray[np.float64], items: int, rows: int) -> Value:
    ascending, count = np.sort(resampled), len(resampled)
    low, high = ascending[int(0.025 * count)], ascending[int(0.975 * count) - 1]
    return Value(round(value, 4), round(float(low), 4), round(float(high), 4), items, rows)


@lru_cache(maxsize=256)
def _draws(rows: int) -> NDArray[np.int64]:
    """Which rows each resample takes: for a number of rows always the same, and those that `random.Random(SEED).choices` takes."""
    draw = random.Random(SEED).random
    chosen = np.array([draw() for _ in range(RESAMPLES * rows)]) * rows
    return chosen.astype(np.int64).reshape(RESAMPLES, rows)


def _applying(measure: Measure[Row], rows: Iterable[Row]) -> list[Ratio]:
    return [ratio for ratio in map(measure.of, rows) if ratio.below]


def _share(ratios: Sequence[Ratio]) -> float:
    return sum([above for above, _ in ratios]) / sum([below for _, below in ratios])


def _is(value: bool | None) -> Ratio:
    """One item, right or wrong; None does not apply."""
    return NOTHING if value is None else Ratio(float(value), 1.0)


def _answerable(row: JudgedQuestion, value: bool) -> Ratio:
    return _is(value) if row.question.answerable else NOTHING


def _unanswerable(row: JudgedQuestion, value: bool) -> Ratio:
    return NOTHING if row.question.answerable else _is(value)


def _cited(row: JudgedQuestion, of: Callable[[JudgedCitation], bool], among: Callable[[JudgedCitation], bool] = lambda _: True) -> Ratio:
    """Of the row's citations that are `among`, those that are `of`."""
    return Ratio(sum(of(c) for c in row.citations if among(c)), sum(among(c) for c in row.citations))


QUESTION_MEASURES: tuple[Measure[JudgedQuestion], ...] = (
    Measure("correct", lambda r: _is(r.correct)),
    Measure("fact_recall", lambda r: _is(r.facts)),
    Measure("fact_share", lambda r: NOTHING if r.facts_share is None else Ratio(r.facts_share, 1.0)),
    Measure("fact_in_text", lambda r: _is(r.facts_in_text)),
    Measure("evidence_hit", lambda r: _is(r.evidence)),
    Measure("citation_validity", lambda r: _cited(r, lambda c: c.valid)),
    Measure("citation_precision", lambda r: _cited(r, lambda c: bool(c.evidence)) if r.question.answerable else NOTHING),
    Measure("source_correct", lambda r: _cited(r, lambda c: c.source_right, lambda c: c.source_known)),
    Measure("speaker_correct", lambda r: _cited(r, lambda c: c.speaker_right, lambda c: c.speaker_known)),
    # Of citations that give a day: it is the day where it was said, not the day that it was in Greenwich.
    Measure("day_correct", lambda r: _cited(r, lambda c: c.day_right, lambda c: c.day_known)),
    Measure("must_not_violation", lambda r: _is(None if r.stale is None else bool(r.stale)), errors=True),
    Measure("abstained", lambda r: _unanswerable(r, r.status == "declined")),
    Measure("false_answer", lambda r: _unanswerable(r, r.status == "answered"), errors=True),
    Measure("false_answer_flat", lambda r: _unanswerable(r, r.status == "answered" and not r.denied), errors=True),
    Measure("false_decline", lambda r: _answerable(r, r.status == "declined"), errors=True),
    Measure("failed", lambda r: _is(r.status == "failed"), errors=True),
    # Three promises of ours, beyond the labels' own scorer: no slipped span, nothing of another account, nothing from after the day
    # that was asked about.
    Measure("cut_citation", lambda r: _cited(r, lambda c: c.cut), errors=True),
    Measure("foreign_citation", lambda r: _cited(r, lambda c: c.foreign), errors=True),
    Measure("late_citation", lambda r: NOTHING if r.question.as_of is None else _cited(r, lambda c: c.late), errors=True),
    # Words that are in the history, but not where the citation says: whoever opens it does not find them.
    Measure("misplaced_citation", lambda r: _cited(r, lambda c: c.misplaced, lambda c: c.placed), errors=True),
    # Of answers given: one says a figure that nothing it cites holds.
    Measure("unsupported_figure", lambda r: _is(bool(r.unsupported) if r.status == "answered" else None), errors=True),
)


def _of_kind_found(kind: str) -> Measure[Found]:
    return Measure(f"{kind}_recall", lambda r: _is(r.found) if r.kind == kind else NOTHING)


def _of_kind_right(kind: str) -> Measure[JudgedPoint]:
    return Measure(f"{kind}_precision", lambda r: _is(r.right) if r.kind == kind else NOTHING)


GROUP_MEASURES = ("correct", "fact_recall", "evidence_hit", "must_not_violation", "false_answer", "false_decline")

EXPECTED_PROMISE_MEASURES: tuple[Measure[FoundPromise], ...] = (
    Measure("promise_recall", lambda r: _is(r.found)),
    Measure("strength_accuracy", lambda r: _is(r.strength)),
    Measure("contract_accuracy", lambda r: _is(r.contract)),
    Measure("made_by_accuracy", lambda r: _is(r.made_by)),
    Measure("made_on_accuracy", lambda r: _is(r.made_on)),
    # Of promises for a day: the day that the brief resolved the words to is the labelled one; none resolved is wrong.
    Measure("due_accuracy", lambda r: _is(r.due)),
    # Of promises with conditions: the brief gives most of their words as conditions (`matching.holds_most`); dropped is wrong.
    Measure("condition_recall", lambda r: _is(r.conditions)),
    # Of all promises that replaced another: the brief says so. One that it does not state at all is missed here too.
    Measure("supersession_recall", lambda r: _is(r.supersedes)),
    # Of promises that another replaced and that the brief states: stated as holding today.
    Measure("superseded_as_current", lambda r: _is(r.shown_as_current), errors=True),
    # Of all promises: stated, and everything labelled about it is right. Alone among these it has items enough to hold what is rare.
    Measure("promise_right", lambda r: _is(r.right)),
)
PROMISE_MEASURES: tuple[Measure[JudgedPromise], ...] = (
    Measure("promise_precision", lambda r: _is(r.right)),
    Measure("promise_quote_valid", lambda r: _is(r.valid)),
)
TRAP_MEASURES: tuple[Measure[Trap], ...] = (
    Measure("hard_negatives", lambda r: _is(r.hit), errors=True),
    Measure("hard_negatives_asserted", lambda r: _is(r.asserted), errors=True),
)
RISK_RECALL: Measure[Found] = Measure("risk_recall", lambda r: _is(r.found))
RISK_PRECISION: Measure[JudgedPoint] = Measure("risk_precision", lambda r: _is(r.right))
GOAL_RECALL: Measure[Found] = Measure("goal_recall", lambda r: _is(r.found))
GOAL_PRECISION: Measure[JudgedPoint] = Measure("goal_precision", lambda r: _is(r.right))
# Reasons, requirements, terms and dates by kind. Their precision is a lower bound: the labels hold what matters most, not all that was
# said of such a thing, and so a point without a label need not be wrong.
POINT_RECALL = {kind: _of_kind_found(kind) for kind in POINT_KINDS}
POINT_PRECISION = {kind: _of_kind_right(kind) for kind in POINT_KINDS}
# Of labelled changes: the brief shows the last position as standing and an earlier one as replaced.
CHANGE_RECALL: Measure[Found] = Measure("change_recall", lambda r: _is(r.found))
# Of labelled gaps: one gap of the brief has a term of each of its groups. There is no precision: the labels are not all that a careful
# reader could ask, so a gap without a label need not be wrong. Read it beside the count of gaps given, which it is cheap to raise, and
# beside `gap_answered`: of the gaps given, those whose answer the labels hold (a person's role, what a goal says of itself, a change).
GAP_RECALL: Measure[Found] = Measure("gap_recall", lambda r: _is(r.found))
GAP_ANSWERED: Measure[JudgedGap] = Measure("gap_answered", lambda r: _is(r.answered), errors=True)
PEOPLE_MEASURES: tuple[Measure[FoundPerson], ...] = (
    Measure("stakeholder_recall", lambda r: _is(r.found)),
    Measure("stakeholder_role", lambda r: _is(r.role)),
    Measure("stakeholder_stance", lambda r: _is(r.stance)),
)
RETRIEVAL_MEASURES: tuple[Measure[JudgedRanking], ...] = (
    Measure("found_in_first_5", lambda r: _is(r.within(5))),
    Measure("found_in_first_10", lambda r: _is(r.within(10))),
    Measure("found_in_first_20", lambda r: _is(r.within(20))),
    Measure("reciprocal_rank", lambda r: Ratio(1 / r.rank if r.rank else 0.0, 1.0)),
    # Over all acceptable evidence, so these read lower than the found_in_first_* above.
    Measure("recall_at_5", lambda r: Ratio(r.recall_at(5), 1.0)),
    Measure("recall_at_10", lambda r: Ratio(r.recall_at(10), 1.0)),
    Measure("recall_at_20", lambda r: Ratio(r.recall_at(20), 1.0)),
    Measure("ndcg_at_10", lambda r: Ratio(ndcg_at(r.pieces, r.wanted, 10), 1.0)),
    Measure("recall_within_500", lambda r: Ratio(recall_within(r.pieces, r.wanted, 500), 1.0)),
    Measure("recall_within_1000", lambda r: Ratio(recall_within(r.pieces, r.wanted, 1000), 1.0)),
    Measure("recall_within_2000", lambda r: Ratio(recall_within(r.pieces, r.wanted, 2000), 1.0)),
)
ERRORS = frozenset(
    measure.name for measures in (QUESTION_MEASURES, EXPECTED_PROMISE_MEASURES, TRAP_MEASURES, (GAP_ANSWERED,)) for measure in measures
    if measure.errors
)  # fmt: skip


def _values(measures: Sequence[Measure[Row]], rows: Sequence[Row]) -> dict[str, Value | None]:
    return {measure.name: value_of(measure, rows) for measure in measures}


def _question_values(rows: Sequence[JudgedQuestion]) -> dict[str, Value | None]:
    return _values(QUESTION_MEASURES, rows) | {"decline_auc": decline_auc(rows)}


def _brief_values(brief: JudgedBrief) -> dict[str, Value | None]:
    return (
        _values(EXPECTED_PROMISE_MEASURES, brief.expected_promises)
        | _values(PROMISE_MEASURES, brief.promises)
        | _values(TRAP_MEASURES, brief.traps)
        | _values([RISK_RECALL], brief.expected_risks)
        | _values([RISK_PRECISION], brief.risks)
        | _values([GOAL_RECALL], brief.expected_goals)
        | _values([GOAL_PRECISION], brief.goals)
        | _values(list(POINT_RECALL.values()), brief.expected_points)
        | _values(list(POINT_PRECISION.values()), brief.points)
        | _values(PEOPLE_MEASURES, brief.people)
        | _values([CHANGE_RECALL], brief.expected_changes)
        | _values([GAP_RECALL], brief.expected_gaps)
        | _values([GAP_ANSWERED], brief.gaps)
    )


def _grouped(rows: Sequence[JudgedQuestion], name_of: Callable[[JudgedQuestion], str]) -> dict[str, Group]:
    shown = [measure for measure in QUESTION_MEASURES if measure.name in GROUP_MEASURES]
    table: dict[str, Group] = {}
    for name in sorted({name_of(row) for row in rows}):
        of_name = [row for row in rows if name_of(row) == name]
        table[name] = Group(len(of_name), sum(row.question.answerable for row in of_name), _values(shown, of_name))
    return table


def _counts(rows: Rows) -> dict[str, float]:
    """`answer_words` and `quoted_words` are those of an average answered question; `model_tokens` are those of all of them."""
    citations = sum(len(row.citations) for row in rows.questions)
    quoted = sum(row.quoted_words for row in rows.questions)
    answers = [row for row in rows.questions if row.status == "answered"]
    return {
        "questions": len(rows.questions),
        "expected_promises": len(rows.brief.expected_promises),
        "given_promises": len(rows.brief.promises),
        "hard_negatives_hit": sum(trap.hit for trap in rows.brief.traps),
        "brief_words": rows.brief.words,
        "given_gaps": len(rows.brief.gaps),
        "citations_per_question": round(citations / max(len(rows.questions), 1), 2),
        "words_per_citation": round(quoted / max(citations, 1), 1),
        "answer_words": round(sum(len(row.given.text.split()) for row in answers) / max(len(answers), 1), 1),
        "quoted_words": round(sum(row.quoted_words for row in answers) / max(len(answers), 1), 1),
        "model_tokens": sum(row.given.model_tokens for row in rows.questions),
    }
