"""Gathers Salesforce's rows from query results and Data Loader CSV by object and id, and the blobs that lie beside them."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping
from datetime import datetime
from pathlib import PurePosixPath

from ingest.records import Failure, Gone
from ingest.sources import csv_rows
from ingest.sources.fields import Object, flag, moment, number, obj, objects, text
from ingest.sources.format import Look, Part
from ingest.sources.inputs import Input, NotJson, decode, json_failure, load_json
from ingest.sources.zones import Clock

Row = Mapping[str, str]
"""One record: field names in lower case (Data Loader shouts them), values as text; `""` where there is none."""

OBJECTS = {
    "001": "Account",
    "003": "Contact",
    "005": "User",
    "006": "Opportunity",
    "008": "OpportunityHistory",
    "017": "OpportunityFieldHistory",
    "00K": "OpportunityContactRole",
    "00D": "Organization",
    "00T": "Task",
    "00U": "Event",
    "002": "Note",
    "069": "ContentNote",
    "068": "ContentVersion",
    "06A": "ContentDocumentLink",
    "02s": "EmailMessage",
    "0ZE": "EmailMessageRelation",
}
"""What a record is, by the first three characters of its id."""

_ID = re.compile(r"[a-zA-Z0-9]{15}(?:[a-zA-Z0-9]{3})?")
_OUTBOUND = "soap.sforce.com/2005/09/outbound"
_MY_DOMAIN = re.compile(r"https://([\w-]{1,80})(\.[\w-]{1,40})?\.my\.salesforce\.([a-z]{2,20})/")


def is_id(value: str) -> bool:
    return _ID.fullmatch(value) is not None and value[:3] in OBJECTS


class Rows:
    """The rows of one folder, a later version of a row replacing an earlier one."""

    def __init__(self) -> None:
        self.of: dict[str, dict[str, Row]] = defaultdict(dict)
        self.files: dict[str, str] = {}
        self.blobs: dict[str, Input] = {}
        self.failures: list[Failure] = []
        self.notices: list[Failure] = []
        self.clock = Clock()
        self.host = ""
        """Of the pages that people see, where a file names it."""
        self._promised: dict[str, tuple[int, str]] = {}
        self._read: Counter[str] = Counter()
        self._deleted: set[str] = set()
        self.gone: list[Gone] = []

    def take(self, item: Input) -> None:
        content = decode(item.data).lstrip("\ufeff")
        start = content[:200].lstrip()
        stem = PurePosixPath(item.name).stem
        if _OUTBOUND in content[:2000]:
            self._say_message(item.name)
            if found := _MY_DOMAIN.search(content):
                self.host = f"{found[1]}{found[2] or ''}.lightning.force.{found[3]}"
        elif start.startswith(("{", "[")):
            self._take_json(item, content, stem)
        elif is_id(stem) and stem.startswith(("068", "069")):
            self.blobs[stem[:15]] = item
        elif not start.startswith("<"):
            found_rows = csv_rows.table(item)
            self.failures += found_rows.failures
            self._take_rows(item.name, found_rows.rows)

    def finish(self) -> None:
        """What can only be known after the last file."""
        for organization in self.of["Organization"].values():
            self.clock.keep(organization.get("timezonesidkey"))
        for kind, (total, file) in self._promised.items():
            if self._read[kind] < total:
                detail = f"Of {total} {kind} rows only {self._read[kind]} are here: the query has more pages; export those too."
                self.notices.append(Failure(file, "incomplete", detail))

    def row(self, kind: str, native: str) -> Row:
        return self.of[kind].get(native[:15], {})

    def file(self, row: Row) -> str:
        return self.files.get(row.get("id", "")[:15], "")

    def _take_json(self, item: Input, content: str, stem: str) -> None:
        try:
            page = load_json(content)
        except NotJson as error:
            if is_id(stem):
                self.blobs[stem[:15]] = item
            else:
                self.failures.append(json_failure(item.name, error))
            return
        top = obj(page)
        records = objects(page) if isinstance(page, list) else objects(top.get("records"))
        if any(map(_is_error, records)):
            detail = f"Salesforce answered with an error instead of rows ({text(records[0].get('errorCode'))}); export the object again."
            self.failures.append(Failure(item.name, "not_valid", detail))
        elif _is_event(top):
            self._say_message(item.name)
        elif not records and is_id(stem):
            self.blobs[stem[:15]] = item
        else:
            total = number(top.get("totalSize")) or 0
            kinds = {OBJECTS.get(text(record.get("Id"))[:3], "") for record in records}
            if len(kinds) == 1 and total > len(records) and (kind := kinds.pop()):
                self._promised[kind] = (int(total), item.name)
            self._take_rows(item.name, list(map(_row, records)))

    def _take_rows(self, file: str, rows: list[dict[str, str]]) -> None:
        nameless = [row.get("id", "") for row in rows if not _ID.fullmatch(row.get("id", ""))]
        foreign = 0
        for row in rows:
            if _ID.fullmatch(native := row.get("id", "")):
                if native[:3] in OBJECTS:
                    self._take_row(file, native[:15], row)
                else:
                    foreign += 1
        if nameless:
            count = "A row has" if len(nameless) == 1 else f"{len(nameless)} rows have"
            detail = f"{count} no Salesforce id (Id is {nameless[0][:40]!r}); export the object with its Id field."
            self.failures.append(Failure(file, "not_valid", detail))
        if foreign:
            detail = f"These are rows of an object Baton has no use for; it reads {', '.join(OBJECTS.values())}."
            self.failures.append(Failure(file, "not_used", detail))

    def _take_row(self, file: str, native: str, row: Row) -> None:
        kind = OBJECTS[native[:3]]
        known = self.of[kind].get(native)
        self._read[kind] += known is None and native not in self._deleted
        if flag(row.get("isdeleted")):
            self._deleted.add(native)
            self.gone.append(Gone(f"salesforce:{native}", revised(row)))
            self.of[kind].pop(native, None)
        elif native not in self._deleted and (known is None or row.get("systemmodstamp", "") >= known.get("systemmodstamp", "")):
            self.of[kind][native] = row
            self.files[native] = file

    def _say_message(self, file: str) -> None:
        detail = "This is a message that tells that a record changed, not the record itself; export the object by a query or Data Loader."
        self.failures.append(Failure(file, "not_used", detail))


def recognise(look: Look) -> Part | None:
    stem = PurePosixPath(look.name).stem
    if is_id(stem) and stem.startswith(("068", "069")):  # a blob's content is whatever it is
        return "beside"
    records = objects(look.page) if isinstance(look.page, list) else objects(look.top.get("records"))
    empty_page = "records" in look.top and "totalSize" in look.top
    if empty_page or any("attributes" in record or is_id(text(record.get("Id"))) or _is_error(record) for record in records):
        return "main"
    if _is_event(look.top) or _OUTBOUND in look.content[:2000]:
        return "main"
    header, first = look.csv
    at = header.index("id") if "id" in header else len(first)
    return "main" if "id" in header and (not first or (len(first) > at and is_id(first[at]))) else None


def revised(row: Row) -> datetime | None:
    return moment(row.get("systemmodstamp")) or moment(row.get("lastmodifieddate"))


def _row(record: Object) -> dict[str, str]:
    return {
        key.lower(): ("true" if value else "false") if isinstance(value, bool) else text(value)
        for key, value in record.items()
        if isinstance(key, str)
    }


def _is_error(record: Object) -> bool:
    return "errorCode" in record and "message" in record


def _is_event(top: Object) -> bool:
    """A change event, or what a flow sends out when a deal is won."""
    return "ChangeEventHeader" in obj(top.get("payload")) or ("opportunityId" in top and "organizationId" in top and "event" in top)
