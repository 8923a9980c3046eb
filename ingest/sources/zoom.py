"""Reads a Zoom recording: the transcript's cues and the chat, with title, time, host and participants from the JSON beside them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from ingest.records import Call, Chat, Failure, Participant, Reading, Turn
from ingest.sources import file_names, labels, names, organisation, spoken, transcripts
from ingest.sources.fields import Object, clock, moment, obj, objects, seconds, text
from ingest.sources.format import Format, Look, Part
from ingest.sources.inputs import Input, NotJson, decode, json_failure, load_json
from ingest.sources.vtt import cues

_NAMED_CUE = re.compile(r"^\d+\n\d{2}:\d{2}:\d{2}\.\d{3} --> \d{2}:\d{2}:\d{2}\.\d{3}\n(?![ \t]*<v)[^:\n]{1,60}: \S", re.M)
_LINE = re.compile(
    r"(?P<time>\d{2}:\d{2}:\d{2})[ \t]+"
    r"(?:From[ ]+(?P<name>[^\n]{1,100}?)[ ]+to[ ]+(?P<to>[^\n]{1,100}?)[ ]?:|(?P<said_by>[^:\t\n]{1,100}):)"
    r"[ \t]*(?P<text>[^\n]*)$"
)
_CHAT = re.compile(r"\d{2}:\d{2}:\d{2}(?:[ \t]+From[ ]+[^\n]{1,100}?[ ]+to[ ]+[^\n]{1,100}?[ ]?:|\t[ ]?[^:\t\n]{1,100}:\t)")
_PRIVATELY = re.compile(r"\s*\((?:privately|direct message)\)$", re.I)
_EVERYONE = re.compile(r"everyone(?: in meeting)?|all(?: panelists)?(?: and attendees)?", re.I)
_SAME_START = timedelta(minutes=15)


def parse(inputs: Sequence[Input]) -> Reading:
    recordings: list[tuple[Object, str]] = []
    attendance: list[Object] = []
    scripts: list[tuple[str, str]] = []
    chats: list[tuple[str, str]] = []
    failures: list[Failure] = []
    for item in inputs:
        content = decode(item.data)
        start = content[:200].lstrip("\ufeff \t\r\n")
        if start.startswith("WEBVTT"):
            scripts.append((item.name, content))
            continue
        if start[:1] not in ("{", "["):
            chats.append((item.name, content))
            continue
        try:
            page = obj(load_json(content))
        except NotJson as error:
            failures.append(json_failure(item.name, error))
            continue
        meeting = obj(obj(page.get("payload")).get("object")) or page
        recordings += [(found, item.name) for found in [*objects(page.get("meetings")), meeting] if "recording_files" in found]
        attendance += objects(page.get("participants"))
    calls: list[Call | Chat] = []
    notices: list[Failure] = []
    known = {_key(about, name): about for about, name in recordings}
    for file, content in scripts:
        call, times_lost = _call(file, content, _recording_of(file, list(known.values())), attendance)
        if not call.turns:
            failures.append(Failure(file, "no_text", "The transcript holds no cues; download it again once Zoom has finished processing."))
            continue
        calls.append(call)
        notices += spoken.notices(call, file, times_lost=times_lost)
    for file, content in chats:
        said = _chats(file, content, _recording_of(file, list(known.values())), attendance)
        calls += said
        if not said:
            failures.append(Failure(file, "no_text", "The chat holds no messages; save it again."))
    if not scripts and not chats:
        calls += [_without_words(about, name, attendance) for about, name in recordings if known[_key(about, name)] is about]
    return Reading(interactions=tuple(calls), failures=tuple(failures), notices=tuple(notices))


def _key(about: Object, name: str) -> str:
    return text(about.get("uuid")) or text(about.get("id")) or name


def _recording_of(name: str, recordings: list[Object]) -> Object:
    """The recording that began when the file's name says; the only one there is for a name that says nothing."""
    at = file_names.stamped(name)
    if at is None:
        return recordings[0] if len(recordings) == 1 else {}
    return next((r for r in recordings if (began := moment(r.get("start_time"))) and abs(began - at) <= _SAME_START), {})


def _call(file: str, content: str, recording: Object, attendance: list[Object]) -> tuple[Call, bool]:
    found = cues(content)
    people = _people(recording, attendance)
    utterances = labels.labelled([spoken.Utterance(cue.voice, cue.text, cue.starts_s, cue.ends_s) for cue in found], people)
    times_lost = any(u.starts_s is None or u.ends_s is None for u in utterances)
    if not recording and file_names.stamped(file) is None:  # nothing says that it is Zoom's
        return transcripts.call_of("transcript", file, utterances), times_lost
    native = _key(recording, "") or spoken.content_id(utterances)
    voices = spoken.voices(utterances, people)
    call = Call(
        source="zoom",
        external_id=native,
        title=text(recording.get("topic")) or file_names.title(file),
        occurred_at=_began(recording) or file_names.stamped(file),
        turns=spoken.turns(utterances, voices, native),
        participants=tuple(dict.fromkeys([*people, *voices.values()])),
        url=text(recording.get("share_url")),
        aliases=tuple(filter(None, [text(recording.get("id"))])),
        file=file,
        duration_s=seconds(recording.get("duration"), 60) or next((u.ends_s for u in reversed(utterances) if u.ends_s is not None), None),
    )
    return call, times_lost


def _without_words(recording: Object, file: str, attendance: list[Object]) -> Call:
    """That it took place is worth knowing, and the transcript often comes later."""
    return Call(
        source="zoom",
        external_id=_key(recording, file),
        title=text(recording.get("topic")) or file_names.title(file),
        occurred_at=_began(recording),
        turns=(),
        participants=tuple(_people(recording, attendance)),
        url=text(recording.get("share_url")),
        aliases=tuple(filter(None, [text(recording.get("id"))])),
        file=file,
        duration_s=seconds(recording.get("duration"), 60),
    )


def _began(recording: Object) -> datetime | None:
    """When the recording began, which may be minutes into the meeting: cues, and links to a moment, count from there."""
    files = objects(recording.get("recording_files"))
    transcript = [moment(f.get("recording_start")) for f in files if text(f.get("file_type")) == "TRANSCRIPT"]
    began = next(filter(None, transcript), None) or moment(recording.get("start_time"))
    zone = organisation.zone_called(text(recording.get("timezone")))
    return began.astimezone(zone) if began and zone else began


def _people(recording: Object, attendance: list[Object]) -> list[Participant]:
    """Those present; the host's side is the seller's, for it is our Zoom."""
    host = text(recording.get("host_email")).casefold()
    people: dict[str, Participant] = {}
    for row in attendance:
        name, email = names.bare(text(row.get("name"))), text(row.get("user_email")).casefold()
        if (name or email) and names.is_person(name, email):
            known = people.get(name.casefold())
            people[name.casefold()] = Participant(
                name or email, email or (known.email if known else ""), side="seller" if email and email == host else "unknown"
            )
    if host and host not in {person.email for person in people.values()}:
        people[host] = Participant(host, host, side="seller")
    return list(people.values())


def _chats(file: str, content: str, recording: Object, attendance: list[Object]) -> list[Chat]:
    """What everybody could read, and apart from it, as ours, what was written to one person only."""
    people = _people(recording, attendance)
    messages = _messages(content)
    utterances = [message for message, _ in messages]
    voices = spoken.voices(utterances, people)
    native = _key(recording, "") or spoken.content_id(utterances)
    lasts = seconds(recording.get("duration"), 60)
    found: list[Chat] = []
    for private in (False, True):
        said = [message for message, to in messages if bool(to) is private]
        at = [m.starts_s for m in said if m.starts_s is not None and (lasts is None or m.starts_s <= lasts + _SAME_START.total_seconds())]
        if len(at) < len(said):  # a chat that somebody saved has times of day
            said = [replace(message, starts_s=None) for message in said]
        chat_id = f"{native}:chat:private" if private else f"{native}:chat"
        turns: tuple[Turn, ...] = spoken.whole_turns(said, voices, chat_id)
        if turns:
            found.append(
                Chat(
                    source="zoom",
                    external_id=chat_id,
                    title=f"Chat of {text(recording.get('topic')) or file_names.title(file)}",
                    occurred_at=_began(recording) or file_names.stamped(file),
                    turns=turns,
                    participants=tuple(dict.fromkeys([*people, *voices.values()])),
                    url=text(recording.get("share_url")),
                    file=file,
                    internal=private,
                )
            )
    return found


def _messages(content: str) -> list[tuple[spoken.Utterance, str]]:
    """Each message, and to whom it went where that was not everybody; indented lines belong to the message above."""
    found: list[tuple[str, float | None, str, list[str]]] = []
    for line in content.replace("\r\n", "\n").lstrip("\ufeff").split("\n"):
        if head := _LINE.match(line):
            name, to = _PRIVATELY.sub("", head["name"] or head["said_by"]), _PRIVATELY.sub("", head["to"] or "Everyone")
            found.append((name.strip(), clock(head["time"]), "" if _EVERYONE.fullmatch(to.strip()) else to.strip(), [head["text"].strip()]))
        elif found:
            found[-1][3].append(line.strip())
    return [(spoken.Utterance(name, "\n".join(filter(None, lines)), at), to) for name, at, to, lines in found]


def _recognise(look: Look) -> Part | None:
    if look.content.startswith("WEBVTT"):
        head = look.content[:20_000].replace("\r\n", "\n")
        voices = "\n<v" in head
        return "main" if (file_names.stamped(look.name) and not voices) or _NAMED_CUE.search(head) else None
    if look.page is None:
        return "main" if _CHAT.match(look.content) else None
    meeting = obj(obj(look.top.get("payload")).get("object")) or look.top
    listed = "recording_files" in meeting or any("recording_files" in m for m in objects(look.top.get("meetings")))
    return "beside" if listed or ("participants" in look.top and "page_size" in look.top) else None


FORMAT = Format("zoom", _recognise, parse, together="beside")
