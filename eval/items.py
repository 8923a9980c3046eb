"""Every labelled question and brief item of a deal, by an id that stays from run to run: its scores, and what went wrong."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple, TypeVar

from eval.briefs import Found, JudgedBrief
from eval.cases import Evidence
from eval.measures import (
    CHANGE_RECALL,
    ERRORS,
    EXPECTED_PROMISE_MEASURES,
    GAP_RECALL,
    GOAL_RECALL,
    PEOPLE_MEASURES,
    POINT_RECALL,
    QUESTION_MEASURES,
    RETRIEVAL_MEASURES,
    RISK_RECALL,
    TRAP_MEASURES,
    Measure,
    Rows,
)  # fmt: skip
from eval.worst import missed_as, worst_first, worst_of_brief

OF_CITATIONS = frozenset(
    {
        "citation_validity", "citation_precision", "source_correct", "speaker_correct", "day_correct", "cut_citation", "foreign_citation",
        "late_citation", "misplaced_citation",
    }
)  # fmt: skip
"""What these count are citations, and another run gives others: there is nothing to compare one by one."""
OF_ORDER = frozenset(measure.name for measure in RETRIEVAL_MEASURES)
"""What these count is how high search put something: short of the best is no failure of an item."""
Row = TypeVar("Row")


class Wanted(NamedTuple):
    """Words of the history that a label stands on."""

    source: str
    quote: str


@dataclass(frozen=True, slots=True)
class Item:
    id: str
    """`halden Q07`, `halden P03`, `halden risk 2`: the label's own id, or its place among the labels of its kind."""
    deal: str
    kind: str
    """The type of a question; for what a brief should hold, what it is."""
    text: str
    faults: tuple[str, ...]
    scores: dict[str, float]
    """By measure, 0 to 1, for the measures that apply; where a measure counts errors, 1 is the error."""
    said: str = ""
    """Of a brief's line, what the brief says; what was said to a question stands with the questions."""
    wanted: tuple[Wanted, ...] = ()

    @property
    def right(self) -> bool:
        return not self.faults

    @property
    def failed(self) -> list[str]:
        """The measures that hold something against it."""
        return [name for name, score in self.scores.items() if name not in OF_ORDER and (score > 0 if name in ERRORS else score < 1)]


def items_of(deal: str, rows: Rows) -> tuple[Item, ...]:
    """The items of one deal in the order of its labels: questions, then what the brief should and must not hold."""
    return (*_questions(deal, rows), *_brief(deal, rows.brief))


def scores_of(measure: str, items: Iterable[Item]) -> dict[str, float]:
    """One measure's scores by item id."""
    return {item.id: item.scores[measure] for item in items if measure in item.scores}


def _questions(deal: str, rows: Rows) -> list[Item]:
    faults = {failing.row.question.id: failing.faults for failing in worst_first(rows)}
    ranks = {ranking.question.id: _scores(RETRIEVAL_MEASURES, ranking) for ranking in rows.rankings}
    return [
        Item(
            f"{deal} {row.question.id}",
            deal,
            row.question.type,
            row.question.text,
            faults.get(row.question.id, ()),
            _scores(QUESTION_MEASURES, row) | ranks.get(row.question.id, {}),
            wanted=_wanted(row.question.evidence),
        )
        for row in rows.questions
    ]


def _brief(deal: str, brief: JudgedBrief) -> list[Item]:
    faults = {line.wanted: line.faults for line in worst_of_brief(brief)}
    promises = [
        Item(
            f"{deal} {promise.expected.id}",
            deal,
            "promise made",
            promise.expected.text,
            faults.get(f"{promise.expected.id}: {promise.expected.text}", ()),
            _scores(EXPECTED_PROMISE_MEASURES, promise),
            promise.given.text if promise.given else "",
            _wanted(promise.expected.all_evidence),
        )
        for promise in brief.expected_promises
    ]
    traps = [
        Item(
            f"{deal} trap {n}", deal, "trap", trap.quote, (f"no promise ({trap.why})",) if trap.hit else (), _scores(TRAP_MEASURES, trap),
            trap.given.text if trap.given else "",
        )
        for n, trap in enumerate(brief.traps, 1)
    ]  # fmt: skip
    found = [
        _found(deal, kind, n, point, measure)
        for kind, measure, points in (
            ("risk", RISK_RECALL, brief.expected_risks),
            ("goal", GOAL_RECALL, brief.expected_goals),
            ("change", CHANGE_RECALL, brief.expected_changes),
            ("gap", GAP_RECALL, brief.expected_gaps),
        )
        for n, point in enumerate(points, 1)
    ]
    found += [
        _found(deal, kind, n, point, measure)
        for kind, measure in POINT_RECALL.items()
        for n, point in enumerate((point for point in brief.expected_points if point.kind == kind), 1)
    ]
    people = [
        Item(f"{deal} person {n}", deal, "person", person.name, faults.get(person.name, ()), _scores(PEOPLE_MEASURES, person))
        for n, person in enumerate(brief.people, 1)
    ]
    return [*promises, *traps, *found, *people]


def _found(deal: str, kind: str, n: int, point: Found, measure: Measure[Found]) -> Item:
    missed = () if point.found else (missed_as(kind, point),)
    return Item(f"{deal} {kind} {n}", deal, kind, point.text, missed, _scores([measure], point), wanted=_wanted(point.evidence))


def _wanted(evidence: Sequence[Evidence]) -> tuple[Wanted, ...]:
    return tuple(Wanted(one.source, one.quote) for one in evidence)


def _scores(measures: Sequence[Measure[Row]], row: Row) -> dict[str, float]:
    applying = ((measure.name, measure.of(row)) for measure in measures if measure.name not in OF_CITATIONS)
    return {name: round(ratio.above / ratio.below, 4) for name, ratio in applying if ratio.below}
