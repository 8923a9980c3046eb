"""Who is asking, and what they may see: from an API key or a session to a `Principal`, from a `Principal` to a `Scope`.

Nothing in a request widens a scope; an account, source or citation outside it is answered as if it did not exist.
"""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import re
import secrets
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from fastapi import Depends, Request

from api.fence import SAFE, host_name
from api.problems import Problem, unauthenticated
from assistant.render import moment
from ingest.archive.archive import Archive
from ingest.archive.errors import NotThere
from ingest.archive.scope import EVERYTHING, Scope

COOKIE = "baton_session"
CODE_LIVES_S = 30 * 60
SESSION_LIVES_S = 12 * 60 * 60

_KEY = re.compile(r"bt_([0-9a-f]{8})_([A-Za-z0-9_-]{43})")
_FORWARDED = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip", "via")

_ACCOUNT = "account:"
"""Before the id of an account that an API key is limited to."""

Permission = Literal["read", "ask", "brief:write"]
EVERY_PERMISSION: frozenset[Permission] = frozenset({"read", "ask", "brief:write"})


@dataclass(frozen=True, slots=True)
class Principal:
    """`session` is set when a browser's cookie let them in: unsafe requests must then come from our own pages."""

    name: str
    scope: Scope
    may: frozenset[Permission]
    session: bool = False


class SignIn:
    """One-use codes for the printed link and the sessions they are exchanged for; only hashes are held, and only until the server stops."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._codes: dict[str, float] = {}
        self._sessions: dict[str, float] = {}

    def new_code(self) -> str:
        code = secrets.token_urlsafe(32)
        with self._lock:
            self._codes[_sha256(code)] = self._clock() + CODE_LIVES_S
        return code

    def exchange(self, code: str) -> str | None:
        """A new session for a code that is known and fresh; None otherwise. The code is spent either way."""
        now = self._clock()
        with self._lock:
            if self._codes.pop(_sha256(code), 0.0) <= now:
                return None
            session = secrets.token_urlsafe(32)
            self._sessions = {held: until for held, until in self._sessions.items() if until > now}
            self._sessions[_sha256(session)] = now + SESSION_LIVES_S
        return session

    def holds(self, session: str) -> bool:
        return self._sessions.get(_sha256(session), 0.0) > self._clock()

    def end(self, session: str) -> None:
        with self._lock:
            self._sessions.pop(_sha256(session), None)


@dataclass(frozen=True, slots=True)
class Gate:
    """The one place where credentials are read. `open_on_loopback` is BATON_DEV_OPEN=1, granted by `api.serve` on loopback only."""

    archive: Archive
    sign_in: SignIn
    open_on_loopback: bool = False
    secure_cookies: bool = False

    def admit(self, request: Request) -> Principal:
        presented = request.headers.getlist("authorization")
        session = request.cookies.get(COOKIE)
        if len(presented) > 1 or (presented and session):
            raise Problem(400, "two_credentials", "Send one credential: an API key or a session, not both.")
        if presented:
            return self._by_key(presented[0])
        if session and self.sign_in.holds(session):
            return Principal("session", self._everything(), EVERY_PERMISSION, session=True)
        if self.open_on_loopback and _from_this_machine(request):
            return Principal("open", self._everything(), EVERY_PERMISSION)
        raise unauthenticated()

    def _by_key(self, authorization: str) -> Principal:
        scheme, _, key = authorization.partition(" ")
        parts = _KEY.fullmatch(key.strip())
        if scheme.lower() != "bearer" or parts is None:
            raise unauthenticated()
        try:
            token = self.archive.find_token(parts[1])
        except NotThere:
            raise unauthenticated() from None
        if not hmac.compare_digest(token.sha256, _sha256(key.strip())) or token.revoked_at is not None:
            raise unauthenticated()
        limits = frozenset(word.removeprefix(_ACCOUNT) for word in token.scopes if word.startswith(_ACCOUNT))
        return Principal(token.name, Scope(accounts=limits) if limits else self._everything(), EVERY_PERMISSION & frozenset(token.scopes))

    def _everything(self) -> Scope:
        """Every account of this home by name: `accounts=None` is the operator's view and never a request's."""
        return Scope(accounts=frozenset(account.id for account in self.archive.accounts(EVERYTHING)))


def create_key(archive: Archive, name: str, accounts: Sequence[str] | None = None) -> str:
    """A new API key, shown this once: the archive keeps its first part to find it by and a hash of the whole.

    A hash without salt or stretching is right here: 256 random bits cannot be guessed. `accounts` limits the key to these ids.
    """
    prefix = secrets.token_hex(4)
    key = f"bt_{prefix}_{secrets.token_urlsafe(32)}"
    limits = [f"{_ACCOUNT}{account}" for account in accounts or ()]
    archive.add_token(name, _sha256(key), prefix, [*sorted(EVERY_PERMISSION), *limits], datetime.now(UTC))
    return key


def revoke_key(archive: Archive, prefix: str) -> None:
    """From now on the key opens nothing; `prefix` may be written with or without its `bt_`. Raises NotThere."""
    archive.revoke_token(prefix.removeprefix("bt_"), datetime.now(UTC))


def key_items(archive: Archive) -> list[dict[str, Any]]:
    """The keys there are, without their secrets."""
    return [
        {
            "prefix": f"bt_{token.prefix}",
            "name": token.name,
            "accounts": [word.removeprefix(_ACCOUNT) for word in token.scopes if word.startswith(_ACCOUNT)] or None,
            "created_at": moment(token.created_at),
            "revoked_at": moment(token.revoked_at),
        }
        for token in archive.tokens()
    ]


def principal(request: Request) -> Principal:
    """The dependency of every route that shows data."""
    gate: Gate = request.app.state.gate
    found = gate.admit(request)
    if found.session and request.method not in SAFE and "origin" not in request.headers:
        # The fence has checked an origin that was sent; a browser always sends one with an unsafe request.
        raise Problem(403, "cross_origin", "A signed-in browser sends its origin with this request.")
    return found


Reader = Annotated[Principal, Depends(principal)]


def allowed(permission: Permission) -> Callable[[Principal], Principal]:
    def check(reader: Reader) -> Principal:
        if permission not in reader.may:
            raise Problem(403, "not_permitted", f"This API key may not do that: it lacks the permission {permission!r}.")
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


def _sha256(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
