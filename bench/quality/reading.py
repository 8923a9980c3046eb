"""What a system puts in front of its reader, as turns: units of any size are taken apart into the pieces that the measures judge."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from eval.ranking import Piece
from eval.slices import Asked, Document, Level, Turn
from eval.tokens import tokens_of


@dataclass(frozen=True, slots=True)
class Unit:
    """What a system retrieves as one: a turn, a passage, a chunk of many turns."""

    document: str
    at: datetime | None
    pieces: tuple[Piece, ...]
    quote: str
    """Its words without the names of who speaks: what would be quoted from it."""
    speaker: str | None
    """None where it is of several, or nobody's."""


@dataclass(frozen=True, slots=True)
class Found:
    """`units` best first; `top` is the best score, or how sure the answer was, by which a system might know that there is none."""

    units: tuple[Unit, ...]
    top: float | None
    """None where nobody asked."""


class System(Protocol):
    """Something that retrieves."""

    @property
    def name(self) -> str: ...

    def find(self, question: Asked) -> Found: ...


@dataclass(frozen=True, slots=True)
class Page:
    """A document as one text, a line or more a turn, and where in it each turn begins."""

    document: Document
    text: str
    starts: tuple[int, ...]

    def unit(self, start: int, end: int) -> Unit:
        """What the characters from `start` to `end` hold. A turn of which only white space is inside is not read."""
        pieces: list[Piece] = []
        quotes: list[str] = []
        speakers: set[str] = set()
        for index in range(max(0, bisect_right(self.starts, start) - 1), bisect_right(self.starts, end - 1)):
            turn, begins = self.document.turns[index], self.starts[index]
            inside = turn.shown[max(0, start - begins) : end - begins]
            if not inside.strip():
                continue
            pieces.append(Piece(turn.id, tokens_of(inside), tokens_of(turn.shown)))
            quotes.append(_words_only(turn, max(0, start - begins), end - begins))
            speakers.add(turn.speaker)
        speaker = speakers.pop() if len(speakers) == 1 else ""
        return Unit(self.document.id, self.document.at, tuple(pieces), " ".join(filter(None, quotes)), speaker or None)


def page_of(document: Document) -> Page:
    starts: list[int] = []
    at = 0
    for turn in document.turns:
        starts.append(at)
        at += len(turn.shown) + 1
    return Page(document, "\n".join(turn.shown for turn in document.turns), tuple(starts))


def unit_of_turn(document: Document, turn: Turn) -> Unit:
    size = tokens_of(turn.shown)
    return Unit(document.id, document.at, (Piece(turn.id, size, size),), turn.text, turn.speaker or None)


def was_known(unit: Unit, question: Asked) -> bool:
    """By the day the question is asked as of. What has no date was not, as in Baton's own archive."""
    return question.as_of is None or (unit.at is not None and unit.at <= question.as_of)


def judged(units: Sequence[Unit], question: Asked, level: Level) -> list[Piece]:
    """The pieces in reading order with what each is of the question's evidence. By document, each counts once, when it is first met."""
    if level == "document":
        return [Piece(name, 1, 1, question.gold.get(name, frozenset())) for name in dict.fromkeys(unit.document for unit in units)]
    return [replace(piece, gold=question.gold.get(piece.turn, frozenset())) for unit in units for piece in unit.pieces]


def _words_only(turn: Turn, start: int, end: int) -> str:
    """The characters of the turn as shown from `start` to `end`, but not those of the speaker's name."""
    name = len(turn.shown) - len(turn.text)
    return turn.text[max(0, start - name) : max(0, end - name)].strip()
