"""What the archive gives back: the records as stored, with ids, resolved people and sides."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from ingest.records import Kind, Link, Mark, Role, Side, Span

if TYPE_CHECKING:  # slow to load, and only embeddings need it
    import numpy as np
    from numpy.typing import NDArray

Reach = Literal["all", "owner", "listed"]
"""Which accounts: every one, those whose deals the CRM says are theirs (and those listed), or those listed alone."""


@dataclass(frozen=True, slots=True)
class StoredAccount:
    id: str
    slug: str
    name: str
    domains: tuple[str, ...]
    links: tuple[Link, ...]
    """External references: CRM ids of the account."""
    also: tuple[str, ...] = ()
    """Other names it is found by: those it had, and those of accounts that were merged into it."""


@dataclass(frozen=True, slots=True)
class StoredPerson:
    """`account_id` is None for our own people and for partners; `side` follows the domains Baton holds to be ours today."""

    id: str
    name: str
    email: str
    title: str
    side: Side
    account_id: str | None
    links: tuple[Link, ...] = ()
    """External references: the person's CRM ids, as contact, user or owner."""
    roles: tuple[str, ...] = ()
    """As the CRM lists them: decision maker, champion …"""
    also: tuple[str, ...] = ()
    """Other accounts whose contact the CRM says they are, too."""


@dataclass(frozen=True, slots=True)
class StoredDeal:
    id: str
    account_id: str
    name: str
    links: tuple[Link, ...]
    stage: str
    won: bool
    closed: bool
    closed_on: str
    opened_on: str
    amount: float | None
    currency: str
    owner_email: str
    term_months: int | None
    seats: int | None
    opened_at: datetime | None = None
    """The moment `opened_on` begins to be true, and below that of `closed_on`; aware UTC, None where no more than the day is known."""
    closed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class StoredTurn:
    """`span` is where the turn stands in the interaction's text; `speaker_name` is as said in the source even if no person is known."""

    position: int
    span: Span
    role: Role
    speaker_name: str
    person: StoredPerson | None
    native_id: str
    starts_s: float | None
    ends_s: float | None
    page: int | None
    heading: str
    marks: tuple[Mark, ...]
    confidence: float | None = None
    """How sure the recogniser was of the turn, 0 to 1; None where nothing is known."""

    @property
    def side(self) -> Side:
        return self.person.side if self.person else "unknown"


@dataclass(frozen=True, slots=True)
class Alternate:
    """The same thing as another tool tells it; its id opens its own words."""

    id: str
    tool: str
    external_id: str
    url: str


@dataclass(frozen=True, slots=True)
class Source:
    """An interaction without its words: what lists and citations need."""

    id: str
    account_id: str
    deal_id: str | None
    kind: Kind
    tool: str
    external_id: str
    title: str
    occurred_at: datetime | None
    """Aware UTC."""
    url: str
    file: str
    internal: bool
    text_sha256: str
    version: int
    """1 when first seen, one more for each change of its text."""
    meta: dict[str, Any] = field(default_factory=dict)
    links: tuple[Link, ...] = ()
    aliases: tuple[str, ...] = ()
    detail: dict[str, Any] = field(default_factory=dict)
    """What only this kind of record says, by its field's name: duration_s, message_id, automatic, form, record, attached_to …"""
    alternate_of: str | None = None
    """The interaction that tells the same more richly: this one is reached by its id alone."""
    alternates: tuple[Alternate, ...] = ()
    offset_s: int = 0
    """Seconds by which the clock where it was said is ahead of UTC."""

    @property
    def occurred_on(self) -> date | None:
        """The day it was where it was said, which need not be the day in Greenwich."""
        return (self.occurred_at + timedelta(seconds=self.offset_s)).date() if self.occurred_at else None


class Outline(NamedTuple):
    """The little of an interaction that counting needs."""

    id: str
    account_id: str
    kind: Kind
    occurred_on: date | None


class Entry(NamedTuple):
    """What a list of everything says of an interaction, one out of sight too."""

    id: str
    account: str
    """Its name."""
    kind: Kind
    tool: str
    external_id: str
    title: str
    occurred_on: date | None
    file: str
    removed: bool


@dataclass(frozen=True, slots=True)
class StoredInteraction:
    """`text` is `text_of` of the record it was made from, to the character."""

    source: Source
    text: str
    turns: tuple[StoredTurn, ...]
    participants: tuple[StoredPerson, ...]


@dataclass(frozen=True, slots=True)
class StoredPassage:
    """A searchable slice: `text == interaction.text[span]`. `content` names its embedding."""

    id: str
    interaction_id: str
    account_id: str
    position: int
    """Index among the passages of its interaction."""
    turn: int
    span: Span
    text: str
    content: str


@dataclass(frozen=True, slots=True)
class Embedding:
    """A passage's vectors: `vector` float32[dimension], L2-normalised; `tokens` int8[n, dimension], each row a word piece scaled by 127,
    stop words and punctuation left out; `pieces` int32[n], the word pieces' ids in the same order; `starts` int32[n], the characters of
    the embedded text at which they begin."""

    vector: NDArray[np.float32]
    tokens: NDArray[np.int8]
    pieces: NDArray[np.int32]
    starts: NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Held:
    """An input that waits for a person: no account, or more than one, fits. Its words are not kept; they stay in its file."""

    file: str
    reason: str
    hint: str
    candidates: tuple[str, ...]
    """Names of the accounts that would fit."""
    item: str = ""
    """What it goes by: the same for every copy of it, wherever its file lies."""
    tool: str = ""
    external_id: str = ""
    kind: str = ""
    title: str = ""
    occurred_at: datetime | None = None
    people: tuple[str, ...] = ()
    """Who is in it, `Name <address>`."""
    teachable: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """What a decision on it can teach, by kind: domain, contact, person, channel, folder."""
    sketch: tuple[int, ...] = ()
    dismissed: bool = False
    origin: str = field(default="", compare=False)
    """The key of the input it came with; filled in by the archive."""


@dataclass(frozen=True, slots=True)
class Decision:
    """A person's word on what was held; with no account it is left out."""

    item: str
    account_id: str | None
    tool: str
    external_id: str
    origin: str
    file: str
    title: str
    sketch: tuple[int, ...]
    decided_at: datetime


@dataclass(frozen=True, slots=True)
class Alias:
    """Something by which an account is known because a person said so."""

    kind: str
    value: str
    account_id: str
    taught_by: str
    """The held item whose decision taught it; empty for a name that was given up."""


@dataclass(frozen=True, slots=True)
class Change:
    """What a person did to accounts or people, with what it takes to undo it."""

    number: int
    what: str
    about: str
    body: dict[str, Any]
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class Run:
    id: str
    started_at: datetime
    finished_at: datetime | None
    new: int
    changed: int
    unchanged: int
    removed: int
    held: int
    failed: int


@dataclass(frozen=True, slots=True)
class Input:
    """A group of files that was read, and what came of it."""

    key: str
    format: str
    digest: str
    outcome: dict[str, Any]
    root: str = ""
    """The folder that was ingested, from which its files have their names."""


@dataclass(frozen=True, slots=True)
class StoredPrincipal:
    """A person or program that may come in; `api.access` gives `role` a meaning."""

    id: str
    kind: Literal["person", "program"]
    name: str
    email: str
    """Folded; empty for a program, and for whoever works on the machine itself."""
    role: str
    reach: Reach
    made_at: datetime
    suspended_at: datetime | None = None
    listed: tuple[str, ...] = ()
    """Ids of the accounts that were named for them."""


@dataclass(frozen=True, slots=True)
class StoredKey:
    """An API key: only its hash is kept. `permissions` are words that `api.access` gives a meaning."""

    prefix: str
    principal_id: str
    name: str
    sha256: str
    permissions: tuple[str, ...]
    made_at: datetime
    made_by: str
    expires_at: datetime | None = None
    used_at: datetime | None = None
    revoked_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class StoredSession:
    """A browser that signed in; its cookie is kept as a hash alone. It ends at `expires_at`, or when it was not seen for long."""

    id: str
    principal_id: str
    begun_at: datetime
    seen_at: datetime
    expires_at: datetime
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class StoredThread:
    """Questions that belong together, known by the first of them."""

    id: str
    account_id: str
    owner_id: str
    shared: bool
    """With everybody who may see the account."""
    begun_at: datetime
    question: str


@dataclass(frozen=True, slots=True)
class PromiseMark:
    """What a person said became of a promise; one that was undone is kept for its history."""

    number: int
    promise_id: str
    account_id: str
    status: str
    because: str
    by: str
    at: datetime
    undone_at: datetime | None


@dataclass(frozen=True, slots=True)
class Opinion:
    """What a reader said about an answer."""

    answer_id: str
    account_id: str
    by: str
    at: datetime
    rating: str
    """`up` or `down`"""
    reasons: tuple[str, ...]
    text: str


@dataclass(frozen=True, slots=True)
class ReviewAct:
    """Something a person did with a version of a brief: to one of its lines, or (`line` empty) to the whole of it."""

    number: int
    brief_id: str
    at: datetime
    by: str
    act: str
    line: str
    detail: Mapping[str, Any]
