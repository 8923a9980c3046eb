"""A disk that is full, or Ctrl-C, is said so in a sentence, costs nothing that was there, and the next run makes up for it."""

from __future__ import annotations

import resource
import shutil
import signal
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

from bench.crashes import AFTER, BEFORE, GONE, ingest, opened, state
from ingest import failpoints
from ingest.archive.errors import DiskTrouble
from ingest.sync import sync
from ingest.tally import Tally
from tests.exports import write


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Files that were ingested and have changed since, the home as it was, and as an undisturbed run makes it."""
    folder = tmp_path_factory.mktemp("full")
    ingest(folder / "start", write(folder / "files", BEFORE))
    for name in GONE:
        (folder / "files" / name).unlink()
    write(folder / "files", AFTER)
    shutil.copytree(folder / "start", folder / "wanted")
    ingest(folder / "wanted", folder / "files")
    return folder


@pytest.fixture(scope="module")
def wanted(place: Path) -> Mapping[str, object]:
    return state(place / "wanted")


@pytest.fixture
def home(place: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(place / "start", tmp_path / "home"))


def outcome(home: Path, files: Path) -> Tally | DiskTrouble | OSError:
    with opened(home) as writable:
        try:
            return sync(writable, [files], our_domains=["cartage.example"])
        except (DiskTrouble, OSError) as trouble:
            return trouble


@contextmanager
def no_file_beyond(size: int) -> Iterator[None]:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.parametrize("name", failpoints.NAMES)
def test_space_that_runs_out_anywhere_costs_nothing(
    name: str, home: Path, place: Path, wanted: Mapping[str, object], monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as full:
        full.setattr(failpoints, "_armed", lambda: (name, 1, "full"))
        full.setattr(failpoints, "_past", failpoints.Counter())
        met = outcome(home, place / "files")
    assert isinstance(met, Tally) or "No space left on device" in str(met)
    ingest(home, place / "files")
    assert state(home) == wanted


@pytest.mark.parametrize("name", ["crm put", "parsed", "filing", "embedded", "mending", "added"])
def test_an_interrupt_anywhere_keeps_what_was_finished(
    name: str, home: Path, place: Path, wanted: Mapping[str, object], monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as interrupted:
        interrupted.setattr(failpoints, "_armed", lambda: (name, 1, "interrupt"))
        interrupted.setattr(failpoints, "_past", failpoints.Counter())
        heard = signal.signal(signal.SIGINT, signal.default_int_handler)  # a worker of a parallel test run would not hear it
        try:
            with pytest.raises(KeyboardInterrupt):
                outcome(home, place / "files")
        finally:
            signal.signal(signal.SIGINT, heard)
    ingest(home, place / "files")
    assert state(home) == wanted


@pytest.mark.skipif(sys.platform != "linux", reason="what a process may write to a file is limited by Linux")
@pytest.mark.parametrize("kilobytes", [0, 16, 200, 600, 1200])
def test_files_that_cannot_grow_stop_the_run_with_a_sentence_and_lose_nothing(
    kilobytes: int, home: Path, place: Path, wanted: Mapping[str, object]
) -> None:
    with no_file_beyond(kilobytes * 1024):
        met = None
        try:
            met = outcome(home, place / "files")
        except Exception as trouble:
            met = trouble
    if not isinstance(met, Tally):
        assert isinstance(met, DiskTrouble | OSError), repr(met)
        assert not isinstance(met, DiskTrouble) or "What was finished is kept." in str(met)
    ingest(home, place / "files")
    assert state(home) == wanted
