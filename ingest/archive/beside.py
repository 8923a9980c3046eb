"""What may be written beside the home's one writer: each write is short, and SQLite lets one after the other through."""

from __future__ import annotations

from pathlib import Path
from typing import Self

from ingest.archive.database import FILE, HEAD, Database, engine_of, holds_archive, revision_of


class Beside(Database):
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
