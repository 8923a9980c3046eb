"""What readers said about the answers they got."""

from __future__ import annotations

from dataclasses import asdict

from sqlalchemy import insert, select

from ingest.archive import tables
from ingest.archive.database import Database
from ingest.archive.rows import Opinion
from ingest.archive.scope import Scope
from ingest.archive.storable import storable
from ingest.archive.visible import in_accounts


class Feedback(Database):
    def add_opinion(self, opinion: Opinion) -> None:
        """Nothing is overwritten; a reader's latest word on an answer is the one that counts."""
        values = {**asdict(opinion), "reasons": list(opinion.reasons), "text": storable(opinion.text)}
        with self._write() as connection:
            connection.execute(insert(tables.feedback).values(**values))

    def opinions(self, scope: Scope) -> list[Opinion]:
        """The latest of each reader on each answer, the newest first."""
        table = tables.feedback
        with self._read() as connection:
            rows = connection.execute(select(table).where(*in_accounts(scope, table.c.account_id)).order_by(table.c.number.desc()))
            latest = {(row.answer_id, row.by): row for row in reversed(rows.all())}
        return sorted(
            (Opinion(r.answer_id, r.account_id, r.by, r.at, r.rating, tuple(r.reasons), r.text) for r in latest.values()),
            key=lambda opinion: opinion.at,
            reverse=True,
        )
