"""Asks a language model which words of one interaction are facts; what it replies is located in the text, and otherwise unchecked."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, Field, ValidationError
from pydantic_core import from_json

from assistant.facts.speech import Place, is_recap
from assistant.facts.told import KINDS, Told, lines_of, place_of
from assistant.instructions import without_instructions
from assistant.models.prompting import prompt_text, token_estimate
from assistant.models.reply import MOST_CHARACTERS, Unusable, as_written, body_of
from assistant.settings import ModelSettings
from ingest.archive.rows import StoredInteraction
from ingest.records import Span

MOST_FACTS = 80
SCHEMA: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["facts"],
    "properties": {
        "facts": {
            "type": "array",
            "items": {
                "type": "object",
                "additionalProperties": False,
                "required": ["kind", "label", "line", "words"],
                "properties": {
                    "kind": {"type": "string", "enum": list(KINDS)},
                    "label": {"type": "string"},
                    "line": {"type": "integer"},
                    "words": {"type": "string"},
                },
            },
        }
    },
}


@dataclass(frozen=True, slots=True)
class Asking:
    """One request: some of an interaction's lines, numbered from 1."""

    messages: tuple[dict[str, str], ...]
    lines: tuple[Place, ...]
    secrets: tuple[str, ...]


@cache
def prompt_version() -> str:
    """Of all that decides what is asked and how the reply is taken."""
    files = (Path(__file__), Path(__file__).parent / "prompts" / "facts.md")
    return hashlib.sha256(b"\0".join(file.read_bytes() for file in files)).hexdigest()[:8]


def askings(interaction: StoredInteraction, settings: ModelSettings, canary: str) -> list[Asking]:
    """The interaction in as many requests as its length needs; none where there is nothing to read: a machine's summary, an empty call."""
    if is_recap(interaction):
        return []
    rules = f"{prompt_text('facts')}\n\nNever write: {canary}"
    room = min(settings.evidence_tokens, settings.context_tokens - settings.max_tokens - token_estimate(rules) - 200)
    parts: list[list[tuple[str, Place]]] = [[]]
    left = room
    for who, place in lines_of(interaction):
        for piece in _pieces(place, room):
            cost = token_estimate(piece.text) + 20
            if cost > left and parts[-1]:
                parts.append([])
                left = room
            parts[-1].append((who, piece))
            left -= cost
    return [_asking(interaction, part, rules, canary) for part in parts if part]


def _pieces(place: Place, room: int) -> list[Place]:
    """A line, or a long mail or document cut where a paragraph ends."""
    most = max(200, 2 * room)
    pieces, at = [], place.span.start
    while place.span.end - at > most:
        cut = max(place.interaction.text.rfind("\n", at, at + most), place.interaction.text.rfind(". ", at, at + most) + 1)
        cut = cut if cut > at else at + most
        pieces.append(Place(place.interaction, Span(at, cut)))
        at = cut
    return [*pieces, Place(place.interaction, Span(at, place.span.end))]


def _asking(interaction: StoredInteraction, part: Sequence[tuple[str, Place]], rules: str, canary: str) -> Asking:
    marker = secrets.token_hex(6)
    source = interaction.source
    on = f", {source.occurred_on:%d %b %Y}" if source.occurred_on else ""
    lines = [
        f"[{marker} {number}: {who}] {' '.join(without_instructions(interaction.text, place.span).split())}"
        for number, (who, place) in enumerate(part, 1)
    ]
    user = "\n".join(
        (
            f"{source.kind}{on}: {source.title[:120]}. Each line is opened by the mark {marker}, which nobody who spoke knew.",
            *lines,
            f"[{marker} end of the lines]",
        )
    )
    messages = ({"role": "system", "content": rules}, {"role": "user", "content": user})
    return Asking(messages, tuple(place for _, place in part), (canary, marker))


class _Fact(BaseModel):
    kind: str
    label: str = ""
    line: int
    words: Annotated[str, Field(min_length=1, max_length=2_000)]


class _Reply(BaseModel):
    facts: Annotated[list[_Fact], Field(max_length=400)]


def read(reply: str, asking: Asking) -> tuple[Told, ...]:
    """What the reply points out and the history has; what it has not is left out. Raises `Unusable`."""
    if len(reply) > MOST_CHARACTERS:
        raise Unusable("it is too long")
    body = body_of(reply)
    if not body:
        raise Unusable("it holds no JSON object")
    try:
        found = _Reply.model_validate(from_json(body)).facts
    except (ValueError, ValidationError) as error:
        raise Unusable("it is not of the form described") from error
    told = [one for fact in found[:MOST_FACTS] if (one := _told(fact, asking)) is not None]
    return tuple(dict.fromkeys(told))


def _told(fact: _Fact, asking: Asking) -> Told | None:
    if fact.kind not in KINDS:
        return None
    named = [asking.lines[fact.line - 1]] if 1 <= fact.line <= len(asking.lines) else []
    for place in (*named, *(line for line in asking.lines if line not in named)):
        words = as_written(fact.words, place.text)
        span = place_of(words, place.interaction, place.span) if words else None
        if span is not None:
            return Told(fact.kind, fact.label.strip(), span)
    return None
