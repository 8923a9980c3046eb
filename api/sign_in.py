"""How a browser comes in: a link that works once, exchanged for a session; and how sessions are told about and ended."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import Any

from fastapi import Response

from api.access import IDLE, Gate, sha256
from assistant.render import moment
from ingest.archive.admissions import Admissions
from ingest.archive.errors import NotThere
from ingest.archive.rows import StoredPrincipal, StoredSession
from ingest.archive.scope import OPERATOR

FIRST_RUN = timedelta(minutes=30)
"""How long the link is good that `baton serve` prints."""
INVITED = timedelta(days=7)
SIGN_IN = ("issuer", "client_id", "secret_file", "name", "any_email")
"""Settings of the table `[sign_in]`."""
SESSION = timedelta(days=30)
"""After which a browser has to sign in again, whatever it did."""


def the_operator(admissions: Admissions, name: str, now: datetime) -> StoredPrincipal:
    """Whoever works on this machine: an admin, known from the first time on."""
    try:
        return admissions.principal(OPERATOR)
    except NotThere:
        admissions.add_principal(StoredPrincipal(OPERATOR, "person", name, "", "admin", "all", now))
        return admissions.principal(OPERATOR)


def new_code(admissions: Admissions, principal_id: str, now: datetime, lives: timedelta) -> str:
    """For a link, in whose fragment it stands: no server logs that. Good once; links made for them before no longer are."""
    code = secrets.token_urlsafe(32)
    with admissions.transaction():
        admissions.withdraw_links(principal_id)
        admissions.add_link(sha256(code), principal_id, now, now + lives)
    return code


def exchange(admissions: Admissions, code: str, now: datetime) -> tuple[str, StoredSession] | None:
    """The secret of a new session's cookie, and the session; None for a code that is unknown, spent, too old or a suspended person's."""
    with admissions.transaction():
        who = admissions.spend_link(sha256(code), now)
        if who is None or admissions.principal(who).suspended_at is not None:
            return None
        return begin(admissions, who, now)


def begin(admissions: Admissions, principal_id: str, now: datetime) -> tuple[str, StoredSession]:
    """The secret of a new session's cookie, and the session, for somebody who has shown who they are."""
    cookie, session = secrets.token_urlsafe(32), StoredSession(f"ses_{secrets.token_hex(8)}", principal_id, now, now, now + SESSION)
    with admissions.transaction():
        admissions.add_session(session, sha256(cookie))
        admissions.record(principal_id, session.id, "session.begin", [session.id])
    return cookie, session


def set_cookie(response: Response, gate: Gate, cookie: str) -> None:
    age = int(SESSION.total_seconds())
    response.set_cookie(gate.cookie, cookie, max_age=age, path="/", secure=gate.secure_cookies, httponly=True, samesite="lax")


def end(admissions: Admissions, session: StoredSession, now: datetime, *, by: str, credential: str) -> None:
    with admissions.transaction():
        admissions.end_session(session.id, now)
        admissions.record(by, credential, "session.end", [session.id])


def running(admissions: Admissions, now: datetime, principal_id: str | None = None) -> list[StoredSession]:
    """Sessions that open something, the newest first; of one principal, or of all."""
    return [each for each in admissions.sessions(principal_id) if each.ended_at is None and now < min(each.expires_at, each.seen_at + IDLE)]


def session_item(session: StoredSession, who: StoredPrincipal, current: str = "") -> dict[str, Any]:
    return {
        "id": session.id,
        "user": {"id": who.id, "name": who.name, "email": who.email},
        "begun_at": moment(session.begun_at),
        "seen_at": moment(session.seen_at),
        "expires_at": moment(min(session.expires_at, session.seen_at + IDLE)),
        "current": session.id == current,
    }
