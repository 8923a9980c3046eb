"""Reads Fathom: pages of meetings, a transcript alone, the webhook's payload, and the text that its button copies."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from ingest.records import Call, Failure, Link, Participant, Reading, Turn
from ingest.sources import crm_links, names, renderings, spoken, written
from ingest.sources.fields import Object, clock, is_object, moment, obj, objects, text
from ingest.sources.format import Format, Look, Part
from ingest.sources.inputs import Input, NotJson, decode, json_failure, load_json

_SHARED = re.compile(r"https://fathom\.video/(?:share|calls)/[\w-]+")
_LENGTH = re.compile(r"VIEW RECORDING - (\d{1,4}) mins?", re.I)
_REMARK = re.compile(r"(?:ACTION ITEM|SCREEN SHARING|HIGHLIGHT|BOOKMARK)\b.{0,2000}?(?: - WATCH: https?://\S+|$)")
"""What Fathom sets between the words of a copied transcript."""
_COMPANY = re.compile(r" \([^()\n]{1,80}\)$")


def parse(inputs: Sequence[Input]) -> Reading:
    meetings: dict[str, Call] = {}
    loose: list[Call] = []
    failures: list[Failure] = []
    notices: list[Failure] = []
    for item in inputs:
        content = decode(item.data).lstrip("\ufeff \t\r\n")
        if content[:1] not in ("{", "["):
            call = _copied(content, item.name)
            loose.append(call)
            if not call.turns:
                failures.append(Failure(item.name, "no_text", "The copied text holds no words of anybody; copy the transcript again."))
            continue
        try:
            page = load_json(content)
        except NotJson as error:
            failures.append(json_failure(item.name, error))
            continue
        for meeting in _meetings(page):
            native = text(meeting.get("recording_id"))
            if not native:
                detail = "A meeting has no recording_id, so nothing can refer to it; export it again."
                failures.append(Failure(item.name, "not_valid", detail))
                continue
            call = _call(meeting, native, objects(meeting.get("transcript")), item.name)
            if native not in meetings or len(call.turns) > len(meetings[native].turns):
                meetings[native] = call
            notices += spoken.notices(call, item.name, times_lost=_has_impossible_times(meeting)) if meetings[native] is call else []
        if not _meetings(page):
            loose.append(_call({}, "", objects(obj(page).get("transcript")), item.name))
            notices += spoken.notices(loose[-1], item.name, times_lost=_has_impossible_times(obj(page)))
    found = renderings.merged([*_joined(list(meetings.values()), loose), *(call for call in loose if call.turns)])
    notices += [notice for each in found for notice in each.notices()]
    return Reading(interactions=tuple(each.call for each in found), failures=tuple(failures), notices=tuple(notices))


def _joined(meetings: list[Call], loose: list[Call]) -> list[Call]:
    """A transcript that came without its meeting belongs to the only meeting of the folder that has no words."""
    silent = [call for call in meetings if not any(turn.role == "said" for turn in call.turns)]
    scripts = [call for call in loose if call.turns and not call.url]
    if len(silent) != 1 or len(scripts) != 1:
        return meetings
    loose.remove(scripts[0])
    meeting, script = silent[0], scripts[0]
    turns = [
        replace(turn, native_id=f"{meeting.external_id}:{n}", speaker=turn.speaker and (_named(turn.speaker, meeting) or turn.speaker))
        for n, turn in enumerate(script.turns)
    ]
    return [replace(call, turns=(*turns, *call.turns), file=script.file) if call is meeting else call for call in meetings]


def _named(speaker: Participant, meeting: Call) -> Participant | None:
    same = [person for person in meeting.participants if speaker.email and person.email == speaker.email]
    return same[0] if same else names.find(speaker.name, meeting.participants)


def _meetings(page: object) -> list[Object]:
    """Of a page of the list, or the webhook's payload."""
    found = [*objects(page), *objects(obj(page).get("items")), obj(page)]
    return [meeting for meeting in found if "recording_id" in meeting and ("share_url" in meeting or "recording_start_time" in meeting)]


def _call(meeting: Object, native: str, sentences: Sequence[Object], file: str) -> Call:
    present = [person for row in objects(meeting.get("calendar_invitees")) if (person := _invitee(row))]
    by_email = {person.email: person for person in present if person.email}
    by_name = {names.spelled(person.name): person for person in reversed(present)}
    utterances: list[spoken.Utterance] = []
    people: dict[str, Participant] = {}
    for sentence in sentences:
        speaker = obj(sentence.get("speaker"))
        name, email = text(speaker.get("display_name")), text(speaker.get("matched_calendar_invitee_email")).casefold()
        key = f"{name}\n{email}"
        if key not in people and name and names.is_person(name, email):
            people[key] = by_email.get(email) or by_name.get(names.spelled(name)) or Participant(names.bare(name), email)
        utterances.append(spoken.Utterance(key, text(sentence.get("text")), clock(sentence.get("timestamp"))))
    native = native or spoken.content_id(utterances)
    began, ended = moment(meeting.get("recording_start_time")), moment(meeting.get("recording_end_time"))
    return Call(
        source="fathom",
        external_id=native,
        title=text(meeting.get("title")) or text(meeting.get("meeting_title")) or f"Call {native}",
        occurred_at=began or moment(meeting.get("scheduled_start_time")),
        turns=(*spoken.whole_turns(utterances, people, native), *_derived(meeting)),
        participants=tuple(dict.fromkeys([*present, *people.values()])),
        url=text(meeting.get("url")) or text(meeting.get("share_url")),
        links=_links(obj(meeting.get("crm_matches"))),
        aliases=tuple(filter(None, [text(meeting.get("share_url"))])),
        meta={key: meeting[key] for key in ("meeting_url", "transcript_language", "shared_with") if text(meeting.get(key))},
        file=file,
        duration_s=(ended - began).total_seconds() if began and ended and ended > began else None,
    )


def _invitee(row: Object) -> Participant | None:
    name, email = text(row.get("name")) or text(row.get("matched_speaker_display_name")), text(row.get("email")).casefold()
    if not (name or email) or not names.is_person(name, email):
        return None
    return Participant(names.bare(name) or email, email, side="seller" if row.get("is_external") is False else "unknown")


def _has_impossible_times(meeting: Object) -> bool:
    stamps = [sentence.get("timestamp") for sentence in objects(meeting.get("transcript"))]
    return any(stamp not in (None, "") and clock(stamp) is None for stamp in stamps)


def _links(matches: Object) -> tuple[Link, ...]:
    pages = [text(row.get("record_url")) for kind in ("deals", "companies", "contacts") for row in objects(matches.get(kind))]
    return tuple(dict.fromkeys(link for page in pages if (link := crm_links.of_url(page))))


def _derived(meeting: Object) -> list[Turn]:
    """Fathom's own summary and action items: kept to be read, never evidence."""
    summary = text(obj(meeting.get("default_summary")).get("markdown_formatted"))
    actions = "\n".join(f"- {action}" for item in objects(meeting.get("action_items")) if (action := text(item.get("description"))))
    found = ((summary, "Summary by Fathom"), (actions, "Action items by Fathom"))
    return [Turn(words, role="derived", heading=heading) for words, heading in found if words]


def _copied(content: str, file: str) -> Call:
    """The text of the copy button: a title with a day but no year, the recording's link, and turns with the minute they began."""
    script = written.read(content, written.DASHED)
    remarks = [remark for u in script.utterances for remark in _REMARK.findall(u.text)]
    spoke = [replace(u, speaker=_COMPANY.sub("", u.speaker), text=" ".join(_REMARK.sub("", u.text).split())) for u in script.utterances]
    native = spoken.content_id(spoke)
    head = "\n".join(script.before)
    shared, length = _SHARED.search(head), _LENGTH.search(head)
    voices = spoken.voices(spoke, ())
    derived = [Turn("\n".join(remarks), role="derived", heading="Remarks by Fathom")] if remarks else []
    return Call(
        source="fathom",
        external_id=native,
        title=next(iter(script.before), "") or f"Call {native}",
        occurred_at=None,
        turns=(*spoken.whole_turns(spoke, voices, native), *derived),
        participants=tuple(voices.values()),
        url=shared.group() if shared else "",
        file=file,
        duration_s=float(length[1]) * 60 if length else None,
    )


def _recognise(look: Look) -> Part | None:
    if look.page is None:
        head = look.content[:20_000]
        named = "fathom.video/" in head and any(written.DASHED.match(line.strip()) for line in head.split("\n"))
        return "main" if named else None
    scripted = [obj(s.get("speaker")) for s in objects(look.top.get("transcript"))[:5]]
    alone = any("display_name" in speaker for speaker in scripted if is_object(speaker))
    return "main" if _meetings(look.page) or alone else None


FORMAT = Format("fathom", _recognise, parse, together="folder")
