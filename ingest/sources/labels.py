"""Tells who speaks in `Name: words` from words that merely hold a colon."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from ingest.records import Participant
from ingest.sources import names
from ingest.sources.spoken import Utterance

_LABEL = re.compile(r"(?P<name>[^:\n]{1,60}): +(?P<text>\S.*)$", re.S)
_NAME_LIKE = re.compile(
    r"(?:[^\W\d_a-zß-öø-ÿ][\w'’.-]*)(?: (?:[^\W\d_a-zß-öø-ÿ][\w'’.-]*|van|von|de|der|den|da|del|di|la|le|bin|al)){0,4}(?: \([^)]*\))?$"
)
_NO_NAMES = frozenset({
    "note", "notes", "ps", "q", "a", "question", "answer", "example", "warning", "update", "edit", "summary", "agenda", "action", "todo",
    "hint", "tip", "no", "yes", "so", "and", "but", "well", "name", "title", "date", "time", "when", "where", "who", "what", "why", "how",
    "from", "to", "cc", "bcc", "subject", "sent", "reply-to", "email", "e-mail", "mail", "phone", "mobile", "tel", "fax", "address", "web",
    "website", "url", "link", "company", "account", "contact", "owner", "role", "status", "stage", "deal", "amount", "price", "total",
    "term", "seats", "start", "end", "duration", "location", "place", "attendees", "participants", "present", "signature", "signed", "by",
    "description", "details", "type", "priority", "risk", "risks", "next", "goal", "goals", "budget", "decision", "important", "version",
})  # fmt: skip
"""What stands before a colon in notes, forms and the heads of mails."""


class Label(NamedTuple):
    speaker: str
    words: str


def labelled(pieces: Sequence[Utterance], present: Sequence[Participant] = ()) -> list[Utterance]:
    """The same pieces with their speaker: as marked, else by the label before the words, else whoever spoke last."""
    speakers = speakers_of((piece.text for piece in pieces if not piece.speaker), present)
    found: list[Utterance] = []
    speaker = ""
    for piece in pieces:
        label = None if piece.speaker else label_of(piece.text, speakers)
        speaker = piece.speaker or (label.speaker if label else speaker)
        same = not label and speaker == piece.speaker
        found.append(piece if same else replace(piece, speaker=speaker, text=label.words if label else piece.text))
    return found


def label_of(text: str, speakers: Collection[str]) -> Label | None:
    found = _LABEL.match(text)
    name = found["name"].strip() if found else ""
    return Label(name, found["text"]) if found and name in speakers else None


def speakers_of(texts: Iterable[str], present: Sequence[Participant] = ()) -> frozenset[str]:
    """The labels that are speakers: somebody present, or what looks like a name; a single word ("Note") must come back to be believed."""
    counted = Counter(_names(texts))
    known = {spelled for person in present if (spelled := names.spelled(person.name))}
    return frozenset(name for name, times in counted.items() if names.spelled(name) in known or looks_like_a_name(name, times))


def looks_like_a_name(name: str, times: int) -> bool:
    if names.is_nobody(name):
        return True
    if not _NAME_LIKE.match(name) or set(name.casefold().split()) <= _NO_NAMES:
        return False
    return " " in name or times >= 2


def _names(texts: Iterable[str]) -> Iterator[str]:
    for text in texts:
        if match := _LABEL.match(text):
            yield match["name"].strip()
