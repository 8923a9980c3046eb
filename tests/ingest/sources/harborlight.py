"""The sample deal in `tests/data/harborlight`, as parsers get it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from ingest.records import Interaction, Reading
from ingest.sources.inputs import Input

DATA = Path(__file__).parents[2] / "data" / "harborlight"


def inputs(*paths: str) -> list[Input]:
    """Files by path below the sample folder; a folder stands for everything in it."""
    found = [file for path in paths for file in (sorted((DATA / path).rglob("*")) if (DATA / path).is_dir() else [DATA / path])]
    return [Input(file.relative_to(DATA).as_posix(), file.read_bytes()) for file in found if file.is_file()]


def golden(name: str) -> Any:
    return json.loads((DATA / "golden" / f"{name}.json").read_text("utf-8"))


def said(interaction: Interaction) -> str:
    return "\n\n".join(turn.text for turn in interaction.turns if turn.role == "said")


def only(reading: Reading) -> Interaction:
    assert not reading.failures
    (interaction,) = reading.interactions
    return interaction
