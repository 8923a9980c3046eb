"""Reads Gong's API pages: calls with their parties and CRM context, joined with transcripts by the call's id."""

from __future__ import annotations

from collections.abc import Sequence

from ingest.records import Call, CrmPerson, Failure, Link, Mark, Participant, Reading, Side, Turn
from ingest.sources import spoken
from ingest.sources.fields import Object, is_impossible, moment, obj, objects, seconds, text, texts
from ingest.sources.format import Format, Look, Part
from ingest.sources.inputs import Input, json_pages

_LINK_TYPES = {"opportunity": "deal", "deal": "deal", "account": "account", "company": "account", "contact": "contact", "lead": "lead"}
_SIDES: dict[str, Side] = {"internal": "seller"}
"""`External` is left open: partners are external too."""
_MILLISECOND = 0.001


def parse(inputs: Sequence[Input]) -> Reading:
    calls: dict[str, tuple[Object, str]] = {}
    scripts: dict[str, tuple[list[Object], str]] = {}
    people: list[CrmPerson] = []
    failures: list[Failure] = []
    for item, found in json_pages(inputs, failures):
        page = obj(found)
        for call in [*objects(page.get("calls")), *filter(None, [obj(page.get("callData"))])]:
            call_id = text(obj(call.get("metaData")).get("id"))
            if call_id:
                calls[call_id] = (call, item.name)
            else:
                failures.append(
                    Failure(
                        item.name,
                        "not_valid",
                        "A call on this page has no id (metaData.id), so nothing can refer to it; export the page again.",
                    )
                )
        for script in objects(page.get("callTranscripts")):
            call_id = text(script.get("callId"))
            if call_id:
                scripts[call_id] = (objects(script.get("transcript")), item.name)
            else:
                failures.append(
                    Failure(
                        item.name,
                        "not_valid",
                        "A transcript on this page has no callId, so nobody can tell which call it is; export the page again.",
                    )
                )
        people += [_user(user, item.name) for user in objects(page.get("users")) if text(user.get("emailAddress"))]
    found = {call_id: _call(call_id, *calls.get(call_id, ({}, "")), scripts.get(call_id)) for call_id in {**calls, **scripts}}
    notices = [
        notice
        for call_id, (monologues, file) in scripts.items()
        for notice in spoken.notices(found[call_id], file, times_lost=_has_impossible_times(monologues))
    ]
    return Reading(people=tuple(people), interactions=tuple(found.values()), failures=tuple(failures), notices=tuple(notices))


def _call(call_id: str, call: Object, file: str, script: tuple[list[Object], str] | None) -> Call:
    """A call without a transcript has no turns: that it took place is worth knowing, and the transcript often comes later."""
    about = obj(call.get("metaData"))
    parties = objects(call.get("parties"))
    speakers = {text(party.get("speakerId")): _party(party) for party in parties if text(party.get("speakerId"))}
    turns = [turn for n, monologue in enumerate(script[0] if script else []) if (turn := _turn(call_id, n, monologue, speakers))]
    return Call(
        source="gong",
        external_id=call_id,
        title=text(about.get("title")) or f"Call {call_id}",
        occurred_at=moment(about.get("started")) or moment(about.get("scheduled")),
        turns=(*turns, *_summaries(obj(call.get("content")))),
        participants=tuple(_party(party) for party in parties if text(party.get("name")) or text(party.get("emailAddress"))),
        url=text(about.get("url")),
        links=_links(objects(call.get("context"))),
        meta={
            key: about[key]
            for key in ("direction", "scope", "language", "isPrivate", "primaryUserId", "calendarEventId", "meetingUrl")
            if about.get(key) is not None
        },
        file=file or (script[1] if script else ""),
        duration_s=seconds(about.get("duration")),
    )


def _turn(call_id: str, index: int, monologue: Object, speakers: dict[str, Participant]) -> Turn | None:
    sentences = [s for s in objects(monologue.get("sentences")) if text(s.get("text"))]
    if not sentences:
        return None
    pieces, marks, at = [], [], 0
    for sentence in sentences:
        words = text(sentence.get("text"))
        start, end = (seconds(sentence.get(key), _MILLISECOND) for key in ("start", "end"))
        if start is not None:
            marks.append(Mark(at, start, start if end is None else end))
        pieces.append(words)
        at += len(words) + 1
    return Turn(
        " ".join(pieces),
        speakers.get(text(monologue.get("speakerId"))),
        starts_s=marks[0].starts_s if marks else None,
        ends_s=marks[-1].ends_s if marks else None,
        native_id=f"{call_id}:{index}",
        marks=tuple(marks),
    )


def _has_impossible_times(monologues: list[Object]) -> bool:
    sentences = [sentence for monologue in monologues for sentence in objects(monologue.get("sentences"))]
    return any(is_impossible(sentence.get(key), _MILLISECOND) for sentence in sentences for key in ("start", "end"))


def _party(party: Object) -> Participant:
    email = text(party.get("emailAddress")).casefold()
    return Participant(
        text(party.get("name")) or email or "Unknown speaker",
        email,
        text(party.get("title")),
        _SIDES.get(text(party.get("affiliation")).lower(), "unknown"),
    )


def _links(context: list[Object]) -> tuple[Link, ...]:
    links = [
        Link(text(system.get("system")).lower(), kind, record)
        for system in context
        for found in objects(system.get("objects"))
        if (kind := _LINK_TYPES.get(text(found.get("objectType")).lower()))
        and (record := text(found.get("objectId")))
        and text(system.get("system"))
    ]
    return tuple(dict.fromkeys(links))


def _summaries(content: Object) -> list[Turn]:
    """Gong's own brief and key points: kept to be read, never evidence."""
    points = [text(point.get("text")) for point in objects(content.get("keyPoints"))] or texts(content.get("keyPoints"))
    written = [text(content.get("brief")), "\n".join(f"- {point}" for point in points if point)]
    return [Turn(summary, role="derived", heading="Summary by Gong") for summary in written if summary]


def _user(user: Object, file: str) -> CrmPerson:
    email = text(user.get("emailAddress")).casefold()
    name = " ".join(filter(None, (text(user.get("firstName")), text(user.get("lastName"))))) or email
    links = (Link("gong", "user", text(user.get("id"))),) if text(user.get("id")) else ()
    return CrmPerson(Participant(name, email, text(user.get("title")), "seller"), links, ours=True, file=file)


def _recognise(look: Look) -> Part | None:
    top = look.top
    lists = any(isinstance(top.get(key), list) for key in ("callTranscripts", "calls"))
    return "main" if lists or "callData" in top or ("requestId" in top and ("users" in top or "errors" in top)) else None


FORMAT = Format("gong", _recognise, parse, together="folder")
