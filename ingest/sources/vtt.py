"""Reads WebVTT cues as call tools write them: unpadded and negative times, GUID cue ids, `<v Name>` voices, `Name: text`."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass

from ingest.sources.fields import seconds

_TIMING = re.compile(r"\s*(?P<start>-?[\d:.,]+)\s*-->\s*(?P<end>-?[\d:.,]+)")
_VOICE = re.compile(r"<v(?:\.[^\s>]*)?\s+([^>]*)>")
_TAG = re.compile(r"</?[a-zA-Z][^>]*>|<\d[\d:.]*>")


@dataclass(frozen=True, slots=True)
class Cue:
    """One cue or one voice of it; `voice` only where the file marks it as one. A time that cannot be is None."""

    starts_s: float | None
    ends_s: float | None
    voice: str
    text: str


def cues(text: str) -> list[Cue]:
    found: list[Cue] = []
    for block in re.split(r"\n[ \t]*\n", text.replace("\r\n", "\n").replace("\r", "\n").lstrip("\ufeff")):
        lines = block.split("\n")
        at = next((i for i, line in enumerate(lines[:3]) if _TIMING.match(line)), None)
        timing = _TIMING.match(lines[at]) if at is not None else None
        if at is None or timing is None:
            continue
        starts, ends = _seconds(timing["start"]), _seconds(timing["end"])
        for voice, words in _voices(" ".join(lines[at + 1 :])):
            found.append(Cue(starts, ends if starts is None or ends is None else max(starts, ends), voice, words))
    return found


def _voices(raw: str) -> list[tuple[str, str]]:
    """The text of a cue by voice; entities unescaped after the tags are gone."""
    marks = list(_VOICE.finditer(raw))
    ends = [*(mark.start() for mark in marks[1:]), len(raw)]
    parts = [("", raw[: marks[0].start()] if marks else raw)]
    parts += [(_clean(mark.group(1)), raw[mark.end() : end]) for mark, end in zip(marks, ends, strict=False)]
    return [(voice, words) for voice, part in parts if (words := _clean(part))]


def _clean(text: str) -> str:
    return " ".join(html.unescape(_TAG.sub("", text)).split())


def _seconds(stamp: str) -> float | None:
    """`00:01:02.500`, `0:0:11.0`, `1:02.5`; a negative one, which Teams writes for what came before the start, is 0."""
    if stamp.startswith("-"):
        return 0.0
    found = 0.0
    for part in stamp.replace(",", ".").split(":"):
        try:
            found = found * 60 + float(part or 0)
        except ValueError:
            return None
    return seconds(found)
