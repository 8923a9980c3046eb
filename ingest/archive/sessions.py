"""Links that sign a browser in once, and the sessions they begin; of either only a hash is kept."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Row, delete, insert, select, update

from ingest.archive.access_tables import session, sign_in_link
from ingest.archive.database import Database
from ingest.archive.errors import NotThere
from ingest.archive.rows import StoredSession

KEPT = timedelta(days=30)
"""How long a spent link and an ended session can still be told about."""


class Sessions(Database):
    def add_link(self, sha256: str, principal_id: str, made_at: datetime, expires_at: datetime) -> None:
        with self._write() as connection:
            connection.execute(delete(sign_in_link).where(sign_in_link.c.expires_at < made_at - KEPT))
            connection.execute(
                insert(sign_in_link).values(sha256=sha256, principal_id=principal_id, made_at=made_at, expires_at=expires_at)
            )

    def spend_link(self, sha256: str, at: datetime) -> str | None:
        """Whom the link signs in, once and while it is good; None otherwise."""
        table = sign_in_link
        with self._write() as connection:
            row = connection.execute(select(table).where(table.c.sha256 == sha256)).one_or_none()
            if row is None or row.used_at is not None or row.expires_at <= at:
                return None
            connection.execute(update(table).where(table.c.sha256 == sha256).values(used_at=at))
            return str(row.principal_id)

    def withdraw_links(self, principal_id: str) -> None:
        """Links of theirs that were not used yet no longer sign anybody in."""
        with self._write() as connection:
            unused = sign_in_link.c.principal_id == principal_id, sign_in_link.c.used_at.is_(None)
            connection.execute(delete(sign_in_link).where(*unused))

    def add_session(self, new: StoredSession, sha256: str) -> None:
        with self._write() as connection:
            connection.execute(delete(session).where(session.c.expires_at < new.begun_at - KEPT))
            connection.execute(
                insert(session).values(
                    id=new.id, principal_id=new.principal_id, sha256=sha256, begun_at=new.begun_at, seen_at=new.seen_at,
                    expires_at=new.expires_at,
                )
            )  # fmt: skip

    def session_by(self, sha256: str) -> StoredSession | None:
        """Also one that has ended."""
        with self._read() as connection:
            row = connection.execute(select(session).where(session.c.sha256 == sha256)).one_or_none()
        return _session(row) if row else None

    def session(self, session_id: str) -> StoredSession:
        """Raises NotThere."""
        with self._read() as connection:
            row = connection.execute(select(session).where(session.c.id == session_id)).one_or_none()
        if row is None:
            raise NotThere("session", session_id)
        return _session(row)

    def sessions(self, principal_id: str | None = None) -> list[StoredSession]:
        """The newest first, ended ones too; of one principal, or of all."""
        query = select(session).order_by(session.c.begun_at.desc(), session.c.id)
        if principal_id is not None:
            query = query.where(session.c.principal_id == principal_id)
        with self._read() as connection:
            return [_session(row) for row in connection.execute(query)]

    def see_session(self, session_id: str, at: datetime) -> None:
        with self._write() as connection:
            connection.execute(update(session).where(session.c.id == session_id).values(seen_at=at))

    def end_session(self, session_id: str, at: datetime) -> None:
        """It opens nothing from now on; one that has ended stays so since then."""
        with self._write() as connection:
            running = session.c.id == session_id, session.c.ended_at.is_(None)
            connection.execute(update(session).where(*running).values(ended_at=at))


def _session(row: Row[tuple[object, ...]]) -> StoredSession:
    return StoredSession(row.id, row.principal_id, row.begun_at, row.seen_at, row.expires_at, row.ended_at)
