"""Accounts, as the switcher and every answer name them."""

from __future__ import annotations

from pydantic import Field

from api.shapes.base import BriefState, Given
from ingest.records import Kind


class AccountRef(Given):
    id: str
    slug: str
    name: str


class UserRef(Given):
    id: str
    name: str
    email: str


class BriefMark(Given):
    state: BriefState
    gaps: int


class DealShape(Given):
    id: str
    name: str
    stage: str | None
    won: bool
    amount: float | None
    currency: str | None
    closed: bool
    closed_on: str | None
    term_ends_on: str | None = Field(None, description="By the months of its term in the CRM, counted from the close; of a won deal alone.")
    opened_on: str | None
    owner_email: str | None


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
    deal_id: str | None = Field(None, description="Of the deal that the account stands for: the last won, else the newest.")
    deals: list[DealShape] = []


class AccountPage(Given):
    items: list[AccountShape]
    next_cursor: str | None
