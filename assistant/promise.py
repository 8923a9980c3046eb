"""A promise with its latest state: where it was said, what the paper says of it, what replaced it and what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from assistant.facts.commitment import Strength
from assistant.facts.contract import Verdict
from assistant.facts.dates import DateSaid
from assistant.facts.promises import PromiseKind, PromiseSaid
from assistant.facts.speech import Place
from assistant.leaning import Leaning
from ingest.archive.rows import StoredPerson

Status = Literal["open", "kept", "at_risk", "broken", "waived"]
"""What became of a promise after the deal was closed."""


@dataclass(frozen=True, slots=True)
class Became:
    """`by` is the person who said so; empty where later words show it, which are then the places."""

    status: Status
    on: date | None
    because: str = ""
    by: str = ""
    places: tuple[Place, ...] = ()


STILL_OPEN = Became("open", None)


@dataclass(frozen=True, slots=True)
class Promise:
    id: str
    said: PromiseSaid
    strength: Strength
    places: tuple[Place, ...]
    """Where it was said, first time first; a retraction stands last."""
    verdict: Verdict
    supersedes: str | None = None
    current: bool = True
    became: Became = STILL_OPEN
    instead: Place | None = None
    """Of one taken back without another in its place: what was said to hold instead."""
    leaning: Leaning | None = None
    """How far the customer leans on it, with their words; None where nothing shows that they do."""

    @property
    def because(self) -> Place | None:
        """Why it replaced the earlier one, in the words said with it."""
        return self.said.because if self.supersedes else None

    @property
    def cited(self) -> tuple[Place, ...]:
        """Where it was said first, its condition where that stands elsewhere, and where it was said or taken back since."""
        hung = self.said.hangs_on
        there = hung is None or any(
            place.interaction.source.id == hung.interaction.source.id
            and place.span.start < hung.span.end
            and hung.span.start < place.span.end
            for place in self.places
        )
        return self.places if there or hung is None else (self.places[0], hung, *self.places[1:])

    @property
    def text(self) -> str:
        return self.said.text

    @property
    def kind(self) -> PromiseKind:
        return self.said.kind

    @property
    def made_by(self) -> StoredPerson:
        return self.said.made_by

    @property
    def made_on(self) -> date | None:
        return self.said.made_on

    @property
    def due(self) -> DateSaid | None:
        return self.said.due

    @property
    def deal_id(self) -> str | None:
        return self.said.at.interaction.source.deal_id
