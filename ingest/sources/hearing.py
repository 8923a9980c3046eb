"""What a recogniser of speech gives: what it heard and when, or why it heard nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

Channel = Literal["", "left", "right"]

MOST_HOURS = 3
"""A longer recording is not listened to."""


@dataclass(frozen=True, slots=True)
class Segment:
    """A sentence or so that was heard."""

    text: str
    starts_s: float
    ends_s: float
    confidence: float
    channel: Channel = ""
    """In which it was heard, where the two of a recording were listened to apart; empty where both carry it as loud."""


@dataclass(frozen=True, slots=True)
class Heard:
    segments: tuple[Segment, ...]
    model: str
    language: str = ""
    duration_s: float | None = None
    recorded_at: datetime | None = None
    """As the recorder wrote it into the file."""
    apart: bool = False
    """Its two channels hold different sound and were listened to one by one."""


class NotHeard(Exception):
    """Why a recording is set aside: a machine word and a sentence that helps."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(detail)
        self.reason, self.detail = reason, detail


class Recogniser(Protocol):
    def __call__(self, data: bytes, model: str) -> Heard:
        """`model` is a folder, or empty for the one that is packaged. Raises NotHeard."""
