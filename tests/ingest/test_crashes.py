"""A run that is killed loses nothing: the next one leaves the home that an undisturbed run would have left."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.crashes import crash

PLACES = ("received", "crm put", "parsed", "filing", "filed", "embedded", "deleted", "added", "built", "moved away")
"""`make soak` kills at every one, and more often."""


def test_what_a_kill_left_undone_the_next_run_does(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert crash(tmp_path, PLACES, each=3, seed=2026) == 0, capsys.readouterr().out
