"""The port of what turns words into vectors."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from typing import Protocol

from ingest.archive.rows import Embedding

MODEL = "minilm-l6-v2-int8"
"""The embedder that comes with Baton, by the name under which its vectors are kept; known without loading it."""
MINILM_FAST = "minilm-l6-v2-bf16"
"""The same model in another precision, on processors that are made for it; of the extra `fast`."""
MPNET = "mpnet-base-v2-fp32"
"""The larger one, which `make weights-mpnet` installs."""


def endpoint_name(model: str, url: str) -> str:
    """The name under which its vectors are kept: two services may call different models the same."""
    told = re.sub(r"[^a-z0-9]+", "-", model.lower()).strip("-")[:40]
    whole = f"{url.rstrip('/')} {model}"
    return f"{told}-{hashlib.sha256(whole.encode()).hexdigest()[:8]}"


class WeightsMissing(Exception):
    """No usable weights are installed; until they are, answers come from words alone."""

    def __init__(self, reason: str, remedy: str = "`make weights` installs them") -> None:
        super().__init__(f"the embedding weights {reason}; {remedy}.")


class EmbedderUnavailable(Exception):
    """It is there, and cannot embed now; the message says who did not, and why."""


class Embedder(Protocol):
    """The same text gives the same bytes, alone or among others, today or tomorrow on the same kind of machine."""

    @property
    def name(self) -> str:
        """Model and precision; vectors of different names are never compared."""

    @property
    def dimension(self) -> int: ...

    def embed(self, texts: Sequence[str]) -> Iterator[Embedding]:
        """In the order of the texts, as they become ready. Raises EmbedderUnavailable; what came before that counts."""

    def query(self, text: str) -> Embedding:
        """Raises EmbedderUnavailable."""
