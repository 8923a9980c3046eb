"""Makes words storable: half characters, which no database or JSON takes, become U+FFFD, one for one, so that spans stay true."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from ingest.records import Interaction, Link, Participant, Turn

_LONE = re.compile("[\ud800-\udfff]")


def storable(text: str) -> str:
    return text if text.isascii() else _LONE.sub("\ufffd", text)


def storable_interaction(interaction: Interaction) -> Interaction:
    return replace(
        interaction,
        external_id=storable(interaction.external_id),
        title=storable(interaction.title),
        turns=tuple(_turn(turn) for turn in interaction.turns),
        participants=tuple(storable_participant(each) for each in interaction.participants),
        url=storable(interaction.url),
        links=tuple(storable_link(link) for link in interaction.links),
        aliases=tuple(storable(alias) for alias in interaction.aliases),
        meta=storable_json(interaction.meta),
        file=storable(interaction.file),
    )


def storable_participant(person: Participant) -> Participant:
    return replace(person, name=storable(person.name), email=storable(person.email), title=storable(person.title))


def storable_link(link: Link) -> Link:
    return Link(storable(link.system), storable(link.type), storable(link.id))


def storable_json(value: Any) -> Any:
    if isinstance(value, str):
        return storable(value)
    if isinstance(value, dict):
        return {storable(str(key)): storable_json(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [storable_json(each) for each in value]
    return value


def _turn(turn: Turn) -> Turn:
    return replace(
        turn,
        text=storable(turn.text),
        speaker=storable_participant(turn.speaker) if turn.speaker else None,
        native_id=storable(turn.native_id),
        heading=storable(turn.heading),
    )
