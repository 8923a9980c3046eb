"""What every shape rests on: requests, responses, a problem, and the words that several of them choose from."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict

MOST_CHARACTERS = 4000
"""Of a question."""

Reason = Literal["not_in_history", "false_premise", "out_of_scope", "ambiguous", "which_person", "which_talk", "not_permitted"]
Strength = Literal["firm", "conditional", "best_effort", "roadmap_statement", "hypothetical", "declined", "retracted"]
RiskKind = Literal["budget", "political", "technical", "timeline", "adoption", "legal", "competitive", "expectation"]
BriefState = Literal["composing", "draft", "reviewed", "accepted", "accepted_with_gaps", "returned", "superseded"]
ContractStatus = Literal["covered", "contradicted", "silent", "excluded", "no_contract"]
PromiseStatus = Literal["open", "kept", "at_risk", "broken", "waived"]


class Sent(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Given(BaseModel):
    model_config = ConfigDict(extra="allow")


class ProblemBody(Given):
    """RFC 9457; `code` is stable, `detail` is a sentence for a person."""

    type: str
    title: str
    status: int
    code: str
    detail: str
    request_id: str
