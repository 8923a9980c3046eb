"""Who is asking, and what they may see: from an API key or a session to a `Principal`, from a `Principal` to a `Scope`.

Nothing in a request widens a scope; an account, source or citation outside it is answered as if it did not exist.
"""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Annotated, Literal, get_args

from fastapi import Depends, Request

from api.fence import ARRIVED, SAFE, host_name
from api.limits import Turnstile, is_work
from api.problems import Problem, unauthenticated
from ingest.archive.admissions import Admissions
from ingest.archive.errors import DiskTrouble, HomeBusy, NotThere
from ingest.archive.rows import StoredKey, StoredPrincipal, StoredSession
from ingest.archive.scope import OPERATOR, Scope

COOKIE = "baton_session"
SECURE_COOKIE = f"__Host-{COOKIE}"
"""Over https: a browser takes it from this very host alone."""
IDLE = timedelta(days=7)
"""After which a browser that was not seen has to sign in again."""

OPEN = "open"
"""In place of a credential where none was asked for."""

_KEY = re.compile(r"bt_([0-9a-f]{8})_([A-Za-z0-9_-]{43})")
VISIT = "bw_"
"""How a frame's bearer begins."""
_FORWARDED = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip", "via")
_NOTED_AGAIN = timedelta(minutes=1)
"""When a key or session is seen again within it, that is not written down."""

Permission = Literal["read", "ask", "brief:write", "metrics", "admin"]
Role = Literal["admin", "ae", "csm", "viewer"]


@dataclass(frozen=True, slots=True)
class Rights:
    may: frozenset[Permission]
    internal: bool
    """Sees what was said among ourselves, out of the customer's hearing, and what was made of it."""
    restricted: bool = False
    """Sees what is restricted; others only where they took part."""


SERVER_WIDE: frozenset[Permission] = frozenset({"admin", "metrics"})
"""What concerns all accounts; whoever is limited to some has none of it."""
_HANDOFF: frozenset[Permission] = frozenset({"read", "ask", "brief:write"})
ROLES: Mapping[Role, Rights] = {
    "admin": Rights(frozenset(get_args(Permission)), internal=True, restricted=True),
    "ae": Rights(_HANDOFF, internal=True),
    "csm": Rights(_HANDOFF, internal=True),
    "viewer": Rights(frozenset({"read", "ask"}), internal=False),
}


@dataclass(frozen=True, slots=True)
class Principal:
    """Who sent this request. `session` is set when a browser's cookie let them in: unsafe requests must then come from our own pages."""

    id: str
    name: str
    role: Role
    scope: Scope
    may: frozenset[Permission]
    credential: str
    """What let them in: the prefix of a key, the id of a session, or `open`."""
    session: bool = False
    trail: list[str] = field(default_factory=list, compare=False)
    """Ids that this request was about, for the audit log."""


@dataclass(frozen=True, slots=True)
class Gate:
    """The one place where credentials are read. `open_on_loopback` is BATON_DEV_OPEN=1, granted by `api.serve` on loopback only."""

    admissions: Admissions
    open_on_loopback: bool = False
    secure_cookies: bool = False
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    visitor: Callable[[Admissions, str], Principal | None] = lambda admissions, bearer: None
    """Who looks through a frame on somebody else's page, by its bearer."""

    @property
    def cookie(self) -> str:
        return SECURE_COOKIE if self.secure_cookies else COOKIE

    def admit(self, request: Request) -> Principal:
        presented = request.headers.getlist("authorization")
        session = request.cookies.get(self.cookie)
        if len(presented) > 1 or (presented and session):
            raise Problem(400, "two_credentials", "Send one credential: an API key or a session, not both.")
        if presented:
            return self._by_key(presented[0])
        if session and (found := self._by_session(session)):
            return found
        if self.open_on_loopback and _from_this_machine(request):
            who = StoredPrincipal(OPERATOR, "person", "open", "", "admin", "all", self.now())
            return self._principal(who, OPEN)
        raise unauthenticated()

    def confirm(self, request: Request, before: Principal, account_id: str) -> None:
        """Raises Problem (401) where who sent this request would no longer see the same of the account."""
        now = self.admit(request)
        if (now.id, now.may, now.scope.only(account_id)) != (before.id, before.may, before.scope.only(account_id)):
            raise unauthenticated()

    def confirm_may(self, request: Request, before: Principal) -> None:
        """Raises Problem (401) where who sent this request may not do the same any more, whatever accounts have come to what they see."""
        now = self.admit(request)
        if (now.id, now.may) != (before.id, before.may):
            raise unauthenticated()

    def _by_key(self, authorization: str) -> Principal:
        scheme, _, sent = authorization.partition(" ")
        if scheme.lower() == "bearer" and sent.startswith(VISIT):
            if visitor := self.visitor(self.admissions, sent.strip()):
                return visitor
            raise unauthenticated()
        parts = _KEY.fullmatch(sent.strip())
        if scheme.lower() != "bearer" or parts is None:
            raise unauthenticated()
        try:
            key = self.admissions.key(parts[1])
        except NotThere:
            raise unauthenticated() from None
        now = self.now()
        who = self.admissions.principal(key.principal_id)
        if not hmac.compare_digest(key.sha256, sha256(sent.strip())) or not _good_key(key, now) or who.suspended_at is not None:
            raise unauthenticated()
        if key.used_at is None or now - key.used_at > _NOTED_AGAIN:
            with suppress(DiskTrouble, HomeBusy):  # a full disk is no reason not to answer
                self.admissions.use_key(key.prefix, now)
        return self._principal(who, f"bt_{key.prefix}", frozenset(key.permissions))

    def _by_session(self, cookie: str) -> Principal | None:
        session = self.admissions.session_by(sha256(cookie))
        now = self.now()
        if session is None or not _good_session(session, now):
            return None
        who = self.admissions.principal(session.principal_id)
        if who.suspended_at is not None:
            return None
        if now - session.seen_at > _NOTED_AGAIN:
            with suppress(DiskTrouble, HomeBusy):
                self.admissions.see_session(session.id, now)
        return self._principal(who, session.id, session=True)

    def _principal(
        self, who: StoredPrincipal, credential: str, limits: frozenset[str] | None = None, *, session: bool = False
    ) -> Principal:
        role = role_of(who)
        may = ROLES[role].may if limits is None else ROLES[role].may & limits
        if who.reach != "all":  # or they could make a key for the accounts that they may not see
            may -= SERVER_WIDE
        return Principal(who.id, who.name, role, scope_of(self.admissions, who), may, credential, session)


def scope_of(admissions: Admissions, who: StoredPrincipal) -> Scope:
    """What they may see today: with `guest_scope` the one place where a request's scope is made. Every account stands in it by name, for
    `accounts=None` is the operator's view and never a request's."""
    rights = ROLES[role_of(who)]
    hidden = frozenset() if rights.restricted else admissions.hidden_from(who.email)
    return Scope(accounts=admissions.reached(who), internal=rights.internal, hidden=hidden, viewer=who.id)


def guest_scope(admissions: Admissions, guest: str, account_id: str) -> Scope:
    """What a viewer sees of one account, for somebody whom the host of a frame vouches for and Baton does not know."""
    return Scope(accounts=frozenset({account_id}), internal=False, hidden=admissions.hidden_from(""), viewer=guest).only(account_id)


def still_good(admissions: Admissions, credential: str, now: datetime) -> bool:
    """Whether the key or session of this name (`Principal.credential`) lets anybody in yet."""
    try:
        if credential.startswith("ses_"):
            return _good_session(admissions.session(credential), now)
        return credential == OPEN or _good_key(admissions.key(credential.removeprefix("bt_")), now)
    except NotThere:
        return False


def _good_key(key: StoredKey, now: datetime) -> bool:
    return key.revoked_at is None and (key.expires_at is None or now < key.expires_at)


def _good_session(session: StoredSession, now: datetime) -> bool:
    return session.ended_at is None and now < min(session.expires_at, session.seen_at + IDLE)


def role_of(who: StoredPrincipal) -> Role:
    """A word that this version does not know opens as little as there is."""
    return next((role for role in ROLES if role == who.role), "viewer")


def principal(request: Request) -> Principal:
    """The dependency of every route that shows data."""
    gate: Gate = request.app.state.gate
    turnstile: Turnstile | None = request.app.state.turnstile
    working = is_work(request.method, getattr(request.scope.get("route"), "path", ""))
    if turnstile is not None and working and not gate.open_on_loopback and ARRIVED not in request.scope.get("state", {}):
        turnstile.check_crowd()
    found = gate.admit(request)
    if found.session and request.method not in SAFE and "origin" not in request.headers:
        # The fence has checked an origin that was sent; a browser always sends one with an unsafe request.
        raise Problem(403, "cross_origin", "A signed-in browser sends its origin with this request.")
    request.state.principal = found
    if turnstile is not None and found.credential != OPEN:
        if arrived := request.scope.get("state", {}).pop(ARRIVED, None):
            arrived()
        request.state.leave = turnstile.enter(found.id, question=working)
    return found


Reader = Annotated[Principal, Depends(principal)]


def beyond_a_frame(reader: Reader) -> None:
    """What is somebody's own and not one account's: whoever's page the frame stands in signs for them, and is not they."""
    if reader.credential.startswith(VISIT):
        raise Problem(403, "not_permitted", "A frame on another page reads and asks about its account; for this, open Baton itself.")


BEYOND_A_FRAME = [Depends(beyond_a_frame)]


def allowed(permission: Permission) -> Callable[[Principal], Principal]:
    def check(reader: Reader) -> Principal:
        if permission not in reader.may:
            raise Problem(403, "not_permitted", f"You may not do that here: it takes the permission {permission!r}.")
        return reader

    return check


def is_loopback(host: str) -> bool:
    """Of an address or name as it stands in a URL: `127.0.0.1`, `localhost`, `[::1]`."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def _from_this_machine(request: Request) -> bool:
    """Caller and host name are loopback, and no proxy stands between that could speak for somebody else."""
    proxied = any(name in request.headers for name in _FORWARDED)
    caller = request.client.host if request.client else ""
    return not proxied and is_loopback(caller) and is_loopback(host_name(request.headers.get("host", "")))


def sha256(secret: str) -> str:
    """Without salt or stretching, which is right for 256 random bits: they cannot be guessed."""
    return hashlib.sha256(secret.encode()).hexdigest()
