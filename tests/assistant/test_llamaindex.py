"""Baton's search drops into a LlamaIndex app: the words, what is needed to cite them, and nothing out of scope."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from llama_index.core.llms import MockLLM
from llama_index.core.query_engine import RetrieverQueryEngine

from assistant.citations import resolve
from assistant.llamaindex import BatonRetriever
from assistant.wiring import Kit
from ingest.archive.errors import NotThere
from ingest.archive.scope import EVERYTHING, Scope
from ingest.sync import sync
from ingest.wiring import open_home
from tests.conftest import HALDEN, Desk
from tests.exports import neutral, note, write

DOC = Path(__file__).parents[2] / "docs" / "llamaindex.md"
ASKED = "Which go-live date can Dana commit to?"


def test_a_node_holds_the_exact_words_and_all_that_a_citation_needs(halden: Kit) -> None:
    [account] = halden.archive.accounts(EVERYTHING)
    best = BatonRetriever(halden, "Halden").retrieve(ASKED)[0]
    assert best.text == "Okay. If those two depots are the only scope, I can commit to a go-live date of 18 January 2027."
    said = best.metadata
    assert (said["account_id"], said["speaker"], said["side"], said["date"], said["kind"]) == (
        account.id, "Dana Okafor", "seller", "2026-09-01", "call",
    )  # fmt: skip
    assert halden.archive.interaction(EVERYTHING, said["source_id"]).text[said["start"] : said["end"]] == best.text
    assert resolve(halden.archive, EVERYTHING, said["citation_id"]).exact == best.text
    assert said["url"].startswith("https://")


def test_a_query_engine_takes_it_and_a_model_is_told_who_and_when_but_no_ids(halden: Kit) -> None:
    engine = RetrieverQueryEngine.from_args(BatonRetriever(halden, "Halden", limit=2), llm=MockLLM())
    response = engine.query(ASKED)
    assert [node.metadata["account"] for node in response.source_nodes] == ["Halden Freight Group"] * 2
    told = str(response)
    assert "speaker: Dana Okafor" in told
    assert "src_" not in told


def test_another_account_is_never_found_and_one_out_of_scope_is_not_there(desk: Desk) -> None:
    rows = [note(f"n-{account}", f"The go-live of {account} is in May.", account=account) for account in ("Halden", "Bright")]
    desk.write({"history.jsonl": neutral(*rows)})
    desk.ingest()
    with desk.kit() as kit:
        bright = kit.archive.account(EVERYTHING, "Bright")
        found = BatonRetriever(kit, "Bright").retrieve("When is the go-live of Halden?")
        assert [node.metadata["account_id"] for node in found] == [bright.id]
        with pytest.raises(NotThere):
            BatonRetriever(kit, "Halden", scope=Scope(frozenset({bright.id})))


def test_what_came_later_than_the_moment_asked_about_is_not_found(halden: Kit) -> None:
    assert BatonRetriever(halden, "Halden", as_of=datetime(2026, 8, 1, tzinfo=UTC)).retrieve(ASKED) == []


def test_the_documented_lines_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    [code] = re.findall(r"```python\n(.*?)```", DOC.read_text("utf-8"), re.S)
    with open_home(tmp_path / ".baton", write=True) as home:
        sync(home, [write(tmp_path / "files", HALDEN)])
    monkeypatch.chdir(tmp_path)
    exec(compile(code, str(DOC), "exec"), {})
    assert "Dana Okafor (seller), 2026-09-01, Commercial alignment: Okay. If those two depots" in capsys.readouterr().out
