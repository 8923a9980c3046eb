"""Chooses which passages of a large account are worth matching token by token: what words or meaning bring near, with neighbours.

Both scores are exact and of the room itself, so they see what its reader may see, and as of which day. Asking Chroma instead took
longer at 50,000 passages (some 30 ms against 5) and knew nothing of the day. A sample of the rest is matched too: by it the scores of
those chosen are compared with the whole account's, as they would be if all of it were matched.
"""

from __future__ import annotations

import numpy as np

from assistant.ranking import Chosen, bm25
from assistant.shelf import Indices, Scores, Shelf
from assistant.words import terms
from ingest.archive.rows import Embedding

LARGE = 6_000
"""From this many passages on; below it every passage is matched (a turn costs about 15 microseconds)."""
NOMINATED = 400
"""By words, and as many by meaning."""
_SAMPLE = 500


def nominated(shelf: Shelf, text: str, query: Embedding | None) -> Chosen | None:
    """None for all of them."""
    if len(shelf) < LARGE:
        return None
    by_words = bm25(shelf, terms(text), 0)
    best = _best(by_words)
    best = best[by_words[best] > 0]
    if query is not None and shelf.vectors is not None:
        best = np.union1d(best, _best(shelf.vectors @ query.vector))
    around = np.union1d(np.maximum(best - 1, shelf.starts[best]), np.minimum(best + 1, shelf.ends[best] - 1))
    sample = np.linspace(0, len(shelf) - 1, min(_SAMPLE, len(shelf))).astype(np.int64)
    return Chosen(np.union1d(np.union1d(best, around), sample), sample)


def _best(scores: Scores) -> Indices:
    """Among equals the first, so that the same question always nominates the same."""
    if len(scores) <= NOMINATED:
        return np.arange(len(scores))
    least = np.partition(scores, -NOMINATED)[-NOMINATED]
    above, at = np.flatnonzero(scores > least), np.flatnonzero(scores == least)
    return np.concatenate([above, at[: NOMINATED - len(above)]])
