"""Reads recordings without a transcript, where Baton was installed with `audio`: what was said, when, and how surely it was heard.

Words may be heard wrongly, so each is called "as transcribed" wherever it is shown. Who spoke is not known, unless a file beside the
recording says who was there and in which of its two channels (`present`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import replace
from pathlib import PurePosixPath

from ingest.records import Failure, Reading
from ingest.sources import present, speech, spoken, transcripts
from ingest.sources.format import Format, Look, Part
from ingest.sources.hearing import Heard, NotHeard, Recogniser
from ingest.sources.inputs import Input

MOST_BYTES = 500 * 1024 * 1024
ENDINGS = frozenset({".wav", ".mp3", ".m4a", ".mp4", ".ogg", ".opus", ".oga", ".flac", ".webm", ".mka", ".mkv", ".aac"})
AS_TRANSCRIBED = "as transcribed"
_BEGINNINGS = (b"ID3", b"OggS", b"fLaC", b"\x1aE\xdf\xa3")
_MPEG = re.compile(rb"\xff[\xe2-\xe7\xf2-\xf7\xfa-\xff][\x10-\xef]", re.S)
_ADTS = re.compile(rb"\xff[\xf0\xf1\xf8\xf9]", re.S)

_NOBODY = present.Present()
_MODEL: ContextVar[str] = ContextVar("speech model", default="")


@contextmanager
def heard_by(model: str) -> Iterator[None]:
    """What is read inside is heard by the model in this folder, as the settings name it."""
    token = _MODEL.set(model)
    try:
        yield
    finally:
        _MODEL.reset(token)


def parse(inputs: Sequence[Input]) -> Reading:
    """One recording, and who was in it where a file beside it says so."""
    told = [present.read(item) for item in inputs if item.name.lower().endswith(present.ENDING)]
    people = told[0] if told else present.Present()
    recognise = speech.recognise_apart if people.voices else speech.recognise
    sound = [item for item in inputs if not item.name.lower().endswith(present.ENDING)]
    readings = [read(item, recognise, _MODEL.get(), people) for item in sound]
    return Reading(
        interactions=tuple(call for reading in readings for call in reading.interactions),
        failures=tuple(failure for reading in readings for failure in reading.failures),
        notices=tuple(notice for reading in readings for notice in reading.notices),
    )


def read(item: Input, recognise: Recogniser, model: str = "", people: present.Present = _NOBODY) -> Reading:
    try:
        heard = recognise(item.data, model)
    except NotHeard as problem:
        return Reading(failures=(Failure(item.name, problem.reason, problem.detail),))
    voices = {channel: person.name for channel, person in people.voices.items()}
    utterances = [spoken.Utterance(voices.get(s.channel, ""), s.text, s.starts_s, s.ends_s, s.confidence) for s in heard.segments if s.text]
    if not utterances:
        return Reading(failures=(Failure(item.name, "no_text", "No words were heard in the recording."),))
    call = transcripts.call_of("recording", item.name, utterances)
    known = {person.name: person for person in people.people}
    call = replace(
        call,
        title=f"{call.title} ({AS_TRANSCRIBED})",
        occurred_at=call.occurred_at or heard.recorded_at,
        duration_s=heard.duration_s or call.duration_s,
        turns=tuple(replace(turn, speaker=known.get(turn.speaker.name, turn.speaker) if turn.speaker else None) for turn in call.turns),
        participants=people.people,
        meta={**call.meta, "transcribed_by": heard.model, "language": heard.language},
    )
    detail = f"{call.title!r} was transcribed here by {heard.model}: words may be heard wrongly, and {_whose(heard, people)}."
    return Reading(interactions=(call,), notices=(Failure(item.name, "transcribed", detail),))


def _whose(heard: Heard, people: present.Present) -> str:
    if heard.apart:
        return "who said them is known by the channel"
    if people.voices:
        return "who said them is not known, for both channels hold the same sound or are too long to be listened to apart"
    return "who said them is not known"


def is_ready(model: str) -> bool:
    """Whether a recording would be heard now, by the model in this folder or the one that is packaged."""
    return speech.installed() and speech.has_model(model)


def is_recording(name: str) -> bool:
    return PurePosixPath(name.lower()).suffix in ENDINGS


def _recognise(look: Look) -> Part | None:
    """MPEG audio begins with eleven set bits, which other files may as well: there the name has to say so, too."""
    if look.name.lower().endswith(present.ENDING) and look.is_text:
        return "beside"
    data = look.data[:64]
    wave = data[:4] == b"RIFF" and data[8:12] == b"WAVE"
    if wave or data[4:8] == b"ftyp" or data.startswith(_BEGINNINGS):
        return "main"
    return "main" if is_recording(look.name) and (_MPEG.match(data) or _ADTS.match(data)) else None


FORMAT = Format(
    "recording",
    _recognise,
    parse,
    together="namesake",
    isolated=True,
    most_bytes=MOST_BYTES,
    orphan="This says who was in a recording that is not beside it: its name is the recording's, with .people.txt in place of the ending.",
)
