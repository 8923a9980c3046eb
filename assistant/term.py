"""When a deal's term ends, as far as the CRM tells: what renewal briefs, their messages and the timetable go by."""

from __future__ import annotations

from calendar import monthrange
from datetime import MAXYEAR, MINYEAR, date, timedelta

from ingest.archive.rows import StoredDeal

RENEWAL_AHEAD = timedelta(days=120)
"""Before the end from which on a deal is renewing."""


def renewal_of(deal: StoredDeal) -> date | None:
    """The day on which the term ends, counted in whole months from the close; None of a deal that was not won, or where the CRM says no
    term or no day that a calendar has."""
    try:
        closed = date.fromisoformat(deal.closed_on[:10])
    except ValueError:
        return None
    if not deal.won or not deal.term_months:
        return None
    months = closed.month - 1 + deal.term_months
    year, month = closed.year + months // 12, months % 12 + 1
    return date(year, month, min(closed.day, monthrange(year, month)[1])) if MINYEAR <= year <= MAXYEAR else None
