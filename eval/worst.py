"""Lists the questions that went wrong, worst first, with what was missing, what was cited, and whether search had found it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

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


def worst_first(rows: Rows) -> tuple[Failing, ...]:
    """Harm first (invented or foreign words, a false or stale answer), then silence, then what was missed; else in order of asking."""
    rankings = {(ranking.deal, ranking.question.id): ranking for ranking in rows.rankings}
    failing = [_failing(row, rankings.get((row.deal, row.question.id))) for row in rows.questions]
    return tuple(sorted((item for item in failing if item.faults), key=lambda item: -item.severity))


def _failing(row: JudgedQuestion, ranking: JudgedRanking | None) -> Failing:
    weighed = _faults(row)
    return Failing(row, ranking, tuple(fault for fault, _ in weighed), sum(weight for _, weight in weighed))


def _faults(row: JudgedQuestion) -> list[tuple[str, float]]:
    citations = row.citations
    found = [
        (f"failed: {row.given.error}", 8.0, row.status == "failed"),
        ("cites words that no source holds", 8.0, not all(c.valid for c in citations)),
        ("cites from inside a word", 8.0, any(c.cut for c in citations)),
        ("cites another account", 8.0, any(c.foreign for c in citations)),
        ("cites what was said after the day it was asked as of", 8.0, any(c.late for c in citations)),
        ("answers what the history does not say", 6.0, not row.question.answerable and row.status == "answered"),
        (f"states as current: {_listed(row.stale or ())}", 5.0, bool(row.stale)),
        ("names the wrong speaker", 2.0, any(c.speaker_known and not c.speaker_right for c in citations)),
        ("declines although the history says it", 3.0, row.question.answerable and row.status == "declined"),
        ("cites none of the evidence", 2.0, row.status == "answered" and row.evidence is False),
        (f"lacks {_groups(row.missing)}", 2.0 * (1 - (row.facts_share or 0)), row.status == "answered" and row.facts is False),
    ]
    return [(fault, weight) for fault, weight, applies in found if applies]


def _groups(missing: Sequence[tuple[str, ...]]) -> str:
    return ", ".join(" | ".join(group) for group in missing)


def _listed(values: Sequence[str]) -> str:
    return ", ".join(map(repr, values))
