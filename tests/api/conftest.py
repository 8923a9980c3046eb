"""The served home of `tests.api.served`, fresh for each test."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from assistant.wiring import open_kit
from ingest.archive.archive import Archive
from ingest.wiring import open_home
from tests.api.browsing import browser as browser
from tests.api.offices import office as office
from tests.api.served import Served, fill, no_weights, serve


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str, str]:
    """A home made once, and the ids of its two accounts; each test works on a copy."""
    home = tmp_path_factory.mktemp("filled")
    with Archive.open(home, write=True) as archive:
        return home, *fill(archive)


@pytest.fixture
def served(filled: tuple[Path, str, str], tmp_path: Path) -> Iterator[Served]:
    home, halden, brightwell = filled
    copy = shutil.copytree(home, tmp_path / "home")
    with open_kit(open_home(copy, write=True, load_embedder=no_weights)) as kit:
        app, admissions = serve(kit)
        yield Served(app, kit, admissions, halden, brightwell)


@pytest.fixture
def client(served: Served) -> TestClient:
    """With a key for everything."""
    return served.client(served.key())
