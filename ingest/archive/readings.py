"""What a reader made of each interaction, kept beside it with the stamp of what it was read from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import delete, insert, select

from ingest.archive import tables
from ingest.archive.database import Database
from ingest.archive.scope import Scope
from ingest.archive.storable import storable_json
from ingest.archive.visible import visible


class Readings(Database):
    """Its bodies mean something only to the package that reads; the archive keeps them and lets nobody see more than the words."""

    def readings(self, scope: Scope) -> dict[str, tuple[str, dict[str, Any]]]:
        """Stamp and body by interaction, of those the reader may see."""
        table = tables.reading
        with self._read() as connection:
            rows = connection.execute(
                select(table.c.interaction_id, table.c.stamp, table.c.body).join(tables.interaction).where(*visible(scope))
            ).all()
        return {id: (stamp, body) for id, stamp, body in rows}

    def reading_stamps(self, scope: Scope) -> dict[str, str]:
        table = tables.reading
        with self._read() as connection:
            query = select(table.c.interaction_id, table.c.stamp).join(tables.interaction).where(*visible(scope))
            return dict(connection.execute(query).all())

    def save_readings(self, account_id: str, readings: Mapping[str, tuple[str, Mapping[str, Any]]]) -> None:
        """Each in the place of the one before. What is read from words changes nothing that is found by them: no revision is counted."""
        table = tables.reading
        if not readings:
            return
        with self._write() as connection:
            connection.execute(delete(table).where(table.c.interaction_id.in_(sorted(readings))))
            connection.execute(
                insert(table),
                [
                    {"interaction_id": id, "account_id": account_id, "stamp": stamp, "body": storable_json(dict(body))}
                    for id, (stamp, body) in sorted(readings.items())
                ],
            )

    def forget_readings(self, account_id: str, keep: frozenset[str]) -> None:
        """Those of interactions that are seen no longer."""
        table = tables.reading
        with self._write() as connection:
            connection.execute(delete(table).where(table.c.account_id == account_id, table.c.interaction_id.not_in(sorted(keep))))
