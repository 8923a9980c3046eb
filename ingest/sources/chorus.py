"""Reads Chorus: conversations with their utterances (JSON:API), and the list of engagements for calls whose words were not exported."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ingest.records import Call, Failure, Participant, Reading, Side, Turn
from ingest.sources import crm_links, names, spoken
from ingest.sources.fields import Object, is_impossible, moment, number, obj, objects, seconds, text
from ingest.sources.format import Format, Look, Part
from ingest.sources.inputs import Input, json_pages

_SIDES: dict[str, Side] = {"rep": "seller", "cust": "buyer"}
_NO_ID = "A conversation on this page has no id, so nothing can refer to it; export the page again."


def parse(inputs: Sequence[Input]) -> Reading:
    conversations: dict[str, tuple[Object, str]] = {}
    engagements: dict[str, Call] = {}
    failures: list[Failure] = []
    for item, page in json_pages(inputs, failures):
        for conversation in _conversations(page):
            native = text(conversation.get("id"))
            if not native:
                failures.append(Failure(item.name, "not_valid", _NO_ID))
            elif len(_utterances(conversation)) >= len(_utterances(conversations.get(native, ({}, ""))[0])):
                conversations[native] = (conversation, item.name)
        for row in objects(obj(page).get("engagements")):
            if call := _engagement(row, item.name):
                engagements[call.external_id] = call
            else:
                failures.append(Failure(item.name, "not_valid", _NO_ID.replace("conversation", "engagement")))
    calls: list[Call] = []
    notices: list[Failure] = []
    for conversation, file in conversations.values():
        calls.append(_call(conversation, file))
        lost = any(is_impossible(u.get(key)) for u in _utterances(conversation) for key in ("snippet_time", "snippet_length"))
        notices += spoken.notices(calls[-1], file, times_lost=lost)
    listed = [call for native, call in engagements.items() if native not in conversations]
    return Reading(interactions=(*calls, *listed), failures=tuple(failures), notices=tuple(notices))


def _conversations(page: object) -> list[Object]:
    data = obj(page).get("data")
    return [c for c in (objects(data) or [obj(data)]) if "recording" in obj(c.get("attributes"))]


def _utterances(conversation: Object) -> list[Object]:
    return objects(obj(obj(conversation.get("attributes")).get("recording")).get("utterances"))


def _call(conversation: Object, file: str) -> Call:
    native = text(conversation.get("id"))
    about = obj(conversation.get("attributes"))
    recording = obj(about.get("recording"))
    rows = [_participant(row) for row in objects(about.get("participants"))]
    listed = [person if person and names.is_person(person.name, person.email) else None for person in rows]
    present = list(filter(None, listed))
    by_name = {names.spelled(person.name): person for person in reversed(present)}
    utterances: list[spoken.Utterance] = []
    people: dict[str, Participant] = {}
    for row in _utterances(conversation):
        starts, lasts = seconds(row.get("snippet_time")), seconds(row.get("snippet_length"))
        person = _speaker(row, listed, by_name)
        key = f"{person.name}\n{person.email}" if person else ""
        if person:
            people[key] = person
        ends = None if starts is None or lasts is None else round(starts + lasts, 3)
        utterances.append(spoken.Utterance(key, text(row.get("snippet")), starts, ends))
    links = (
        crm_links.of_id("account", text(obj(about.get("account")).get("ext_id"))),
        crm_links.of_id("deal", text(obj(about.get("deal")).get("id"))),
    )
    return Call(
        source="chorus",
        external_id=native,
        title=text(about.get("name")) or f"Call {native}",
        occurred_at=moment(recording.get("start_time")) or moment(recording.get("schedule_start_time")),
        turns=(*spoken.turns(utterances, people, native), *_summary(recording)),
        participants=tuple(dict.fromkeys([*present, *people.values()])),
        url=f"https://chorus.ai/meeting/{native}",
        links=tuple(filter(None, links)),
        meta={key: about[key] for key in ("language", "private", "source") if about.get(key) is not None},
        file=file,
        duration_s=seconds(recording.get("duration")),
    )


def _speaker(row: Object, listed: Sequence[Participant | None], by_name: Mapping[str, Participant]) -> Participant | None:
    """By the place in the list of participants, else by name."""
    at = number(row.get("participant"))
    if at is not None and at.is_integer() and 0 <= at < len(listed) and (person := listed[int(at)]):
        return person
    name = text(row.get("speaker_name"))
    if not name or not names.is_person(name):
        return None
    return by_name.get(names.spelled(name)) or Participant(names.bare(name), side=_SIDES.get(text(row.get("speaker_type")), "unknown"))


def _participant(row: Object) -> Participant | None:
    name, email = text(row.get("name")), text(row.get("email")).casefold()
    side = _SIDES.get(text(row.get("type")), "unknown")
    return Participant(names.bare(name) or email, email, text(row.get("title")), side) if name or email else None


def _summary(recording: Object) -> list[Turn]:
    """Chorus' own summary: kept to be read, never evidence."""
    written = text(recording.get("meeting_summary"))
    return [Turn(written, role="derived", heading="Summary by Chorus")] if written else []


def _engagement(row: Object, file: str) -> Call | None:
    native = text(row.get("engagement_id"))
    if not native:
        return None
    people = [person for entry in objects(row.get("participants")) if (person := _participant(entry))]
    links = (crm_links.of_id("account", text(row.get("account_id"))), crm_links.of_id("deal", text(row.get("opportunity_id"))))
    return Call(
        source="chorus",
        external_id=native,
        title=text(row.get("subject")) or f"Call {native}",
        occurred_at=moment(row.get("date_time")),
        turns=(),
        participants=tuple(person for person in people if names.is_person(person.name, person.email)),
        url=text(row.get("url")) or f"https://chorus.ai/meeting/{native}",
        links=tuple(filter(None, links)),
        file=file,
        duration_s=seconds(row.get("duration")),
    )


def _recognise(look: Look) -> Part | None:
    listed = any("engagement_id" in row for row in objects(look.top.get("engagements")))
    return "main" if listed or (look.page is not None and _conversations(look.page)) else None


FORMAT = Format("chorus", _recognise, parse, together="folder")
