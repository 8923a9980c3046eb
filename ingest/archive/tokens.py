"""API keys as the archive keeps them: a hash, never the key."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Row, insert, select, update

from ingest.archive import tables
from ingest.archive.database import Database
from ingest.archive.errors import NotThere
from ingest.archive.rows import Token


class Tokens(Database):
    def add_token(self, name: str, sha256: str, prefix: str, scopes: Sequence[str], at: datetime) -> None:
        with self._write() as connection:
            connection.execute(insert(tables.token).values(name=name, sha256=sha256, prefix=prefix, scopes=list(scopes), created_at=at))

    def find_token(self, prefix: str) -> Token:
        """Also a revoked one; raises NotThere."""
        with self._read() as connection:
            row = connection.execute(select(tables.token).where(tables.token.c.prefix == prefix)).one_or_none()
        if row is None:
            raise NotThere("token", prefix)
        return _token(row)

    def tokens(self) -> list[Token]:
        """Oldest first."""
        with self._read() as connection:
            rows = connection.execute(select(tables.token).order_by(tables.token.c.created_at, tables.token.c.prefix))
            return [_token(row) for row in rows]

    def revoke_token(self, prefix: str, at: datetime) -> None:
        """Raises NotThere; a token that is revoked already stays so since then."""
        table = tables.token
        with self._write() as connection:
            if self.find_token(prefix).revoked_at is None:
                connection.execute(update(table).where(table.c.prefix == prefix).values(revoked_at=at))


def _token(row: Row[tuple[object, ...]]) -> Token:
    return Token(row.prefix, row.name, row.sha256, tuple(row.scopes), row.created_at, row.revoked_at)
