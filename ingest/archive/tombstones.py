"""Marks of what was erased, so that the next import of the same export does not bring it back: keyed hashes, no word of anybody's."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Connection, delete, insert, select, update

from ingest.archive import tables
from ingest.archive.database import Database
from ingest.archive.storable import storable

MarkKind = Literal["account", "link", "domain", "address", "interaction", "words", "file", "person", "contact", "name", "first"]
"""`address` is a customer's who went with the account; `person` and `contact` the
address and the CRM record of somebody who was erased everywhere; `first` the first word
of a `name`; `words` eight words in a row of theirs."""
Mark = tuple[MarkKind, str]

_KEY = "erasure_key"


class Marks:
    """What was erased, as a question that can be asked of a name, an address or an id. Empty in most homes, and then free."""

    def __init__(self, key: bytes, known: frozenset[str]) -> None:
        self._key, self._known = key, known

    @classmethod
    def of(cls, marks: Iterable[Mark]) -> Marks:
        """As if these had been noted."""
        key = secrets.token_bytes(16)
        return cls(key, frozenset(hashed(key, kind, value) for kind, value in marks))

    def __bool__(self) -> bool:
        return bool(self._known)

    def has(self, kind: MarkKind, value: str) -> bool:
        return bool(self._known) and hashed(self._key, kind, value) in self._known


class Tombstones(Database):
    def marks(self) -> Marks:
        with self._read() as connection:
            known = frozenset(connection.scalars(select(tables.tombstone.c.mark)))
            key = connection.scalar(select(tables.setting.c.value).where(tables.setting.c.name == _KEY)) if known else None
        return Marks(bytes.fromhex(key or ""), known)

    def note_erasure(self, what: str, at: datetime, report: dict[str, Any], marks: Iterable[Mark] = ()) -> int:
        """That something was erased, and by what it would be known again; `report` holds counts alone."""
        with self._write() as connection:
            made = connection.scalar(insert(tables.erasure).values(what=what, at=at, report=report).returning(tables.erasure.c.number))
            number = int(made or 0)
            self._put_marks(connection, number, marks)
        return number

    def complete_erasure(self, number: int, report: dict[str, Any], marks: Iterable[Mark]) -> None:
        """What an erasure that was noted before it began came to."""
        with self._write() as connection:
            connection.execute(update(tables.erasure).where(tables.erasure.c.number == number).values(report=report))
            self._put_marks(connection, number, marks)

    def _put_marks(self, connection: Connection, number: int, marks: Iterable[Mark]) -> None:
        key, table = self._key_of_marks(), tables.tombstone
        new = sorted({hashed(key, kind, value) for kind, value in marks} - set(connection.scalars(select(table.c.mark))))
        if new:
            connection.execute(insert(table), [{"mark": each, "erasure_number": number} for each in new])

    def erasures(self) -> list[tuple[str, datetime, dict[str, Any]]]:
        """What, when and how much, oldest first."""
        with self._read() as connection:
            rows = connection.execute(select(tables.erasure).order_by(tables.erasure.c.number))
            return [(row.what, row.at, dict(row.report)) for row in rows]

    def lift(self, known_by: Iterable[Mark]) -> int:
        """Takes back every erasure that any of these marks belongs to: the next import reads every file again. How many."""
        with self._write() as connection:
            key, table = self._key_of_marks(), tables.tombstone
            wanted = sorted({hashed(key, kind, value) for kind, value in known_by})
            numbers = list(connection.scalars(select(table.c.erasure_number).where(table.c.mark.in_(wanted)).distinct()))
            if numbers:
                connection.execute(delete(table).where(table.c.erasure_number.in_(numbers)))
                connection.execute(update(tables.input_).values(digest="again"))  # something of theirs may have been left out
        return len(numbers)

    def _key_of_marks(self) -> bytes:
        with self._write() as connection:
            table = tables.setting
            known = connection.scalar(select(table.c.value).where(table.c.name == _KEY))
            if known is None:
                known = secrets.token_hex(32)
                connection.execute(insert(table).values(name=_KEY, value=known))
            return bytes.fromhex(known)


def hashed(key: bytes, kind: str, value: str) -> str:
    return hashlib.blake2b(f"{kind}\x1f{storable(value)}".encode(), key=key, digest_size=16).hexdigest()
