"""Judges search by itself: at which rank, and within how many tokens, the passages stand that hold the labelled evidence.

Read beside the measures of answers it tells whether a wrong answer was not found or not chosen.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from eval.cases import Case, Evidence, LabelledQuestion
from eval.history import History
from eval.matching import stands_for
from eval.outcome import Ranked
from eval.ranking import Piece, recall_at
from eval.tokens import tokens_of

DEEPEST = 60
"""As many passages are asked of search as the deepest measure, 2,000 tokens, looks at."""
RANKED = 20
"""Evidence below this rank is not found."""


@dataclass(frozen=True, slots=True)
class JudgedRanking:
    """The order of search for one answerable question, passage by passage, for that is what the reader is shown.

    Any one piece of plain evidence suffices for an answer, so `rank` and its like say whether search was good enough. Recall over
    `pieces` is the share of *all* acceptable evidence and reads lower: nobody needs the fifth place where the same thing was said.
    """

    deal: str
    question: LabelledQuestion
    rank: int | None
    """From 1, of the first passage with evidence in it; with `evidence_all`, the rank by which all of it has been seen."""
    pieces: tuple[Piece, ...]
    """Each passage is a turn of its own. Its tokens are those of its words; the speaker's name beside them is not counted."""
    wanted: int
    """How many different pieces of evidence there are; words that hold those of another label of their source are one with it."""

    def within(self, depth: int) -> bool:
        return self.rank is not None and self.rank <= depth

    def recall_at(self, depth: int) -> float:
        """Share (0 to 1) of the evidence in the first `depth` passages; of more pieces than passages, as many as passages will do."""
        return min(recall_at(self.pieces, min(self.wanted, depth), depth), 1.0)


def judge_rankings(case: Case, ranked: dict[str, tuple[Ranked, ...]]) -> tuple[JudgedRanking, ...]:
    """A row for every answerable question that search was asked."""
    return tuple(
        _judge(case, question, ranked[question.id]) for question in case.questions if question.answerable and question.id in ranked
    )


def rank_of_evidence(history: History, question: LabelledQuestion, ranked: Sequence[Ranked]) -> int | None:
    seen: set[int] = set()
    for rank, passage in enumerate(ranked, 1):
        seen |= _held(history, question.evidence, passage)
        if len(seen) == len(question.evidence) or (seen and not question.evidence_all):
            return rank
    return None


def _judge(case: Case, question: LabelledQuestion, ranked: Sequence[Ranked]) -> JudgedRanking:
    named = _distinct(question.evidence)
    pieces = tuple(
        Piece(
            turn=str(rank),
            tokens=tokens_of(passage.text),
            of=tokens_of(passage.text),
            gold=frozenset(named[index] for index in _held(case.history, question.evidence, passage)),
        )
        for rank, passage in enumerate(ranked, 1)
    )
    rank = rank_of_evidence(case.history, question, ranked[:RANKED])
    return JudgedRanking(case.name, question, rank, pieces, len(set(named)))


def _held(history: History, evidence: Sequence[Evidence], passage: Ranked) -> frozenset[int]:
    """Which evidence the passage holds. Only the evidence's own source counts, so a quoted tail or another account's like words are no
    find."""
    named = history.sources_named(passage.source)
    return frozenset(
        index
        for index, label in enumerate(evidence)
        if label.source in named and stands_for(passage.text, label.quote, named, label.source)
    )


def _distinct(evidence: Sequence[Evidence]) -> list[str]:
    """A name for each label, the same for labels of one source of which either stands for the other."""
    names: list[str] = []
    for index, label in enumerate(evidence):
        alike = (
            names[place]
            for place, other in enumerate(evidence[:index])
            if label.source == other.source and stands_for(label.quote, other.quote, {label.source}, other.source)
        )
        names.append(next(alike, str(index)))
    return names
