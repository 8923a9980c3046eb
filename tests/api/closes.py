"""A home with a closed deal and a close event that came in for it; as a program, does its jobs until nothing is due."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

from api.jobs import Jobs
from api.office import Office
from assistant.wiring import Kit, open_kit
from ingest.archive.archive import Archive
from ingest.archive.scope import EVERYTHING
from ingest.archive.work import CloseEvent, Work
from ingest.wiring import open_home
from tests.api.served import fill, no_weights

BASE = "https://baton.cartage.example"
WON_AT = datetime(2026, 10, 14, 9, 0, tzinfo=UTC)


def won(number: int = 1, deal: str = "006A", says: str = "won", at: datetime = WON_AT) -> CloseEvent:
    return CloseEvent("clari", f"evt-{number}", "salesforce", deal, says, at)  # type: ignore[arg-type]  # a word of Says


def make(home: Path, *events: CloseEvent) -> str:
    """The account's id."""
    with Archive.open(home, write=True) as archive:
        halden, _ = fill(archive)
        Work.beside(archive).receive(events or [won()])
        return halden


def open_office(home: Path) -> tuple[Kit, Office]:
    kit = open_kit(open_home(home, write=True, load_embedder=no_weights))
    return kit, Office(kit, Work.beside(kit.archive), BASE)


def run(home: Path, most: int = 10_000) -> int:
    kit, office = open_office(home)
    with kit:
        jobs = Jobs(office)
        try:
            return jobs.run_due(most)
        finally:
            jobs.close()


def briefs(home: Path) -> list[str]:
    with Archive.open(home) as archive:
        return [body["id"] for account in archive.accounts(EVERYTHING) for body in archive.briefs(EVERYTHING.only(account.id))]


if __name__ == "__main__":
    run(Path(sys.argv[1]))
