"""Statements that count for neither side, since nobody knows whose side their speaker is on: what is lost until somebody says it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.facts.speech import statements
from ingest.archive.archive import Archive
from ingest.archive.rows import StoredPerson
from ingest.archive.scope import Scope

MOST_TOLD = 3


@dataclass(frozen=True, slots=True)
class Uncounted:
    """`sentences` are what they said in talks and mails in which somebody of a known side took part."""

    person: StoredPerson
    account: str
    sentences: int


def uncounted(archive: Archive, scope: Scope) -> tuple[Uncounted, ...]:
    """Who said most first; reads only accounts in which somebody is on neither side."""
    names = {account.id: account.name for account in archive.accounts(scope)}
    found: list[Uncounted] = []
    for account_id, name in names.items():
        here = scope.only(account_id)
        unplaced = {person.id: person for person in archive.people(here) if person.side == "unknown"}
        if not unplaced:
            continue
        said = Counter(
            one.turn.person.id
            for interaction in archive.interactions(here)
            if interaction.source.kind in ("call", "email", "chat")
            for one in statements(interaction)
            if one.turn.person and one.turn.person.id in unplaced
        )
        found += [Uncounted(unplaced[id], name, count) for id, count in said.items()]
    return tuple(sorted(found, key=lambda one: (-one.sentences, one.account, one.person.name)))


def as_text(found: Sequence[Uncounted]) -> str:
    """What is lost and the command that says whose it is; empty where nothing is."""
    if not found:
        return ""
    total, first = sum(one.sentences for one in found), found[0]
    who = ", ".join(f"{one.person.name or one.person.email} ({one.account})" for one in found[:MOST_TOLD])
    more = f" and {len(found) - MOST_TOLD} more" if len(found) > MOST_TOLD else ""
    return (
        f"{total} statement{'s' * (total != 1)} by people of unknown side {'are' if total != 1 else 'is'} not counted: {who}{more}. "
        f'Say whose they are: baton people side "{first.account}" "{first.person.name or first.person.email}" ours (or customer, partner)'
    )
