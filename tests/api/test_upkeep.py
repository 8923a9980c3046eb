"""A served home makes good what its indexes lost, before the first question or while it answers."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from api.upkeep import Upkeep
from ingest.archive.archive import Archive
from ingest.archive.scope import EVERYTHING
from ingest.index.projection import FOLDER, differences
from ingest.opened import Home
from ingest.settings import IngestSettings
from tests.api.served import fill
from tests.ingest.making import HashedWords


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    archive = Archive.open(tmp_path, write=True)
    fill(archive)
    with Home(tmp_path, archive, IngestSettings(), True, HashedWords, HashedWords.name) as home:
        yield home


def wrong(home: Home) -> list[str]:
    return [str(d) for account in home.archive.accounts(EVERYTHING) for d in differences(home.archive, home.vectors, account.id)]


def test_what_has_no_embedding_and_what_lost_its_folder_is_there_before_the_first_question(home: Home) -> None:
    with Upkeep(home):
        assert wrong(home) == []
    assert home.vectors is not None
    home.vectors.close()
    shutil.rmtree(home.path / FOLDER)
    with Upkeep(home):
        assert wrong(home) == []
    assert home.degraded == ()


def test_an_index_that_differs_is_found_and_made_again(home: Home) -> None:
    with Upkeep(home):
        pass
    assert home.vectors is not None
    account = home.archive.accounts(EVERYTHING)[0].id
    home.vectors.delete(account, sorted(home.vectors.ids(account)))
    assert len(wrong(home)) == 1
    with Upkeep(home) as upkeep:
        upkeep.wait()
        assert wrong(home) == []


def test_what_cannot_be_mended_is_said(home: Home) -> None:
    with Upkeep(home):
        pass
    assert home.vectors is not None
    home.vectors.close()
    shutil.rmtree(home.path / FOLDER)
    (home.path / FOLDER).write_text("in the way")
    with Upkeep(home) as upkeep:
        upkeep.wait()
        assert "cannot be read" in home.degraded[0]
