"""What has been kept longer than the settings say, and taking it out: earlier wordings, what its source took away, what waits."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select

from ingest.archive import tables
from ingest.archive.batches import batches, delete_rows
from ingest.archive.database import Database
from ingest.records import Kind


class Expiring(Database):
    def purge_versions(self, ids: Collection[str]) -> int:
        """Every wording of these interactions but today's."""
        version, interaction = tables.version, tables.interaction
        dropped = 0
        with self._write() as connection:
            for some in batches(ids):
                rows = connection.execute(
                    select(version.c.interaction_id, version.c.version)
                    .join(interaction, interaction.c.id == version.c.interaction_id)
                    .where(version.c.interaction_id.in_(some), version.c.version != interaction.c.version)
                ).all()
                dropped += _drop_versions(connection, [tuple(row) for row in rows])
        return dropped

    def replaced_before(self, before: datetime) -> list[tuple[str, int, datetime]]:
        """Wordings whose place another had taken by then: interaction, version, when."""
        version, interaction = tables.version, tables.interaction
        with self._read() as connection:
            rows = connection.execute(
                select(version.c.interaction_id, version.c.version, version.c.replaced_at)
                .join(interaction, interaction.c.id == version.c.interaction_id)
                .where(version.c.version != interaction.c.version, version.c.replaced_at <= before)
            )
            return [tuple(row) for row in rows]

    def drop_wordings(self, wanted: Sequence[tuple[str, int]]) -> int:
        with self._write() as connection:
            return _drop_versions(connection, wanted)

    def removed_before(self, before: datetime) -> list[tuple[str, datetime]]:
        """What its source had taken away by then, and when."""
        table = tables.interaction
        with self._read() as connection:
            query = select(table.c.id, table.c.removed_at).where(table.c.removed.is_(True), table.c.removed_at <= before)
            return [tuple(row) for row in connection.execute(query)]

    def older_than(self, kind: Kind, before: datetime) -> list[tuple[str, datetime]]:
        """Interactions of a kind that happened before that, with the moment; undated ones never did."""
        table = tables.interaction
        with self._read() as connection:
            rows = connection.execute(select(table.c.id, table.c.occurred_at).where(table.c.kind == kind, table.c.occurred_at < before))
            return [(row.id, row.occurred_at) for row in rows]

    def note_held(self) -> None:
        """Since when each held item has been waiting, for those that are not known to be."""
        held, since = tables.held, tables.held_since
        with self._write() as connection:
            keys = {_held_key(row.origin, row.file) for row in connection.execute(select(held.c.origin, held.c.file))}
            known = set(connection.scalars(select(since.c.key)))
            for some in batches(known - keys):
                connection.execute(delete(since).where(since.c.key.in_(some)))
            if new := sorted(keys - known):
                connection.execute(insert(since), [{"key": key, "at": self.now()} for key in new])

    def held_before(self, before: datetime) -> list[tuple[int, str, str, datetime]]:
        """(number, input, file, since when) of what has been waiting longer than that."""
        held, since = tables.held, tables.held_since
        with self._read() as connection:
            at = {row.key: row.at for row in connection.execute(select(since).where(since.c.at < before))}
            rows = connection.execute(select(held.c.number, held.c.origin, held.c.file)).all()
        return [(*row, at[key]) for row in rows if (key := _held_key(row.origin, row.file)) in at]

    def drop_held(self, numbers: Collection[int]) -> int:
        with self._write() as connection:
            return sum(delete_rows(connection, tables.held, tables.held.c.number.in_(some)) for some in batches(numbers))


def _held_key(origin: str, file: str) -> str:
    return hashlib.sha256(f"{origin}\x1f{file}".encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _drop_versions(connection: Connection, wanted: Sequence[tuple[str, int]]) -> int:
    for id, number in wanted:
        for table in (tables.turn, tables.version):
            connection.execute(delete(table).where(table.c.interaction_id == id, table.c.version == number))
    return len(wanted)
