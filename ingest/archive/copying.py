"""A whole copy of an archive's database, made while others read and write it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from ingest.archive.disk import raise_known

PAGES = 4096
"""Copied at a time; between two lots writers get their turn."""


def copy_database(file: Path, target: Path) -> None:
    """`target` then holds what the archive in this file held at one moment; it must not exist. Raises DiskTrouble and HomeUnreadable."""
    target.touch(mode=0o600, exist_ok=False)
    address = f"{file.resolve().as_uri()}?mode=ro"
    try:
        with closing(sqlite3.connect(address, uri=True)) as source, closing(sqlite3.connect(target)) as copy:
            source.backup(copy, pages=PAGES)
    except sqlite3.Error as error:
        raise_known(error, file)
        raise
