"""Reads Salesforce: REST query results or Data Loader CSV of the standard objects, and the blobs of enhanced notes and files."""

from __future__ import annotations

import base64
import binascii
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import cached_property
from typing import Literal

from ingest.records import (
    CONTACT_ROLES,
    Call,
    CrmAccount,
    CrmDeal,
    CrmPerson,
    Email,
    Failure,
    Interaction,
    Link,
    Note,
    Participant,
    Reading,
    Record,
    Turn,
)
from ingest.sources import call_stubs, deal_lines, documents, mail, mail_plain, mail_text, salesforce_rows
from ingest.sources.deal_lines import Change
from ingest.sources.fields import flag, host, number, seconds, whole
from ingest.sources.format import Format
from ingest.sources.html_text import html_text
from ingest.sources.inputs import Input, decode
from ingest.sources.salesforce_rows import Row, Rows, is_id, revised
from ingest.sources.summaries import is_machine_summary

_FILE_TYPES = {
    "PDF": documents.MEDIA_TYPES["pdf"], "WORD_X": documents.MEDIA_TYPES["docx"], "POWER_POINT_X": documents.MEDIA_TYPES["pptx"],
    "EXCEL_X": documents.MEDIA_TYPES["xlsx"],
}  # fmt: skip
_PREVIEW = 250
"""Salesforce cuts TextPreview at 255 characters."""
_MARKED_UP = re.compile(r"</?(?:p|br|div|span|ul|ol|li|b|i|em|strong|a|table|td|html|body|font|h\d|script|style)\b[^<>]{0,2000}>", re.I)
_LOGGED_MAIL = re.compile(r"(?:\w[\w -]{0,20}:[^\n]*\n+)*?Body:[ \t]*\n?", re.I)
"""What Salesforce writes above the words of a mail that it logs as a task: `To: …`, `Subject: …`, `Body:`."""
_CHANGES = {
    "stagename": "Stage", "amount": "Amount", "closedate": "Close date", "owner": "Owner", "ownerid": "Owner", "nextstep": "Next step",
}  # fmt: skip
_UNTOLD = frozenset({"created", "opportunitycreatedfromlead", "ownerassignment", "locked", "unlocked"})
"""Entries of a field history that tell of no value."""


def parse(inputs: Sequence[Input]) -> Reading:
    rows = Rows()
    for item in inputs:
        rows.take(item)
    rows.finish()
    org = _Org(rows)
    accounts, people, deals = tuple(org.accounts()), tuple(org.people()), tuple(org.deals())
    changed = {id: revised(row) for by_id in rows.of.values() for id, row in by_id.items()}
    interactions = tuple(replace(each, revised_at=changed.get(each.external_id[:15])) for each in org.interactions())
    zones = rows.clock.notices(inputs[0].name, "Add the Organization object to the export: its TimeZoneSidKey names the zone.")
    return Reading(accounts, people, deals, interactions, tuple(rows.failures), (*rows.notices, *zones), tuple(rows.gone))


class _Org:
    """What the rows say, in our words."""

    def __init__(self, rows: Rows) -> None:
        self.rows = rows.of
        self.row = rows.row
        self.blobs = rows.blobs
        self.failures = rows.failures
        self.notices = rows.notices
        self.clock = rows.clock
        self.host = rows.host
        self._file = rows.file
        self._by_deal: dict[str, Mapping[str, Sequence[Row]]] = {}

    def accounts(self) -> Iterator[CrmAccount]:
        for row in self.rows["Account"].values():
            domains = [row.get("website", ""), *re.split(r"[;,\s]+", row.get("domain__c", ""))]
            found = tuple(dict.fromkeys(filter(None, map(host, domains))))
            yield CrmAccount(row.get("name") or (found[0] if found else row["id"]), (_link(row["id"]),), found, self._file(row))

    def people(self) -> Iterator[CrmPerson]:
        roles: dict[str, list[str]] = {}
        for each in self.rows["OpportunityContactRole"].values():
            if each.get("contactid") and each.get("role"):
                roles.setdefault(each["contactid"], []).append(each["role"].lower())
        for row in self.rows["Contact"].values():
            account = _link(row["accountid"]) if row.get("accountid") else None
            yield CrmPerson(_person(row), (_link(row["id"]),), account, file=self._file(row), roles=tuple(roles.get(row["id"], ())))
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
                name=row.get("name") or row["id"],
                links=(_link(row["id"]),),
                account=_link(row["accountid"]),
                stage=row.get("stagename", ""),
                won=flag(row.get("iswon")),
                closed=closed,
                closed_on=self.clock.day(row.get("closedate")) if closed else "",
                amount=number(row.get("amount")),
                currency=row.get("currencyisocode", ""),
                owner_email=self.row("User", row.get("ownerid", "")).get("email", "").casefold(),
                term_months=whole(_custom(row, r"term.*month|month.*term|contract_?term")),
                seats=whole(_custom(row, r"seat|licen[cs]es|users?__c")),
                opened_on=self.clock.day(row.get("createddate")),
                file=self._file(row),
                opened_at=self.clock.begins(row.get("createddate")),
                closed_at=self._closed_at(row) if closed else None,
            )

    def _closed_at(self, row: Row) -> datetime | None:
        """When its stage became the one it is in, where that was on the day it was closed."""
        moved = row.get("laststagechangedate")
        same = bool(moved) and self.clock.day(moved) == self.clock.day(row.get("closedate"))
        return self.clock.begins(moved if same else row.get("closedate"))

    def interactions(self) -> Iterator[Interaction]:
        yield from map(self._deal_record, self.rows["Opportunity"].values())
        mailed = {row.get("activityid", "")[:15] for row in self.rows["EmailMessage"].values()} - {""}
        for native, row in self.rows["Task"].items():
            if native not in mailed:
                yield from self._task(row)
        for row in self.rows["Event"].values():
            subject = row.get("subject", "")
            yield from self._note(row, subject, row.get("description", "") or subject, "note", at="startdatetime")
        for row in self.rows["Note"].values():
            yield from self._note(row, row.get("title", ""), row.get("body", "") or row.get("title", ""), "note")
        yield from self._contents()
        yield from map(self._mail, self.rows["EmailMessage"].values())

    def _task(self, row: Row) -> Iterator[Interaction]:
        """A to-do, a note of a call, a recorder's stub of one, or a mail that is logged as a task and nowhere else."""
        subject, words, kind = row.get("subject", ""), row.get("description", ""), row.get("tasksubtype", "").lower()
        if kind == "email" and words:
            yield self._logged_mail(row)
        elif call_stubs.is_stub(words, _lines(words)):
            owner = self._owner(row)
            yield Call(
                source="salesforce",
                external_id=row["id"],
                title=subject or "Call",
                occurred_at=self.clock.moment(row.get("createddate")) or self.clock.moment(row.get("activitydate")),
                turns=(Turn(_lines(words), owner, "derived"),),
                participants=tuple(filter(None, [owner, self._contact(row.get("whoid", ""))])),
                url=self._page(row),
                links=self._links([row.get("whatid", ""), row.get("accountid", ""), row.get("whoid", "")]),
                aliases=call_stubs.aliases(words),
                file=self._file(row),
                duration_s=seconds(row.get("calldurationinseconds")),
            )
        else:
            next_step = subject.lower().startswith("next step")
            form: Literal["task", "call_log", "next_step"] = "call_log" if kind == "call" else "next_step" if next_step else "task"
            yield from self._note(row, subject, words or subject, form)

    def _logged_mail(self, row: Row) -> Email:
        """A mail of which nothing but the task is exported: whoever logged it wrote it, unless it says that they got it."""
        words, owner = row.get("description", ""), self._owner(row)
        found = _LOGGED_MAIL.match(words)
        head = words[: found.end()] if found else ""
        addresses = re.findall(r"[^\s;,<>:]+@[^\s;,<>]+", re.sub(r"(?im)^bcc:.*$", "", head))
        people = [person for address in addresses if (person := self._known(address, ""))]
        sender = None if owner is None or owner.email in {person.email for person in people} else owner
        subject = re.sub(r"^email:\s*", "", row.get("subject", ""), flags=re.I)
        body = mail_text.body(words[len(head) :], sender=sender, subject=subject)
        return Email(
            source="salesforce",
            external_id=row["id"],
            title=subject or "(no subject)",
            occurred_at=self.clock.moment(row.get("createddate")) or self.clock.moment(row.get("activitydate")),
            turns=body.turns,
            participants=tuple(dict.fromkeys([*filter(None, [sender]), *people])),
            url=self._page(row),
            links=self._links([row.get("whatid", ""), row.get("accountid", ""), row.get("whoid", "")]),
            meta={"forwarded": list(body.forwarded)} if body.forwarded else {},
            file=self._file(row),
        )

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
            occurred_at=next(filter(None, map(self.clock.moment, map(row.get, (at, "createddate", "activitydate")))), None),
            turns=(Turn(_lines(words), owner, "derived" if is_machine_summary(words) else "said"),),
            participants=(owner,) if owner else (),
            url=self._page(row),
            links=self._links([row.get("whatid", ""), row.get("parentid", ""), row.get("accountid", ""), row.get("whoid", "")]),
            aliases=call_stubs.aliases(words),
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
                reading = documents.read(blob, kind, at=self.clock.moment(about.get("createddate")))
                self.failures += reading.failures
                self.notices += reading.notices
                title = about.get("title", "")
                yield from (
                    replace(found, title=found.title if found.internal else title or found.title, links=self._links(linked[document]))
                    for found in reading.interactions
                )
            elif blob and (damaged := documents.damaged(blob, _FILE_TYPES.get(about.get("filetype", "").upper(), ""))):
                self.failures.append(damaged)
            elif (about.get("filetype") or "SNOTE").upper() == "SNOTE":
                words = self._note_text(native, note, version, blob)
                yield from (
                    replace(
                        found,
                        aliases=tuple(filter(None, [version.get("id", "")])),
                        links=self._links(linked[document]),
                        file=self._file(note) or self._file(version),
                    )
                    for found in self._note({**about, "id": native}, about.get("title", ""), words, "note")
                )
            else:
                what = f"{about.get('title', '')!r} ({about.get('filetype', 'unknown type')})"
                detail = f"The Salesforce file {what} is not among the exported VersionData as a document; export its VersionData too."
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
        words, hidden = mail_plain.plain_text(row.get("textbody", ""), row.get("htmlbody", ""))
        body = mail_text.body(words, sender=sender, subject=row.get("subject", ""), hidden=hidden)
        related = self._relations.get(row["id"][:15], ())
        listed = [a.strip() for key in ("toaddress", "ccaddress") for a in re.split(r"[;,]", row.get(key, "")) if "@" in a]
        others = [self._known(address, "") for address in (listed or [one.get("relationaddress", "") for one in related])]
        message_id = mail.message_id(row.get("messageidentifier", ""))
        return Email(
            source="salesforce",
            external_id=row["id"],
            title=row.get("subject", "") or "(no subject)",
            occurred_at=self.clock.moment(row.get("messagedate")) or self.clock.moment(row.get("createddate")),
            turns=body.turns,
            participants=tuple(dict.fromkeys([*filter(None, [sender]), *filter(None, others)])),
            url=self._page(row),
            links=self._links([row.get("relatedtoid", ""), row.get("parentid", ""), *(one.get("relationid", "") for one in related)]),
            aliases=tuple(filter(None, [message_id, row.get("activityid", "")])),
            meta={"forwarded": list(body.forwarded)} if body.forwarded else {},
            file=self._file(row),
            message_id=message_id,
        )

    def _deal_record(self, row: Row) -> Record:
        """The deal's fields as lines, who plays what part in it, and how its stage and amount changed."""
        owner, native = self._owner(row), row["id"][:15]
        account = self.row("Account", row.get("accountid", ""))
        fields = {
            "Deal": row.get("name", ""),
            "Account": account.get("name", ""),
            "Stage": row.get("stagename", ""),
            "Amount": deal_lines.amount(row.get("amount", ""), row.get("currencyisocode", "")),
            "Close date": self.clock.day(row.get("closedate")),
            "Type": row.get("type", ""),
            "Next step": row.get("nextstep", ""),
            "Owner": owner.name if owner else "",
            **{_label(key): deal_lines.plain_number(value) for key, value in row.items() if key.endswith("__c")},
            "Description": row.get("description", ""),
        }
        roles = [
            f"{role['role']}: {self.row('Contact', role.get('contactid', '')).get('name') or role.get('contactid', '')}"
            for role in self._of_deals("OpportunityContactRole").get(native, ())
            if role.get("role")
        ]
        changes = [*self._steps(row), *self._field_changes(row)]
        turns = [
            Turn(deal_lines.lines(fields), heading="Deal"),
            Turn("\n".join(roles), heading=CONTACT_ROLES),
            *deal_lines.histories(changes),
        ]
        stamps = [row.get("systemmodstamp", ""), row.get("laststagechangedate", ""), *(change.at for change in changes)]
        return Record(
            source="salesforce",
            external_id=row["id"],
            title=row.get("name", "") or row["id"],
            occurred_at=max(filter(None, map(self.clock.moment, stamps)), default=None),
            turns=tuple(turn for turn in turns if turn.text),
            url=self._page(row),
            links=self._links([row["id"], row.get("accountid", "")]),
            file=self._file(row),
            record="deal",
        )

    def _steps(self, deal: Row) -> Iterator[Change]:
        """What each step of the deal's history changed, a step being a picture of stage, amount and close date."""
        for step in self._of_deals("OpportunityHistory").get(deal["id"][:15], ()):
            for field, value, before in (
                ("Stage", step.get("stagename", ""), ""),
                ("Amount", self._money(step.get("amount", ""), deal), self._money(step.get("prevamount", ""), deal)),
                ("Close date", self.clock.day(step.get("closedate")), self.clock.day(step.get("prevclosedate"))),
            ):
                if value:
                    yield self._change(step, field, before, value)

    def _field_changes(self, deal: Row) -> Iterator[Change]:
        """The fields whose history the organisation keeps; an owner's entry is given twice, once with names and once with ids."""
        for entry in self._of_deals("OpportunityFieldHistory").get(deal["id"][:15], ()):
            name, before, after = entry.get("field", "").lower(), entry.get("oldvalue", ""), entry.get("newvalue", "")
            if not name or name in _UNTOLD or is_id(before) or is_id(after) or not (before or after):
                continue
            field = _CHANGES.get(name) or _label(name)
            if name == "amount":
                before, after = self._money(before, deal), self._money(after, deal)
            yield self._change(entry, field, before, after)

    def _change(self, entry: Row, field: str, before: str, after: str) -> Change:
        stamp = entry.get("createddate", "")
        at = self.clock.moment(stamp)
        by = _person(user).name if (user := self.row("User", entry.get("createdbyid", ""))) else ""
        return Change(field, before, after, at.astimezone(UTC).isoformat() if at else "", self.clock.day(stamp), by)

    def _money(self, value: str, deal: Row) -> str:
        return deal_lines.amount(value, deal.get("currencyisocode", ""))

    def _of_deals(self, kind: str) -> Mapping[str, Sequence[Row]]:
        """The rows of an object by the deal they belong to."""
        if kind not in self._by_deal:
            self._by_deal[kind] = by_deal = defaultdict(list)
            for row in self.rows[kind].values():
                by_deal[row.get("opportunityid", "")[:15]].append(row)
        return self._by_deal[kind]

    @cached_property
    def _relations(self) -> Mapping[str, Sequence[Row]]:
        """Who got each mail, as far as it may be known: not who was on blind copy."""
        found: dict[str, list[Row]] = defaultdict(list)
        for row in self.rows["EmailMessageRelation"].values():
            if row.get("relationtype", "").lower() in ("toaddress", "ccaddress"):
                found[row.get("emailmessageid", "")[:15]].append(row)
        return found

    def _owner(self, row: Row) -> Participant | None:
        user = self.row("User", row.get("ownerid", "") or row.get("createdbyid", ""))
        return replace(_person(user), side="seller") if user else None

    @cached_property
    def _people(self) -> Mapping[str, Participant]:
        rows = (row for kind in ("Contact", "User") for row in self.rows[kind].values())
        return {person.email: person for row in rows if (person := _person(row)).email}

    def _known(self, address: str, name: str) -> Participant | None:
        """The user or contact with this address, so that a mail's bare address gets its name."""
        address = address.strip().casefold()
        return self._people.get(address) or (Participant(name or address, address) if address else None)

    def _contact(self, native: str) -> Participant | None:
        row = self.row("Contact", native)
        return _person(row) if row else None

    def _page(self, row: Row) -> str:
        """The record's page, or its deal's, where the host is known."""
        ids = [row["id"], row.get("whatid", ""), row.get("relatedtoid", ""), row.get("parentid", "")]
        deal = next((native for native in ids if native.startswith("006") and is_id(native)), "")
        return f"https://{self.host}/lightning/r/Opportunity/{deal}/view" if self.host and deal else ""

    def _links(self, ids: Iterable[str]) -> tuple[Link, ...]:
        """Links to accounts, deals and contacts among the ids; a deal brings its account along."""
        found: list[Link] = []
        for native in ids:
            if native[:3] in ("006", "001", "003") and is_id(native):
                found.append(_link(native))
            if native[:3] == "006" and (account := self.row("Opportunity", native).get("accountid")):
                found.append(_link(account))
        return tuple(dict.fromkeys(found))


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


def _custom(row: Row, pattern: str) -> str:
    """The value of the first custom field whose name fits."""
    return next((value for key, value in row.items() if key.endswith("__c") and value and re.search(pattern, key)), "")


def _label(key: str) -> str:
    return key.removesuffix("__c").replace("_", " ").strip().capitalize()


def _lines(words: str) -> str:
    words = html_text(words).text if _MARKED_UP.search(words) else words
    return re.sub(r"\n{3,}", "\n\n", words.replace("\r\n", "\n").replace("\r", "\n")).strip()


def _unpacked(value: str) -> str:
    """The HTML of a base64 field; empty where the field holds the path of the API instead."""
    if not value or value.startswith("/"):
        return ""
    try:
        return decode(base64.b64decode(value, validate=True))
    except (binascii.Error, ValueError):
        return ""


FORMAT = Format(
    "salesforce",
    salesforce_rows.recognise,
    parse,
    together="folder",
    isolated=True,  # its files hang on records like attachments
    orphan="This is the content of a Salesforce file without its records; ingest the folder with ContentVersion too.",
)
