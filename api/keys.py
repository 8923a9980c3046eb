"""API keys for programs: made, listed, revoked. A key is shown once; the archive keeps its first part to find it by and a hash."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from api.access import ROLES, Permission, Role, role_of, sha256
from assistant.render import moment
from ingest.archive.admissions import Admissions
from ingest.archive.rows import StoredKey, StoredPrincipal
from ingest.archive.scope import OPERATOR

LIVES = timedelta(days=365)
"""Unless another time is said."""


def create_key(
    admissions: Admissions,
    name: str,
    accounts: Sequence[str] | None = None,
    *,
    role: Role = "csm",
    permissions: Sequence[Permission] | None = None,
    owner: StoredPrincipal | None = None,
    expires_at: datetime | None = None,
    by: str = OPERATOR,
    credential: str = "cli",
) -> str:
    """A new key. `accounts` are the ids it is limited to, else it reaches all; with `owner` it reaches what they may see, and ends with
    them. It may do what `permissions` say and its role allows; it does not expire where `expires_at` is None."""
    prefix, now = secrets.token_hex(4), datetime.now(UTC)
    key = f"bt_{prefix}_{secrets.token_urlsafe(32)}"
    with admissions.transaction():
        if owner is None:
            owner = StoredPrincipal(
                f"usr_{secrets.token_hex(8)}", "program", name, "", role, "all" if accounts is None else "listed", now,
                listed=tuple(accounts or ()),
            )  # fmt: skip
            admissions.add_principal(owner)
        may = sorted(permissions if permissions is not None else ROLES[role_of(owner)].may)
        admissions.add_key(StoredKey(prefix, owner.id, name, sha256(key), tuple(may), now, by, expires_at))
        admissions.record(by, credential, "key.create", [f"bt_{prefix}", owner.id])
    return key


def revoke_key(admissions: Admissions, prefix: str, *, by: str = OPERATOR, credential: str = "cli") -> None:
    """From now on the key opens nothing; `prefix` may be written with or without its `bt_`. Raises NotThere."""
    known = prefix.removeprefix("bt_").partition("_")[0]
    with admissions.transaction():
        admissions.revoke_key(known, datetime.now(UTC))
        admissions.record(by, credential, "key.revoke", [f"bt_{known}"])


def key_items(admissions: Admissions) -> list[dict[str, Any]]:
    """The keys there are, without their secrets."""
    return [key_item(key, admissions.principal(key.principal_id)) for key in admissions.every_key()]


def key_item(key: StoredKey, who: StoredPrincipal) -> dict[str, Any]:
    return {
        "prefix": f"bt_{key.prefix}",
        "name": key.name,
        "user": {"id": who.id, "email": who.email} if who.kind == "person" else None,
        "role": who.role,
        "permissions": list(key.permissions),
        "accounts": list(who.listed) if who.reach == "listed" else None,
        "state": _state(key, who),
        "created_at": moment(key.made_at),
        "expires_at": moment(key.expires_at),
        "last_used_at": moment(key.used_at),
        "revoked_at": moment(key.revoked_at),
    }


def _state(key: StoredKey, who: StoredPrincipal) -> str:
    if key.revoked_at is not None:
        return "revoked"
    if who.suspended_at is not None:
        return "suspended"
    return "expired" if key.expires_at is not None and key.expires_at <= datetime.now(UTC) else "valid"
