"""Whatever is wrong with a home is said, mended from the archive where that can be done, and never passed over in silence."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from assistant.answers import Answer, Question
from assistant.asking import ask
from assistant.wiring import open_kit
from ingest import doctor
from ingest.archive.admissions import Admissions
from ingest.archive.archive import Archive
from ingest.archive.scope import EVERYTHING
from ingest.doctor import Report, examine
from ingest.index import rows
from ingest.index.projection import FOLDER, bring_up_to_date
from ingest.opened import Home
from ingest.wiring import open_home
from tests.ingest.making import HashedWords, call, put

ASKED = "Who holds key77 of the marzipan depot?"


@pytest.fixture(autouse=True)
def hashed(monkeypatch: pytest.MonkeyPatch) -> None:
    """An embedder that needs no weights, and a file of embeddings for smaller accounts than usual."""
    monkeypatch.setattr(rows, "LEAST", 500)
    monkeypatch.setattr("assistant.wiring.LEAST", 500)
    monkeypatch.setattr(doctor, "open_home", opened)


def opened(path: Path, *, write: bool = False) -> Home:
    return open_home(path, write=write, load_embedder=HashedWords, model=HashedWords.name)


@pytest.fixture(scope="session")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home whose account is large enough for Chroma to write its index out, and one that is small."""
    path = tmp_path_factory.mktemp("whole") / "home"
    least, rows.LEAST = rows.LEAST, 500
    with Archive.open(path, write=True) as archive:
        halden = archive.put_account("Halden Freight Group", ["halden.example"])
        put(archive, halden, call("long", *[f"Depot {n} is opened by keeper{n * 7} with key{n} every morning." for n in range(1100)]))
        put(archive, archive.put_account("Kestrel"), call("short", "The marzipan obelisk is Kestrel's."))
        archive.put_setting("our_domains", ["cartage.example"])
    with opened(path, write=True) as home:
        bring_up_to_date(home)
    rows.LEAST = least
    return path


@pytest.fixture
def home(whole: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(whole, tmp_path / "home"))


def answered(path: Path) -> Answer:
    with open_kit(opened(path)) as kit:
        return ask(kit, Question(ASKED, kit.archive.account(EVERYTHING, "Halden").id))


def wrong(report: Report) -> list[str]:
    """Each kind of trouble once."""
    return list(dict.fromkeys(check.name for check in report.checks if not check.ok))


def vectors(path: Path) -> Path:
    return next(folder for folder in (path / FOLDER).glob(f"*/{HashedWords.name}") if list(folder.rglob("index_metadata.pickle")))


def index_file(name: str) -> Callable[[Path], Path]:
    return lambda path: next(vectors(path).rglob(name))


def truncated(file: Path) -> None:
    # To less than one vector: Chroma writes room for a thousand, and an end that holds none may go without harm.
    os.truncate(file, min(file.stat().st_size // 8, 512))


def zeroed(file: Path) -> None:
    file.write_bytes(b"\0" * file.stat().st_size)


def flipped(file: Path) -> None:
    data = bytearray(file.read_bytes())
    for at in range(len(data) // 3, 2 * len(data) // 3, 7):
        data[at] ^= 0xFF
    file.write_bytes(bytes(data))


FILES = {
    "Chroma's database": index_file("chroma.sqlite3"),
    "the vectors": index_file("data_level0.bin"),
    "the header": index_file("header.bin"),
    "the embeddings": lambda path: next((path / FOLDER).glob("*/*.rows")),
}
DAMAGE = {"truncated": truncated, "zeroed": zeroed, "flipped": flipped, "deleted": Path.unlink}


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE.keys())
@pytest.mark.parametrize("of", FILES.values(), ids=FILES.keys())
def test_every_damaged_file_of_an_index_is_found_and_made_again(
    home: Path, of: Callable[[Path], Path], damage: Callable[[Path], None]
) -> None:
    damage(of(home))
    before = examine(home)
    assert wrong(before) == ["indexes"]
    assert "--repair" in next(check.do for check in before.checks if not check.ok)
    assert wrong(examine(home, repair=True)) == []  # which looks again after it has repaired


def test_a_home_that_is_whole_has_nothing_wrong_and_an_answer_to_compare_with(home: Path, whole: Path) -> None:
    assert wrong(examine(home)) == []
    assert answered(whole).citations


def without_vectors(path: Path) -> None:
    shutil.rmtree(path / FOLDER)


def without_words(path: Path) -> None:
    with sqlite3.connect(path / "baton.db") as database:
        database.execute("DELETE FROM passage_words WHERE rowid % 2")


def words_damaged(path: Path) -> None:
    with sqlite3.connect(path / "baton.db") as database:
        database.execute("UPDATE passage_words_data SET block = zeroblob(length(block)) WHERE id > 10")


def words_of_others(path: Path) -> None:
    with sqlite3.connect(path / "baton.db") as database:
        database.execute("UPDATE passage_words_content SET c1 = 'something else altogether' WHERE id % 3 = 0")


@pytest.mark.parametrize("damage", [without_vectors, without_words, words_damaged, words_of_others])
def test_a_lost_or_damaged_index_is_made_again_and_the_answer_is_the_same_or_says_that_it_is_degraded(
    home: Path, whole: Path, damage: Callable[[Path], None]
) -> None:
    right = answered(whole)
    damage(home)
    meanwhile = answered(home)
    assert meanwhile.degraded or [c.id for c in meanwhile.citations] == [c.id for c in right.citations]
    assert wrong(examine(home)) in (["indexes"], ["words"])
    assert wrong(examine(home, repair=True)) == []
    assert [c.id for c in answered(home).citations] == [c.id for c in right.citations]


def test_passages_without_an_embedding_are_said_in_every_answer(home: Path) -> None:
    with sqlite3.connect(home / "baton.db") as database:
        database.execute("DELETE FROM embedding WHERE content IN (SELECT content FROM embedding LIMIT 5)")
    for file in (home / FOLDER).glob("*/*.rows"):
        file.unlink()
    assert any("5 passages are not embedded" in part for part in answered(home).degraded)
    assert "weights" in wrong(examine(home))


def test_what_a_killed_run_left_and_what_nobody_needs_any_longer_is_cleared_away(home: Path) -> None:
    account = vectors(home).parent
    stranger = home / FOLDER / "acc_0000000000000000" / HashedWords.name
    for made in (account / f".{HashedWords.name}-0badcafe", account / "another-model", stranger):
        made.mkdir(parents=True)
        (made / "chroma.sqlite3").write_text("left over")
    (account / "another-model.whole").write_text("x")
    (home / "serve.log.new").write_text("half")
    report = examine(home)
    assert wrong(report) == ["leftovers"]
    assert next(check.says for check in report.checks if not check.ok).startswith("5 files or folders that nothing needs")
    assert wrong(examine(home, repair=True)) == []
    assert "left over" not in "".join(path.read_text("latin-1") for path in home.rglob("*") if path.is_file())
    assert wrong(examine(home)) == []


def test_an_import_that_did_not_finish_is_said(home: Path) -> None:
    with opened(home, write=True) as open_:
        run = open_.archive.start_run(datetime(2026, 9, 1, 8, 30, tzinfo=UTC))
    report = examine(home, repair=True)
    assert wrong(report) == ["last import"]
    assert "2026-09-01 08:30 UTC" in next(check.says for check in report.checks if not check.ok)
    with opened(home, write=True) as open_:
        counts = {"new": 0, "changed": 0, "unchanged": 0, "removed": 0, "held": 0, "failed": 0}
        open_.archive.finish_run(run, datetime(2026, 9, 1, 8, 31, tzinfo=UTC), **counts)
    assert wrong(examine(home)) == []


@pytest.mark.parametrize("repair", [False, True])
def test_an_archive_that_is_damaged_itself_is_said_and_never_repaired(home: Path, repair: bool) -> None:
    file = home / "baton.db"
    data = bytearray(file.read_bytes())
    with sqlite3.connect(file) as database:
        [page] = database.execute("SELECT rootpage FROM sqlite_master WHERE name = 'turn'").fetchone()
        [size] = database.execute("PRAGMA page_size").fetchone()
    data[(page - 1) * size : (page - 1) * size + 400] = b"\xff" * 400
    file.write_bytes(bytes(data))
    report = examine(home, repair=repair)
    assert wrong(report) == ["archive"]
    assert "backup" in next(check.do + check.says for check in report.checks if not check.ok)
    assert file.read_bytes() == bytes(data)


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is read-only to root")
def test_a_folder_that_may_only_be_read_is_said(home: Path) -> None:
    shutil.rmtree(vectors(home))
    vectors_of = home / FOLDER
    vectors_of.chmod(0o500)
    try:
        assert "indexes" in wrong(examine(home, repair=True))
    finally:
        vectors_of.chmod(0o700)


def test_a_folder_that_cannot_be_written_is_said_and_what_to_do(home: Path) -> None:
    shutil.rmtree(home / FOLDER)
    (home / FOLDER).write_text("in the way")
    report = examine(home, repair=True)
    assert wrong(report) == ["indexes"]
    assert "rights and the disk" in next(check.do for check in report.checks if not check.ok)


def test_an_audit_log_that_somebody_changed_is_named(tmp_path: Path) -> None:
    with Archive.open(tmp_path / "home", write=True) as archive:
        log = Admissions.beside(archive)
        for number in range(3):
            log.record("usr_1", "bt_1", "GET /sources/{source}", [f"src_{number}"], 200)
    assert "3 entries, each as it was written" in [check.says for check in examine(tmp_path / "home").checks]
    database = sqlite3.connect(tmp_path / "home" / "baton.db")
    with database:
        database.execute("DROP TRIGGER audit_no_update")
        database.execute("UPDATE audit SET outcome = 404 WHERE number = 2")
    database.close()
    [check] = [check for check in examine(tmp_path / "home").checks if check.name == "audit log"]
    assert not check.ok
    assert "entry 2 " in check.says
