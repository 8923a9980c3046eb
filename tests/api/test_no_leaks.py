"""A thousand questions over fifty accounts: nobody is told a word of another's, and the watch would notice if they were."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from api.keys import create_key
from bench import leaks


@pytest.mark.slow
def test_nobody_is_told_a_word_of_anothers(tmp_path: Path) -> None:
    found = leaks.leaks(tmp_path, questions=1000, accounts=50, seed=2026)
    assert found.leaks == ()
    assert set(found.asked) == set(leaks.SURFACES)
    assert found.seen > 500  # their own words they are told


def test_keys_that_open_more_than_one_account_are_noticed_on_every_surface(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def for_everything(admissions: Any, name: str, accounts: Any) -> str:
        return create_key(admissions, name)

    monkeypatch.setattr(leaks, "create_key", for_everything)
    found = leaks.leaks(tmp_path, questions=80, accounts=4, seed=1)
    assert {leak.partition(":")[0] for leak in found.leaks} >= {"completions", "agent tools", "foreign ids", "foreign accounts", "lists"}
