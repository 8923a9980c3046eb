"""A home that an earlier Baton made opens, says what it said, and has a copy of itself beside it."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import create_engine

from ingest import erasing
from ingest.archive import migrations
from ingest.archive.archive import Archive
from ingest.archive.database import FILE, HEAD
from ingest.archive.errors import DiskTrouble
from ingest.archive.scope import EVERYTHING
from ingest.archive.upgrading import copies
from ingest.doctor import examine
from tests.conftest import HALDEN, Desk
from tests.exports import DANA, MARTA, gong, under

FIRST = "0002"
_COLUMNS = "SELECT m.name, p.name, p.type, p.'notnull', p.pk FROM sqlite_master m, pragma_table_info(m.name) p WHERE m.type = 'table'"


def as_it_was(home: Path) -> None:
    """The same archive in the form of `FIRST`: each later migration taken back by hand."""
    with closing(sqlite3.connect(home / FILE)) as database:
        for table, column in (("turn", "confidence"), ("deal", "opened_at"), ("deal", "closed_at")):
            database.execute(f"ALTER TABLE {table} DROP COLUMN {column}")
        database.execute("UPDATE person SET roles = '[\"champion\"]' WHERE recorded")
        later = "preference delivery close_event job feedback restricted audit member api_key sign_in_link session principal thread"
        for table in later.split():
            database.execute(f"DROP TABLE {table}")
        database.execute(
            "CREATE TABLE token (prefix VARCHAR NOT NULL, name VARCHAR NOT NULL, sha256 VARCHAR NOT NULL, scopes JSON NOT NULL, "
            "created_at DATETIME NOT NULL, revoked_at DATETIME, PRIMARY KEY (prefix))"
        )
        database.execute("UPDATE alembic_version SET version_num = ?", (FIRST,))
        database.commit()


def form(file: Path) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(file)) as database:
        return sorted(tuple(row) for row in database.execute(_COLUMNS))


def said(desk: Desk) -> list[str]:
    with desk.open() as home:
        return [each.text for each in home.archive.interactions(EVERYTHING)]


@pytest.fixture
def old(desk: Desk) -> Desk:
    desk.write(HALDEN)
    desk.ingest()
    as_it_was(desk.home)
    return desk


def test_what_is_taken_back_by_hand_is_the_form_that_the_first_migration_makes(old: Desk, tmp_path: Path) -> None:
    engine = create_engine(f"sqlite:///{tmp_path / 'first.db'}")
    config = migrations._config()
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, FIRST)
    engine.dispose()
    assert form(old.home / FILE) == form(tmp_path / "first.db")


@pytest.mark.parametrize("write", [False, True])
def test_it_opens_and_says_what_it_said_with_a_copy_as_it_was_beside_it(old: Desk, write: bool) -> None:
    before = form(old.home / FILE)
    Archive.open(old.home, write=write).close()
    [copy] = copies(old.home)
    assert (copy.name, copy.stat().st_mode & 0o777) == (f"{FILE}.before-{HEAD}", 0o600)
    assert form(copy) == before
    assert len(said(old)) == 4
    assert any("18 January 2027" in text for text in said(old))
    tally = old.ingest()
    assert (tally.new, tally.changed, tally.removed, tally.failed) == (0, 0, 0, [])
    assert old.home.joinpath(FILE).is_file()


def test_the_copy_alone_is_the_whole_archive(old: Desk, tmp_path: Path) -> None:
    texts = said(old)
    [copy] = copies(old.home)
    (tmp_path / "restored").mkdir()
    shutil.copy(copy, tmp_path / "restored" / FILE)
    with Archive.open(tmp_path / "restored") as archive:
        assert [each.text for each in archive.interactions(EVERYTHING)] == texts


def test_where_no_copy_can_be_made_nothing_is_changed(old: Desk) -> None:
    before, in_its_way = form(old.home / FILE), old.home / f"{FILE}.before-{HEAD}.new"
    in_its_way.mkdir()
    with pytest.raises(DiskTrouble, match="make room for a copy of the archive"):
        Archive.open(old.home, write=True)
    assert form(old.home / FILE) == before
    in_its_way.rmdir()
    assert list(copies(old.home)) == []
    assert len(said(old)) == 4


def test_doctor_names_the_copy_and_an_erasure_takes_it_out(old: Desk) -> None:
    old.write(under("gong", gong("7002", "Later", [(DANA, "The heliotrope clause stays."), (MARTA, "Good.")])))
    old.ingest()
    assert any(check.name == "copy" and check.ok for check in examine(old.home).checks)
    with old.open(write=True) as home:
        report = erasing.erase(home, "account", home.archive.account(EVERYTHING, "Halden").id)
    assert report.clean
    assert list(copies(old.home)) == []
