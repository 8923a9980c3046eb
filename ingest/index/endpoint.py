"""Embeds with a service: any OpenAI-compatible `/v1/embeddings`, by its address and the name of the model it is asked for.

A service gives one vector a text and none a word piece. What is embedded is sent to it: the words of the history and every question.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

import numpy as np
import openai
from numpy.typing import NDArray

from ingest.archive.rows import Embedding
from ingest.index.embedder import EmbedderUnavailable, endpoint_name

_AT_ONCE = 64
"""Texts a request; services refuse very long lists."""
_MOST_CHARACTERS = 8_000
"""Of one text: some 2,000 word pieces. Passages are far shorter; a pasted question is cut off here."""
_TRIES_AGAIN = 4
"""After 429, 5xx and broken connections, waiting longer each time, or as long as the service asks for."""
_ASK_S, _INGEST_S = 10.0, 60.0
"""A question has somebody waiting."""


class Endpoint:
    """`dimension` is 0 until it is known, from what the archive holds or from the first reply; another one is refused then."""

    def __init__(self, model: str, url: str, key: str = "", dimension: int = 0) -> None:
        self.name, self.dimension = endpoint_name(model, url), dimension
        self._model, self._url = model, url
        self._client = openai.OpenAI(base_url=url, api_key=key or "none", max_retries=_TRIES_AGAIN, timeout=_INGEST_S)

    def embed(self, texts: Sequence[str]) -> Iterator[Embedding]:
        waiting = iter(texts)
        while batch := list(islice(waiting, _AT_ONCE)):
            yield from self._embedded(batch, self._client)

    def query(self, text: str) -> Embedding:
        (embedding,) = self._embedded([text], self._client.with_options(timeout=_ASK_S, max_retries=1))
        return embedding

    def _embedded(self, texts: Sequence[str], client: openai.OpenAI) -> list[Embedding]:
        asked = [text[:_MOST_CHARACTERS] or " " for text in texts]
        try:
            reply = client.embeddings.create(model=self._model, input=asked, encoding_format="float")
            found = [np.asarray(each.embedding, np.float32) for each in sorted(reply.data, key=lambda each: each.index)]
        except openai.APIStatusError as error:
            raise self._unavailable(f"answers {error.status_code}") from error
        except openai.APITimeoutError as error:
            raise self._unavailable("does not answer in time") from error
        except openai.APIConnectionError as error:
            raise self._unavailable("cannot be reached") from error
        except (openai.OpenAIError, AttributeError, TypeError, ValueError) as error:  # a reply of another shape shows itself late
            raise self._unavailable("gives something that is no list of embeddings") from error
        return [self._checked(vector) for vector in found] if len(found) == len(texts) else self._refuse_count(len(found), len(texts))

    def _checked(self, vector: NDArray[np.float32]) -> Embedding:
        if vector.ndim != 1 or not len(vector) or not np.isfinite(vector).all() or not (length := float(np.linalg.norm(vector))):
            raise self._unavailable("gives something that is no list of embeddings")
        self.dimension = self.dimension or len(vector)
        if len(vector) != self.dimension:
            raise self._unavailable(
                f"gives {len(vector)} numbers a text where {self.dimension} are kept, so it is another model now; give it another name"
            )
        nothing = np.zeros(0, np.int32)
        return Embedding(np.round(vector / length, 6), np.zeros((0, self.dimension), np.int8), nothing, nothing)

    def _refuse_count(self, found: int, wanted: int) -> list[Embedding]:
        raise self._unavailable(f"gives {found} embeddings for {wanted} texts")

    def _unavailable(self, how: str) -> EmbedderUnavailable:
        return EmbedderUnavailable(f"the embedding service at {self._url} {how} (model {self._model})")
