"""Reads Teams: the VTT that Graph gives, with metadata or without, the VTT and the Word file that people download, and what is beside."""

from __future__ import annotations

import io
import json
import re
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from xml.sax.saxutils import unescape

from ingest.records import Call, Failure, Participant, Reading
from ingest.sources import documents, file_names, names, organisation, renderings, spoken, transcripts, written
from ingest.sources.fields import Object, moment, obj, objects, seconds, text
from ingest.sources.format import Format, Look, Part
from ingest.sources.inputs import Input, NotJson, decode, json_failure, load_json
from ingest.sources.vtt import blocks

_GUID_CUE = re.compile(
    r"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}(?:/[\d-]+)?[^\S\n]*\n[^\S\n]*-?[\d:.]+ -->", re.I | re.M
)
_UNPADDED_VOICE = re.compile(r"^-?\d:\d{1,2}:\d{1,2}\.\d+ --> [^\n]*\n<v\b", re.M)
_METADATA = re.compile(r"-->[^\n]*\n\{[^{}]{0,400}\"speakerName\"")
_SPEAKER_LINE = re.compile(r"[^\n]{2,80}?(?: {2,}|\t)(?:\d{1,2}:)?\d{1,2}:\d{2}\s*\n")
_LOCAL = re.compile(r"(\d{1,2} [A-Z]\w+ 20\d{2}|[A-Z]\w+ \d{1,2}, 20\d{2}), (\d{1,2}:\d{2} ?[AaPp][Mm])")
_LENGTH = re.compile(r"(?:(\d{1,3})h ?)?(?:(\d{1,3})m ?)?(?:(\d{1,2})s)?$")
_NOT_WORDS = re.compile(r"^[^\n.?!]{1,60} (?:started|stopped) transcription$", re.M)
_SAME_START = timedelta(minutes=15)
_GUEST = re.compile(r"(.+)_([^_]+)#ext#@.+", re.I)
"""The name that a tenant gives to somebody else's address."""


@dataclass(frozen=True, slots=True)
class _Read:
    """One rendering, and what else it says."""

    call: Call
    titled: bool = False
    """It says itself what the meeting was called; otherwise its file's name had to do."""
    local: str = ""
    """When it began, in a zone it does not name."""
    named: datetime | None = None
    """When it began by its file's name, which says it of what people download."""
    times_lost: bool = False


def parse(inputs: Sequence[Input]) -> Reading:
    read: list[_Read] = []
    about: list[Object] = []
    meetings: list[Object] = []
    apart: list[Reading] = []
    failures: list[Failure] = []
    for item in inputs:
        if documents.kind_of(item.data) == "docx":
            rendering, document = _word(item)
            read += [rendering] if rendering else []
            apart += [] if rendering else [document]
            continue
        content = decode(item.data).lstrip("\ufeff \t\r\n")
        if content[:1] not in ("{", "["):
            vtt = _metadata(content, item.name) if _METADATA.search(content) else _vtt(content, item.name)
            if vtt.call.turns:
                read.append(vtt)
            else:
                failures.append(Failure(item.name, "no_text", "The transcript holds no words; download it again once it is finished."))
            continue
        try:
            page = load_json(content)
        except NotJson as error:
            failures.append(json_failure(item.name, error))
            continue
        about += _transcripts(page)
        meetings += _meetings(page)
    calls: list[Call] = []
    notices: list[Failure] = []
    by_file = {each.call.file: each for each in read}
    rendered = renderings.merged([each.call for each in read])
    for found in rendered:
        renditions = [by_file[call.file] for call in (found.call, *found.others)]
        call = _completed(found.call, renditions, about, meetings, alone=len(rendered) == 1)
        calls.append(call)
        notices += spoken.notices(call, call.file, times_lost=by_file[call.file].times_lost)
        notices += replace(found, call=call).notices()
        notices += _zone_notices(call, renditions)
    return Reading(
        interactions=(*calls, *(i for reading in apart for i in reading.interactions)),
        failures=(*failures, *(failure for reading in apart for failure in reading.failures)),
        notices=tuple(notices),
    )


def _completed(call: Call, renditions: Sequence[_Read], about: Sequence[Object], meetings: Sequence[Object], *, alone: bool) -> Call:
    """With the id, time and title that the other files give; a transcript's own entry is the only one there is, or that of its time."""
    known = call.occurred_at or next((_taken_as_ours(each.local) for each in renditions if each.local), None)
    named = next((each.named for each in renditions if each.named), None)
    listed = {text(entry.get("id")): entry for entry in about}
    entry = _of_time(list(listed.values()), "createdDateTime", known or named, alone=alone)
    meeting = next((m for m in meetings if text(m.get("id")) == text(entry.get("meetingId"))), None) or _of_time(
        meetings, "startDateTime", known or named, alone=alone
    )
    native = text(entry.get("id")) or call.external_id
    present = [*_present(meeting), *(person for person in call.participants if names.is_person(person.name))]
    by_name = {names.spelled(person.name): person for person in reversed(present)}
    known_as = {person: by_name[names.spelled(person.name)] for person in present}
    known_as |= _by_address(known_as)
    began, ended = moment(entry.get("createdDateTime")), moment(entry.get("endDateTime"))
    ids = {key: text(entry.get(key)) for key in ("meetingId", "callId") if text(entry.get(key))}
    return replace(
        call,
        external_id=native,
        title=text(meeting.get("subject")) or next((each.call.title for each in renditions if each.titled), call.title),
        # A server's clock before a file's name, whose zone is anybody's.
        occurred_at=began or known or moment(meeting.get("startDateTime")) or named,
        turns=tuple(
            replace(turn, native_id=f"{native}:{n}", speaker=turn.speaker and known_as.get(turn.speaker, turn.speaker))
            for n, turn in enumerate(call.turns)
        ),
        participants=tuple(dict.fromkeys(known_as[person] for person in present)),
        url=call.url or text(meeting.get("joinWebUrl")),
        meta={**call.meta, **ids},
        duration_s=seconds((ended - began).total_seconds()) if began and ended else call.duration_s,
    )


def _of_time(entries: Sequence[Object], key: str, at: datetime | None, *, alone: bool) -> Object:
    if alone and len(entries) == 1:
        return entries[0]
    return next((e for e in entries if at and (began := moment(e.get(key))) and abs(began - at) <= _SAME_START), {})


def _present(meeting: Object) -> list[Participant]:
    people = obj(meeting.get("participants"))
    found: list[Participant] = []
    for row in (obj(people.get("organizer")), *objects(people.get("attendees"))):
        name, email = (
            text(obj(obj(row.get("identity")).get("user")).get("displayName")),
            _GUEST.sub(r"\1@\2", text(row.get("upn"))).casefold(),
        )
        if (name or email) and names.is_person(name, email):
            found.append(Participant(names.bare(name) or email, email))
    return found


def _by_address(known_as: Mapping[Participant, Participant]) -> dict[Participant, Participant]:
    """Of an invitation an address is often all there is: who spoke, and is the only one whose name it spells, is whom it belongs to."""
    nameless = [person.email for person in known_as if person.name == person.email]
    spoke = {each: address for each in known_as if not each.email and (address := names.address_of(each.name, nameless))}
    sure = {address: each for each, address in spoke.items() if list(spoke.values()).count(address) == 1}
    named = {address: replace(each, email=address) for address, each in sure.items()}
    return {each: named[address] for each in known_as if (address := each.email or spoke.get(each, "")) in named}


def _zone_notices(call: Call, renditions: Sequence[_Read]) -> list[Failure]:
    local = next((each for each in renditions if each.local), None)
    if local is None or call.occurred_at != _taken_as_ours(local.local):
        return []
    detail = (
        f"{call.title!r} began at {local.local.replace('T', ' ')} in a zone the file does not name; it was taken as {organisation.zone()}."
    )
    return [Failure(local.call.file, "time_without_zone", detail)]


def _vtt(content: str, file: str) -> _Read:
    utterances = transcripts.heard(content)
    lost = any(u.starts_s is None or u.ends_s is None for u in utterances)
    call = transcripts.call_of("teams", file, utterances)
    return _Read(replace(call, occurred_at=None), times_lost=lost, named=call.occurred_at)


def _metadata(content: str, file: str) -> _Read:
    """Each cue is a JSON object with the time of day, so it alone says when the call began."""
    utterances: list[spoken.Utterance] = []
    began: datetime | None = None
    for block in blocks(content):
        try:
            said = obj(json.loads(block.raw))
        except ValueError:  # torn or no JSON at all: its words, if any, are in the string of `spokenText`
            cut = re.search(r'"spokenText": ?"((?:[^"\\]|\\.)*)', block.raw)
            said = {"spokenText": cut[1] if cut else block.raw}
        at = moment(said.get("startDateTime"))
        if began is None and at and block.starts_s is not None:
            began = at - timedelta(seconds=block.starts_s)
        words = " ".join(text(said.get("spokenText")).split())
        utterances.append(spoken.Utterance(text(said.get("speakerName")), words, block.starts_s, block.ends_s))
    call = transcripts.call_of("teams", file, utterances)
    lost = any(u.starts_s is None or u.ends_s is None for u in utterances)
    return _Read(replace(call, occurred_at=began and began.replace(microsecond=0)), times_lost=lost)


def _word(item: Input) -> tuple[_Read | None, Reading]:
    """The Word file that Teams makes; one that only looks like it stays a document."""
    reading = documents.read(item, "docx")
    content = "\n".join(turn.text for document in reading.interactions for turn in document.turns if turn.role == "said")
    script = written.read(_NOT_WORDS.sub("", content), written.ABOVE)
    heard = script.utterances
    if sum(bool(u.speaker and u.text) for u in heard) < 2:
        return None, reading
    head = "\n".join(script.before)
    when, length = _LOCAL.search(head), next((m for line in script.before if line and (m := _LENGTH.match(line)) and m.group()), None)
    call = transcripts.call_of("teams", item.name, heard, whole=True)
    named = call.occurred_at
    title = file_names.without_stamp(script.before[0]) if script.before else call.title
    lasted = sum(float(value or 0) * unit for value, unit in zip(length.groups(), (3600, 60, 1), strict=True)) if length else None
    call = replace(call, title=title, occurred_at=None, duration_s=lasted)
    return _Read(call, titled=bool(script.before), local=_local(when), named=named), reading


def _local(found: re.Match[str] | None) -> str:
    for form in ("%d %B %Y %I:%M%p", "%B %d, %Y %I:%M%p"):
        try:
            return datetime.strptime(f"{found[1]} {found[2].replace(' ', '')}", form).isoformat() if found else ""
        except ValueError:
            continue
    return ""


def _taken_as_ours(local: str) -> datetime | None:
    """In the organisation's zone, whose recording it most likely is."""
    return datetime.fromisoformat(local).replace(tzinfo=organisation.zone()) if local else None


def _transcripts(page: object) -> list[Object]:
    return [row for row in (*objects(obj(page).get("value")), obj(page)) if "transcriptContentUrl" in row or "contentCorrelationId" in row]


def _meetings(page: object) -> list[Object]:
    return [row for row in (*objects(obj(page).get("value")), obj(page)) if "joinWebUrl" in row and "participants" in row]


def _recognise(look: Look) -> Part | None:
    if look.data.startswith(b"PK\x03\x04"):
        return "main" if _looks_like_words_of_teams(look.data) else None
    if look.content.startswith("WEBVTT"):
        head = look.content[:60_000].replace("\r\n", "\n")
        return "main" if any(sign.search(head) for sign in (_GUID_CUE, _UNPADDED_VOICE, _METADATA)) else None
    return "beside" if look.page is not None and (_transcripts(look.page) or _meetings(look.page)) else None


def _looks_like_words_of_teams(data: bytes) -> bool:
    """Two paragraphs that begin with a name and a minute; only the document's first page is looked at, for every Word file is."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive, archive.open("word/document.xml") as part:
            head = part.read(60_000).decode("utf-8", "replace")
    except (zipfile.BadZipFile, KeyError, ValueError, OSError, EOFError, NotImplementedError, RuntimeError, zlib.error, OverflowError):
        return False
    paragraphs = (unescape(re.sub(r"<[^<>]*>", "", re.sub(r"<w:(?:br|cr)\b[^<>]*>", "\n", p))) for p in head.split("</w:p>"))
    return sum(_SPEAKER_LINE.match(paragraph) is not None for paragraph in paragraphs) >= 2


FORMAT = Format(
    "teams",
    _recognise,
    parse,
    together="folder",
    orphan="This tells of a Teams call without its words; put the transcript (.vtt or .docx) beside it.",
)
