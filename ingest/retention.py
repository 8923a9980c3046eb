"""What the settings say is kept no longer: found, counted and taken out for good. Running it again takes out nothing more."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from ingest.archive.archive import Archive
from ingest.archive.scope import EVERYTHING
from ingest.archive.tombstones import Mark
from ingest.archive.upgrading import drop_copies
from ingest.connectors.mirror import FOLDER, forget_files
from ingest.index.projection import bring_up_to_date
from ingest.opened import Home
from ingest.records import Kind
from ingest.settings import Retention

KINDS: Mapping[str, Kind] = {
    "calls": "call", "emails": "email", "notes": "crm_note", "records": "crm_field", "documents": "doc", "chats": "chat",
    "meetings": "meeting",
}  # fmt: skip
"""The settings that are about talk, by the kind of interaction."""


@dataclass(frozen=True, slots=True)
class Due:
    """Of one setting: how much is due, and the oldest of it."""

    what: str
    days: int
    count: int
    oldest: datetime | None


@dataclass(frozen=True, slots=True)
class Purge:
    due: tuple[Due, ...]
    done: bool
    made: int = 0
    """Answers and briefs that quoted what is gone, and went with it."""
    compacted: bool = True


def limits(retention: Retention, now: datetime) -> dict[Kind, datetime]:
    """By kind, the moment before which nothing is kept; only those that have one."""
    days = {kind: getattr(retention, name) for name, kind in KINDS.items()}
    return {kind: now - timedelta(days=each) for kind, each in days.items() if each is not None}


def purge(home: Home, *, dry_run: bool = False) -> Purge:
    """Takes out what is due in an open, writable home, removes the vectors of the accounts concerned and compacts the database."""
    archive, rules, now = home.archive, home.settings.retention, home.archive.now()
    if home.writes:
        archive.note_held()
    old = {name: archive.older_than(kind, limits(rules, now)[kind]) for name, kind in KINDS.items() if kind in limits(rules, now)}
    removed = [] if rules.removed is None else archive.removed_before(now - timedelta(days=rules.removed))
    wordings = [] if rules.versions is None else archive.replaced_before(now - timedelta(days=rules.versions))
    held = [] if rules.held is None else archive.held_before(now - timedelta(days=rules.held))
    found = {
        **{name: [at for _, at in rows] for name, rows in old.items()},
        "removed": [at for _, at in removed],
        "versions": [at for *_, at in wordings],
        "held": [at for *_, at in held],
    }
    due = tuple(Due(name, getattr(rules, name), len(at), min(at)) for name, at in found.items() if at)
    if dry_run or not due:
        return Purge(due, done=False)
    ids = {id for rows in old.values() for id, _ in rows}
    accounts, pulled = archive.accounts_of(ids), {file for *_, file in archive.identities(ids)}
    with archive.transaction():
        made = archive.purge_made(ids, (), lambda text: False)
        _forget(archive, ids | {id for id, _ in removed}, [(id, version) for id, version, _ in wordings])
        archive.drop_held([number for number, *_ in held])
        marks: list[Mark] = [("file", f"{origin}\x1f{file}") for _, origin, file, _ in held]
        archive.note_erasure("retention", now, {each.what: each.count for each in due} | dict(made), marks)
    home.forget_vectors(accounts)
    drop_copies(home.path)
    if pulled and (home.path / FOLDER).is_dir():
        there = [source.id for source in archive.sources(EVERYTHING, alternates=True)]
        units = forget_files(home.path, pulled - {file for *_, file in archive.identities(there)})
        # Should a source give them again, they are looked at again: otherwise the unit would be what it was, and they would stay.
        archive.read_again(each.key for each in archive.inputs() if {Path(each.key.rpartition("#")[0] or each.key)} & units)
    compacted = archive.compact()
    bring_up_to_date(home)
    return Purge(due, True, sum(made.values()), compacted)


def keep_to_versions(home: Home) -> None:
    """After an import: earlier wordings and removed things that the settings keep no longer go at once. The file is not compacted."""
    archive, rules, now = home.archive, home.settings.retention, home.archive.now()
    archive.note_held()
    removed = [] if rules.removed is None else archive.removed_before(now - timedelta(days=rules.removed))
    wordings = [] if rules.versions is None else archive.replaced_before(now - timedelta(days=rules.versions))
    if removed or wordings:
        with archive.transaction():
            _forget(archive, {id for id, _ in removed}, [(id, version) for id, version, _ in wordings])
        drop_copies(home.path)


def _forget(archive: Archive, ids: set[str], wordings: list[tuple[str, int]]) -> None:
    archive.drop_wordings(wordings)
    people = archive.people_of(ids)
    archive.purge(ids)
    archive.purge_strangers(people)
    archive.settle_alternates()
