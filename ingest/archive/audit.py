"""Who did what on which id: a log that is only ever added to, each entry sealed with a hash over itself and the one before it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Row, String, cast, func, insert, select

from ingest.archive.access_tables import audit
from ingest.archive.database import Database

FIRST = "0" * 64
"""What the first entry has before it."""
_AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class Entry:
    """`targets` are ids, never words; `outcome` is the HTTP status, 0 where there was none."""

    number: int
    at: str
    principal_id: str
    credential: str
    action: str
    targets: tuple[str, ...]
    outcome: int
    request_id: str
    before: str
    hash: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """`broken_at` is the number of the first entry that is not as it was written, or should be there and is not; None if all is well."""

    entries: int
    head: str
    """The hash of the last entry. Noted elsewhere, it shows later that nothing was taken from the end."""
    broken_at: int | None
    holds: bool | None = None
    """Whether the hash asked about is that of an entry; None when none was."""


class AuditLog(Database):
    def record(
        self, principal_id: str, credential: str, action: str, targets: Sequence[str] = (), outcome: int = 0, request_id: str = ""
    ) -> None:
        with self._write() as connection:
            last = connection.execute(select(audit.c.number, audit.c.hash).order_by(audit.c.number.desc()).limit(1)).one_or_none()
            number, before = (last.number + 1, last.hash) if last else (1, FIRST)
            at = self.now().astimezone(UTC).isoformat(timespec="milliseconds")
            entry = Entry(number, at, principal_id, credential, action, tuple(targets), outcome, request_id, before, "")
            connection.execute(
                insert(audit).values(
                    number=number, at=at, principal_id=principal_id, credential=credential, action=action, targets=list(targets),
                    outcome=outcome, request_id=request_id, before=before, hash=_sealed(entry),
                )
            )  # fmt: skip

    def entries(self, *, principal_id: str | None = None, target: str | None = None, since: datetime | None = None) -> Iterator[Entry]:
        """Oldest first."""
        number = 0
        wanted = [audit.c.principal_id == principal_id] if principal_id is not None else []
        if since is not None:
            wanted.append(audit.c.at >= since.astimezone(UTC).isoformat(timespec="milliseconds"))
        while True:
            query = select(audit).where(audit.c.number > number, *wanted).order_by(audit.c.number).limit(_AT_ONCE)
            with self._read() as connection:
                found = [_entry(row) for row in connection.execute(query)]
            if not found:
                return
            yield from (each for each in found if target is None or target in each.targets)
            number = found[-1].number

    def latest(self, limit: int, *, before: int | None = None, principal_id: str | None = None, target: str | None = None) -> list[Entry]:
        """The newest first, from the one of number `before` on, which is not among them."""
        query = select(audit).order_by(audit.c.number.desc()).limit(limit)
        if before is not None:
            query = query.where(audit.c.number < before)
        if principal_id is not None:
            query = query.where(audit.c.principal_id == principal_id)
        if target is not None:
            query = query.where(func.instr(cast(audit.c.targets, String), json.dumps(target, ensure_ascii=False)) > 0)
        with self._read() as connection:
            return [_entry(row) for row in connection.execute(query)]

    def verify(self, known: str = "") -> Verdict:
        """`known` is a hash that was the head once."""
        count, head, holds = 0, FIRST, False
        for entry in self.entries():
            if (entry.number, entry.before, entry.hash) != (count + 1, head, _sealed(entry)):
                return Verdict(count, head, count + 1, holds if known else None)
            count, head = entry.number, entry.hash
            holds = holds or entry.hash == known
        return Verdict(count, head, None, holds if known else None)


def _sealed(entry: Entry) -> str:
    told = [
        entry.number, entry.at, entry.principal_id, entry.credential, entry.action, list(entry.targets), entry.outcome, entry.request_id,
        entry.before,
    ]  # fmt: skip
    return hashlib.sha256(json.dumps(told, ensure_ascii=True, separators=(",", ":")).encode()).hexdigest()


def _entry(row: Row[tuple[object, ...]]) -> Entry:
    return Entry(
        row.number, row.at, row.principal_id, row.credential, row.action, tuple(row.targets), row.outcome, row.request_id, row.before,
        row.hash,
    )  # fmt: skip
