"""The people of an account, merged and split by hand."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from api.shapes.base import Given, Sent
from api.shapes.evidence import ParticipantShape


class KnownPerson(ParticipantShape):
    """`read_as_this` are those who were said to be the same person."""

    id: str
    roles: list[str]
    side_by_hand: bool = Field(False, description="Somebody said whose side they are on, before domains and words.")
    uncounted: int = Field(0, description="Sentences that count for neither side, as nobody knows theirs.")
    read_as_this: list[KnownPerson] = []


class PeoplePage(Given):
    items: list[KnownPerson]


class PersonSplit(Sent):
    person: Annotated[str, StringConstraints(min_length=1, max_length=80)]


class PersonOnSide(PersonSplit):
    side: Literal["seller", "buyer", "partner"] | None = Field(description="Null leaves it to addresses and words again.")


class PersonMerged(PersonSplit):
    into: Annotated[str, StringConstraints(min_length=1, max_length=80)]
