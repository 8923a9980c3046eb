"""Reads Fireflies transcripts: sentences with a speaker's name, and the meeting's addresses apart from the names."""

from __future__ import annotations

from collections.abc import Sequence

from ingest.records import Call, Failure, Participant, Reading, Turn
from ingest.sources import names, spoken
from ingest.sources.fields import Object, flag, is_impossible, moment, obj, objects, seconds, text, texts
from ingest.sources.format import Format, Look, Part
from ingest.sources.inputs import Input, json_pages


def parse(inputs: Sequence[Input]) -> Reading:
    calls: list[Call] = []
    failures: list[Failure] = []
    notices: list[Failure] = []
    for item, page in json_pages(inputs, failures):
        for transcript in transcripts(page):
            problem = _problem(transcript)
            if problem:
                failures.append(Failure(item.name, *problem))
            else:
                calls.append(_call(transcript, item.name))
                notices += spoken.notices(calls[-1], item.name, times_lost=_has_impossible_times(transcript))
    return Reading(interactions=tuple(calls), failures=tuple(failures), notices=tuple(notices))


def transcripts(page: object) -> list[Object]:
    """The transcripts of an answer of the API, of its `data` alone, or of a bare transcript or list of them."""
    if isinstance(page, list):
        return objects(page)
    data = obj(obj(page).get("data")) or obj(page)
    if "transcripts" in data:
        return objects(data.get("transcripts"))
    return [obj(data.get("transcript")) or data]


def _problem(transcript: Object) -> tuple[str, str] | None:
    if not text(transcript.get("id")):
        return "not_valid", "A transcript has no id; export it again with the field `id`."
    if flag(transcript.get("is_live")):
        return "still_live", f"The meeting {text(transcript.get('title'))!r} was still going on; export it again now that it is over."
    if "sentences" not in transcript:
        return (
            "no_transcript",
            f"The file lists the meeting {text(transcript.get('title'))!r} without its sentences; export the transcript itself.",
        )
    return None


def _call(transcript: Object, file: str) -> Call:
    native = text(transcript.get("id"))
    url = text(transcript.get("transcript_url")) or f"https://app.fireflies.ai/view/{native}"
    sentences = objects(transcript.get("sentences"))
    people = _people(transcript, [text(sentence.get("speaker_name")) for sentence in sentences])
    turns = spoken.turns(
        (
            spoken.Utterance(
                text(s.get("speaker_name")),
                text(s.get("text")) or text(s.get("raw_text")),
                seconds(s.get("start_time")),
                seconds(s.get("end_time")),
            )
            for s in sentences
        ),
        people,
        native,
    )
    return Call(
        source="fireflies",
        external_id=native,
        title=text(transcript.get("title")) or f"Meeting {native}",
        occurred_at=moment(transcript.get("date")) or moment(transcript.get("dateString")),
        turns=(*turns, *_summary(obj(transcript.get("summary")))),
        participants=tuple(dict.fromkeys(people.values())),
        url=url,
        meta={key: transcript[key] for key in ("organizer_email", "meeting_link", "calendar_id", "cal_id") if transcript.get(key)},
        file=file,
        duration_s=seconds(transcript.get("duration"), 60),
    )


def _has_impossible_times(transcript: Object) -> bool:
    return any(is_impossible(s.get(key)) for s in objects(transcript.get("sentences")) for key in ("start_time", "end_time"))


def _people(transcript: Object, speakers: list[str]) -> dict[str, Participant]:
    """Everybody by name: speakers and attendees with the address that spells their name, then addresses nobody's name fits."""
    attendees = objects(transcript.get("meeting_attendees"))
    addresses = dict.fromkeys(
        a.casefold() for a in [*texts(transcript.get("participants")), *(text(person.get("email")) for person in attendees)] if "@" in a
    )
    named = {text(p.get("name")) or text(p.get("displayName")): text(p.get("email")).casefold() for p in attendees}
    heard = [
        *speakers,
        *(text(p.get("name")) for p in objects(transcript.get("speakers"))),
        *(text(p.get("name")) for p in objects(transcript.get("meeting_attendance"))),
    ]
    people: dict[str, Participant] = {}
    for name in dict.fromkeys(filter(None, [*heard, *named])):
        people[name] = Participant(names.bare(name), named.get(name) or names.address_of(name, addresses))
    known = {person.email for person in people.values()}
    return people | {address: Participant(address, address) for address in addresses if address not in known}


def _summary(summary: Object) -> list[Turn]:
    """Fireflies' own summary: kept to be read, never evidence."""
    parts = [text(summary.get(key)) for key in ("overview", "short_summary", "gist", "action_items")]
    written = "\n\n".join(dict.fromkeys(part for part in parts if part))
    return [Turn(written, role="derived", heading="Summary by Fireflies")] if written else []


def _recognise(look: Look) -> Part | None:
    found = transcripts(look.page) if look.page is not None else []
    return "main" if any("sentences" in t or ("transcript_url" in t and "id" in t) for t in found) else None


FORMAT = Format("fireflies", _recognise, parse)
