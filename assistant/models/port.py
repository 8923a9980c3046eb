"""What an answer model is: evidence in, an unchecked draft out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from assistant.answers import Draft, DraftClaim, Question, Usage
from assistant.evidence import Evidence
from assistant.facts.told import Told
from assistant.listening import Stop
from ingest.archive.rows import StoredInteraction


class ModelFailed(Exception):
    """No draft can be had of the model; the message says why in words for the reader, and holds nothing that was sent or received."""

    def __init__(self, why: str, *, again: bool = False, after_s: float = 0.0) -> None:
        super().__init__(why)
        self.again = again
        """Whether a second try may help, not before `after_s` seconds."""
        self.after_s = after_s
        self.usage: Usage | None = None
        """What it cost all the same."""


class AnswerModel(Protocol):
    @property
    def name(self) -> str: ...

    def draft(self, question: Question, evidence: Evidence) -> Draft:
        """Claims with quotes from the evidence's passages; no claims and a reason where they do not answer."""
        ...


@dataclass(frozen=True, slots=True)
class FactsTold:
    """What a model takes for facts of one interaction, unchecked, and what asking cost."""

    told: tuple[Told, ...]
    usage: Usage


@runtime_checkable
class ReadsFacts(Protocol):
    """One that also reads facts off an interaction."""

    @property
    def facts_by(self) -> str:
        """By which model and which prompt: what another one read is not this one's."""
        ...

    def facts(self, interaction: StoredInteraction, stop: Stop | None = None) -> FactsTold:
        """Raises `ModelFailed` with what it cost, and `Stopped`."""
        ...


@runtime_checkable
class WritingModel(Protocol):
    """One that takes its time, tells its claims while it writes, can be stopped, and can fail."""

    def drafting(
        self, question: Question, evidence: Evidence, heard: Callable[[DraftClaim], object], forget: Callable[[], object], stop: Stop
    ) -> Draft:
        """`heard` is told each claim as soon as it is whole; `forget`, that those told so far are void, because it begins anew.

        Raises `ModelFailed` within the time set for it, and `Stopped`.
        """
        ...
