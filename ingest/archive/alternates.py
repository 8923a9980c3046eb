"""Keeps apart what readers find and what is the same thing told once more: alternates have no passages and stand in no list.

Only `interactions` by id reach them, so that every citation and link that was ever given still opens the words it was given for.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Connection, and_, select, update

from ingest import identity
from ingest.archive import tables
from ingest.archive.database import Database
from ingest.archive.errors import NotThere
from ingest.archive.scope import EVERYTHING
from ingest.archive.storing import put_passages_again, take_passages
from ingest.archive.visible import reachable
from ingest.copies import Copy, Prints, Worth
from ingest.records import Link


class Alternates(Database):
    def settle_alternates(self) -> None:
        """Groups what is the same in every account where something was written since. With nothing written it does nothing."""
        with self._write() as connection:
            unsettled = connection.scalars(select(tables.account.c.id).where(tables.account.c.unsettled.is_(True))).all()
        for account_id in sorted(unsettled):
            with self._write() as connection:
                self._settle(connection, account_id)

    def alternates(self) -> dict[str, str]:
        """The primary of every alternate, by id."""
        table = tables.interaction
        with self._read() as connection:
            rows = connection.execute(select(table.c.id, table.c.alternate_of).where(table.c.alternate_of.is_not(None)))
            return dict(rows.all())

    def split(self, interaction_id: str, *, apart: bool = True) -> None:
        """A person's word that an interaction is the same as no other, kept until it is taken back with `apart=False`.

        Raises NotThere. What was grouped with it stays grouped among itself.
        """
        table = tables.interaction
        with self._write() as connection:
            wanted = [*reachable(EVERYTHING), table.c.id == interaction_id]
            account_id = connection.scalar(select(table.c.account_id).where(*wanted))
            if account_id is None:
                raise NotThere("source", interaction_id)
            connection.execute(update(table).where(table.c.id == interaction_id).values(apart=apart))
            self._settle(connection, account_id)

    def _settle(self, connection: Connection, account_id: str) -> None:
        table = tables.interaction
        held = select(table.c.id, table.c.alternate_of, table.c.deal_id, table.c.own_deal_id, table.c.links)
        rows = connection.execute(held.where(table.c.account_id == account_id, table.c.removed.is_(False)).order_by(table.c.id)).all()
        before = {row.id: row.alternate_of for row in rows}
        now = identity.alternates(_copies(connection, account_id))
        moved = {id: now.get(id) for id, primary in before.items() if now.get(id) != primary}
        deals = _deals(rows, now)
        changed = {row.id: deals[row.id] for row in rows if deals[row.id] != row.deal_id}
        for id, primary in sorted(moved.items()):
            connection.execute(update(table).where(table.c.id == id).values(alternate_of=primary))
            if primary is None:
                put_passages_again(connection, id)
            elif before[id] is None:
                take_passages(connection, id)
        for id, deal in changed.items():
            connection.execute(update(table).where(table.c.id == id).values(deal_id=deal))
        connection.execute(update(tables.account).where(tables.account.c.id == account_id).values(unsettled=False))
        if moved or changed:
            self._touch([account_id])


def _deals(rows: Iterable[Any], alternates: Mapping[str, str]) -> dict[str, str | None]:
    """The deal of each row: its own, or where its source names none, the one that an alternate's source names: a mailbox knows no deals."""
    deals = {row.id: row.own_deal_id for row in rows}
    named = {row.id for row in rows if row.own_deal_id and any(type == "deal" for _, type, _ in row.links)}
    for id, primary in sorted(alternates.items(), reverse=True):
        if id in named and primary not in named:
            deals[primary] = deals[id]
    return deals


def _copies(connection: Connection, account_id: str) -> list[Copy]:
    """All that may be told twice, but what a person has set apart."""
    table, participant = tables.interaction, tables.participant
    wanted = and_(
        table.c.account_id == account_id, table.c.removed.is_(False), table.c.apart.is_(False), table.c.kind.in_(sorted(identity.KINDS))
    )
    people: dict[str, set[str]] = defaultdict(set)
    for id, person in connection.execute(select(participant.c.interaction_id, participant.c.person_id).join(table).where(wanted)):
        people[id].add(person)
    return [
        Copy(
            id=row.id,
            kind=row.kind,
            tool=row.tool,
            external_id=row.external_id,
            worth=Worth.of(row.worth),
            prints=Prints.of(row.prints),
            occurred_at=row.occurred_at,
            url=row.url,
            aliases=tuple(row.aliases),
            links=tuple(Link(*link) for link in row.links),
            people=frozenset(people[row.id]),
            message_id=row.detail.get("message_id", ""),
            duration_s=row.detail.get("duration_s"),
        )
        for row in connection.execute(select(table).where(wanted).order_by(table.c.id))
    ]
