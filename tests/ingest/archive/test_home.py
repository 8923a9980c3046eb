"""Opening a home: who may, what is made, and what is said when it cannot be."""

from __future__ import annotations

import sqlite3
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import exc, insert

from ingest.archive import tables
from ingest.archive.archive import Archive
from ingest.archive.database import FILE, HEAD
from ingest.archive.errors import DiskTrouble, HomeBusy, HomeTooNew, HomeTooOld, HomeUnreadable, ReadOnly
from ingest.archive.migrations import head
from ingest.archive.scope import EVERYTHING
from tests.ingest.making import call, put

HOLD = """
import sys, pathlib
from ingest.archive.archive import Archive
with Archive.open(pathlib.Path(sys.argv[1]), write=True):
    print("open", flush=True)
    sys.stdin.readline()
"""

DIE = """
import os, sys, pathlib
from ingest.archive.archive import Archive
archive = Archive.open(pathlib.Path(sys.argv[1]), write=True)
with archive.transaction():
    archive.put_account("Never There")
    os._exit(9)
"""


def test_a_home_and_its_files_are_for_their_owner_alone(archive: Archive, home: Path) -> None:
    assert stat.S_IMODE(home.stat().st_mode) == 0o700
    assert {stat.S_IMODE(file.stat().st_mode) & 0o077 for file in home.glob(f"{FILE}*")} == {0}


def test_a_folder_with_other_things_in_it_keeps_its_rights(tmp_path: Path) -> None:
    shared = tmp_path / "shared"
    shared.mkdir(mode=0o755)
    (shared / "notes.txt").write_text("mine")
    Archive.open(shared, write=True).close()
    assert stat.S_IMODE(shared.stat().st_mode) == 0o755
    assert stat.S_IMODE((shared / FILE).stat().st_mode) == 0o600


def test_a_home_that_was_opened_to_others_on_purpose_stays_open(home: Path) -> None:
    Archive.open(home, write=True).close()
    home.chmod(0o750)
    Archive.open(home, write=True).close()
    assert stat.S_IMODE(home.stat().st_mode) == 0o750


def test_a_folder_that_was_empty_becomes_its_owners_alone(tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir(mode=0o755)
    Archive.open(empty, write=True).close()
    assert stat.S_IMODE(empty.stat().st_mode) == 0o700


def test_a_home_that_is_not_there_reads_as_empty_and_is_not_made(home: Path) -> None:
    with Archive.open(home) as archive:
        assert archive.accounts(EVERYTHING) == []
        assert archive.passages(EVERYTHING) == []
        with pytest.raises(ReadOnly, match="opened for reading"):
            archive.put_account("Halden")
    assert not home.exists()


def test_what_one_opening_wrote_the_next_one_reads(home: Path) -> None:
    with Archive.open(home, write=True) as archive:
        put(archive, archive.put_account("Halden"), call("c-1", "We go live in March."))
    with Archive.open(home) as archive:
        assert [passage.text for passage in archive.passages(EVERYTHING)] == ["We go live in March."]


def test_readers_see_what_a_writer_has_finished_while_it_is_still_open(archive: Archive, home: Path, halden: str) -> None:
    with Archive.open(home) as reader, archive.transaction():
        put(archive, halden, call("c-1", "Not yet true."))
        assert reader.sources(EVERYTHING) == []
        assert len(archive.sources(EVERYTHING)) == 1


def test_a_second_writer_is_told_who_holds_the_home(home: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", HOLD, str(home)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "open\n"
        with pytest.raises(HomeBusy, match=rf"in use by process {holder.pid} \(.*\); wait until it has finished") as busy:
            Archive.open(home, write=True)
        assert busy.value.pid == holder.pid
        Archive.open(home).close()
        holder.communicate("done\n")
    Archive.open(home, write=True).close()


def test_a_transaction_cut_off_by_death_leaves_nothing_and_frees_the_home(home: Path) -> None:
    Archive.open(home, write=True).close()
    assert subprocess.run([sys.executable, "-c", DIE, str(home)], check=False).returncode == 9
    with Archive.open(home, write=True) as archive:
        assert archive.accounts(EVERYTHING) == []


def test_a_transaction_that_fails_leaves_nothing(archive: Archive, halden: str) -> None:
    before = archive.revision(EVERYTHING)

    def half_done() -> None:
        with archive.transaction():
            put(archive, halden, call("c-1", "We go live in March."))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        half_done()
    assert archive.sources(EVERYTHING) == []
    assert archive.search_words(halden, '"march"', 10) == []
    assert archive.revision(EVERYTHING) == before


@pytest.mark.parametrize("write", [False, True])
def test_a_home_newer_than_the_code_is_left_alone(home: Path, write: bool) -> None:
    Archive.open(home, write=True).close()
    with sqlite3.connect(home / FILE) as database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")
    database.close()
    before = (home / FILE).read_bytes()
    with pytest.raises(HomeTooNew, match="written by a newer Baton"):
        Archive.open(home, write=write)
    assert (home / FILE).read_bytes() == before


@pytest.mark.parametrize("write", [False, True])
def test_a_home_from_before_the_first_release_is_left_alone_with_a_word(home: Path, write: bool) -> None:
    Archive.open(home, write=True).close()
    with sqlite3.connect(home / FILE) as database:
        database.execute("UPDATE alembic_version SET version_num = '0001'")
    database.close()
    before = (home / FILE).read_bytes()
    with pytest.raises(HomeTooOld, match="move the folder away and ingest your exports again"):
        Archive.open(home, write=write)
    assert (home / FILE).read_bytes() == before


def test_a_file_that_is_no_database_is_named(home: Path) -> None:
    home.mkdir()
    (home / FILE).write_text("this is not a database, however long one looks at it" * 20)
    with pytest.raises(HomeUnreadable, match=r"baton\.db cannot be read"):
        Archive.open(home)


def test_a_database_that_is_damaged_after_it_was_opened_is_named(home: Path) -> None:
    with Archive.open(home, write=True) as archive:
        put(archive, archive.put_account("Halden"), call("c-1", "We go live in March. " * 10_000))
    whole = (home / FILE).read_bytes()
    with Archive.open(home) as archive:
        (home / FILE).write_bytes(whole[:16384] + b"\xff" * (len(whole) - 16384))
        with pytest.raises(HomeUnreadable, match=r"baton\.db cannot be read"):
            archive.passages(EVERYTHING)


def test_a_disk_that_is_full_keeps_what_was_finished(home: Path) -> None:
    with Archive.open(home, write=True) as archive:
        halden = archive.put_account("Halden")
        with archive._write() as connection:
            connection.exec_driver_sql("PRAGMA max_page_count=1")  # SQLite takes it for the pages there are
        with pytest.raises(DiskTrouble, match=r"\(database or disk is full\); free some space, and try again"):
            put(archive, halden, call("c-1", "We go live in March. " * 40_000))
        assert [account.name for account in archive.accounts(EVERYTHING)] == ["Halden"]


def test_a_home_that_may_only_be_read_says_so_on_a_write(home: Path) -> None:
    Archive.open(home, write=True).close()
    with Archive.open(home) as archive, archive._read() as connection, pytest.raises(DiskTrouble, match="the right to write there"):
        connection.execute(insert(tables.setting).values(name="n", value="v"))


def test_a_fault_of_ours_keeps_its_own_name(archive: Archive) -> None:
    with archive._read() as connection, pytest.raises(exc.OperationalError, match="no such table"):
        connection.exec_driver_sql("SELECT * FROM nowhere")


def test_the_migrations_make_the_tables_the_code_expects(archive: Archive) -> None:
    with archive._read() as connection:
        differences = compare_metadata(MigrationContext.configure(connection, opts={"compare_type": False}), tables.metadata)
    made_by_fts = [each for each in differences if each[0] == "remove_table" and each[1].name.startswith("passage_words")]
    assert [each for each in differences if each not in made_by_fts] == []
    assert head() == HEAD


def test_the_database_is_kept_safely(archive: Archive) -> None:
    with archive._read() as connection:
        kept = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "secure_delete", "foreign_keys")
        }
    assert kept == {"journal_mode": "wal", "synchronous": 2, "secure_delete": 1, "foreign_keys": 1}


def test_opening_a_home_that_is_up_to_date_does_not_load_alembic(home: Path) -> None:
    Archive.open(home, write=True).close()
    code = (
        "import sys, pathlib\nfrom ingest.archive.archive import Archive\n"
        f"for write in (False, True): Archive.open(pathlib.Path({str(home)!r}), write=write).close()\n"
        "print('alembic' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "False\n"


def test_an_error_of_the_database_does_not_repeat_what_was_to_be_stored(new_home: Path) -> None:
    with Archive.open(new_home, write=True) as archive, archive._write() as connection, pytest.raises(exc.IntegrityError) as error:
        connection.execute(insert(tables.origin).values(input_key="Our floor is 790.", interaction_id="src_0"))
    assert "790" not in str(error.value)
