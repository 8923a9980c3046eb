"""Reads transcripts written out as text: a line says who spoke and when, the words stand behind it or below."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise

from ingest.sources import labels, names
from ingest.sources.fields import clock
from ingest.sources.spoken import Utterance

_TIME = r"(?P<time>(?:\d{1,2}:)?\d{1,2}:\d{2}(?:[.,]\d{1,3})?)"
_NAME = r"(?P<name>[^\s:\[(<{|#*>][^:\n\[({|]{0,60}?(?: \([^()\n]{1,80}\))?)"
ABOVE = re.compile(rf"(?:{_NAME}(?:[^\S\n]{{2,}}|\t))?{_TIME}\s*$")
"""`Priya Raman  1:02`, as Otter and Teams write it; sometimes the time alone."""
DASHED = re.compile(rf"{_TIME} - {_NAME}\s*$")
"""`1:02 - Priya Raman (Ferrule)`, as Fathom writes it."""
_TIME_FIRST = re.compile(rf"[\[(]?{_TIME}[\])]?[^\S\n]+(?:-[^\S\n]+)?{_NAME}:[^\S\n]+(?P<text>\S.*)$")
_NAME_FIRST = re.compile(rf"{_NAME}[^\S\n]*[\[(]{_TIME}[\])]:?[^\S\n]*(?P<text>.*)$")
_UNTIMED = re.compile(rf"{_NAME}:[^\S\n]+(?P<text>\S.*)$")
_TIMED = (DASHED, _TIME_FIRST, _NAME_FIRST, ABOVE)

_SENTENCE = re.compile(r"[.?!…。？！][\"'”’)]*$")
_LOOKED_AT = 60_000
"""Characters that decide whether a text is a transcript; it shows on its first page or not at all."""


@dataclass(frozen=True, slots=True)
class Script:
    """What a text says; `before` are the lines above the first speaker."""

    before: tuple[str, ...]
    utterances: tuple[Utterance, ...]


def form_of(text: str) -> re.Pattern[str] | None:
    """How a text names its speakers if it clearly is a transcript, else None: prose with colons is none, nor is a filled-in form."""
    lines = [line.strip("\ufeff \t\r") for line in text[:_LOOKED_AT].split("\n")]
    lines = [line for line in lines if line]
    return next((form for form in _TIMED if _is_conversation(form, lines)), _UNTIMED if _is_dialogue(lines) else None)


def read(text: str, form: re.Pattern[str]) -> Script:
    """The words of each speaker in order; lines without a speaker go on with what was being said."""
    before: list[str] = []
    found: list[tuple[str, float | None, list[str]]] = []
    speakers = _speakers(form, text.split("\n"))
    for line in (raw.strip("\ufeff \t\r\xa0") for raw in text.split("\n")):
        heard = form.match(line)
        if heard and (heard["name"] is None or heard["name"].strip() in speakers):
            words = heard.groupdict().get("text") or ""
            found.append(((heard["name"] or "").strip(), clock(heard.groupdict().get("time")) if form is not _UNTIMED else None, [words]))
        elif found:
            found[-1][2].append(line)
        elif line:
            before.append(line)
    return Script(tuple(before), tuple(Utterance(name, " ".join(filter(None, words)), at) for name, at, words in found))


def _speakers(form: re.Pattern[str], lines: list[str]) -> frozenset[str]:
    """The labels that are believed. Beside a time any will do; without one it must look like a name."""
    counted = Counter(found["name"].strip() for line in lines if (found := form.match(line.strip("\ufeff \t\r\xa0"))) and found["name"])
    if form is not _UNTIMED:
        return frozenset(counted)
    return frozenset(name for name, times in counted.items() if labels.looks_like_a_name(name, times))


def _is_conversation(form: re.Pattern[str], lines: list[str]) -> bool:
    """Somebody who speaks again, words at every label, times that run on."""
    heard = [(at, found) for at, line in enumerate(lines) if (found := form.match(line))]
    who = Counter(found["name"].strip() for _, found in heard if found["name"])
    if len(heard) < 3 or max(who.values(), default=0) < 2:
        return False
    if not all(labels.looks_like_a_name(names.bare(name), 2) for name in who):
        return False
    times = [clock(found["time"]) or 0 for _, found in heard]
    running = sum(now >= before for before, now in pairwise(times))
    places = {at for at, _ in heard}
    speaking = sum(bool(found.groupdict().get("text")) or (at + 1 < len(lines) and at + 1 not in places) for at, found in heard)
    return running >= 0.8 * (len(times) - 1) and speaking >= 0.8 * len(heard)


def _is_dialogue(lines: list[str]) -> bool:
    """Most lines are labelled, two names or more come back, and what they say are sentences."""
    heard = [found for line in lines if (found := _UNTIMED.match(line))]
    who = Counter(found["name"].strip() for found in heard)
    speakers = {name for name, times in who.items() if labels.looks_like_a_name(name, times)}
    said = [found["text"] for found in heard if found["name"].strip() in speakers]
    if len(said) < 4 or len(said) < 0.5 * len(lines) or len([name for name in speakers if who[name] >= 2]) < 2:
        return False
    sentences = [text for text in said if _SENTENCE.search(text) or text.count(" ") >= 5]
    return len(sentences) >= 0.6 * len(said)
