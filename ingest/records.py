"""What a source gives: accounts, people, deals, and the interactions in which somebody said something.

A parser in `ingest.sources` makes these from one tool's export; `ingest.sync` decides which account each belongs to and
puts it into the archive. Nothing here knows about accounts' ids in the archive, files on disk or databases.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import accumulate
from typing import Any, Literal, NamedTuple

Side = Literal["seller", "buyer", "partner", "unknown"]
Kind = Literal["call", "email", "crm_note", "crm_field", "doc", "chat", "meeting", "ae_note"]
Role = Literal["said", "quoted", "signature", "boilerplate", "derived", "hidden"]
"""What a turn is good for. Only `said` is evidence. `quoted` is an earlier mail's text repeated below this one, `derived` a
machine's summary, `hidden` text a reader of the original would not have seen."""

CONTACT_ROLES = "Contact roles"
"""Heading of the turn of a deal's record that says who plays what part in it: `Economic buyer, champion: Dana O'Neill` a line."""

TURN_BREAK = "\n\n"

LOW_CONFIDENCE = 0.7
"""Below this, what a recogniser heard is shown as transcribed with low confidence. Recognisers' figures are not calibrated; .70 is where
people who clean up Microsoft's captions look twice (the R package `rock`, `clean_source_from_teams`)."""

LATEST_S = 10_000_000
"""No call has a moment later than this many seconds; what claims one is a mistake."""


class Span(NamedTuple):
    """Characters `start` to `end` (half open, Unicode code points) of `text_of(interaction)`."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Link:
    """A reference a source makes to a record elsewhere: `Link("salesforce", "account", "001…")`, `Link("hubspot", "deal", "46…")`.

    `Link("name", "account", "Halden Freight Group")` names an account in words.
    """

    system: str
    type: str
    id: str


@dataclass(frozen=True, slots=True)
class Participant:
    """Somebody in an interaction, as the source names them; `side` is what the source claims, the archive decides."""

    name: str
    email: str = ""
    title: str = ""
    side: Side = "unknown"


class Mark(NamedTuple):
    """A moment inside a turn: the sentence that begins at character `at` of the turn's text is heard from `starts_s` to `ends_s`."""

    at: int
    starts_s: float
    ends_s: float
    confidence: float | None = None
    """How sure the recogniser was of this sentence, as `Turn.confidence`."""


@dataclass(frozen=True, slots=True)
class Turn:
    """What one person said in one go: a call turn, a mail's new text, a note, a section or page of a document."""

    text: str
    speaker: Participant | None = None
    role: Role = "said"
    starts_s: float | None = None
    """Seconds from the start of the call."""
    ends_s: float | None = None
    native_id: str = ""
    page: int | None = None
    """Page of a document, from 1."""
    heading: str = ""
    marks: tuple[Mark, ...] = ()
    confidence: float | None = None
    """How sure the recogniser was of what it heard, 0 to 1, as the tool gives it; of a turn of several pieces their mean by length. None
    where the tool gives none, or a person wrote it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Interaction:
    """One call, mail, note or document as a source gives it. Use the kinds below, not this."""

    source: str
    """The tool the words come from: gong, fireflies, zoom, mail, hubspot, salesforce, jsonl, file."""
    external_id: str
    """The id in that tool; for mail the Message-ID without its angle brackets, for a loose file a hash of its content."""
    title: str
    occurred_at: datetime | None
    """Aware, with the offset of where it was said as far as the source tells, else the organisation's: its date is the day that people
    there call it. None where the source does not say; never the time of import."""
    turns: tuple[Turn, ...]
    participants: tuple[Participant, ...] = ()
    url: str = ""
    links: tuple[Link, ...] = ()
    aliases: tuple[str, ...] = ()
    """Other names the same interaction goes by (the Message-ID inside a CRM's copy of a mail, an alternate url)."""
    meta: dict[str, Any] = field(default_factory=dict)
    """Whatever else the source says, JSON values only; kept, never searched."""
    file: str = ""
    """Where it was read: a path relative to the folder that was ingested, `a.jsonl:17` for a line, `a.eml::b.pdf` for an attachment."""
    internal: bool = False
    """Said among ourselves, out of the customer's hearing."""
    revised_at: datetime | None = None
    """When the source last changed it, where it says so: of two copies of one thing the later revision counts. Not kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Call(Interaction):
    duration_s: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Email(Interaction):
    message_id: str = ""
    in_reply_to: str = ""
    references: tuple[str, ...] = ()
    automatic: bool = False
    """An auto-reply, bounce or mass mail by its own headers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Note(Interaction):
    """Somebody's free words in the CRM."""

    form: Literal["note", "task", "call_log", "next_step"] = "note"


@dataclass(frozen=True, slots=True, kw_only=True)
class Record(Interaction):
    """CRM fields, one turn, rendered `Field: value` a line, so that a quote of a field is a slice too."""

    record: Literal["account", "deal", "contact"] = "deal"


@dataclass(frozen=True, slots=True, kw_only=True)
class Document(Interaction):
    media_type: str = ""
    attached_to: str = ""
    """`external_id` of the mail that carried it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chat(Interaction):
    """Messages of a channel or meeting, a turn each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Meeting(Interaction):
    """A calendar entry: who was asked to what, when."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AeNote(Interaction):
    """An account executive's answer to a gap question, attested by name."""


KINDS: dict[type[Interaction], Kind] = {
    Call: "call", Email: "email", Note: "crm_note", Record: "crm_field",
    Document: "doc", Chat: "chat", Meeting: "meeting", AeNote: "ae_note",
}  # fmt: skip


def kind_of(interaction: Interaction) -> Kind:
    return KINDS[type(interaction)]


def text_of(interaction: Interaction) -> str:
    """The whole stored text, all turns whatever their role; every span and every citation points into this string."""
    return TURN_BREAK.join(turn.text for turn in interaction.turns)


def spans_of(interaction: Interaction) -> tuple[Span, ...]:
    """Where each turn stands in `text_of(interaction)`."""
    ends = accumulate(len(turn.text) + len(TURN_BREAK) for turn in interaction.turns)
    return tuple(
        Span(end - len(turn.text) - len(TURN_BREAK), end - len(TURN_BREAK)) for turn, end in zip(interaction.turns, ends, strict=True)
    )


@dataclass(frozen=True, slots=True)
class CrmAccount:
    """A company as the CRM knows it."""

    name: str
    links: tuple[Link, ...]
    domains: tuple[str, ...] = ()
    file: str = ""


@dataclass(frozen=True, slots=True)
class CrmPerson:
    """A contact (`account` set) or one of our own users and owners (`ours`)."""

    participant: Participant
    links: tuple[Link, ...] = ()
    account: Link | None = None
    ours: bool = False
    file: str = ""
    roles: tuple[str, ...] = ()
    """What part they play in a deal, as the CRM lists it: decision maker, champion …"""


@dataclass(frozen=True, slots=True)
class CrmDeal:
    name: str
    links: tuple[Link, ...]
    account: Link
    stage: str = ""
    won: bool = False
    closed: bool = False
    closed_on: str = ""
    """ISO date, empty while open."""
    amount: float | None = None
    currency: str = ""
    owner_email: str = ""
    term_months: int | None = None
    seats: int | None = None
    opened_on: str = ""
    file: str = ""
    opened_at: datetime | None = None
    """Since when it is there, and below since when it is closed: aware; of a day alone its beginning on the organisation's calendar."""
    closed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Failure:
    """An input, or a part of one, that could not be read: set aside, named, never silently dropped."""

    file: str
    reason: str
    """A short machine word: truncated_json, unknown_format, no_text, too_large, not_valid …"""
    detail: str
    """One sentence for a person: what is wrong and what helps."""
    line: int | None = None


class Gone(NamedTuple):
    """What a source says it has deleted: `graph:AAMk…`, `salesforce:00T…`, as `gone_names` has it."""

    name: str
    at: datetime | None = None
    """When it was deleted, or last changed."""


def gone_names(tool: str, external_id: str, aliases: Sequence[str]) -> frozenset[str]:
    """The names under which a source may later say that it deleted an interaction."""
    own = external_id[:15] if tool == "salesforce" else external_id.partition(":")[0] if tool == "hubspot" else external_id
    return frozenset({f"{tool}:{own}", *(alias for alias in aliases if alias.startswith(("graph:", "gmail:")))})


@dataclass(frozen=True, slots=True)
class Reading:
    """Everything one group of files held."""

    accounts: tuple[CrmAccount, ...] = ()
    people: tuple[CrmPerson, ...] = ()
    deals: tuple[CrmDeal, ...] = ()
    interactions: tuple[Interaction, ...] = ()
    failures: tuple[Failure, ...] = ()
    notices: tuple[Failure, ...] = ()
    """What was read although something about it is wrong: a mail without a date, a transcript without speakers."""
    gone: tuple[Gone, ...] = ()
    """What the files say was deleted, whenever and wherever it was read before."""
