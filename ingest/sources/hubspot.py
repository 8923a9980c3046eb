"""Reads HubSpot's CRM objects (API pages of v3 shape): companies, contacts, owners, deals with stage labels, notes, tasks, calls, mails."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Literal

from ingest.records import (
    CrmAccount,
    CrmDeal,
    CrmPerson,
    Email,
    Failure,
    Interaction,
    Link,
    Meeting,
    Note,
    Participant,
    Reading,
    Record,
    Turn,
)
from ingest.sources import mail, mail_text
from ingest.sources.fields import Object, day, flag, is_object, moment, number, obj, objects, text, whole
from ingest.sources.format import Format, Look, Part
from ingest.sources.html_text import html_text
from ingest.sources.inputs import Input, NotJson, decode, json_failure, load_json
from ingest.sources.summaries import is_machine_summary

_KINDS = (
    ("note", "hs_note_body"), ("task", "hs_task_"), ("call", "hs_call_"), ("email", "hs_email_"), ("meeting", "hs_meeting_"),
    ("deal", "dealname"), ("contact", "firstname"), ("contact", "email"), ("company", "domain"), ("company", "name"),
)  # fmt: skip
"""What an object is, by the first property that only it has."""
_LINKED: Mapping[str, Literal["account", "deal", "contact"]] = {
    "companies": "account",
    "deals": "deal",
    "contacts": "contact",
    "company": "account",
    "deal": "deal",
    "contact": "contact",
}
_CALL_TOOL = re.compile(
    r"https?://[^\s\"'<>]*(?:gong\.io/call|fireflies\.ai/view|chorus\.ai/meeting|fathom\.video/calls|zoom\.[^/\s]+/rec)[^\s\"'<>]*", re.I
)
_SHOWN = ("closed_won_reason", "closed_lost_reason", "hs_next_step", "description", "hs_priority", "hs_forecast_category")


def parse(inputs: Sequence[Input]) -> Reading:
    portal = _Portal()
    for item in inputs:
        portal.take(item)
    return Reading(
        accounts=tuple(portal.accounts()),
        people=tuple(portal.people()),
        deals=tuple(portal.deals()),
        interactions=tuple(portal.interactions()),
        failures=tuple(portal.failures),
    )


def kind_of(record: Object) -> str:
    """company, contact, deal, note, task, call, email, meeting, owner, pipeline; empty for anything else."""
    if "stages" in record:
        return "pipeline"
    properties = record.get("properties")
    if not is_object(properties):
        return "owner" if "email" in record and ("firstName" in record or "userId" in record) else ""
    return next(
        (kind for kind, mark in _KINDS if any(key == mark or (mark.endswith("_") and key.startswith(mark)) for key in properties)), ""
    )


class _Portal:
    """The objects of one folder by kind and id."""

    def __init__(self) -> None:
        self.records: dict[str, dict[str, Object]] = defaultdict(dict)
        self.files: dict[str, str] = {}
        self.failures: list[Failure] = []

    def take(self, item: Input) -> None:
        try:
            page = load_json(decode(item.data))
        except NotJson as error:
            self.failures.append(json_failure(item.name, error))
            return
        results = objects(page) if isinstance(page, list) else objects(obj(page).get("results")) if "results" in obj(page) else [obj(page)]
        for record in results:
            kind, native = kind_of(record), text(record.get("id"))
            if not kind or not native:
                self.failures.append(
                    Failure(
                        item.name, "not_valid", "An object has no id or no properties that tell what it is; export it with its properties."
                    )
                )
            elif not flag(record.get("archived")):
                known = self.records[kind].get(native)
                if known is None or text(record.get("updatedAt")) >= text(known.get("updatedAt")):
                    self.records[kind][native] = record
                    self.files[f"{kind}:{native}"] = item.name

    def accounts(self) -> Iterator[CrmAccount]:
        for native, record in self.records["company"].items():
            values = obj(record.get("properties"))
            domains = [text(values.get("domain")), text(values.get("website")), *text(values.get("hs_additional_domains")).split(";")]
            found = tuple(dict.fromkeys(filter(None, map(_domain, domains))))
            yield CrmAccount(
                text(values.get("name")) or (found[0] if found else native),
                (Link("hubspot", "account", native),),
                found,
                self._file("company", native),
            )

    def people(self) -> Iterator[CrmPerson]:
        for native, record in self.records["contact"].items():
            companies = self._linked(record, "companies") or list(
                filter(None, [text(obj(record.get("properties")).get("associatedcompanyid"))])
            )
            account = Link("hubspot", "account", companies[0]) if companies else None
            yield CrmPerson(_contact(record), (Link("hubspot", "contact", native),), account, file=self._file("contact", native))
        for native in self.records["owner"]:
            owner = self._owner(native)
            if owner:
                yield CrmPerson(owner, (Link("hubspot", "user", native),), ours=True, file=self._file("owner", native))

    def deals(self) -> Iterator[CrmDeal]:
        for native, record in self.records["deal"].items():
            values, companies = obj(record.get("properties")), self._linked(record, "companies")
            if not companies:
                detail = f"The deal {text(values.get('dealname'))!r} belongs to no company here; export deals with their associations."
                self.failures.append(Failure(self._file("deal", native), "not_valid", detail))
                continue
            label, closed, won = self._stage(values)
            owner = self._owner(text(values.get("hubspot_owner_id")))
            yield CrmDeal(
                name=text(values.get("dealname")) or native,
                links=(Link("hubspot", "deal", native),),
                account=Link("hubspot", "account", companies[0]),
                stage=label,
                won=won,
                closed=closed,
                closed_on=day(values.get("closedate")) if closed else "",
                amount=number(values.get("amount")),
                currency=text(values.get("deal_currency_code")),
                owner_email=owner.email if owner else "",
                term_months=whole(_custom(values, r"term.*month|month.*term|contract_?term")),
                seats=whole(_custom(values, r"seats?\b|seats|licen[cs]es|number_of_users")),
                opened_on=day(values.get("createdate") or values.get("hs_createdate") or record.get("createdAt")),
                file=self._file("deal", native),
            )

    def interactions(self) -> Iterator[Interaction]:
        yield from (self._deal_record(native, record) for native, record in self.records["deal"].items())
        for native, record in self.records["note"].items():
            yield from self._note("note", native, record, "", text(obj(record.get("properties")).get("hs_note_body")))
        for native, record in self.records["task"].items():
            values = obj(record.get("properties"))
            subject = text(values.get("hs_task_subject"))
            yield from self._note("task", native, record, subject, text(values.get("hs_task_body")) or subject)
        for native, record in self.records["call"].items():
            values = obj(record.get("properties"))
            yield from self._note("call", native, record, text(values.get("hs_call_title")), text(values.get("hs_call_body")))
        yield from (self._mail(native, record) for native, record in self.records["email"].items())
        for native, record in self.records["meeting"].items():
            yield from self._meeting(native, record)

    def _note(self, kind: Literal["note", "task", "call"], native: str, record: Object, subject: str, html: str) -> Iterator[Note]:
        """Somebody's words. What a call tool logs for a call of its own is no more than a link, so it is derived, and the link an alias."""
        values = obj(record.get("properties"))
        words, owner = _visible(html), self._owner(text(values.get("hubspot_owner_id")))
        if not words:
            return
        stub = kind == "call" and _CALL_TOOL.search(html) is not None and len(words.split()) <= 12
        due = moment(values.get("hs_timestamp"))
        created = moment(values.get("hs_createdate")) or moment(record.get("createdAt"))
        forms: Mapping[str, Literal["note", "call_log"]] = {"note": "note", "call": "call_log"}
        yield Note(
            source="hubspot",
            external_id=native,
            title=subject or " ".join(words.split())[:80],
            occurred_at=(created or due) if kind == "task" else (due or created),  # a task's timestamp is when it is due
            turns=(Turn(words, owner, "derived" if stub or is_machine_summary(words) else "said"),),
            participants=(owner,) if owner else (),
            url=self._engagement_url(record, native),
            links=self._links(record),
            aliases=tuple(match.group() for match in [_CALL_TOOL.search(html)] if match),
            meta={"status": text(values.get("hs_task_status")), "due_on": day(values.get("hs_timestamp"))} if kind == "task" else {},
            file=self._file(kind, native),
            form=forms.get(kind) or ("next_step" if subject.lower().startswith("next step") else "task"),
        )

    def _mail(self, native: str, record: Object) -> Email:
        values = obj(record.get("properties"))
        sender = self._known(text(values.get("hs_email_from_email")))
        words, hidden = mail_text.plain_text(text(values.get("hs_email_text")), text(values.get("hs_email_html")))
        subject = text(values.get("hs_email_subject"))
        body = mail_text.body(words, sender=sender, subject=subject, hidden=hidden)
        others = [
            self._known(a)
            for key in ("hs_email_to_email", "hs_email_cc_email")
            for a in re.split(r"[;,]\s*", text(values.get(key)))
            if "@" in a
        ]
        message_id = mail.message_id(text(values.get("hs_email_message_id")))
        return Email(
            source="hubspot",
            external_id=native,
            title=subject or "(no subject)",
            occurred_at=moment(values.get("hs_timestamp")) or moment(record.get("createdAt")),
            turns=body.turns,
            participants=tuple(dict.fromkeys(filter(None, [sender, *others]))),
            url=self._engagement_url(record, native),
            links=self._links(record),
            aliases=(message_id,) if message_id else (),
            meta={"forwarded": list(body.forwarded)} if body.forwarded else {},
            file=self._file("email", native),
            message_id=message_id,
        )

    def _meeting(self, native: str, record: Object) -> Iterator[Interaction]:
        """The entry itself; our notes about it are a note of their own, out of the customer's hearing."""
        values = obj(record.get("properties"))
        owner, title = self._owner(text(values.get("hubspot_owner_id"))), text(values.get("hs_meeting_title"))
        at = moment(values.get("hs_meeting_start_time")) or moment(values.get("hs_timestamp"))
        guests = [_contact(found) for contact in self._linked(record, "contacts") if (found := self.records["contact"].get(contact))]
        entry = Meeting(
            source="hubspot",
            external_id=native,
            title=title or "Meeting",
            occurred_at=at,
            turns=(Turn(_visible(text(values.get("hs_meeting_body"))) or title or "Meeting", owner),),
            participants=tuple(dict.fromkeys([*filter(None, [owner]), *guests])),
            url=self._engagement_url(record, native),
            links=self._links(record),
            aliases=tuple(filter(None, [text(values.get("hs_i_cal_uid"))])),
            file=self._file("meeting", native),
        )
        yield entry
        private = _visible(text(values.get("hs_internal_meeting_notes")))
        if private:
            yield Note(
                source="hubspot",
                external_id=f"{native}:internal",
                title=f"Internal notes: {entry.title}",
                occurred_at=at,
                turns=(Turn(private, owner),),
                participants=(owner,) if owner else (),
                links=entry.links,
                file=entry.file,
                internal=True,
            )

    def _deal_record(self, native: str, record: Object) -> Record:
        values = obj(record.get("properties"))
        owner, accounts = self._owner(text(values.get("hubspot_owner_id"))), self._linked(record, "companies")
        company = obj(self.records["company"].get(accounts[0], {}).get("properties")) if accounts else {}
        fields = {
            "Deal": text(values.get("dealname")),
            "Account": text(company.get("name")),
            "Stage": self._stage(values)[0],
            "Amount": " ".join(filter(None, [text(values.get("amount")), text(values.get("deal_currency_code"))])),
            "Close date": day(values.get("closedate")),
            "Type": text(values.get("dealtype")),
            "Owner": owner.name if owner else "",
            **{_label(key): _visible(text(value)) for key, value in values.items() if key in _SHOWN or _is_custom(key)},
        }
        turns = [Turn("\n".join(f"{label}: {' '.join(value.split())}" for label, value in fields.items() if value), heading="Deal")]
        steps = sorted(objects(obj(record.get("propertiesWithHistory")).get("dealstage")), key=lambda step: text(step.get("timestamp")))
        if steps:
            lines = [
                f"{day(step.get('timestamp'))}: {self._stage({'dealstage': step.get('value'), 'pipeline': values.get('pipeline')})[0]}"
                for step in steps
            ]
            turns.append(Turn("\n".join(lines), heading="Stage history"))
        return Record(
            source="hubspot",
            external_id=native,
            title=text(values.get("dealname")) or native,
            occurred_at=_latest([values.get("hs_lastmodifieddate"), record.get("updatedAt"), *(step.get("timestamp") for step in steps)]),
            turns=tuple(turn for turn in turns if turn.text),
            url=text(record.get("url")),
            links=(Link("hubspot", "deal", native), *(Link("hubspot", "account", account) for account in accounts)),
            file=self._file("deal", native),
            record="deal",
        )

    def _stage(self, values: Object) -> tuple[str, bool, bool]:
        """The stage's label and whether it is closed and won: by the pipeline's own word, never by the literal "closedwon" alone."""
        stage, pipeline = text(values.get("dealstage")), obj(self.records["pipeline"].get(text(values.get("pipeline"))))
        found = next((s for s in objects(pipeline.get("stages")) if text(s.get("id")) == stage), {})
        about = obj(found.get("metadata"))
        closed = flag(about.get("isClosed")) or flag(values.get("hs_is_closed")) or flag(values.get("hs_is_closed_won"))
        won = flag(values.get("hs_is_closed_won")) or (flag(about.get("isClosed")) and number(about.get("probability")) == 1.0)
        if not found and stage in ("closedwon", "closedlost"):
            closed, won = True, won or stage == "closedwon"
        return text(found.get("label")) or {"closedwon": "Closed Won", "closedlost": "Closed Lost"}.get(stage, stage), closed, won

    def _owner(self, native: str) -> Participant | None:
        record = self.records["owner"].get(native)
        if record is None:
            return None
        email = text(record.get("email")).casefold()
        name = " ".join(filter(None, (text(record.get("firstName")), text(record.get("lastName")))))
        return Participant(name or email, email, side="seller") if name or email else None

    def _known(self, address: str) -> Participant | None:
        address = address.strip().casefold()
        if not address:
            return None
        people = [owner for native in self.records["owner"] if (owner := self._owner(native))] + [
            _contact(record) for record in self.records["contact"].values()
        ]
        return next((person for person in people if person.email == address), Participant(address, address))

    def _linked(self, record: Object, kind: str) -> list[str]:
        """Ids of associated objects, each once: HubSpot lists a pair again as `…_unlabeled`."""
        associations = obj(record.get("associations"))
        return list(
            dict.fromkeys(
                native
                for row in objects(obj(associations.get(kind)).get("results"))
                if (native := text(row.get("id")) or text(row.get("toObjectId")))
            )
        )

    def _links(self, record: Object) -> tuple[Link, ...]:
        found = [Link("hubspot", kind, native) for name, kind in _LINKED.items() for native in self._linked(record, name)]
        for deal in [link.id for link in found if link.type == "deal"]:
            found += [Link("hubspot", "account", account) for account in self._linked(self.records["deal"].get(deal, {}), "companies")]
        return tuple(dict.fromkeys(found))

    def _engagement_url(self, record: Object, native: str) -> str:
        """The note on its deal's page, where the deal's own address is known."""
        pages = (text(self.records["deal"].get(deal, {}).get("url")) for deal in self._linked(record, "deals"))
        page = next(filter(None, pages), "")
        return f"{page}/view/1?engagement={native}" if page else text(record.get("url"))

    def _file(self, kind: str, native: str) -> str:
        return self.files.get(f"{kind}:{native}", "")


def _contact(record: Object) -> Participant:
    values = obj(record.get("properties"))
    email = text(values.get("email")).casefold()
    name = " ".join(filter(None, (text(values.get("firstname")), text(values.get("lastname")))))
    return Participant(name or email or text(record.get("id")), email, text(values.get("jobtitle")))


def _visible(html: str) -> str:
    return html_text(html).text if "<" in html or "&" in html else html.strip()


def _domain(value: str) -> str:
    host = re.sub(r"^[a-z]+://", "", value.strip().lower()).split("/")[0].split("?")[0].split(":")[0].removeprefix("www.")
    return host if "." in host and "@" not in host and " " not in host else ""


def _custom(values: Object, pattern: str) -> str:
    return next(
        (text(value) for key, value in values.items() if not key.startswith("hs_") and text(value) and re.search(pattern, key.lower())), ""
    )


def _is_custom(key: str) -> bool:
    """A property the customer made: none of HubSpot's own names."""
    own = (
        "hs_",
        "hubspot",
        "dealname",
        "amount",
        "deal_currency_code",
        "dealstage",
        "pipeline",
        "closedate",
        "createdate",
        "dealtype",
        "num_",
        "notes_",
        "days_to_close",
        "engagements_",
    )
    return not key.startswith(own) and key not in _SHOWN


def _label(key: str) -> str:
    return key.removeprefix("hs_").replace("_", " ").strip().capitalize()


def _latest(stamps: Iterable[object]) -> datetime | None:
    return max(filter(None, map(moment, stamps)), default=None)


def _recognise(look: Look) -> Part | None:
    single = is_object(look.top.get("properties")) and kind_of(look.top)
    return "main" if single or any(kind_of(row) for row in look.rows) else None


FORMAT = Format("hubspot", _recognise, parse, together="folder")
