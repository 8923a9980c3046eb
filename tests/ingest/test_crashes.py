"""A run that is killed loses nothing: the next one leaves the home that an undisturbed run would have left."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench import erasure_crashes
from bench.crashes import crash
from ingest import failpoints

PLACES = ("received", "crm put", "parsed", "filing", "filed", "embedded", "deleted", "added", "built", "moved away")
"""`make soak` kills at every one, and more often."""


def test_what_a_kill_left_undone_the_next_run_does(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert crash(tmp_path, PLACES, each=3, seed=2026) == 0, capsys.readouterr().out


def test_an_erasure_that_is_killed_at_any_place_is_finished_by_the_next_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert erasure_crashes.crash(tmp_path, failpoints.OF_ERASURES, each=3) == 0, capsys.readouterr().out
