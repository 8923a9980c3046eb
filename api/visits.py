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
from api.access import Permission, Principal, guest_scope, role_of, scope_of, sha256, still_good
from api.hosts import Host, NotAdmitted, Signed
from ingest.archive.admissions import Admissions
from ingest.archive.errors import NotThere

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
    credential: str = ""
    """The key or session with which a person let the frame in: with it the visit ends."""
    may: frozenset[Permission] = MAY
    host: str = ""
    """The widget that vouched for it; empty where a person let the frame in themselves."""


@dataclass
class Visits:
    hosts: Callable[[], Mapping[str, Host]] = field(default=lambda: {})
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    since: datetime = field(default_factory=lambda: datetime.now(UTC).replace(microsecond=0))
    """What was signed before may have been used at a server that ran then and is forgotten here; a token tells whole seconds."""
    _open: OrderedDict[str, Visit] = field(default_factory=OrderedDict)
    _spent: OrderedDict[str, datetime] = field(default_factory=OrderedDict)
    _lock: Lock = field(default_factory=Lock)

    def by_host(self, admissions: Admissions, signed: Signed, account_id: str) -> str:
        """A bearer for one account, whose id the caller has found out. Raises NotAdmitted; a token is good once."""
        if signed.signed_at < self.since:
            raise NotAdmitted("the token was signed before this server started; sign a new one")
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
        return self._begin(Visit(account_id, self.now() + LIVES, known.id if known else None, guest, host=signed.host.name))

    def by_person(self, reader: Principal, account_id: str) -> str:
        """Not one that was itself let in by a visit, or none would ever end. Raises NotAdmitted."""
        if reader.credential.startswith(PREFIX):
            raise NotAdmitted("a frame lets no other in")
        return self._begin(Visit(account_id, self.now() + LIVES, reader.id, credential=reader.credential, may=MAY & reader.may))

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
            scope = guest_scope(admissions, visit.guest, visit.account_id)
            return Principal(visit.guest, "guest", "viewer", scope, MAY, credential) if host and host.guests else None
        if visit.credential and not still_good(admissions, visit.credential, self.now()):
            return None
        try:
            who = admissions.principal(visit.person)
        except NotThere:
            return None
        if who.suspended_at is not None:
            return None
        return Principal(who.id, who.name, role_of(who), scope_of(admissions, who).only(visit.account_id), visit.may, credential)

    def _begin(self, visit: Visit) -> str:
        bearer = f"{PREFIX}{secrets.token_urlsafe(32)}"
        with self._lock:
            self._open[sha256(bearer)] = visit
            while self._open and (len(self._open) > MOST or next(iter(self._open.values())).until <= self.now()):
                self._open.popitem(last=False)
        return bearer
