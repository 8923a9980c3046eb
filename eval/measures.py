"""The exact measures: each a named ratio over judged rows, with a 95 % interval from a fixed-seed bootstrap.

A measure says for one row what it adds above and below the line; its value is sum over sum. So measures of citations weigh every
citation the same, measures of questions every question. Their definitions agree number for number with the scorer that the
labels came with (`tests/eval/test_agreement.py`).
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import add
from typing import Generic, NamedTuple, TypeVar

from eval.briefs import Found, FoundPerson, FoundPromise, JudgedBrief, JudgedPoint, JudgedPromise, Trap, judge_brief
from eval.cases import Case
from eval.outcome import Outcome
from eval.questions import JudgedCitation, JudgedQuestion, judge_questions
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
class ByType:
    """The questions of one type, and a few measures of them; None without data."""

    questions: int
    answerable: int
    values: dict[str, float | None]


@dataclass(frozen=True, slots=True)
class Summary:
    """Every measure by name; None where nothing was there to measure."""

    questions: dict[str, Value | None]
    follow_ups: dict[str, Value | None]
    brief: dict[str, Value | None]
    retrieval: dict[str, Value | None]
    types: dict[str, ByType]
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
    return Summary(
        questions=_values(QUESTION_MEASURES, rows.questions),
        follow_ups=_values(QUESTION_MEASURES, [row for row in rows.questions if row.question.follows]),
        brief=_brief_values(rows.brief),
        retrieval=_values(RETRIEVAL_MEASURES, rows.rankings),
        types=_by_type(rows.questions),
        counts=_counts(rows),
    )


def value_of(measure: Measure[Row], rows: Iterable[Row]) -> Value | None:
    """The ratio of sums over the rows it applies to, with a percentile bootstrap; None when it applies to none."""
    ratios = _applying(measure, rows)
    if not ratios:
        return None
    draw = random.Random(SEED)
    resampled = sorted(_share(draw.choices(ratios, k=len(ratios))) for _ in range(RESAMPLES))
    low, high = resampled[int(0.025 * RESAMPLES)], resampled[int(0.975 * RESAMPLES) - 1]
    return Value(round(_share(ratios), 4), round(low, 4), round(high, 4), int(sum(ratio.below for ratio in ratios)))


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
)
TYPE_MEASURES = ("correct", "fact_recall", "evidence_hit", "must_not_violation", "false_answer", "false_decline")

EXPECTED_PROMISE_MEASURES: tuple[Measure[FoundPromise], ...] = (
    Measure("promise_recall", lambda r: _is(r.found)),
    Measure("strength_accuracy", lambda r: _is(r.strength)),
    Measure("contract_accuracy", lambda r: _is(r.contract)),
    Measure("made_by_accuracy", lambda r: _is(r.made_by)),
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
)
ERRORS = frozenset(
    measure.name for measures in (QUESTION_MEASURES, TRAP_MEASURES) for measure in measures if measure.errors
)  # fmt: skip


def _values(measures: Sequence[Measure[Row]], rows: Sequence[Row]) -> dict[str, Value | None]:
    return {measure.name: value_of(measure, rows) for measure in measures}


def _brief_values(brief: JudgedBrief) -> dict[str, Value | None]:
    return (
        _values(EXPECTED_PROMISE_MEASURES, brief.expected_promises)
        | _values(PROMISE_MEASURES, brief.promises)
        | _values(TRAP_MEASURES, brief.traps)
        | _values([RISK_RECALL], brief.expected_risks)
        | _values([RISK_PRECISION], brief.risks)
        | _values([GOAL_RECALL], brief.expected_goals)
        | _values([GOAL_PRECISION], brief.goals)
        | _values(PEOPLE_MEASURES, brief.people)
    )


def _by_type(rows: Sequence[JudgedQuestion]) -> dict[str, ByType]:
    shown = [measure for measure in QUESTION_MEASURES if measure.name in TYPE_MEASURES]
    table: dict[str, ByType] = {}
    for name in sorted({row.question.type for row in rows}):
        of_type = [row for row in rows if row.question.type == name]
        applying = {measure.name: _applying(measure, of_type) for measure in shown}
        values = {measure: round(_share(ratios), 4) if ratios else None for measure, ratios in applying.items()}
        table[name] = ByType(len(of_type), sum(row.question.answerable for row in of_type), values)
    return table


def _counts(rows: Rows) -> dict[str, float]:
    citations = sum(len(row.citations) for row in rows.questions)
    return {
        "questions": len(rows.questions),
        "expected_promises": len(rows.brief.expected_promises),
        "given_promises": len(rows.brief.promises),
        "hard_negatives_hit": sum(trap.hit for trap in rows.brief.traps),
        "brief_words": rows.brief.words,
        "citations_per_question": round(citations / max(len(rows.questions), 1), 2),
        "words_per_citation": round(sum(row.quoted_words for row in rows.questions) / max(citations, 1), 1),
    }
