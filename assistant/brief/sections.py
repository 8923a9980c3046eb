"""The parts of a brief as types; `compose` fills them, `body` writes them as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

from assistant.answers import Change, Citation, Claim, Receipt
from assistant.brief.fields import AskWhom, Field
from assistant.conflicts import ConflictKind, How
from assistant.facts.commitment import Strength
from assistant.facts.contract import ContractStatus
from assistant.facts.promises import PromiseKind
from assistant.facts.reliance import Reliance
from assistant.facts.requirements import Manner, RequirementKind
from assistant.facts.role_choice import Stance
from assistant.facts.warnings import RiskKind
from assistant.promise import Status
from ingest.archive.rows import StoredAccount, StoredDeal, StoredPerson
from ingest.records import Side


@dataclass(frozen=True, slots=True)
class Party:
    name: str
    side: Side


@dataclass(frozen=True, slots=True)
class Due:
    """`on` only where the words can mean one day."""

    as_said: str
    on: date | None


@dataclass(frozen=True, slots=True)
class PromiseLine:
    id: str
    text: str
    kind: PromiseKind
    strength: Strength
    conditions: str
    made_by: Party
    made_to: Party | None
    made_on: date | None
    due: Due | None
    supersedes: str | None
    current: bool
    contract: ContractStatus
    contract_citation: str | None
    citations: tuple[str, ...]
    support: float = 1.0
    status: Status = "open"
    status_on: date | None = None
    reliance: Reliance | None = None
    """How far the customer leans on it; None where nothing shows that they do."""
    reliance_citation: str | None = None
    because_citation: str | None = None
    """Why it replaced the one that it supersedes, in the words said with it."""


@dataclass(frozen=True, slots=True)
class GoalLine:
    text: str
    metric: Field[str]
    baseline: Field[str]
    target: Field[str]
    due: Due | None
    owner: str
    citations: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RiskLine:
    text: str
    kind: RiskKind
    first_seen: date | None
    last_seen: date | None
    resolved: bool
    citations: tuple[str, ...]
    also: tuple[str, ...] = ()
    """Citations of other words that warn of the same."""
    likely: bool = False
    """By its words alone: then its kind is a guess, and no page names it."""


@dataclass(frozen=True, slots=True)
class PersonLine:
    person: StoredPerson
    roles: tuple[str, ...]
    stance: Stance
    cares_about: str
    last_contact: date | None
    citations: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Teammate:
    """One of ours who took part; `owner` where the CRM says the deal is theirs."""

    person: StoredPerson
    owner: bool


@dataclass(frozen=True, slots=True)
class Commercial:
    label: str
    value: str
    claims: tuple[Claim, ...]


@dataclass(frozen=True, slots=True)
class Moment:
    on: date
    text: str
    citations: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AskedLine:
    """A question of ours and the customer's answer to it."""

    question: str
    answer: Claim


@dataclass(frozen=True, slots=True)
class RequirementLine:
    kind: RequirementKind
    manner: Manner
    claim: Claim


@dataclass(frozen=True, slots=True)
class RivalLine:
    """A named alternative, and what was said about it, who compares first."""

    name: str
    incumbent: bool
    claims: tuple[Claim, ...]


@dataclass(frozen=True, slots=True)
class ConflictLine:
    """Two statements that cannot both hold; `promise` is the id of the one it is about."""

    kind: ConflictKind
    how: How
    one: Claim
    other: Claim
    promise: str | None


@dataclass(frozen=True, slots=True)
class Artefact:
    title: str
    kind: str
    url: str


@dataclass(frozen=True, slots=True)
class SettingLine:
    """Words that a line which means little alone answers or follows, with their own citation."""

    how: Literal["answers", "follows"]
    by: str
    text: str
    citation: str


@dataclass(frozen=True, slots=True)
class Gap:
    id: str
    question: str
    why: str
    ask: AskWhom
    receipt: Receipt
    """What was searched for the answer, with the nearest words."""
    kind: str = "missing"
    """Which sort of gap, such as `put_off` or `denied`."""
    searched_for: tuple[str, ...] = ()
    """The words looked for in all that was searched, as they were said."""


@dataclass(frozen=True, slots=True)
class Coverage:
    """What the brief could not see: calls whose words are missing, months in which nothing is on record, and people whose words count for
    neither side, those who said most first."""

    calls_without_transcript: tuple[str, ...]
    silent_months: tuple[str, ...]
    unknown_side: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Brief:
    """Every citation id in its parts is found in `citations`; every part may be empty, and `gaps` says what that means."""

    id: str
    account: StoredAccount
    deal: StoredDeal | None
    team: tuple[Teammate, ...]
    as_of: datetime | None
    composed_at: datetime
    why: tuple[Claim, ...]
    goals: tuple[GoalLine, ...]
    promises: tuple[PromiseLine, ...]
    risks: tuple[RiskLine, ...]
    people: tuple[PersonLine, ...]
    requirements: tuple[RequirementLine, ...]
    commercials: tuple[Commercial, ...]
    timeline: tuple[Moment, ...]
    decision: tuple[Claim, ...]
    changes: tuple[Change, ...]
    asked_already: tuple[AskedLine, ...]
    artefacts: tuple[Artefact, ...]
    gaps: tuple[Gap, ...]
    citations: tuple[Citation, ...]
    receipt: Receipt
    coverage: Coverage
    support: float
    rivals: tuple[RivalLine, ...] = ()
    conflicts: tuple[ConflictLine, ...] = ()
    settings: Mapping[str, SettingLine] = field(default_factory=dict)
    """By the citation of the line: what those that lean on the words before them lean on."""
    version: int = 0
    """Given by the archive when the brief is kept; 0 before."""
    state: Literal["draft"] = "draft"
    model: str = "extractive"
