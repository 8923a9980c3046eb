"""Erases an account or a person from a home: rows, words, vectors, what was made of them; then looks whether anything is left.

What is to be done is written down first, in a file of its own beside the archive. A run that is killed is finished by the next
command that opens the home. The file holds what has to be looked for, so it is the one place where that may be until the end.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from ingest.archive.accounts import fitting
from ingest.archive.archive import Archive
from ingest.archive.identifiers import folded, link_key
from ingest.archive.scope import EVERYTHING
from ingest.archive.tombstones import Marks
from ingest.archive.traces import Traces
from ingest.archive.upgrading import drop_copies
from ingest.connectors.mirror import clear
from ingest.domains import host
from ingest.erasing_account import account_traces, erase_account, every_account
from ingest.erasing_person import Who, erase_person, person_traces
from ingest.erasure_note import PENDING, Kind, Note
from ingest.failpoints import past
from ingest.index.projection import FOLDER, bring_up_to_date
from ingest.opened import Home
from ingest.records import Link
from ingest.residue import Finder, Found, Residue, look_through
from ingest.scrubbing import scrubbed
from ingest.sides import forget_the_gone, settle

STAGES = ("noted", "rows", "vectors", "compacted", "looked")
"""What has been done when a stage is over, in this order."""
Reached = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Plan:
    """What an erasure would take; ids and names are for the person who decides, and are not kept."""

    kind: Kind
    id: str
    name: str
    interactions: int
    """Of an account all; of a person those that go whole."""
    rewritten: int = 0
    """Interactions of others in which the person's words and name go."""
    accounts: tuple[str, ...] = ()
    """Names of the accounts concerned."""
    answers: int = 0
    briefs: int = 0


@dataclass(frozen=True, slots=True)
class Report:
    """Counts, and where something was found that should not be there."""

    kind: str
    rows: dict[str, int] = field(default_factory=dict)
    marks: int = 0
    """So many hashes keep it from coming back."""
    folders: int = 0
    looked_for: int = 0
    bytes: int = 0
    left: tuple[Found, ...] = ()
    compacted: bool = True

    @property
    def clean(self) -> bool:
        return not self.left and self.compacted


def pending(path: Path) -> bool:
    """Whether an erasure was begun in this home and not finished."""
    return (path / PENDING).is_file()


def account_plan(archive: Archive, reference: str) -> Plan:
    """Of one that was deleted, too. Raises UnknownAccount and AmbiguousAccount."""
    account = fitting(reference, every_account(archive))
    answers, briefs = archive.made_of(account.id)
    with archive.uncovered(account.id):
        interactions = len(archive.sources(EVERYTHING.only(account.id), alternates=True))
    return Plan("account", account.id, account.name, interactions, 0, (account.name,), answers, briefs)


def person_plan(home: Home, email: str) -> Plan:
    """Raises NobodyThere."""
    who = Who.of(home.archive, email)
    whole, rewritten, touched = 0, 0, set()
    marks = Marks.of(who.marks(home.archive))
    side_of = settle(home).side_of
    for kept in home.archive.restored([id for id, removed in who.concerned(home.archive).items() if not removed]):
        made = None if who.is_record_of(kept.record) else scrubbed(kept.record, kept.account_id, marks, side_of)
        whole += made is None
        rewritten += made is not None and made != kept.record
        if made != kept.record:
            touched.add(kept.account_id)
    names = {a.id: a.name for a in every_account(home.archive)}
    return Plan("person", who.email, who.name, whole, rewritten, tuple(sorted(names[id] for id in touched)))


def erase(home: Home, kind: Kind, id: str, reached: Reached = lambda stage: None) -> Report:
    """An account by its id or a person by their address. `reached` hears each of `STAGES` as it is over.

    Raises UnknownAccount and NobodyThere before anything is changed.
    """
    note = Note(kind, id)
    if kind == "account":
        account = fitting(id, every_account(home.archive))
        with home.archive.uncovered(account.id):
            note.traces = account_traces(home.archive, account)
    else:
        note.traces = person_traces(home.archive, Who.of(home.archive, id))
    note.write(home.path)
    past("erasure noted")
    reached("noted")
    report = _finish(home, note, reached)
    bring_up_to_date(home)
    return report


def finish(home: Home, reached: Reached = lambda stage: None) -> Report | None:
    """What an earlier run began; None if there is nothing to finish. The vectors come back with the next ingest, server or repair."""
    if not pending(home.path):
        return None
    note = Note.read(home.path)
    if note is None:  # killed while it was being written: nothing had been erased yet
        (home.path / PENDING).unlink()
        return None
    return _finish(home, note, reached)


def allow_again(archive: Archive, kind: Kind, reference: str) -> int:
    """How many erasures that are known by this name, address, domain or CRM reference were taken back."""
    if kind == "person":
        return archive.lift([("person", reference.strip().casefold())])
    system, _, native = reference.partition(":")
    systems = {"sf": "salesforce", "hs": "hubspot"}
    link = link_key(Link(systems.get(system, system), "account", native))
    return archive.lift([("account", folded(reference)), ("domain", host(reference)), ("link", link)])


def _finish(home: Home, note: Note, reached: Reached) -> Report:
    archive = home.archive
    if not note.stage:
        note.report = erase_account(archive, note) if note.kind == "account" else erase_person(home, note)
        forget_the_gone(archive)
        past("rows erased")
        note.stage = "rows"
        note.write(home.path)
        past("rows noted")
    reached("rows")
    folders = home.forget_vectors(note.report["accounts"])
    _empty_logs(home.path)
    drop_copies(home.path)
    past("vectors erased")
    reached("vectors")
    compacted = archive.compact()
    past("compacted")
    reached("compacted")
    finder = _finder(home, note.traces)
    clear(home.path, finder)
    residue = _look(home, finder)
    if strays := _strays(residue):
        folders += home.forget_vectors(strays)
        residue = _look(home, finder)
    past("looked")
    reached("looked")
    report = Report(
        note.kind, note.report["rows"], note.report["marks"], folders, residue.words + residue.vectors, residue.bytes,
        tuple(residue.found), compacted,
    )  # fmt: skip
    if compacted:
        note.done(home.path)
    return report


def _strays(residue: Residue) -> set[str]:
    """Living accounts in whose vector folders something was found. Chroma writes memory as it got it, and what lay in it before may have
    been another account's vectors; such a folder goes too, and is made again from the archive."""
    places = [Path(found.file).parts for found in residue.found]
    return {parts[1] for parts in places if len(parts) > 2 and parts[0] == FOLDER}


def _empty_logs(path: Path) -> None:
    """Logs that somebody keeps in the home: nobody can say which of their lines tell of it."""
    for log in [*path.glob("*.log*"), *(path / "logs").rglob("*")]:
        if log.is_file() and not log.is_symlink():
            os.truncate(log, 0)


def _finder(home: Home, traces: Traces) -> Finder:
    """For everything that living accounts do not say too."""
    words = [*sorted(traces.names), *traces.said]
    known = Finder(words).words_in(home.archive.kept_words())
    shared = home.archive.kept_vectors(traces.vectors)
    candidates = Finder(words).words
    wanted = [word for number, word in enumerate(candidates) if number not in known]
    return Finder(wanted, [each for each in traces.vectors if each not in shared])


def _look(home: Home, finder: Finder) -> Residue:
    return look_through(home.path, finder, skip=[home.path / PENDING, home.path / f"{PENDING}.new"])


def report_json(report: Report) -> dict[str, Any]:
    return {**asdict(report), "left": [asdict(each) for each in report.left], "clean": report.clean}
