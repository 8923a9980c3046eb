"""After the deal is closed: new words about old promises, each with the words it goes back to."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from assistant.facts.aftermath import WordLater
from assistant.facts.promises import PromiseSaid
from assistant.facts.topics import concepts, content_words

LEAST_SHARED = 2
"""Content words a later sentence shares with the promise it speaks of; one is enough beside a matter that both name."""


@dataclass(frozen=True, slots=True)
class Recalled:
    """What the customer says they were told; `promises` are the ids of those it fits, the nearest first, empty where none is on record."""

    word: WordLater
    promises: tuple[str, ...]


def after(words: Sequence[WordLater], signed_on: date | None) -> list[WordLater]:
    """Those of later days than the signature; before it, or without one, nothing is watched."""
    return [word for word in words if signed_on is not None and word.said_on is not None and word.said_on > signed_on]


def fit(word: WordLater, said: PromiseSaid) -> float:
    """How well a later sentence fits a promise made before it; 0 where it speaks of something else."""
    if said.made_on is None or word.said_on is None or said.made_on >= word.said_on:
        return 0.0
    own, near = content_words(word.text), content_words(word.topic)
    promised = content_words(said.text)
    shared, around = len(own & promised), len((near - own) & promised)
    named = concepts(word.topic) & concepts(said.text)
    if shared + around < (1 if named else LEAST_SHARED) or not (shared or named):
        return 0.0
    return (shared + 0.4 * around + 1.5 * len(named)) / math.sqrt(2 + min(len(promised), 8))
