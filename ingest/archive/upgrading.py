"""Brings an archive that an earlier Baton made to today's form: a copy of it first, then every step in one transaction.

The copy stays in the home until it is erased from or its owner throws it away: it holds what the archive held.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from sqlalchemy import Engine

from ingest.archive.copying import copy_database
from ingest.archive.errors import DiskTrouble

_MARK = ".before-"


def upgrade(engine: Engine, file: Path, revision: str) -> None:
    """Makes the tables of a new file, or takes one that is there from `revision` to the newest.

    Raises DiskTrouble where there is no room for the copy; then nothing has been changed.
    """
    from ingest.archive import migrations  # Alembic is slow to load and seldom needed

    if revision:
        _copy(file, file.with_name(f"{file.name}{_MARK}{migrations.head()}"))
    with engine.connect().execution_options(writes=True) as connection, connection.begin():
        migrations.upgrade(connection)


def copies(home: Path) -> Iterator[Path]:
    """What `upgrade` left beside the archive, and what it could not finish."""
    return (each for each in sorted(home.glob(f"*{_MARK}*")) if each.is_file() and not each.is_symlink())


def drop_copies(home: Path) -> None:
    """Where something is taken out for good, it does not stay in a copy from before."""
    for each in copies(home):
        each.unlink(missing_ok=True)


def _copy(file: Path, to: Path) -> None:
    """Whole or not at all."""
    made = to.with_name(f"{to.name}.new")
    try:
        made.unlink(missing_ok=True)
        copy_database(file, made)
        with made.open("r+b") as written:
            os.fsync(written.fileno())
        made.replace(to)
    except (OSError, DiskTrouble) as error:
        with suppress(OSError):
            made.unlink()
        raise DiskTrouble(file.parent, str(error), "make room for a copy of the archive, which is brought to a new form") from error
