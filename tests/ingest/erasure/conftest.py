"""The planted home, made once and copied for each test."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.conftest import Desk, HashedTerms
from tests.ingest.erasure.planted import plant


@pytest.fixture(scope="session")
def planted_once(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    desk = Desk(tmp_path_factory.mktemp("planted"), HashedTerms())
    plant(desk)
    return desk


@pytest.fixture
def planted(planted_once: Desk, tmp_path: Path) -> Desk:
    """A home of its own; the exports are everybody's and stay as they are."""
    shutil.copytree(planted_once.home, tmp_path / "home")
    desk = Desk(tmp_path, HashedTerms())
    desk.files = planted_once.files
    return desk
