"""The handoff brief, section by section."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from api.shapes.answers import ChangeShape, ClaimShape, ReceiptShape
from api.shapes.base import BriefState, Given, RiskKind, Sent
from api.shapes.evidence import CitationShape, SettingShape
from api.shapes.promises import DueShape, PromiseShape
from assistant.brief.states import State as FieldState
from assistant.brief.states import Tier
from ingest.records import Side


class BriefRequest(Sent):
    deal_id: Annotated[str, StringConstraints(max_length=80)] | None = None


class BriefClaim(ClaimShape):
    setting: SettingShape | None = None
    tiers: list[Tier] = Field([], description="The tiers of evidence it stands on, the weightiest first.")


class GoalShape(Given):
    text: str
    metric: str | None
    baseline: str | None
    target: str | None
    due: DueShape | None
    owner: str | None
    citations: list[str]
    setting: SettingShape | None = None
    tiers: list[Tier] = []


class RiskShape(Given):
    text: str
    kind: RiskKind
    first_seen: str | None
    last_seen: str | None
    resolved: bool
    citations: list[str]
    also: list[str] = Field([], description="Citations of other words that warn of the same.")
    likely: bool = Field(False, description="A warning by its words alone, which no turn of phrase gives away; its kind is a guess.")
    setting: SettingShape | None = None
    tiers: list[Tier] = []


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
    tiers: list[Tier] = []


class CommercialShape(Given):
    label: str
    value: str
    claims: list[ClaimShape]
    tiers: list[Tier] = []


class MomentShape(Given):
    date: str
    text: str
    citations: list[str]
    setting: SettingShape | None = None
    tiers: list[Tier] = []


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
    searched_for: list[str] = Field([], description="The words looked for in what the receipt counts, as they were said.")


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
    unknown_side: list[str] = []
    """People whose words count for neither side, until somebody says whose they are; absent from briefs of before."""


class StaleSource(Given):
    id: str
    title: str


class StaleShape(Given):
    source: StaleSource
    why: Literal["changed", "gone"]
    citations: list[str]


class RequirementShape(BriefClaim):
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
    how: Literal["day", "figure", "refused", "taken back", "paper", "disputed"]
    one: ClaimShape
    other: ClaimShape
    promise: str | None


class HandoverAct(Given):
    act: Literal["approve", "accept", "return"]
    by: str
    at: str


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
    story: list[BriefClaim]
    why: list[BriefClaim]
    goals: list[GoalShape]
    promises: list[PromiseShape]
    risks: list[RiskShape]
    people: list[PersonShape]
    requirements: list[RequirementShape]
    commercials: list[CommercialShape]
    timeline: list[MomentShape]
    decision: list[BriefClaim]
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
    reopened: str | None = None
    """The stage of a deal that was closed when this version was composed and is open again."""
    field_states: list[FieldShape] = []
    preview: bool = Field(False, description="Composed of a deal that is not closed; `version` is 0 where it is kept nowhere.")
    decided: HandoverAct | None = Field(None, description="Who approved, accepted or returned it last.")


class BriefStarted(Given):
    id: str
    state: BriefState
    version: int
    deal_id: str | None
