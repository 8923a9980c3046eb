"""Asks Microsoft Graph for the mails that went between us and the accounts that are known, folder by folder, by what changed there.

Of a mail only its addresses are asked for until it is an account's. What is deleted, junk or a draft is left out; what is moved to another
folder stays. A mailbox is opened only if it is named.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from ingest.connectors.api import Api, Clock, Credentials, NotThere, Refused, TooLarge
from ingest.connectors.batch import Batch, Cursor
from ingest.connectors.mirror import Mirror, document, safe
from ingest.connectors.port import Check, Connector, Want

BASE = "https://graph.microsoft.com"
BEFORE = timedelta(days=730)
"""Without another day to begin at."""
KEEP_PLACE = timedelta(days=2)
"""So long a folder's place is not written down while nothing of use came."""
_HEAD = "id,from,toRecipients,ccRecipients,isDraft,receivedDateTime"
_WHOLE = (
    "id,internetMessageId,conversationId,subject,from,sender,toRecipients,ccRecipients,sentDateTime,receivedDateTime,isDraft,hasAttachments,"
    "webLink,body,internetMessageHeaders"
)
_PREFER = {"Prefer": 'IdType="ImmutableId", odata.maxpagesize=100'}
"""An id that stays the same when the mail is moved."""
_LEFT_OUT = ("deleteditems", "junkemail", "drafts", "outbox", "recoverableitemsdeletions")


class Graph(Connector):
    name = "graph"

    def __init__(self, mailboxes: Sequence[str], credentials: Credentials, clock: Clock, base: str = BASE) -> None:
        self._api = Api(self.name, base, credentials, clock)
        self._mailboxes, self._now = tuple(mailboxes), clock.now
        self._reached: dict[tuple[str, str], str] = {}
        """(mailbox, folder): how far it was read in this process, where that is not written down."""

    def close(self) -> None:
        self._api.close()

    def check(self) -> Iterator[Check]:
        for box in self._mailboxes:
            try:
                inbox = self._api.get(f"/v1.0/users/{box}/mailFolders/inbox")
            except Refused as refused:
                yield Check(box, False, f"{refused} The app needs the application permission Mail.Read, for this mailbox too.")
            except NotThere:
                yield Check(box, False, "there is no such mailbox")
            else:
                yield Check(box, True, f"may be read; {inbox.get('totalItemCount')} mails in its inbox")

    def pull(self, cursor: Cursor, mirror: Mirror, want: Want) -> Iterator[Batch]:
        boxes: dict[str, dict[str, Any]] = {box: dict(at) for box, at in cursor.get("boxes", {}).items()}
        for box in self._mailboxes:
            yield from _Box(self, box, boxes, mirror, want).batches()


class _Box:
    """One mailbox in one pull."""

    def __init__(self, graph: Graph, box: str, boxes: dict[str, dict[str, Any]], mirror: Mirror, want: Want) -> None:
        self.api, self.box, self.boxes, self.mirror, self.want = graph._api, box, boxes, mirror, want
        self.now, self.reached = graph._now, graph._reached
        self.since = want.since or graph._now() - BEFORE
        self.path = f"/v1.0/users/{box}"

    def batches(self) -> Iterator[Batch]:
        who = sorted({*self.want.domains, *self.want.addresses})
        at = self.boxes.setdefault(self._key, {"folders": {}, "done": list(map(_hashed, who)), "at": self.now().isoformat()})
        at = self.boxes[self._key] = {**at, "folders": dict(at["folders"])}
        left_out = self._left_out()
        lost: list[str] = []
        for folder in self._folders(left_out):
            yield from self._changed(folder, at, lost)
        yield from self._gone(lost, left_out)
        for new in who:
            if _hashed(new) not in at["done"]:
                yield from self._all_of(new)
                at["done"] = sorted({*at["done"], _hashed(new)})
                yield self._batch({})

    @property
    def _key(self) -> str:
        return _hashed(self.box)

    def _folders(self, left_out: frozenset[str]) -> Iterator[str]:
        paths = [f"{self.path}/mailFolders?$top=100&$select=id,childFolderCount"]
        for path in paths:
            for row in self._rows(path):
                if row["id"] not in left_out:
                    yield str(row["id"])
                    if row.get("childFolderCount"):
                        paths.append(f"{self.path}/mailFolders/{row['id']}/childFolders?$top=100&$select=id,childFolderCount")

    def _left_out(self) -> frozenset[str]:
        found = set()
        for name in _LEFT_OUT:
            try:
                found.add(str(self.api.get(f"{self.path}/mailFolders/{name}?$select=id", headers=_PREFER)["id"]))
            except NotThere:
                continue
        return frozenset(found)

    def _rows(self, path: str) -> Iterator[Mapping[str, Any]]:
        while path:
            found = self.api.get(path, headers=_PREFER)
            yield from found.get("value", ())
            path = str(found.get("@odata.nextLink") or "")

    def _changed(self, folder: str, at: dict[str, Any], lost: list[str]) -> Iterator[Batch]:
        """What came into a folder and what left it, a page at a time."""
        begin = f"{self.path}/mailFolders/{folder}/messages/delta?$select={_HEAD}"
        known = str(at["folders"].get(_hashed(folder)) or "")
        link, told, looked = self.reached.get((self.box, folder)) or known or begin, False, 0
        while True:
            try:
                found = self.api.get(link, headers=_PREFER)
            except NotThere as forgotten:
                if forgotten.status != 410 or link == begin:
                    raise
                link = begin  # the place is too old to be told what came since
                continue
            rows = found.get("value", ())
            lost += [id for row in rows if "@removed" in row and self.mirror.units(self._file(id := str(row["id"])))]
            put, drop = self._fetched(row for row in rows if "@removed" not in row)
            told, looked = told or bool(put), looked + len(rows)
            if link_on := str(found.get("@odata.nextLink") or ""):
                link = link_on
                yield self._batch(put, drop, len(rows))
                continue
            reached = str(found["@odata.deltaLink"])
            self.reached[self.box, folder] = reached
            if not known or told or lost or datetime.fromisoformat(at["at"]) < self.now() - KEEP_PLACE:
                at["folders"][_hashed(folder)] = reached
                at["at"] = self.now().isoformat()
            yield self._batch(put, drop, len(rows))
            return

    def _fetched(self, rows: Iterator[Mapping[str, Any]]) -> tuple[dict[str, bytes], list[str]]:
        put: dict[str, bytes] = {}
        for row in rows:
            if row.get("isDraft") or not self._is_ours(row):
                continue
            whole = f"{self.path}/messages/{row['id']}?$select={_WHOLE}"
            try:
                mail = self.api.get(f"{whole}&$expand=attachments", headers=_PREFER)
            except TooLarge:  # its words are worth more than its attachments, which the reader says are missing
                mail = self.api.get(whole, headers=_PREFER)
            except NotThere:
                continue
            id = str(mail["id"])
            put[f"{self._unit(id)}/{self._file(id)}"] = document({k: v for k, v in mail.items() if not k.startswith("@odata.")})
        return put, [f"{name.partition('/')[0]}/gone-{name.rpartition('/mail-')[2]}" for name in put]

    def _is_ours(self, row: Mapping[str, Any]) -> bool:
        people = [row.get("from"), *(row.get("toRecipients") or ()), *(row.get("ccRecipients") or ())]
        addresses = [str(((each or {}).get("emailAddress") or {}).get("address") or "") for each in people]
        came = row.get("receivedDateTime")
        return self.want.concerns(addresses) and (not came or _moment(came) >= self.since)

    def _gone(self, lost: Sequence[str], left_out: frozenset[str]) -> Iterator[Batch]:
        """Those that left a folder: moved to another they stay, deleted they are told to the parser as Graph tells it."""
        for id in dict.fromkeys(lost):
            try:
                there = self.api.get(f"{self.path}/messages/{id}?$select=id,parentFolderId", headers=_PREFER)
                if there.get("parentFolderId") not in left_out:
                    continue
            except NotThere:
                pass
            told = {"@odata.context": "$metadata#messages", "value": [{"id": id, "@removed": {"reason": "deleted"}}]}
            yield self._batch({f"{self._unit(id)}/gone-{safe(id)}.json": document(told)}, [f"{self._unit(id)}/{self._file(id)}"])

    def _all_of(self, who: str) -> Iterator[Batch]:
        """Every mail with somebody of whom nothing was known when the folders were walked through."""
        path = f'{self.path}/messages?$search="participants:{who}"&$select={_HEAD},parentFolderId&$top=100'
        left_out = self._left_out()
        while path:
            found = self.api.get(path, headers=_PREFER)
            rows = [row for row in found.get("value", ()) if row.get("parentFolderId") not in left_out]
            put, drop = self._fetched(iter(rows))
            yield self._batch(put, drop, len(rows))
            path = str(found.get("@odata.nextLink") or "")

    def _unit(self, id: str) -> str:
        return f"{self._key}.{safe(id)}"

    def _file(self, id: str) -> str:
        return f"mail-{safe(id)}.json"

    def _batch(self, put: Mapping[str, bytes], drop: Sequence[str] = (), asked: int = 0) -> Batch:
        boxes = {box: {**at, "folders": dict(at["folders"])} for box, at in self.boxes.items()}
        return Batch(put, tuple(drop), {"boxes": boxes}, asked)


def _hashed(name: str) -> str:
    """So that what is remembered names nobody."""
    return hashlib.sha256(name.encode()).hexdigest()[:16]


def _moment(value: Any) -> datetime:
    return datetime.fromisoformat(str(value).replace("Z", "+00:00")).astimezone(UTC)
