"""What every index promises, whatever it searches by: one suite, run against Chroma, another llama-index store and the word index."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from ingest.archive.archive import Archive
from ingest.archive.scope import EVERYTHING
from ingest.index.elsewhere import Elsewhere
from ingest.index.port import Hit, Vectors
from ingest.index.projection import differences, embed_missing, mend
from ingest.index.vectors import VectorIndex
from ingest.index.words import WordIndex
from ingest.settings import StoreSettings
from tests.ingest.making import HashedWords, call, put


class Searchable:
    """An index over an archive, asked in words and brought up to date as ingestion would."""

    def __init__(
        self, archive: Archive, search: Callable[[str, str, int], list[Hit]], ids: Callable[[str], set[str]], refresh: Callable[[], None]
    ):
        self.archive, self.search, self.ids, self._refresh = archive, search, ids, refresh

    def say(self, account_id: str, external_id: str, *texts: str) -> str:
        id = put(self.archive, account_id, call(external_id, *texts))
        self._refresh()
        return id

    def remove(self, id: str) -> None:
        self.archive.remove_interaction(id)
        self._refresh()

    def texts(self, account_id: str, query: str, limit: int = 10) -> list[str]:
        words = {passage.id: passage.text for passage in self.archive.passages(EVERYTHING)}
        return [words[hit.passage_id] for hit in self.search(account_id, query, limit)]


def qdrant(path: Path) -> StoreSettings:
    client = {"class": "qdrant_client:QdrantClient", "path": str(path)}
    return StoreSettings("llama_index.vector_stores.qdrant:QdrantVectorStore", {"collection_name": "baton", "client": client})


def chroma_index(folder: Path) -> Vectors:
    return VectorIndex(folder / "vectors", HashedWords.name)


def qdrant_index(folder: Path) -> Vectors:
    return Elsewhere(folder / "vectors", HashedWords.name, qdrant(folder / "qdrant"), folder)


VECTORS: dict[str, Callable[[Path], Vectors]] = {"chroma": chroma_index, "qdrant": qdrant_index}


@pytest.fixture(params=[*VECTORS, "words"])
def index(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Searchable]:
    with Archive.open(tmp_path / "home", write=True) as archive:
        if request.param == "words":
            words = WordIndex(archive)
            yield Searchable(archive, words.search, words.ids, lambda: None)
            return
        embedder, vectors = HashedWords(), VECTORS[request.param](tmp_path)

        def refresh() -> None:
            embed_missing(archive, embedder)
            for account in archive.accounts(EVERYTHING):
                mend(archive, vectors, account.id)

        yield Searchable(
            archive, lambda account, words, limit: vectors.search(account, embedder.query(words).vector, limit), vectors.ids, refresh
        )
        vectors.close()


@pytest.fixture
def halden(index: Searchable) -> str:
    account = index.archive.put_account("Halden")
    index.say(account, "c-1", "The warehouse go-live slips to March.", "Pricing is settled at ninety euros.")
    return account


def test_the_passage_that_says_it_comes_first(index: Searchable, halden: str) -> None:
    assert index.texts(halden, "pricing settled")[0] == "Pricing is settled at ninety euros."
    assert index.texts(halden, "warehouse slips March")[0] == "The warehouse go-live slips to March."


def test_scores_fall_and_no_passage_comes_twice(index: Searchable, halden: str) -> None:
    index.say(halden, "c-2", "March it is.", "Pricing in March.", "Pricing, pricing.")
    hits = index.search(halden, "pricing march", 10)
    assert len(hits) == len({hit.passage_id for hit in hits}) >= 4
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)


@pytest.mark.parametrize("limit", [0, 1, 2])
def test_no_more_than_the_limit_comes_back(index: Searchable, halden: str, limit: int) -> None:
    assert len(index.search(halden, "march pricing warehouse settled", limit)) == limit


def test_another_accounts_passages_are_never_found(index: Searchable, halden: str) -> None:
    other = index.archive.put_account("Other")
    index.say(other, "c-1", "The warehouse go-live slips to March.", "Other's secret pricing.")
    assert index.texts(halden, "other secret pricing march", 50).count("Other's secret pricing.") == 0
    assert index.ids(halden).isdisjoint(index.ids(other))
    assert {hit.passage_id for hit in index.search(other, "warehouse march", 50)} <= index.ids(other)


def test_an_account_that_is_not_there_has_nothing(index: Searchable, halden: str) -> None:
    assert index.search("acc_0000000000000000", "march", 10) == []
    assert index.ids("acc_0000000000000000") == set()


def test_what_can_be_found_is_what_the_archive_holds(index: Searchable, halden: str) -> None:
    index.say(halden, "c-2", "One more thing.")
    assert index.ids(halden) == {passage.id for passage in index.archive.passages(EVERYTHING)}


def test_edited_and_removed_words_are_not_found_again(index: Searchable, halden: str) -> None:
    edited = index.say(halden, "c-1", "The warehouse go-live slips to May.")
    assert index.texts(halden, "warehouse pricing march", 10) == ["The warehouse go-live slips to May."]
    index.remove(edited)
    assert index.search(halden, "warehouse may", 10) == []
    assert index.ids(halden) == set()


def test_the_same_question_gets_the_same_answer(index: Searchable, halden: str) -> None:
    index.say(halden, "c-2", *[f"Pricing point {n}." for n in range(20)])
    assert index.search(halden, "pricing", 10) == index.search(halden, "pricing", 10)


def test_the_same_questions_find_the_same_passages_in_both_stores(tmp_path: Path) -> None:
    drawn = np.random.default_rng(7)

    def directions(count: int) -> list[NDArray[np.float32]]:
        found = drawn.normal(size=(count, 64))
        return list((found / np.linalg.norm(found, axis=1, keepdims=True)).astype(np.float32))

    passages = {account: {f"{account} {n}": vector for n, vector in enumerate(directions(200))} for account in ("acc_1", "acc_2")}
    questions, found = directions(20), []
    for make in VECTORS.values():
        index = make(tmp_path)
        for account, vectors in passages.items():
            index.add(account, vectors)
        found.append([[hit.passage_id for hit in index.search(account, each, 8)] for account in passages for each in questions])
        index.close()
    exact = [sorted(vectors, key=lambda id: -float(vectors[id] @ each))[:8] for vectors in passages.values() for each in questions]
    assert found == [exact, exact]


@pytest.mark.parametrize("make", VECTORS.values(), ids=VECTORS.keys())
def test_one_lost_one_changed_and_one_too_many_are_noticed_and_mended(make: Callable[[Path], Vectors], tmp_path: Path) -> None:
    embedder = HashedWords()
    with Archive.open(tmp_path / "home", write=True) as archive:
        account = archive.put_account("Halden")
        put(archive, account, call("c-1", *[f"Matter {n} has word{n} and number{n * 7}." for n in range(40)]))
        embed_missing(archive, embedder)
        vectors = make(tmp_path)
        mend(archive, vectors, account)
        assert differences(archive, vectors, account) == []
        lost, changed, *_ = sorted(vectors.ids(account))
        other = embedder.query("something else entirely").vector
        vectors.delete(account, [lost, changed])
        vectors.add(account, {changed: other, "stray": other})
        [difference] = differences(archive, vectors, account)
        assert (difference.missing, difference.stray, difference.altered) == ({lost}, {"stray"}, {changed})
        mend(archive, vectors, account)
        assert differences(archive, vectors, account) == []
        vectors.rebuild(account, {})
        assert vectors.ids(account) == set()
        assert vectors.search(account, other, 5) == []
        vectors.close()
