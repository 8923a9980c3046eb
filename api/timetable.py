"""What is to be done because a day has come: retention when something is due, renewal briefs 120 days before a deal renews."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from assistant.term import RENEWAL_AHEAD, renewal_of
from ingest.archive.scope import EVERYTHING
from ingest.retention import purge

if TYPE_CHECKING:
    from api.office import Office
    from ingest.archive.rows import StoredDeal

FROM_HOUR = 3
"""On the organisation's clock."""


class Timetable:
    """Looks once a day; a home in which nothing is due is not written to."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self._looked_on: date | None = None

    def put_up(self) -> None:
        home = self._office.kit.home
        now = self._office.work.now().astimezone(ZoneInfo(home.settings.timezone))
        if self._looked_on == now.date() or now.hour < FROM_HOUR or not home.writes:
            return
        if purge(home, dry_run=True).due:
            self._office.work.add_job("retention", {}, key=f"retention {now.date()}")
        for deal, on in renewing(self._office.kit.archive.deals(EVERYTHING), now.date()):
            about = {"deal": deal.id, "on": on.isoformat(), "system": deal.links[0].system if deal.links else ""}
            self._office.work.add_job("renewal", about, key=f"renewal {deal.id} {on}", account_id=deal.account_id)
        self._looked_on = now.date()


def renewing(deals: list[StoredDeal], today: date) -> Iterator[tuple[StoredDeal, date]]:
    """Deals whose term ends within the next 120 days, and the day on which it does."""
    for deal in deals:
        on = renewal_of(deal)
        if on is not None and today <= on <= today + RENEWAL_AHEAD:
            yield deal, on
