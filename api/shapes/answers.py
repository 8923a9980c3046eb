"""A question and its answer: claims, changes, what was searched."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from api.shapes.base import MOST_CHARACTERS, Given, Reason, Sent
from api.shapes.evidence import CitationShape, SettingShape
from ingest.records import Kind, Side


class AskRequest(Sent):
    question: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=MOST_CHARACTERS)]
    thread_id: Annotated[str, StringConstraints(max_length=80)] | None = None
    deal_id: Annotated[str, StringConstraints(max_length=80)] | None = None
    as_of: date | datetime | None = Field(
        None, description="Nothing later is read. A date means the end of that day in the organisation's time zone."
    )
    kinds: Annotated[list[Kind], Field(min_length=1, max_length=8)] | None = None


class FeedbackGiven(Sent):
    rating: Literal["up", "down"]
    reasons: Annotated[list[Literal["wrong", "not_in_source", "missed", "too_long"]], Field(max_length=4)] = []
    text: Annotated[str, StringConstraints(strip_whitespace=True, max_length=2000)] = ""


class ClaimShape(Given):
    id: str
    text: str
    citations: list[str]
    check: Literal["attested", "supported", "weak"]
    support: float


class BlockShape(Given):
    kind: Literal["paragraph", "list", "table"]
    heading: str | None = None
    """Of what stands under the answer itself."""
    claims: list[ClaimShape]


class StepShape(Given):
    on: str
    text: str
    citations: list[str]
    superseded: bool
    setting: SettingShape | None = Field(None, description="In a brief: the words that it answers or follows, where it says little alone.")


class ChangeShape(Given):
    topic: str
    items: list[StepShape]


class ReceiptShape(Given):
    """What was searched: interactions by kind, the days they span, what could not be read, the nearest citations."""

    searched: dict[Kind, int]
    from_: str | None = Field(alias="from")
    to: str | None
    unreadable: list[str]
    nearest: list[str]


class TimingShape(Given):
    retrieve_ms: int
    total_ms: int


class UsageShape(Given):
    """What a language model was sent and sent back; null where none was asked."""

    model: str
    prompt_tokens: int
    completion_tokens: int
    cost: float | None
    currency: str | None
    estimated: bool


class KnownShape(Given):
    """Somebody as lists of participants and the CRM have them: nobody's words, and so no citation. `words` says all of it."""

    id: str
    name: str
    side: Side
    email: str | None
    title: str | None
    title_from: Literal["crm_or_list", "list", "signature"] | None
    calls: int
    spoke: int
    mails: int
    first: str | None
    last: str | None
    words: str


class AnswerShape(Given):
    id: str
    thread_id: str
    status: Literal["answered", "declined", "failed"]
    partial: bool
    unsaid: list[str] = []
    reason: Reason | None
    question: str
    standalone_question: str
    model: str
    as_of: str | None
    blocks: list[BlockShape]
    changes: list[ChangeShape]
    citations: list[CitationShape]
    people: list[KnownShape] = []
    unknown_person: str | None = None
    receipt: ReceiptShape
    removed_claims: int
    follow_ups: list[str]
    timing: TimingShape
    degraded: list[str]
    usage: UsageShape | None = None


class AnswerUnderway(Given):
    id: str
    thread_id: str
    status: Literal["running"]


class AnswerState(Given):
    id: str
    thread_id: str
    status: Literal["answered", "declined", "failed", "stopped"]
