"""What an answer model is: evidence in, an unchecked draft out."""

from __future__ import annotations

from typing import Protocol

from assistant.answers import Draft, Question
from assistant.evidence import Evidence


class AnswerModel(Protocol):
    @property
    def name(self) -> str: ...

    def draft(self, question: Question, evidence: Evidence) -> Draft:
        """Claims with quotes from the evidence's passages; no claims and a reason where they do not answer."""
        ...
