"""Lists what went wrong, worst first: questions, with what was missing and whether search had found it, and the faults of briefs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from eval.briefs import Found, FoundPerson, FoundPromise, JudgedBrief, JudgedPromise, Trap
from eval.measures import Rows
from eval.questions import JudgedQuestion
from eval.retrieval import JudgedRanking


@dataclass(frozen=True, slots=True)
class Failing:
    row: JudgedQuestion
    ranking: JudgedRanking | None
    """None for a question without an answer."""
    faults: tuple[str, ...]
    severity: float


@dataclass(frozen=True, slots=True)
class FailingLine:
    """What a brief has wrong, or lacks, of one thing that was labelled, or a statement in it that nobody made."""

    deal: str
    wanted: str
    """Empty for what should not be there."""
    given: str
    """Empty for what is not there."""
    faults: tuple[str, ...]
    severity: float


def worst_first(rows: Rows) -> tuple[Failing, ...]:
    """Harm first (invented or foreign words, a false or stale answer), then silence, then what was missed; else in order of asking."""
    rankings = {(ranking.deal, ranking.question.id): ranking for ranking in rows.rankings}
    failing = [_failing(row, rankings.get((row.deal, row.question.id))) for row in rows.questions]
    return tuple(sorted((item for item in failing if item.faults), key=lambda item: -item.severity))


def worst_of_brief(brief: JudgedBrief) -> tuple[FailingLine, ...]:
    """Harm first (an invented quote, a trap told as a promise, a replaced promise told as current), then wrong labels, then what is
    missed; else in order of the labels."""
    lines = [
        *(_line(p.deal, "", p.given.text, _statement_faults(p)) for p in brief.promises),
        *(_line(t.deal, "", t.given.text if t.given else "", _trap_faults(t)) for t in brief.traps),
        *(_line(p.deal, f"{p.expected.id}: {p.expected.text}", p.given.text if p.given else "", _promise_faults(p))
          for p in brief.expected_promises),
        *_missed("risk", 3.0, brief.expected_risks),
        *_missed("goal", 3.0, brief.expected_goals),
        *_missed("change", 2.5, brief.expected_changes),
        *_missed("gap", 2.0, brief.expected_gaps),
        *(_missed(point.kind, 2.0, [point])[0] for point in brief.expected_points if not point.found),
        *(FailingLine(g.deal, "", g.question, ("asks what the history answers",), 2.0) for g in brief.gaps if g.answered),
        *(_line(p.deal, p.name, p.name if p.found else "", _person_faults(p)) for p in brief.people),
    ]  # fmt: skip
    return tuple(sorted((line for line in lines if line.faults), key=lambda line: -line.severity))


def _line(deal: str, wanted: str, given: str, weighed: Sequence[tuple[str, float]]) -> FailingLine:
    return FailingLine(deal, wanted, given, tuple(fault for fault, _ in weighed), sum(weight for _, weight in weighed))


def _missed(kind: str, weight: float, points: Iterable[Found]) -> list[FailingLine]:
    """What stands in the brief under another head is missed there and harms half as much."""
    missed = [point for point in points if not point.found]
    return [FailingLine(point.deal, point.text, "", (missed_as(kind, point),), weight / 2 if point.under else weight) for point in missed]


def missed_as(kind: str, point: Found) -> str:
    return f"{kind} missed; its words are shown as {point.under}" if point.under else f"{kind} missed"


def _applying(found: Iterable[tuple[str, float, bool]]) -> list[tuple[str, float]]:
    return [(fault, weight) for fault, weight, applies in found if applies]


def _statement_faults(promise: JudgedPromise) -> list[tuple[str, float]]:
    return _applying([("quotes words that no source holds", 8.0, not promise.valid)])


def _trap_faults(trap: Trap) -> list[tuple[str, float]]:
    fault = f"no promise ({trap.why}), told as one" if trap.asserted else f"no promise ({trap.why}), listed as said without force"
    return _applying([(fault, 6.0 if trap.asserted else 1.0, trap.hit)])


def _promise_faults(promise: FoundPromise) -> list[tuple[str, float]]:
    label, given = promise.expected, promise.given
    if given is None:
        return [("promise missed", 4.0)]
    return _applying(
        [
            ("shown as current, and a later promise replaced it", 5.0, bool(promise.shown_as_current)),
            (f"strength {given.strength or 'none'}, should be {label.strength}", 3.0, promise.strength is False),
            (f"contract {given.contract or 'none'}, should be {label.contract}", 3.0, promise.contract is False),
            (f"condition dropped: {label.conditions}", 3.0, promise.conditions is False),
            (f"made by {given.made_by or 'nobody'}", 2.0, promise.made_by is False),
            (f"due {given.due_date or 'no day'}, should be {label.due_date}", 2.0, promise.due is False),
            (f"does not say that it replaced {label.supersedes}", 2.0, promise.supersedes is False),
            (f"made on {given.made_on or 'no day'}, should be {label.made_on}", 1.0, promise.made_on is False),
        ]
    )


def _person_faults(person: FoundPerson) -> list[tuple[str, float]]:
    if not person.found:
        return [("person missed", 2.0)]
    return _applying([("role is wrong", 1.0, person.role is False), ("stance is wrong", 1.0, person.stance is False)])


def _failing(row: JudgedQuestion, ranking: JudgedRanking | None) -> Failing:
    weighed = _faults(row)
    return Failing(row, ranking, tuple(fault for fault, _ in weighed), sum(weight for _, weight in weighed))


def _faults(row: JudgedQuestion) -> list[tuple[str, float]]:
    citations = row.citations
    return _applying(
        [
            (f"failed: {row.given.error}", 8.0, row.status == "failed"),
            ("cites words that no source holds", 8.0, not all(c.valid for c in citations)),
            ("cites from inside a word", 8.0, any(c.cut for c in citations)),
            ("cites words that the source it names does not hold", 4.0, any(c.misplaced for c in citations)),
            ("cites another account", 8.0, any(c.foreign for c in citations)),
            ("cites what was said after the day it was asked as of", 8.0, any(c.late for c in citations)),
            ("answers what the history does not say", 6.0, not row.question.answerable and row.status == "answered"),
            (f"states as current: {_listed(row.stale or ())}", 5.0, bool(row.stale)),
            ("names the wrong speaker", 2.0, any(c.speaker_known and not c.speaker_right for c in citations)),
            ("declines although the history says it", 3.0, row.question.answerable and row.status == "declined"),
            ("cites none of the evidence", 2.0, row.status == "answered" and row.evidence is False),
            (f"lacks {_groups(row.missing)}", 2.0 * (1 - (row.facts_share or 0)), row.status == "answered" and row.facts is False),
        ]
    )


def _groups(missing: Sequence[tuple[str, ...]]) -> str:
    return ", ".join(" | ".join(group) for group in missing)


def _listed(values: Sequence[str]) -> str:
    return ", ".join(map(repr, values))
