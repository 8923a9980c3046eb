"""Gathers HubSpot's objects from API pages and CSV exports: each once, with all that is known of it and what it is associated with."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from ingest.records import Failure, Gone
from ingest.sources import csv_rows
from ingest.sources.fields import Object, flag, is_object, moment, obj, objects, text, texts
from ingest.sources.format import Look, Part
from ingest.sources.inputs import Input, NotJson, decode, json_failure, load_json
from ingest.sources.zones import Clock

_MARKS = (
    ("deal", "dealname"), ("deal", "dealstage"), ("contact", "firstname"), ("contact", "lastname"), ("note", "hs_note_body"),
    ("task", "hs_task_subject"), ("task", "hs_task_body"), ("task", "hs_task_status"), ("call", "hs_call_"), ("meeting", "hs_meeting_"),
    ("email", "hs_email_subject"), ("email", "hs_email_text"), ("email", "hs_email_html"), ("email", "hs_email_direction"),
    ("email", "hs_email_headers"), ("contact", "email"), ("company", "domain"), ("company", "name"),
)  # fmt: skip
"""What an object is, by the first property of these that it has; a contact may have more `hs_email_…` than a mail."""

_PLURALS = {"companies": "company", "deals": "deal", "contacts": "contact"}

_ASSOCIATIONS: Mapping[int, tuple[str, str]] = {
    1: ("contact", "company"), 2: ("company", "contact"), 279: ("contact", "company"), 280: ("company", "contact"),
    3: ("deal", "contact"), 4: ("contact", "deal"), 5: ("deal", "company"), 6: ("company", "deal"),
    341: ("deal", "company"), 342: ("company", "deal"),
    190: ("note", "company"), 202: ("note", "contact"), 214: ("note", "deal"), 189: ("company", "note"), 201: ("contact", "note"),
    182: ("call", "company"), 194: ("call", "contact"), 206: ("call", "deal"), 181: ("company", "call"), 193: ("contact", "call"),
    186: ("email", "company"), 198: ("email", "contact"), 210: ("email", "deal"), 185: ("company", "email"), 197: ("contact", "email"),
    188: ("meeting", "company"), 200: ("meeting", "contact"), 212: ("meeting", "deal"), 187: ("company", "meeting"),
    192: ("task", "company"), 204: ("task", "contact"), 216: ("task", "deal"), 191: ("company", "task"), 203: ("contact", "task"),
    199: ("contact", "meeting"), 213: ("deal", "note"), 205: ("deal", "call"), 209: ("deal", "email"), 211: ("deal", "meeting"),
    215: ("deal", "task"),
}  # fmt: skip
"""Which objects an association of a type joins, by HubSpot's own numbers."""
_PRIMARY = frozenset({"1", "5"})
"""Of several companies the one that a contact or deal belongs to."""

_CSV_KINDS = (
    ("deal", "deal name"), ("deal", "deal stage"), ("contact", "first name"), ("contact", "last name"), ("note", "note body"),
    ("call", "call title"), ("call", "call notes"), ("email", "email subject"), ("email", "email body"), ("task", "task title"),
    ("meeting", "meeting name"), ("contact", "email"), ("company", "company name"), ("company", "company domain name"),
)  # fmt: skip
_CSV_NAMES = {
    "deal name": "dealname", "deal stage": "dealstage", "deal type": "dealtype", "currency": "deal_currency_code",
    "close date": "closedate", "create date": "createdate", "last modified date": "hs_lastmodifieddate",
    "is closed won": "hs_is_closed_won", "is deal closed?": "hs_is_closed",
    "next step": "hs_next_step", "deal description": "description", "first name": "firstname", "last name": "lastname",
    "job title": "jobtitle", "buying role": "hs_buying_role", "company name": "name", "company domain name": "domain",
    "website url": "website", "additional domains": "hs_additional_domains", "note body": "hs_note_body", "activity date": "hs_timestamp",
    "due date": "hs_timestamp", "call title": "hs_call_title", "call notes": "hs_call_body", "email subject": "hs_email_subject",
    "email body": "hs_email_text", "email from address": "hs_email_from_email", "email to address": "hs_email_to_email",
    "task title": "hs_task_subject", "task notes": "hs_task_body", "task status": "hs_task_status", "meeting name": "hs_meeting_title",
    "meeting description": "hs_meeting_body", "meeting start time": "hs_meeting_start_time",
    "internal meeting notes": "hs_internal_meeting_notes",
}  # fmt: skip
"""A CSV is headed by the properties' labels; the names are what the API calls them."""
_OWNERS = frozenset({"deal owner", "contact owner", "company owner", "activity assigned to"})
OWNER_NAME = "owner_name"
"""Where an object from a CSV says whose it is: by name, for a CSV gives no id."""

_ROUNDED = re.compile(r"\d+(?:[.,]\d+)?E\+?\d+", re.I)
_IN_LINKS = re.compile(r"[;,\s]+")

_ENGAGEMENTS = frozenset({"note", "task", "call", "email", "meeting"})


@dataclass(slots=True)
class Kept:
    """All that the pages said of one object."""

    native: str
    file: str
    values: dict[str, object] = field(default_factory=dict)
    """Its properties; of an owner or a pipeline the object itself."""
    url: str = ""
    created: object = None
    updated: str = ""
    linked: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    """Ids of associated objects by kind; one that HubSpot calls primary comes first."""
    history: dict[str, list[Object]] = field(default_factory=dict)

    def get(self, name: str) -> str:
        return text(self.values.get(name))


class Pages:
    """The objects of one folder by kind and id."""

    def __init__(self) -> None:
        self.kept: dict[str, dict[str, Kept]] = defaultdict(dict)
        self.transcripts: list[tuple[Object, str]] = []
        self.account: Object = {}
        self.clock = Clock()
        self.failures: list[Failure] = []
        self.notices: list[Failure] = []
        self._pairs: list[tuple[tuple[str, str], str, str, bool]] = []
        self._of_one: list[tuple[str, list[Object]]] = []
        self._more: dict[str, list[tuple[str, bool]]] = defaultdict(list)
        self._deleted: set[tuple[str, str]] = set()
        self.gone: list[Gone] = []

    def take(self, item: Input) -> None:
        content = decode(item.data).lstrip("\ufeff \t\r\n")
        if not content.startswith(("{", "[")):
            self._take_csv(item)
            return
        try:
            page = load_json(content)
        except NotJson as error:
            self.failures.append(json_failure(item.name, error))
            return
        top = obj(page)
        if "transcriptUtterances" in top:
            self.transcripts.append((top, item.name))
        elif _is_account(top):
            self.account = top
            self.clock.keep(top.get("timeZone"))
        elif _is_refusal(top):
            self._take_refusal(item.name, top)
        elif any(map(_is_event, objects(page))):
            detail = "These are webhook messages that tell that something changed, not the objects themselves; export the objects."
            self.failures.append(Failure(item.name, "not_used", detail))
        else:
            rows = objects(page) if isinstance(page, list) else objects(top.get("results")) if "results" in top else [top]
            self._take_rows(item.name, rows, top)

    def finish(self) -> None:
        """Joins what the pages said apart from each other; to be called once, after the last."""
        for (kind, other), native, linked, primary in self._pairs:
            if kept := self.kept[kind].get(native):
                kept.linked[other].insert(0, linked) if primary else kept.linked[other].append(linked)
            if kept := self.kept[other].get(linked):
                kept.linked[kind].append(native)
        deals = list(self.kept["deal"].values())
        for file, rows in self._of_one:
            if len(deals) == 1 and all(_pair(row)[:1] == ("deal",) for row in rows):
                for row in rows:
                    kind, native = _pair(row)[1], text(row.get("toObjectId"))
                    deals[0].linked[kind].append(native)
                    if kept := self.kept[kind].get(native):
                        kept.linked["deal"].append(deals[0].native)
            else:
                detail = "These associations do not say whose they are; export the objects with their associations."
                self.notices.append(Failure(file, "incomplete", detail))
        for kind, pages in self._more.items():
            if all(more for _, more in pages):
                detail = f"HubSpot has more {kind} objects than these {len(pages)} pages hold; export the pages after them too."
                self.notices.append(Failure(pages[-1][0], "incomplete", detail))
        for by_id in self.kept.values():
            for kept in by_id.values():
                for other, natives in kept.linked.items():
                    kept.linked[other] = list(dict.fromkeys(natives))

    def _take_rows(self, file: str, rows: list[Object], top: Object) -> None:
        if rows and all("toObjectId" in row for row in rows):
            self._of_one.append((file, rows))
            return
        if rows and all("from" in row and "to" in row for row in rows):
            for row in rows:
                self._take_pairs(text(obj(row.get("from")).get("id")), objects(row.get("to")))
            if errors := objects(top.get("errors")):
                detail = f"HubSpot gave no associations for {len(errors)} of the objects asked for: {text(errors[0].get('message'))}"
                self.notices.append(Failure(file, "incomplete", detail.rstrip(". ") + "."))
            return
        kinds = {self._take_object(file, row) for row in rows}
        if nameless := sum(not (kind_of(row) and text(row.get("id"))) for row in rows):
            count = "An object has" if nameless == 1 else f"{nameless} objects have"
            detail = f"{count} no id or no properties that tell what it is; export objects with their properties."
            self.failures.append(Failure(file, "not_valid", detail))
        if len(kinds) == 1 and (kind := kinds.pop()):
            self._more[kind].append((file, bool(text(obj(obj(top.get("paging")).get("next")).get("after")))))

    def _take_pairs(self, native: str, rows: list[Object]) -> None:
        for row in rows:
            types = [type_ for about in objects(row.get("associationTypes")) if (type_ := text(about.get("typeId"))).isdecimal()]
            for pair in dict.fromkeys(_ASSOCIATIONS[int(type_)] for type_ in types if int(type_) in _ASSOCIATIONS):
                self._pairs.append((pair, native, text(row.get("toObjectId")), not _PRIMARY.isdisjoint(types)))

    def _take_object(self, file: str, row: Object) -> str:
        kind, native = kind_of(row), text(row.get("id"))
        if not kind or not native:
            return ""
        if flag(row.get("archived")):
            self.kept[kind].pop(native, None)
            self._deleted.add((kind, native))
            if kind in _ENGAGEMENTS:  # they share one row of ids; a company's may be a note's too
                self.gone.append(Gone(f"hubspot:{native}", moment(row.get("archivedAt")) or moment(row.get("updatedAt"))))
        elif (kind, native) not in self._deleted:
            values = dict(row) if kind in ("owner", "pipeline") else dict(obj(row.get("properties")))
            kept = self._kept(kind, native, file, values, text(row.get("updatedAt")))
            kept.url = text(row.get("url")) or kept.url
            kept.created = row.get("createdAt") or kept.created
            for plural, found in obj(row.get("associations")).items():
                if plural in _PLURALS:
                    kept.linked[_PLURALS[plural]] += _inline(objects(obj(found).get("results")))
            for name, steps in obj(row.get("propertiesWithHistory")).items():
                kept.history[name] = kept.history.get(name, []) + objects(steps)
        return kind

    def _kept(self, kind: str, native: str, file: str, values: dict[str, object], updated: str) -> Kept:
        """The object with these values too. Pages may give only some of its properties: what a newer one does not name stays."""
        kept = self.kept[kind].get(native)
        if kept is None:
            kept = self.kept[kind][native] = Kept(native, file, values, updated=updated)
        elif updated >= kept.updated:
            kept.values, kept.updated = {**kept.values, **values}, updated
        else:
            kept.values = {**values, **kept.values}
        return kept

    def _take_csv(self, item: Input) -> None:
        found = csv_rows.table(item)
        self.failures += found.failures
        rounded, nameless = 0, []
        for row in found.rows:
            native = row.get("record id", "")
            kind = csv_kind(row)
            if _ROUNDED.fullmatch(native):
                rounded += 1
                continue
            if not native.isdecimal() or not kind:
                nameless.append(native)
                continue
            values: dict[str, object] = {_CSV_NAMES.get(name, name.replace(" ", "_")): value for name, value in row.items() if value}
            values[OWNER_NAME] = next((row[name] for name in row if name in _OWNERS and row[name]), "")
            kept = self._kept(kind, native, item.name, values, "")
            for other in _PLURALS.values():
                columns = (f"associated {other} {ending}" for ending in ("ids (primary)", "id (primary)", "ids", "id"))
                ids = [part for column in columns for part in _IN_LINKS.split(row.get(column, "")) if part.isdecimal()]
                kept.linked[other] += dict.fromkeys(ids)
        if nameless:
            count = "A row has" if len(nameless) == 1 else f"{len(nameless)} rows have"
            detail = f"{count} no Record ID ({nameless[0][:40]!r}); export the objects with all their columns."
            self.failures.append(Failure(item.name, "not_valid", detail))
        if rounded:
            detail = f"A spreadsheet program has rounded the Record IDs of {rounded} rows (3.18E+10); use the CSV as HubSpot exported it."
            self.failures.append(Failure(item.name, "not_valid", detail))

    def _take_refusal(self, file: str, top: Object) -> None:
        scopes = [s for error in objects(top.get("errors")) for s in texts(obj(error.get("context")).get("requiredGranularScopes"))]
        if text(top.get("category")) == "MISSING_SCOPES":
            scope = ", ".join(scopes) or "that it names"
            detail = f"HubSpot refused to give these objects: the app lacks the scope {scope}. Grant it, and export them again."
            self.notices.append(Failure(file, "missing_scope", detail))
        else:
            detail = f"HubSpot answered with an error instead of objects: {text(top.get('message'))[:200]}"
            self.failures.append(Failure(file, "not_valid", detail.rstrip(". ") + "."))


def kind_of(row: Object) -> str:
    """company, contact, deal, note, task, call, email, meeting, owner, pipeline; empty for anything else."""
    if "stages" in row:
        return "pipeline"
    properties = row.get("properties")
    if not is_object(properties):
        return "owner" if "email" in row and ("firstName" in row or "userId" in row) else ""
    return next((kind for kind, mark in _MARKS if any(key == mark or (mark[-1] == "_" and key.startswith(mark)) for key in properties)), "")


def csv_kind(columns: Mapping[str, str] | list[str]) -> str:
    return next((kind for kind, mark in _CSV_KINDS if mark in columns), "")


def recognise(look: Look) -> Part | None:
    top = look.top
    if (is_object(top.get("properties")) and kind_of(top)) or "transcriptUtterances" in top or _is_account(top) or _is_refusal(top):
        return "main"
    if any(kind_of(row) or _is_association(row) or _is_event(row) for row in look.rows):
        return "main"
    header, _ = look.csv
    return "main" if "record id" in header and csv_kind(header) else None


def _inline(rows: list[Object]) -> Iterator[str]:
    """Ids associated inside an object, the labelled first: HubSpot lists a primary company, then the same pair as `…_unlabeled`."""
    ordered = sorted(rows, key=lambda row: text(row.get("type")).endswith("_unlabeled"))
    return (native for row in ordered if (native := text(row.get("id")) or text(row.get("toObjectId"))))


def _pair(row: Object) -> tuple[str, ...]:
    types = [text(about.get("typeId")) for about in objects(row.get("associationTypes"))]
    return next((_ASSOCIATIONS[int(type_)] for type_ in types if type_.isdecimal() and int(type_) in _ASSOCIATIONS), ())


def _is_association(row: Object) -> bool:
    return "associationTypes" in row or any("associationTypes" in other for other in objects(row.get("to")))


def _is_event(row: Object) -> bool:
    return "subscriptionType" in row and "objectId" in row


def _is_refusal(top: Object) -> bool:
    return top.get("status") == "error" and "correlationId" in top


def _is_account(top: Object) -> bool:
    return "portalId" in top and "timeZone" in top
