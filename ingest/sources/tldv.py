"""Reads tl;dv: meetings and transcripts, from the API or as its webhooks bring them, joined by the meeting's id."""

from __future__ import annotations

from collections.abc import Sequence

from ingest.records import Call, Failure, Participant, Reading
from ingest.sources import names, spoken
from ingest.sources.fields import Object, is_impossible, moment, obj, objects, seconds, text
from ingest.sources.format import Format, Look, Part
from ingest.sources.inputs import Input, json_pages


def parse(inputs: Sequence[Input]) -> Reading:
    meetings: dict[str, tuple[Object, str]] = {}
    scripts: dict[str, tuple[list[Object], str]] = {}
    failures: list[Failure] = []
    for item, page in json_pages(inputs, failures):
        for meeting in _meetings(page):
            if native := text(meeting.get("id")):
                meetings[native] = ({**meetings.get(native, ({}, ""))[0], **meeting}, item.name)
            else:
                failures.append(
                    Failure(item.name, "not_valid", "A meeting has no id, so no transcript can be joined to it; export it again.")
                )
        for script in _scripts(page):
            native, sentences = text(script.get("meetingId")), _sentences(script)
            if not native:
                failures.append(
                    Failure(item.name, "not_valid", "A transcript has no meetingId, so nobody can tell whose it is; export it again.")
                )
            elif len(sentences) >= len(scripts.get(native, ([], ""))[0]):
                scripts[native] = (sentences, item.name)
    calls: list[Call] = []
    notices: list[Failure] = []
    for native in {**meetings, **scripts}:
        meeting, file = meetings.get(native, ({}, ""))
        sentences, script_file = scripts.get(native, ([], ""))
        calls.append(_call(native, meeting, sentences, script_file or file))
        lost = any(is_impossible(s.get(key)) for s in sentences for key in ("startTime", "endTime"))
        notices += spoken.notices(calls[-1], script_file or file, times_lost=lost)
    return Reading(interactions=tuple(calls), failures=tuple(failures), notices=tuple(notices))


def _meetings(page: object) -> list[Object]:
    """Of a page of the list, a meeting alone, or the body of a webhook."""
    top = obj(page)
    found = [*objects(page), *objects(top.get("results")), obj(top.get("data")), top]
    return [meeting for meeting in found if "happenedAt" in meeting and "invitees" in meeting]


def _scripts(page: object) -> list[Object]:
    return [s for s in (*objects(page), obj(obj(page).get("data")), obj(page)) if "meetingId" in s and "data" in s]


def _sentences(script: Object) -> list[Object]:
    data = script.get("data")
    return objects(data) or objects(obj(data).get("segments"))


def _call(native: str, meeting: Object, sentences: Sequence[Object], file: str) -> Call:
    """A meeting without a transcript has no turns: that it took place is worth knowing, and the transcript comes in a later webhook."""
    utterances = [
        spoken.Utterance(text(s.get("speaker")), text(s.get("text")), seconds(s.get("startTime")), seconds(s.get("endTime")))
        for s in sentences
    ]
    present = _present(meeting, utterances)
    voices = spoken.voices(utterances, present)
    conference = text(obj(meeting.get("extraProperties")).get("conferenceId"))
    return Call(
        source="tldv",
        external_id=native,
        title=text(meeting.get("name")) or f"Meeting {native}",
        occurred_at=moment(meeting.get("happenedAt")),
        turns=spoken.turns(utterances, voices, native),
        participants=tuple(dict.fromkeys([*present, *voices.values()])),
        url=text(meeting.get("url")) or f"https://tldv.io/app/meetings/{native}",
        meta={"conference_id": conference} if conference else {},
        file=file,
        duration_s=seconds(meeting.get("duration")),
    )


def _present(meeting: Object, utterances: Sequence[spoken.Utterance]) -> list[Participant]:
    """Organiser and invitees. An invitee without a name gets that of the speaker whom the address spells."""
    invited = [
        (text(p.get("name")), text(p.get("email")).casefold()) for p in (obj(meeting.get("organizer")), *objects(meeting.get("invitees")))
    ]
    nameless = [email for name, email in invited if email and not name]
    spelled = {address: u for u in dict.fromkeys(u.speaker for u in utterances) if u and (address := names.address_of(u, nameless))}
    people = [Participant(names.bare(name or spelled.get(email, email)), email) for name, email in invited if name or email]
    return [person for person in dict.fromkeys(people) if names.is_person(person.name, person.email)]


def _recognise(look: Look) -> Part | None:
    return "main" if look.page is not None and (_meetings(look.page) or _scripts(look.page)) else None


FORMAT = Format("tldv", _recognise, parse, together="folder")
