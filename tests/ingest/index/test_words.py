"""The word index takes any question whatever and stays within its account."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.archive.archive import Archive
from ingest.index.words import WordIndex
from tests.ingest.making import call, put

SYNTAX = [
    "AND",
    "OR",
    "NOT",
    "NEAR(",
    ")",
    "(",
    '"',
    "*",
    "^",
    ":",
    "account",
    "words",
    "passage_id",
    "{",
    "}",
    "-",
    "+",
    "\x00",
    "\ud800",
    "²",
    "secret",
]


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[WordIndex, str, str]]:
    home: Path = tmp_path_factory.mktemp("words") / "home"
    with Archive.open(home, write=True) as archive:
        here, there = archive.put_account("Here"), archive.put_account("There")
        put(archive, here, call("c", "Our invoices arrived late.", "Café Zoë, naïve façade.", "The go-live date and the account words."))
        put(archive, there, call("c", "Our secret invoices arrived late.", "The secret account."))
        yield WordIndex(archive), here, there


@settings(max_examples=300)
@given(pieces=st.lists(st.one_of(st.sampled_from(SYNTAX), st.text(st.characters(codec=None), max_size=8)), max_size=12))
def test_any_question_is_harmless(two: tuple[WordIndex, str, str], pieces: list[str]) -> None:
    index, here, there = two
    for query in (" ".join(pieces), "".join(pieces), f"{' '.join(pieces)} {there} secret invoices"):
        assert {hit.passage_id for hit in index.search(here, query, 50)} <= index.ids(here)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("invoice arriving", 1), ("INVOICES", 1), ("cafe zoe", 1), ("Façade", 1), ("go-live", 1), ("golive", 0), ("the and what is it", 0),
        ("", 0),
        ("account", 1), ("secret", 0),
    ],
)  # fmt: skip
def test_stems_and_accents_are_compared_and_stop_words_are_not(two: tuple[WordIndex, str, str], query: str, found: int) -> None:
    index, here, _ = two
    assert len(index.search(here, query, 10)) == found


def test_a_pasted_page_is_a_question_too(two: tuple[WordIndex, str, str]) -> None:
    index, here, _ = two
    assert len(index.search(here, "invoices " + " ".join(f"word{n}" for n in range(20000)), 10)) == 1
