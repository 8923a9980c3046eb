"""What the history of an account lacks: calls that nobody has the words of, months in which nothing was said."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from ingest.archive.archive import Archive
from ingest.archive.rows import Source
from ingest.archive.scope import EVERYTHING
from ingest.records import Kind

_HEARD: frozenset[Kind] = frozenset({"call", "meeting"})
_TOLD: frozenset[Kind] = frozenset({"call", "email", "chat", "crm_note", "ae_note"})
"""Where something is said at a time: a field or a contract has no month of its own, and whoever was only asked to a meeting has said
nothing yet."""
_SAME_START = timedelta(minutes=45)
"""A call that begins this near to a meeting's time is that meeting."""


@dataclass(frozen=True, slots=True)
class Lacking:
    account: str
    unheard: tuple[Source, ...]
    """Calls without a transcript, be they known from a recorder, a CRM or a calendar; oldest first."""
    silent: tuple[str, ...]
    """Months (2026-09) without a word, between the first word and the last."""


def lacking(archive: Archive, now: datetime) -> list[Lacking]:
    """By account; those that lack nothing are left out."""
    talks: dict[str, list[Source]] = defaultdict(list)
    days: dict[str, set[date]] = defaultdict(set)
    for source in archive.sources(EVERYTHING, _HEARD):
        talks[source.account_id].append(source)
    for one in archive.outlines(EVERYTHING):
        if one.kind in _TOLD and one.occurred_on:
            days[one.account_id].add(one.occurred_on)
    heard = archive.heard(EVERYTHING)
    found = []
    for account in sorted(archive.accounts(EVERYTHING), key=lambda account: account.name):
        unheard, silent = _unheard(talks[account.id], heard, now), _silent(days[account.id])
        if unheard or silent:
            found.append(Lacking(account.name, unheard, silent))
    return found


def _unheard(sources: Sequence[Source], heard: frozenset[str], now: datetime) -> tuple[Source, ...]:
    calls = [source for source in sources if source.kind == "call"]
    began = [call.occurred_at for call in calls if call.occurred_at]
    missed = [
        source
        for source in sources
        if source.kind == "meeting"
        and source.meta.get("status") != "cancelled"
        and (at := source.occurred_at) is not None
        and at < now
        and not any(abs(at - other) <= _SAME_START for other in began)
    ]
    return tuple(source for source in sources if source in missed or (source.kind == "call" and source.id not in heard))


def _silent(days: Iterable[date]) -> tuple[str, ...]:
    months = {12 * on.year + on.month - 1 for on in days}
    between = range(min(months), max(months)) if months else ()
    return tuple(f"{month // 12}-{month % 12 + 1:02}" for month in between if month not in months)
