"""BM25 by the library bm25s, the only module that knows it: the floor of every table, and the word half of the LlamaIndex peers.

Stems come from snowballstemmer. PyStemmer, which bm25s suggests, is left out: where it is installed snowballstemmer hands its work
over to it, so Baton itself would stem by another version of the rules on a developer's machine than on a user's.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import bm25s
import numpy as np
from numpy.typing import NDArray
from snowballstemmer import stemmer

TOKEN = r"(?u)\b\w\w+\b"

Stops = Literal["en", "en_plus"]
"""bm25s's lists of stop words: Lucene's 33, or 179 with the words that questions are made of."""


class Words:
    """Lucene's BM25 (k1 1.5, b 0.75) over the texts given."""

    def __init__(self, texts: Sequence[str], stops: Stops) -> None:
        self._stops = stops
        self._count = len(texts)
        terms = [self._terms(text) for text in texts]
        self._index: bm25s.BM25 | None = None
        if any(terms):
            self._index = bm25s.BM25()
            self._index.index(terms, show_progress=False)

    def scores(self, query: str) -> NDArray[np.float32]:
        """One a text, 0 for a text that shares no word with the query."""
        terms = self._terms(query)
        if self._index is None or not terms:
            return np.zeros(self._count, np.float32)
        return np.asarray(self._index.get_scores(terms), np.float32)

    def _terms(self, text: str) -> list[str]:
        # As lists of words, not ids: bm25s numbers ids by a set's order, which differs from process to process.
        found: list[list[str]] = bm25s.tokenize(
            text, token_pattern=TOKEN, stopwords=self._stops, stemmer=_STEMMER.stemWords, return_ids=False, show_progress=False
        )
        return found[0]


def best_first(scores: NDArray[np.float32], limit: int) -> list[int]:
    """Places of the highest scores; of equal ones the earlier stands first."""
    return [int(place) for place in np.argsort(-scores, kind="stable")[:limit]]


_STEMMER = stemmer("english")
