"""The vectors are a copy: lost, damaged or out of date, they are made again from the archive."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from ingest.archive.archive import Archive
from ingest.archive.scope import EVERYTHING
from ingest.index.embedder import Embedder
from ingest.index.port import IndexBroken
from ingest.index.projection import FOLDER, bring_up_to_date, differences, mend, rebuild
from ingest.index.vectors import VectorIndex
from tests.ingest.making import HashedWords, call, put


@dataclass
class Home:
    path: Path
    archive: Archive
    embedder: Embedder | None
    index: VectorIndex
    model: str = HashedWords.name
    degraded: tuple[str, ...] = ()
    store: str = ""
    looked: int = 0

    @property
    def vectors(self) -> VectorIndex:
        self.looked += 1
        return self.index


@pytest.fixture
def open_home(home: Path, archive: Archive, halden: str) -> Iterator[Home]:
    index = VectorIndex(home / FOLDER, HashedWords.name)
    put(archive, halden, call("c-1", *[f"Point {n}: the price of item {n} is settled." for n in range(120)]))
    yield Home(home, archive, HashedWords(), index)
    index.close()


def place(home: Home, account: str) -> Path:
    return home.path / FOLDER / account / HashedWords.name


def test_what_is_new_is_embedded_once_and_then_nothing_is_looked_at(open_home: Home, halden: str) -> None:
    seen: list[tuple[int, int]] = []
    assert bring_up_to_date(open_home, lambda done, total: seen.append((done, total))) == (120, ())
    assert seen[-1] == (120, 120)
    assert open_home.index.ids(halden) == {passage.id for passage in open_home.archive.passages(EVERYTHING)}
    open_home.looked, open_home.embedder = 0, None
    assert bring_up_to_date(open_home) == (0, ())
    assert open_home.looked == 0


def test_without_an_embedder_what_is_missing_waits_and_says_why(open_home: Home) -> None:
    open_home.embedder, open_home.degraded = None, ("no weights",)
    assert bring_up_to_date(open_home) == (0, ("no weights",))


def test_losing_the_vectors_folder_loses_nothing(open_home: Home, halden: str) -> None:
    bring_up_to_date(open_home)
    query = HashedWords().query("the price of item 7").vector
    before = open_home.index.search(halden, query, 5)
    open_home.index.close()
    shutil.rmtree(open_home.path / FOLDER)
    assert bring_up_to_date(open_home) == (0, ())
    assert open_home.index.search(halden, query, 5) == before


def test_an_account_whose_words_are_gone_leaves_no_folder(open_home: Home, halden: str) -> None:
    bring_up_to_date(open_home)
    for source in open_home.archive.sources(EVERYTHING):
        open_home.archive.remove_interaction(source.id)
    bring_up_to_date(open_home)
    assert not place(open_home, halden).exists()


def nonsense(file: Path) -> None:
    file.write_bytes(b"junk" * 1024)


DAMAGE: dict[str, Callable[[Path], None]] = {
    "its database is overwritten": lambda folder: nonsense(folder / "chroma.sqlite3"),
    "its index is deleted": lambda folder: [shutil.rmtree(each) for each in folder.iterdir() if each.is_dir()] and None,
    "the header of its index is overwritten": lambda folder: [nonsense(each) for each in folder.rglob("header.bin")] and None,
}


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE.keys())
def test_a_damaged_folder_is_noticed_and_made_again(open_home: Home, halden: str, damage: Callable[[Path], None]) -> None:
    account = halden
    matters = [f"Matter {n} has its own word{n} and number{n * 7}." for n in range(1100)]  # enough for Chroma to write its index out
    put(open_home.archive, account, call("long", *matters))
    bring_up_to_date(open_home)
    assert differences(open_home.archive, open_home.index, account) == []
    open_home.index.close()

    damage(place(open_home, account))

    [difference] = differences(open_home.archive, open_home.index, account)
    assert difference.index == "vectors"
    assert difference.broken or difference.missing
    open_home.index.close()
    mend(open_home.archive, open_home.index, account)
    assert differences(open_home.archive, open_home.index, account) == []
    query = HashedWords().query("word77").vector
    assert len(open_home.index.search(account, query, 5)) == 5


def test_a_folder_that_cannot_be_opened_is_a_broken_index(open_home: Home, halden: str) -> None:
    bring_up_to_date(open_home)
    open_home.index.close()
    nonsense(place(open_home, halden) / "chroma.sqlite3")
    with pytest.raises(IndexBroken, match=halden):
        open_home.index.search(halden, HashedWords().query("price").vector, 5)
    with pytest.raises(IndexBroken, match=halden):
        open_home.index.ids(halden)


def test_missing_stray_and_altered_entries_are_told_apart_and_mended(open_home: Home, halden: str) -> None:
    bring_up_to_date(open_home)
    lost, changed, *_ = sorted(open_home.index.ids(halden))
    other = HashedWords().query("something else entirely").vector
    open_home.index.delete(halden, [lost, changed])
    open_home.index.add(halden, {changed: other, "stray": other})
    [difference] = differences(open_home.archive, open_home.index, halden)
    assert (difference.missing, difference.stray, difference.altered) == ({lost}, {"stray"}, {changed})
    assert str(difference) == f"the vectors of {halden} differ from the archive: 1 missing, 1 stray, 1 altered"
    mend(open_home.archive, open_home.index, halden)
    assert differences(open_home.archive, open_home.index, halden) == []


def test_words_that_went_astray_are_noticed_and_made_again(open_home: Home, halden: str) -> None:
    bring_up_to_date(open_home)
    with open_home.archive._write() as connection:
        connection.exec_driver_sql("DELETE FROM passage_words WHERE words LIKE '%item 7 %'")
    [difference] = differences(open_home.archive, open_home.index, halden)
    assert (difference.index, len(difference.missing)) == ("words", 1)
    rebuild(open_home.archive, open_home.index, halden)
    assert differences(open_home.archive, open_home.index, halden) == []


def test_many_accounts_are_open_and_close_again(open_home: Home) -> None:
    vector = HashedWords().query("price").vector
    for n in range(20):
        open_home.index.add(f"acc_{n:016x}", {f"p{n}": vector})
    assert [open_home.index.search(f"acc_{n:016x}", vector, 1)[0].passage_id for n in range(20)] == [f"p{n}" for n in range(20)]
    assert len(open_home.index._open) == 16
    open_home.index.close()
    assert not open_home.index._open
