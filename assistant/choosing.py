"""From a score a passage to the list that is read: what is passed over, what is shown once, and what stands together.

A list by score alone can be filled by one voice: a note pasted twice, a mail and its copies, fifty mails that repeat one false
price. Here the same words come once, one sender's variations of them twice more at most, and one sender's many mails wait behind
what others say. Nothing is thrown away but copies: what waits comes after the rest.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assistant.room import Room, Said
from assistant.shelf import Scores
from ingest.archive.rows import StoredTurn

LEAST_SAID = 3
"""A call turn with fewer meaningful words ("Bye. Bye now.") answers nothing by itself."""
AROUND = 1
"""Neighbours a side that a question about a whole discussion is shown with each place in talk."""
COPY, LEAST_COPIED = 0.9, 8
"""Share of meaningful words in common from which two passages are one, and how many such words they must have: short turns agree by
chance."""
VARIATION, LEAST_VARIED = 0.5, 5
"""The same for one sender's variations of a passage."""
VARIATIONS = 2
MAILS_OF_ONE = 5
"""Mails and notes of one sender before the rest of that sender's wait."""

_BY_ONE = frozenset({"email", "crm_note"})


@dataclass(frozen=True, slots=True)
class Placed:
    """A passage by its place on the shelf. `block` numbers the stretch it was taken with, from 0; `replies_to` is the place of the
    question right before it, where it is somebody else's."""

    index: int
    block: int
    replies_to: int | None


def choose(room: Room, scores: Scores, of_interest: NDArray[np.bool_], *, broad: bool, limit: int) -> tuple[Placed, ...]:
    """The best `limit` passages in reading order of blocks, the best block first; `of_interest` says which passages may be shown."""
    order = np.argsort(-scores, kind="stable")
    best_first = order[of_interest[order]].tolist()
    blocks = _stretches(room, best_first, of_interest) if broad else _places(room, best_first)
    placed: list[Placed] = []
    seen: set[int] = set()
    for number, block in enumerate(blocks):
        for index in block:
            if index not in seen:
                seen.add(index)
                placed.append(Placed(index, number, replies_to(room, index)))
        if len(placed) >= limit:
            break
    return tuple(placed[:limit])


def replies_to(room: Room, index: int) -> int | None:
    """The place of the question that a turn of a conversation comes right after, if somebody else asked it."""
    if index == room.shelf.starts[index]:
        return None
    before, here = room.shelf.passages[index - 1], room.shelf.passages[index]
    turns = room.interactions[here.interaction_id].turns
    asked = before.turn != here.turn and before.text.rstrip().endswith("?")
    return index - 1 if asked and _who(turns[before.turn]) != _who(turns[here.turn]) else None


def _places(room: Room, best_first: Sequence[int]) -> Iterator[list[int]]:
    """One by one; a question whose answer is too short to be found by itself brings it along."""
    for index in _without_floods(room, best_first):
        after = index + 1
        answered = after < room.shelf.ends[index] and _says_little(room, after) and replies_to(room, after) == index
        yield [index, after] if answered else [index]


def _stretches(room: Room, best_first: Sequence[int], of_interest: NDArray[np.bool_]) -> Iterator[list[int]]:
    shelf = room.shelf
    covered: set[int] = set()
    for index in _without_floods(room, best_first):
        if index not in covered:
            around = AROUND if room.spoken[index] else 0
            first, last = max(int(shelf.starts[index]), index - around), min(int(shelf.ends[index]), index + around + 1)
            block = [near for near in range(first, last) if of_interest[near]]
            covered.update(block)
            yield block


def _without_floods(room: Room, best_first: Sequence[int]) -> Iterator[int]:
    """In order, without copies and turns that say nothing; what one sender repeats or writes too much of comes at the end."""
    waiting: list[int] = []
    shown: set[str] = set()
    copies = _Alike(COPY, LEAST_COPIED)
    of_sender: dict[str, _Alike] = {}
    mails: Counter[str] = Counter()
    for index in best_first:
        passage = room.shelf.passages[index]
        words = " ".join(passage.text.casefold().split())
        if words in shown or _says_little(room, index):
            continue
        shown.add(words)
        said = room.said(index)
        if any(earlier.key == said.key for earlier in copies.to(said)):
            continue
        copies.add(said)
        interaction = room.interactions[passage.interaction_id]
        sender = _who(interaction.turns[passage.turn])
        variations = of_sender.setdefault(sender, _Alike(VARIATION, LEAST_VARIED))
        floods = bool(sender) and len(variations.to(said)) > VARIATIONS
        variations.add(said)
        if interaction.source.kind in _BY_ONE and sender:
            mails[sender] += 1
            floods = floods or mails[sender] > MAILS_OF_ONE
        if floods:
            waiting.append(index)
        else:
            yield index
    yield from waiting


class _Alike:
    """Passages seen, to be asked which of them share so much of their words with another one.

    Of two that do, the first few words in alphabetical order have one in common, for the rest alone is too little: so few are looked
    up, and only those found are compared whole.
    """

    def __init__(self, share: float, least: int) -> None:
        self._share, self._least = share, least
        self._seen: list[tuple[Said, frozenset[str]]] = []
        self._with: dict[str, list[int]] = {}

    def add(self, said: Said) -> None:
        if len(said.stems) >= self._least:
            for stem in self._first(said):
                self._with.setdefault(stem, []).append(len(self._seen))
            self._seen.append((said, frozenset(said.stems)))

    def to(self, said: Said) -> list[Said]:
        if len(said.stems) < self._least:
            return []
        found = []
        for place in {place for stem in self._first(said) for place in self._with.get(stem, ())}:
            earlier, stems = self._seen[place]
            both = len(stems.intersection(said.stems))
            if both >= self._share * (len(stems) + len(said.stems) - both):
                found.append(earlier)
        return found

    def _first(self, said: Said) -> tuple[str, ...]:
        return said.stems[: len(said.stems) - math.ceil(self._share * len(said.stems)) + 1]


def _who(turn: StoredTurn) -> str:
    return turn.person.id if turn.person else turn.speaker_name.casefold()


def _says_little(room: Room, index: int) -> bool:
    spoken = room.interactions[room.shelf.passages[index].interaction_id].source.kind == "call"
    return spoken and bool(room.shelf.lengths[index] < LEAST_SAID)
