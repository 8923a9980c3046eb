"""Reads HubSpot's CRM objects, from API pages or CSV exports: companies, contacts, owners, deals, notes, tasks, calls, mails, meetings."""

from __future__ import annotations

import re
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
    Meeting,
    Note,
    Participant,
    Reading,
    Record,
    Turn,
)
from ingest.sources import call_stubs, deal_lines, hubspot_pages, mail, mail_plain, mail_text, names, spoken
from ingest.sources.deal_lines import Change
from ingest.sources.fields import Object, flag, host, moment, number, obj, objects, seconds, text, whole
from ingest.sources.format import Format
from ingest.sources.html_text import visible_text
from ingest.sources.hubspot_pages import OWNER_NAME, Kept, Pages
from ingest.sources.inputs import Input, NotJson, load_json
from ingest.sources.summaries import is_machine_summary

_LINKED: Mapping[str, str] = {"company": "account", "deal": "deal", "contact": "contact"}
_SHOWN = ("closed_won_reason", "closed_lost_reason", "hs_next_step", "description", "hs_priority", "hs_forecast_category")
_OWN = (
    "hs_", "hubspot", "dealname", "amount", "deal_currency_code", "dealstage", "pipeline", "closedate", "createdate", "dealtype", "num_",
    "notes_", "days_to_close", "engagements_", "record_id", "associated_", "deal_owner", OWNER_NAME,
)  # fmt: skip
"""How HubSpot's own properties begin; any other is the customer's."""
_CHANGES = {"dealstage": "Stage", "amount": "Amount", "closedate": "Close date", "hubspot_owner_id": "Owner"}


def parse(inputs: Sequence[Input]) -> Reading:
    pages = Pages()
    for item in inputs:
        pages.take(item)
    pages.finish()
    portal = _Portal(pages)
    accounts, people, deals = tuple(portal.accounts()), tuple(portal.people()), tuple(portal.deals())
    updated = {native: moment(kept.updated) for by_id in pages.kept.values() for native, kept in by_id.items()}
    interactions = tuple(replace(each, revised_at=updated.get(each.external_id.partition(":")[0])) for each in portal.interactions())
    zones = pages.clock.notices(inputs[0].name, "Add the answer of HubSpot's account-info to the folder: it names the portal's zone.")
    return Reading(accounts, people, deals, interactions, tuple(pages.failures), (*pages.notices, *zones), tuple(pages.gone))


class _Portal:
    """What the pages say, in our words."""

    def __init__(self, pages: Pages) -> None:
        self.pages = pages
        self.kept = pages.kept
        self.clock = pages.clock

    def accounts(self) -> Iterator[CrmAccount]:
        for native, kept in self.kept["company"].items():
            domains = [kept.get("domain"), kept.get("website"), *re.split(r"[;,\s]+", kept.get("hs_additional_domains"))]
            found = tuple(dict.fromkeys(filter(None, map(host, domains))))
            yield CrmAccount(kept.get("name") or (found[0] if found else native), (Link("hubspot", "account", native),), found, kept.file)

    def people(self) -> Iterator[CrmPerson]:
        for native, kept in self.kept["contact"].items():
            companies = kept.linked["company"] or list(filter(None, [kept.get("associatedcompanyid")]))
            account = Link("hubspot", "account", companies[0]) if companies else None
            contact, links = _contact(kept), (Link("hubspot", "contact", native),)
            roles = tuple(part.replace("_", " ").strip().lower() for part in kept.get("hs_buying_role").split(";") if part.strip())
            yield CrmPerson(contact, links, account, file=kept.file, roles=roles)
            for other in re.split(r"[;,\s]+", kept.get("hs_additional_emails").casefold()):
                if "@" in other and other != contact.email:
                    yield CrmPerson(Participant(contact.name, other, contact.title), links, account, file=kept.file, roles=roles)
        for native, kept in self.kept["owner"].items():
            if owner := self._owner(native):
                yield CrmPerson(owner, (Link("hubspot", "user", native),), ours=True, file=kept.file)

    def deals(self) -> Iterator[CrmDeal]:
        for native, kept in self.kept["deal"].items():
            companies = kept.linked["company"]
            if not companies:
                detail = f"The deal {kept.get('dealname')!r} belongs to no company here; export deals with their associations."
                self.pages.failures.append(Failure(kept.file, "not_valid", detail))
                continue
            label, closed, won = self._stage(kept.get("dealstage"), kept)
            owner = self._owner_of(kept)
            yield CrmDeal(
                name=kept.get("dealname") or native,
                links=(Link("hubspot", "deal", native),),
                account=Link("hubspot", "account", companies[0]),
                stage=label,
                won=won,
                closed=closed,
                closed_on=self.clock.day(kept.get("closedate")) if closed else "",
                amount=number(kept.get("amount")),
                currency=self._currency(kept),
                owner_email=owner.email if owner else "",
                term_months=whole(_custom(kept, r"term.*month|month.*term|contract_?term")),
                seats=whole(_custom(kept, r"seats?\b|seats|licen[cs]es|number_of_users")),
                opened_on=self.clock.day(kept.get("createdate") or kept.get("hs_createdate") or kept.created),
                opened_at=self.clock.begins(kept.get("createdate") or kept.get("hs_createdate") or kept.created),
                closed_at=self.clock.begins(kept.get("closedate")) if closed else None,
                file=kept.file,
            )

    def interactions(self) -> Iterator[Interaction]:
        yield from map(self._deal_record, self.kept["deal"].values())
        for kept in self.kept["note"].values():
            yield from self._note(kept, "note", "", kept.get("hs_note_body"))
        for kept in self.kept["task"].values():
            subject = kept.get("hs_task_subject")
            form: Literal["next_step", "task"] = "next_step" if subject.lower().startswith("next step") else "task"
            yield from self._note(kept, form, subject, kept.get("hs_task_body") or subject)
        yield from self._calls()
        yield from map(self._mail, self.kept["email"].values())
        if silent := sum(not (kept.get("hs_email_text") or kept.get("hs_email_html")) for kept in self.kept["email"].values()):
            detail = f"{silent} mails of this export have no text; grant the app the scope sales-email-read, and export them again."
            self.pages.notices.append(Failure(next(iter(self.kept["email"].values())).file, "no_text", detail))
        for kept in self.kept["meeting"].values():
            yield from self._meeting(kept)

    def _note(self, kept: Kept, form: Literal["note", "task", "next_step", "call_log"], subject: str, html: str) -> Iterator[Note]:
        words, owner = visible_text(html), self._owner_of(kept)
        if not words:
            return
        due = self.clock.moment(kept.get("hs_timestamp"))
        created = self.clock.moment(kept.get("hs_createdate")) or self.clock.moment(kept.created)
        is_task = form in ("task", "next_step")
        yield Note(
            source="hubspot",
            external_id=kept.native,
            title=subject or " ".join(words.split())[:80],
            occurred_at=(created or due) if is_task else (due or created),  # a task's timestamp is when it is due
            turns=(Turn(words, owner, "derived" if is_machine_summary(words) else "said"),),
            participants=(owner,) if owner else (),
            url=self._engagement_url(kept),
            links=self._links(kept),
            aliases=call_stubs.aliases(html),
            meta={"status": kept.get("hs_task_status"), "due_on": self.clock.day(kept.get("hs_timestamp"))} if is_task else {},
            file=kept.file,
            form=form,
        )

    def _calls(self) -> Iterator[Interaction]:
        """A call with its transcript; a recorder's stub as the call it stands for; what a person wrote about one as a note."""
        scripts = {native: found for found in self.pages.transcripts for native in _transcript_ids(found[0])}
        used: set[str] = set()
        for kept in self.kept["call"].values():
            logged = kept.get("hs_call_body")
            words = visible_text(logged)
            script, _ = scripts.get(kept.native) or scripts.get(kept.get("hs_call_transcription_id")) or ({}, "")
            used |= set(_transcript_ids(script))
            if script or call_stubs.is_stub(logged, words):
                yield self._call(kept, words, script)
            elif not words and flag(kept.get("hs_call_has_transcript")):
                yield self._call(kept, "", {})
            if words and not call_stubs.is_stub(logged, words):
                for note in self._note(kept, "call_log", kept.get("hs_call_title"), logged):
                    yield replace(note, external_id=f"{kept.native}:log") if script else note  # the id is the call's
        for script, file in self.pages.transcripts:
            if used.isdisjoint(_transcript_ids(script)):
                detail = "This call's transcript stands without its call; export the call objects into the same folder."
                yield self._call(Kept(text(script.get("engagementId")) or text(script.get("transcriptId")), file), "", script)
                self.pages.notices.append(Failure(file, "incomplete", detail))

    def _call(self, kept: Kept, words: str, script: Object) -> Call:
        heard = objects(script.get("transcriptUtterances"))
        about = {_voice(one): obj(one.get("speaker")) for one in heard}
        voices = {voice: self._known(text(who.get("email")), text(who.get("name"))) for voice, who in about.items()}
        people = {voice: person for voice, person in voices.items() if person and names.is_person(person.name, person.email)}
        utterances = [
            spoken.Utterance(
                _voice(one), text(one.get("text")), seconds(one.get("startTimeMillis"), 0.001), seconds(one.get("endTimeMillis"), 0.001)
            )
            for one in heard
        ]
        owner, logged = self._owner_of(kept), kept.get("hs_call_body")
        by_machines = (words if call_stubs.is_stub(logged, words) else "", visible_text(kept.get("hs_call_summary")))
        transcript = kept.get("hs_call_transcription_id") or text(script.get("transcriptId"))
        known_as = [*call_stubs.aliases(logged), *call_stubs.aliases(kept.get("hs_call_recording_url")), transcript]
        return Call(
            source="hubspot",
            external_id=kept.native,
            title=kept.get("hs_call_title") or "Call",
            occurred_at=self.clock.moment(kept.get("hs_timestamp")) or self.clock.moment(kept.created),
            turns=(*spoken.turns(utterances, people, kept.native), *(Turn(said, owner, "derived") for said in by_machines if said)),
            participants=tuple(dict.fromkeys([*people.values(), *filter(None, [owner]), *self._guests(kept)])),
            url=self._engagement_url(kept),
            links=self._links(kept),
            aliases=tuple(dict.fromkeys(filter(None, known_as))),
            file=kept.file,
            duration_s=seconds(kept.get("hs_call_duration"), 0.001),
        )

    def _mail(self, kept: Kept) -> Email:
        named = _headers(kept.get("hs_email_headers"))
        sender = self._known(kept.get("hs_email_from_email"), named.get(kept.get("hs_email_from_email").casefold(), ""))
        words, hidden = mail_plain.plain_text(kept.get("hs_email_text"), kept.get("hs_email_html"))
        subject = kept.get("hs_email_subject")
        body = mail_text.body(words, sender=sender, subject=subject, hidden=hidden)
        addresses = (a for key in ("hs_email_to_email", "hs_email_cc_email") for a in re.split(r"[;,]\s*", kept.get(key)) if "@" in a)
        others = [self._known(a, named.get(a.strip().casefold(), "")) for a in addresses]
        message_id = mail.message_id(kept.get("hs_email_message_id"))
        return Email(
            source="hubspot",
            external_id=kept.native,
            title=subject or "(no subject)",
            occurred_at=self.clock.moment(kept.get("hs_timestamp")) or self.clock.moment(kept.created),
            turns=body.turns,
            participants=tuple(dict.fromkeys(filter(None, [sender, *others]))),
            url=self._engagement_url(kept),
            links=self._links(kept),
            aliases=(message_id,) if message_id else (),
            meta={"forwarded": list(body.forwarded)} if body.forwarded else {},
            file=kept.file,
            message_id=message_id,
            automatic=flag(kept.get("hs_incoming_email_is_out_of_office")),
        )

    def _meeting(self, kept: Kept) -> Iterator[Interaction]:
        """The entry itself; our notes about it are a note of their own, out of the customer's hearing."""
        owner, title = self._owner_of(kept), kept.get("hs_meeting_title")
        at = self.clock.moment(kept.get("hs_meeting_start_time")) or self.clock.moment(kept.get("hs_timestamp"))
        ends = self.clock.moment(kept.get("hs_meeting_end_time"))
        entry = Meeting(
            source="hubspot",
            external_id=kept.native,
            title=title or "Meeting",
            occurred_at=at,
            turns=(Turn(visible_text(kept.get("hs_meeting_body")) or title or "Meeting", owner),),
            participants=tuple(dict.fromkeys([*filter(None, [owner]), *self._guests(kept)])),
            url=self._engagement_url(kept),
            links=self._links(kept),
            aliases=tuple(filter(None, [kept.get("hs_i_cal_uid"), kept.get("hs_meeting_external_url")])),
            meta={"outcome": kept.get("hs_meeting_outcome"), "ends_at": ends.astimezone(UTC).isoformat() if ends else ""},
            file=kept.file,
        )
        yield entry
        private = visible_text(kept.get("hs_internal_meeting_notes"))
        if private:
            yield Note(
                source="hubspot",
                external_id=f"{kept.native}:internal",
                title=f"Internal notes: {entry.title}",
                occurred_at=at,
                turns=(Turn(private, owner),),
                participants=(owner,) if owner else (),
                links=entry.links,
                file=entry.file,
                internal=True,
            )

    def _deal_record(self, kept: Kept) -> Record:
        """The deal's fields as lines, who plays what part in it, and how its stage and amount changed."""
        owner, accounts = self._owner_of(kept), kept.linked["company"]
        company = self.kept["company"].get(accounts[0]) if accounts else None
        fields = {
            "Deal": kept.get("dealname"),
            "Account": company.get("name") if company else "",
            "Stage": self._stage(kept.get("dealstage"), kept)[0],
            "Amount": deal_lines.amount(kept.get("amount"), self._currency(kept)),
            "Close date": self.clock.day(kept.get("closedate")),
            "Type": kept.get("dealtype"),
            "Owner": owner.name if owner else "",
            **{_label(key): visible_text(kept.get(key)) for key in kept.values if key in _SHOWN or not key.startswith(_OWN)},
        }
        roles = [
            f"{_role(contact.get('hs_buying_role'))}: {_contact(contact).name}"
            for native in kept.linked["contact"]
            if (contact := self.kept["contact"].get(native)) and contact.get("hs_buying_role")
        ]
        turns = [
            Turn(deal_lines.lines(fields), heading="Deal"),
            Turn("\n".join(roles), heading=CONTACT_ROLES),
            *deal_lines.histories(self._changes(kept)),
        ]
        stamps = (step.get("timestamp") for steps in kept.history.values() for step in steps)
        return Record(
            source="hubspot",
            external_id=kept.native,
            title=kept.get("dealname") or kept.native,
            occurred_at=self._latest([kept.get("hs_lastmodifieddate"), kept.updated, *stamps]),
            turns=tuple(turn for turn in turns if turn.text),
            url=self._page(kept),
            links=(Link("hubspot", "deal", kept.native), *(Link("hubspot", "account", account) for account in accounts)),
            file=kept.file,
            record="deal",
        )

    def _changes(self, kept: Kept) -> Iterator[Change]:
        for name, steps in kept.history.items():
            if name not in _CHANGES and name not in _SHOWN and name.startswith(_OWN):
                continue
            for step in steps:
                stamp = step.get("timestamp")
                if at := self.clock.moment(stamp):
                    by = self._users.get(text(step.get("updatedByUserId")), "")
                    value = self._shown(name, text(step.get("value")), kept)
                    yield Change(_CHANGES.get(name) or _label(name), "", value, at.astimezone(UTC).isoformat(), self.clock.day(stamp), by)

    def _shown(self, name: str, value: str, kept: Kept) -> str:
        """A value that a property had, as its record shows one."""
        match name:
            case "dealstage":
                return self._stage(value, kept)[0]
            case "amount":
                return deal_lines.amount(value, self._currency(kept))
            case "closedate":
                return self.clock.day(value)
            case "hubspot_owner_id":
                return owner.name if (owner := self._owner(value)) else value
            case _:
                return visible_text(value)

    def _stage(self, stage: str, kept: Kept) -> tuple[str, bool, bool]:
        """A stage's label and whether it is closed and won: by the pipeline's own word, never by the literal "closedwon" alone.

        A CSV names pipelines and stages by their labels.
        """
        pipelines = self.kept["pipeline"]
        own = pipelines.get(kept.get("pipeline")) or next((p for p in pipelines.values() if p.get("label") == kept.get("pipeline")), None)
        candidates = [own] if own else list(pipelines.values())
        stages = [found for pipeline in candidates for found in objects(pipeline.values.get("stages"))]
        found = next((s for s in stages if stage in (text(s.get("id")), text(s.get("label")))), {}) if stage else {}
        about = obj(found.get("metadata"))
        closed = flag(about.get("isClosed")) or flag(kept.get("hs_is_closed")) or flag(kept.get("hs_is_closed_won"))
        won = flag(kept.get("hs_is_closed_won")) or (flag(about.get("isClosed")) and number(about.get("probability")) == 1.0)
        literal = stage.casefold().replace(" ", "")
        if not found and literal in ("closedwon", "closedlost"):
            closed, won = True, won or literal == "closedwon"
        return text(found.get("label")) or {"closedwon": "Closed Won", "closedlost": "Closed Lost"}.get(stage, stage), closed, won

    def _currency(self, kept: Kept) -> str:
        """The deal's own, else the one the portal says it reckons in."""
        return kept.get("deal_currency_code") or text(self.pages.account.get("companyCurrency"))

    def _owner_of(self, kept: Kept) -> Participant | None:
        owner = self._owner(kept.get("hubspot_owner_id"))
        if owner or not (name := kept.get(OWNER_NAME)):
            return owner
        named = [found for native in self.kept["owner"] if (found := self._owner(native)) and found.name == name]
        return named[0] if len(named) == 1 else Participant(name, side="seller")

    def _owner(self, native: str) -> Participant | None:
        kept = self.kept["owner"].get(native)
        if kept is None:
            return None
        email = kept.get("email").casefold()
        name = " ".join(filter(None, (kept.get("firstName"), kept.get("lastName"))))
        return Participant(name or email, email, side="seller") if name or email else None

    @cached_property
    def _users(self) -> Mapping[str, str]:
        """Owners' names by the id of their log-in, which is what a history names."""
        return {kept.get("userId"): owner.name for native, kept in self.kept["owner"].items() if (owner := self._owner(native))}

    @cached_property
    def _people(self) -> Mapping[str, Participant]:
        owners = [owner for native in self.kept["owner"] if (owner := self._owner(native))]
        return {person.email: person for person in [*map(_contact, self.kept["contact"].values()), *owners] if person.email}

    def _known(self, address: str, name: str = "") -> Participant | None:
        """The owner or contact with this address, so that a bare address gets its name."""
        address = address.strip().casefold()
        return self._people.get(address) or (Participant(name or address, address) if name or address else None)

    def _guests(self, kept: Kept) -> list[Participant]:
        return [_contact(found) for native in kept.linked["contact"] if (found := self.kept["contact"].get(native))]

    def _links(self, kept: Kept) -> tuple[Link, ...]:
        """Links to accounts, deals and contacts; a deal brings its account along."""
        found = [Link("hubspot", type_, native) for kind, type_ in _LINKED.items() for native in kept.linked[kind]]
        deals = (deal for native in kept.linked["deal"] if (deal := self.kept["deal"].get(native)))
        found += [Link("hubspot", "account", account) for deal in deals for account in deal.linked["company"][:1]]
        return tuple(dict.fromkeys(found))

    def _page(self, deal: Kept) -> str:
        site, portal = text(self.pages.account.get("uiDomain")), text(self.pages.account.get("portalId"))
        return deal.url or (f"https://{site}/contacts/{portal}/record/0-3/{deal.native}" if site and portal else "")

    def _engagement_url(self, kept: Kept) -> str:
        """The note on its deal's page, where the deal's own address is known."""
        pages = (self._page(deal) for native in kept.linked["deal"] if (deal := self.kept["deal"].get(native)))
        page = next(filter(None, pages), "")
        return f"{page}/view/1?engagement={kept.native}" if page else kept.url

    def _latest(self, stamps: Iterable[object]) -> datetime | None:
        return max(filter(None, map(self.clock.moment, stamps)), default=None)


def _contact(kept: Kept) -> Participant:
    email = kept.get("email").casefold()
    name = " ".join(filter(None, (kept.get("firstname"), kept.get("lastname"))))
    return Participant(name or email or kept.native, email, kept.get("jobtitle"))


def _headers(value: str) -> dict[str, str]:
    """Names by address; the property is JSON in a string."""
    try:
        headers = obj(load_json(value)) if value else {}
    except NotJson:
        return {}
    people = [obj(headers.get("from")), *objects(headers.get("to")), *objects(headers.get("cc"))]
    return {
        text(one.get("email")).casefold(): " ".join(filter(None, (text(one.get("firstName")), text(one.get("lastName"))))) for one in people
    }


def _transcript_ids(script: Object) -> list[str]:
    return list(filter(None, [text(script.get("engagementId")), text(script.get("transcriptId"))]))


def _voice(utterance: Object) -> str:
    """What tells the speakers of a transcript apart."""
    about = obj(utterance.get("speaker"))
    return text(about.get("email")) or text(about.get("name")) or text(about.get("id"))


def _custom(kept: Kept, pattern: str) -> str:
    fits = (key for key in kept.values if not key.startswith("hs_") and re.search(pattern, key.lower()))
    return next(filter(None, map(kept.get, fits)), "")


def _role(value: str) -> str:
    """BUDGET_HOLDER;DECISION_MAKER as "Budget holder, decision maker"."""
    words = ", ".join(part.replace("_", " ").strip().lower() for part in value.split(";"))
    return words[:1].upper() + words[1:]


def _label(key: str) -> str:
    return key.removeprefix("hs_").replace("_", " ").strip().capitalize()


FORMAT = Format("hubspot", hubspot_pages.recognise, parse, together="folder")
