"""What became of every file and of everything in it, one by one: the totals of a run count these and nothing else."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import chain
from pathlib import Path
from typing import Any, Literal

from ingest.archive.rows import Entry, Held, Input
from ingest.copies import Worth
from ingest.reading import File, Group, Survey
from ingest.records import Failure, Interaction, Reading, kind_of

State = Literal["new", "changed", "unchanged", "removed", "held", "failed", "dismissed", "erased", "expired"]
"""`dismissed`, `erased` and `expired` were left out: by a person's word, erased here before, older than the settings keep."""

_SHORT = 16
"""Digits of a hash that tell one file's bytes from another's."""


@dataclass(frozen=True, slots=True)
class Item:
    """One call, mail, note … in a file, or a part of a file that could not be read.

    `state` is what became of the thing, however many tools tell of it; it is `counted` in the totals once, if need be by a copy.
    """

    file: str
    state: State
    reason: str
    """A short machine word."""
    detail: str = ""
    """A sentence for a person where the word does not say it all."""
    counted: bool = True
    id: str = ""
    """The interaction's id, or what is held goes by; empty for what was not taken in."""
    same_as: str | None = None
    """The id of what it is the same thing as: its words are read there."""
    account: str = ""
    kind: str = ""
    title: str = ""
    on: date | None = None
    tool: str = ""
    native_id: str = ""


@dataclass(frozen=True, slots=True)
class FileOutcome:
    """A file of this run, or one that lay there at an earlier run and is gone. `state` is the file's own: a changed one may hold much
    that is unchanged."""

    file: str
    format: str
    state: State
    reason: str
    detail: str
    records: int
    """CRM accounts, contacts, users and deals in it: everything else is placed by them, and they are no items."""
    items: tuple[Item, ...] = ()


@dataclass(slots=True)
class Became:
    """What a group of files that was read in this run gave."""

    group: Group
    reading: Reading
    held: list[Held] = field(default_factory=list)
    """Dismissed ones too."""
    failed: Sequence[Failure] = ()
    notices: Sequence[Failure] = ()
    given: list[tuple[str, str]] = field(default_factory=list)
    """(file, id) of each copy of an interaction that was filed."""
    placed_by: dict[str, str] = field(default_factory=dict)
    """By id, the rule that said whose it is."""
    left_out: list[Item] = field(default_factory=list)

    def noted(self, copies: Mapping[str, Worth]) -> dict[str, Any]:
        """What the archive keeps of it for the runs in which it is not read again. The files' names are not among it: one may name
        somebody who is erased later."""
        records = _records(self.reading)
        again = [[file, id] for file, id in dict.fromkeys(self.given) if id in copies and copies[id].file != file]
        return {"files": {_name(f.name): [f.sha256[:_SHORT], records[f.name]] for f in self.group.files}, "again": again}


@dataclass(frozen=True, slots=True)
class Removed:
    """An interaction that is not told any longer, and why."""

    reason: Literal["deleted_at_source", "file_gone", "no_longer_in_file"]
    key: str = ""
    """The input that told it last."""


@dataclass(frozen=True, slots=True)
class Run:
    """All that a run knows when it is over."""

    found: Survey
    before: Mapping[str, Input]
    became: Mapping[str, Became]
    """By the key of each group that was read; the others are as they were."""
    gone: Sequence[str]
    """Keys of inputs that lay there before."""
    removed: Mapping[str, Removed]
    counted_removed: frozenset[str]
    status: Mapping[str, State]
    """What became of each thing that is counted, by the id it is read under."""
    same: Mapping[str, str]
    """The primary of every alternate, by id; of what is removed, what it was the same as and still is told."""
    entries: Mapping[str, Entry]
    copies: Iterable[tuple[str, str, str]]
    """As `Archive.copies` gives them, after the run."""
    dismissed: Sequence[Held]
    unread: frozenset[str]
    """Paths of files that nobody can read and may be named."""


def outcomes(run: Run) -> list[FileOutcome]:
    """Every file, in the order in which they were found; what is gone comes last."""
    listed = list(_Listing(run).files())
    stands: dict[str, Item] = {}
    for item in (each for file in listed for each in file.items if each.id in run.entries and each.state != "removed"):
        thing = item.same_as or item.id
        if thing in run.status and (thing not in stands or (stands[thing].same_as and not item.same_as)):
            stands[thing] = item
    counted = set(map(id, stands.values()))
    return [replace(file, items=tuple(replace(i, counted=True) if id(i) in counted else i for i in file.items)) for file in listed]


class _Listing:
    def __init__(self, run: Run) -> None:
        self.run = run
        self.out: set[tuple[str, str, str]] = set()
        self.origins: dict[str, list[tuple[str, str]]] = {}
        for key, id, kept in run.copies:
            self.origins.setdefault(key, []).append((Worth.of(kept).file, id))
        self.waiting: dict[str, list[Held]] = {}
        for each in run.dismissed:
            self.waiting.setdefault(each.origin, []).append(each)

    def files(self) -> Iterator[FileOutcome]:
        by_key: dict[str, list[Item]] = {}
        groups = {group.key: group for group in self.run.found.groups}
        for id, removed in sorted(self.run.removed.items()):
            by_key.setdefault(removed.key, []).append(self._gone(id, removed))
        found: dict[Path, FileOutcome] = {}
        for group in groups.values():
            for path, outcome in self._group(group, by_key.pop(group.key, [])):
                found[path] = _both(found[path], outcome) if path in found else outcome
        yield from found.values()
        for place, failure in zip(self.run.found.places, self.run.found.failures, strict=True):
            if place in self.run.unread:
                item = _failed(failure)
                yield FileOutcome(failure.file, "", "failed", failure.reason, failure.detail, 0, (item, *by_key.pop(place, ())))
        for key in dict.fromkeys([*self.run.gone, *sorted(by_key)]):
            items = by_key.pop(key, [])
            known = self.run.before.get(key)
            names = dict.fromkeys(_outer(item.file) for item in items) or {_name_of(key, known): None}
            for name in names:
                own = tuple(item for item in items if _outer(item.file) == name)
                reason = own[0].reason if own else "file_gone"
                yield FileOutcome(name, known.format if known else "", "removed", reason, "", 0, own)

    def _group(self, group: Group, removed: Sequence[Item]) -> Iterator[tuple[Path, FileOutcome]]:
        became = self.run.became.get(group.key)
        items = [*(self._read(became) if became else self._as_before(group)), *removed]
        notices = became.notices if became else [Failure(**each) for each in self.run.before[group.key].outcome["notices"]]
        own: dict[str, list[Item]] = {file.name: [] for file in group.files}
        for item in items:
            own[_holder(item.file, own)].append(item)
        for file in group.files:
            about = [notice for notice in notices if _holder(notice.file, own) == file.name]
            yield file.path, self._file(group, file, own[file.name], about)

    def _file(self, group: Group, file: File, items: Sequence[Item], notices: Sequence[Failure]) -> FileOutcome:
        became, known = self.run.became.get(group.key), self.run.before.get(group.key)
        before = known.outcome.get("files", {}).get(_name(file.name)) if known else None
        records = _records(became.reading)[file.name] if became else before[1] if before else 0
        only = {item.state for item in items}
        if not records and len(only) == 1 and (state := only.pop()) in ("failed", "held", "dismissed", "erased", "expired"):
            return FileOutcome(file.name, group.format, state, items[0].reason, items[0].detail, 0, tuple(items))
        if known is None:
            state = "new"
        elif before is not None:
            state = "unchanged" if before[0] == file.sha256[:_SHORT] else "changed"
        elif "files" in known.outcome:
            state = "new"  # it lies now where others of its kind lay before
        else:
            state = "unchanged" if known.digest.split()[0] == group.digest else "changed"
        reason = {"new": "first_seen", "changed": "other_bytes", "unchanged": "same_bytes"}[state]
        return FileOutcome(file.name, group.format, state, *_why(reason, items, notices, records), records, tuple(items))

    def _read(self, became: Became) -> Iterator[Item]:
        for file, id in dict.fromkeys(became.given):
            by = became.placed_by[id]
            yield self._filed(file, id, {"where it has been": "placed_before"}.get(by, f"placed_by_{by}"))
        kept = {id for _, id in became.given}
        for file, id in sorted(self.origins.get(became.group.key, ())):
            if id not in kept:
                yield self._filed(file, id, "cannot_be_read_now")
        for held in became.held:
            yield _waits(held)
        gone = {(e.tool, e.external_id) for id in self.run.removed for e in [self.run.entries[id]]}
        for out in became.left_out:
            name = out.state, out.tool, out.native_id
            if out.state != "removed":
                yield replace(out, counted=name not in self.out)
            elif name[1:] not in gone:
                yield replace(out, counted=False)
            self.out.add(name)
        yield from map(_failed, became.failed)

    def _as_before(self, group: Group) -> Iterator[Item]:
        outcome = self.run.before[group.key].outcome
        again = [(file, id) for file, id in outcome.get("again", ())]
        for file, id in dict.fromkeys([*sorted(self.origins.get(group.key, ())), *again]):
            if id in self.run.entries and not self.run.entries[id].removed:
                yield self._filed(file, id, "")
        for held in self.waiting.get(group.key, ()):
            yield _waits(held)
        for failure in outcome["failed"]:
            yield _failed(Failure(**failure))

    def _filed(self, file: str, id: str, placed_by: str) -> Item:
        """A copy of a thing; which of them is counted is decided when all are known."""
        entry, thing = self.run.entries[id], self.run.same.get(id, id)
        state = self.run.status.get(thing, "unchanged")
        if placed_by == "cannot_be_read_now":
            reason, detail = placed_by, "What holds it cannot be read now; it stays as it was."
        elif thing != id:
            reason, detail = "same_thing", _elsewhere(self.run.entries[thing])
        elif entry.file != file:
            reason, detail = "same_thing", _elsewhere(entry)
        else:
            reason, detail = {"new": placed_by, "changed": "says_otherwise"}.get(state, "as_before"), ""
        same_as = thing if reason == "same_thing" else None
        return Item(
            file, state, reason, detail, False, id, same_as, entry.account, entry.kind, entry.title, entry.occurred_on, entry.tool,
            entry.external_id,
        )  # fmt: skip

    def _gone(self, id: str, removed: Removed) -> Item:
        entry = self.run.entries[id]
        detail = {
            "deleted_at_source": "The tool it came from says that it was deleted there.",
            "file_gone": "Its file is gone from the folder.",
            "no_longer_in_file": "Its file does not hold it any longer.",
        }[removed.reason]
        return Item(
            entry.file, "removed", removed.reason, detail, id in self.run.counted_removed, id, self.run.same.get(id), entry.account,
            entry.kind, entry.title, entry.occurred_on, entry.tool, entry.external_id,
        )  # fmt: skip


_LEFT_OUT = {
    "deleted_at_source": "The tool it came from says that it was deleted there.",
    "erased_here": "It, or all who said it, had been erased here.",
    "too_old": "It is older than the settings keep.",
}


def left_out(interaction: Interaction, state: State, reason: str) -> Item:
    on = interaction.occurred_at.date() if interaction.occurred_at else None
    return Item(
        interaction.file, state, reason, _LEFT_OUT[reason], True, "", None, "", kind_of(interaction), interaction.title, on,
        interaction.source, interaction.external_id,
    )  # fmt: skip


def _both(one: FileOutcome, other: FileOutcome) -> FileOutcome:
    """Of a file that lies beside several others and is read with each of them."""
    first = one if one.items or not other.items else other
    return replace(first, items=(*one.items, *other.items), records=max(one.records, other.records))


def _elsewhere(entry: Entry) -> str:
    return f"The same thing is in {entry.file}; its words are read from there."


def totals(listed: Iterable[FileOutcome]) -> Counter[str]:
    """How many things came to each state: what a run's totals say."""
    return Counter(item.state for each in listed for item in each.items if item.counted)


def _why(reason: str, items: Sequence[Item], notices: Sequence[Failure], records: int) -> tuple[str, str]:
    """For a file that gives nothing of its own, what was said about it."""
    if items or records:
        return reason, ""
    if notices:
        return notices[0].reason, notices[0].detail
    return reason, "Nothing is kept from it alone; it was read together with the files beside it."


def _failed(failure: Failure) -> Item:
    place = f"{failure.file}:{failure.line}" if failure.line else failure.file
    return Item(place, "failed", failure.reason, failure.detail)


def _waits(held: Held) -> Item:
    return Item(
        held.file, "dismissed" if held.dismissed else "held", held.reason, held.hint, True, held.item, None, "", held.kind, held.title,
        held.occurred_at.date() if held.occurred_at else None, held.tool, held.external_id,
    )  # fmt: skip


def _records(reading: Reading) -> Counter[str]:
    found = [each.file for each in reading.accounts], [each.file for each in reading.people], [each.file for each in reading.deals]
    return Counter(chain.from_iterable(found))


def _holder(name: str, files: Mapping[str, object]) -> str:
    """The file that holds what is called `a.jsonl:17` or `a.eml::b.pdf`; the first of the group where none is named so."""
    inside = [file for file in files if name == file or name.startswith(f"{file}:")]
    return max(inside, key=len, default=next(iter(files)))


def _outer(name: str) -> str:
    """The file of something in it, where the file is gone: a line's number and what was attached are not part of its name."""
    outer, _, line = name.partition("::")[0].rpartition(":")
    return outer if outer and line.isdigit() else name.partition("::")[0]


def _name_of(key: str, known: Input | None) -> str:
    """As it was called when it lay there."""
    place = Path(key.removesuffix(f"#{known.format}") if known else key)
    if known and known.root and place.is_relative_to(known.root):
        return place.relative_to(known.root).as_posix()
    return place.name


def _name(file: str) -> str:
    return hashlib.sha256(file.encode("utf-8", "surrogatepass")).hexdigest()[:_SHORT]
