"""Asks the tools that are connected what is new, and takes it in as if somebody had exported it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path
from time import monotonic
from types import MappingProxyType

from ingest.archive.archive import Archive
from ingest.archive.scope import EVERYTHING
from ingest.connectors.api import Clock, Trouble
from ingest.connectors.mirror import FOLDER, Mirror
from ingest.connectors.port import Connector, Want
from ingest.domains import EVERYBODYS, above
from ingest.opened import Home
from ingest.run import Progress
from ingest.sync import take_in
from ingest.tally import Tally

_PLAIN = re.compile(r"[\w.+-]+@[\w.-]+")

Asking = Callable[[str, int], None]
"""(source, records looked at so far)."""


@dataclass(slots=True)
class Pulled:
    """What one source gave in one run."""

    source: str
    asked: int = 0
    """Records that were looked at."""
    changed: int = 0
    """Files that say something they did not say before."""
    removed: int = 0
    troubles: list[str] = field(default_factory=list)
    """What the source would not give."""
    trouble: str = ""
    """Why the run ended early; what came before is kept, and the next run goes on there."""
    seconds: float = 0.0


@dataclass(slots=True)
class Report:
    sources: list[Pulled]
    tally: Tally | None
    """None where nothing new was to be taken in."""

    @property
    def complete(self) -> bool:
        return not any(each.trouble or each.troubles for each in self.sources) and (self.tally is None or self.tally.complete)


def pull(
    home: Home,
    connectors: Sequence[Connector],
    *,
    since: Mapping[str, date | None] = MappingProxyType({}),
    anew: bool = False,
    clock: Clock | None = None,
    asking: Asking = lambda source, asked: None,
    progress: Progress = lambda stage, done, total: None,
    listed: bool = False,
) -> Report:
    """Brings an open, writable home up to date with its sources. What one of them will not give does not keep the others from giving.

    `since`, by source, is remembered. `anew` asks for everything again, and takes out what a source no longer has. Where nothing is new,
    nothing in the home is written.
    """
    clock = clock or Clock()
    done = []
    mirrors = {each.name: Mirror(home.path, each.name) for each in connectors}
    for connector in connectors:
        done.append(_ask(connector, mirrors[connector.name], _want(home.archive), since.get(connector.name), anew, clock, asking))
    changed = [path for each in connectors for path in _waiting(home.archive, each, mirrors[each.name])]
    tally = None
    if changed:
        tally, unkept = take_in(home, home.path / FOLDER, changed, progress, listed)
        for mirror in mirrors.values():
            begins = f"{mirror.source}/"
            mirror.forget(sorted(file.removeprefix(begins) for file in unkept if file.startswith(begins)))
    for pulled in done:
        mirror = mirrors[pulled.source]
        new = {"at": _now(clock), "asked": pulled.asked, "changed": pulled.changed, "removed": pulled.removed}
        if pulled.trouble:
            mirror.taken_in(None) if mirror.state.waiting else None
            mirror.failed(pulled.trouble, _now(clock))
        else:
            mirror.taken_in(new if pulled.changed or pulled.removed or mirror.state.waiting else None)
    return Report(done, tally)


def _want(archive: Archive) -> Want:
    """Mail is asked for by the accounts there are; of those whose CRM is pulled in the same run, by the next run."""
    domains = {domain for account in archive.accounts(EVERYTHING) for domain in account.domains} - EVERYBODYS
    people = [person for person in archive.people(EVERYTHING) if person.account_id and person.side == "buyer" and person.email]
    plain = [p for p in people if _PLAIN.fullmatch(p.email)]  # it goes into questions, where other signs may mean something
    elsewhere = {p.email.casefold() for p in plain if not any(one in domains for one in above(p.email.rpartition("@")[2]))}
    return Want(None, frozenset(domains), frozenset(elsewhere))


def _ask(connector: Connector, mirror: Mirror, want: Want, since: date | None, anew: bool, clock: Clock, asking: Asking) -> Pulled:
    pulled, started = Pulled(connector.name), monotonic()
    if since is not None:
        mirror.begin(since.isoformat())
    day = mirror.state.since
    begins = datetime.fromisoformat(day).replace(tzinfo=UTC) if day else None
    before = set(mirror.names()) if anew else set()
    seen: set[str] = set()
    try:
        for batch in connector.pull({} if anew else mirror.state.cursor, mirror, replace(want, since=begins)):
            applied = mirror.apply(batch)
            pulled.asked += batch.asked
            pulled.changed += applied.changed
            pulled.removed += applied.dropped
            pulled.troubles += [each for each in batch.troubles if each not in pulled.troubles]
            if anew:
                seen |= set(batch.put)
            asking(connector.name, pulled.asked)
        if anew and not pulled.troubles:
            pulled.removed += mirror.sweep(before - seen)
    except Trouble as trouble:
        pulled.trouble = str(trouble)
    pulled.seconds = round(monotonic() - started, 2)
    return pulled


def _waiting(archive: Archive, connector: Connector, mirror: Mirror) -> list[Path]:
    """The folders that are to be read, or that are gone and were read before."""
    paths = [mirror.folder / unit for unit in mirror.state.waiting]
    if not paths:
        return []
    known = {Path(each.key.rpartition("#")[0] or each.key) for each in archive.inputs() if each.key.startswith(f"{mirror.folder}/")}
    before = {path for each in known for path in (each, *each.parents)}
    return [path for path in paths if path in before or (path.exists() and connector.is_wanted(path))]


def _now(clock: Clock) -> str:
    return clock.now().astimezone(UTC).isoformat(timespec="seconds")
