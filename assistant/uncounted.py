"""Statements that count for neither side, since nobody knows whose side their speaker is on: what is lost until somebody says it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.facts.speech import statements
from ingest.archive.archive import Archive
from ingest.archive.rows import StoredInteraction, StoredPerson
from ingest.archive.scope import EVERYTHING, Scope
from ingest.doctor import Check
from ingest.wiring import open_home

NAME = "sides"
MOST_TOLD = 3


@dataclass(frozen=True, slots=True)
class Uncounted:
    """`sentences` are what they said in talks and mails."""

    person: StoredPerson
    account: str
    sentences: int


def uncounted(archive: Archive, scope: Scope) -> tuple[Uncounted, ...]:
    """Who said most first; reads only accounts in which somebody is on neither side."""
    names = {account.id: account.name for account in archive.accounts(scope)}
    found: list[Uncounted] = []
    for account_id, name in names.items():
        here = scope.only(account_id)
        if any(person.side == "unknown" for person in archive.people(here)):
            found += [Uncounted(person, name, count) for person, count in unplaced(archive.interactions(here))]
    return tuple(sorted(found, key=lambda one: (-one.sentences, one.account, one.person.name)))


def unplaced(interactions: Iterable[StoredInteraction]) -> list[tuple[StoredPerson, int]]:
    """Who is on neither side, with how many sentences they said or wrote in talks and mails; who said most first."""
    people: dict[str, StoredPerson] = {}
    said: Counter[str] = Counter()
    for interaction in interactions:
        here = {turn.person.id: turn.person for turn in interaction.turns if turn.person and turn.person.side == "unknown"}
        if here and interaction.source.kind in ("call", "email", "chat"):
            people |= here
            said.update(one.turn.person.id for one in statements(interaction) if one.turn.person and one.turn.person.id in here)
    return sorted(((people[id], count) for id, count in said.items()), key=lambda one: (-one[1], one[0].name or one[0].email))


def as_text(found: Sequence[Uncounted]) -> str:
    """What is lost and the command that says whose it is; empty where nothing is."""
    return f"{lost(found)} Say whose they are: {remedy(found)}" if found else ""


def lost(found: Sequence[Uncounted]) -> str:
    """Of somebody at least."""
    total = sum(one.sentences for one in found)
    who = ", ".join(f"{one.person.name or one.person.email} ({one.account})" for one in found[:MOST_TOLD])
    more = f" and {len(found) - MOST_TOLD} more" if len(found) > MOST_TOLD else ""
    return f"{total} statement{'s' * (total != 1)} by people of unknown side {'are' if total != 1 else 'is'} not counted: {who}{more}."


def remedy(found: Sequence[Uncounted]) -> str:
    first = found[0]
    return f'baton people side "{first.account}" "{first.person.name or first.person.email}" ours (or customer, partner)'


def examine_sides(home: Path) -> Check:
    """For `baton doctor`, of a home that it found sound: nothing is broken, but what nobody said is missing from every brief."""
    with open_home(home) as opened:
        found = uncounted(opened.archive, EVERYTHING)
    if not found:
        return Check(NAME, True, "everybody who said or wrote something is on a side")
    return Check(NAME, True, lost(found), f"Say whose they are, here or on the page People: {remedy(found)}")
