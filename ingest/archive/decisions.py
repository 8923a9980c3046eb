"""What a person decided about things that were held, and the names by which an account is known because somebody said so."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import fields

from sqlalchemy import and_, delete, insert, select, update

from ingest.archive import tables
from ingest.archive.database import Database
from ingest.archive.errors import NotThere
from ingest.archive.rows import Alias, Decision, Held
from ingest.archive.storable import storable

TAUGHT = ("domain", "contact", "person", "channel", "folder")
"""Kinds of alias that a decision can teach; `name` is what an account was called before."""


def item_name(tool: str, external_id: str) -> str:
    """What a held thing goes by, wherever its file lies and however often it is there."""
    known_as = "\x1f".join((tool, external_id)).encode("utf-8", "surrogatepass")
    return f"hld_{hashlib.sha256(known_as).hexdigest()[:10]}"


class Decisions(Database):
    def decisions(self) -> list[Decision]:
        """Newest first."""
        table = tables.decision
        columns = [column for column in table.c if column.name != "number"]
        with self._read() as connection:
            rows = connection.execute(select(*columns).order_by(table.c.number.desc())).mappings()
            return [Decision(**{**row, "sketch": tuple(row["sketch"])}) for row in rows]

    def decide(self, decision: Decision) -> None:
        """In the place of what was decided about it before."""
        table = tables.decision
        values = {field.name: getattr(decision, field.name) for field in fields(decision)} | {"sketch": list(decision.sketch)}
        with self._write() as connection:
            connection.execute(delete(table).where(table.c.item == decision.item))
            connection.execute(insert(table).values(**values))

    def undecide(self, item: str) -> Decision:
        """Takes it back and gives it; raises NotThere."""
        found = next((each for each in self.decisions() if each.item == item), None)
        if found is None:
            raise NotThere("decision on", item)
        with self._write() as connection:
            connection.execute(delete(tables.decision).where(tables.decision.c.item == item))
        return found

    def follow(self, decision: Decision, held: Held) -> None:
        """The same thing, edited or moved: what was decided holds for it under the name and in the place it has now."""
        table = tables.decision
        now = {
            "origin": held.origin, "file": held.file, "item": held.item, "tool": held.tool, "external_id": held.external_id,
            "title": held.title, "sketch": list(held.sketch),
        }  # fmt: skip
        with self._write() as connection:
            connection.execute(delete(table).where(table.c.item == held.item, table.c.item != decision.item))
            connection.execute(update(table).where(table.c.item == decision.item).values(**now))
            connection.execute(update(tables.alias).where(tables.alias.c.taught_by == decision.item).values(taught_by=held.item))

    def aliases(self) -> list[Alias]:
        table = tables.alias
        with self._read() as connection:
            return [Alias(*row) for row in connection.execute(select(table).order_by(table.c.kind, table.c.value))]

    def teach(self, aliases: Iterable[Alias]) -> None:
        """Each in the place of what the same word meant before."""
        table = tables.alias
        with self._write() as connection:
            for each in aliases:
                connection.execute(delete(table).where(and_(table.c.kind == each.kind, table.c.value == storable(each.value))))
                values = {"kind": each.kind, "value": storable(each.value), "account_id": each.account_id, "taught_by": each.taught_by}
                connection.execute(insert(table).values(**values))
                self._touch([each.account_id])

    def unlearn(self, item: str) -> list[Alias]:
        """Forgets what the decision on an item taught, and gives it."""
        table = tables.alias
        with self._write() as connection:
            taught = [Alias(*row) for row in connection.execute(select(table).where(table.c.taught_by == item))]
            connection.execute(delete(table).where(table.c.taught_by == item))
            self._touch(each.account_id for each in taught)
        return taught
