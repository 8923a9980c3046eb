"""What sources said they had deleted, kept so that it stays out whenever and wherever an older export of it is read."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from sqlalchemy import delete, insert, select

from ingest.archive import tables
from ingest.archive.database import Database
from ingest.records import Gone


class GoneAtSource(Database):
    def gone(self) -> dict[str, datetime | None]:
        """By name, when it was deleted, where that was said."""
        with self._read() as connection:
            return {row.key: row.at for row in connection.execute(select(tables.gone.c.key, tables.gone.c.at))}

    def note_gone(self, input_key: str, deleted: Iterable[Gone]) -> None:
        table = tables.gone
        with self._write() as connection:
            for each in deleted:
                connection.execute(delete(table).where(table.c.key == each.name))
                connection.execute(insert(table).values(key=each.name, input_key=input_key, at=each.at))

    def gone_by(self, input_key: str) -> set[str]:
        """What this input said was deleted when it was last read."""
        with self._read() as connection:
            return set(connection.scalars(select(tables.gone.c.key).where(tables.gone.c.input_key == input_key)))

    def there_again(self, names: Collection[str]) -> None:
        """A source has it again."""
        with self._write() as connection:
            for name in sorted(names):
                connection.execute(delete(tables.gone).where(tables.gone.c.key == name))
