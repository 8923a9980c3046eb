"""Vectors in a store that the settings name: filled by ingestion, seen by the doctor, emptied by an erasure."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
from llama_index.core.vector_stores import SimpleVectorStore
from qdrant_client import QdrantClient
from qdrant_client.models import FieldCondition, Filter, MatchValue

from assistant.answers import Question
from assistant.asking import ask
from ingest import erasing
from ingest.archive.scope import EVERYTHING
from ingest.index.elsewhere import Elsewhere, _value
from ingest.index.port import IndexBroken
from ingest.index.projection import differences, rebuild
from ingest.settings import BadSettings, StoreSettings, load_settings
from tests.conftest import HALDEN, Desk
from tests.exports import neutral, note
from tests.ingest.erasure.planted import WORDS, files, forms

QDRANT = """
[vector_store]
class = "llama_index.vector_stores.qdrant:QdrantVectorStore"
collection_name = "baton"
client = { class = "qdrant_client:QdrantClient", path = "{home}/qdrant" }
"""


def set_up(desk: Desk, settings: str = QDRANT) -> Desk:
    desk.home.mkdir(exist_ok=True)
    (desk.home / "baton.toml").write_text(settings)
    return desk


def account_of(desk: Desk, name: str) -> str:
    with desk.open() as home:
        return home.archive.account(EVERYTHING, name).id


def kept(desk: Desk, account: str | None = None) -> int:
    """What the store itself says it holds."""
    client = QdrantClient(path=str(desk.home / "qdrant"))
    try:
        of = Filter(must=[FieldCondition(key="account_id", match=MatchValue(value=account))]) if account else None
        return client.count("baton", count_filter=of).count
    finally:
        client.close()


def wrong(desk: Desk) -> list[str]:
    with desk.open(write=True) as home:
        return [str(d) for a in home.archive.accounts(EVERYTHING) for d in differences(home.archive, home.vectors, a.id)]


@pytest.fixture
def halden(desk: Desk) -> Desk:
    set_up(desk)
    desk.write(HALDEN)
    desk.ingest()
    return desk


def test_ingestion_fills_the_store_and_nothing_else_holds_vectors_of_its_own(halden: Desk) -> None:
    passages = sum(map(len, halden.said().values()))
    assert kept(halden) == kept(halden, account_of(halden, "Halden")) == passages > 0
    assert wrong(halden) == []
    assert not list((halden.home / "vectors").rglob("chroma.sqlite3"))


def test_the_store_is_told_no_word(halden: Desk) -> None:
    data = b"".join(file.read_bytes() for file in (halden.home / "qdrant").rglob("*") if file.is_file())
    assert b"passage_id" in data
    assert not [word for word in (b"depots", b"Swedish", b"Marta", b"Halden") if word in data]


def test_answers_are_those_of_a_home_without_it(halden: Desk, tmp_path: Path) -> None:
    plain = Desk(tmp_path / "plain", halden.embedder)
    plain.write(HALDEN)
    plain.ingest()
    told = []
    for desk in (halden, plain):
        with desk.kit() as kit:
            told.append(ask(kit, Question("Which go-live date did we commit to?", account_of(desk, "Halden"))).blocks)
    assert told[0] == told[1]


def test_what_is_removed_from_the_archive_leaves_the_store(halden: Desk) -> None:
    before = kept(halden)
    (halden.files / "emails" / "timing.eml").unlink()
    with halden.open(write=True) as home:
        mail = next(source for source in home.archive.sources(EVERYTHING) if source.kind == "email")
        home.archive.remove_interaction(mail.id)
    halden.write({"more/other.jsonl": neutral(note("n-1", "A note of theirs.", account="Other"))})
    halden.ingest(halden.files / "more")
    assert kept(halden, account_of(halden, "Halden")) == before - 1
    assert wrong(halden) == []


@pytest.mark.parametrize("noted", [True, False], ids=["the store alone is lost", "what was noted is lost too"])
def test_a_loss_is_noticed_and_made_good_from_the_archive(halden: Desk, noted: bool) -> None:
    before = kept(halden)
    shutil.rmtree(halden.home / "qdrant")
    if not noted:
        shutil.rmtree(halden.home / "vectors")
    assert wrong(halden)
    with halden.open(write=True) as home:
        for account in home.archive.accounts(EVERYTHING):
            rebuild(home.archive, home.vectors, account.id)
    assert wrong(halden) == []
    assert kept(halden) == before


def test_an_erasure_takes_the_account_out_of_the_store_and_leaves_the_other(desk: Desk) -> None:
    set_up(desk)
    desk.write(files())
    desk.ingest()
    kestrel, halden = account_of(desk, "Kestrel"), account_of(desk, "Halden")
    theirs, others = kept(desk, kestrel), kept(desk, halden)
    assert theirs > 5
    with desk.open(write=True) as home:
        report = erasing.erase(home, "account", kestrel)
    assert report.clean
    assert (kept(desk, kestrel), kept(desk, halden)) == (0, others)
    data = b"".join(file.read_bytes() for file in desk.home.rglob("*") if file.is_file())
    assert [word for word in WORDS.values() if any(form in data for form in forms(word))] == []
    assert wrong(desk) == []


def test_an_erasure_waits_for_a_store_that_cannot_be_reached(halden: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    id = account_of(halden, "Halden")
    with monkeypatch.context() as down:
        down.setattr(Elsewhere, "_open", lambda self: 1 / 0)
        with halden.open(write=True) as home, pytest.raises(IndexBroken, match="vector store"):
            erasing.erase(home, "account", id)
        assert halden.said() == {}  # what is Baton's own has gone
    with halden.open(write=True):
        pass
    assert kept(halden) == 0


def test_who_changes_to_a_store_leaves_nothing_in_the_home_and_back_again(desk: Desk) -> None:
    desk.write(HALDEN)
    desk.ingest()
    assert list((desk.home / "vectors").rglob("chroma.sqlite3"))
    set_up(desk).ingest()
    assert not list((desk.home / "vectors").rglob("chroma.sqlite3"))
    assert kept(desk) > 0
    assert wrong(desk) == []
    set_up(desk, "").ingest()
    assert list((desk.home / "vectors").rglob("chroma.sqlite3"))
    assert not list((desk.home / "vectors").rglob("*.stored"))
    assert wrong(desk) == []


def test_a_store_that_is_down_is_said_and_everything_else_goes_on(halden: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Elsewhere, "_open", lambda self: 1 / 0)
    halden.write({"more/note.jsonl": neutral(note("n-1", "A new note.", account="Halden Freight Group"))})
    tally = halden.ingest(halden.files / "more")
    assert any("vector store" in trouble for trouble in tally.degraded)
    assert "A new note." in halden.said()["Halden Freight Group"]


class ByDocument(SimpleVectorStore):
    """A store that deletes by document alone, as the oldest of them do."""

    def delete_nodes(self, node_ids: Any = None, filters: Any = None, **more: Any) -> None:
        raise NotImplementedError


def test_a_store_that_deletes_by_document_alone_will_do(tmp_path: Path, desk: Desk) -> None:
    store = Elsewhere(tmp_path, "hashed", StoreSettings(f"{__name__}:ByDocument"), tmp_path)
    vectors = {f"p{n}": desk.embedder.query(f"word{n} number{n}").vector for n in range(5)}
    store.add("acc_1", vectors)
    store.add("acc_2", {"p9": vectors["p0"]})
    store.delete("acc_1", ["p0", "p1"])
    assert {hit.passage_id for hit in store.search("acc_1", vectors["p0"], 10)} == {"p2", "p3", "p4"} == store.ids("acc_1")
    store.rebuild("acc_1", {"p4": vectors["p4"]})
    assert [hit.passage_id for hit in store.search("acc_1", vectors["p0"], 10)] == ["p4"]
    assert [hit.passage_id for hit in store.search("acc_2", vectors["p0"], 10)] == ["p9"]


def test_what_another_model_put_there_goes(tmp_path: Path, desk: Desk) -> None:
    settings = StoreSettings("qdrant_client:QdrantClient")
    store = SimpleVectorStore()
    before, now = (Elsewhere(tmp_path, model, settings, tmp_path) for model in ("old", "new"))
    before._opened = now._opened = store
    vector = desk.embedder.query("word").vector
    before.add("acc_1", {"p1": vector})
    now.add("acc_1", {"p1": vector})
    now.tidy("acc_1")
    assert before.search("acc_1", vector, 1) == []
    assert [hit.passage_id for hit in now.search("acc_1", vector, 1)] == ["p1"]
    assert not list(tmp_path.rglob("old.stored"))


BAD = {
    "no class": ('[vector_store]\ncollection = "x"\n', "class names"),
    "a class of another shape": ('[vector_store]\nclass = "QdrantVectorStore"\n', "class names"),
}


@pytest.mark.parametrize(("settings", "says"), BAD.values(), ids=BAD.keys())
def test_what_names_no_store_is_refused_at_once(desk: Desk, settings: str, says: str) -> None:
    set_up(desk, settings)
    with pytest.raises(BadSettings, match=says):
        load_settings(desk.home)


@pytest.mark.parametrize(
    ("made_by", "options", "says"),
    [
        ("llama_index.vector_stores.nowhere:Store", {}, "cannot be loaded"),
        ("llama_index.core.vector_stores:SimpleVectorStor", {}, "cannot be loaded"),
        ("pathlib:Path", {}, "makes no llama-index vector store"),
        ("llama_index.vector_stores.qdrant:QdrantVectorStore", {"api_key": "$NO_SUCH_KEY_HERE"}, "NO_SUCH_KEY_HERE"),
        ("builtins:int", {"nothing": 1}, "does not take these options"),
    ],
)
def test_a_store_that_cannot_be_made_is_a_setting_to_mend(
    tmp_path: Path, desk: Desk, made_by: str, options: dict[str, Any], says: str
) -> None:
    store = Elsewhere(tmp_path, "hashed", StoreSettings(made_by, options), tmp_path)
    with pytest.raises(BadSettings, match=says):
        store.add("acc_1", {"p1": desk.embedder.query("word").vector})


def test_a_secret_comes_from_the_environment_and_is_not_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STORE_KEY", "opensesame")
    assert _value({"headers": ["$STORE_KEY", "{home}/x", 3]}, tmp_path, []) == {"headers": ["opensesame", f"{tmp_path}/x", 3]}
    assert "opensesame" not in repr(StoreSettings("a:b", {"api_key": "opensesame"}))
