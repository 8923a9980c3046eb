"""Reads Google Meet: the API's conference record, participants, transcripts and entries, and the transcript's Doc exported as text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from ingest.records import Call, Failure, Participant, Reading, Turn
from ingest.sources import labels, names, organisation, renderings, spoken
from ingest.sources.fields import Object, clock, moment, obj, objects, seconds, text
from ingest.sources.format import Format, Look, Part
from ingest.sources.inputs import Input, NotJson, decode, json_failure, load_json

_RECORD = re.compile(r"conferenceRecords/[^/\s]+")
_HEADLINE = re.compile(r"(?P<title>.{1,300}?) [-–—] Transcript$")
_STAMP = re.compile(r"(?:\d{1,2}:)?\d{1,2}:\d{2}$")
_ENDED = re.compile(r"(?:Transcription|Meeting) ended after ((?:\d{1,2}:)?\d{1,2}:\d{2})")
_DAY = re.compile(r"[A-Z][a-z]{2} \d{1,2}, \d{4}$")


@dataclass
class _Conference:
    """What the files of a folder say about one conference."""

    record: Object = field(default_factory=dict)
    people: dict[str, Participant] = field(default_factory=dict)
    """By their resource name; everybody present, whether they spoke or not."""
    transcripts: list[Object] = field(default_factory=list)
    entries: dict[str, Object] = field(default_factory=dict)
    """By their resource name, so that one given twice counts once."""
    file: str = ""


def parse(inputs: Sequence[Input]) -> Reading:
    conferences: dict[str, _Conference] = {}
    docs: list[Call] = []
    failures: list[Failure] = []
    notices: list[Failure] = []
    for item in inputs:
        content = decode(item.data).lstrip("\ufeff \t\r\n")
        if content[:1] not in ("{", "["):
            doc = _doc(content, item.name)
            if any(turn.role == "said" for turn in doc.turns):
                docs.append(doc)
            else:
                failures.append(Failure(item.name, "no_text", "The transcript holds no words of anybody; export the document again."))
            continue
        try:
            _collect(load_json(content), item.name, conferences)
        except NotJson as error:
            failures.append(json_failure(item.name, error))
    calls: list[Call] = []
    for native, conference in conferences.items():
        if conference.entries:
            calls.append(_call(native, conference))
            notices += spoken.notices(calls[-1], conference.file, times_lost=_has_impossible_times(conference))
    if not calls and len(conferences) == 1 and len(docs) == 1:  # a month later the entries are gone, and the document is left
        native, conference = next(iter(conferences.items()))
        docs = [_dated(docs[0], native, conference)]
    found = [_titled(each) for each in renderings.merged([*calls, *docs])]
    for each in found:
        if _is_doc(each.call):
            notices += spoken.notices(each.call, each.call.file, times_lost=False)
        notices += each.notices()
    return Reading(interactions=tuple(each.call for each in found), failures=tuple(failures), notices=tuple(notices))


def _titled(found: renderings.Rendered) -> renderings.Rendered:
    """The API does not know what a meeting was called; its document does."""
    title = next((other.title for other in found.others if _is_doc(other)), "")
    return replace(found, call=replace(found.call, title=title)) if title and not _is_doc(found.call) else found


def _is_doc(call: Call) -> bool:
    return call.meta.get("t_precision") == "section"


def _collect(page: object, file: str, conferences: dict[str, _Conference]) -> None:
    top = obj(page)
    kinds = ("conferenceRecords", "participants", "transcripts", "transcriptEntries")
    for row in [*objects(page), *(row for kind in kinds for row in objects(top.get(kind))), top]:
        name = text(row.get("name"))
        if not (found := _RECORD.match(name)):
            continue
        conference = conferences.setdefault(found.group(), _Conference())
        if "/entries/" in name:
            conference.entries.setdefault(name, row)
            conference.file = conference.file or file
        elif "/transcripts/" in name:
            conference.transcripts.append(row)
        elif "/participants/" in name:
            user = next((obj(row[kind]) for kind in ("signedinUser", "anonymousUser", "phoneUser") if kind in row), {})
            shown = text(user.get("displayName"))
            if shown and names.is_person(shown):
                conference.people[name] = Participant(names.bare(shown))
        else:
            conference.record = row


def _began(conference: _Conference) -> datetime | None:
    """Entries have times of day; those of the call count from when its transcription began."""
    stamps = [moment(script.get("startTime")) for script in conference.transcripts] or [moment(conference.record.get("startTime"))]
    spoken_at = [moment(entry.get("startTime")) for entry in conference.entries.values()]
    return min(filter(None, stamps), default=None) or min(filter(None, spoken_at), default=None)


def _call(native: str, conference: _Conference) -> Call:
    began = _began(conference)
    utterances = [
        spoken.Utterance(
            text(entry.get("participant")),
            text(entry.get("text")),
            _since(began, entry.get("startTime")),
            _since(began, entry.get("endTime")),
        )
        for entry in conference.entries.values()
    ]
    if all(u.starts_s is not None for u in utterances):  # pages come in the order of their files' names
        utterances.sort(key=lambda u: u.starts_s or 0)
    ended = moment(conference.record.get("endTime"))
    return Call(
        source="google_meet",
        external_id=native,
        title=f"Google Meet {began:%d %b %Y}" if began else "Google Meet",
        occurred_at=began,
        turns=spoken.turns(utterances, conference.people, native),
        participants=tuple(dict.fromkeys(conference.people.values())),
        url=_document(conference),
        meta={"space": text(conference.record.get("space"))} if text(conference.record.get("space")) else {},
        file=conference.file,
        duration_s=seconds((ended - began).total_seconds()) if began and ended else None,
    )


def _document(conference: _Conference) -> str:
    destinations = [obj(script.get("docsDestination")) for script in conference.transcripts]
    return next((url for destination in destinations if (url := text(destination.get("exportUri")))), "")


def _since(began: datetime | None, value: object) -> float | None:
    at = moment(value)
    return seconds((at - began).total_seconds()) if at and began else None


def _has_impossible_times(conference: _Conference) -> bool:
    began = _began(conference)
    return any(_since(began, entry.get(key)) is None for entry in conference.entries.values() for key in ("startTime", "endTime"))


def _dated(doc: Call, native: str, conference: _Conference) -> Call:
    return replace(
        doc,
        external_id=native,
        occurred_at=_began(conference) or doc.occurred_at,
        turns=tuple(replace(turn, native_id=f"{native}:{n}") for n, turn in enumerate(doc.turns)),
        url=_document(conference),
    )


def _doc(content: str, file: str) -> Call:
    """Date, title, attendees, then words below a stamp about every minute: a turn's time is known to lie in its section, no better."""
    lines = [line.strip("\ufeff \t\r\xa0") for line in content.split("\n")]
    start = next((at for at, line in enumerate(lines) if _HEADLINE.match(line)), 0)
    headline = _HEADLINE.match(lines[start])
    above, below = lines[:start], lines[start + 1 :]
    attendees, body = _attendees(below)
    utterances = _turns_of(_sections(body), attendees)
    native = spoken.content_id(utterances)
    voices = spoken.voices(utterances, attendees)
    ended = next((clock(found[1]) for line in body if (found := _ENDED.match(line))), None)
    notes = "\n".join(line for line in above if line and not _DAY.match(line))
    return Call(
        source="google_meet",
        external_id=native,
        title=headline["title"] if headline else "Google Meet",
        occurred_at=_day(next((line for line in lines[: start + 1] if _DAY.match(line)), "")),
        turns=(
            *spoken.whole_turns(utterances, voices, native),
            *([Turn(notes, role="derived", heading="Notes by Gemini")] if notes else []),
        ),
        participants=tuple(dict.fromkeys([*attendees, *voices.values()])),
        meta={"t_precision": "section"},
        file=file,
        duration_s=ended,
    )


def _attendees(lines: list[str]) -> tuple[list[Participant], list[str]]:
    """Those listed below `Attendees`, without notetakers and shared screens, and what follows the list."""
    if "Attendees" not in lines[:5]:
        return [], lines
    at = lines.index("Attendees") + 1
    end = next((n for n in range(at, len(lines)) if lines[n] == "Transcript" or _STAMP.match(lines[n])), at + 1)
    listed = [name.strip() for line in lines[at:end] for name in line.split(",")]
    return [Participant(names.bare(name)) for name in dict.fromkeys(listed) if name and names.is_person(name)], lines[end:]


def _sections(lines: Sequence[str]) -> list[tuple[float | None, float | None, str]]:
    """Each line of words with the bounds of its section."""
    found: list[tuple[float | None, str]] = []
    bounds: dict[float | None, float | None] = {}
    at: float | None = None
    for line in lines:
        if ended := _ENDED.match(line):
            bounds[at] = clock(ended[1])
            break
        if _STAMP.match(line):
            bounds[at], at = clock(line), clock(line)
        elif line and line != "Transcript":
            found.append((at, line))
    return [(starts, bounds.get(starts) if starts is not None else None, line) for starts, line in found]


def _turns_of(lines: Sequence[tuple[float | None, float | None, str]], attendees: Sequence[Participant]) -> list[spoken.Utterance]:
    """A label begins a turn; a line without one goes on with the words above it."""
    speakers = labels.speakers_of((line for _, _, line in lines), attendees)
    found: list[tuple[str, list[str], float | None, float | None]] = []
    for starts, ends, line in lines:
        label = labels.label_of(line, speakers)
        if label or not found:
            found.append((label.speaker if label else "", [label.words if label else line], starts, ends))
        else:
            found[-1][1].append(line)
    return [spoken.Utterance(speaker, " ".join(words), starts, ends) for speaker, words, starts, ends in found]


def _day(line: str) -> datetime | None:
    try:
        return datetime.strptime(line, "%b %d, %Y").replace(tzinfo=organisation.zone())
    except ValueError:
        return None


def _recognise(look: Look) -> Part | None:
    if look.page is not None:
        found: dict[str, _Conference] = {}
        _collect(look.page, "", found)
        return ("main" if any(each.entries for each in found.values()) else "beside") if found else None
    lines = [line.strip("\ufeff \t\r\xa0") for line in look.content[:60_000].split("\n")]
    headline = next((at for at, line in enumerate(lines) if _HEADLINE.match(line)), None)
    return "main" if headline is not None and {"Attendees", "Transcript"} & set(lines[headline + 1 : headline + 6]) else None


FORMAT = Format(
    "google_meet",
    _recognise,
    parse,
    together="folder",
    orphan="This tells of a Google Meet call without its words; put the transcript's entries or the exported document beside it.",
)
