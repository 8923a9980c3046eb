"""Who may come in, and which accounts each of them may see."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, func, insert, select, update

from ingest.archive.access_tables import api_key, member, preference, principal, session, sign_in_link
from ingest.archive.database import Database
from ingest.archive.errors import NotThere
from ingest.archive.rows import Reach, StoredPrincipal
from ingest.archive.scope import EVERYTHING
from ingest.archive.storable import storable
from ingest.archive.tables import account, deal
from ingest.archive.visible import in_accounts


class Members(Database):
    def add_principal(self, new: StoredPrincipal) -> None:
        with self._write() as connection:
            connection.execute(
                insert(principal).values(
                    id=new.id, kind=new.kind, name=storable(new.name), email=storable(new.email), role=new.role, reach=new.reach,
                    made_at=new.made_at, suspended_at=new.suspended_at,
                )
            )  # fmt: skip
            _list(connection, new.id, new.listed)

    def principal(self, principal_id: str) -> StoredPrincipal:
        """Also a suspended one; raises NotThere."""
        with self._read() as connection:
            row = connection.execute(select(principal).where(principal.c.id == principal_id)).one_or_none()
            if row is None:
                raise NotThere("user", principal_id)
            return _principal(connection, row)

    def person_of(self, email: str) -> StoredPrincipal | None:
        """Who has this address, suspended or not; in whichever case it is written, but `ß` is not `ss`: those are two people's domains."""
        wanted = principal.c.email == email.strip().lower(), principal.c.kind == "person"
        with self._read() as connection:
            row = connection.execute(select(principal).where(*wanted)).first() if email.strip() else None
            return _principal(connection, row) if row else None

    def principals(self) -> list[StoredPrincipal]:
        """In the order in which they came."""
        with self._read() as connection:
            rows = connection.execute(select(principal).order_by(principal.c.made_at, principal.c.id)).all()
            return [_principal(connection, row) for row in rows]

    def change_principal(
        self, principal_id: str, *, role: str | None = None, reach: Reach | None = None, listed: Iterable[str] | None = None, name: str = ""
    ) -> None:
        """What is None, or an empty name, stays as it is. Holds from the next request on."""
        with self._write() as connection:
            said = {"role": role, "reach": reach, "name": storable(name) or None}
            new = {column: value for column, value in said.items() if value is not None}
            if new:
                connection.execute(update(principal).where(principal.c.id == principal_id).values(**new))
            if listed is not None:
                _list(connection, principal_id, listed)

    def suspend_principal(self, principal_id: str, at: datetime | None) -> None:
        """Their keys and sessions open nothing from now on; with None they do again."""
        with self._write() as connection:
            connection.execute(update(principal).where(principal.c.id == principal_id).values(suspended_at=at))

    def reached(self, who: StoredPrincipal) -> frozenset[str]:
        """Ids of the accounts they may see today. One that was deleted or merged into another is not among them."""
        named = select(member.c.account_id).where(member.c.principal_id == who.id)
        query = select(account.c.id).where(*in_accounts(EVERYTHING, account.c.id))
        if who.reach == "owner" and who.email:
            owned = select(deal.c.account_id).where(func.lower(deal.c.owner_email) == who.email)
            query = query.where(account.c.id.in_(named.union(owned)))
        elif who.reach != "all":
            query = query.where(account.c.id.in_(named))
        with self._read() as connection:
            return frozenset(connection.scalars(query))

    def preferences(self, principal_id: str) -> dict[str, Any]:
        """What they chose, by name; nothing of what they did not."""
        with self._read() as connection:
            return dict(connection.scalar(select(preference.c.chosen).where(preference.c.principal_id == principal_id)) or {})

    def prefer(self, principal_id: str, chosen: Mapping[str, Any]) -> dict[str, Any]:
        """All that they chose, once these are among it; None takes a choice back."""
        with self._write() as connection:
            before = connection.scalar(select(preference.c.chosen).where(preference.c.principal_id == principal_id)) or {}
            kept = {name: value for name, value in {**before, **chosen}.items() if value is not None}
            connection.execute(delete(preference).where(preference.c.principal_id == principal_id))
            connection.execute(insert(preference).values(principal_id=principal_id, chosen=kept))
            return kept


def forget(connection: Connection, principal_ids: Iterable[str]) -> int:
    """Takes these principals out with all that let them in; what they did stays in the audit log by their ids."""
    ids = sorted(principal_ids)
    for table in (member, api_key, sign_in_link, session, preference):
        connection.execute(delete(table).where(table.c.principal_id.in_(ids)))
    return int(connection.execute(delete(principal).where(principal.c.id.in_(ids))).rowcount)


def _list(connection: Connection, principal_id: str, accounts: Iterable[str]) -> None:
    connection.execute(delete(member).where(member.c.principal_id == principal_id))
    for account_id in sorted(set(accounts)):
        connection.execute(insert(member).values(principal_id=principal_id, account_id=account_id))


def _principal(connection: Connection, row: Row[tuple[object, ...]]) -> StoredPrincipal:
    listed = connection.scalars(select(member.c.account_id).where(member.c.principal_id == row.id).order_by(member.c.account_id))
    return StoredPrincipal(row.id, row.kind, row.name, row.email, row.role, row.reach, row.made_at, row.suspended_at, tuple(listed))
