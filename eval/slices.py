"""A slice: histories, questions and which turns answer them, in one shape for labelled deals and public sets alike.

What is measured on a slice, Baton or a peer, sees the same texts, asks the same questions and is judged by the same evidence.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from ingest.records import Kind

Level = Literal["turn", "document"]


@dataclass(frozen=True, slots=True)
class Turn:
    """`id` is unique within the slice."""

    id: str
    speaker: str
    text: str

    @property
    def shown(self) -> str:
        """The turn as every system is given it to search, and as its tokens are counted."""
        return f"{self.speaker}: {self.text}" if self.speaker else self.text


@dataclass(frozen=True, slots=True)
class Document:
    """One conversation, mail, note or paper; whatever has no turns is one turn."""

    id: str
    kind: Kind
    title: str
    at: datetime | None
    turns: tuple[Turn, ...]


@dataclass(frozen=True, slots=True)
class Said:
    """An earlier question of the same conversation and its answer."""

    question: str
    answer: str


@dataclass(frozen=True, slots=True)
class Asked:
    """One question. `gold` maps the id of a turn (or of a document, where the slice is judged by document) to the names of the evidence
    that it is; an unanswerable question has none."""

    id: str
    account: str
    text: str
    kind: str
    gold: Mapping[str, frozenset[str]]
    answerable: bool
    answer: str = ""
    earlier: tuple[Said, ...] = ()
    as_of: datetime | None = None
    counted: bool = True
    """False where the label cannot bear a figure (disputed, unchecked, without evidence): asked, and left out of the figures."""
    traps: frozenset[str] = frozenset()
    """Turns that tempt to answer an unanswerable question."""

    @property
    def wanted(self) -> int:
        """How many different pieces of evidence there are."""
        return len(frozenset[str]().union(*self.gold.values()))


@dataclass(frozen=True, slots=True)
class Slice:
    name: str
    level: Level
    accounts: Mapping[str, tuple[Document, ...]]
    """The documents of each account, oldest first."""
    questions: tuple[Asked, ...]
    about: str
    """One line for the head of a table: what it is, and that it was tuned on, if it was."""
