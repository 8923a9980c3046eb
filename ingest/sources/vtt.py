"""Reads the cues of WebVTT and SRT as call tools write them: unpadded and negative times, GUID cue ids, voices, no blank lines between."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from ingest.sources.fields import clock

# webvtt-py 0.6 and srt 3.5 were tried on the same files: they drop cues with negative or comma times, give two voices in a cue to the
# first, leave entities, and raise where a header or a number is missing; webvtt-py needs several times as long.

_TIMING = re.compile(r"^[^\S\n]*(-?[\d:.,]+)[^\S\n]*-->[^\S\n]*(-?[\d:.,]+)[^\n]*$", re.M)
_IDENTIFIER = re.compile(r"\d+|[0-9a-f]{8}-[0-9a-f-]{27}(?:/[\d-]+)?", re.I)
_COMMENT = re.compile(r"(?:NOTE|STYLE|REGION)(?:\s|$)")
_CONFIDENCE = re.compile(r"NOTE confidence:? *([01](?:\.\d{1,20})?)", re.I)
_VOICE = re.compile(r"<v(?:\.[^\s<>]{0,100})?\s+([^<>]{0,200})>")
_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,200}>|<\d[\d:.]{0,20}>")


class Block(NamedTuple):
    """What a file says between two moments, before anything is made of it."""

    starts_s: float | None
    ends_s: float | None
    raw: str
    confidence: float | None = None
    """The recogniser's own, 0 to 1, which stands in a comment before the cue."""


@dataclass(frozen=True, slots=True)
class Cue:
    """One cue or one voice of it; `voice` only where the file marks it as one. A time that cannot be is None."""

    starts_s: float | None
    ends_s: float | None
    voice: str
    text: str
    confidence: float | None = None


def cues(text: str) -> list[Cue]:
    return [
        Cue(block.starts_s, block.ends_s, voice, words, block.confidence) for block in blocks(text) for voice, words in _voices(block.raw)
    ]


def blocks(text: str) -> Iterator[Block]:
    """The cues as they stand; the lines from one timing to the next, for not every tool leaves a blank line only where a cue ends."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").lstrip("\ufeff")
    timing = _TIMING.search(text)
    sure = _confidence(text[: timing.start()].split("\n")) if timing else None
    while timing:
        following = _TIMING.search(text, timing.end())
        starts, ends = _seconds(timing[1]), _seconds(timing[2])
        lines = text[timing.end() + 1 : following.start() - 1 if following else len(text)].split("\n")
        if following and _is_identifier(lines):
            lines.pop()
        yield Block(starts, ends if starts is None or ends is None else max(starts, ends), _words(lines), sure)
        sure = _confidence(lines)
        timing = following


def _is_identifier(lines: list[str]) -> bool:
    """The line before a timing names the cue if it stands alone or looks like a name for one."""
    stands_alone = len(lines) > 1 and not lines[-2].strip()
    return bool(lines[-1].strip()) and (stands_alone or _IDENTIFIER.fullmatch(lines[-1].strip()) is not None)


def _words(lines: list[str]) -> str:
    """All lines but comments, which stand below a blank line."""
    kept: list[str] = []
    comment = blank = False
    for line in lines:
        if not line.strip():
            comment, blank = False, True
            continue
        comment = comment or (blank and _COMMENT.match(line) is not None)
        if not comment:
            kept.append(line)
        blank = False
    return " ".join(kept)


def _confidence(lines: list[str]) -> float | None:
    """Of the cue that follows: `NOTE Confidence: 0.91`, as Microsoft writes it before each."""
    found = [match[1] for line in lines if (match := _CONFIDENCE.fullmatch(line.strip()))]
    return float(found[-1]) if found and float(found[-1]) <= 1 else None


def _voices(raw: str) -> list[tuple[str, str]]:
    """The text of a cue by voice; entities unescaped after the tags are gone."""
    if "<v" not in raw:
        return [("", words)] if (words := _clean(raw)) else []
    marks = list(_VOICE.finditer(raw))
    ends = [*(mark.start() for mark in marks[1:]), len(raw)]
    parts = [("", raw[: marks[0].start()] if marks else raw)]
    parts += [(_clean(mark.group(1)), raw[mark.end() : end]) for mark, end in zip(marks, ends, strict=False)]
    return [(voice, words) for voice, part in parts if (words := _clean(part))]


def _clean(text: str) -> str:
    return " ".join((html.unescape(_TAG.sub("", text)) if "<" in text or "&" in text else text).split())


def _seconds(stamp: str) -> float | None:
    """A negative time, which Teams writes for what came before the start, is 0."""
    return 0.0 if stamp.startswith("-") else clock(stamp)
