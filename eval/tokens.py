"""Counts tokens as an OpenAI-compatible model of today would (cl100k), so that "how much fits" means the same for every system."""

from __future__ import annotations

from functools import lru_cache

from llama_index.core.utils import get_tokenizer


@lru_cache(maxsize=1 << 16)
def tokens_of(text: str) -> int:
    """The vocabulary comes with llama-index-core, so nothing is fetched."""
    return len(get_tokenizer()(text))
