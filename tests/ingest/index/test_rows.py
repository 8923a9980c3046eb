"""A large account's embeddings lie in one file, which says what the archive says or is not used."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from assistant.answers import Question
from assistant.asking import ask
from assistant.wiring import Kit
from ingest.archive.archive import Archive
from ingest.archive.scope import EVERYTHING, Scope
from ingest.index import projection, rows
from ingest.index.projection import FOLDER, bring_up_to_date
from ingest.index.rows import Rows, gathered, read_rows, rows_file
from ingest.index.vectors import VectorIndex
from tests.conftest import Desk
from tests.exports import neutral, note
from tests.ingest.index.test_projection import Home
from tests.ingest.making import HashedWords, call, on, put

MODEL = HashedWords.name


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rows, "LEAST", 10)
    monkeypatch.setattr(rows, "_AT_ONCE", 7)
    monkeypatch.setattr("assistant.wiring.LEAST", 10)


@pytest.fixture
def open_home(home: Path, archive: Archive, halden: str) -> Iterator[Home]:
    index = VectorIndex(home / FOLDER, MODEL)
    put(archive, halden, call("c-1", *[f"Point {n}: item {n} costs {n * 3} euros." for n in range(30)], occurred_at=on(9, 1)))
    put(archive, halden, call("c-2", "Later.", "Point 3: item 3 costs 9 euros.", occurred_at=on(9, 9)))
    yield Home(home, archive, HashedWords(), index)
    index.close()


def contents(home: Home, scope: Scope = EVERYTHING) -> list[str]:
    return [passage.content for passage in home.archive.passages(scope)]


def as_kept(home: Home, wanted: list[str]) -> Rows:
    kept = home.archive.embeddings(EVERYTHING, MODEL)
    return gathered([kept[content] for content in wanted])


def same(one: Rows | None, other: Rows) -> bool:
    assert one is not None
    pairs = [(getattr(one, name), getattr(other, name)) for name in Rows.__annotations__]
    return all(np.array_equal(a, b) and a.dtype == b.dtype for a, b in pairs)


def test_the_file_holds_what_the_archive_holds_for_all_and_for_some(open_home: Home, halden: str) -> None:
    bring_up_to_date(open_home)
    file = rows_file(open_home.path / FOLDER, halden, MODEL)
    every = contents(open_home)
    assert len(every) == 32
    assert len(set(every)) == 31  # the same words twice
    assert same(read_rows(file, every), as_kept(open_home, every))
    early = contents(open_home, Scope(frozenset({halden}), as_of=on(9, 2)))
    assert len(early) == 30
    assert same(read_rows(file, early), as_kept(open_home, early))
    assert same(read_rows(file, every[::-1]), as_kept(open_home, every[::-1]))
    assert read_rows(file, [*every, "f" * 64]) is None
    assert file.stat().st_mode & 0o777 == 0o600
    assert [each.name for each in file.parent.iterdir() if each.name.startswith(f".{MODEL}.rows")] == []


def test_it_is_made_again_when_something_is_said_or_unsaid_and_goes_with_the_account(open_home: Home, halden: str) -> None:
    bring_up_to_date(open_home)
    file = rows_file(open_home.path / FOLDER, halden, MODEL)
    before = read_rows(file, contents(open_home))
    put(open_home.archive, halden, call("c-3", "Something new about item 7."))
    assert read_rows(file, contents(open_home)) is None
    bring_up_to_date(open_home)
    assert same(read_rows(file, contents(open_home)), as_kept(open_home, contents(open_home)))
    assert before is not None
    assert before.vectors.sum() != 0  # who has the old one open goes on reading it
    for source in open_home.archive.sources(EVERYTHING):
        open_home.archive.remove_interaction(source.id)
    bring_up_to_date(open_home)
    assert not file.exists()


def test_a_small_account_has_none(open_home: Home, halden: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rows, "LEAST", 33)
    bring_up_to_date(open_home)
    assert not rows_file(open_home.path / FOLDER, halden, MODEL).exists()


DAMAGE: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda data: b"",
    "cut off": lambda data: data[:-1],
    "longer": lambda data: data + b"\0",
    "another beginning": lambda data: b"\xff" * 64 + data[64:],
    "no header": lambda data: data[:8] + b"x" * 40 + data[48:],
}


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE.keys())
def test_a_damaged_file_is_not_used(open_home: Home, halden: str, damage: Callable[[bytes], bytes]) -> None:
    bring_up_to_date(open_home)
    file = rows_file(open_home.path / FOLDER, halden, MODEL)
    file.write_bytes(damage(file.read_bytes()))
    assert read_rows(file, contents(open_home)) is None


def test_an_account_is_answered_alike_with_and_without_the_file(desk: Desk) -> None:
    desk.write({"a.jsonl": neutral(*(note(f"f{n}", f"Depot {n} has gate {n * 7 % 40}, lane {n % 9}.", "Halden") for n in range(60)))})
    desk.ingest()

    def answers(kit: Kit) -> list[Any]:
        account = kit.archive.account(EVERYTHING, "Halden").id
        return [ask(kit, Question(text, account)).citations for text in ("Which gate has depot 7?", "Which lane has depot 40?")]

    with desk.kit() as kit:
        account = kit.archive.account(EVERYTHING, "Halden").id
        file = rows_file(desk.home / FOLDER, account, desk.embedder.name)
        assert file.exists()
        mapped = kit.room(EVERYTHING.only(account)).shelf.tokens
        assert mapped is not None
        assert not mapped.flags.owndata
        with_file = answers(kit)
    file.unlink()
    with desk.kit() as kit:
        assert answers(kit) == with_file
    assert projection.FOLDER in str(file)
