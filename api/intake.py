"""What `baton ingest` and `baton pull` do with an open home: in their own process, or in that of the server which holds the home."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack, closing
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from assistant.portfolio import refresh
from ingest.opened import Home
from ingest.pulling import Report
from ingest.tally import Tally

Progress = Callable[[str, int, int], None]
"""The stage, how many are done of it, and of how many."""
Asking = Callable[[str, int], None]
"""The tool, and how many of its records were looked at."""

_NOBODY_IS_OURS = (
    "Nobody is known to be on our side, so nothing that was said counts as promised. Name your own mail domain: "
    "baton ingest … --our-domain yourcompany.com"
)


@dataclass(frozen=True, slots=True)
class Exports:
    """Files and folders to be read; their paths are whole ones."""

    paths: tuple[Path, ...]
    account: str | None = None
    our_domains: tuple[str, ...] = ()
    partner_domains: tuple[str, ...] = ()
    listed: bool = False


@dataclass(frozen=True, slots=True)
class Tools:
    """Connected tools to be asked; all of them where none is named."""

    sources: tuple[str, ...] = ()
    since: date | None = None
    """Instead of the day that the settings name."""
    anew: bool = False
    listed: bool = False


@dataclass(frozen=True, slots=True)
class TakenIn:
    tally: Tally
    notes: tuple[str, ...]
    """Sentences for a person."""


@dataclass(frozen=True, slots=True)
class Asked:
    report: Report
    closed: int
    """Deals that were found newly won, of which no CRM tells by itself."""


def take_in(home: Home, exports: Exports, progress: Progress) -> TakenIn:
    """Raises what `sync` does."""
    from ingest.sides import settle
    from ingest.sync import sync
    from ingest.wiring import fallback_of

    tally = sync(
        home,
        list(exports.paths),
        account=exports.account,
        our_domains=exports.our_domains,
        partner_domains=exports.partner_domains,
        progress=progress,
        listed=exports.listed,
    )
    refresh(home.archive, progress=progress)
    notes = (fallback_of(home.settings), "" if settle(home).ours else _NOBODY_IS_OURS)
    return TakenIn(tally, tuple(filter(None, notes)))


def ask(home: Home, tools: Tools, progress: Progress, asking: Asking) -> Asked:
    """Raises BadSettings where one of them is not connected."""
    from api.polling import notice_closings, silent_crms
    from ingest.archive.work import Work
    from ingest.connectors.wiring import connected, connectors
    from ingest.pulling import pull

    given = connected(home.path)
    with ExitStack() as stack:
        made = connectors(given, tools.sources)
        for connector in made:
            stack.enter_context(closing(connector))
        since = {each.name: tools.since or given[each.name].since for each in made}
        report = pull(home, made, since=since, anew=tools.anew, asking=asking, progress=progress, listed=tools.listed)
    if report.tally:
        refresh(home.archive, progress=progress)
    return Asked(report, notice_closings(Work.beside(home.archive), home.archive, silent_crms(home.path)))
