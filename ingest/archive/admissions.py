"""Who may come in as everybody else sees it: people, programs, keys, sessions and the audit log, in the archive's own file.

Unlike the history these may be written beside the home's one writer, so that a key is made or revoked while the server runs: each
write is short, and SQLite lets one after the other through.
"""

from __future__ import annotations

from pathlib import Path
from typing import Self

from ingest.archive.audit import AuditLog
from ingest.archive.database import FILE, HEAD, Database, engine_of, holds_archive, revision_of
from ingest.archive.keys import Keys
from ingest.archive.members import Members
from ingest.archive.restrictions import Restrictions
from ingest.archive.sessions import Sessions


class Admissions(Members, Keys, Sessions, Restrictions, AuditLog):
    @classmethod
    def of_home(cls, home: Path) -> Self:
        """Makes or migrates the home first where need be, for which nobody else may be writing to it. Close it after use."""
        if not holds_archive(home) or revision_of(home / FILE, home) != HEAD:
            cls.open(home, write=True).close()
        return cls(engine_of(home / FILE), None)

    @classmethod
    def beside(cls, archive: Database) -> Self:
        """On the connections of an open archive, in turn with its writes. It is closed with the archive."""
        made = cls(archive._engine, None)
        made._writing, made._mine, made.now = archive._writing, archive._mine, archive.now
        return made

    def _may_write(self) -> bool:
        return True
