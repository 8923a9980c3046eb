"""What of a brief a person can keep, reword or take out: its lines, each with an id that stays when the brief is composed anew."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

Section = Literal["why", "goals", "promises", "risks", "people", "requirements", "commercials", "timeline", "decision"]
SECTIONS: tuple[Section, ...] = (
    "why", "goals", "promises", "risks", "people", "requirements", "commercials", "timeline", "decision",
)  # fmt: skip
_WORDS: Mapping[str, str] = {"people": "name", "commercials": "value"}
"""The field of a line that is read; `text` where nothing else is said."""
REWORDED = frozenset(SECTIONS) - {"people"}
"""Sections whose lines are sentences; a person's row is kept or taken out."""
QUOTED = tuple(section for section in SECTIONS if section not in _WORDS)
"""Sections whose lines are words of somebody, which may lean on those before them."""


@dataclass(frozen=True, slots=True)
class Line:
    id: str
    section: Section
    text: str
    citations: tuple[str, ...]


def lines(body: Mapping[str, Any]) -> Iterator[Line]:
    """Every line once; the story is told from them and has none of its own."""
    seen: set[str] = set()
    for section in SECTIONS:
        for item in body[section]:
            id = line_id(section, item)
            if id not in seen:
                seen.add(id)
                yield Line(id, section, str(item[_WORDS.get(section, "text")]), cited(item))


def with_ids(body: Mapping[str, Any]) -> dict[str, Any]:
    """The body with each line's id in it, for whoever wants to name one."""
    return {**body, **{section: [{**item, "id": line_id(section, item)} for item in body[section]] for section in SECTIONS}}


def reworded(section: str, item: Mapping[str, Any], text: str) -> dict[str, Any]:
    """A person's own words stand alone, whatever those before them leaned on."""
    return {**item, _WORDS.get(section, "text"): text} | ({"setting": None} if "setting" in item else {})


def line_id(section: str, item: Mapping[str, Any]) -> str:
    """Claims and promises bring theirs; of the rest it is made of where they were read first and what they say: words of later that say
    the same make it no other line. A person is one whatever they say."""
    if "id" in item:
        return str(item["id"])
    where = (str(item["email"] or ""),) if section == "people" else cited(item)[:1]
    said = (section, str(item[_WORDS.get(section, "text")]), str(item.get("label", "")), str(item.get("date", "")), *where)
    return "lin_" + hashlib.sha256("\x1f".join(said).encode("utf-8", "surrogatepass")).hexdigest()[:16]


def cited(item: Mapping[str, Any]) -> tuple[str, ...]:
    own = item.get("citations")
    return tuple(own if own is not None else (id for claim in item["claims"] for id in claim["citations"]))
