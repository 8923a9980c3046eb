"""Who may come in as everybody else sees it: people, programs, keys, sessions and the audit log, in the archive's own file.

Unlike the history these may be written beside the home's one writer, so that a key is made or revoked while the server runs: each
write is short, and SQLite lets one after the other through.
"""

from __future__ import annotations

from ingest.archive.audit import AuditLog
from ingest.archive.beside import Beside
from ingest.archive.keys import Keys
from ingest.archive.members import Members
from ingest.archive.restrictions import Restrictions
from ingest.archive.sessions import Sessions


class Admissions(Beside, Members, Keys, Sessions, Restrictions, AuditLog):
    """All of it together; each part is in the module it comes from."""
