"""How well single sentences of the passages found match a question, word piece by word piece."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assistant.evidence import Evidence
from assistant.words import terms
from ingest.archive.rows import Embedding, StoredPassage
from ingest.passages import sentences
from ingest.records import Span

EmbedOne = Callable[[str], Embedding]


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


def fits(evidence: Evidence, embed: EmbedOne | None, passages: int) -> list[SentenceFit]:
    """Every sentence of the best passages, in their order."""
    found = []
    for ranked in evidence.ranked[:passages]:
        for span in sentences(ranked.passage.text):
            text = ranked.passage.text[span.start : span.end]
            pieces, weights = _by_words(text, evidence) if embed is None or evidence.query is None else _by_vectors(embed(text), evidence)
            found.append(SentenceFit(ranked.passage, span, float(pieces @ weights) if len(pieces) else 0.0, pieces))
    return found


def _by_vectors(sentence: Embedding, evidence: Evidence) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    query = evidence.query
    assert query is not None
    cosines = (sentence.tokens.astype(np.float32) @ query.tokens.astype(np.float32).T) / (127.0 * 127.0)
    return np.asarray(cosines.max(axis=0), np.float32), evidence.room.shelf.piece_weights(query)


def _by_words(text: str, evidence: Evidence) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    rarity, wanted, here = evidence.room.shelf.rarity, sorted(set(evidence.query_terms)), set(terms(text))
    unseen = max(rarity.values(), default=1.0)
    weights = np.array([rarity.get(term, unseen) for term in wanted], np.float32)
    return np.array([term in here for term in wanted], np.float32), weights / max(float(weights.sum()), 1e-6)
