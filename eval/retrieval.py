"""Judges search by itself: at which rank the first passage stands that holds the labelled evidence, before anything is answered.

Read beside the measures of answers it tells whether a wrong answer was not found or not chosen.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from eval.cases import Case, LabelledQuestion
from eval.history import History
from eval.matching import stands_for
from eval.outcome import Ranked

DEEPEST = 20
"""As many passages are asked of search as the deepest measure looks at."""


@dataclass(frozen=True, slots=True)
class JudgedRanking:
    deal: str
    question: LabelledQuestion
    rank: int | None
    """From 1, of the first passage with evidence in it; with `evidence_all`, the rank by which all of it has been seen."""

    def within(self, depth: int) -> bool:
        return self.rank is not None and self.rank <= depth


def judge_rankings(case: Case, ranked: dict[str, tuple[Ranked, ...]]) -> tuple[JudgedRanking, ...]:
    """A row for every answerable question that search was asked."""
    return tuple(
        JudgedRanking(case.name, question, rank_of_evidence(case.history, question, ranked[question.id]))
        for question in case.questions
        if question.answerable and question.id in ranked
    )


def rank_of_evidence(history: History, question: LabelledQuestion, ranked: Sequence[Ranked]) -> int | None:
    seen: set[int] = set()
    for rank, passage in enumerate(ranked, 1):
        named = history.sources_named(passage.source)
        # Only the evidence's own source counts, so a quoted tail or another account's like words are no find.
        seen |= {
            index
            for index, label in enumerate(question.evidence)
            if label.source in named and stands_for(passage.text, label.quote, named, label.source)
        }
        if len(seen) == len(question.evidence) or (seen and not question.evidence_all):
            return rank
    return None
