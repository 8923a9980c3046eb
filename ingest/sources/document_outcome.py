"""What reading a document comes to, whatever its format: its words by page, section or sheet, or why there are none."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from ingest.records import Turn

MOST_CHARACTERS = 5_000_000


class NotRead(Exception):
    """Why a document gives nothing, in the words of a Failure."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Parsed:
    title: str
    created_at: datetime | None
    turns: tuple[Turn, ...]
    """What everybody sees who opens it."""
    aside: tuple[Turn, ...] = ()
    """What it does not show: speaker notes; hidden sheets, rows, slides and words."""
    notices: tuple[tuple[str, str], ...] = ()
    """What was left out or set aside, as the reason and detail of a notice."""


def first_line(text: str) -> str:
    return text.partition("\n")[0].strip()[:120]


def counted(number: int, thing: str) -> str:
    return f"{number:,} {thing}" if number == 1 else f"{number:,} {thing}s"
