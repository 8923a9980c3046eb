"""The JSON other programs rely on, as pydantic models: what OpenAPI documents and what every response is held to.

Requests refuse fields they do not know; responses may carry more than is named here, never less.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from assistant.brief.states import State as FieldState
from assistant.brief.states import Tier
from ingest.records import Kind, Role, Side

MOST_CHARACTERS = 4000
"""Of a question."""

Reason = Literal["not_in_history", "false_premise", "out_of_scope", "ambiguous", "not_permitted"]
Strength = Literal["firm", "conditional", "best_effort", "roadmap_statement", "hypothetical", "declined", "retracted"]
RiskKind = Literal["budget", "political", "technical", "timeline", "adoption", "legal", "competitive", "expectation"]
BriefState = Literal["composing", "draft", "reviewed", "accepted", "accepted_with_gaps", "returned", "superseded"]
ContractStatus = Literal["covered", "contradicted", "silent", "excluded", "no_contract"]
PromiseStatus = Literal["open", "kept", "at_risk", "broken", "waived"]


class Sent(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Given(BaseModel):
    model_config = ConfigDict(extra="allow")


class AskRequest(Sent):
    question: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=MOST_CHARACTERS)]
    thread_id: Annotated[str, StringConstraints(max_length=80)] | None = None
    deal_id: Annotated[str, StringConstraints(max_length=80)] | None = None
    as_of: date | datetime | None = Field(
        None, description="Nothing later is read. A date means the end of that day in the organisation's time zone."
    )
    kinds: Annotated[list[Kind], Field(min_length=1, max_length=8)] | None = None


class VisitToken(Sent):
    token: Annotated[str, StringConstraints(min_length=20, max_length=4000)]


class AccountRef(Given):
    id: str
    slug: str
    name: str


class VisitBegun(Given):
    """`bearer` goes into `Authorization: Bearer` of the frame's requests; after `expires_in` seconds it opens nothing."""

    bearer: str
    expires_in: int
    account: AccountRef


class BriefRequest(Sent):
    deal_id: Annotated[str, StringConstraints(max_length=80)] | None = None


class LineAct(Sent):
    act: Literal["keep", "edit", "remove", "undo"]
    text: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=MOST_CHARACTERS)] | None = None
    because: Literal["wrong", "confidential", "not_useful"] | None = None
    as_note: bool = Field(False, description="Keep an edit that says more than its source, as an AE note.")

    @model_validator(mode="after")
    def whole(self) -> Self:
        if self.act == "edit" and self.text is None:
            raise ValueError("an edit needs its text")
        if self.act == "remove" and self.because is None:
            raise ValueError("say why: wrong, confidential or not_useful")
        return self


class GapAct(Sent):
    act: Literal["answer", "dismiss", "undo"]
    text: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=MOST_CHARACTERS)] | None = None

    @model_validator(mode="after")
    def whole(self) -> Self:
        if self.act == "answer" and self.text is None:
            raise ValueError("an answer needs its text")
        return self


class GapAsked(Sent):
    question: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=MOST_CHARACTERS)]
    answer_id: Annotated[str, StringConstraints(max_length=80)] | None = Field(
        None, description="The answer that did not find it: its receipt and nearest passages go with the question."
    )


class FeedbackGiven(Sent):
    rating: Literal["up", "down"]
    reasons: Annotated[list[Literal["wrong", "not_in_source", "missed", "too_long"]], Field(max_length=4)] = []
    text: Annotated[str, StringConstraints(strip_whitespace=True, max_length=2000)] = ""


class ApproveRequest(Sent):
    with_open: bool = Field(False, description="Approve although something was not looked at.")


class ReturnRequest(Sent):
    because: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=MOST_CHARACTERS)]


class SignInRequest(Sent):
    code: Annotated[str, StringConstraints(min_length=1, max_length=200)]


class ProviderRef(Given):
    name: str


class WaysIn(Given):
    """`single_sign_on` is null where no provider is set."""

    single_sign_on: ProviderRef | None


Standing = Literal["admin", "ae", "csm", "viewer"]
Permitted = Literal["read", "ask", "brief:write", "metrics", "admin"]
Reached = Literal["all", "owner", "listed"]
AccountNames = Annotated[list[Annotated[str, StringConstraints(max_length=200)]], Field(max_length=500)]


class UserInvite(Sent):
    """Of somebody known, what is not said stays. `reach` is `owner` for the accounts whose deals the CRM says are theirs."""

    email: Annotated[str, StringConstraints(strip_whitespace=True, min_length=3, max_length=254, pattern=r"^[^@\s]+@[^@\s]+$")]
    name: Annotated[str, StringConstraints(max_length=200)] = ""
    role: Standing | None = None
    reach: Reached | None = None
    accounts: AccountNames | None = None


class UserChange(Sent):
    name: Annotated[str, StringConstraints(max_length=200)] = ""
    role: Standing | None = None
    reach: Reached | None = None
    accounts: AccountNames | None = None
    suspended: bool | None = None


class UserShape(Given):
    id: str
    name: str
    email: str | None
    role: Standing
    reach: Reached
    accounts: list[str]
    sees: int = Field(description="How many accounts today.")
    created_at: str
    last_seen_at: str | None
    suspended_at: str | None


class UserPage(Given):
    items: list[UserShape]


class Invited(Given):
    user: UserShape
    code: str


class KeyRequest(Sent):
    """Of all accounts unless some are named; with `user`, a key of that person's own, which sees what they see."""

    name: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
    role: Standing = "csm"
    permissions: Annotated[list[Permitted], Field(min_length=1, max_length=5)] | None = None
    accounts: AccountNames | None = None
    user: Annotated[str, StringConstraints(max_length=80)] | None = None
    days: Annotated[int, Field(ge=1, le=3650)] | None = Field(365, description="How long it is good; null: it does not expire.")

    @model_validator(mode="after")
    def whole(self) -> Self:
        if self.user is not None and (self.accounts is not None or "role" in self.model_fields_set):
            raise ValueError("a person's own key sees what they see; leave out role and accounts, or leave out user")
        return self


class UserOfKey(Given):
    id: str
    email: str


class KeyShape(Given):
    prefix: str
    name: str
    user: UserOfKey | None
    role: Standing
    permissions: list[str]
    accounts: list[str] | None
    state: Literal["valid", "revoked", "suspended", "expired"]
    created_at: str
    expires_at: str | None
    last_used_at: str | None
    revoked_at: str | None


class KeyPage(Given):
    items: list[KeyShape]


class KeyMade(KeyShape):
    key: str


class AuditEntry(Given):
    """`targets` are ids; `outcome` is the HTTP status, 0 where there was none."""

    number: int
    at: str
    principal_id: str
    credential: str
    action: str
    targets: list[str]
    outcome: int
    request_id: str
    hash: str


class AuditPage(Given):
    items: list[AuditEntry]
    next_cursor: str | None


class ThreadSharing(Sent):
    shared: bool


class ThreadItem(Given):
    """Named by its first question; `own` says whether you began it."""

    id: str
    account: str
    question: str
    begun_at: str
    shared: bool
    own: bool


class ThreadPage(Given):
    items: list[ThreadItem]
    next_cursor: str | None


class Me(Given):
    """`accounts` is how many you see; `session` the id of this browser's, null for a key."""

    id: str
    name: str
    role: Literal["admin", "ae", "csm", "viewer"]
    permissions: list[str]
    internal: bool
    accounts: int
    session: str | None


class UserRef(Given):
    id: str
    name: str
    email: str


class SessionShape(Given):
    id: str
    user: UserRef
    begun_at: str
    seen_at: str
    expires_at: str
    current: bool


class SessionPage(Given):
    items: list[SessionShape]


class ProblemBody(Given):
    """RFC 9457; `code` is stable, `detail` is a sentence for a person."""

    type: str
    title: str
    status: int
    code: str
    detail: str
    request_id: str


class BriefMark(Given):
    state: BriefState
    gaps: int


class AccountShape(Given):
    id: str
    slug: str
    name: str
    domains: list[str]
    external_refs: list[str]
    stage: str | None
    closed_on: str | None
    sources: dict[Kind, int]
    brief: BriefMark | None


class AccountPage(Given):
    items: list[AccountShape]
    next_cursor: str | None


class SourceRef(Given):
    id: str
    external_id: str
    title: str
    occurred_at: str | None
    occurred_on: str | None = None
    """The day it was where it was said; `occurred_at` is UTC."""
    url: str | None


class SpeakerShape(Given):
    name: str
    email: str | None
    side: Side


class LocatorShape(Given):
    type: Literal["time", "message", "field", "page"]
    start_ms: int | None
    end_ms: int | None


class QuoteShape(Given):
    """`exact` is a verbatim slice of the source's stored text; `start` and `end` are code points in that text."""

    exact: str
    prefix: str
    suffix: str
    start: int
    end: int


class CitationShape(Given):
    id: str
    number: int
    kind: Kind
    source: SourceRef
    turn_id: str | None
    speaker: SpeakerShape | None
    locator: LocatorShape
    quote: QuoteShape
    match: Literal["exact"]
    text_sha256: str
    confidence: float | None = Field(None, description="How sure the recogniser was of these words, 0 to 1; null where none is given.")
    low_confidence: bool = Field(False, description="The words are as transcribed and may have been heard wrongly.")
    tier: Tier | None = Field(None, description="In a brief: on which tier of evidence it stands.")


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


class DueShape(Given):
    as_said: str
    date: str | None


class GoalShape(Given):
    text: str
    metric: str | None
    baseline: str | None
    target: str | None
    due: DueShape | None
    owner: str | None
    citations: list[str]


class PartyShape(Given):
    name: str
    side: Side


class RelianceShape(Given):
    """How far the customer leans on a promise: taken, said back, or decided and planned upon."""

    level: Literal["acknowledged", "restated", "depended_on"]
    citation: str


class PromiseShape(Given):
    id: str
    text: str
    kind: str
    strength: Strength
    conditions: str | None
    made_by: PartyShape
    made_to: PartyShape | None
    made_on: str | None
    due: DueShape | None
    supersedes: str | None
    current: bool
    contract: ContractStatus
    contract_citation: str | None
    citations: list[str]
    support: float
    state: Literal["evidenced", "attested", "inferred", "disputed"]
    status: PromiseStatus
    status_on: str | None
    reliance: RelianceShape | None = None
    because_citation: str | None = None


class PromiseRow(PromiseShape):
    account: AccountRef
    deal_id: str | None
    contract_text: str | None
    status_because: str | None
    status_by: str | None
    status_citations: list[str]


class PromisePage(Given):
    """`total` and `accounts` count everything that fits, not this page."""

    items: list[PromiseRow]
    total: int
    accounts: int
    citations: list[CitationShape]
    next_cursor: str | None


class MarkShape(Given):
    status: PromiseStatus
    because: str
    by: str
    at: str
    undone_at: str | None


class PromiseHistory(Given):
    promise: PromiseRow
    history: list[MarkShape]
    citations: list[CitationShape]


class RecalledShape(Given):
    """`promises` are those on record that it fits, the nearest first; empty where nothing like it is."""

    account: AccountRef
    text: str
    said_by: PartyShape
    said_on: str | None
    citation: str
    promises: list[PromiseRow]


class RecalledPage(Given):
    items: list[RecalledShape]
    citations: list[CitationShape]


class PromiseMarked(Sent):
    status: PromiseStatus
    because: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=1000)]


class RiskShape(Given):
    text: str
    kind: RiskKind
    first_seen: str | None
    last_seen: str | None
    resolved: bool
    citations: list[str]


class PersonShape(Given):
    name: str
    email: str | None
    title: str | None
    side: Side
    roles: list[str]
    stance: Literal["advocate", "neutral", "sceptic", "unknown"]
    cares_about: Any
    last_contact: str | None
    citations: list[str]


class CommercialShape(Given):
    label: str
    value: str
    claims: list[ClaimShape]


class MomentShape(Given):
    date: str
    text: str
    citations: list[str]


class AskedShape(Given):
    question: str
    answer: ClaimShape


class ArtefactShape(Given):
    title: str
    kind: str
    url: str | None


class GapShape(Given):
    id: str
    kind: str = Field("missing", description="Which sort of gap: put_off, denied, stand_in, listed, missing …")
    question: str
    why: str
    ask: Literal["ae", "customer", "internal"]
    receipt: ReceiptShape


class FieldShape(Given):
    """How far one field of the brief is known; never blank."""

    name: str
    section: str
    state: FieldState
    value: str
    citations: list[str]


class CoverageShape(Given):
    calls_without_transcript: list[Any]
    silent_months: list[str]


class StaleSource(Given):
    id: str
    title: str


class StaleShape(Given):
    source: StaleSource
    why: Literal["changed", "gone"]
    citations: list[str]


class RequirementShape(ClaimShape):
    """`required`: it must or must not be so; `fact`: it is so today."""

    kind: Literal["technical", "security"] | None = None
    manner: Literal["required", "fact"] | None = None


class RivalShape(Given):
    """A named alternative; `incumbent` where it is what they have today or had."""

    name: str
    incumbent: bool
    claims: list[ClaimShape]


class ConflictShape(Given):
    """Two statements that cannot both hold; `recap` is a machine's summary against the talk, which is secondary and never right."""

    kind: Literal["seller", "contract", "customer", "recap"]
    how: Literal["day", "figure", "refused", "taken back", "paper"]
    one: ClaimShape
    other: ClaimShape
    promise: str | None


class BriefShape(Given):
    id: str
    account: str
    deal_id: str | None
    version: int
    state: BriefState
    as_of: str | None
    composed_at: str
    model: str
    words: int
    support: float
    story: list[ClaimShape]
    why: list[ClaimShape]
    goals: list[GoalShape]
    promises: list[PromiseShape]
    risks: list[RiskShape]
    people: list[PersonShape]
    requirements: list[RequirementShape]
    commercials: list[CommercialShape]
    timeline: list[MomentShape]
    decision: list[ClaimShape]
    changes: list[ChangeShape]
    rivals: list[RivalShape] = []
    conflicts: list[ConflictShape] = []
    asked_already: list[AskedShape]
    artefacts: list[ArtefactShape]
    gaps: list[GapShape]
    kickoff: list[Any]
    citations: list[CitationShape]
    receipt: ReceiptShape
    coverage: CoverageShape
    stale: list[StaleShape] = []
    field_states: list[FieldShape] = []
    preview: bool = Field(False, description="Composed of a deal that is not closed.")


class BriefVersion(Given):
    id: str
    deal_id: str | None
    version: int
    state: BriefState
    composed_at: str
    words: int
    revision: int
    gaps: int


class BriefVersions(Given):
    items: list[BriefVersion]
    next_cursor: str | None


class ReviewItem(Given):
    """One thing for the account executive to look at, by its number in the list."""

    number: int
    kind: Literal["gap", "promise", "conflict"]
    id: str
    text: str
    why: str
    citations: list[str]
    done: bool


class ReviewActShape(Given):
    number: int
    at: str
    by: str
    act: str
    line: str
    detail: dict[str, Any]


class ReviewShape(Given):
    id: str
    version: int
    state: BriefState
    revision: int
    returned_because: str | None
    items: list[ReviewItem]
    removed: list[Any]
    attested: list[Any]
    history: list[ReviewActShape]


class DifferenceShape(Given):
    section: str
    what: Literal["added", "removed", "changed"]
    line: str
    before: str
    after: str
    fields: list[str]


class DifferencePage(Given):
    from_version: int
    to_version: int
    items: list[DifferenceShape]


class GapPage(Given):
    """Of the newest version; `brief` is its id, or null where none was composed yet."""

    brief: str | None
    items: list[GapShape]
    answered: list[Any]
    next_cursor: str | None


class GapAdded(Given):
    """`brief` is the version the question was put on."""

    brief: str
    item: GapShape


class BriefStarted(Given):
    id: str
    state: BriefState
    version: int
    deal_id: str | None


class ParticipantShape(Given):
    name: str
    email: str | None
    side: Side
    title: str | None


class AlternateShape(Given):
    id: str
    tool: str
    external_id: str
    url: str | None


class SourceShape(SourceRef):
    """One interaction: who took part, when, and how much was said; its words are its segments."""

    account: AccountRef
    deal_id: str | None
    kind: Kind
    tool: str
    internal: bool
    version: int
    text_sha256: str
    participants: list[ParticipantShape]
    segments: int
    alternates: list[AlternateShape] = Field(description="The same call, mail or note as other tools tell it; each id opens its own words.")


class VoiceShape(Given):
    """`spans` are pairs of milliseconds from the start; `share` is of all that was spoken, 0 to 1."""

    name: str
    side: Side
    share: float
    spans: list[tuple[int, int]]


class TalkShape(Given):
    length_ms: int
    speakers: list[VoiceShape]


class OpenedSource(SourceShape):
    talk: TalkShape | None = Field(description="Who spoke when; null where nothing has a time.")


class SourcePage(Given):
    items: list[SourceShape]
    next_cursor: str | None
    total: int


class SegmentShape(Given):
    """A turn: `text` stands at `start` to `end` of the source's stored text. Only the role `said` is ever cited."""

    id: str
    position: int
    turn_id: str | None
    role: Role
    speaker: ParticipantShape | None
    start_ms: int | None
    end_ms: int | None
    page: int | None
    heading: str | None
    start: int
    end: int
    text: str
    confidence: float | None = Field(None, description="How sure the recogniser was of the turn, 0 to 1; null where the tool gives none.")
    low_confidence: bool = Field(False, description="The turn is as transcribed and may have been heard wrongly.")


class SegmentWindow(Given):
    source_id: str
    text_sha256: str
    current: bool = Field(description="False when these are the words of an earlier version that a citation was taken from.")
    before: int = Field(description="Segments above this window.")
    after: int = Field(description="Segments below this window.")
    items: list[SegmentShape]


class OpenedCitation(CitationShape):
    """A citation and where to open it; `current` is false when its source has been edited since."""

    account: AccountRef
    current: bool


class RunShape(Given):
    """One `baton ingest`; `finished_at` is null where it is running or was killed."""

    id: str
    started_at: str
    finished_at: str | None
    new: int
    changed: int
    unchanged: int
    removed: int
    held: int
    failed: int


class FailedInput(Given):
    file: str
    line: int | None
    reason: str
    detail: str


class ImportPage(Given):
    """Newest run first; `inputs` counts the groups of files read by format, `failed` is what is set aside today."""

    items: list[RunShape]
    inputs: dict[str, int]
    held: int
    failed: list[FailedInput]


class HeldShape(Given):
    """Something no account could be found for: `teachable` says by which of its marks others like it could be placed by themselves."""

    id: str
    file: str
    reason: str
    hint: str
    candidates: list[str]
    kind: str
    title: str
    occurred_at: str | None
    people: list[str]
    teachable: dict[str, list[str]]


class HeldPage(Given):
    items: list[HeldShape]


class TaughtShape(Given):
    kind: str
    value: str


class DecidedShape(Given):
    id: str
    file: str
    title: str
    account: AccountRef | None
    decided_at: str
    taught: list[TaughtShape]


class DecidedPage(Given):
    items: list[DecidedShape]


class HeldAssigned(Sent):
    account: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
    new: bool = Field(False, description="Make the account, where none goes by that name.")
    teach: Annotated[list[Annotated[str, StringConstraints(max_length=300)]], Field(max_length=20)] = Field(
        [], description="`domain`, `contact`, `person`, `channel` or `folder`, each with `=VALUE` where there are several."
    )


class HeldOutcome(Given):
    """`filed` is false where the file is no longer there: the decision holds when it comes back."""

    filed: bool
    gone: list[str]
    new: int
    changed: int
    removed: int
    taught: list[TaughtShape]
    held: list[HeldShape]


class KnownPerson(ParticipantShape):
    """`read_as_this` are those who were said to be the same person."""

    id: str
    roles: list[str]
    read_as_this: list[KnownPerson] = []


class PeoplePage(Given):
    items: list[KnownPerson]


class PersonSplit(Sent):
    person: Annotated[str, StringConstraints(min_length=1, max_length=80)]


class PersonMerged(PersonSplit):
    into: Annotated[str, StringConstraints(min_length=1, max_length=80)]


class EvaluationShape(Given):
    """The newest run of `baton eval`; `checks` are null where it was not held against a baseline."""

    name: str
    at: str
    deals: list[str]
    passed: bool | None
    fault: str | None
    checks: list[dict[str, Any]] | None
    measures: dict[str, Any]
    questions: list[dict[str, Any]]


class OurDomain(Given):
    domain: str
    because: str


class ModelShape(Given):
    """`host` is where words are sent; null where nothing leaves this machine."""

    name: str
    host: str | None


class SettingsShape(Given):
    """What is in force, read only. `model` null: answers are the history's own words. `retention` in days, null for ever."""

    version: str
    our_domains: list[OurDomain]
    partner_domains: list[str]
    timezone: str
    embedding: ModelShape
    model: ModelShape | None
    retention: dict[str, int | None]
    degraded: list[str]


class Health(Given):
    status: Literal["ok"]


class Readiness(Given):
    status: Literal["ready", "degraded"]
    degraded: list[str]


class EventShape(Given):
    """One event of an answer as a stream; its name on the wire is its `type`, its id there its `seq`."""

    seq: int


class SearchedSource(Given):
    id: str
    kind: Kind
    title: str
    occurred_at: str | None


class AnswerStarted(EventShape):
    type: Literal["answer.started"]
    answer_id: str
    """With it the answer can be read, heard again and stopped while it is made and for five minutes after. The whole answer has an id of
    its own, which lasts."""
    thread_id: str
    number_of_sources: int


class AnswerSearch(EventShape):
    type: Literal["answer.search"]
    read: int
    total: int
    sources: list[SearchedSource]


class AnswerDelta(EventShape):
    """A claim that was checked, whole."""

    type: Literal["answer.delta"]
    block: int
    claim: str
    text: str


class AnswerCitation(EventShape):
    type: Literal["answer.citation"]
    claim: str
    citation: CitationShape


class AnswerCheck(EventShape):
    """`removed`: the claim was told and stands no longer."""

    type: Literal["answer.check"]
    claim: str
    check: Literal["supported", "weak", "removed"]


class AnswerCompleted(EventShape):
    """The whole answer; all events before may be ignored."""

    type: Literal["answer.completed", "answer.declined"]
    answer: AnswerShape


class AnswerFollowUps(EventShape):
    type: Literal["answer.followups"]
    items: list[str]


class AnswerError(EventShape):
    """The stream ends with it."""

    type: Literal["error"]
    problem: ProblemBody


EVENTS = (AnswerStarted, AnswerSearch, AnswerDelta, AnswerCitation, AnswerCheck, AnswerCompleted, AnswerFollowUps, AnswerError)


class ThreadShape(ThreadItem):
    answers: list[AnswerShape]
