"""The port of what turns words into vectors."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol

from ingest.archive.rows import Embedding

MODEL = "minilm-l6-v2-int8"
"""The embedder that comes with Baton, by the name under which its vectors are kept; known without loading it."""


class WeightsMissing(Exception):
    """No usable weights are installed; until they are, answers come from words alone."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"the embedding weights {reason}; `make weights` installs them.")


class Embedder(Protocol):
    """The same text gives the same bytes, alone or among others, today or tomorrow on the same kind of machine."""

    @property
    def name(self) -> str:
        """Model and precision; vectors of different names are never compared."""

    @property
    def dimension(self) -> int: ...

    def embed(self, texts: Sequence[str]) -> Iterator[Embedding]:
        """In the order of the texts, as they become ready."""

    def query(self, text: str) -> Embedding: ...
