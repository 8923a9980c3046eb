"""Asks the connected tools what is new while a server runs, and opens the close event that a CRM sends nobody: once for each closing.

[pull]
every = 15     # minutes; without it nobody is asked but by `baton pull` and when a deal closes
"""

from __future__ import annotations

import logging
import os
from collections.abc import Collection, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from api.hooks import load_hooks
from api.problems import Problem
from api.setbacks import Later
from assistant.portfolio import refresh
from ingest.archive.archive import Archive
from ingest.archive.rows import StoredDeal
from ingest.archive.scope import EVERYTHING
from ingest.archive.work import CloseEvent, Work
from ingest.settings import FILE, BadSettings, settings_table

if TYPE_CHECKING:
    from api.office import Office

log = logging.getLogger("baton.api")

HOOK = "pull"
"""In place of the hook that told."""
CRMS = frozenset({"hubspot", "salesforce"})
"""Of the tools that can be asked, those that know whether a deal is won."""
STILL_NEWS = timedelta(days=14)
"""What closed before is history that was pulled, and nobody waits for its brief."""
SAME_CLOSING = timedelta(days=1)
LEAST, MOST = 1, 24 * 60


class Polls:
    """`next_at` is when the tools are asked again; None where the settings say nothing of it."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self.next_at: datetime | None = None

    def ask_if_due(self) -> None:
        """What goes wrong is said in the log and in `baton connect`, and is over with the next time."""
        home, now = self._office.kit.home, self._office.work.now()
        try:
            every = load_every(home.path)
            if every is None or not home.writes:
                self.next_at = None
                return
            if self.next_at is not None and now < self.next_at:
                return
            self.next_at = now + every
            with self._office.alone():
                asked = self._office.ask(None)
            if asked:
                refresh(home.archive, by=self._office.kit.facts_by)
        except Problem:
            log.info("pull: an import is running; asked again in its turn")
        except (Later, BadSettings) as trouble:
            log.warning("pull: %s", trouble)
        notice_closings(self._office.work, home.archive, silent_crms(home.path))


def load_every(home: Path) -> timedelta | None:
    """Raises BadSettings."""
    table = settings_table(home / FILE, "pull", ["every"])
    if not table:
        return None
    minutes = table.get("every")
    if isinstance(minutes, bool) or not isinstance(minutes, int | float) or not LEAST <= minutes <= MOST:
        raise BadSettings(f"{FILE}: [pull] every is a number of minutes from {LEAST} to {MOST}, such as 15; it is {minutes!r}")
    return timedelta(minutes=minutes)


def silent_crms(home: Path, environment: Mapping[str, str] = os.environ) -> frozenset[str]:
    """Those that are asked and have no hook to tell by themselves."""
    from ingest.connectors.wiring import connected

    try:
        telling = {hook.kind for hook in load_hooks(home, environment)[0].values()}
        return frozenset(name for name in connected(home, environment) if name in CRMS) - telling
    except BadSettings:
        return frozenset()  # said where they are used


def notice_closings(work: Work, archive: Archive, systems: Collection[str]) -> int:
    """How many deals are newly won in these CRMs. Nothing is written where none is."""
    found = list(_closings(work, archive, systems)) if systems else []
    return work.receive(found).new if found else 0


def _closings(work: Work, archive: Archive, systems: Collection[str]) -> Iterator[CloseEvent]:
    now = work.now()
    for deal in archive.deals(EVERYTHING):
        at = _closed_at(deal)
        if not deal.won or at is None or not now - STILL_NEWS <= at <= now + SAME_CLOSING:
            continue
        for link in deal.links:
            if link.type == "deal" and link.system in systems:
                told = work.latest_of_deal(link.system, link.id)
                when = (told.occurred_at or told.received_at) if told else None
                if when is None or when + SAME_CLOSING < at:
                    yield CloseEvent(HOOK, f"{link.system} {link.id} {at:%Y-%m-%d}", link.system, link.id, "won", at, deal.stage[:100])
                break


def _closed_at(deal: StoredDeal) -> datetime | None:
    if deal.closed_at is not None:
        return deal.closed_at
    try:
        on = date.fromisoformat(deal.closed_on[:10])
    except ValueError:
        return None
    return datetime(on.year, on.month, on.day, tzinfo=UTC)
