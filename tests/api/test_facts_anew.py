"""Facts that an earlier Baton read are read anew before a question, with a word, and once."""

from __future__ import annotations

from pathlib import Path

import pytest

import assistant.facts.reading
import assistant.portfolio
from api.facts_anew import read_anew
from assistant.portfolio import behind, refresh
from ingest.archive.archive import Archive
from ingest.archive.scope import EVERYTHING
from tests.api.served import fill


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    archive = Archive.open(tmp_path, write=True)
    fill(archive)
    refresh(archive)
    return archive


def upgraded(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(assistant.facts.reading, "reader_version", lambda: "the next one")
    patch.setattr(assistant.portfolio, "_ledger_version", lambda: "the next one")


def test_nothing_is_said_or_read_where_the_facts_are_of_today(archive: Archive) -> None:
    said: list[str] = []
    read_anew(archive, "", said.append)
    assert said == []


def test_after_an_upgrade_it_is_said_and_done_once(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    upgraded(monkeypatch)
    said: list[str] = []
    accounts = archive.accounts(EVERYTHING)
    before = archive.reading_stamps(EVERYTHING)
    read_anew(archive, "", said.append, account_id=accounts[0].id)
    assert said == ["reading the facts of this account anew: something came in, or Baton reads otherwise since an upgrade …"]
    assert accounts[0].id not in behind(archive)
    assert archive.reading_stamps(EVERYTHING) != before
    read_anew(archive, "", said.append, account_id=accounts[0].id)
    assert len(said) == 1
    read_anew(archive, "", said.append)
    assert behind(archive) == []


def test_where_nothing_can_be_kept_it_is_only_said(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    upgraded(monkeypatch)
    said: list[str] = []
    account = archive.accounts(EVERYTHING)[0].id
    read_anew(archive, "", said.append, account_id=account, keep=False)
    assert len(said) == 1
    assert "read for this answer alone" in said[0]
    assert account in behind(archive)
