"""Ingestion as one run: read what changed, decide whose it is and who spoke, put it into the archive, bring the indexes up to date.

Running it again changes nothing; an edited file replaces what it said before; what cannot be placed is held, what cannot be read
is set aside, and both are tried again on the next run.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic
from zoneinfo import ZoneInfo

from ingest.archive.archive import Archive
from ingest.archive.errors import UnknownAccount
from ingest.archive.scope import EVERYTHING
from ingest.coverage import lacking
from ingest.domains import registrable
from ingest.erased import Guard, WasErased
from ingest.failpoints import past
from ingest.index.projection import bring_up_to_date
from ingest.opened import Home
from ingest.outcomes import outcomes
from ingest.placing import kept_accounts
from ingest.reading import Group, as_it_lies, readers, survey
from ingest.retention import keep_to_versions, limits
from ingest.run import CRM, Progress, Run
from ingest.sides import OURS, PARTNERS, remember
from ingest.tally import Tally

_ZONE = "crm_zone"
"""Setting: in another zone a deal's days begin at other moments."""


class NotOurs(Exception):
    """A domain given as ours belongs to a customer in the CRM."""

    def __init__(self, domain: str, account: str) -> None:
        super().__init__(f"{domain} is the domain of {account}, so it cannot be ours; give --our-domain your own company's mail domain.")


class NothingToRead(Exception):
    """The folders given hold no files."""

    def __init__(self, paths: Sequence[Path]) -> None:
        super().__init__(f"There are no files in {', '.join(map(str, paths))}; give the folder that holds the exports.")


def sync(
    home: Home,
    paths: Sequence[Path],
    *,
    account: str | None = None,
    our_domains: Iterable[str] = (),
    partner_domains: Iterable[str] = (),
    progress: Progress = lambda stage, done, total: None,
    listed: bool = False,
) -> Tally:
    """Brings everything under `paths` into the archive of an open, writable home.

    `account` names the account, made if need be, for what does not say itself whose it is; our and partners' domains are
    remembered. A folder that is imported again is taken at its word: what was in it and is gone is removed. With `listed` the tally
    names every input.
    Raises `NothingThere` for a path that does not exist, `NothingToRead` where there are no files, `NotOurs` for a domain of ours
    that is a customer's, `AmbiguousAccount` for an `account` that fits several and `WasErased` for one that was erased here; then nothing
    has been changed.
    """
    started = monotonic()
    found = survey(paths)
    if not found.groups and not found.failures:
        raise NothingToRead(paths)
    _refuse_customers(home.archive, our_domains)
    guard = Guard.of(home.archive, lambda: kept_accounts(home.archive), limits(home.settings.retention, home.archive.now()))
    if account is not None and guard.is_name(account):
        raise WasErased(account)
    given = _given(home.archive, account)
    remember(home.archive, OURS, our_domains)
    remember(home.archive, PARTNERS, partner_domains)
    zone = ZoneInfo(home.settings.timezone)
    with readers(zone, home.settings.speech) as workers:
        run = Run(home, given, guard, zone, workers, progress)
        run_id = home.archive.start_run(datetime.now(UTC))
        past("received")
        run.crm([g for g in found.groups if g.format in CRM], anew=home.archive.setting(_ZONE) not in (None, zone.key))
        home.archive.put_setting(_ZONE, zone.key)
        run.everything_else(found.groups)
        run.forget_gone([path.resolve() for path in paths if path.is_dir()], {*(g.key for g in found.groups), *found.places})
        run.hand_over(found.groups)
    run.take_out_deleted()
    unread = {place: failure for place, failure in zip(found.places, found.failures, strict=True) if guard.failures(place, (failure,))}
    tally = run.finish(unread)
    if listed:
        tally.inputs = outcomes(run.over(found, unread))
    keep_to_versions(home)
    past("counted")
    tally.embedded, tally.degraded = bring_up_to_date(home, lambda done, total: progress("embedding", done, total))
    counts = {"new": tally.new, "changed": tally.changed, "unchanged": tally.unchanged, "removed": tally.removed}
    home.archive.finish_run(run_id, datetime.now(UTC), **counts, held=len(tally.held), failed=len(tally.failed))
    past("finished")
    tally.lacking = lacking(home.archive, datetime.now(UTC))
    tally.seconds = round(monotonic() - started, 2)
    return tally


def refile(home: Home, keys: Iterable[str], progress: Progress = lambda stage, done, total: None) -> tuple[Tally, tuple[str, ...]]:
    """Reads some inputs again and places what is in them anew, as after a person's decision; gives the inputs that are gone, too.

    Of those nothing changes: what they said stays where it is.
    """
    started = monotonic()
    inputs = {each.key: each for each in home.archive.inputs()}
    wanted = sorted(set(keys) & inputs.keys())
    lying = {key: as_it_lies(key, inputs[key].format, Path(inputs[key].root)) for key in wanted}
    groups = [group for group in lying.values() if group is not None]
    home.archive.read_again(wanted)
    guard = Guard.of(home.archive, lambda: kept_accounts(home.archive), limits(home.settings.retention, home.archive.now()))
    zone = ZoneInfo(home.settings.timezone)
    with readers(zone, home.settings.speech) as workers:
        run = Run(home, None, guard, zone, workers, progress)
        run.crm([g for g in groups if g.format in CRM])
        run.everything_else(groups)
        run.hand_over(groups)
    tally = run.finish({})
    tally.embedded, tally.degraded = bring_up_to_date(home, lambda done, total: progress("embedding", done, total))
    tally.seconds = round(monotonic() - started, 2)
    return tally, tuple(key for key, group in lying.items() if group is None)


def take_in(
    home: Home,
    root: Path,
    changed: Sequence[Path],
    progress: Progress = lambda stage, done, total: None,
    listed: bool = False,
) -> tuple[Tally, frozenset[str]]:
    """What was changed below `root`: folders that a connector wrote to, or took away. Nothing else is looked at, so that a small change
    in a large mirror stays small; but where the CRM says something new of an account, everything of that account is placed anew, and so
    is whatever waits. Gives the files, named from `root`, that are not to be kept, too.
    """
    started = monotonic()
    found = survey([path for path in changed if path.exists()], root)
    guard = Guard.of(home.archive, lambda: kept_accounts(home.archive), limits(home.settings.retention, home.archive.now()))
    before = _facts(home.archive)
    with readers(ZoneInfo(home.settings.timezone), home.settings.speech) as workers:
        run = Run(home, None, guard, ZoneInfo(home.settings.timezone), workers, progress)
        run_id = home.archive.start_run(datetime.now(UTC))
        run.crm([g for g in found.groups if g.format in CRM])
        run.everything_else(found.groups)
        run.forget_gone(changed, {*(g.key for g in found.groups), *found.places})
        others = _concerned(home.archive, before, {g.key for g in found.groups})
        run.everything_else([*found.groups, *others])
        run.hand_over([*found.groups, *others])
    run.take_out_deleted()
    unread = {place: failure for place, failure in zip(found.places, found.failures, strict=True) if guard.failures(place, (failure,))}
    tally = run.finish(unread)
    if listed:
        tally.inputs = outcomes(run.over(found, unread))
    keep_to_versions(home)
    tally.embedded, tally.degraded = bring_up_to_date(home, lambda done, total: progress("embedding", done, total))
    counts = {"new": tally.new, "changed": tally.changed, "unchanged": tally.unchanged, "removed": tally.removed}
    home.archive.finish_run(run_id, datetime.now(UTC), **counts, held=len(tally.held), failed=len(tally.failed))
    tally.lacking = lacking(home.archive, datetime.now(UTC))
    tally.seconds = round(monotonic() - started, 2)
    return tally, run.not_to_be_kept()


def _facts(archive: Archive) -> dict[str, tuple[object, ...]]:
    """What the CRM says of each account."""
    said: dict[str, list[str]] = defaultdict(list)
    for person in archive.people(EVERYTHING):
        if person.account_id and person.links:
            said[person.account_id].append(repr((person.id, person.links)))
    for deal in archive.deals(EVERYTHING):
        said[deal.account_id].append(repr((deal.id, deal.links, deal.opened_on, deal.closed, deal.closed_on)))
    return {each.id: (each.domains, each.links, sorted(said[each.id])) for each in archive.accounts(EVERYTHING)}


def _concerned(archive: Archive, before: Mapping[str, tuple[object, ...]], known: AbstractSet[str]) -> list[Group]:
    """Inputs, wherever they lie, that are to be placed anew since the CRM said something else of these accounts, as they are now."""
    after = _facts(archive)
    changed = {account for account, facts in after.items() if before.get(account) != facts}
    if not changed:
        return []
    theirs = {one.id for one in archive.outlines(EVERYTHING) if one.account_id in changed}
    keys = {key for key, ids in archive.every_origin().items() if ids & theirs} | {each.origin for each in archive.held()}
    inputs = {each.key: each for each in archive.inputs()}
    lying = (as_it_lies(key, inputs[key].format, Path(inputs[key].root)) for key in sorted(keys & inputs.keys() - known))
    return [group for group in lying if group is not None]


def _given(archive: Archive, account: str | None) -> str | None:
    if account is None:
        return None
    try:
        return archive.account(EVERYTHING, account).id
    except UnknownAccount:
        return archive.put_account(account)


def _refuse_customers(archive: Archive, domains: Iterable[str]) -> None:
    for account in archive.accounts(EVERYTHING):
        for domain in set(map(registrable, domains)) & set(map(registrable, account.domains)):
            raise NotOurs(domain, account.name)
