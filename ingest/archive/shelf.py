"""What was made from an account and is kept: answers with their threads, and versions of the brief."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, String, Table, cast, delete, exists, func, insert, or_, select, true, update

from ingest.archive import tables
from ingest.archive.errors import NotThere
from ingest.archive.masking import as_shown
from ingest.archive.reviews import Reviews
from ingest.archive.rows import StoredThread
from ingest.archive.scope import OPERATOR, Scope
from ingest.archive.storable import storable_json
from ingest.archive.visible import in_accounts, made_within


class Shelf(Reviews):
    def save_answer(
        self,
        account_id: str,
        thread_id: str,
        answer_id: str,
        body: Mapping[str, Any],
        *,
        internal: bool = True,
        as_of: datetime | None = None,
        owner: str = OPERATOR,
    ) -> None:
        """A thread belongs to whoever asked first in it, and is theirs alone until they share it.

        `internal` and `as_of` are those of the scope it was made in; whoever may see less than that does not see the answer.

        An answer of the same id, the same question asked again in its thread, takes the earlier one's place at the end.
        """
        with self._write() as connection:
            connection.execute(delete(tables.answer).where(tables.answer.c.id == answer_id, tables.answer.c.account_id == account_id))
            if connection.execute(select(tables.thread.c.id).where(tables.thread.c.id == thread_id)).first() is None:
                connection.execute(
                    insert(tables.thread).values(id=thread_id, account_id=account_id, owner_id=owner, shared=False, begun_at=self.now())
                )
            connection.execute(
                insert(tables.answer).values(
                    id=answer_id, account_id=account_id, thread_id=thread_id, internal=internal, as_of=as_of, body=storable_json(dict(body))
                )
            )

    def answer(self, scope: Scope, answer_id: str) -> dict[str, Any]:
        """As it may be shown today (`ingest.archive.masking`). Raises NotThere."""
        table = tables.answer
        with self._read() as connection:
            body = connection.scalar(select(table.c.body).where(table.c.id == answer_id, *_asked(scope)))
        if body is None:
            raise NotThere("answer", answer_id)
        return as_shown(body, self.withheld(scope))

    def account_of_answer(self, scope: Scope, answer_id: str) -> str:
        """Raises NotThere."""
        table = tables.answer
        with self._read() as connection:
            found = connection.scalar(select(table.c.account_id).where(table.c.id == answer_id, *_asked(scope)))
        if found is None:
            raise NotThere("answer", answer_id)
        return str(found)

    def thread(self, scope: Scope, thread_id: str) -> list[dict[str, Any]]:
        """Its answers, first one first, as they may be shown today."""
        table = tables.answer
        with self._read() as connection:
            query = select(table.c.body).where(table.c.thread_id == thread_id, *_asked(scope))
            bodies = list(connection.scalars(query.order_by(table.c.number)))
        withheld = self.withheld(scope) if bodies else {}
        return [as_shown(body, withheld) for body in bodies]

    def threads(self, scope: Scope) -> list[StoredThread]:
        """Those of which the reader sees an answer, the one asked in last first; each goes by its first question."""
        table, answer = tables.thread, tables.answer
        with self._read() as connection:
            asked = select(answer.c.thread_id, func.min(answer.c.number).label("first"), func.max(answer.c.number).label("last"))
            seen = asked.where(*_asked(scope)).group_by(answer.c.thread_id).subquery()
            query = select(table, answer.c.body["question"].as_string().label("question")).join(seen, seen.c.thread_id == table.c.id)
            query = query.join(answer, answer.c.number == seen.c.first).order_by(seen.c.last.desc())
            return [
                StoredThread(row.id, row.account_id, row.owner_id, row.shared, row.begun_at, row.question or "")
                for row in connection.execute(query)
            ]

    def share_thread(self, scope: Scope, thread_id: str, shared: bool) -> None:
        """Its owner alone may; raises NotThere for everybody else."""
        with self._write() as connection:
            done = connection.execute(update(tables.thread).where(*_own(scope, thread_id)).values(shared=shared))
            if not done.rowcount:
                raise NotThere("thread", thread_id)

    def drop_thread(self, scope: Scope, thread_id: str) -> None:
        """With its answers; its owner alone may. Raises NotThere for everybody else."""
        with self._write() as connection:
            if not connection.execute(delete(tables.thread).where(*_own(scope, thread_id))).rowcount:
                raise NotThere("thread", thread_id)
            answers = select(tables.answer.c.id).where(tables.answer.c.thread_id == thread_id)
            connection.execute(delete(tables.feedback).where(tables.feedback.c.answer_id.in_(answers)))
            connection.execute(delete(tables.answer).where(tables.answer.c.thread_id == thread_id))

    def save_brief(
        self, account_id: str, deal_id: str | None, body: Mapping[str, Any], *, internal: bool = True, as_of: datetime | None = None
    ) -> int:
        """The version it got, which also stands in the kept body; `body["id"]` names it."""
        table = tables.brief
        with self._write() as connection:
            same = table.c.account_id == account_id, table.c.deal_id.is_not_distinct_from(deal_id)
            version = int(connection.scalar(select(func.max(table.c.version)).where(*same)) or 0) + 1
            kept = storable_json({**body, "version": version})
            connection.execute(
                insert(table).values(
                    id=kept["id"], account_id=account_id, deal_id=deal_id, version=version, internal=internal, as_of=as_of, body=kept
                )
            )
        return version

    def brief(self, scope: Scope, brief_id: str) -> dict[str, Any]:
        """Raises NotThere."""
        table = tables.brief
        with self._read() as connection:
            body = connection.scalar(select(table.c.body).where(table.c.id == brief_id, *_seen(scope, table)))
        if body is None:
            raise NotThere("brief", brief_id)
        return dict(body)

    def newest_version(self, scope: Scope, deal_id: str | None) -> int:
        """Of a deal's brief, or of the brief without a deal, as far as the reader sees; 0 where there is none."""
        table = tables.brief
        newest = select(func.max(table.c.version)).where(*_seen(scope, table), table.c.deal_id.is_not_distinct_from(deal_id))
        with self._read() as connection:
            return int(connection.scalar(newest) or 0)

    def briefs(self, scope: Scope, deal_id: str | None = None) -> list[dict[str, Any]]:
        """Newest first; of one deal, or of all."""
        table = tables.brief
        wanted = _seen(scope, table) if deal_id is None else [*_seen(scope, table), table.c.deal_id == deal_id]
        with self._read() as connection:
            return list(connection.scalars(select(table.c.body).where(*wanted).order_by(table.c.number.desc())))


def _asked(scope: Scope) -> list[ColumnElement[bool]]:
    """On `answer`: in a thread of the reader's own, or one that was shared with all who may see the account."""
    thread = tables.thread
    theirs = select(thread.c.id).where(or_(thread.c.owner_id == scope.viewer, thread.c.shared))
    own = true() if scope.viewer is None else tables.answer.c.thread_id.in_(theirs)
    return [*_seen(scope, tables.answer), own]


def _own(scope: Scope, thread_id: str) -> list[ColumnElement[bool]]:
    thread = tables.thread
    mine = true() if scope.viewer is None else thread.c.owner_id == scope.viewer
    return [thread.c.id == thread_id, *in_accounts(scope, thread.c.account_id), mine]


def _seen(scope: Scope, table: Table) -> list[ColumnElement[bool]]:
    conditions = [*in_accounts(scope, table.c.account_id), *made_within(scope, table.c.internal, table.c.as_of)]
    if scope.hidden:
        # Every claim cites, and a citation's id holds its source's: what does not name a source holds none of its words.
        # One list however many there are, for SQLite takes no more than a thousand conditions in a row.
        names = func.json_each(json.dumps(sorted(id.removeprefix("src_") for _, id in scope.hidden))).table_valued("value")
        conditions.append(~exists().where(func.instr(cast(table.c.body, String), names.c.value) > 0))
    return conditions
