"""What people did with the versions of a brief: an account of acts that only grows, and the words they took out as confidential."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, select

from ingest.archive import tables
from ingest.archive.database import Database
from ingest.archive.rows import ReviewAct
from ingest.archive.scope import Scope
from ingest.archive.storable import storable_json
from ingest.archive.visible import in_accounts
from ingest.records import Span


class Reviews(Database):
    def review_acts(self, scope: Scope, brief_id: str) -> list[ReviewAct]:
        """In the order in which they were done."""
        table = tables.review
        with self._read() as connection:
            rows = connection.execute(
                select(table).where(table.c.brief_id == brief_id, *in_accounts(scope, table.c.account_id)).order_by(table.c.number)
            )
            return [ReviewAct(r.number, r.brief_id, r.at, r.by, r.act, r.line, r.detail) for r in rows]

    def add_review_act(
        self, account_id: str, brief_id: str, *, at: datetime, by: str, act: str, line: str = "", detail: Mapping[str, Any] | None = None
    ) -> ReviewAct:
        kept = storable_json(dict(detail or {}))
        values = {"account_id": account_id, "brief_id": brief_id, "at": at, "by": by, "act": act, "line": line, "detail": kept}
        with self._write() as connection:
            number = connection.execute(insert(tables.review).values(**values)).inserted_primary_key
        assert number is not None
        return ReviewAct(int(number[0]), brief_id, at, by, act, line, kept)

    def withhold(self, account_id: str, review_number: int, places: Iterable[tuple[str, Span]]) -> None:
        """Words (interaction, span) that no answer and no brief of this account may show any longer; their source keeps them."""
        table = tables.withheld
        with self._write() as connection:
            for interaction_id, span in places:
                given = {"interaction_id": interaction_id, "start": span.start, "end": span.end, "review_number": review_number}
                connection.execute(insert(table).values(account_id=account_id, **given))
            self._touch([account_id])

    def give_back(self, account_id: str, review_number: int) -> None:
        """Undoes what `withhold` did for that act."""
        table = tables.withheld
        with self._write() as connection:
            connection.execute(delete(table).where(table.c.review_number == review_number, table.c.account_id == account_id))
            self._touch([account_id])

    def withheld(self, scope: Scope) -> dict[str, tuple[Span, ...]]:
        """By interaction: what may not be shown."""
        table = tables.withheld
        found: dict[str, set[Span]] = {}
        with self._read() as connection:
            for row in connection.execute(select(table).where(*in_accounts(scope, table.c.account_id))):
                found.setdefault(row.interaction_id, set()).add(Span(row.start, row.end))
        return {id: tuple(sorted(spans)) for id, spans in found.items()}
