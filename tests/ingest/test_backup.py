"""A home goes into one file and comes back whole; a file that is none, or not all of one, changes nothing."""

from __future__ import annotations

import json
import sqlite3
import zipfile
from contextlib import closing
from pathlib import Path

import pytest

from assistant.answers import Question
from assistant.asking import ask
from ingest import erasing
from ingest.archive.archive import Archive
from ingest.archive.errors import HomeBusy
from ingest.archive.scope import EVERYTHING
from ingest.backup import ErasureUnderWay, HomeInTheWay, NotABackup, NothingToKeep, back_up, restore
from ingest.erasure_note import Note
from tests.conftest import HALDEN, Desk


@pytest.fixture
def kept(halden_home: Desk, tmp_path: Path) -> Path:
    return back_up(halden_home.home, tmp_path / "kept" / "halden.zip").file


def contents(home: Path) -> dict[str, str]:
    with Archive.open(home) as archive:
        return {each.source.id: each.text for each in archive.interactions(EVERYTHING)}


def test_a_restored_home_holds_what_the_first_one_held_and_answers_alike(halden_home: Desk, kept: Path, tmp_path: Path) -> None:
    done = restore(kept, tmp_path / "home")
    assert contents(tmp_path / "home") == contents(halden_home.home)
    assert (done.kept.accounts, done.kept.interactions) == (1, len(contents(halden_home.home)))
    assert (tmp_path / "home").stat().st_mode & 0o077 == 0
    again = Desk(tmp_path, halden_home.embedder)
    with halden_home.kit() as first, again.kit() as second:
        asked = Question("Who signs above 100k?", first.archive.accounts(EVERYTHING)[0].id)
        assert ask(first, asked).blocks == ask(second, asked).blocks


def test_a_backup_is_made_while_somebody_writes_and_is_of_one_moment(desk: Desk, tmp_path: Path) -> None:
    desk.write(HALDEN)
    desk.ingest()
    before = contents(desk.home)
    with Archive.open(desk.home, write=True) as archive, archive.transaction():
        archive.put_account("Half done", [], [])
        kept = back_up(desk.home, tmp_path / "kept.zip")
    assert kept.accounts == 1
    restore(kept.file, tmp_path / "other")
    assert contents(tmp_path / "other") == before


def test_settings_and_layouts_come_along_and_keys_do_not(desk: Desk, tmp_path: Path) -> None:
    desk.write(HALDEN)
    desk.ingest()
    (desk.home / "baton.toml").write_text('[ingest]\ntimezone = "Europe/Stockholm"\n')
    (desk.home / "layouts").mkdir()
    (desk.home / "layouts" / "ours.toml").write_text("# ours\n")
    (desk.home / "model.key").write_text("sk-canary")
    kept = back_up(desk.home, tmp_path / "kept.zip").file
    restore(kept, tmp_path / "other")
    assert (tmp_path / "other" / "layouts" / "ours.toml").read_text() == "# ours\n"
    assert "Stockholm" in (tmp_path / "other" / "baton.toml").read_text()
    assert not (tmp_path / "other" / "model.key").exists()
    with zipfile.ZipFile(kept) as bundle:
        assert not any(b"sk-canary" in bundle.read(name) for name in bundle.namelist())


def test_a_home_in_the_way_is_left_alone_or_put_aside_whole(kept: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    with Archive.open(home, write=True) as archive:
        archive.put_account("Already here", [], [])
    with pytest.raises(HomeInTheWay, match="--replace"):
        restore(kept, home)
    done = restore(kept, home, replace=True)
    assert done.replaced is not None
    with Archive.open(home) as new, Archive.open(done.replaced) as old:
        assert [account.name for account in new.accounts(EVERYTHING)] == ["Halden Freight Group"]
        assert [account.name for account in old.accounts(EVERYTHING)] == ["Already here"]


def test_a_home_somebody_writes_to_is_not_pulled_away(kept: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    with Archive.open(home, write=True) as archive:
        with pytest.raises(HomeBusy):
            restore(kept, home, replace=True)
        archive.put_account("Still here", [], [])
    assert sorted(path.name for path in tmp_path.iterdir()) == ["home", "kept"]


@pytest.mark.parametrize("harm", ["cut", "altered", "foreign", "escaping", "missing"])
def test_a_file_that_is_no_whole_backup_changes_nothing(kept: Path, tmp_path: Path, harm: str) -> None:
    file = tmp_path / "harmed.zip"
    if harm == "cut":
        file.write_bytes(kept.read_bytes()[:-2000])
    elif harm == "foreign":
        file.write_bytes(b"not a zip")
    elif harm != "missing":
        with zipfile.ZipFile(kept) as whole, zipfile.ZipFile(file, "w") as bundle:
            manifest = json.loads(whole.read("manifest.json"))
            data = whole.read("baton.db")
            if harm == "escaping":
                manifest["files"]["../evil.toml"] = manifest["files"]["baton.db"]
                bundle.writestr("../evil.toml", data)
            bundle.writestr("manifest.json", json.dumps(manifest))
            bundle.writestr("baton.db", data[:-1] + bytes([data[-1] ^ 1]) if harm == "altered" else data)
    with pytest.raises(NotABackup):
        restore(file, tmp_path / "home")
    assert not (tmp_path / "home").exists()
    assert not (tmp_path / "evil.toml").exists()
    assert not [path for path in tmp_path.iterdir() if "restoring" in path.name]


def test_there_is_nothing_to_keep_where_there_is_no_archive(tmp_path: Path) -> None:
    with pytest.raises(NothingToKeep):
        back_up(tmp_path / "home", tmp_path / "kept.zip")
    assert not (tmp_path / "kept.zip").exists()


def test_a_backup_is_a_database_that_any_sqlite_opens(kept: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(kept) as bundle:
        bundle.extract("baton.db", tmp_path)
    with closing(sqlite3.connect(tmp_path / "baton.db")) as opened:
        assert opened.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def rewritten(kept: Path, file: Path, manifest: object = None, leave_out: str = "") -> Path:
    """A copy of a backup with another manifest, or one part less."""
    with zipfile.ZipFile(kept) as whole, zipfile.ZipFile(file, "w") as bundle:
        for name in set(whole.namelist()) - {leave_out, "manifest.json"}:
            bundle.writestr(name, whole.read(name))
        bundle.writestr("manifest.json", json.dumps(json.loads(whole.read("manifest.json")) if manifest is None else manifest))
    return file


def test_bytes_that_a_disk_lost_are_a_damaged_backup_and_no_fault_of_ours(kept: Path, tmp_path: Path) -> None:
    data = bytearray(kept.read_bytes())
    with zipfile.ZipFile(kept) as whole:
        packed = whole.getinfo("baton.db")
    begins = packed.header_offset + 30 + len(packed.filename)
    data[begins : begins + 4000] = b"\xff" * 4000
    (tmp_path / "harmed.zip").write_bytes(data)
    with pytest.raises(NotABackup, match="not all of it"):
        restore(tmp_path / "harmed.zip", tmp_path / "home")
    assert not (tmp_path / "home").exists()


@pytest.mark.parametrize("manifest", [[], {"format": 1, "files": []}, {"format": 1, "files": {"baton.db": 7}}, {"format": [1]}, "baton"])
def test_a_manifest_of_any_other_shape_is_not_ours(kept: Path, tmp_path: Path, manifest: object) -> None:
    with pytest.raises(NotABackup):
        restore(rewritten(kept, tmp_path / "odd.zip", manifest), tmp_path / "home")
    assert not (tmp_path / "home").exists()


def test_a_backup_without_an_archive_never_becomes_an_empty_home(kept: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(kept) as whole:
        manifest = json.loads(whole.read("manifest.json"))
    del manifest["files"]["baton.db"]
    with pytest.raises(NotABackup, match=r"baton\.db"):
        restore(rewritten(kept, tmp_path / "bare.zip", manifest, leave_out="baton.db"), tmp_path / "home")
    assert not (tmp_path / "home").exists()


def test_while_an_erasure_is_not_finished_no_backup_keeps_what_it_takes_out(desk: Desk, tmp_path: Path) -> None:
    desk.write(HALDEN)
    desk.ingest()
    with Archive.open(desk.home, write=True) as archive:  # as whoever is erasing holds the home
        Note("account", archive.accounts(EVERYTHING)[0].id).write(desk.home)
        with pytest.raises(ErasureUnderWay, match="baton doctor"):
            back_up(desk.home, tmp_path / "kept.zip")
    assert sorted(path.name for path in tmp_path.glob("*kept*")) == sorted(path.name for path in tmp_path.glob(".baton-backup-*")) == []
    kept = back_up(desk.home, tmp_path / "kept.zip")  # cut short, and nobody is at it any longer
    assert (kept.accounts, kept.interactions) == (0, 0)
    assert not erasing.pending(desk.home)
    with zipfile.ZipFile(kept.file) as bundle:
        assert b"18 January" not in bundle.read("baton.db")


def test_a_home_that_cannot_be_moved_is_restored_where_it_is(
    kept: Path, halden_home: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "volume"
    home.mkdir()
    where = home.stat().st_ino
    monkeypatch.setattr("os.path.ismount", lambda path: path == home)
    assert restore(kept, home).replaced is None
    assert contents(home) == contents(halden_home.home)
    with Archive.open(home, write=True) as archive:
        archive.put_account("Later", [], [])
    done = restore(kept, home, replace=True)
    assert home.stat().st_ino == where
    assert contents(home) == contents(halden_home.home)
    assert done.replaced is not None
    assert done.replaced.parent == home
    with Archive.open(done.replaced) as old:
        assert "Later" in [account.name for account in old.accounts(EVERYTHING)]
    assert [path.name for path in home.iterdir() if "restoring" in path.name] == []
    with pytest.raises(NotABackup):
        restore(home / "baton.toml", home, replace=True)
    assert contents(home) == contents(halden_home.home)
