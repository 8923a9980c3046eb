"""SQLite's words for what a person can do something about, under names of our own."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from ingest.archive.errors import DiskTrouble, HomeBusy, HomeUnreadable

_DISK: dict[int, str] = {
    sqlite3.SQLITE_FULL: "free some space",
    sqlite3.SQLITE_READONLY: "give yourself the right to write there, or choose another folder with --home",
    sqlite3.SQLITE_PERM: "give yourself the right to read and write there, or choose another folder with --home",
    sqlite3.SQLITE_CANTOPEN: "give yourself the right to read and write there, or choose another folder with --home",
    sqlite3.SQLITE_IOERR: "see to the disk it lies on, or choose another folder with --home",
}
"""What to do about SQLite's words for a disk that does not play along."""


def raise_known(error: sqlite3.Error, file: Path) -> None:
    """Under its own name if it has one; else nothing happens."""
    if not hasattr(error, "sqlite_errorcode"):
        return
    code = error.sqlite_errorcode & 0xFF  # the higher bits say in which of its ways it failed
    if code in _DISK:
        raise DiskTrouble(file.parent, str(error), _DISK[code]) from error
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):  # by a program that does not know of our lock
        raise HomeBusy(file.parent, None, "") from error
    if code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
        raise HomeUnreadable(file, str(error)) from error
