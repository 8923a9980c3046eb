"""Asks Gmail for the mails that went between us and the accounts that are known, and for nothing else of a mailbox.

The first time the mailbox is searched account by account; from then on its history says what came and went. Of a mail that came only the
addresses are asked for until they are an account's. A history that is too old to be told is begun anew.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from email.utils import getaddresses
from typing import Any

from ingest.connectors.api import Api, Clock, Credentials, NotThere, Refused
from ingest.connectors.batch import Batch, Cursor
from ingest.connectors.mirror import Mirror, document, safe
from ingest.connectors.port import Check, Connector, Want

BASE = "https://gmail.googleapis.com"
SCOPE = "https://www.googleapis.com/auth/gmail.readonly"
BEFORE = timedelta(days=730)
"""Without another day to begin at."""
KEEP_PLACE = timedelta(days=2)
"""So long the place in the history is not written down while nothing of use came: Google keeps it for at least a week."""
AT_ONCE = 50
_TELLING = frozenset({"DRAFT", "SPAM", "TRASH", "SENT", "INBOX"})
"""The labels that say what becomes of a mail; that it was read or starred is no news."""
_AWAY = frozenset({"TRASH", "SPAM"})


class Gmail(Connector):
    name = "gmail"

    def __init__(self, boxes: Mapping[str, Credentials], clock: Clock, base: str = BASE) -> None:
        """`boxes`: how each mailbox is opened, by its address; `me` is that of the token's owner."""
        self._boxes = {box: Api(self.name, base, credentials, clock) for box, credentials in boxes.items()}
        self._now = clock.now
        self._reached: dict[str, str] = {}
        """How far the histories were read in this process, where that is not written down."""

    def close(self) -> None:
        for api in self._boxes.values():
            api.close()

    def check(self) -> Iterator[Check]:
        for box, api in self._boxes.items():
            try:
                about = api.get(f"/gmail/v1/users/{box}/profile")
            except Refused as refused:
                yield Check(box, False, f"{refused} It needs the scope {SCOPE}.")
            else:
                yield Check(box, True, f"{about.get('emailAddress')}, {about.get('messagesTotal')} mails, may be read")

    def pull(self, cursor: Cursor, mirror: Mirror, want: Want) -> Iterator[Batch]:
        boxes: dict[str, dict[str, Any]] = {box: dict(at) for box, at in cursor.get("boxes", {}).items()}
        for box, api in self._boxes.items():
            yield from _Box(self, box, api, boxes, mirror, want).batches()


class _Box:
    """One mailbox in one pull."""

    def __init__(self, gmail: Gmail, box: str, api: Api, boxes: dict[str, dict[str, Any]], mirror: Mirror, want: Want) -> None:
        self.box, self.api, self.boxes, self.mirror, self.want = box, api, boxes, mirror, want
        self.now, self.reached = gmail._now, gmail._reached
        self.path = f"/gmail/v1/users/{box}"

    def batches(self) -> Iterator[Batch]:
        at = self.boxes.get(self.box)
        if at is None:
            began = str(self.api.get(f"{self.path}/profile")["historyId"])
            at = self.boxes[self.box] = {"history": began, "at": self.now().isoformat(), "done": []}
        try:
            yield from self._news(at)
        except NotThere:  # the history does not reach back so far
            began = str(self.api.get(f"{self.path}/profile")["historyId"])
            self.reached.pop(self.box, None)
            listed = {id for who in self._who() for ids in self._searched(who) for id in ids}
            gone = [id for id in self._here() if id not in listed]
            at = self.boxes[self.box] = {"history": began, "at": self.now().isoformat(), "done": []}
            yield self._batch(dict(map(self._gone, gone)), [f"{self._unit(id)}/{self._file(id)}" for id in gone])
        for who in self._who():
            if _hashed(who) not in self.boxes[self.box]["done"]:
                yield from self._all_of(who)

    def _who(self) -> list[str]:
        return sorted({*self.want.domains, *self.want.addresses})

    def _all_of(self, who: str) -> Iterator[Batch]:
        """Every mail to and from a domain or address, since the day to begin at."""
        for ids in self._searched(who):
            for begin in range(0, len(ids), AT_ONCE):
                some = ids[begin : begin + AT_ONCE]
                here = {name: data for id in some if (data := self.mirror.read(name := f"{self._unit(id)}/{self._file(id)}"))}
                new = dict(self._fetched(id for id in some if f"{self._unit(id)}/{self._file(id)}" not in here))
                yield self._batch({**here, **new}, asked=len(some))
        at = self.boxes[self.box]
        self.boxes[self.box] = {**at, "done": sorted({*at["done"], _hashed(who)})}
        yield self._batch({})

    def _searched(self, who: str) -> Iterator[list[str]]:
        since = self.want.since or self.now() - BEFORE
        question = f"{{from:{who} to:{who} cc:{who}}} after:{since:%Y/%m/%d} -in:drafts -in:chats"
        after = ""
        while True:
            found = self.api.get(f"{self.path}/messages", {"q": question, "maxResults": 500, **({"pageToken": after} if after else {})})
            yield [str(row["id"]) for row in found.get("messages", ())]
            after = str(found.get("nextPageToken") or "")
            if not after:
                return

    def _news(self, at: Mapping[str, Any]) -> Iterator[Batch]:
        """What came, went to the bin and came back since the place that was reached. Raises NotThere where that is too long ago."""
        begin = max(str(at["history"]), self.reached.get(self.box, "0"), key=int)
        came: dict[str, None] = {}
        gone: dict[str, None] = {}
        newest, after = begin, ""
        while True:
            more = {"pageToken": after} if after else {}
            found = self.api.get(f"{self.path}/history", {"startHistoryId": begin, "maxResults": 500, **more})
            for step in found.get("history", ()):
                for id, away in _steps(step):
                    (came if away else gone).pop(id, None)
                    (gone if away else came)[id] = None
            newest = max(newest, str(found.get("historyId") or begin), key=int)
            after = str(found.get("nextPageToken") or "")
            if not after:
                break
        ours = [id for id in came if self._concerns(id)]
        lost = [id for id in gone if self.mirror.units(self._file(id))]
        put = {**dict(self._fetched(ours)), **dict(map(self._gone, lost))}
        drop = [f"{self._unit(id)}/{self._file(id)}" for id in lost]
        drop += [f"{self._unit(id)}/gone-{safe(id)}.json" for id in ours]
        old = datetime.fromisoformat(at["at"]) < self.now() - KEEP_PLACE
        self.reached[self.box] = newest
        if newest != at["history"] and (put or drop or old):
            self.boxes[self.box] = {**at, "history": newest, "at": self.now().isoformat()}
        yield self._batch(put, drop, len(came) + len(gone))

    def _concerns(self, id: str) -> bool:
        params = {"format": "metadata", "metadataHeaders": ["From", "To", "Cc"]}
        try:
            found = self.api.get(f"{self.path}/messages/{id}", params)
        except NotThere:  # gone again
            return False
        if {"DRAFT", *_AWAY} & set(found.get("labelIds", ())):
            return False
        fields = [str(each.get("value")) for each in (found.get("payload") or {}).get("headers", ())]
        return self.want.concerns(address for _, address in getaddresses(fields))

    def _fetched(self, ids: Iterable[str]) -> Iterator[tuple[str, bytes]]:
        for id in ids:
            try:
                row = self.api.get(f"{self.path}/messages/{id}", {"format": "raw"})
            except NotThere:
                continue
            labels = sorted(set(row.get("labelIds", ())) & _TELLING)
            if self._sent_at(row) >= (self.want.since or datetime.min.replace(tzinfo=UTC)) and not _AWAY & set(labels):
                kept = {key: row[key] for key in ("id", "threadId", "internalDate", "raw") if key in row}
                yield f"{self._unit(id)}/{self._file(id)}", document({**kept, "labelIds": labels})

    def _sent_at(self, row: Mapping[str, Any]) -> datetime:
        return datetime.fromtimestamp(int(row.get("internalDate") or 0) / 1000, UTC)

    def _gone(self, id: str) -> tuple[str, bytes]:
        """As Gmail's history tells it."""
        told = {"history": [{"messagesDeleted": [{"message": {"id": id, "threadId": id}}]}]}
        return f"{self._unit(id)}/gone-{safe(id)}.json", document(told)

    def _here(self) -> list[str]:
        begins = f"{safe(self.box)}."
        mails = (name for name in self.mirror.names() if name.startswith(begins) and "/mail-" in name)
        return [name.rpartition("/mail-")[2].removesuffix(".json") for name in mails]

    def _unit(self, id: str) -> str:
        return f"{safe(self.box)}.{safe(id)}"

    def _file(self, id: str) -> str:
        return f"mail-{safe(id)}.json"

    def _batch(self, put: Mapping[str, bytes], drop: Sequence[str] = (), asked: int = 0) -> Batch:
        return Batch(put, tuple(drop), {"boxes": {box: dict(at) for box, at in self.boxes.items()}}, asked)


def _hashed(who: str) -> str:
    """So that the place remembered names nobody."""
    return hashlib.sha256(who.encode()).hexdigest()[:16]


def _steps(step: Mapping[str, Any]) -> Iterator[tuple[str, bool]]:
    """(mail, whether it is away now) of one entry of the history."""
    for key, away in (("messagesAdded", False), ("messagesDeleted", True)):
        for each in step.get(key, ()):
            yield str(each["message"]["id"]), away
    for key, away in (("labelsAdded", True), ("labelsRemoved", False)):
        for each in step.get(key, ()):
            if _AWAY & set(each.get("labelIds", ())):
                yield str(each["message"]["id"]), away
