"""How well single sentences of the passages found match a question, word piece by word piece, from the vectors already stored."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assistant.evidence import Evidence, Ranked
from assistant.instructions import addressed
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
    return [fit for ranked in evidence.ranked[:passages] for fit in weigh(ranked, evidence) if not addresses_a_machine(fit, evidence)]


def addresses_a_machine(fit: SentenceFit, evidence: Evidence) -> bool:
    at = fit.passage.span.start
    text = evidence.room.interactions[fit.passage.interaction_id].text
    return addressed(text, Span(at + fit.span.start, at + fit.span.end))


def _by_vectors(ranked: Ranked, evidence: Evidence) -> list[SentenceFit]:
    """Rows of the passage's token matrix belong to the sentence in which their word begins, those of the speaker's name to every one.

    A sentence of stop words matches nothing but its speaker.
    """
    query, shelf = evidence.query, evidence.room.shelf
    assert query is not None
    assert shelf.tokens is not None
    rows = slice(int(shelf.offsets[ranked.index]), int(shelf.offsets[ranked.index + 1]))
    cosines = shelf.tokens[rows].astype(np.float32) @ query.tokens.astype(np.float32).T / (127.0 * 127.0)
    starts, weights = shelf.token_starts[rows], shelf.piece_weights(query)
    found = []
    for span in sentences(ranked.passage.text):
        inside = cosines[(starts < 0) | ((starts >= span.start) & (starts < span.end))]
        pieces = np.asarray(inside.max(axis=0), np.float32) if len(inside) else np.zeros(len(weights), np.float32)
        found.append(SentenceFit(ranked.passage, span, float(pieces @ weights), pieces))
    return found


def _by_words(ranked: Ranked, evidence: Evidence) -> list[SentenceFit]:
    rarity, wanted = evidence.room.shelf.rarity, sorted(set(evidence.query_terms))
    unseen = max(rarity.values(), default=1.0)
    weights = np.array([rarity.get(term, unseen) for term in wanted], np.float32)
    weights /= max(float(weights.sum()), 1e-6)
    found = []
    for span in sentences(ranked.passage.text):
        here = set(terms(ranked.passage.text[span.start : span.end]))
        pieces = np.array([term in here for term in wanted], np.float32)
        found.append(SentenceFit(ranked.passage, span, float(pieces @ weights), pieces))
    return found
