"""The ledger of inputs: what was read, what it gave, what waits for a person, what could not be read, and the settings remembered."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import fields
from datetime import datetime
from types import MappingProxyType
from typing import Any

from sqlalchemy import Connection, delete, distinct, func, insert, select, update

from ingest.archive import tables
from ingest.archive.database import Database
from ingest.archive.errors import NotThere
from ingest.archive.rows import Held, Input, Run
from ingest.archive.storable import storable, storable_json
from ingest.copies import Worth, richest
from ingest.records import Failure


class Inputs(Database):
    def inputs(self) -> list[Input]:
        """By key."""
        with self._read() as connection:
            return [Input(**row) for row in connection.execute(select(tables.input_).order_by(tables.input_.c.key)).mappings()]

    def origins(self, key: str) -> dict[str, Worth]:
        """Ids of the interactions this input gave when it was last read, and the worth of its copies."""
        origin = tables.origin
        with self._read() as connection:
            rows = connection.execute(select(origin.c.interaction_id, origin.c.worth).where(origin.c.input_key == key))
            return {id: Worth.of(kept) for id, kept in rows}

    def copies(self) -> list[tuple[str, str, str]]:
        """Each input's key, the id of an interaction it gave and the worth of what it gave, as kept."""
        origin = tables.origin
        with self._read() as connection:
            return [tuple(row) for row in connection.execute(select(origin.c.input_key, origin.c.interaction_id, origin.c.worth))]

    def overdue(self) -> frozenset[str]:
        """Inputs that give the richest copy of an interaction which holds another one's words, since that one is gone or was changed."""
        origin, interaction = tables.origin, tables.interaction
        with self._read() as connection:
            unlike = select(origin.c.interaction_id).join(interaction).where(origin.c.worth != interaction.c.worth)
            rows = connection.execute(
                select(origin.c.interaction_id, origin.c.input_key, origin.c.worth, interaction.c.worth.label("held"))
                .join(interaction)
                .where(origin.c.interaction_id.in_(unlike.distinct()), interaction.c.removed.is_(False))
            ).all()
        given: dict[str, dict[Worth, str]] = {}
        for id, key, kept, _ in rows:
            given.setdefault(id, {})[Worth.of(kept)] = key
        held = {row.interaction_id: row.held for row in rows}
        best = {id: richest(list(copies)) for id, copies in given.items()}
        return frozenset(given[id][worth] for id, worth in best.items() if str(worth) != held[id])

    def every_origin(self) -> dict[str, frozenset[str]]:
        """`origins` of all inputs that gave any, by key."""
        found: dict[str, set[str]] = {}
        with self._read() as connection:
            for key, id in connection.execute(select(tables.origin.c.input_key, tables.origin.c.interaction_id)):
                found.setdefault(key, set()).add(id)
        return {key: frozenset(ids) for key, ids in found.items()}

    def count_below(self, folder: str) -> dict[str, int]:
        """How many interactions of each kind the inputs below a folder give today."""
        origin, interaction = tables.origin, tables.interaction
        below = (origin.c.input_key >= f"{folder}/") & (origin.c.input_key < f"{folder}0")  # the sign behind a slash: so an index serves
        with self._read() as connection:
            rows = connection.execute(
                select(interaction.c.kind, func.count(distinct(interaction.c.id)))
                .join(origin)
                .where(below, interaction.c.removed.is_(False))
                .group_by(interaction.c.kind)
                .order_by(interaction.c.kind)
            )
            return {kind: int(count) for kind, count in rows}

    def put_input(
        self,
        key: str,
        format: str,
        digest: str,
        outcome: Mapping[str, Any],
        given: Mapping[str, Worth] = MappingProxyType({}),
        root: str = "",
    ) -> tuple[str, ...]:
        """Notes what an input gave; returns the ids that it gave before and that no input gives any longer, for the caller to remove."""
        with self._write() as connection:
            lost = _forget(connection, key)
            connection.execute(
                insert(tables.input_).values(
                    key=key, format=format, digest=digest, outcome=storable_json(dict(outcome)), root=storable(root)
                )
            )
            if given:
                rows = [{"input_key": key, "interaction_id": id, "worth": str(worth)} for id, worth in sorted(given.items())]
                connection.execute(insert(tables.origin), rows)
            return tuple(sorted(lost - given.keys()))

    def forget_input(self, key: str) -> tuple[str, ...]:
        """As if it had never been read; returns the ids that no input gives any longer, for the caller to remove."""
        with self._write() as connection:
            return tuple(sorted(_forget(connection, key)))

    def read_again(self, keys: Iterable[str]) -> None:
        """The next run reads these inputs whether they changed or not."""
        with self._write() as connection:
            connection.execute(update(tables.input_).where(tables.input_.c.key.in_(sorted(keys))).values(digest="again"))

    def held(self, *, dismissed: bool = False) -> list[Held]:
        """By file: what waits, or what a person said is to be left out."""
        table = tables.held
        with self._read() as connection:
            rows = connection.execute(select(table).where(table.c.dismissed.is_(dismissed)).order_by(table.c.file, table.c.number))
            return [_held(row) for row in rows]

    def failed(self) -> list[Failure]:
        """By file and line."""
        table = tables.failed
        with self._read() as connection:
            rows = connection.execute(select(table).order_by(table.c.file, table.c.line, table.c.number))
            return [Failure(row.file, row.reason, row.detail, row.line) for row in rows]

    def set_aside(self, origin: str, held: Iterable[Held] | None = (), failed: Iterable[Failure] = ()) -> None:
        """What of one input waits for a person and what could not be read, in place of what was noted of it before.

        `origin` is the input's key, or the path of a file whose format nobody knows. With None for `held` what waits stays noted.
        """
        waiting = [_row(origin, each) for each in held or ()]
        unread: list[dict[str, Any]] = [
            {"origin": origin, "file": each.file, "line": each.line, "reason": each.reason, "detail": each.detail} for each in failed
        ]
        unread = storable_json(unread)
        with self._write() as connection:
            for table, rows in ((tables.held, waiting), (tables.failed, unread)):
                if table is tables.held and held is None:
                    continue
                connection.execute(delete(table).where(table.c.origin == storable(origin)))
                if rows:
                    connection.execute(insert(table), rows)

    def set_aside_held(self, origin: str, held: Iterable[Held]) -> None:
        """What of one input waits, in place of what was noted; what could not be read stays noted."""
        with self._write() as connection:
            connection.execute(delete(tables.held).where(tables.held.c.origin == storable(origin)))
            rows = [_row(origin, each) for each in held]
            if rows:
                connection.execute(insert(tables.held), rows)

    def set_aside_origins(self) -> frozenset[str]:
        """Inputs of which something is set aside."""
        with self._read() as connection:
            return frozenset(connection.scalars(select(tables.held.c.origin).union(select(tables.failed.c.origin))))

    def start_run(self, at: datetime) -> str:
        with self._write() as connection:
            counts = dict.fromkeys(("new", "changed", "unchanged", "removed", "held", "failed"), 0)
            made = connection.scalar(insert(tables.run).values(started_at=at, **counts).returning(tables.run.c.number))
            return str(made)

    def finish_run(
        self, run_id: str, at: datetime, *, new: int, changed: int, unchanged: int, removed: int, held: int, failed: int
    ) -> None:
        counts = {"new": new, "changed": changed, "unchanged": unchanged, "removed": removed, "held": held, "failed": failed}
        with self._write() as connection:
            done = connection.execute(update(tables.run).where(tables.run.c.number == int(run_id)).values(finished_at=at, **counts))
            if not done.rowcount:
                raise NotThere("run", run_id)

    def runs(self, limit: int = 20) -> list[Run]:
        """Newest first; one that never finished has no `finished_at`."""
        with self._read() as connection:
            rows = connection.execute(select(tables.run).order_by(tables.run.c.number.desc()).limit(limit)).mappings()
            return [Run(id=str(row["number"]), **{name: value for name, value in row.items() if name != "number"}) for row in rows]

    def setting(self, name: str) -> Any:
        """What was put there last, as JSON values; None if nothing was."""
        with self._read() as connection:
            return connection.scalar(select(tables.setting.c.value).where(tables.setting.c.name == name))

    def put_setting(self, name: str, value: Any) -> None:
        with self._write() as connection:
            connection.execute(delete(tables.setting).where(tables.setting.c.name == name))
            connection.execute(insert(tables.setting).values(name=name, value=storable_json(value)))


def _row(origin: str, held: Held) -> dict[str, Any]:
    row: dict[str, Any] = storable_json({field.name: getattr(held, field.name) for field in fields(held)} | {"origin": origin})
    return row | {"teachable": storable_json(dict(held.teachable))}


def _held(row: Any) -> Held:
    return Held(
        file=row.file, reason=row.reason, hint=row.hint, candidates=tuple(row.candidates), item=row.item, tool=row.tool,
        external_id=row.external_id, kind=row.kind, title=row.title, occurred_at=row.occurred_at, people=tuple(row.people),
        teachable={kind: tuple(values) for kind, values in row.teachable.items()}, sketch=tuple(row.sketch), dismissed=row.dismissed,
        origin=row.origin,
    )  # fmt: skip


def _forget(connection: Connection, key: str) -> set[str]:
    origin = tables.origin
    gave = set(connection.scalars(select(origin.c.interaction_id).where(origin.c.input_key == key)))
    connection.execute(delete(origin).where(origin.c.input_key == key))
    connection.execute(delete(tables.input_).where(tables.input_.c.key == key))
    others = select(origin.c.interaction_id).where(origin.c.interaction_id.in_(sorted(gave)))
    return gave - set(connection.scalars(others)) if gave else set()
