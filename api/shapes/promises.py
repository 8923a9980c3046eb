"""The promise ledger: a promise, what became of it, what the customer recalls of it."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from api.shapes.accounts import AccountRef
from api.shapes.base import ContractStatus, Given, PromiseStatus, Sent, Strength
from api.shapes.evidence import CitationShape, SettingShape
from assistant.brief.states import Tier
from ingest.records import Side


class DueShape(Given):
    as_said: str
    date: str | None


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
    setting: SettingShape | None = Field(None, description="In a brief: the words that it answers or follows, where it says little alone.")
    tiers: list[Tier] = Field([], description="In a brief: the tiers of evidence it stands on, the weightiest first.")


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
