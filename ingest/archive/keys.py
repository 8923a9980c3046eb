"""API keys as the archive keeps them: a hash, never the key."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Row, insert, select, update

from ingest.archive.access_tables import api_key
from ingest.archive.database import Database
from ingest.archive.errors import NotThere
from ingest.archive.rows import StoredKey
from ingest.archive.storable import storable


class Keys(Database):
    def add_key(self, new: StoredKey) -> None:
        with self._write() as connection:
            connection.execute(
                insert(api_key).values(
                    prefix=new.prefix, principal_id=new.principal_id, name=storable(new.name), sha256=new.sha256,
                    permissions=list(new.permissions), made_at=new.made_at, made_by=new.made_by, expires_at=new.expires_at,
                )
            )  # fmt: skip

    def key(self, prefix: str) -> StoredKey:
        """Also a revoked or expired one; raises NotThere."""
        with self._read() as connection:
            row = connection.execute(select(api_key).where(api_key.c.prefix == prefix)).one_or_none()
        if row is None:
            raise NotThere("key", prefix)
        return _key(row)

    def every_key(self) -> list[StoredKey]:
        """Oldest first."""
        with self._read() as connection:
            return [_key(row) for row in connection.execute(select(api_key).order_by(api_key.c.made_at, api_key.c.prefix))]

    def revoke_key(self, prefix: str, at: datetime) -> None:
        """Raises NotThere; a key that is revoked already stays so since then."""
        with self._write() as connection:
            if self.key(prefix).revoked_at is None:
                connection.execute(update(api_key).where(api_key.c.prefix == prefix).values(revoked_at=at))

    def use_key(self, prefix: str, at: datetime) -> None:
        with self._write() as connection:
            connection.execute(update(api_key).where(api_key.c.prefix == prefix).values(used_at=at))


def _key(row: Row[tuple[object, ...]]) -> StoredKey:
    return StoredKey(
        row.prefix, row.principal_id, row.name, row.sha256, tuple(row.permissions), row.made_at, row.made_by, row.expires_at, row.used_at,
        row.revoked_at,
    )  # fmt: skip
