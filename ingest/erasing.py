"""Erases an account or a person from a home: rows, words, vectors, what was made of them; then looks whether anything is left.

What is to be done is written down first, in a file of its own beside the archive. A run that is killed is finished by the next
command that opens the home. The file holds what has to be looked for, so it is the one place where that may be until the end.
"""

from __future__ import annotations

import json
import os
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path, PurePath
from typing import Any, Literal

from ingest.archive.accounts import fitting
from ingest.archive.archive import Archive
from ingest.archive.erasing import Traces
from ingest.archive.errors import NotThere
from ingest.archive.identifiers import folded, link_key
from ingest.archive.rows import StoredAccount, StoredPerson
from ingest.archive.scope import EVERYTHING
from ingest.archive.tombstones import Mark, Marks
from ingest.archive.upgrading import drop_copies
from ingest.domains import FREE_MAIL, host
from ingest.failpoints import past
from ingest.index.projection import FOLDER, bring_up_to_date
from ingest.records import Document, Link, Participant, Record
from ingest.residue import Finder, Found, Residue, look_through
from ingest.scrubbing import ERASED, NOBODY, marks_of_person, scrubbed
from ingest.sides import settle
from ingest.wiring import PENDING, Home

STAGES = ("noted", "rows", "vectors", "compacted", "looked")
"""What has been done when a stage is over, in this order."""
_OWN_IDS = frozenset({"jsonl", "file", "transcript", "document"})
"""Tools whose ids two exports may share by chance: there the words count too."""

Kind = Literal["account", "person"]
Reached = Callable[[str], None]


class NobodyThere(NotThere):
    """Nobody of that address is known."""

    def __init__(self, email: str) -> None:
        super().__init__("person", email)
        self.args = (f"nobody here has the address {email!r}; give the whole address as the mails have it.",)


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
    account = fitting(reference, _every_account(archive))
    answers, briefs = archive.made_of(account.id)
    with archive.uncovered(account.id):
        interactions = len(archive.sources(EVERYTHING.only(account.id), alternates=True))
    return Plan("account", account.id, account.name, interactions, 0, (account.name,), answers, briefs)


def person_plan(home: Home, email: str) -> Plan:
    """Raises NobodyThere."""
    who = _Who.of(home.archive, email)
    whole, rewritten, touched = 0, 0, set()
    marks = Marks.of(who.marks(home.archive))
    side_of = settle(home).side_of
    for kept in home.archive.restored([id for id, removed in who.concerned(home.archive).items() if not removed]):
        made = None if who.is_record_of(kept.record) else scrubbed(kept.record, kept.account_id, marks, side_of)
        whole += made is None
        rewritten += made is not None and made != kept.record
        if made != kept.record:
            touched.add(kept.account_id)
    names = {a.id: a.name for a in _every_account(home.archive)}
    return Plan("person", who.email, who.name, whole, rewritten, tuple(sorted(names[id] for id in touched)))


def erase(home: Home, kind: Kind, id: str, reached: Reached = lambda stage: None) -> Report:
    """An account by its id or a person by their address. `reached` hears each of `STAGES` as it is over.

    Raises UnknownAccount and NobodyThere before anything is changed.
    """
    note = _Note(kind, id)
    if kind == "account":
        account = fitting(id, _every_account(home.archive))
        with home.archive.uncovered(account.id):
            note.traces = _account_traces(home.archive, account)
    else:
        note.traces = _person_traces(home.archive, _Who.of(home.archive, id))
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
    note = _Note.read(home.path)
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


@dataclass(slots=True)
class _Note:
    """What is being erased, kept on disk until it is done."""

    kind: Kind
    id: str
    traces: Traces = field(default_factory=Traces)
    stage: str = ""
    report: dict[str, Any] = field(default_factory=dict)

    def write(self, path: Path) -> None:
        """On the disk before anything is changed, whole or not at all."""
        body = {
            "kind": self.kind, "id": self.id, "stage": self.stage, "report": self.report, "names": sorted(self.traces.names),
            "said": self.traces.said, "vectors": [each.hex() for each in self.traces.vectors],
        }  # fmt: skip
        made = path / f"{PENDING}.new"
        with os.fdopen(os.open(made, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as opened:
            json.dump(body, opened)  # in ASCII, whatever characters a name has
            opened.flush()
            os.fsync(opened.fileno())
        made.replace(path / PENDING)
        _sync_folder(path)

    @classmethod
    def read(cls, path: Path) -> _Note | None:
        try:
            body = json.loads((path / PENDING).read_text("utf-8"))
            traces = Traces(frozenset(body["names"]), tuple(body["said"]), tuple(map(bytes.fromhex, body["vectors"])))
            return cls(body["kind"], body["id"], traces, body["stage"], body["report"])
        except (ValueError, KeyError, TypeError):
            return None

    def done(self, path: Path) -> None:
        """The file is overwritten before it goes, as far as a file system lets one."""
        for name in (PENDING, f"{PENDING}.new"):
            file = path / name
            if file.is_file():
                with file.open("r+b") as opened:
                    opened.write(b"\0" * file.stat().st_size)
                    opened.flush()
                    os.fsync(opened.fileno())
                file.unlink()
        _sync_folder(path)


def _finish(home: Home, note: _Note, reached: Reached) -> Report:
    archive = home.archive
    if not note.stage:
        note.report = _erase_account(archive, note) if note.kind == "account" else _erase_person(home, note)
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
    residue = _look(home, note.traces)
    if strays := _strays(residue):
        folders += home.forget_vectors(strays)
        residue = _look(home, note.traces)
    past("looked")
    reached("looked")
    report = Report(
        note.kind, note.report["rows"], note.report["marks"], folders, residue.words + residue.vectors, residue.bytes,
        tuple(residue.found), compacted,
    )  # fmt: skip
    if compacted:
        note.done(home.path)
    return report


def _erase_account(archive: Archive, note: _Note) -> dict[str, Any]:
    """All rows in one transaction, with the marks. Nothing if a run before this one had got there."""
    known = [a for a in _every_account(archive) if a.id == note.id]
    if not known:
        return {"rows": _last(archive, "account"), "marks": 0, "accounts": [note.id]}
    account = known[0]
    with archive.transaction(), archive.uncovered(account.id):
        ids = archive.ids_of(account.id)
        marks = set(_account_marks(archive, account, ids))
        inputs, near = _inputs_of(archive, account.id)
        mentions = _mentions(_spoken_of(archive, account))
        counts = archive.purge_account(account.id)
        archive.settle_alternates()
        swept = archive.sweep(inputs, [account.name], mentions, near)
        for origin, file in swept.files:
            marks.add(("file", f"{origin}\x1f{file}"))
            if mentions(file) or file.count("/") > 1:  # a name that is hardly another customer's, wherever the folder lies next time
                marks.add(("file", file))
        counts += swept.counts
        note.traces = replace(note.traces, names=note.traces.names | {PurePath(file).name for _, file in swept.files})
        archive.note_erasure("account", archive.now(), dict(counts), marks)
        past("erasing rows")
    return {"rows": dict(sorted(counts.items())), "marks": len(marks), "accounts": [account.id]}


def _erase_person(home: Home, note: _Note) -> dict[str, Any]:
    archive = home.archive
    try:
        who = _Who.of(archive, note.id)
    except NobodyThere:  # the run before this one had got there, but did not say which accounts it touched
        return {"rows": _last(archive, "person"), "marks": 0, "accounts": [a.id for a in _every_account(archive)]}
    counts: Counter[str] = Counter()
    side_of = settle(home).side_of
    sides = {person.id: person.side for person in who.people}
    with archive.transaction():
        wanted = set(who.marks(archive))
        number = archive.note_erasure("person", archive.now(), {}, wanted)
        marks = archive.marks()
        concerned = who.concerned(archive)
        own = archive.told_by(who.ids)
        gone = {id for id, removed in concerned.items() if removed and id in own}
        touched: set[str] = set()
        rewritten: list[str] = []
        carried: dict[str, list[str]] = {}
        mails: set[str] = set()
        for kept in list(archive.restored([id for id in concerned if id not in gone])):
            made = None if who.is_record_of(kept.record) else scrubbed(kept.record, kept.account_id, marks, side_of)
            if isinstance(kept.record, Document) and kept.record.attached_to:
                carried.setdefault(kept.record.attached_to, []).append(kept.id)
            if made is None:
                mails.add(kept.record.external_id)
                gone.add(kept.id)
                touched.add(kept.account_id)
                wanted |= set(_marks_of(archive, [kept.id]))
                continue
            theirs = {*kept.speakers, *kept.people} & set(who.ids)
            if made == kept.record and not theirs:
                continue
            touched.add(kept.account_id)
            rewritten.append(kept.id)
            if concerned[kept.id]:  # out of sight already: no reader needs what is left of it
                gone.add(kept.id)
                continue
            stand_in = {id: archive.put_person(Participant(NOBODY), sides[id], kept.account_id) for id in theirs if id}
            archive.put_interaction(
                kept.account_id,
                kept.deal_id,
                made,
                [stand_in.get(speaker, speaker) if speaker else None for speaker in kept.speakers],
                [stand_in.get(each, each) for each in kept.people],
                kept.worth,
            )
        attached = {id for mail in mails for id in carried.get(mail, ())}
        wanted |= set(_marks_of(archive, attached))
        gone |= attached
        counts["interaction_rewritten"] = len(set(rewritten) - gone)
        counts["version"] += archive.purge_versions(set(rewritten) - gone)
        counts += archive.purge(gone)
        counts["person"] += archive.purge_people(who.ids)
        counts["deal_owner"] += sum(map(archive.disown_deals, who.emails))
        counts["principal"] += sum(map(archive.forget_user, who.emails))
        words = who.names | who.emails
        mentions = _mentions(words)
        counts += archive.purge_made({*gone, *rewritten}, who.accounts, mentions)
        counts += archive.purge_derived(touched)
        archive.withhold_whole(set(rewritten) - gone)
        counts += archive.black_out(lambda text: _pattern(words).sub(ERASED, text))
        swept = archive.sweep((), (), mentions, lambda path: False)
        wanted |= {("file", f"{origin}\x1f{file}") for origin, file in swept.files}
        counts += swept.counts
        archive.settle_alternates()
        archive.keep_covered(touched)
        archive.complete_erasure(number, dict(+counts), wanted)
        past("erasing rows")
    return {"rows": dict(sorted((+counts).items())), "marks": len(wanted), "accounts": sorted(touched)}


def _last(archive: Archive, kind: Kind) -> dict[str, int]:
    """What a run that was killed after its transaction had counted."""
    return next((report for what, _, report in reversed(archive.erasures()) if what == kind), {})


@dataclass(frozen=True, slots=True)
class _Who:
    """A person as the archive knows them: every row, those that a person said to be the same too, every name, address and account."""

    email: str
    """The one that they were asked for by, else any; empty where none is known."""
    people: tuple[StoredPerson, ...]
    names: frozenset[str]
    accounts: tuple[str, ...]

    @property
    def ids(self) -> list[str]:
        return [person.id for person in self.people]

    @property
    def emails(self) -> frozenset[str]:
        return frozenset(person.email for person in self.people if person.email)

    @property
    def name(self) -> str:
        return max((person.name for person in self.people), key=len, default="")

    @classmethod
    def of(cls, archive: Archive, email: str) -> _Who:
        wanted = email.strip().casefold()
        everybody = archive.everybody()
        asked = [p for p in everybody if (p.email and p.email.casefold() == wanted) or p.id == wanted]
        if not asked:
            raise NobodyThere(email)
        same = archive.one_person([p.id for p in asked])
        people = [*asked, *(p for p in everybody if p.id in same and p not in asked)]
        met = {p.account_id for p in people if p.account_id} | archive.accounts_of(archive.told_by([p.id for p in people]))
        called = {folded(p.name) for p in people}
        people += [p for p in everybody if not p.email and p.account_id in met and folded(p.name) in called and p not in people]
        names = {p.name for p in people} | archive.spoken_names([p.id for p in people])
        whole = frozenset(name for name in names if name and name != NOBODY)
        return cls(next((p.email for p in people if p.email), ""), tuple(people), whole, tuple(sorted(met)))

    def marks(self, archive: Archive) -> Iterator[Mark]:
        own = set(self.ids)
        said = [
            turn.text
            for kept in archive.restored(list(archive.told_by(self.ids)))
            for turn, speaker in zip(kept.record.turns, kept.speakers, strict=True)
            if speaker in own and turn.text != ERASED
        ]
        for email in sorted(self.emails) or [""]:
            yield from marks_of_person(email, sorted(self.names), self.accounts, said)
        for person in self.people:
            for link in person.links:
                yield "contact", link_key(link)

    def concerned(self, archive: Archive) -> dict[str, bool]:
        """Interactions that may name them, and whether they are out of sight."""
        found: dict[str, bool] = {}
        for word in sorted(self.emails) or [self.name]:
            found |= archive.holding(word, self.accounts)
        return found

    def is_record_of(self, record: object) -> bool:
        """A CRM's own record of them: address, telephone and all."""
        natives = {link.id[:15] for person in self.people for link in person.links}
        return isinstance(record, Record) and record.record == "contact" and record.external_id[:15] in natives


def _account_marks(archive: Archive, account: StoredAccount, ids: Collection[str]) -> Iterator[Mark]:
    yield "account", folded(account.name)
    for link in account.links:
        yield "link", link_key(link)
    others = {host(d) for a in _every_account(archive) if a.id != account.id for d in a.domains}
    for domain in {host(each) for each in account.domains} - others - FREE_MAIL - {""}:
        yield "domain", domain
    for person in archive.people(EVERYTHING):
        if person.account_id == account.id:
            if person.email:
                yield "address", person.email.casefold()
            for link in person.links:
                yield "link", link_key(link)
    for deal in archive.deals(EVERYTHING.only(account.id)):
        for link in deal.links:
            yield "link", link_key(link)
    yield from _marks_of(archive, ids)


def _marks_of(archive: Archive, ids: Collection[str]) -> Iterator[Mark]:
    for tool, native, sha256, _ in archive.identities(ids):
        yield "interaction", f"{tool}\x1f{native}\x1f{sha256}"
        if tool not in _OWN_IDS:
            yield "interaction", f"{tool}\x1f{native}"


def _inputs_of(archive: Archive, account_id: str) -> tuple[set[str], Callable[[str], bool]]:
    """Inputs that gave nothing but this account's, and whether a path lies where nothing but this account's does."""
    owner = {id: account for account in {a.id for a in _every_account(archive)} for id in archive.ids_of(account)}
    owners = {key: {owner[id] for id in ids if id in owner} for key, ids in archive.every_origin().items()}
    folders: dict[str, set[str]] = {}
    for key, accounts in owners.items():
        place = PurePath(key.partition("#")[0])
        for folder in (place, *place.parents):
            folders.setdefault(str(folder), set()).update(accounts)

    def near(path: str) -> bool:
        for folder in (PurePath(path.partition("#")[0]), *PurePath(path.partition("#")[0]).parents):
            if accounts := folders.get(str(folder)):
                return accounts == {account_id}
        return False

    return {key for key, accounts in owners.items() if accounts == {account_id}}, near


def _spoken_of(archive: Archive, account: StoredAccount) -> set[str]:
    """What names an account and its people wherever it stands."""
    people = [p for p in archive.people(EVERYTHING) if p.account_id == account.id]
    words = {account.name, account.slug, *account.domains, *(p.email for p in people), *(p.name for p in people if " " in p.name)}
    words |= {deal.name for deal in archive.deals(EVERYTHING.only(account.id)) if " " in deal.name}
    return {word for word in words if len(word) >= 4}


def _account_traces(archive: Archive, account: StoredAccount) -> Traces:
    ids = archive.ids_of(account.id)
    said, vectors = archive.traces(ids)
    names = _spoken_of(archive, account) | {link.id for link in account.links}
    for _, native, _, file in archive.identities(ids):
        names |= {native, PurePath(file).name}
    names |= {source.title for source in archive.sources(EVERYTHING.only(account.id), alternates=True)}
    return Traces(frozenset(name for name in names if name), said, vectors)


def _person_traces(archive: Archive, who: _Who) -> Traces:
    own, theirs = archive.told_by(who.ids), set(who.ids)
    whole: list[str] = []
    spoken: list[str] = []
    for kept in archive.restored(list(own)):
        turns = list(zip(kept.record.turns, kept.speakers, strict=True))
        speakers = {speaker for turn, speaker in turns if turn.role == "said"}
        if speakers and speakers <= theirs:
            whole.append(kept.id)
        lines = [turn.text.split("\n")[0] for turn, speaker in turns if speaker in theirs]
        spoken += [line[:28].strip() for line in lines if len(line) >= 28]
    said, vectors = archive.traces(whole)
    whole_names = {name for name in who.names if " " in name}
    return Traces(frozenset(whole_names | who.emails), (*said, *spoken[:: 1 + len(spoken) // 200]), vectors)


def _every_account(archive: Archive) -> list[StoredAccount]:
    """Those that were deleted, too: their words are still on the disk."""
    there = {account.id: account for account in (*archive.deleted_accounts(), *archive.accounts(EVERYTHING))}
    return list(there.values())


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


def _look(home: Home, traces: Traces) -> Residue:
    """For everything that living accounts do not say too."""
    words = [*sorted(traces.names), *traces.said]
    known = Finder(words).words_in(home.archive.kept_words())
    shared = home.archive.kept_vectors(traces.vectors)
    candidates = Finder(words).words
    wanted = [word for number, word in enumerate(candidates) if number not in known]
    finder = Finder(wanted, [each for each in traces.vectors if each not in shared])
    return look_through(home.path, finder, skip=[home.path / PENDING, home.path / f"{PENDING}.new"])


def _mentions(words: Collection[str]) -> Callable[[str], bool]:
    """Whether a text holds any of these words."""
    pattern = _pattern(words)
    return lambda text: pattern.search(text) is not None


def _pattern(words: Collection[str]) -> re.Pattern[str]:
    """Any of them, whatever the case, not as a part of another; those of three letters and fewer stand anywhere and are none."""
    wanted = sorted({word for word in words if len(word) >= 4}, key=len, reverse=True)
    return re.compile(r"(?<!\w)(?:" + "|".join(map(re.escape, wanted)) + r")(?!\w)", re.I) if wanted else re.compile(r"(?!)")


def _sync_folder(path: Path) -> None:
    """A renamed or removed file is so on the disk too."""
    folder = os.open(path, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def report_json(report: Report) -> dict[str, Any]:
    return {**asdict(report), "left": [asdict(each) for each in report.left], "clean": report.clean}
