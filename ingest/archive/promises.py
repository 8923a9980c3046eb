"""The promises of every account as rows, for questions across accounts, and what people said became of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, select, update

from ingest.archive import tables
from ingest.archive.database import Database
from ingest.archive.errors import NotThere
from ingest.archive.rows import PromiseMark
from ingest.archive.scope import Scope
from ingest.archive.storable import storable_json
from ingest.archive.visible import in_accounts, visible


class Promises(Database):
    def ledger_stamps(self, scope: Scope) -> dict[str, str]:
        """By account: what its rows were made from."""
        table = tables.ledger
        with self._read() as connection:
            query = select(table.c.account_id, table.c.stamp).where(*in_accounts(scope, table.c.account_id))
            return dict(connection.execute(query).all())

    def save_promises(self, account_id: str, stamp: str, promises: Sequence[Mapping[str, Any]]) -> None:
        """All promises of an account, in order, in the place of those before; each holds its `id`, `deal_id` and `interaction_id`."""
        table = tables.promise
        with self._write() as connection:
            connection.execute(delete(table).where(table.c.account_id == account_id))
            connection.execute(delete(tables.ledger).where(tables.ledger.c.account_id == account_id))
            connection.execute(insert(tables.ledger).values(account_id=account_id, stamp=stamp))
            if promises:
                connection.execute(
                    insert(table),
                    [
                        {
                            "id": one["id"], "account_id": account_id, "deal_id": one["deal_id"], "position": position,
                            "interaction_id": one["interaction_id"], "body": storable_json(dict(one)),
                        }
                        for position, one in enumerate(promises)
                    ],
                )  # fmt: skip

    def promises(self, scope: Scope) -> list[dict[str, Any]]:
        """The rows of the accounts in scope, account by account, in the order they were saved in.

        Made from everything on record: for a scope without internal talk, or of an earlier day, they are not the truth.
        """
        table = tables.promise
        with self._read() as connection:
            query = select(table.c.body).join(tables.interaction).where(*visible(scope))
            return list(connection.scalars(query.order_by(table.c.account_id, table.c.position)))

    def promise_marks(self, scope: Scope, promise_id: str | None = None) -> list[PromiseMark]:
        """First one first, undone ones too; of one promise, or of all in the scope's accounts. As of a day, what was marked by then."""
        table = tables.promise_mark
        wanted = in_accounts(scope, table.c.account_id)
        if promise_id is not None:
            wanted.append(table.c.promise_id == promise_id)
        if scope.as_of is not None:
            wanted.append(table.c.at <= scope.as_of)
        with self._read() as connection:
            return [PromiseMark(*row) for row in connection.execute(select(table).where(*wanted).order_by(table.c.number))]

    def mark_promise(self, account_id: str, promise_id: str, status: str, because: str, by: str, at: datetime) -> None:
        with self._write() as connection:
            connection.execute(
                insert(tables.promise_mark).values(
                    promise_id=promise_id, account_id=account_id, status=status, because=because, by=by, at=at
                )
            )

    def undo_mark(self, scope: Scope, promise_id: str, at: datetime) -> PromiseMark:
        """Takes the latest mark back that is not undone yet and gives it; raises NotThere."""
        table = tables.promise_mark
        with self._write() as connection:
            standing = [*in_accounts(scope, table.c.account_id), table.c.promise_id == promise_id, table.c.undone_at.is_(None)]
            row = connection.execute(select(table).where(*standing).order_by(table.c.number.desc()).limit(1)).one_or_none()
            if row is None:
                raise NotThere("mark to undo on promise", promise_id)
            connection.execute(update(table).where(table.c.number == row.number).values(undone_at=at))
        return PromiseMark(*row)
