"""From export files to a cited answer and a first brief, as a stranger does it: with the installed program and nothing else."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ingest.archive.archive import Archive
from ingest.archive.scope import EVERYTHING
from tests.conftest import HALDEN
from tests.exports import neutral, note, write

BATON = Path(sys.executable).with_name("baton")


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with Halden's exports and another account's, read into the `.baton` beside them."""
    folder = tmp_path_factory.mktemp("stranger")
    write(folder / "exports", {**HALDEN, "other.jsonl": neutral(note("o", "The pelican clause costs 4,200 dollars.", "Brightwell Dental"))})
    (folder / ".baton").mkdir()
    assert said(folder, "ingest", "exports", "--json")["new"] == 5
    return folder


def said(folder: Path, *arguments: str, code: int = 0) -> Any:
    run = subprocess.run([BATON, *arguments], cwd=folder, capture_output=True, text=True, check=False)
    assert run.returncode == code, run.stderr
    return json.loads(run.stdout)


def citations(body: Any) -> Iterator[dict[str, Any]]:
    yield from body["citations"]


def cited_ids(body: Any) -> set[str]:
    """Every citation id anywhere in a body but its list of citations."""
    if isinstance(body, dict):
        return set().union(
            *(cited_ids(value) for key, value in body.items() if not (key == "citations" and value and isinstance(value[0], dict)))
        )
    if isinstance(body, list):
        return set().union(*map(cited_ids, body))
    return {body} if isinstance(body, str) and body.startswith("cit_") else set()


@pytest.mark.parametrize(
    "command",
    [
        ("ask", "halden", "Is phone support in Swedish free of charge?", "--json"),
        ("brief", "halden", "--format", "json"),
    ],
)
def test_everything_shown_stands_on_exact_words_of_this_account(place: Path, command: tuple[str, ...]) -> None:
    body = said(place, *command)
    with Archive.open(place / ".baton") as archive:
        ours = EVERYTHING.only(archive.account(EVERYTHING, "halden").id)
        for citation in citations(body):
            source = archive.interaction(ours, citation["source"]["id"])
            quote = citation["quote"]
            assert source.text[quote["start"] : quote["end"]] == quote["exact"]
            assert source.source.text_sha256 == citation["text_sha256"]
    known = {citation["id"] for citation in citations(body)}
    assert known
    assert cited_ids(body) <= known
    assert "pelican" not in json.dumps(body)


def test_what_another_account_knows_is_not_known_here(place: Path) -> None:
    answer = said(place, "ask", "halden", "What does the pelican clause cost?", "--json", code=3)
    assert answer["status"] == "declined"
    assert said(place, "ask", "brightwell", "What does the pelican clause cost?", "--json")["status"] == "answered"


def test_deleting_the_vectors_loses_nothing(place: Path) -> None:
    shutil.rmtree(place / ".baton" / "vectors")
    again = said(place, "ingest", "exports", "--json")
    assert (again["unchanged"], again["embedded"]) == (5, 0)
    checks = {check["name"]: check for check in said(place, "doctor", "--json")["checks"]}
    assert checks["indexes"] == {"name": "indexes", "ok": True, "says": "words and vectors hold what the archive holds", "do": ""}
