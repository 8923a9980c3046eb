"""Finds the files among what was dropped, tells their format by content, groups what belongs together, and reads a group."""

from __future__ import annotations

import hashlib
import importlib.util
import mmap
import operator
import os
import re
import stat
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, is_dataclass, replace
from datetime import UTC, timedelta, tzinfo
from functools import partial
from pathlib import Path, PurePosixPath
from types import MappingProxyType
from typing import TypeVar

from ingest.records import Failure, Interaction, Reading
from ingest.sources import (
    chorus,
    documents,
    fathom,
    fireflies,
    gmail,
    gong,
    graph,
    hubspot,
    invites,
    jsonl,
    mail,
    mbox,
    meet,
    organisation,
    otter,
    outlook,
    parts,
    pipedrive,
    recordings,
    salesforce,
    slack,
    teams,
    tldv,
    transcripts,
    zoom,
)
from ingest.sources.format import Format, Look, Part
from ingest.sources.inputs import MOST_BYTES, Input, json_failure
from ingest.workers import MOST_MEGABYTES, Trouble, Workers, tell

PARSERS = "10"
"""Raised when a parser reads the same bytes differently, so that unchanged files are read again."""

FORMATS: tuple[Format, ...] = (
    salesforce.FORMAT, teams.FORMAT, documents.FORMAT, zoom.FORMAT, mbox.FORMAT, mail.FORMAT, outlook.FORMAT, invites.FORMAT,
    gmail.FORMAT, graph.FORMAT, jsonl.FORMAT, gong.FORMAT, fireflies.FORMAT,
    chorus.FORMAT, tldv.FORMAT, fathom.FORMAT, meet.FORMAT, hubspot.FORMAT, pipedrive.FORMAT, slack.FORMAT,
    recordings.FORMAT, otter.FORMAT, transcripts.FORMAT, documents.TEXT,
)  # fmt: skip
"""The first that recognises a file has it; plain text is what nothing else wants."""

ALONE = frozenset({documents.FORMAT.name, invites.FORMAT.name, recordings.FORMAT.name})
"""What is one document, and carries none."""
HEARD_ELSEWHERE = frozenset({transcripts.FORMAT.name, zoom.FORMAT.name, teams.FORMAT.name, meet.FORMAT.name, otter.FORMAT.name})
MOST_LISTENING_S = 4 * 3600
LISTENERS = 4
"""Threads that hear a recording side by side."""
LISTENING_MEGABYTES = 4096
"""For a recording as long as one may be."""
MOST_LOST = 5
"""Documents of one group that may take a reader down, one after the other; then the others are not tried any more."""
_TOO_LARGE_IN_MEMORY = "Reading it took more memory than any sound file needs; split it or save it again."
_MOST = max(format_.most_bytes for format_ in FORMATS)
_BEGINNING = 64 * 1024
"""So much of a large file tells its format."""
_BY_NAME = {format_.name: format_ for format_ in FORMATS}
_LITTER = frozenset({"thumbs.db", "desktop.ini", "icon\r", "__macosx", "ehthumbs.db"})

T = TypeVar("T")


class NothingThere(Exception):
    """A path to ingest does not exist."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"There is nothing at {path}; check the spelling, or give the folder that holds the exports.")
        self.path = path


@dataclass(frozen=True, slots=True)
class File:
    """A file that was found; `name` is relative to the folder that was ingested, with forward slashes."""

    path: Path
    name: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Group:
    """Files that are read together; `key` stays the same from run to run, `digest` changes with any of their bytes or names."""

    format: str
    files: tuple[File, ...]
    key: str
    digest: str

    @property
    def root(self) -> Path:
        """The folder that is ingested; names begin there."""
        first = self.files[0]
        return first.path.parents[first.name.count("/")]


@dataclass(frozen=True, slots=True)
class Survey:
    groups: tuple[Group, ...] = ()
    failures: tuple[Failure, ...] = ()
    places: tuple[str, ...] = ()
    """The absolute path of each failure's file, in the same order."""


@dataclass(frozen=True, slots=True)
class _Found:
    file: File
    format: Format
    part: Part


def survey(paths: Sequence[Path], named_from: Path | None = None) -> Survey:
    """What is there to read. Nothing is parsed beyond what telling the format needs. Raises NothingThere.

    Files have their names from the path they were found under, or all from `named_from`.
    """
    found: dict[Path, _Found] = {}
    failures: list[tuple[Path, Failure]] = []
    for path in paths:
        root = Path(os.path.realpath(path))  # `resolve` raises for a link that leads to itself
        if not root.exists():
            raise NothingThere(path)
        for at in _walk(root):
            if at not in found:
                outcome = _look(at, _name(at, named_from or root))
                if isinstance(outcome, _Found):
                    found[at] = outcome
                else:
                    failures.append((at, outcome))
    heard, written = _with_transcript(list(found.values()))
    groups, orphans = _grouped(written)
    failures += [*heard, *orphans]
    return Survey(tuple(groups), tuple(failure for _, failure in failures), tuple(map(str, (at for at, _ in failures))))


def _with_transcript(found: list[_Found]) -> tuple[list[tuple[Path, Failure]], list[_Found]]:
    """Recordings beside whose transcript they lie are not listened to: what the tool heard is better, and there already."""
    transcripts_ = {(item.file.path.parent, _call_of(item.file)): item.file.name for item in found if item.format.name in HEARD_ELSEWHERE}
    beside: list[tuple[Path, Failure]] = []
    others: list[_Found] = []
    for item in found:
        other = transcripts_.get((item.file.path.parent, _call_of(item.file)))
        if item.format is recordings.FORMAT and other:
            detail = f"Its transcript lies beside it and is read instead: {PurePosixPath(other).name}."
            beside.append((item.file.path, Failure(item.file.name, "transcript_beside", detail)))
        else:
            others.append(item)
    return beside, others


def _call_of(file: File) -> str:
    """What the files of one call have in common in their names: Zoom's say `_Recording` after it, and more."""
    return file.path.name.partition(".")[0].partition("_Recording")[0].casefold()


def as_it_lies(key: str, format_: str, root: Path) -> Group | None:
    """An input that was read before, from the disk as it is now; None where it is gone, or no longer what it was."""
    place = Path(key.removesuffix(f"#{format_}"))
    if format_ in _BY_NAME and _BY_NAME[format_].together in ("beside", "namesake"):
        place = place.parent
    if not place.exists() or not place.is_relative_to(root):
        return None
    return next((group for group in survey([place], root).groups if group.key == key), None)


def is_readable_now(failure: Mapping[str, object], speech: str) -> bool:
    """Whether something that could not be read for want of a library or a model would be read now, as the archive keeps the failure;
    `speech` is the settings' model."""
    if failure["reason"] != "not_installed":
        return False
    file = str(failure["file"]).lower()
    if recordings.is_recording(file):
        return recordings.is_ready(speech)
    return importlib.util.find_spec("oxmsg" if file.endswith(".msg") else "unstructured") is not None


def holds_files(paths: Sequence[Path]) -> bool:
    """Whether `survey` would find anything at all; stops at the first file. Raises NothingThere."""
    for path in paths:
        if not path.exists():
            raise NothingThere(path)
    return any(True for path in paths for _ in _walk(path.resolve()))


@dataclass(frozen=True, slots=True)
class Attempt:
    """A group to be read without the documents in it that took an earlier reader down: by their number, the reason and detail of each."""

    group: Group
    passed_over: Mapping[int, tuple[str, str]] = field(default_factory=dict)


def readers(zone: tzinfo = UTC, speech: str = "") -> Workers[Attempt, Reading]:
    """Workers for `read_all`, started when the first file from outside comes and ended with the `with` block."""
    return Workers(partial(attempt, zone=zone, speech=speech), _patience, memory=_memory, again=_again)


def read_all(groups: Sequence[Group], workers: Workers[Attempt, Reading]) -> Iterator[Reading]:
    """`read` for each group, in their order; what people outside wrote is read by the workers."""
    isolated = [Attempt(group) for group in groups if _BY_NAME[group.format].isolated]
    outcomes = workers.run(isolated)
    for group in groups:
        outcome = next(outcomes) if _BY_NAME[group.format].isolated else workers.function(Attempt(group))
        yield Reading(failures=(Failure(group.files[0].name, *_trouble(group, outcome)),)) if isinstance(outcome, Trouble) else outcome


def attempt(item: Attempt, zone: tzinfo = UTC, speech: str = "") -> Reading:
    with recordings.heard_by(speech):
        return read(item.group, zone, item.passed_over)


def _again(item: Attempt, trouble: Trouble, number: int | None) -> Attempt | None:
    """Without the document that its reader was lost over; where reader after reader is lost, without any."""
    if number is None or item.group.format in ALONE:
        return None
    known = parts.EVERY if len(item.passed_over) >= MOST_LOST else number
    return replace(item, passed_over={**item.passed_over, known: _trouble(item.group, trouble)})


def _patience(item: Attempt) -> float:
    """Seconds of processor time."""
    if item.group.format == recordings.FORMAT.name:  # a megabyte is two minutes of a call, and more where it is packed well
        return LISTENERS * min(120 + 180 * _megabytes(item.group), MOST_LISTENING_S)
    return 20 + 2 * _megabytes(item.group)


def _memory(item: Attempt) -> int:
    """Of an export, whose rows are all held at once, it grows with the files."""
    if item.group.format == recordings.FORMAT.name:
        return LISTENING_MEGABYTES
    return MOST_MEGABYTES + round(20 * _megabytes(item.group) if _BY_NAME[item.group.format].together == "folder" else 0)


def _megabytes(group: Group) -> float:
    return sum(file.size for file in group.files) / 2**20


def _trouble(group: Group, trouble: Trouble) -> tuple[str, str]:
    """Reason and detail, of the whole group or of a document in it."""
    if trouble is Trouble.TOO_SLOW:
        most = f"{_patience(Attempt(group)):.0f} seconds of processor time"
        return "too_slow", f"Reading it took more than {most}, or stood still; split it or save it again."
    if trouble is Trouble.TOO_LARGE:
        return "too_large_in_memory", _TOO_LARGE_IN_MEMORY
    return "reader_died", "Reading it ended the program that read it; save the file again, and report it if that does not help."


def read(group: Group, zone: tzinfo = UTC, passed_over: Mapping[int, tuple[str, str]] = MappingProxyType({})) -> Reading:
    """Everything the group holds. Never raises for what is in the files: that becomes failures.

    `zone` is the organisation's: what names none of its own was said there.
    """
    inputs: list[Input] = []
    failures: list[Failure] = []
    for file in group.files:
        try:
            inputs.append(Input(file.name, _content(file)))
        except OSError as error:
            failures.append(_unreadable(file.name, error))
    try:
        with organisation.keeping(zone) as calendar, parts.counted(passed_over, tell):
            reading = _dated(_storable(_BY_NAME[group.format].parse(inputs)), group, calendar)
    except MemoryError:
        reading = Reading(failures=(Failure(group.files[0].name, "too_large_in_memory", _TOO_LARGE_IN_MEMORY),))
    except Exception as error:  # last line of defence: bytes from strangers must not stop the other inputs
        detail = f"Reading it as {group.format} failed ({type(error).__name__}); export it again, and report it if that does not help."
        reading = Reading(failures=(Failure(group.files[0].name, "not_valid", detail),))
    if not failures and reading == Reading():
        detail = "Nothing that is kept is in it: no words, and no account, person or deal."
        reading = Reading(notices=(Failure(group.files[0].name, "nothing_in_it", detail),))
    return replace(reading, failures=(*failures, *reading.failures))


def _dated(reading: Reading, group: Group, calendar: organisation.Calendar) -> Reading:
    """Whatever keeps no offset of its own was said by the organisation's clock; where that had to be assumed, it is said so.

    UTC is no offset of its own: tools and mail servers write it wherever they stand.
    """

    def there(interaction: Interaction) -> Interaction:
        at = interaction.occurred_at
        if at is None or at.utcoffset() != timedelta() or not 1 < at.year < 9999:
            return interaction
        return replace(interaction, occurred_at=at.astimezone(calendar.zone))

    notices = reading.notices
    if calendar.assumed and not any(notice.reason in ("no_time_zone", "time_without_zone") for notice in notices):
        where = f"they are taken as {calendar.zone}, the organisation's (`timezone` in baton.toml)."
        notices = (*notices, Failure(group.files[0].name, "no_time_zone", f"Times in it name no time zone: {where}"))
    return replace(reading, interactions=tuple(map(there, reading.interactions)), notices=notices)


def _content(file: File) -> bytes:
    """The bytes; a large file's stay on the disk and are looked up as they are needed."""
    if file.size <= MOST_BYTES:
        return file.path.read_bytes()
    with file.path.open("rb") as opened:
        return mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ)  # type: ignore[return-value]  # reads like bytes


def _walk(root: Path) -> Iterator[Path]:
    """Regular files in a fixed order; links, hidden files and what operating systems leave behind are passed over."""
    if not root.is_dir():
        yield root
        return
    for folder, folders, names in os.walk(root):
        folders[:] = sorted(name for name in folders if not _is_litter(name))
        for name in sorted(names):
            path = Path(folder, name)
            if not _is_litter(name) and not path.is_symlink():
                yield path


def _is_litter(name: str) -> bool:
    return name.startswith((".", "~$")) or name.lower() in _LITTER


def _name(path: Path, root: Path) -> str:
    relative = path.relative_to(root).as_posix() if path != root else path.name
    return relative.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _look(path: Path, name: str) -> _Found | Failure:
    """Size, hash and format of a file, or why it is set aside."""
    try:
        about = path.stat()
        if not stat.S_ISREG(about.st_mode):
            return Failure(name, "unreadable", "This is no regular file; copy its content into one.")
        large = about.st_size > MOST_BYTES
        if about.st_size > _MOST:
            return _too_large(name, about.st_size)
        with path.open("rb") as opened:
            data = opened.read(_BEGINNING if large else -1)
            opened.seek(0)
            digest = hashlib.file_digest(opened, "sha256").hexdigest() if large else hashlib.sha256(data).hexdigest()
    except OSError as error:
        return _unreadable(name, error)
    look = Look(name, data)
    file = File(path, name, about.st_size if large else len(data), digest)
    for format_ in FORMATS if data.strip() else ():
        if format_.most_bytes >= file.size and (part := format_.recognise(look)):
            return _Found(file, format_, part)
    return _too_large(name, about.st_size) if large else _unknown(look)


def _too_large(name: str, size: int) -> Failure:
    detail = (
        f"The file has {size / 2**20:.0f} MB, the most is {MOST_BYTES // 2**20} MB ({_MOST // 2**20} MB for a mailbox); split the export."
    )
    return Failure(name, "too_large", detail)


def _unreadable(name: str, error: OSError) -> Failure:
    return Failure(
        name,
        "unreadable",
        f"The file cannot be opened ({error.strerror or type(error).__name__}); check its permissions and that it is still there.",
    )


def _unknown(look: Look) -> Failure:
    name, data = look.name, look.data
    if not data.strip():
        return Failure(name, "empty", "The file is empty; export or copy it again.")
    if damaged := documents.damaged(Input(name, data)):
        return damaged
    if hint := documents.other_format(data):
        return Failure(name, "unknown_format", hint)
    if look.not_json:
        return json_failure(name, look.not_json)
    if look.page is not None:
        hint = "This JSON is none of the exports Baton reads (calls, mails, Salesforce, HubSpot, Pipedrive, Slack, or Baton's own lines)."
    elif data.startswith(b"From "):
        hint = "This looks like a mailbox file without mails; export the mailbox again, or save its mails as .eml files."
    elif b"Record ID" in data[:200]:
        hint = "This CSV is of an object Baton has no use for; of HubSpot it reads companies, contacts, deals and activities."
    else:
        hint = "This is none of the formats Baton reads; save it as one of them (.eml, PDF, DOCX, XLSX, WebVTT, JSON export) or as text."
    return Failure(name, "unknown_format", hint)


def _grouped(found: list[_Found]) -> tuple[list[Group], list[tuple[Path, Failure]]]:
    """Each format's files as `Format.together` says; a `beside` file joins the nearest folder, at most three up, that has a main one."""
    groups: list[Group] = []
    failures: list[tuple[Path, Failure]] = []
    for format_ in FORMATS:
        mains = [item.file for item in found if item.format is format_ and item.part == "main"]
        beside = [item.file for item in found if item.format is format_ and item.part == "beside"]
        if format_.together == "alone":
            groups += [_group(format_.name, [file], str(file.path)) for file in mains]
            continue
        if format_.together == "namesake":
            named = {(file.path.parent, _call_of(file)): file for file in beside}
            alike = [(file, named.get((file.path.parent, _call_of(file)))) for file in mains]
            groups += [_group(format_.name, [file, *([other] if other else [])], str(file.path)) for file, other in alike]
            used = {other.path for _, other in alike if other}
            failures += [(file.path, Failure(file.name, "unknown_format", format_.orphan)) for file in beside if file.path not in used]
            continue
        folders: dict[Path, list[File]] = defaultdict(list)
        for file in mains:
            folders[file.path.parent].append(file)
        near: dict[Path, list[File]] = defaultdict(list)
        for file in beside:
            home = next((parent for parent in file.path.parents[:3] if parent in folders), None)
            if home is not None:
                near[home].append(file)
            elif format_.orphan:
                failures.append((file.path, Failure(file.name, "unknown_format", format_.orphan)))
            else:
                near[file.path.parent].append(file)
        for folder in dict.fromkeys([*folders, *near]):
            if format_.together == "beside" and folder in folders:
                groups += [_group(format_.name, [file, *near[folder]], str(file.path)) for file in folders[folder]]
            else:
                groups.append(_group(format_.name, [*folders[folder], *near[folder]], f"{folder}#{format_.name}"))
    return sorted(groups, key=lambda group: (group.files[0].name, group.key)), failures


def _group(format_: str, files: Sequence[File], key: str) -> Group:
    digest = hashlib.sha256("\n".join([PARSERS, format_, *(f"{file.name}\t{file.sha256}" for file in files)]).encode()).hexdigest()
    return Group(format_, tuple(files), key.encode("utf-8", "surrogateescape").decode("utf-8", "replace"), digest)


def _storable(value: T) -> T:
    """The same value without characters that a database cannot hold (NUL, half a surrogate pair).

    Each is replaced by one U+FFFD, so that marks stay right.
    """
    if isinstance(value, str):
        return re.sub("[\0\ud800-\udfff]", "\ufffd", value) if re.search("[\0\ud800-\udfff]", value) else value  # type: ignore[return-value]  # a str for a str
    if isinstance(value, tuple) and type(value) is tuple:
        made = tuple(map(_storable, value))
        return value if all(map(operator.is_, made, value)) else made  # type: ignore[return-value]  # a tuple for a tuple
    if isinstance(value, list):
        return [_storable(item) for item in value]  # type: ignore[return-value]  # a list for a list
    if isinstance(value, dict):
        return {_storable(key): _storable(item) for key, item in value.items()}  # type: ignore[return-value]  # a dict for a dict
    if is_dataclass(value) and not isinstance(value, type):
        held = {f.name: getattr(value, f.name) for f in fields(value)}
        changed = {name: made for name, each in held.items() if (made := _storable(each)) is not each}
        return replace(value, **changed) if changed else value  # a million turns are not all made again
    return value
