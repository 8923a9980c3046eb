"""People who may sign in: invited, given a role and accounts, suspended. Whatever is changed holds from the next request on."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from api.access import Role
from assistant.render import moment
from ingest.archive.admissions import Admissions
from ingest.archive.errors import NotThere
from ingest.archive.rows import Reach, StoredPrincipal
from ingest.archive.scope import OPERATOR

REACH: dict[Role, Reach] = {"admin": "all", "ae": "owner", "csm": "listed", "viewer": "listed"}
"""Which accounts a role gets unless others are named."""


def invite(
    admissions: Admissions,
    email: str,
    *,
    name: str = "",
    role: Role | None = None,
    reach: Reach | None = None,
    accounts: Sequence[str] | None = None,
    by: str = OPERATOR,
    credential: str = "cli",
) -> StoredPrincipal:
    """A person by their address, made or changed. Of somebody known, what is not said stays."""
    address = email.strip().lower()
    known = admissions.person_of(address)
    with admissions.transaction():
        if known is None:
            role = role or "csm"
            new = StoredPrincipal(
                f"usr_{secrets.token_hex(8)}", "person", name or address, address, role,
                reach or (REACH[role] if accounts is None else "listed"), datetime.now(UTC), listed=tuple(accounts or ()),
            )  # fmt: skip
            admissions.add_principal(new)
        else:
            given = reach or (None if accounts is None else "listed")
            admissions.change_principal(known.id, role=role, reach=given, listed=accounts, name=name)
        found = admissions.person_of(address)
        assert found is not None
        admissions.record(by, credential, "user.change" if known else "user.invite", [found.id, *(accounts or ())])
    return found


def the_user(admissions: Admissions, reference: str) -> StoredPrincipal:
    """By address or id; raises NotThere."""
    found = admissions.person_of(reference)
    if found is None and reference.startswith("usr_"):
        found = admissions.principal(reference)
    if found is None:
        raise NotThere("user", reference)
    return found


def suspend(admissions: Admissions, who: StoredPrincipal, *, suspended: bool, by: str = OPERATOR, credential: str = "cli") -> None:
    """Neither their sessions nor their keys open anything from now on, nor does a link that waits; or they do again."""
    with admissions.transaction():
        admissions.suspend_principal(who.id, datetime.now(UTC) if suspended else None)
        if suspended:
            admissions.withdraw_links(who.id)
        admissions.record(by, credential, "user.suspend" if suspended else "user.restore", [who.id])


def user_item(who: StoredPrincipal) -> dict[str, Any]:
    return {
        "id": who.id,
        "name": who.name,
        "email": who.email or None,
        "role": who.role,
        "reach": who.reach,
        "accounts": list(who.listed),
        "created_at": moment(who.made_at),
        "suspended_at": moment(who.suspended_at),
    }
