"""One account's passages in order, made ready for scoring, and what stands around each of them.

Windows never leave an interaction. In words they reach in a long interaction as far as their words do, whether these are two turns or
forty.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from assistant.words import terms
from ingest.archive.rows import Embedding, StoredPassage
from ingest.index.rows import Rows

Scores = NDArray[np.float32]
Indices = NDArray[np.int64]

Reach = int | tuple[int, int]
"""Neighbours a side; or words before the passage's middle and words after it (in a long interaction, see `LONG`), where what counts are
passages that have their middle there."""
LONG = 4_000
"""Words from which an interaction is given the whole of such a reach, some half an hour of talk; a shorter one goes through its subjects
in fewer words, and gets less in proportion."""


@dataclass(slots=True)
class Shelf:
    """One account's passages in order, made ready for scoring; build it with `shelve`."""

    passages: Sequence[StoredPassage]
    starts: Indices
    """First index of the interaction a passage lies in, a passage each."""
    ends: Indices
    """One past its last index."""
    postings: dict[str, tuple[Indices, NDArray[np.float32]]]
    lengths: NDArray[np.float32]
    vectors: NDArray[np.float32] | None = None
    tokens: NDArray[np.int8] | None = None
    offsets: Indices = field(default_factory=lambda: np.zeros(0, np.int64))
    """Where each passage's rows begin in `tokens`, and one past the last."""
    token_starts: NDArray[np.int32] = field(default_factory=lambda: np.zeros(0, np.int32))
    """The character of its passage's text at which each row of `tokens` begins; below 0 in the speaker's name before it."""
    piece_idf: dict[int, float] = field(default_factory=dict)
    rarest: float = 1.0
    """What a word piece counts that is none of the account's."""
    rarity: dict[str, float] = field(default_factory=dict)
    """How rare a term is here: ln(1 + passages / passages with it)."""
    words: NDArray[np.float64] = field(default_factory=lambda: np.zeros(0))
    """How many words each passage has, its speaker's name included."""
    mean_sizes: dict[Reach, NDArray[np.float32]] = field(default_factory=dict, init=False)
    """By reach, how long the mean vector around each passage is; made when first asked for, anew for a shelf with other `starts`."""
    windows: dict[Reach, tuple[Indices, Indices]] = field(default_factory=dict, init=False)
    """By reach, for each passage the first place of its window and one past the last; made like `mean_sizes`."""

    def __len__(self) -> int:
        return len(self.passages)

    def piece_weights(self, query: Embedding) -> NDArray[np.float32]:
        """How much each word piece of a question counts, by its rarity here; they sum to 1."""
        idf = np.array([self.piece_idf.get(piece, self.rarest) for piece in query.pieces.tolist()], np.float32)
        return np.asarray(idf / max(float(idf.sum()), 1e-6), np.float32)


def shelve(passages: Sequence[StoredPassage], searched: Sequence[str], rows: Rows | None) -> Shelf:
    """`searched[i]` is what is searched for `passages[i]`; passages of one interaction stand together.

    Without the rows of their embeddings, words alone are used.
    """
    starts, ends = _bounds([p.interaction_id for p in passages])
    said = [terms(text) for text in searched]
    shelf = Shelf(
        passages=passages,
        starts=starts,
        ends=ends,
        postings=_postings(said),
        lengths=np.array([len(each) for each in said], np.float32),
        words=np.array([len(text.split()) for text in searched], np.float64),
    )
    shelf.rarity = {term: math.log(1 + len(passages) / len(where)) for term, (where, _) in shelf.postings.items()}
    if passages and rows is not None:
        shelf.vectors = rows.vectors
        sizes = np.diff(rows.offsets)
        if sizes.all():  # an embedder may give whole texts' vectors alone
            leads = np.array([len(text) - len(p.text) for p, text in zip(passages, searched, strict=True)], np.int32)
            shelf.tokens, shelf.offsets = rows.tokens, rows.offsets
            shelf.token_starts = np.asarray(rows.starts - np.repeat(leads, sizes), np.int32)
            shelf.piece_idf = _piece_idf(rows)
            shelf.rarest = max(shelf.piece_idf.values(), default=1.0)
    return shelf


def _bounds(interactions: Sequence[str]) -> tuple[Indices, Indices]:
    starts, ends = np.zeros(len(interactions), np.int64), np.zeros(len(interactions), np.int64)
    first = 0
    for index in range(1, len(interactions) + 1):
        if index == len(interactions) or interactions[index] != interactions[first]:
            starts[first:index], ends[first:index] = first, index
            first = index
    return starts, ends


def _postings(said: Sequence[Sequence[str]]) -> dict[str, tuple[Indices, NDArray[np.float32]]]:
    """By term, in the order in which they are first said: which passages say it, and how often."""
    numbers: dict[str, int] = {}
    every = np.array([numbers.setdefault(term, len(numbers)) for each in said for term in each], np.int64)
    where = np.repeat(np.arange(len(said)), [len(each) for each in said])
    pairs, counts = np.unique(every * max(len(said), 1) + where, return_counts=True)
    term_of, passage_of = np.divmod(pairs, max(len(said), 1))
    cuts = np.searchsorted(term_of, np.arange(len(numbers) + 1))
    times = counts.astype(np.float32)
    return {term: (passage_of[cuts[n] : cuts[n + 1]], times[cuts[n] : cuts[n + 1]]) for term, n in numbers.items()}


def _piece_idf(rows: Rows) -> dict[int, float]:
    total = len(rows.offsets) - 1
    most = int(rows.pieces.max(initial=0)) + 1
    pairs = np.unique(np.repeat(np.arange(total), np.diff(rows.offsets)) * most + rows.pieces)
    pieces, df = np.unique(pairs % most, return_counts=True)
    return {int(piece): math.log(1 + (total - n + 0.5) / (n + 0.5)) for piece, n in zip(pieces, df.tolist(), strict=True)}


def share_near(shelf: Shelf, marked: NDArray[np.bool_], reach: Reach) -> Scores:
    """How much of what stands around each passage the marked passages are, from 0 to 1, by length."""
    return mean_near(shelf, marked.astype(np.float32), reach)


def mean_near(shelf: Shelf, scores: Scores, reach: Reach) -> Scores:
    """The mean score of what stands around each passage, by length."""
    lengths = np.maximum(shelf.lengths, 1.0)
    return np.asarray(sum_near(shelf, lengths * scores, reach) / sum_near(shelf, lengths, reach), np.float32)


def window(shelf: Shelf, reach: Reach) -> tuple[Indices, Indices]:
    """For each passage the first place of what stands around it, and one past the last."""
    if reach not in shelf.windows:
        index = np.arange(len(shelf))
        if isinstance(reach, int):
            first, last = index - reach, index + reach + 1
        else:
            running = np.concatenate([np.zeros(1), np.cumsum(shelf.words)])
            share = np.minimum(1.0, (running[shelf.ends] - running[shelf.starts]) / LONG)
            middles = running[1:] - shelf.words / 2
            first = np.minimum(np.searchsorted(middles, middles - share * reach[0]), index)
            last = np.maximum(np.searchsorted(middles, middles + share * reach[1], side="right"), index + 1)
        shelf.windows[reach] = np.maximum(first, shelf.starts), np.minimum(last, shelf.ends)
    return shelf.windows[reach]


def sum_near(shelf: Shelf, values: NDArray[np.float32], reach: Reach) -> NDArray[np.float32]:
    """Sums over the passage and what stands around it, inside the interaction; rows of a matrix alike."""
    if reach == 0:
        return values
    first, last = window(shelf, reach)
    running = np.concatenate([np.zeros((1, *values.shape[1:]), np.float64), np.cumsum(values, axis=0, dtype=np.float64)])
    return np.asarray(running[last] - running[first], np.float32)


def best_near(shelf: Shelf, matches: NDArray[np.float32], reach: int) -> NDArray[np.float32]:
    """Column by column the highest of the passage and `reach` neighbours a side, inside the interaction."""
    best = matches.copy()
    for step in range(1, reach + 1):
        together = shelf.starts[step:] == shelf.starts[:-step]
        np.maximum(best[step:], matches[:-step], out=best[step:], where=together[:, None])
        np.maximum(best[:-step], matches[step:], out=best[:-step], where=together[:, None])
    return best
