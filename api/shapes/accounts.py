"""Accounts, as the switcher and every answer name them."""

from __future__ import annotations

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
