"""What Baton gave for one labelled deal, in the neutral shape the measures judge: answers with quotes, and a brief.

Nothing here knows Baton's own types, so the same measures judge another system's output, a stored run or a test's invention.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Literal

Status = Literal["answered", "declined", "failed"]
KIND_WORDS = {
    "call": "calls", "email": "e-mails", "crm_note": "CRM notes", "crm_field": "CRM records", "doc": "documents", "chat": "chats",
    "meeting": "meetings", "ae_note": "AE notes",
}  # fmt: skip
"""What a reader calls the kinds of sources."""


@dataclass(frozen=True, slots=True)
class Cited:
    """`source` is any name of the source: native id, path, address or title."""

    source: str
    quote: str
    speaker: str | None = None
    on: date | None = None
    """The day it is said to be of."""
    support: float | None = None
    """How likely it is said to answer, 0 to 1."""
    kind: str = ""
    """Of the source: call, email …"""


@dataclass(frozen=True, slots=True)
class Given:
    """The answer to one question."""

    status: Status
    text: str = ""
    citations: tuple[Cited, ...] = ()
    seconds: float | None = None
    error: str = ""
    """Why it failed, for people."""
    confidence: float | None = None
    """How sure the system was that the history answers, whatever it then did; only the order of these numbers counts."""
    model_tokens: int = 0
    """Tokens sent to a language model and received from it."""
    instead: str = ""
    """Why the language model that was asked did not answer, and another way did."""


@dataclass(frozen=True, slots=True)
class GivenPoint:
    """A goal, risk, reason, requirement, term or date of a brief. The first quote is from `source`; the others may be from elsewhere."""

    text: str
    quotes: tuple[str, ...]
    source: str


@dataclass(frozen=True, slots=True)
class GivenPromise:
    """Quotes and source as of a `GivenPoint`; `id` is what another promise's `supersedes` names."""

    text: str
    quotes: tuple[str, ...]
    source: str
    strength: str = ""
    contract: str = ""
    made_by: str = ""
    due: str = ""
    """As it was said; `due_date` is the day it was understood to mean."""
    due_date: date | None = None
    made_on: date | None = None
    conditions: str = ""
    id: str = ""
    supersedes: str | None = None
    current: bool = True


@dataclass(frozen=True, slots=True)
class GivenStep:
    """One position in a matter that changed."""

    citations: tuple[Cited, ...]
    superseded: bool


@dataclass(frozen=True, slots=True)
class GivenGap:
    """What the brief says nobody has said, why that matters, and the nearest words it shows beside it."""

    question: str
    why: str = ""
    quotes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class GivenPerson:
    name: str
    roles: tuple[str, ...]
    stance: str


@dataclass(frozen=True, slots=True)
class GivenBrief:
    promises: tuple[GivenPromise, ...] = ()
    risks: tuple[GivenPoint, ...] = ()
    goals: tuple[GivenPoint, ...] = ()
    people: tuple[GivenPerson, ...] = ()
    changes: tuple[tuple[GivenStep, ...], ...] = ()
    """Each the steps of one matter, oldest first."""
    reasons: tuple[GivenPoint, ...] = ()
    """Why they bought."""
    requirements: tuple[GivenPoint, ...] = ()
    terms: tuple[GivenPoint, ...] = ()
    """Of the bargain: price, payment, renewal."""
    dates: tuple[GivenPoint, ...] = ()
    gaps: tuple[GivenGap, ...] = ()
    words: int = 0


@dataclass(frozen=True, slots=True)
class Ranked:
    """A passage that search put forward, before anything was answered from it."""

    source: str
    text: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """Everything one deal gave; `answers` and `ranked` by question id."""

    answers: dict[str, Given] = field(default_factory=dict)
    brief: GivenBrief = GivenBrief()
    ranked: dict[str, tuple[Ranked, ...]] = field(default_factory=dict)
