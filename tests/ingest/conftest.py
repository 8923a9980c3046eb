"""An archive with Halden in it, open for writing."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from ingest.archive.archive import Archive


@pytest.fixture(scope="session")
def new_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home just made; copying it is quicker than making another."""
    made = tmp_path_factory.mktemp("new") / "home"
    Archive.open(made, write=True).close()
    return made


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def archive(home: Path, new_home: Path) -> Iterator[Archive]:
    shutil.copytree(new_home, home)
    with Archive.open(home, write=True) as archive:
        yield archive


@pytest.fixture
def halden(archive: Archive) -> str:
    return archive.put_account("Halden Freight Group", ["halden.example"])
