"""What two versions of a brief say differently, line by line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from assistant.brief.lines import SECTIONS, line_id

MATERIAL = frozenset({"promises", "people", "timeline", "risks", "goals", "gaps"})
"""Sections in which a difference is worth a new version without being asked for one."""

_OF_PEOPLE = frozenset({"review", "citations", "id", "last_contact", "receipt", "tiers", "searched_for", "setting", "also"})
"""Fields that do not make a line another one: what people did with it, where else it stands, on what and behind what, and when
somebody was last met."""


@dataclass(frozen=True, slots=True)
class Move:
    field: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Difference:
    section: str
    what: Literal["added", "removed", "changed"]
    line: str
    before: str
    after: str
    fields: tuple[str, ...] = ()
    """Of a changed line, what changed."""
    moved: tuple[Move, ...] = ()
    """Of these fields, those that are a word or a day, with what they were and are."""


def differences(old: Mapping[str, Any], new: Mapping[str, Any]) -> tuple[Difference, ...]:
    """In the order of the sections; composed from the same history, two versions have none."""
    return tuple(found for section in (*SECTIONS, "gaps") for found in _of_section(section, old[section], new[section]))


def material(found: Iterable[Difference]) -> tuple[Difference, ...]:
    return tuple(one for one in found if one.section in MATERIAL)


def _of_section(section: str, old: Sequence[Mapping[str, Any]], new: Sequence[Mapping[str, Any]]) -> Iterable[Difference]:
    before, after = ({_id(section, item): item for item in items} for items in (old, new))
    for id, item in after.items():
        if id not in before:
            yield Difference(section, "added", id, "", _words(item))
        elif fields := tuple(name for name in item if name not in _OF_PEOPLE and item[name] != before[id].get(name)):
            yield Difference(section, "changed", id, _words(before[id]), _words(item), fields, tuple(_moved(fields, before[id], item)))
    for id, item in before.items():
        if id not in after:
            yield Difference(section, "removed", id, _words(item), "")


def _moved(fields: Iterable[str], before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterable[Move]:
    for name in fields:
        was, now = _plain(before.get(name)), _plain(after[name])
        if was is not None and now is not None and was != now:
            yield Move(name, was, now)


def _plain(value: Any) -> str | None:
    """A word or day as it is, nothing as an empty one; None for what is neither."""
    if isinstance(value, Mapping) and "as_said" in value:
        return str(value["date"] or value["as_said"])
    return "" if value is None else value if isinstance(value, str) else None


def _id(section: str, item: Mapping[str, Any]) -> str:
    return str(item["id"]) if section == "gaps" else line_id(section, item)


def _words(item: Mapping[str, Any]) -> str:
    return str(next(item[name] for name in ("text", "question", "value", "name") if item.get(name)))
