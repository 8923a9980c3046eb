"""What is quoted is introduced by who said it, as far as that is known."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from assistant.models.extractive import setting
from ingest.archive.archive import Archive
from ingest.archive.scope import EVERYTHING
from ingest.records import Document, Interaction, Turn
from tests.ingest.making import FIRST_CALL, call, put

NAMED = call("c1", "We start in May.", title="Kick-off")
UNNAMED = replace(NAMED, turns=(Turn("We start in May."),))
PAPER = Document(source="file", external_id="d", title="Order form", occurred_at=FIRST_CALL, turns=(Turn("We start in May."),))


@pytest.mark.parametrize(
    ("interaction", "expected"),
    [
        (NAMED, "Dana Okafor, 1 Sep 2026"),
        (UNNAMED, "Somebody in Kick-off, 1 Sep 2026"),
        (replace(UNNAMED, occurred_at=None), "Somebody in Kick-off"),
        (PAPER, "Order form, 1 Sep 2026"),
    ],
    ids=["named", "unnamed", "undated", "document"],
)
def test_words_are_introduced_by_whoever_said_them(tmp_path: Path, interaction: Interaction, expected: str) -> None:
    with Archive.open(tmp_path / "home", write=True) as archive:
        stored = archive.interaction(EVERYTHING, put(archive, archive.put_account("Halden"), interaction))
        assert setting(stored, 0) == expected
