"""Asks Salesforce for accounts, contacts, opportunities and what was written, said and sent about them, by what was changed last.

Every object is asked for in the order in which its rows were changed, deleted ones too, so that a run that is killed goes on with the row
it had reached. Each row lies as a page of one in the folder of its account, as far as the account has an opportunity: only those are read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from ingest.connectors.api import Api, Clock, Credentials, NotThere, NotUnderstood, Refused, TooLarge
from ingest.connectors.batch import Batch, Cursor
from ingest.connectors.mirror import Mirror, document
from ingest.connectors.port import Check, Connector, Want

VERSION = "v66.0"
OVERLAP = timedelta(minutes=5)
MOST_IDS = 200
"""In one question, whose address may not grow too long."""
LARGEST_FILE = 25 * 1024 * 1024

_OBJECTS: Mapping[str, tuple[str, str]] = {
    "User": ("Id,Name,FirstName,LastName,Email,Title,IsActive", "SystemModstamp"),
    "Account": ("Id,Name,Website,ParentId,IsDeleted", "SystemModstamp"),
    "Contact": ("Id,AccountId,FirstName,LastName,Name,Email,Title,IsDeleted", "SystemModstamp"),
    "Opportunity": (
        "Id,AccountId,Name,StageName,Amount,CurrencyIsoCode,CloseDate,IsClosed,IsWon,Type,NextStep,Description,OwnerId,CreatedDate,IsDeleted",
        "SystemModstamp",
    ),
    "OpportunityHistory": (
        "Id,OpportunityId,StageName,Amount,PrevAmount,CloseDate,PrevCloseDate,Probability,ForecastCategory,CreatedById", "CreatedDate",
    ),
    "OpportunityContactRole": ("Id,OpportunityId,ContactId,Role,IsPrimary,IsDeleted", "SystemModstamp"),
    "Task": (
        "Id,Subject,Description,TaskSubtype,Status,ActivityDate,CallType,CallDurationInSeconds,WhoId,WhatId,AccountId,OwnerId,CreatedDate,"
        "IsDeleted",
        "SystemModstamp",
    ),
    "Event": (
        "Id,Subject,Description,StartDateTime,EndDateTime,WhoId,WhatId,AccountId,OwnerId,CreatedDate,IsDeleted", "SystemModstamp",
    ),
    "Note": ("Id,ParentId,Title,Body,IsPrivate,OwnerId,CreatedById,CreatedDate,IsDeleted", "SystemModstamp"),
    "EmailMessage": (
        "Id,RelatedToId,ActivityId,Subject,TextBody,HtmlBody,FromAddress,FromName,ToAddress,CcAddress,Incoming,MessageDate,MessageIdentifier,"
        "ThreadIdentifier,ReplyToEmailMessageId,HasAttachment,Headers,CreatedDate,IsDeleted",
        "SystemModstamp",
    ),
    "EmailMessageRelation": ("Id,EmailMessageId,RelationId,RelationType,RelationAddress,IsDeleted", "SystemModstamp"),
    "ContentVersion": (
        "Id,ContentDocumentId,Title,FileType,FileExtension,ContentSize,TextPreview,VersionData,IsLatest,OwnerId,CreatedById,CreatedDate,"
        "IsDeleted",
        "SystemModstamp",
    ),
}  # fmt: skip
"""What the parser reads, and the field that says when a row was changed; whose something is must be known before it comes."""
_TOLD = frozenset({"Task", "Event", "Note", "EmailMessage", "ContentVersion"})
_LINK = "Id,ContentDocumentId,LinkedEntityId,ShareType"
_ID = re.compile(r"[a-zA-Z0-9]{15}(?:[a-zA-Z0-9]{3})?")
_COLUMN = re.compile(r"No such column '([\w.]+)'")
_PARENTS = ("AccountId", "WhatId", "RelatedToId", "ParentId", "OpportunityId", "WhoId", "EmailMessageId", "ActivityId")
"""Where a row says whose it is, the surest first."""


class Salesforce(Connector):
    name = "salesforce"

    def __init__(self, credentials: Credentials, clock: Clock, base: str) -> None:
        self._api = Api(self.name, base, credentials, clock)
        self._custom: tuple[str, ...] | None = None

    def close(self) -> None:
        self._api.close()

    def is_wanted(self, unit: Path) -> bool:
        """A company that nobody wants to sell anything to is no account of ours."""
        return any(unit.glob("Opportunity-*.json"))

    def check(self) -> Iterator[Check]:
        for name in ("Organization", *_OBJECTS):
            try:
                found = self._api.get(f"/services/data/{VERSION}/query", {"q": f"SELECT Id FROM {name} LIMIT 1"})
            except Refused as refused:
                yield Check(name, False, str(refused))
                if "401" in str(refused) or "token" in str(refused):
                    return
            except NotUnderstood:
                yield Check(name, False, f"the integration user may not read {name}: give it Read in a permission set")
            else:
                yield Check(name, True, f"may be read{'' if found.get('records') else '; there is none yet'}")

    def pull(self, cursor: Cursor, mirror: Mirror, want: Want) -> Iterator[Batch]:
        yield from _Walk(self._api, dict(cursor.get("reached", {})), mirror, want, self.custom()).batches()

    def custom(self) -> tuple[str, ...]:
        """The organisation's own fields of an opportunity: seats, term, why it was won."""
        if self._custom is None:
            try:
                fields = self._api.get(f"/services/data/{VERSION}/sobjects/Opportunity/describe").get("fields", ())
            except (NotThere, NotUnderstood):
                fields = ()
            self._custom = tuple(sorted(str(f["name"]) for f in fields if f.get("custom") and f.get("type") not in ("base64", "location")))[
                :100
            ]
        return self._custom


class _Walk:
    """One pull."""

    def __init__(self, api: Api, reached: dict[str, str], mirror: Mirror, want: Want, custom: tuple[str, ...]) -> None:
        self.api, self.reached, self.mirror, self.since, self.custom = api, reached, mirror, want.since, custom
        self.users: dict[str, Mapping[str, Any]] = {}
        self.fresh: dict[str, str] = {}
        """By id, the folder of what came in this run and is not on the disk yet."""
        self.organization: bytes | None = None
        self.lacking: set[str] = set()
        """Fields that this organisation does not have."""
        self.troubles: list[str] = []

    def batches(self) -> Iterator[Batch]:
        for name in _OBJECTS:
            try:
                for rows in self._changed(name):
                    put, drop = self._files(rows) if name == "ContentVersion" else self._placed(name, rows)
                    if rows:
                        self.reached[name] = max(_field(row, _OBJECTS[name][1]) for row in rows)
                    yield self._batch(put, drop, len(rows))
            except NotUnderstood:
                self.troubles.append(f"Salesforce does not give {name}: let the integration user read it, by a permission set.")
        yield self._batch({}, ())

    def _batch(self, put: Mapping[str, bytes], drop: Sequence[str], asked: int = 0) -> Batch:
        troubles, self.troubles = self.troubles, []
        return Batch(put, tuple(drop), {"reached": dict(self.reached)}, asked, troubles)

    def _changed(self, name: str) -> Iterator[list[Mapping[str, Any]]]:
        fields, stamp = _OBJECTS[name]
        wanted = [*fields.split(","), stamp, *(self.custom if name == "Opportunity" else ())]
        since = f" WHERE {stamp} >= {_stamp(_moment(self.reached[name]) - OVERLAP)}" if name in self.reached and name != "User" else ""
        yield from self._asked(name, wanted, f"{since} ORDER BY {stamp}, Id")

    def _asked(self, name: str, wanted: Sequence[str], rest: str) -> Iterator[list[Mapping[str, Any]]]:
        """A page at a time; fields that this organisation lacks are left out."""
        while True:
            there = dict.fromkeys(field for field in wanted if f"{name}.{field}" not in self.lacking)
            try:
                question = f"SELECT {','.join(there)} FROM {name}{rest}"
                found = self.api.get(f"/services/data/{VERSION}/queryAll", {"q": question})
                break
            except NotUnderstood as problem:
                column = _COLUMN.search(str(problem.body))
                if column is None or column[1] not in there:
                    raise
                self.lacking.add(f"{name}.{column[1]}")
        while True:
            yield [row for row in found.get("records", ()) if _ID.fullmatch(str(row.get("Id")))]
            if found.get("done", True) or not found.get("nextRecordsUrl"):
                return
            found = self.api.get(str(found["nextRecordsUrl"]))

    def _placed(self, name: str, rows: Iterable[Mapping[str, Any]]) -> tuple[dict[str, bytes], list[str]]:
        put: dict[str, bytes] = {}
        drop: list[str] = []
        for row in rows:
            native, file = str(row["Id"]), _name(name, str(row["Id"]))
            before = self.mirror.units(file)
            if name == "User":
                self.users[native[:15]] = row
                put |= {f"{unit}/{file}": _page(row) for unit in before}
                continue
            if row.get("IsDeleted"):
                # No word of it stays; that it was deleted is told to the parser as Salesforce tells it.
                put |= {f"{unit}/{file}": _page(_stub(row)) for unit in before}
                continue
            unit = native if name == "Account" else self._unit(row)
            if not unit or (name in _TOLD and self._is_old(row)):
                continue
            self.fresh[native[:15]] = unit
            put |= {f"{place}/{file}": _page(row) for place in ({unit, *before} if name == "Contact" else {unit})}
            put |= self._around(unit, row)
            drop += [f"{other}/{file}" for other in before - {unit}] if name != "Contact" else []
        return put, drop

    def _unit(self, row: Mapping[str, Any]) -> str:
        """The folder of the account that the row, or what it hangs on, belongs to; empty for what is nobody's."""
        for field in _PARENTS:
            native = str(row.get(field) or "")
            if not _ID.fullmatch(native):
                continue
            if place := self._unit_of(native):
                return place
        return ""

    def _unit_of(self, native: str) -> str:
        if native.startswith("001"):
            return native
        kinds = {"003": "Contact", "006": "Opportunity", "00T": "Task", "02s": "EmailMessage"}
        if native[:15] in self.fresh:
            return self.fresh[native[:15]]
        kind = kinds.get(native[:3])
        return next(iter(sorted(self.mirror.units(_name(kind, native)))), "") if kind else ""

    def _around(self, unit: str, row: Mapping[str, Any]) -> dict[str, bytes]:
        """Which of us it was, who of theirs, and whose clock the organisation goes by, for the parser reads each folder by itself."""
        found = {f"{unit}/Organization.json": self._organization()}
        for field in ("OwnerId", "CreatedById"):
            native = str(row.get(field) or "")
            if user := self.users.get(native[:15]):
                found[f"{unit}/{_name('User', str(user['Id']))}"] = _page(user)
        for field in ("WhoId", "ContactId"):
            file = _name("Contact", str(row.get(field) or ""))
            places = sorted(self.mirror.units(file), key=lambda each: each != unit)
            if places and (data := self.mirror.read(f"{places[0]}/{file}")):
                found[f"{unit}/{file}"] = data
        return found

    def _organization(self) -> bytes:
        if self.organization is None:
            rows = self.api.get(f"/services/data/{VERSION}/query", {"q": "SELECT Id,Name,TimeZoneSidKey FROM Organization"})
            self.organization = _page(*rows.get("records", ()))
        return self.organization

    def _files(self, versions: Sequence[Mapping[str, Any]]) -> tuple[dict[str, bytes], list[str]]:
        """Notes and documents that hang on an account, an opportunity or what belongs to one, with their content."""
        put: dict[str, bytes] = {}
        drop: list[str] = []
        latest = {str(row["ContentDocumentId"]): row for row in versions if row.get("IsLatest") and not row.get("IsDeleted")}
        for row in versions:
            native = str(row["Id"])
            file = _name("ContentVersion", native)
            if row.get("IsDeleted"):
                put |= {f"{unit}/{file}": _page(_stub(row)) for unit in self.mirror.units(file)}
            if row.get("IsDeleted") or not row.get("IsLatest"):
                drop += [f"{unit}/{blob}" for blob, unit in self._blobs(native)]
            if not row.get("IsDeleted") and not row.get("IsLatest"):
                drop += [f"{unit}/{file}" for unit in self.mirror.units(file)]
        for begin in range(0, len(latest), MOST_IDS):
            some = ",".join(f"'{id}'" for id in sorted(latest)[begin : begin + MOST_IDS])
            for links in self._asked("ContentDocumentLink", _LINK.split(","), f" WHERE ContentDocumentId IN ({some})"):
                for link in links:
                    row = latest[str(link["ContentDocumentId"])]
                    unit = self._unit_of(str(link["LinkedEntityId"]))
                    if unit and not self._is_old(row):
                        put[f"{unit}/{_name('ContentDocumentLink', str(link['Id']))}"] = _page(link)
                        put[f"{unit}/{_name('ContentVersion', str(row['Id']))}"] = _page(row)
                        put |= {**self._around(unit, row), **self._content(unit, row)}
        return put, [name for name in drop if name not in put]

    def _content(self, unit: str, row: Mapping[str, Any]) -> dict[str, bytes]:
        native = str(row["Id"])
        ending = "html" if row.get("FileType") == "SNOTE" else re.sub(r"[^a-z0-9]", "", str(row.get("FileExtension") or "").lower())[:8]
        name = f"{unit}/{native}.{ending or 'bin'}"
        if int(row.get("ContentSize") or 0) > LARGEST_FILE:
            self.troubles.append(f"The file {row.get('Title')!r} is larger than {LARGEST_FILE // 2**20} MB, so it is not fetched.")
            return {}
        if (here := self.mirror.read(name)) is not None:  # a version never changes
            return {name: here}
        try:
            found = self.api.get(f"/services/data/{VERSION}/sobjects/ContentVersion/{native}/VersionData", headers={"Accept": "*/*"})
        except (NotThere, TooLarge, Refused):
            self.troubles.append(f"Salesforce does not give the content of the file {row.get('Title')!r}.")
            return {}
        return {name: found if isinstance(found, bytes) else document(found)}

    def _blobs(self, native: str) -> Iterator[tuple[str, str]]:
        for name in self.mirror.names():
            unit, _, file = name.partition("/")
            if file.startswith(f"{native}."):
                yield file, unit

    def _is_old(self, row: Mapping[str, Any]) -> bool:
        at = row.get("MessageDate") or row.get("StartDateTime") or row.get("CreatedDate")
        return bool(self.since and at and _moment(at) < self.since)


def _name(kind: str, native: str) -> str:
    return f"{kind}-{native}.json"


def _page(*rows: Mapping[str, Any]) -> bytes:
    return document({"totalSize": len(rows), "done": True, "records": list(rows)})


def _stub(row: Mapping[str, Any]) -> dict[str, Any]:
    return {key: row.get(key) for key in ("attributes", "Id", "IsDeleted", "SystemModstamp")}


def _field(row: Mapping[str, Any], name: str) -> str:
    return _stamp(_moment(row[name]))


def _moment(value: Any) -> datetime:
    return datetime.fromisoformat(re.sub(r"([+-]\d\d)(\d\d)$", r"\1:\2", str(value).replace("Z", "+00:00"))).astimezone(UTC)


def _stamp(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"
