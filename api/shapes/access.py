"""Who may come in and what they may see: sign-in, people, keys, sessions, visits of the widget, the audit log."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from api.shapes.accounts import AccountRef, UserRef
from api.shapes.base import Given, Sent


class VisitToken(Sent):
    token: Annotated[str, StringConstraints(min_length=20, max_length=4000)]


class VisitBegun(Given):
    """`bearer` goes into `Authorization: Bearer` of the frame's requests; after `expires_in` seconds it opens nothing."""

    bearer: str
    expires_in: int
    account: AccountRef


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


class PreferencesChange(Sent):
    """What is not named stays; null takes the choice back, and each browser goes by its own again."""

    theme: Literal["auto", "light", "dark"] | None = None
    single_keys: bool | None = Field(None, description="Whether keys that are pressed alone do something on the pages.")


class Preferences(Given):
    """How you want the pages, in whichever browser; null where you chose nothing."""

    theme: Literal["auto", "light", "dark"] | None
    single_keys: bool | None


class Me(Given):
    """`accounts` is how many you see; `session` the id of this browser's, null for a key."""

    id: str
    name: str
    role: Literal["admin", "ae", "csm", "viewer"]
    permissions: list[str]
    internal: bool
    accounts: int
    session: str | None
    preferences: Preferences


class SessionShape(Given):
    id: str
    user: UserRef
    begun_at: str
    seen_at: str
    expires_at: str
    current: bool


class SessionPage(Given):
    items: list[SessionShape]
