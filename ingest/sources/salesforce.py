"""Reads Salesforce: REST query results or Data Loader CSV of the standard objects, and the blobs of enhanced notes and files."""

from __future__ import annotations

import base64
import binascii
import csv
import io
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import PurePosixPath
from typing import Literal

from ingest.records import CrmAccount, CrmDeal, CrmPerson, Email, Failure, Interaction, Link, Note, Participant, Reading, Record, Turn
from ingest.sources import documents, mail, mail_text
from ingest.sources.fields import flag, moment, number, obj, objects, text, whole
from ingest.sources.format import Format, Look, Part
from ingest.sources.html_text import html_text
from ingest.sources.inputs import Input, NotJson, decode, json_failure, load_json
from ingest.sources.summaries import is_machine_summary

Row = Mapping[str, str]
"""One record: field names in lower case (Data Loader shouts them), values as text; `""` where there is none."""

OBJECTS = {
    "001": "Account",
    "003": "Contact",
    "005": "User",
    "006": "Opportunity",
    "008": "OpportunityHistory",
    "00K": "OpportunityContactRole",
    "00T": "Task",
    "00U": "Event",
    "002": "Note",
    "069": "ContentNote",
    "068": "ContentVersion",
    "06A": "ContentDocumentLink",
    "02s": "EmailMessage",
}
"""What a record is, by the first three characters of its id."""

_ID = re.compile(r"[a-zA-Z0-9]{15}(?:[a-zA-Z0-9]{3})?")
_FILE_TYPES = {"PDF": documents.MEDIA_TYPES["pdf"], "WORD_X": documents.MEDIA_TYPES["docx"]}
_PREVIEW = 250
"""Salesforce cuts TextPreview at 255 characters."""


def parse(inputs: Sequence[Input]) -> Reading:
    org = _Org()
    for item in inputs:
        org.take(item)
    return Reading(
        accounts=tuple(org.accounts()),
        people=tuple(org.people()),
        deals=tuple(org.deals()),
        interactions=tuple(org.interactions()),
        failures=tuple(org.failures),
    )


def is_id(value: str) -> bool:
    return _ID.fullmatch(value) is not None and value[:3] in OBJECTS


class _Org:
    """The rows of one folder by object and id, a later version of a row replacing an earlier one."""

    def __init__(self) -> None:
        self.rows: dict[str, dict[str, Row]] = defaultdict(dict)
        self.files: dict[str, str] = {}
        self.blobs: dict[str, Input] = {}
        self.failures: list[Failure] = []

    def take(self, item: Input) -> None:
        stem = PurePosixPath(item.name).stem
        try:
            found = list(_rows(item))
        except NotJson as error:
            if is_id(stem):
                self.blobs[stem[:15]] = item
            else:
                self.failures.append(json_failure(item.name, error))
            return
        if not found and is_id(stem):
            self.blobs[stem[:15]] = item
        foreign = False
        for row in found:
            native = row.get("id", "")
            if _ID.fullmatch(native) and native[:3] not in OBJECTS:
                foreign = True
            elif not is_id(native):
                self.failures.append(
                    Failure(item.name, "not_valid", f"A row has no Salesforce id (Id is {native!r}); export the object with its Id field.")
                )
            elif not flag(row.get("isdeleted")):
                known = self.rows[OBJECTS[native[:3]]].get(native[:15])
                if known is None or row.get("systemmodstamp", "") >= known.get("systemmodstamp", ""):
                    self.rows[OBJECTS[native[:3]]][native[:15]] = row
                    self.files[native[:15]] = item.name
        if foreign:
            detail = f"These are rows of an object Baton has no use for; it reads {', '.join(OBJECTS.values())}."
            self.failures.append(Failure(item.name, "not_used", detail))

    def row(self, kind: str, native: str) -> Row:
        return self.rows[kind].get(native[:15], {})

    def accounts(self) -> Iterator[CrmAccount]:
        for row in self.rows["Account"].values():
            domains = [row.get("website", ""), *re.split(r"[;,\s]+", row.get("domain__c", ""))]
            yield CrmAccount(
                row.get("name", ""), (_link(row["id"]),), tuple(dict.fromkeys(filter(None, map(_domain, domains)))), self._file(row)
            )

    def people(self) -> Iterator[CrmPerson]:
        for row in self.rows["Contact"].values():
            yield CrmPerson(
                _person(row), (_link(row["id"]),), _link(row["accountid"]) if row.get("accountid") else None, file=self._file(row)
            )
        for row in self.rows["User"].values():
            yield CrmPerson(replace(_person(row), side="seller"), (_link(row["id"]),), ours=True, file=self._file(row))

    def deals(self) -> Iterator[CrmDeal]:
        for row in self.rows["Opportunity"].values():
            if not row.get("accountid"):
                self.failures.append(
                    Failure(
                        self._file(row),
                        "not_valid",
                        f"The opportunity {row.get('name', '')!r} has no AccountId; export it with that field.",
                    )
                )
                continue
            closed = flag(row.get("isclosed"))
            yield CrmDeal(
                name=row.get("name", ""),
                links=(_link(row["id"]),),
                account=_link(row["accountid"]),
                stage=row.get("stagename", ""),
                won=flag(row.get("iswon")),
                closed=closed,
                closed_on=row.get("closedate", "")[:10] if closed else "",
                amount=number(row.get("amount")),
                currency=row.get("currencyisocode", ""),
                owner_email=self.row("User", row.get("ownerid", "")).get("email", "").casefold(),
                term_months=whole(_custom(row, r"term.*month|month.*term|contract_?term")),
                seats=whole(_custom(row, r"seat|licen[cs]es|users?__c")),
                opened_on=row.get("createddate", "")[:10],
                file=self._file(row),
            )

    def interactions(self) -> Iterator[Interaction]:
        yield from map(self._deal_record, self.rows["Opportunity"].values())
        mailed = {row.get("activityid", "")[:15] for row in self.rows["EmailMessage"].values()} - {""}
        for row in self.rows["Task"].values():
            if row["id"][:15] not in mailed:
                subject = row.get("subject", "")
                form: Literal["task", "call_log", "next_step"] = (
                    "call_log"
                    if row.get("tasksubtype", "").lower() == "call"
                    else "next_step"
                    if subject.lower().startswith("next step")
                    else "task"
                )
                yield from self._note(row, subject, row.get("description", "") or subject, form)
        for row in self.rows["Event"].values():
            yield from self._note(
                row, row.get("subject", ""), row.get("description", "") or row.get("subject", ""), "note", at="startdatetime"
            )
        for row in self.rows["Note"].values():
            yield from self._note(row, row.get("title", ""), row.get("body", "") or row.get("title", ""), "note")
        yield from self._contents()
        yield from map(self._mail, self.rows["EmailMessage"].values())

    def _note(
        self, row: Row, title: str, words: str, form: Literal["note", "task", "call_log", "next_step"], at: str = "createddate"
    ) -> Iterator[Note]:
        owner = self._owner(row)
        if not words:
            return
        yield Note(
            source="salesforce",
            external_id=row["id"],
            title=title or "Note",
            occurred_at=moment(row.get(at)) or moment(row.get("createddate")) or moment(row.get("activitydate")),
            turns=(Turn(_lines(words), owner, "derived" if is_machine_summary(words) else "said"),),
            participants=(owner,) if owner else (),
            links=self._links([row.get("whatid", ""), row.get("parentid", ""), row.get("accountid", ""), row.get("whoid", "")]),
            meta={key: row[key] for key in ("status", "activitydate", "priority") if row.get(key)},
            file=self._file(row),
            form=form,
        )

    def _contents(self) -> Iterator[Interaction]:
        """Enhanced notes and files: the newest version's blob, linked to records by ContentDocumentLink."""
        linked: dict[str, list[str]] = defaultdict(list)
        for link in self.rows["ContentDocumentLink"].values():
            linked[link.get("contentdocumentid", "")[:15]].append(link.get("linkedentityid", ""))
        versions: dict[str, Row] = {}
        for version in self.rows["ContentVersion"].values():
            if version.get("islatest", "true").lower() != "false" and version.get("contentdocumentid"):
                versions[version["contentdocumentid"][:15]] = version
        for document in {**self.rows["ContentNote"], **versions}:
            note, version = self.row("ContentNote", document), versions.get(document, {})
            about = note or version
            native = note.get("id") or version["contentdocumentid"]
            blob = self.blobs.get(version.get("id", "")[:15]) or self.blobs.get(document)
            kind = documents.kind_of(blob.data) if blob else None
            if blob and kind:
                reading = documents.read(blob, kind, at=moment(about.get("createddate")))
                self.failures += reading.failures
                yield from (
                    replace(found, title=about.get("title") or found.title, links=self._links(linked[document]))
                    for found in reading.interactions
                )
            elif blob and (damaged := documents.damaged(blob, _FILE_TYPES.get(about.get("filetype", "").upper(), ""))):
                self.failures.append(damaged)
            elif (about.get("filetype") or "SNOTE").upper() == "SNOTE":
                words = self._note_text(native, note, version, blob)
                yield from (
                    replace(found, aliases=tuple(filter(None, [version.get("id", "")])), links=self._links(linked[document]))
                    for found in self._note({**about, "id": native}, about.get("title", ""), words, "note")
                )
            else:
                what = f"{about.get('title', '')!r} ({about.get('filetype', 'unknown type')})"
                detail = f"The Salesforce file {what} is not among the exported VersionData as PDF or DOCX; export its VersionData too."
                self.failures.append(Failure(self._file(about), "attachment_not_read", detail))

    def _note_text(self, native: str, note: Row, version: Row, blob: Input | None) -> str:
        html = decode(blob.data) if blob else _unpacked(note.get("content", "")) or _unpacked(version.get("versiondata", ""))
        if html:
            return html_text(html).text if "<" in html else html
        preview = note.get("textpreview") or version.get("textpreview", "")
        if len(preview) >= _PREVIEW:
            self.failures.append(
                Failure(
                    self._file(note or version),
                    "incomplete",
                    f"Of the note {native} only the first {len(preview)} characters are in the export; add its VersionData file.",
                )
            )
        return preview

    def _mail(self, row: Row) -> Email:
        sender = self._known(row.get("fromaddress", ""), row.get("fromname", ""))
        words, hidden = mail_text.plain_text(row.get("textbody", ""), row.get("htmlbody", ""))
        body = mail_text.body(words, sender=sender, subject=row.get("subject", ""), hidden=hidden)
        others = [self._known(a.strip(), "") for key in ("toaddress", "ccaddress") for a in re.split(r"[;,]", row.get(key, "")) if "@" in a]
        message_id = mail.message_id(row.get("messageidentifier", ""))
        return Email(
            source="salesforce",
            external_id=row["id"],
            title=row.get("subject", "") or "(no subject)",
            occurred_at=moment(row.get("messagedate")) or moment(row.get("createddate")),
            turns=body.turns,
            participants=tuple(dict.fromkeys([*filter(None, [sender]), *filter(None, others)])),
            links=self._links([row.get("relatedtoid", ""), row.get("parentid", "")]),
            aliases=(message_id,) if message_id else (),
            meta={"forwarded": list(body.forwarded)} if body.forwarded else {},
            file=self._file(row),
            message_id=message_id,
        )

    def _deal_record(self, row: Row) -> Record:
        """The deal's fields as lines, its stages as they changed, and who plays what part in it."""
        owner = self._owner(row)
        amount = " ".join(filter(None, [_plain_number(row.get("amount", "")), row.get("currencyisocode", "")]))
        account = self.row("Account", row.get("accountid", ""))
        fields = {
            "Deal": row.get("name", ""),
            "Account": account.get("name", ""),
            "Stage": row.get("stagename", ""),
            "Amount": amount,
            "Close date": row.get("closedate", "")[:10],
            "Type": row.get("type", ""),
            "Next step": row.get("nextstep", ""),
            "Owner": owner.name if owner else "",
            **{_label(key): _plain_number(value) for key, value in row.items() if key.endswith("__c")},
            "Description": row.get("description", ""),
        }
        turns = [Turn(_fields(fields), heading="Deal")]
        steps = sorted(
            (h for h in self.rows["OpportunityHistory"].values() if h.get("opportunityid", "")[:15] == row["id"][:15]),
            key=lambda h: h.get("createddate", ""),
        )
        if steps:
            turns.append(Turn("\n".join(map(_step, steps)), heading="Stage history"))
        roles = [
            r for r in self.rows["OpportunityContactRole"].values() if r.get("opportunityid", "")[:15] == row["id"][:15] and r.get("role")
        ]
        if roles:
            named = (
                f"{role['role']}: {self.row('Contact', role.get('contactid', '')).get('name') or role.get('contactid', '')}"
                for role in roles
            )
            turns.append(Turn("\n".join(named), heading="Contact roles"))
        return Record(
            source="salesforce",
            external_id=row["id"],
            title=row.get("name", "") or row["id"],
            occurred_at=_latest(
                [row.get("systemmodstamp", ""), row.get("laststagechangedate", ""), *(step.get("createddate", "") for step in steps)]
            ),
            turns=tuple(turn for turn in turns if turn.text),
            links=self._links([row["id"], row.get("accountid", "")]),
            file=self._file(row),
            record="deal",
        )

    def _owner(self, row: Row) -> Participant | None:
        user = self.row("User", row.get("ownerid", "") or row.get("createdbyid", ""))
        return replace(_person(user), side="seller") if user else None

    def _known(self, address: str, name: str) -> Participant | None:
        """The user or contact with this address, so that a mail's bare address gets its name."""
        for kind in ("User", "Contact"):
            for row in self.rows[kind].values():
                if row.get("email", "").casefold() == address.casefold():
                    return _person(row)
        return Participant(name or address, address.casefold()) if address else None

    def _links(self, ids: Iterable[str]) -> tuple[Link, ...]:
        """Links to accounts, deals and contacts among the ids; a deal brings its account along."""
        found: list[Link] = []
        for native in ids:
            if native[:3] in ("006", "001", "003") and is_id(native):
                found.append(_link(native))
            if native[:3] == "006" and (account := self.row("Opportunity", native).get("accountid")):
                found.append(_link(account))
        return tuple(dict.fromkeys(found))

    def _file(self, row: Row) -> str:
        return self.files.get(row.get("id", "")[:15], "")


def _rows(item: Input) -> Iterator[Row]:
    """The records of a query result, of a plain array, or of a CSV."""
    content = decode(item.data).lstrip("\ufeff")
    if not content.lstrip().startswith(("{", "[")):
        if content.lstrip().startswith("<") or item.data.startswith((b"%PDF", b"PK")):
            return
        yield from _csv_rows(content)
        return
    page = load_json(content)
    for record in objects(page) if isinstance(page, list) else objects(obj(page).get("records")):
        yield {
            key.lower(): ("true" if value else "false") if isinstance(value, bool) else text(value)
            for key, value in record.items()
            if isinstance(key, str)
        }


def _csv_rows(content: str) -> Iterator[Row]:
    try:
        for record in csv.DictReader(io.StringIO(content, newline="")):
            yield {
                key.strip().lower(): (value or "").strip()
                for key, value in record.items()
                if isinstance(key, str) and not isinstance(value, list)
            }
    except csv.Error as error:
        raise NotJson(False, f"as CSV: {error}") from error


def _link(native: str) -> Link:
    return Link(
        "salesforce",
        {"001": "account", "003": "contact", "005": "user", "006": "deal"}[native[:3]]
        if native[:3] in ("001", "003", "005", "006")
        else "record",
        native,
    )


def _person(row: Row) -> Participant:
    name = row.get("name") or " ".join(filter(None, (row.get("firstname"), row.get("lastname"))))
    email = row.get("email", "").casefold()
    return Participant(name or email or row.get("id", ""), email, row.get("title", ""))


def _domain(value: str) -> str:
    """The host of a website field, without `www.`."""
    host = re.sub(r"^[a-z]+://", "", value.strip().lower()).split("/")[0].split("?")[0].split(":")[0].removeprefix("www.")
    return host if "." in host and "@" not in host and " " not in host else ""


def _custom(row: Row, pattern: str) -> str:
    """The value of the first custom field whose name fits."""
    return next((value for key, value in row.items() if key.endswith("__c") and value and re.search(pattern, key)), "")


def _label(key: str) -> str:
    return key.removesuffix("__c").replace("_", " ").strip().capitalize()


def _fields(fields: Mapping[str, str]) -> str:
    return "\n".join(f"{label}: {' '.join(value.split())}" for label, value in fields.items() if value.strip())


def _step(row: Row) -> str:
    amount = " ".join(filter(None, [_plain_number(row.get("amount", "")), row.get("currencyisocode", "")]))
    close = row.get("closedate", "")[:10]
    extra = ", ".join(filter(None, [f"amount {amount}" if amount else "", f"close date {close}" if close else ""]))
    return f"{row.get('createddate', '')[:10]}: {row.get('stagename', '')}" + (f" ({extra})" if extra else "")


def _plain_number(value: str) -> str:
    """186000.0 as 186000; anything that is no number stays."""
    return value[:-2] if re.fullmatch(r"-?\d+\.0", value) else value


def _latest(stamps: Iterable[str]) -> datetime | None:
    return max(filter(None, map(moment, stamps)), default=None)


def _lines(words: str) -> str:
    words = html_text(words).text if re.search(r"</?(?:p|br|div|span|ul|li|b|i|strong)\b[^>]*>", words, re.I) else words
    return re.sub(r"\n{3,}", "\n\n", words.replace("\r\n", "\n").replace("\r", "\n")).strip()


def _unpacked(value: str) -> str:
    """The HTML of a base64 field; empty where the field holds the path of the API instead."""
    if not value or value.startswith("/"):
        return ""
    try:
        return decode(base64.b64decode(value, validate=True))
    except (binascii.Error, ValueError):
        return ""


def _recognise(look: Look) -> Part | None:
    stem = PurePosixPath(look.name).stem
    if is_id(stem) and stem.startswith(("068", "069")):  # a blob's content is whatever it is
        return "beside"
    records = objects(look.page) if isinstance(look.page, list) else objects(look.top.get("records"))
    empty_page = "records" in look.top and "totalSize" in look.top
    if empty_page or any("attributes" in record or is_id(text(record.get("Id"))) for record in records):
        return "main"
    header, first = look.csv
    at = header.index("id") if "id" in header else len(first)
    return "main" if "id" in header and (not first or (len(first) > at and is_id(first[at]))) else None


FORMAT = Format(
    "salesforce",
    _recognise,
    parse,
    together="folder",
    orphan="This is the content of a Salesforce file without its records; ingest the folder with ContentVersion too.",
)
