"""Frames on other people's pages: a host's token, or a person signed in with us, exchanged for a quarter of an hour with one account.

What opens it is kept in memory only. A server that starts anew asks the host again; nobody has to do anything.
"""

from __future__ import annotations

import hashlib
import secrets
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from threading import Lock

from api.access import VISIT as PREFIX
from api.access import Permission, Principal, role_of, scope_of, sha256
from api.hosts import Host, NotAdmitted, Signed
from ingest.archive.admissions import Admissions
from ingest.archive.errors import NotThere
from ingest.archive.scope import Scope

LIVES = timedelta(minutes=15)
MOST = 20_000
"""Visits and spent tokens held; beyond it the oldest go, and their frames ask for a new one."""
MAY: frozenset[Permission] = frozenset({"read", "ask"})


@dataclass(frozen=True, slots=True)
class Visit:
    account_id: str
    until: datetime
    person: str | None
    """Of somebody Baton knows, their id; their role and accounts hold at every request."""
    guest: str = ""
    host: str = ""
    """The widget that vouched for it; empty where a person let the frame in themselves."""


@dataclass
class Visits:
    hosts: Callable[[], Mapping[str, Host]] = field(default=lambda: {})
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    _open: OrderedDict[str, Visit] = field(default_factory=OrderedDict)
    _spent: OrderedDict[str, datetime] = field(default_factory=OrderedDict)
    _lock: Lock = field(default_factory=Lock)

    def by_host(self, admissions: Admissions, signed: Signed, account_id: str) -> str:
        """A bearer for one account, whose id the caller has found out. Raises NotAdmitted; a token is good once."""
        key = f"{signed.host.name} {signed.id}"
        with self._lock:
            if key in self._spent:
                raise NotAdmitted("the token was used already; sign a new one with a `jti` of its own each time")
            self._spent[key] = signed.expires_at
            while self._spent and (len(self._spent) > MOST or next(iter(self._spent.values())) < self.now()):
                self._spent.popitem(last=False)
        known = admissions.person_of(signed.email)
        if known is None and not signed.host.guests:
            raise NotAdmitted("Baton knows nobody by that address (`sub`); invite them, or set guests = true for this widget")
        guest = "" if known else f"gst_{hashlib.sha256(f'{signed.host.name} {signed.email}'.encode()).hexdigest()[:16]}"
        return self._begin(Visit(account_id, self.now() + LIVES, known.id if known else None, guest, signed.host.name))

    def by_person(self, reader: Principal, account_id: str) -> str:
        return self._begin(Visit(account_id, self.now() + LIVES, reader.id))

    def reader(self, admissions: Admissions, bearer: str) -> Principal | None:
        """Who is looking, as of now; None when the visit is over, its host is taken out, or the person may come in no longer."""
        with self._lock:
            visit = self._open.get(sha256(bearer))
        if visit is None or visit.until <= self.now():
            return None
        host = self.hosts().get(visit.host) if visit.host else None
        if visit.host and host is None:
            return None
        credential = f"{PREFIX}{visit.host or 'person'}"
        if visit.person is None:
            scope = Scope(accounts=frozenset({visit.account_id}), internal=False, viewer=visit.guest)
            return Principal(visit.guest, "guest", "viewer", scope, MAY, credential) if host and host.guests else None
        try:
            who = admissions.principal(visit.person)
        except NotThere:
            return None
        if who.suspended_at is not None:
            return None
        return Principal(who.id, who.name, role_of(who), scope_of(admissions, who).only(visit.account_id), MAY, credential)

    def _begin(self, visit: Visit) -> str:
        bearer = f"{PREFIX}{secrets.token_urlsafe(32)}"
        with self._lock:
            self._open[sha256(bearer)] = visit
            while self._open and (len(self._open) > MOST or next(iter(self._open.values())).until <= self.now()):
                self._open.popitem(last=False)
        return bearer
