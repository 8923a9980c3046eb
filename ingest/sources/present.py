"""Reads who was in a recording from the file beside it: `kickoff.people.txt` beside `kickoff.wav`, a person a line.

    left: Dana Okafor <dana@cartage.example>
    right: Marta Lindqvist <marta@halden.example>
    Tom Reyes <tom@halden.example>

A side says whose voice is in that channel, as telephone systems record them. Without one a person was there, and no more is known.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from email.utils import parseaddr

from ingest.records import Participant
from ingest.sources.hearing import Channel
from ingest.sources.inputs import Input, decode

ENDING = ".people.txt"
MOST = 50
_SIDES: Mapping[str, Channel] = {"left": "left", "right": "right"}


@dataclass(frozen=True, slots=True)
class Present:
    people: tuple[Participant, ...] = ()
    voices: Mapping[Channel, Participant] = field(default_factory=dict)
    """Whom a channel belongs to; one that two people share is nobody's, for it is not known which of them speaks."""


def read(item: Input) -> Present:
    people: list[Participant] = []
    on: dict[Channel, list[Participant]] = {}
    for line in decode(item.data).lstrip("\ufeff").splitlines()[:MOST]:
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        side, colon, rest = line.partition(":")
        channel = _SIDES.get(side.strip().casefold()) if colon else None
        name, address = parseaddr((rest if channel else line).strip())
        address = address if "@" in address else ""
        name = " ".join((name or address or (rest if channel else line)).split())[:200]
        if not name:
            continue
        person = Participant(name, address.casefold())
        people.append(person)
        if channel:
            on.setdefault(channel, []).append(person)
    return Present(tuple(dict.fromkeys(people)), {channel: held[0] for channel, held in on.items() if len(held) == 1})
