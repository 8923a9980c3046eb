"""A receipt in words: what was searched, how much of each kind, and from which day to which."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from assistant.brief.paper import day_words
from assistant.render import KIND_WORDS


def searched_words(receipt: Mapping[str, Any]) -> str:
    """`3 calls, 7 e-mails; 24 Sep 2026 to 14 Oct 2026`."""
    counts = [(receipt["searched"].get(kind, 0), words) for kind, words in KIND_WORDS.items()]
    parts = [f"{count} {words[count != 1]}" for count, words in counts if count]
    if not parts:
        return "there was nothing to search"
    if not receipt["from"]:
        return ", ".join(parts)
    first, last = day_words(receipt["from"]), day_words(receipt["to"])
    return f"{', '.join(parts)}; {first}" + (f" to {last}" if last != first else "")


def searched_in_short(receipt: Mapping[str, Any]) -> str:
    """`27 sources searched`; which, and from when, is told where one looks such things up."""
    count = sum(receipt["searched"].values())
    return f"{count} source{'s' if count != 1 else ''} searched" if count else "there was nothing to search"
