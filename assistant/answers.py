"""A question, the unchecked draft, and the checked answer: claims that stand on exact quotes.

A `Draft` is what an answer model proposes; only `assistant.grounding.ground` turns one into an `Answer`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from ingest.records import LOW_CONFIDENCE, Kind, Side, Span

Status = Literal["answered", "declined", "failed"]
Reason = Literal["not_in_history", "false_premise", "out_of_scope", "ambiguous", "which_person", "which_talk", "not_permitted"]
ASKS_WHICH: frozenset[Reason] = frozenset({"ambiguous", "which_person", "which_talk"})
"""Declined with questions to choose from, where there are any."""
BlockKind = Literal["paragraph", "list", "table"]


@dataclass(frozen=True, slots=True)
class Exchange:
    """An earlier question of the same thread and what it was answered with."""

    question: str
    standalone: str
    answer: str
    cited: tuple[tuple[str, Span], ...] = ()
    """Which words of which interactions the answer quoted."""
    offered: tuple[str, ...] = ()
    """What it offered to be asked next."""


@dataclass(frozen=True, slots=True)
class Question:
    text: str
    account_id: str
    deal_id: str | None = None
    as_of: datetime | None = None
    kinds: frozenset[Kind] | None = None
    earlier: tuple[Exchange, ...] = ()
    """The thread so far, oldest first."""


@dataclass(frozen=True, slots=True)
class Quote:
    """Words a draft wants to stand on, in the passage they are said to come from. Unchecked."""

    passage_id: str
    text: str


@dataclass(frozen=True, slots=True)
class DraftClaim:
    text: str
    quotes: tuple[Quote, ...]
    support: float | None = None
    """How likely the model holds it that these words answer, 0 to 1; None where it has no view of its own."""


@dataclass(frozen=True, slots=True)
class DraftBlock:
    kind: BlockKind
    claims: tuple[DraftClaim, ...]
    heading: str = ""


@dataclass(frozen=True, slots=True)
class DraftStep:
    """One position in a topic that changed, in the order of time."""

    on: str
    claim: DraftClaim
    superseded: bool


@dataclass(frozen=True, slots=True)
class DraftChange:
    topic: str
    steps: tuple[DraftStep, ...]


@dataclass(frozen=True, slots=True)
class Usage:
    """What one answer took of a language model, over all its tries."""

    model: str
    sent: int
    """Tokens, as is `received`."""
    received: int
    cost: float | None
    """In `currency`; None while no prices are set."""
    currency: str
    estimated: bool = False
    """The endpoint does not count; tokens are taken from the length of the text."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What a model proposes: claims in order, each with quotes; or nothing, with the reason."""

    blocks: tuple[DraftBlock, ...]
    reason: Reason | None = None
    """Set when the model finds no answer."""
    confidence: float = 0.0
    """How sure the model is that the history answers, on a scale of its own; below its threshold it declines."""
    model_tokens: int = 0
    """What a language model was sent and what it sent back."""
    usage: Usage | None = None
    own_words: bool = False
    """Claims are sentences of the model's and not words of the history."""
    changes: tuple[DraftChange, ...] = ()
    unsaid: tuple[str, ...] = ()
    """Parts of the question that the history does not answer, in the question's own words; without an answer, things it names that nobody
    ever spoke of: then nothing on record is about them either."""
    follow_ups: tuple[str, ...] = ()

    @property
    def about_nothing(self) -> bool:
        return not self.blocks and bool(self.unsaid)


@dataclass(frozen=True, slots=True)
class Speaker:
    name: str
    email: str
    side: Side
    title: str = ""


@dataclass(frozen=True, slots=True)
class Locator:
    """Where in the original: `time` in a call (milliseconds from its start), `message` in a mail or note, `field` in a CRM record,
    `page` in a document."""

    type: Literal["time", "message", "field", "page"]
    start_ms: int | None = None
    end_ms: int | None = None
    page: int | None = None


@dataclass(frozen=True, slots=True)
class Citation:
    """`exact == text[span]` of the interaction whose text has this `text_sha256`; `prefix` and `suffix` are a little of what stands
    around it."""

    id: str
    kind: Kind
    interaction_id: str
    external_id: str
    title: str
    occurred_at: datetime | None
    url: str
    """The deep link to the moment where the tool has one, else to the interaction, else empty."""
    turn_id: str
    speaker: Speaker | None
    locator: Locator
    exact: str
    prefix: str
    suffix: str
    span: Span
    text_sha256: str
    internal: bool = False
    occurred_on: date | None = None
    """The day it was where it was said; `occurred_at` is UTC."""
    confidence: float | None = None
    """How sure the recogniser was of these words, 0 to 1: of several sentences the least; None where the tool gives none."""

    @property
    def low_confidence(self) -> bool:
        """Whether the words may have been heard wrongly: the quote is exact, but exact to what a machine heard."""
        return self.confidence is not None and self.confidence < LOW_CONFIDENCE


@dataclass(frozen=True, slots=True)
class Claim:
    """A sentence of an answer and what it stands on: ids of at least one citation. `support` is 0 to 1."""

    id: str
    text: str
    citations: tuple[str, ...]
    support: float
    check: Literal["supported", "weak"] = "supported"


@dataclass(frozen=True, slots=True)
class Block:
    kind: BlockKind
    claims: tuple[Claim, ...]
    heading: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """One position in a topic that changed."""

    on: str
    text: str
    citations: tuple[str, ...]
    superseded: bool


@dataclass(frozen=True, slots=True)
class Change:
    topic: str
    items: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Known:
    """Somebody as the lists of participants and the CRM have them: nobody's words, and so without a citation.

    `calls` and `mails` are those of which a list of participants has them, or in which they speak, among what was asked about; `spoke`
    the calls in which they speak. A title of the CRM's is kept as one with those of lists: which it is cannot be told apart.
    """

    id: str
    name: str
    side: Side
    email: str
    title: str
    title_from: Literal["crm_or_list", "list", "signature", ""]
    calls: int
    spoke: int
    mails: int
    first: date | None
    last: date | None


@dataclass(frozen=True, slots=True)
class Receipt:
    """What was searched: interactions by kind, the dates they span, what could not be read, and the closest citations' ids."""

    searched: dict[Kind, int]
    first: date | None
    last: date | None
    unreadable: tuple[str, ...] = ()
    nearest: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """Every citation id in blocks, changes and receipt is found in `citations`. A declined answer has no blocks unless a false premise
    is corrected."""

    id: str
    thread_id: str
    status: Status
    question: Question
    standalone: str
    model: str
    blocks: tuple[Block, ...]
    citations: tuple[Citation, ...]
    receipt: Receipt
    reason: Reason | None = None
    changes: tuple[Change, ...] = ()
    removed_claims: int = 0
    follow_ups: tuple[str, ...] = ()
    degraded: tuple[str, ...] = ()
    retrieve_ms: int = 0
    total_ms: int = 0
    partial: bool = False
    unsaid: tuple[str, ...] = ()
    """What a partial answer leaves open, in the question's own words."""
    confidence: float = 0.0
    """The draft's: comparable between answers of one model, and not shown to readers."""
    model_tokens: int = 0
    usage: Usage | None = None
    people: tuple[Known, ...] = ()
    """Whom it asks about, or those that it may mean."""
    unknown: str = ""
    """The name it asks about, where nobody bears it and nobody ever said it."""

    @property
    def understood_as(self) -> str:
        """The question so that it can be read alone, where that is not how it was put; else empty."""
        return "" if self.standalone == " ".join(self.question.text.split()) else self.standalone
