"""A reading as JSON and back: quotes as spans, people by their ids, so that what is kept can only ever quote the text beside it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from functools import cache
from types import NoneType, UnionType
from typing import Any, get_args, get_origin, get_type_hints

from assistant.facts.reading import Reading
from assistant.facts.speech import Place
from ingest.archive.rows import StoredInteraction, StoredPerson
from ingest.records import Span


class Outdated(ValueError):
    """The kept form is of another reader, or speaks of people who are not in the interaction."""


def as_json(reading: Reading) -> dict[str, Any]:
    found: dict[str, Any] = _kept(reading)
    return {name: facts for name, facts in found.items() if facts}


def from_json(body: Mapping[str, Any], interaction: StoredInteraction) -> Reading:
    """Raises Outdated."""
    people = {person.id: person for person in interaction.participants}
    people |= {turn.person.id: turn.person for turn in interaction.turns if turn.person}
    try:
        found: Reading = _given(Reading, {**{field.name: [] for field in fields(Reading)}, **body}, interaction, people)
    except (KeyError, TypeError, ValueError) as error:
        raise Outdated(interaction.source.id) from error
    return found


def _kept(value: Any) -> Any:
    match value:
        case Place():
            return list(value.span)
        case StoredPerson():
            return value.id
        case date():
            return value.isoformat()
        case tuple():
            return [_kept(each) for each in value]
        case _ if is_dataclass(value):
            return {field.name: _kept(getattr(value, field.name)) for field in fields(value)}
        case _:
            return value


def _given(kind: Any, value: Any, interaction: StoredInteraction, people: Mapping[str, StoredPerson]) -> Any:
    if value is None:
        return None
    if get_origin(kind) is UnionType:
        kind = next(each for each in get_args(kind) if each is not NoneType)
    if get_origin(kind) is tuple:
        return tuple(_given(get_args(kind)[0], each, interaction, people) for each in value)
    if kind is Place:
        return Place(interaction, Span(*value))
    if kind is Span:
        return Span(*value)
    if kind is StoredPerson:
        return people[value]
    if kind is date:
        return date.fromisoformat(value)
    if isinstance(kind, type) and is_dataclass(kind):
        return kind(**{name: _given(part, value[name], interaction, people) for name, part in _parts(kind)})
    return value


@cache
def _parts(kind: type) -> tuple[tuple[str, Any], ...]:
    hints = get_type_hints(kind)
    return tuple((field.name, hints[field.name]) for field in fields(kind))
