"""After the deal is closed: new words about old promises, each with the words it goes back to."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from assistant.facts.aftermath import WordLater
from assistant.facts.promises import PromiseSaid
from assistant.facts.topics import concepts, content_words
from ingest.archive.rows import StoredInteraction, StoredPerson

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


def sides_by_name(contacts: Iterable[StoredPerson], interactions: Iterable[StoredInteraction]) -> dict[str, frozenset[str]]:
    """Whose side somebody of a given name is on, each part of a name by itself: of two Toms both sides."""
    sides: dict[str, frozenset[str]] = {}
    there = (person for i in interactions for person in (*i.participants, *(turn.person for turn in i.turns if turn.person)))
    for person in dict.fromkeys((*contacts, *there)):
        for name in person.name.casefold().split():
            sides[name] = sides.get(name, frozenset()) | {person.side}
    return sides


def fit(word: WordLater, said: PromiseSaid) -> float:
    """How well a later sentence fits a promise made before it; 0 where it speaks of something else."""
    if said.made_on is None or word.said_on is None or said.made_on >= word.said_on:
        return 0.0
    own, near = content_words(word.text), content_words(word.topic)
    if len(own) < LEAST_SHARED:  # `It was part of the deal.` speaks of what stands around it
        own = near
    promised = content_words(said.text)
    shared, around = len(own & promised), len((near - own) & promised)
    named = concepts(word.topic) & concepts(said.text)
    if shared + around < (1 if named else LEAST_SHARED) or not (shared or named):
        return 0.0
    return (shared + 0.4 * around + 1.5 * len(named)) / math.sqrt(2 + min(len(promised), 8))
