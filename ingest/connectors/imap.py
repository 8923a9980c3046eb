"""Asks a mailbox that speaks IMAP for the mails that went between us and the accounts that are known, and for nothing else of it.

Folders are opened for reading only, and nothing is marked as read. Of a mail only the addresses are asked for until it is an account's.
Each run asks which numbers a folder still has: what is not among them was deleted or moved.
"""

from __future__ import annotations

import hashlib
import imaplib
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from email import message_from_bytes
from email.utils import getaddresses
from typing import Any

from ingest.connectors.api import Clock, Down, Refused, Trouble
from ingest.connectors.batch import Batch, Cursor
from ingest.connectors.mirror import Mirror
from ingest.connectors.port import Check, Connector, Want

BEFORE = timedelta(days=730)
"""Without another day to begin at."""
TIMEOUT_S = 60.0
AT_ONCE = 50
LARGEST = 25 * 1024 * 1024
_LEFT_OUT = re.compile(r"\\(?:Junk|Trash|Drafts|All|Noselect)\b", re.I)
_LISTED = re.compile(rb'\((?P<flags>[^)]*)\) (?:"[^"]*"|NIL) (?P<name>.+)')
_UID = re.compile(rb"\bUID (\d+)")
_SIZE = re.compile(rb"\bRFC822\.SIZE (\d+)")


class Imap(Connector):
    name = "imap"

    def __init__(
        self, host: str, user: str, password: str, clock: Clock, *, port: int = 993, folders: Sequence[str] = (), tls: bool = True
    ) -> None:
        self._host, self._port, self._user, self._tls = host, port, user, tls
        self._login: Callable[[imaplib.IMAP4], object] = lambda server: server.login(user, password)  # so that no field of ours holds it
        self._now, self._folders = clock.now, tuple(folders)
        self._server: imaplib.IMAP4 | None = None
        self._reached: dict[str, int] = {}
        """By folder, how far its mails were looked at in this process, where that is not written down."""

    def close(self) -> None:
        if self._server is not None:
            server, self._server = self._server, None
            try:
                server.logout()
            except (imaplib.IMAP4.error, OSError):
                return

    def check(self) -> Iterator[Check]:
        try:
            names = [name for name, _ in self._opened()]
        except Trouble as trouble:
            yield Check(self._user, False, str(trouble))
        else:
            yield Check(self._user, bool(names), f"may be read: {', '.join(names)}" if names else "no folder of that name is there")

    def pull(self, cursor: Cursor, mirror: Mirror, want: Want) -> Iterator[Batch]:
        folders: dict[str, dict[str, Any]] = {key: dict(at) for key, at in cursor.get("folders", {}).items()}
        try:
            for folder, validity in self._opened():
                yield from self._folder(folder, validity, folders, mirror, want)
        except (imaplib.IMAP4.error, OSError) as error:
            self._server = None
            raise Down(f"{self._host} broke off ({type(error).__name__}). The next run goes on where this one stopped.") from None

    def _folder(self, folder: str, validity: int, folders: dict[str, dict[str, Any]], mirror: Mirror, want: Want) -> Iterator[Batch]:
        key = _hashed(f"{self._user} {folder}")
        at = folders.get(key)
        if at is None or at["validity"] != validity:  # numbered anew: no number means what it did
            at = {"validity": validity, "last": 0, "done": []}
        folders[key] = at
        here = {int(name.rpartition("-")[2].removesuffix(".eml")): name for name in mirror.names() if name.startswith(f"{key}-")}
        kept = {uid: name for uid, name in here.items() if name.startswith(f"{key}-{validity}-")}
        there = set(self._search("ALL"))
        gone = [name for uid, name in here.items() if uid not in there or name not in kept.values()]
        if gone:
            yield Batch({}, gone, {"folders": folders})
        since = want.since or self._now() - BEFORE
        who = sorted({*want.domains, *want.addresses})
        last = max(int(at["last"]), self._reached.get(key, 0))
        for one in who:
            if _hashed(one) in at["done"]:
                continue
            found = sorted(self._search(f'SINCE {_day(since)} OR OR FROM "{one}" TO "{one}" CC "{one}"'))
            for some in _some(found):
                known = {kept[uid]: data for uid in some if uid in kept and (data := mirror.read(kept[uid]))}
                put, troubles = self._fetched(key, validity, (uid for uid in some if uid not in kept))
                yield Batch({**known, **put}, (), {"folders": folders}, len(some), troubles)
            at = folders[key] = {**at, "done": sorted({*at["done"], _hashed(one)}), "last": max([last, *there])}
            yield Batch({}, (), {"folders": folders})
        new = sorted(uid for uid in there if uid > last) if last else []
        for some in _some(new):
            ours = [uid for uid, addresses in self._heads(some) if want.concerns(addresses) and uid not in kept]
            put, troubles = self._fetched(key, validity, ours)
            if put:
                at = folders[key] = {**at, "last": some[-1]}
            yield Batch(put, (), {"folders": folders}, len(some), troubles)
        self._reached[key] = max([last, *there])

    def _opened(self) -> Iterator[tuple[str, int]]:
        """Each folder that is read, opened, with what says whether its numbers are still the same."""
        server = self._connected()
        names = self._folders or tuple(self._listed(server))
        for name in names:
            status, _ = server.select(f'"{name}"', readonly=True)
            _, validity = server.response("UIDVALIDITY")
            if status == "OK":
                yield name, int((validity or [b"0"])[0] or 0)

    def _listed(self, server: imaplib.IMAP4) -> Iterator[str]:
        _, rows = server.list()
        for row in rows:
            found = _LISTED.fullmatch(row) if isinstance(row, bytes) else None
            if found and not _LEFT_OUT.search(found["flags"].decode("ascii", "replace")):
                yield found["name"].decode("ascii", "replace").strip('"')

    def _connected(self) -> imaplib.IMAP4:
        if self._server is None:
            kind = imaplib.IMAP4_SSL if self._tls else imaplib.IMAP4
            try:
                server = kind(self._host, self._port, timeout=TIMEOUT_S)
            except (OSError, imaplib.IMAP4.error) as error:
                raise Down(f"{self._host} cannot be reached ({type(error).__name__}). Try again later.") from None
            try:
                self._login(server)
            except imaplib.IMAP4.error:
                raise Refused(
                    f"{self._host} does not accept the credentials of {self._user}; many providers want an app password."
                ) from None
            self._server = server
        return self._server

    def _search(self, question: str) -> list[int]:
        _, found = self._connected().uid("SEARCH", question)
        return [int(each) for each in (found[0] or b"").split()] if found else []

    def _heads(self, uids: Sequence[int]) -> Iterator[tuple[int, list[str]]]:
        for uid, _, data in self._parts(uids, "(UID BODY.PEEK[HEADER.FIELDS (FROM TO CC)])"):
            parsed = message_from_bytes(data)
            yield uid, [address for name in ("From", "To", "Cc") for _, address in getaddresses(parsed.get_all(name, []))]

    def _fetched(self, key: str, validity: int, uids: Iterable[int]) -> tuple[dict[str, bytes], list[str]]:
        wanted = list(uids)
        sizes = {uid: size for uid, size, _ in self._parts(wanted, "(UID RFC822.SIZE)")} if wanted else {}
        small = [uid for uid in wanted if uid in sizes and sizes[uid] <= LARGEST]
        large = sum(size > LARGEST for size in sizes.values())
        put = {}
        for uid in small:
            for _, _, data in self._parts([uid], "(UID BODY.PEEK[])"):
                put[f"{key}-{validity}-{uid}/mail-{validity}-{uid}.eml"] = data
        return put, [f"{large} mails are larger than {LARGEST // 2**20} MB, so they are not fetched."] if large else []

    def _parts(self, uids: Sequence[int], what: str) -> Iterator[tuple[int, int, bytes]]:
        """(number, size, content) of each mail, in whatever form the answer has."""
        _, rows = self._connected().uid("FETCH", ",".join(map(str, uids)), what)
        for row in rows or ():
            said, data = (row[0], row[1]) if isinstance(row, tuple) else (row, b"")
            if isinstance(said, bytes) and (uid := _UID.search(said)):
                size = _SIZE.search(said)
                yield int(uid[1]), int(size[1]) if size else 0, data


def _some(uids: Sequence[int]) -> Iterator[Sequence[int]]:
    for begin in range(0, len(uids), AT_ONCE):
        yield uids[begin : begin + AT_ONCE]


def _day(at: datetime) -> str:
    months = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()  # whatever language this machine speaks
    return f"{at.day}-{months[at.month - 1]}-{at.year}"


def _hashed(name: str) -> str:
    """So that what is remembered names nobody."""
    return hashlib.sha256(name.encode()).hexdigest()[:16]
