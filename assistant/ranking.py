"""Scores every passage of one account against a question, at several scales, by words and by meaning.

A conversation says a thing over several turns, so each passage is scored by itself and with its neighbours: by BM25 over the
passages around it, by token-level MaxSim of the passage and of seven (each word piece of the question takes its best match, weighted
by how rare it is in this account), and by the mean vector of the passage and its neighbours. What a stretch of talk is about is told by
some hundred words, whether they are two turns or forty, so the wide scales reach as far as their words do; and more backwards than
forwards, for people name a thing first and then discuss it. Windows never leave an interaction, and the interaction as a whole is scored
by its words too: a mail's sentence need not repeat what the mail is about.
Scores are compared as deviations from the mean over the account (z), so that scales of different size can be added;
`assistant.recipe` says how much each counts.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from assistant.shelf import Indices, Reach, Scores, Shelf, best_near, sum_near, window
from ingest.archive.rows import Embedding

Matched = tuple[NDArray[np.float32], NDArray[np.float32]]
"""For each passage and each word piece of a question the best cosine in the passage, and the pieces' weights (summing to 1)."""

K1, B = 1.5, 0.75


@dataclass(frozen=True, slots=True)
class Weights:
    """How much each scale counts."""

    maxsim: float = 0.0
    maxsim_wide: float = 0.0
    """Each word piece takes its best match in the passage and three neighbours a side."""
    words: float = 0.0
    words_wide: float = 0.0
    """BM25 over the passage and three neighbours a side."""
    words_led: float = 0.0
    """BM25 over the passage and the words that led to it."""
    words_stretch: float = 0.0
    """BM25 over a long stretch that holds the passage."""
    meant_stretch: float = 0.0
    """The same, where a word counts as said in part when one near it in meaning is said."""
    dense: float = 0.0
    """The mean vector of the passage and one neighbour a side."""
    dense_stretch: float = 0.0
    """The mean vector of a stretch that holds the passage, and next of a longer one."""
    dense_far: float = 0.0
    length: float = 0.0
    """Longer passages say more: the logarithm of the number of terms."""


REACHES: Mapping[str, Reach] = {"words": 0, "words_wide": 3, "words_led": (300, 0), "words_stretch": (600, 200)}
DENSE_REACHES: Mapping[str, Reach] = {"dense": 1, "dense_stretch": (100, 100), "dense_far": (300, 150)}
MEANT = 0.4
"""Cosine of two word pieces from which on one begins to stand for the other."""

WORDS_ONLY, WORDS_OF_STRETCHES = Weights(words=1.0, words_wide=1.0), Weights(words_led=1.0, words_stretch=1.0)
"""While no embedding can be had: for one place, and for stretches of talk."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which passages are matched token by token, where not all are. `sample` is a fair picture of the whole account among them."""

    index: Indices
    sample: Indices


def score(
    shelf: Shelf,
    query_terms: Sequence[str],
    query: Embedding | None,
    weights: Weights,
    only: Chosen | None = None,
    *,
    nameless: Embedding | None = None,
    matched: Matched | None = None,
    subject: NDArray[np.bool_] | None = None,
) -> Scores:
    """A score a passage, comparable within this question only. With `only`, just those passages are matched token by token; the others
    stand where the mean of the account does, and stretches, of which only parts would be matched, go without `meant_stretch`. Who has
    matched the question already passes that in.

    `subject` says which word pieces of the question name what it is about, where not all do. `nameless` is the question without the
    names in it, for the mean vectors: a name that stands before every turn of a person draws a whole vector to whatever that person
    says.
    """
    total = np.zeros(len(shelf), np.float32)
    if not len(shelf):
        return total
    if query is None or shelf.vectors is None:
        weights = WORDS_OF_STRETCHES if weights.words_stretch else WORDS_ONLY
    elif shelf.tokens is None:
        weights = replace(
            weights,
            maxsim=0.0,
            maxsim_wide=0.0,
            meant_stretch=0.0,
            dense=weights.dense + weights.maxsim,
            dense_stretch=weights.dense_stretch + weights.maxsim_wide,
        )
    for name, reach in REACHES.items():
        if weight := getattr(weights, name):
            total += weight * z(bm25(shelf, query_terms, reach))
    if weights.length:
        total += weights.length * z(np.log1p(shelf.lengths))
    if query is not None and shelf.vectors is not None:
        if weights.maxsim or weights.maxsim_wide:
            matches, idf = matched or token_matches(shelf, query, None if only is None else only.index)
            total += weights.maxsim * _z_of(matches @ idf, only)
            if weights.maxsim_wide:
                total += weights.maxsim_wide * _z_of(best_near(shelf, matches, 3) @ idf, only)
        if weights.meant_stretch and only is None:
            matches, idf = matched or token_matches(shelf, query)
            of_it = slice(None) if subject is None else subject
            total += weights.meant_stretch * z(_bm25_meant(shelf, matches[:, of_it], idf[of_it], REACHES["words_stretch"]))
        for name, reach in DENSE_REACHES.items():
            if weight := getattr(weights, name):
                total += weight * z(_cosine_near(shelf, nameless or query, reach))
    return total


def bm25(shelf: Shelf, query_terms: Sequence[str], reach: Reach) -> Scores:
    """Okapi BM25 (Lucene's idf) whose unit is the passage with what stands around it."""
    return _bm25(shelf, query_terms, _lengths_near(shelf, reach), lambda tf: sum_near(shelf, tf, reach))


def _lengths_near(shelf: Shelf, reach: Reach) -> NDArray[np.float32]:
    lengths = sum_near(shelf, shelf.lengths, reach)
    if isinstance(reach, int):
        return lengths
    # At its beginning, where the agenda is, an interaction leaves a window short, which is no merit.
    return np.asarray(np.maximum(lengths, lengths.mean()), np.float32)


def _bm25_meant(shelf: Shelf, matches: NDArray[np.float32], idf: NDArray[np.float32], reach: Reach) -> Scores:
    """BM25 of word pieces, each said in every passage by as much as its best match there is nearer than `MEANT`: what is discussed is
    named once and then called by other words."""
    lengths = _lengths_near(shelf, reach)
    norm = K1 * (1 - B + B * lengths / max(float(lengths.mean()), 1.0))
    tf = sum_near(shelf, np.clip((matches - MEANT) / (1 - MEANT), 0, 1), reach)
    return np.asarray((tf * (K1 + 1) / (tf + norm[:, None])) @ idf, np.float32)


def bm25_whole(shelf: Shelf, query_terms: Sequence[str]) -> Scores:
    """BM25 whose unit is the interaction, the same for each of its passages."""
    first, unit = np.unique(shelf.starts, return_inverse=True)
    lengths = np.add.reduceat(shelf.lengths, first)
    return _bm25(shelf, query_terms, lengths, lambda tf: np.add.reduceat(tf, first))[unit]


def _bm25(
    shelf: Shelf, query_terms: Sequence[str], lengths: NDArray[np.float32], gathered: Callable[[NDArray[np.float32]], NDArray[np.float32]]
) -> Scores:
    """`gathered` takes counts a passage to counts a unit, of which there are as many as `lengths`."""
    total = np.zeros(len(lengths), np.float32)
    norm = K1 * (1 - B + B * lengths / max(float(lengths.mean()), 1.0))
    for term, repeated in Counter(query_terms).items():
        if term not in shelf.postings:
            continue
        where, counts = shelf.postings[term]
        tf = np.zeros(len(shelf), np.float32)
        tf[where] = counts
        tf = gathered(tf)
        df = int((tf > 0).sum())
        idf = math.log(1 + (len(lengths) - df + 0.5) / (df + 0.5))
        total += repeated * idf * tf * (K1 + 1) / (tf + norm)
    return total


def matched_at_once(shelf: Shelf, queries: Mapping[str, Embedding], only: Chosen | None) -> dict[str, Matched]:
    """What `token_matches` gives for each of several texts, for little more than it takes for one: most of the time is spent on making
    numbers of the stored bytes."""
    pieces = np.concatenate([query.tokens for query in queries.values()])
    matches = _matches(shelf, pieces, None if only is None else only.index)
    ends = np.cumsum([len(query.tokens) for query in queries.values()])
    parts = np.split(matches, ends[:-1], axis=1)
    return {text: (part, shelf.piece_weights(query)) for (text, query), part in zip(queries.items(), parts, strict=True)}


def token_matches(shelf: Shelf, query: Embedding, only: Indices | None = None) -> Matched:
    """For each passage and each word piece of the question the best cosine in the passage, and the pieces' weights (summing to 1)."""
    return _matches(shelf, query.tokens, only), shelf.piece_weights(query)


def _matches(shelf: Shelf, tokens: NDArray[np.int8], only: Indices | None) -> NDArray[np.float32]:
    assert shelf.tokens is not None
    pieces = tokens.astype(np.float32) / (127.0 * 127.0)
    matches = np.zeros((len(shelf), len(pieces)), np.float32)
    wanted = np.arange(len(shelf)) if only is None else only
    for first in range(0, len(wanted), 2000):  # a block at a time keeps the float copy small
        block = wanted[first : first + 2000]
        sizes = shelf.offsets[block + 1] - shelf.offsets[block]
        begins = np.cumsum(sizes) - sizes
        cosines = _rows(shelf, block, begins, sizes).astype(np.float32) @ pieces.T
        matches[block] = np.maximum.reduceat(cosines, begins, axis=0)
    return matches


def _rows(shelf: Shelf, block: Indices, begins: Indices, sizes: Indices) -> NDArray[np.int8]:
    """The token rows of some passages, one after the other; a stretch of neighbours is a view and costs nothing."""
    assert shelf.tokens is not None
    if block[-1] - block[0] + 1 == len(block):
        return shelf.tokens[int(shelf.offsets[block[0]]) : int(shelf.offsets[block[-1] + 1])]
    return shelf.tokens[np.repeat(shelf.offsets[block] - begins, sizes) + np.arange(int(sizes.sum()))]


def z(scores: Scores) -> Scores:
    """Deviations from the mean; all zero where all are equal."""
    spread = float(scores.std())
    return np.asarray((scores - scores.mean()) / spread, np.float32) if spread > 1e-9 else np.zeros_like(scores)


def _z_of(scores: Scores, only: Chosen | None) -> Scores:
    if only is None:
        return z(scores)
    like_all, deviations = scores[only.sample], np.zeros_like(scores)
    if (spread := float(like_all.std())) > 1e-9:
        deviations[only.index] = (scores[only.index] - like_all.mean()) / spread
    return deviations


def _cosine_near(shelf: Shelf, query: Embedding, reach: Reach) -> Scores:
    """The cosine of the question and the mean of the vectors around, weighted by length.

    The products are summed rather than the vectors: what is left to compute for a question is one number a passage. The lengths of
    the means are the account's own and are kept.
    """
    assert shelf.vectors is not None
    weights = np.maximum(shelf.lengths, 1.0)
    if reach not in shelf.mean_sizes:
        shelf.mean_sizes[reach] = _mean_sizes(shelf, shelf.vectors, weights, reach)
    products = sum_near(shelf, weights * (shelf.vectors @ query.vector), reach)
    return np.asarray(products / np.maximum(shelf.mean_sizes[reach], 1e-9), np.float32)


def _mean_sizes(shelf: Shelf, vectors: NDArray[np.float32], weights: NDArray[np.float32], reach: Reach) -> NDArray[np.float32]:
    """Some interactions at a time: the running sums of a large account's vectors would take a hundred megabytes and more."""
    first, last = window(shelf, reach)
    sizes = np.zeros(len(shelf), np.float32)
    begin = 0
    while begin < len(shelf):
        end = int(shelf.ends[min(begin + _TOGETHER, len(shelf)) - 1])
        running = np.zeros((end - begin + 1, vectors.shape[1]), np.float64)
        np.cumsum(vectors[begin:end] * weights[begin:end, None], axis=0, out=running[1:])
        sums = running[last[begin:end] - begin] - running[first[begin:end] - begin]
        sizes[begin:end] = np.sqrt(np.einsum("ij,ij->i", sums, sums))
        begin = end
    return sizes


_TOGETHER = 1_000
"""Passages, and on to the end of the last one's interaction."""
