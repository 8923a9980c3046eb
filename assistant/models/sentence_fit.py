"""How well single sentences of the passages found match a question, word piece by word piece, from the vectors already stored."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assistant.evidence import Evidence, Ranked
from assistant.instructions import addressed
from assistant.room import Room
from assistant.words import terms
from ingest.archive.rows import StoredPassage
from ingest.passages import sentences
from ingest.records import Span


@dataclass(frozen=True, slots=True)
class SentenceFit:
    """`pieces[i]` is the best cosine of the question's i-th word piece in this sentence; `fit` their mean by rarity.

    While there are no vectors, `pieces` holds 1 or 0 for each term of the question that stands in the sentence.
    """

    passage: StoredPassage
    span: Span
    """Within the passage's text."""
    fit: float
    pieces: NDArray[np.float32]

    @property
    def text(self) -> str:
        return self.passage.text[self.span.start : self.span.end]


def fits(evidence: Evidence, passages: int) -> list[SentenceFit]:
    """Every sentence of the best passages, in their order, but for those addressed to a machine."""
    weigh = _by_vectors if evidence.by_pieces else _by_words
    return weigh(evidence.ranked[:passages], evidence)


def _to_a_machine(passage: StoredPassage, span: Span, room: Room) -> bool:
    at = passage.span.start
    return addressed(room.interactions[passage.interaction_id].text, Span(at + span.start, at + span.end))


def _quotable(room: Room, index: int) -> tuple[Span, ...]:
    """The sentences of a passage, by its place, that may be quoted; read off its words once."""
    if (kept := room.sentences.get(index)) is not None:
        return kept
    passage = room.shelf.passages[index]
    found = tuple(span for span in sentences(passage.text) if not _to_a_machine(passage, span, room))
    room.sentences[index] = found
    return found


def _by_vectors(best: Sequence[Ranked], evidence: Evidence) -> list[SentenceFit]:
    """Rows of the passage's token matrix belong to the sentence in which their word begins, those of the speaker's name to every one.

    A sentence of stop words matches nothing but its speaker.
    """
    query, shelf = evidence.query, evidence.room.shelf
    assert query is not None
    assert shelf.tokens is not None
    asked, weights = query.tokens.astype(np.float32).T, shelf.piece_weights(query)
    found = []
    for ranked in best:
        rows = slice(int(shelf.offsets[ranked.index]), int(shelf.offsets[ranked.index + 1]))
        cosines = shelf.tokens[rows].astype(np.float32) @ asked / (127.0 * 127.0)
        starts = shelf.token_starts[rows]
        for span in _quotable(evidence.room, ranked.index):
            inside = cosines[(starts < 0) | ((starts >= span.start) & (starts < span.end))]
            pieces = np.asarray(inside.max(axis=0), np.float32) if len(inside) else np.zeros(len(weights), np.float32)
            found.append(SentenceFit(ranked.passage, span, float(pieces @ weights), pieces))
    return found


def _by_words(best: Sequence[Ranked], evidence: Evidence) -> list[SentenceFit]:
    rarity, wanted = evidence.room.shelf.rarity, sorted(set(evidence.query_terms))
    unseen = max(rarity.values(), default=1.0)
    weights = np.array([rarity.get(term, unseen) for term in wanted], np.float32)
    weights /= max(float(weights.sum()), 1e-6)
    found = []
    for ranked in best:
        for span in _quotable(evidence.room, ranked.index):
            here = set(terms(ranked.passage.text[span.start : span.end]))
            pieces = np.array([term in here for term in wanted], np.float32)
            found.append(SentenceFit(ranked.passage, span, float(pieces @ weights), pieces))
    return found
