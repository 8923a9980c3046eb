"""Reads a Zoom recording: the transcript's cues, and title, time, host and participants from the JSON beside it. A VTT alone works too."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import PurePosixPath

from ingest.records import Call, Failure, Participant, Reading
from ingest.sources import names, spoken
from ingest.sources.fields import Object, moment, obj, objects, seconds, text
from ingest.sources.format import Format, Look, Part
from ingest.sources.inputs import Input, NotJson, decode, json_failure, load_json
from ingest.sources.vtt import Cue, cues

_STAMP = re.compile(r"(?:GMT)?(20\d{2})-?(\d{2})-?(\d{2})[-_ T]?(\d{2})[.:-]?(\d{2})[.:-]?(\d{2})")
_LABEL = re.compile(r"(?P<name>[^:]{1,60}): (?P<text>\S.*)$", re.S)
_NAME_LIKE = re.compile(
    r"(?:[A-ZÀ-ÞĀ-Ž][\w'’.-]*)(?: (?:[A-ZÀ-ÞĀ-Ž][\w'’.-]*|van|von|de|der|den|da|del|di|la|le|bin|al)){0,4}(?: \([^)]*\))?$"
)
_NOT_A_NAME = frozenset({
    "note", "notes", "ps", "question", "answer", "example", "warning", "update", "edit", "summary", "agenda", "action", "todo",
    "hint", "tip", "no", "yes", "so", "and", "but", "well",
})  # fmt: skip
_SAME_START = timedelta(minutes=15)


def parse(inputs: Sequence[Input]) -> Reading:
    recordings: list[tuple[Object, str]] = []
    attendance: list[Object] = []
    scripts: list[tuple[Input, list[Cue]]] = []
    failures: list[Failure] = []
    for item in inputs:
        content = decode(item.data)
        if content.lstrip().startswith("WEBVTT"):
            scripts.append((item, cues(content)))
            continue
        try:
            page = obj(load_json(content))
        except NotJson as error:
            failures.append(json_failure(item.name, error))
            continue
        meeting = obj(obj(page.get("payload")).get("object")) or page
        recordings += [(found, item.name) for found in [*objects(page.get("meetings")), meeting] if "recording_files" in found]
        attendance += objects(page.get("participants"))
    calls: list[Call] = []
    notices: list[Failure] = []
    for item, found in scripts:
        if not found:
            failures.append(
                Failure(item.name, "no_text", "The transcript holds no cues; download it again once Zoom has finished processing.")
            )
            continue
        recording = _recording_of(item.name, [about for about, _ in recordings])
        calls.append(_call(item.name, found, recording, attendance))
        times_lost = any(cue.starts_s is None or cue.ends_s is None for cue in found)
        notices += spoken.notices(calls[-1], item.name, times_lost=times_lost)
    if not scripts:
        calls += [_call(name, [], about, attendance) for about, name in recordings]
    return Reading(interactions=tuple(calls), failures=tuple(failures), notices=tuple(notices))


def _recording_of(name: str, recordings: list[Object]) -> Object:
    """The recording that began when the file's name says; the only one there is for a name that says nothing."""
    at = _stamped(name)
    if at is None:
        return recordings[0] if len(recordings) == 1 else {}
    return next((r for r in recordings if (began := moment(r.get("start_time"))) and abs(began - at) <= _SAME_START), {})


def _call(file: str, found: list[Cue], recording: Object, attendance: list[Object]) -> Call:
    voices = any(cue.voice for cue in found)
    native = text(recording.get("uuid")) or text(recording.get("id")) or _content_id(found)
    people = _people(recording, attendance)
    utterances = _utterances(found, [person.name for person in people])
    by_name = {
        name: names.find(name, people) or Participant(names.bare(name)) for name in dict.fromkeys(u.speaker for u in utterances) if name
    }
    title = text(recording.get("topic")) or _title(file)
    return Call(
        source="teams" if voices and not recording else "zoom",
        external_id=native,
        title=title,
        occurred_at=moment(recording.get("start_time")) or _stamped(file),
        turns=spoken.turns(utterances, by_name, native),
        participants=tuple(dict.fromkeys([*people, *by_name.values()])),
        url=text(recording.get("share_url")),
        aliases=tuple(filter(None, [text(recording.get("id"))])),
        file=file,
        duration_s=seconds(recording.get("duration"), 60) or (found[-1].ends_s if found else None),
    )


def _people(recording: Object, attendance: list[Object]) -> list[Participant]:
    """Those present; the host's side is the seller's, for it is our Zoom."""
    host = text(recording.get("host_email")).casefold()
    people: dict[str, Participant] = {}
    for row in attendance:
        name, email = names.bare(text(row.get("name"))), text(row.get("user_email")).casefold()
        if name or email:
            known = people.get(name.casefold())
            people[name.casefold()] = Participant(
                name or email, email or (known.email if known else ""), side="seller" if email and email == host else "unknown"
            )
    if host and host not in {person.email for person in people.values()}:
        people[host] = Participant(host, host, side="seller")
    return list(people.values())


def _utterances(found: list[Cue], present: list[str]) -> list[spoken.Utterance]:
    """Cues with their speaker: a voice tag, a label before the words, else whoever spoke last."""
    labels = Counter(match["name"].strip() for cue in found if (match := _LABEL.match(cue.text)))
    utterances: list[spoken.Utterance] = []
    speaker = ""
    for cue in found:
        words = cue.text
        label = None if cue.voice else _LABEL.match(words)
        if cue.voice:
            speaker = cue.voice
        elif label and _is_speaker(label["name"].strip(), labels, present):
            speaker, words = label["name"].strip(), label["text"]
        utterances.append(spoken.Utterance(speaker, words, cue.starts_s, cue.ends_s))
    return utterances


def _is_speaker(name: str, labels: Counter[str], present: list[str]) -> bool:
    """Somebody present, or a label that looks like a name; a single word ("Note") must come back to be believed."""
    if any(names.same_name(names.bare(name), other) for other in present):
        return True
    if not _NAME_LIKE.match(name) or name.casefold() in _NOT_A_NAME:
        return False
    return " " in name or labels[name] >= 2


def _stamped(name: str) -> datetime | None:
    """The time in names such as GMT20260514-150000_Recording.transcript.vtt, or in the recording's folder."""
    for part in reversed(PurePosixPath(name).parts[-2:]):
        found = _STAMP.search(part)
        if found:
            try:
                return datetime(*(int(piece) for piece in found.groups()), tzinfo=UTC)  # type: ignore[misc, arg-type]  # mypy cannot count the groups
            except ValueError:
                continue
    return None


def _title(name: str) -> str:
    path = PurePosixPath(name)
    stem = re.sub(r"(?:\.transcript)?\.[^.]+$", "", path.name)
    return stem if re.sub(r"^(?:GMT)?[\d-]+(?:_Recording)?", "", stem) or not path.parent.name else path.parent.name


def _content_id(found: list[Cue]) -> str:
    """A transcript nobody has numbered is named after its words."""
    return hashlib.sha256("\n".join(cue.text for cue in found).encode("utf-8", "replace")).hexdigest()[:32]


def _recognise(look: Look) -> Part | None:
    if look.content.startswith("WEBVTT"):
        return "main"
    top = look.top
    meeting = obj(obj(top.get("payload")).get("object")) or top
    listed = "recording_files" in meeting or any("recording_files" in m for m in objects(top.get("meetings")))
    return "beside" if listed or ("participants" in top and "page_size" in top) else None


FORMAT = Format("zoom", _recognise, parse, together="beside")
