"""An embedder that costs next to nothing, for measurements in which the embedding is not what is measured; it knows no meaning."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray

from ingest.archive.rows import Embedding
from ingest.index.stopwords import STOPWORDS


class HashedWords:
    """As many numbers a word as the real model has: each word has a direction of its own, a text the mean of its words'."""

    name = "hashed-words"
    dimension = 384

    def embed(self, texts: Sequence[str]) -> Iterator[Embedding]:
        return map(self.query, texts)

    def query(self, text: str) -> Embedding:
        found = [match for match in re.finditer(r"\w+", text.lower()) if match[0] not in STOPWORDS]
        words = [match[0] for match in found] or ["-"]
        directions = np.stack([_direction(word) for word in words])
        mean = directions.mean(axis=0)
        return Embedding(
            (mean / np.linalg.norm(mean)).astype(np.float32),
            np.rint(directions * 127).astype(np.int8),
            np.array([_number(word) % 9_000 for word in words], np.int32),  # common words of the real vocabulary: of a hash, none is rare
            np.array([match.start() for match in found] or [0], np.int32),
        )


@cache
def _direction(word: str) -> NDArray[np.float32]:
    drawn = np.random.default_rng(_number(word)).standard_normal(HashedWords.dimension)
    return np.asarray(drawn / np.linalg.norm(drawn), np.float32)


@cache
def _number(word: str) -> int:
    return int.from_bytes(hashlib.sha256(word.encode()).digest()[:4], "big")
