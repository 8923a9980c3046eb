"""An account with a call, a mail and a note, read from the files that tools export, and an embedder that needs no weights."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import settings

from assistant.wiring import Kit, open_kit
from ingest.archive.rows import Embedding
from ingest.archive.scope import EVERYTHING
from ingest.index.stopwords import STOPWORDS
from ingest.opened import Home
from ingest.outcomes import State, totals
from ingest.sync import sync
from ingest.tally import Tally
from ingest.wiring import open_home
from tests.exports import DANA, MARTA, TOM, at, gong, mail, salesforce, under, write
from tests.ingest.making import HashedWords

settings.register_profile("untimed", deadline=None)  # how long an example takes says how busy the machine is
settings.load_profile("untimed")
MEMORY = 4 << 30
"""Bytes that have to be free there; a run leaves no more than what failed."""


def pytest_configure() -> None:
    """What tests write lies in memory where there is room for it: a home waits for the disk at each of its commits."""
    memory = Path("/dev/shm")
    if "TMPDIR" not in os.environ and os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > MEMORY:
        os.environ["TMPDIR"] = str(memory)
        tempfile.tempdir = None  # it may have been looked up before


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Modules with slow tests go first, so that at the end no worker waits for another that has just begun one."""
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: item.path not in slow)


HALDEN: Mapping[str, str | bytes] = {
    **under("salesforce", salesforce(notes=["Budget holder is Jonas Beck. He signs above 100k."])),
    **under(
        "gong",
        gong(
            "7001",
            "Commercial alignment",
            [
                (DANA, "Realistically we would look at end of January for the first two depots."),
                (MARTA, "End of January is too late for us. Our peak booking starts the last week of January."),
                (DANA, "Okay. If those two depots are the only scope, I can commit to a go-live date of 18 January 2027."),
                (TOM, "That works, as long as the SAP test system is there by the end of November."),
            ],
        ),
    ),
    "emails/timing.eml": mail(
        DANA, MARTA, "Hi Marta,\n\nphone support in Swedish is free of charge for 90 days.\n\nBest,\nDana", id="m1@cartage", on=at(9, 3)
    ),
}
"""A call of Gong's, a mail, and a note in the CRM that knows the people."""


@pytest.fixture(scope="session")
def embedder() -> HashedWords:
    return HashedTerms()


class HashedTerms(HashedWords):
    """Without the words that say nothing, as the real embedder keeps its token vectors."""

    def query(self, text: str) -> Embedding:
        return super().query(re.sub(r"\w+", lambda word: " " * len(word[0]) if word[0].lower() in STOPWORDS else word[0], text))


class Desk:
    """A home in a folder, which is opened for each thing that is done to it, as the command line does."""

    def __init__(self, folder: Path, embedder: HashedWords) -> None:
        self.home, self.files, self.embedder = folder / "home", folder / "files", embedder

    def open(self, *, write: bool = False) -> Home:
        return open_home(self.home, write=write, load_embedder=lambda: self.embedder, model=self.embedder.name)

    def kit(self, *, write: bool = False) -> Kit:
        return open_kit(self.open(write=write))

    def ingest(
        self, *paths: Path, account: str | None = None, our_domains: tuple[str, ...] = (), partner_domains: tuple[str, ...] = ()
    ) -> Tally:
        with self.open(write=True) as home:
            tally = sync(
                home, paths or [self.files], account=account, our_domains=our_domains, partner_domains=partner_domains, listed=True
            )
        told = {state: getattr(tally, state) for state in get_args(State)}
        counted = totals(tally.inputs)  # holds whatever a test does to its files
        assert {state: counted[state] for state in told} == {s: n if isinstance(n, int) else len(n) for s, n in told.items()}
        return tally

    def write(self, files: Mapping[str, str | bytes]) -> Path:
        return write(self.files, files)

    def said(self) -> dict[str, list[str]]:
        """The searchable words of each account, by name."""
        with self.open() as home:
            return {
                account.name: [passage.text for passage in home.archive.passages(EVERYTHING.only(account.id))]
                for account in home.archive.accounts(EVERYTHING)
            }

    def sides(self) -> dict[str, str]:
        with self.open() as home:
            return {person.name: person.side for person in home.archive.people(EVERYTHING)}


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """An empty home; its embedder tells what it was given to embed."""
    return Desk(tmp_path, HashedTerms())


@pytest.fixture(scope="session")
def halden_home(tmp_path_factory: pytest.TempPathFactory, embedder: HashedWords) -> Desk:
    """Halden, ingested once; to be read, not changed."""
    halden = Desk(tmp_path_factory.mktemp("halden"), embedder)
    halden.write(HALDEN)
    halden.ingest()
    return halden


@pytest.fixture
def halden(halden_home: Desk) -> Iterator[Kit]:
    """Halden, open for reading."""
    with halden_home.kit() as kit:
        yield kit
