"""Reads Pipedrive's API pages (v2, and v1 where there is no other): deals, organizations, persons, users, stages, notes, activities."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import cached_property
from typing import Literal

from ingest.records import (
    CONTACT_ROLES,
    CrmAccount,
    CrmDeal,
    CrmPerson,
    Failure,
    Gone,
    Interaction,
    Link,
    Meeting,
    Note,
    Participant,
    Reading,
    Record,
    Turn,
)
from ingest.sources import call_stubs, deal_lines, organisation
from ingest.sources.deal_lines import Change
from ingest.sources.fields import Object, flag, host, is_object, moment, number, obj, objects, text
from ingest.sources.format import Format, Look, Part
from ingest.sources.html_text import visible_text
from ingest.sources.inputs import Input, NotJson, decode, json_failure, load_json
from ingest.sources.summaries import is_machine_summary

_KINDS: tuple[tuple[str, frozenset[str]], ...] = (
    ("change", frozenset({"field_key", "old_value", "new_value", "item_id"})),
    ("deal", frozenset({"title", "stage_id", "pipeline_id", "status"})),
    ("field", frozenset({"key", "name", "field_type"})),
    ("field", frozenset({"field_code", "field_name", "field_type"})),
    ("participant", frozenset({"related_item_id", "related_item_type", "person"})),
    ("note", frozenset({"content", "add_time", "deal_id"})),
    ("activity", frozenset({"subject", "type", "done", "due_date"})),
    ("stage", frozenset({"name", "pipeline_id", "order_nr"})),
    ("user", frozenset({"name", "email", "is_admin"})),
    ("person", frozenset({"name", "org_id", "emails"})),
    ("person", frozenset({"name", "org_id", "email"})),
    ("organization", frozenset({"name", "owner_id", "address"})),
    ("organization", frozenset({"name", "owner_id", "people_count"})),
)
"""What an object is, by the properties that only it has together."""
_FLOWS = {"stage_id": "Stage", "value": "Amount", "expected_close_date": "Close date", "status": "Status", "user_id": "Owner"}
_LABELS = frozenset({"label", "label_ids"})
_OF_PEOPLE = frozenset({"email", "emails", "phone", "phones"})
"""Fields that only a page of persons' fields has: a label's numbers mean something else to deals."""
_ROLE_FIELD = re.compile(r"\brole\b|\brolle\b|\brol\b|\br[oô]le\b|\bdecision[- ]mak|\bbuying center\b", re.I)
"""A field of the customer's own in which they keep what part a person plays."""
_ROLE_LABEL = re.compile(
    r"\b(?:buyer|decision[- ]maker|champion|sponsor|influencer|evaluator|blocker|gatekeeper|budget holder|end user|procurement|legal)\b",
    re.I,
)
"""Of labels, which may say anything, those that say that."""
_DOMAINS = ("website", "domain")
_MEETING_TYPES = frozenset({"meeting", "lunch"})


def parse(inputs: Sequence[Input]) -> Reading:
    company = _Company()
    for item in inputs:
        company.take(item)
    accounts, people, deals = tuple(company.accounts()), tuple(company.people()), tuple(company.deals())
    interactions, gone = tuple(company.interactions()), tuple(company.gone)
    return Reading(accounts, people, deals, interactions, tuple(company.failures), tuple(company.notices()), gone)


def kind_of(row: Object) -> str:
    return next((kind for kind, marks in _KINDS if marks <= row.keys()), "")


class _Company:
    """The objects of one folder by kind and id. Times without a zone are UTC: Pipedrive's documentation says so."""

    def __init__(self) -> None:
        self.rows: dict[str, dict[str, Object]] = defaultdict(dict)
        self.files: dict[tuple[str, str], str] = {}
        self.changes: dict[str, list[Object]] = defaultdict(list)
        self.failures: list[Failure] = []
        self.gone: list[Gone] = []
        self.host = ""
        """Of the pages that people see, where a file names it."""
        self._more: dict[str, list[tuple[str, bool]]] = defaultdict(list)

    def take(self, item: Input) -> None:
        try:
            top = obj(load_json(decode(item.data).lstrip("\ufeff")))
        except NotJson as error:
            self.failures.append(json_failure(item.name, error))
            return
        if _is_event(top):
            self.host = text(obj(top.get("meta")).get("host")) or self.host
            detail = "This is a webhook message that tells that something changed, not the object itself; export the object."
            self.failures.append(Failure(item.name, "not_used", detail))
        elif top.get("success") is False:
            detail = f"Pipedrive answered with an error instead of objects: {text(top.get('error'))[:200]}"
            self.failures.append(Failure(item.name, "not_valid", detail.rstrip(". ") + "."))
        else:
            rows = objects(top.get("data")) or [obj(top.get("data"))]
            flow = [obj(row.get("data")) for row in rows if row.get("object") == "dealChange"]
            rows = flow or [row for row in rows if "object" not in row]
            persons = any(_code(row) in _OF_PEOPLE for row in rows)
            kinds = {self._take(item.name, row) for row in rows if persons or kind_of(row) != "field" or _code(row) not in _LABELS}
            if unknown := sum(not (kind_of(row) and _native(row)) for row in rows):
                count = "An object has" if unknown == 1 else f"{unknown} objects have"
                detail = f"{count} no id or is of a kind that Baton has no use for."
                self.failures.append(Failure(item.name, "not_valid", detail))
            more = obj(top.get("additional_data"))
            if len(kinds) == 1 and (kind := kinds.pop()):
                goes_on = bool(text(more.get("next_cursor"))) or flag(obj(more.get("pagination")).get("more_items_in_collection"))
                self._more[kind].append((item.name, goes_on))

    def notices(self) -> Iterator[Failure]:
        for kind, pages in self._more.items():
            if all(goes_on for _, goes_on in pages):
                detail = f"Pipedrive has more {kind} objects than these {len(pages)} pages hold; export the pages after them too."
                yield Failure(pages[-1][0], "incomplete", detail)

    def accounts(self) -> Iterator[CrmAccount]:
        """The organizations, and those that deals and notes name while they are not exported themselves."""
        for native, row in self.rows["organization"].items():
            domains = tuple(dict.fromkeys(filter(None, (host(text(row.get(key))) for key in _DOMAINS))))
            yield CrmAccount(text(row.get("name")) or native, (_account(native),), domains, self._file("organization", native))
        for native, name in self._named.items():
            if native not in self.rows["organization"]:
                yield CrmAccount(name, (_account(native),), (), next(iter(self.files.values())))

    def people(self) -> Iterator[CrmPerson]:
        for native, row in self.rows["person"].items():
            organization = _ref(row.get("org_id"))
            account = _account(organization) if organization else None
            roles = tuple(role.lower() for role in self._roles(row))
            for person in _addresses(row):
                yield CrmPerson(person, (Link("pipedrive", "contact", native),), account, file=self._file("person", native), roles=roles)
        for native, user in self._users.items():
            yield CrmPerson(user, (Link("pipedrive", "user", native),), ours=True, file=self.files.get(("user", native), ""))

    def deals(self) -> Iterator[CrmDeal]:
        for native, row in self.rows["deal"].items():
            organization, status, title = _ref(row.get("org_id")), text(row.get("status")), text(row.get("title"))
            known = organization in self.rows["organization"] or organization in self._named
            if not organization or not known:
                detail = f"The organization of the deal {title!r} is not in this export; export the organizations too."
                self.failures.append(Failure(self._file("deal", native), "not_valid", detail))
                continue
            owner = self._owner(row)
            closed = status in ("won", "lost")
            yield CrmDeal(
                name=title or native,
                links=(Link("pipedrive", "deal", native),),
                account=_account(organization),
                stage=self._stage(row.get("stage_id")),
                won=status == "won",
                closed=closed,
                closed_on=_on(row.get("won_time") or row.get("lost_time") or row.get("close_time")) if closed else "",
                amount=number(row.get("value")),
                currency=text(row.get("currency")),
                owner_email=owner.email if owner else "",
                opened_on=_on(row.get("add_time")),
                file=self._file("deal", native),
                opened_at=_at(row.get("add_time")),
                closed_at=_at(row.get("won_time") or row.get("lost_time") or row.get("close_time")) if closed else None,
            )

    def interactions(self) -> Iterator[Interaction]:
        yield from (self._deal_record(native, row) for native, row in self.rows["deal"].items())
        for native, row in self.rows["note"].items():
            if row.get("active_flag") is not False:
                yield from self._note(native, row, "note", "", text(row.get("content")))
        for native, row in self.rows["activity"].items():
            yield from self._activity(native, row)

    def _note(self, native: str, row: Object, form: Literal["note", "task", "call_log"], title: str, html: str) -> Iterator[Note]:
        words, owner = visible_text(html), self._owner(row)
        if not words:
            return
        stub = call_stubs.is_stub(html, words)
        is_note = form == "note"
        yield Note(
            source="pipedrive",
            external_id=native if is_note else f"activity:{native}",
            title=title or " ".join(words.split())[:80],
            occurred_at=_at(row.get("add_time")),
            turns=(Turn(words, owner, "derived" if stub or is_machine_summary(words) else "said"),),
            participants=(owner,) if owner else (),
            url=self._page(row),
            links=self._links(row),
            aliases=call_stubs.aliases(html),
            meta={} if is_note else {"done": flag(row.get("done")), "due_on": text(row.get("due_date"))},
            file=self._file("note" if is_note else "activity", native),
            form=form,
        )

    def _activity(self, native: str, row: Object) -> Iterator[Interaction]:
        """A meeting as the entry it is in the calendar, a call as its log, anything else as a task; what was noted to it as said."""
        subject, kind, owner = text(row.get("subject")), text(row.get("type")), self._owner(row)
        noted = text(row.get("note"))
        if kind not in _MEETING_TYPES:
            yield from self._note(native, row, "call_log" if kind == "call" else "task", subject, noted or subject)
            return
        guests = [Participant(text(g.get("name")) or address, address) for g in objects(row.get("attendees")) if (address := _address(g))]
        yield Meeting(
            source="pipedrive",
            external_id=f"activity:{native}",
            title=subject or "Meeting",
            occurred_at=_at(f"{text(row.get('due_date'))} {text(row.get('due_time'))}".strip()),
            turns=(Turn(visible_text(text(row.get("public_description"))) or subject or "Meeting", owner),),
            participants=tuple(dict.fromkeys([*filter(None, [owner]), *guests])),
            url=self._page(row),
            links=self._links(row),
            aliases=tuple(filter(None, [text(row.get("conference_meeting_url"))])),
            file=self._file("activity", native),
        )
        if noted:  # seen by colleagues alone, unlike the description
            yield from self._note(f"{native}:note", row, "task", subject, noted)

    def _deal_record(self, native: str, row: Object) -> Record:
        owner, organization = self._owner(row), _ref(row.get("org_id"))
        fields = {
            "Deal": text(row.get("title")),
            "Account": text(self.rows["organization"].get(organization, {}).get("name")) or self._named.get(organization, ""),
            "Stage": self._stage(row.get("stage_id")),
            "Status": text(row.get("status")),
            "Amount": deal_lines.amount(text(row.get("value")), text(row.get("currency"))),
            "Close date": _on(row.get("close_time") or row.get("expected_close_date")),
            "Owner": owner.name if owner else "",
            "Lost reason": text(row.get("lost_reason")),
        }
        parts = [(self._roles(person), text(person.get("name"))) for person in self._people_of(native, row)]
        turns = [
            Turn(deal_lines.lines(fields), heading="Deal"),
            Turn("\n".join(f"{_listed(roles)}: {name}" for roles, name in parts if roles and name), heading=CONTACT_ROLES),
            *deal_lines.histories(self._history(native, row)),
        ]
        return Record(
            source="pipedrive",
            external_id=native,
            title=text(row.get("title")) or native,
            occurred_at=max(filter(None, map(_at, (row.get("update_time"), row.get("close_time")))), default=None),
            turns=tuple(turn for turn in turns if turn.text),
            url=self._page({"deal_id": native}),
            links=(Link("pipedrive", "deal", native), *([_account(organization)] if organization else [])),
            file=self._file("deal", native),
            record="deal",
        )

    def _people_of(self, native: str, deal: Object) -> list[Object]:
        """Its contact, who takes part in it, and the people of its organization: in Pipedrive a part is played in all of their deals."""
        part = [row for row in self.rows["participant"].values() if _ref(row.get("related_item_id")) == native]
        asked = [_ref(deal.get("person_id")), *(_ref(row.get("person")) for row in part if text(row.get("related_item_type")) == "deal")]
        organization = _ref(deal.get("org_id"))
        asked += [id for id, row in self.rows["person"].items() if organization and _ref(row.get("org_id")) == organization]
        return [self.rows["person"][id] for id in dict.fromkeys(asked) if id in self.rows["person"]]

    def _roles(self, person: Object) -> list[str]:
        """What part they play, by a field or a label that says so; nothing without the definitions of the fields."""
        found: list[str] = []
        for code, field in self.rows["field"].items():
            labels = code in _LABELS
            if not labels and not _ROLE_FIELD.search(text(field.get("name")) or text(field.get("field_name"))):
                continue
            value = person.get(code) if code in person else obj(person.get("custom_fields")).get(code)
            options = {text(option.get("id")): text(option.get("label")) for option in objects(field.get("options"))}
            told = [options.get(each, "" if options else each) for each in _values(value, several=bool(options))]
            found += [role for role in told if role and (not labels or _ROLE_LABEL.search(role))]
        return list(dict.fromkeys(found))

    def _history(self, native: str, deal: Object) -> Iterator[Change]:
        """The deal's flow: each change of a field with its time."""
        for row in self.changes[native]:
            key, at = text(row.get("field_key")), _at(row.get("log_time"))
            if key in _FLOWS and at:
                user = self._users.get(_ref(row.get("user_id")))
                before, after = (self._shown(key, text(row.get(name)), deal) for name in ("old_value", "new_value"))
                yield Change(_FLOWS[key], before, after, at.isoformat(), _on(row.get("log_time")), user.name if user else "")

    def _shown(self, key: str, value: str, deal: Object) -> str:
        match key:
            case "stage_id":
                return self._stage(value) or f"stage {value}"
            case "value":
                return deal_lines.amount(value, text(deal.get("currency")))
            case "user_id":
                return self._users[value].name if value in self._users else value
            case _:
                return value

    def _take(self, file: str, row: Object) -> str:
        kind, native = kind_of(row), _native(row)
        if kind == "change":
            self.changes[text(row.get("item_id"))].append(row)
        elif kind and native and (flag(row.get("is_deleted")) or text(row.get("status")) == "deleted"):
            if kind == "activity":  # a note's number may be a deal's too
                self.gone.append(Gone(f"pipedrive:activity:{native}", moment(row.get("update_time"))))
        elif kind and native:
            known = self.rows[kind].get(native)
            if known is None or text(row.get("update_time")) >= text(known.get("update_time")):
                self.rows[kind][native] = row
                self.files[kind, native] = file
        if address := text(row.get("cc_email")):  # company+deal8841@pipedrivemail.com
            self.host = self.host or f"{address.partition('+')[0].partition('@')[0]}.pipedrive.com"
        if name := text(row.get("company_domain")):
            self.host = self.host or f"{name}.pipedrive.com"
        return kind if native else ""

    @cached_property
    def _named(self) -> Mapping[str, str]:
        """Organizations by the names that deals, persons and notes give them."""
        found: dict[str, str] = {}
        for row in (row for kind in ("deal", "person", "note", "activity") for row in self.rows[kind].values()):
            about = row.get("org_id")
            name = text(obj(row.get("organization")).get("name")) or text(obj(about).get("name")) or text(row.get("org_name"))
            if _ref(about) and name:
                found.setdefault(_ref(about), name)
        return found

    @cached_property
    def _users(self) -> Mapping[str, Participant]:
        """Our people: the users, and whoever a note or deal names as its own."""
        found: dict[str, Participant] = {}
        for native, row in self.rows["user"].items():
            found[native] = _person(row)
        for row in (row for kind in ("note", "deal", "activity") for row in self.rows[kind].values()):
            for key in ("user_id", "owner_id"):
                about = obj(row.get("user")) or obj(row.get(key))
                if (native := _ref(row.get(key))) and text(about.get("name")):
                    found.setdefault(native, _person(about))
        return found

    def _owner(self, row: Object) -> Participant | None:
        keys = ("user_id", "owner_id") if "content" in row else ("owner_id", "user_id")
        return next((self._users[native] for key in keys if (native := _ref(row.get(key))) in self._users), None)

    def _stage(self, stage: object) -> str:
        """Its name; empty while the stages are not exported, for a number tells nobody anything."""
        return text(self.rows["stage"].get(text(stage), {}).get("name"))

    def _links(self, row: Object) -> tuple[Link, ...]:
        """Links to organization, deal and person; a deal brings its organization along."""
        deal, person = _ref(row.get("deal_id")), _ref(row.get("person_id"))
        organizations = (_ref(row.get("org_id")), _ref(self.rows["deal"].get(deal, {}).get("org_id")))
        found = [_account(native) for native in organizations if native]
        found += [Link("pipedrive", "deal", deal)] if deal else []
        found += [Link("pipedrive", "contact", person)] if person else []
        return tuple(dict.fromkeys(found))

    def _page(self, row: Object) -> str:
        deal = _ref(row.get("deal_id"))
        return f"https://{self.host}/deal/{deal}" if self.host and deal else ""

    def _file(self, kind: str, native: str) -> str:
        return self.files.get((kind, native.partition(":")[0]), "")


def _native(row: Object) -> str:
    """What names an object: a field its code, by which persons have their values."""
    return _code(row) if kind_of(row) == "field" else text(row.get("id"))


def _code(row: Object) -> str:
    return text(row.get("key")) or text(row.get("field_code"))


def _values(value: object, *, several: bool) -> list[str]:
    """Of a field: one, a list of them, or, of one with options, their numbers with commas."""
    every = value if isinstance(value, list) else [value]
    told = [_ref(each) for each in every]
    return [part.strip() for each in told for part in (each.split(",") if several else [each]) if part.strip()]


def _listed(roles: Sequence[str]) -> str:
    words = ", ".join(role.lower() for role in roles)
    return words[:1].upper() + words[1:]


def _ref(value: object) -> str:
    """The id a property refers to; v1 gives an object in place of the id."""
    return text(obj(value).get("value")) or text(obj(value).get("id")) if is_object(value) else text(value)


def _account(native: str) -> Link:
    return Link("pipedrive", "account", native)


def _person(row: Object) -> Participant:
    email = text(row.get("email")).casefold()
    return Participant(text(row.get("name")) or email, email, side="seller")


def _addresses(row: Object) -> list[Participant]:
    """A person with each of their addresses, the primary one first."""
    listed = sorted(objects(row.get("emails")) or objects(row.get("email")), key=lambda one: not flag(one.get("primary")))
    found = dict.fromkeys(text(one.get("value")).casefold() for one in listed if "@" in text(one.get("value"))) or {"": None}
    name = text(row.get("name"))
    return [Participant(name or email or text(row.get("id")), email, text(row.get("job_title"))) for email in found]


def _address(guest: Object) -> str:
    return text(guest.get("email") or guest.get("email_address")).casefold()


def _is_event(top: Object) -> bool:
    about = obj(top.get("meta"))
    return "entity_id" in about and "action" in about and "data" in top


def _recognise(look: Look) -> Part | None:
    top = look.top
    if _is_event(top):
        return "main"
    if "success" not in top or "data" not in top:
        return None
    rows = objects(top.get("data")) or [obj(top.get("data"))]
    return "main" if any(kind_of(row) or row.get("object") == "dealChange" for row in rows) else None


def _at(value: object) -> datetime | None:
    """Pipedrive's times are UTC and do not say so; a day alone is the organisation's."""
    return moment(value, UTC if ":" in text(value) else None)


def _on(value: object) -> str:
    """The day in the organisation's zone."""
    at = _at(value)
    return at.astimezone(organisation.zone()).date().isoformat() if at else ""


FORMAT = Format("pipedrive", _recognise, parse, together="folder")
