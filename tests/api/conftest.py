"""The served home of `tests.api.served`, fresh for each test."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from fastapi.testclient import TestClient

from assistant.wiring import Kit, open_kit
from ingest.archive.archive import Archive
from ingest.wiring import open_home
from tests.api.browsing import browser as browser
from tests.api.browsing import site, watched
from tests.api.offices import office as office
from tests.api.served import Served, fill, no_weights, serve

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str, str]:
    """A home made once, and the ids of its two accounts; each test works on a copy."""
    home = tmp_path_factory.mktemp("filled")
    with Archive.open(home, write=True) as archive:
        return home, *fill(archive)


@pytest.fixture(autouse=True)
def _no_runs_of_the_checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`make test` measures before it tests, and what it leaves in the checkout would be shown."""
    monkeypatch.setattr("eval.command.RESULTS", tmp_path / "no-runs")


@pytest.fixture
def kit(filled: tuple[Path, str, str], tmp_path: Path) -> Iterator[Kit]:
    """The copy, opened for a server."""
    with open_kit(open_home(shutil.copytree(filled[0], tmp_path / "home"), write=True, load_embedder=no_weights)) as opened:
        yield opened


@pytest.fixture
def page(browser: Browser, kit: Kit) -> Iterator[Page]:
    """A browser's, on a server of its own."""
    with site(kit) as (base, _), watched(browser, base) as seen:
        yield seen.page()


@pytest.fixture
def served(filled: tuple[Path, str, str], kit: Kit) -> Served:
    app, admissions = serve(kit)
    return Served(app, kit, admissions, *filled[1:])


@pytest.fixture
def client(served: Served) -> TestClient:
    """With a key for everything."""
    return served.client(served.key())
