"""The people of an account, merged and split by hand."""

from __future__ import annotations

from typing import Annotated

from pydantic import StringConstraints

from api.shapes.base import Given, Sent
from api.shapes.evidence import ParticipantShape


class KnownPerson(ParticipantShape):
    """`read_as_this` are those who were said to be the same person."""

    id: str
    roles: list[str]
    read_as_this: list[KnownPerson] = []


class PeoplePage(Given):
    items: list[KnownPerson]


class PersonSplit(Sent):
    person: Annotated[str, StringConstraints(min_length=1, max_length=80)]


class PersonMerged(PersonSplit):
    into: Annotated[str, StringConstraints(min_length=1, max_length=80)]
