"""Finds the files among what was dropped, tells their format by content, groups what belongs together, and reads a group."""

from __future__ import annotations

import csv
import hashlib
import io
import os
import re
import stat
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from pathlib import Path, PurePosixPath
from typing import TypeVar

from ingest.records import Failure, Reading
from ingest.sources import documents, fireflies, gong, hubspot, jsonl, mail, salesforce, zoom
from ingest.sources.fields import is_object, obj, objects, text
from ingest.sources.inputs import MOST_BYTES, Input, NotJson, decode, json_failure, load_json

PARSERS = "2"
"""Raised when a parser reads the same bytes differently, so that unchanged files are read again."""

_PARSE: Mapping[str, Callable[[Sequence[Input]], Reading]] = {
    "gong": gong.parse, "fireflies": fireflies.parse, "zoom": zoom.parse, "mail": mail.parse, "salesforce": salesforce.parse,
    "hubspot": hubspot.parse, "document": documents.parse, "jsonl": jsonl.parse,
}  # fmt: skip

_TOGETHER = frozenset({"gong", "salesforce", "hubspot"})
"""Formats whose files refer to each other within a folder."""
_LITTER = frozenset({"thumbs.db", "desktop.ini", "icon\r", "__macosx", "ehthumbs.db"})
_HEADER_LINE = re.compile(rb"[A-Za-z][A-Za-z0-9-]{0,60}:")
_MAIL_HEADERS = frozenset(
    {
        b"from",
        b"to",
        b"subject",
        b"date",
        b"message-id",
        b"received",
        b"mime-version",
        b"return-path",
        b"delivered-to",
        b"content-type",
        b"x-mailer",
        b"in-reply-to",
    }
)
_TEXT_ENDINGS = (".txt", ".md", ".markdown")

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


@dataclass(frozen=True, slots=True)
class Survey:
    groups: tuple[Group, ...] = ()
    failures: tuple[Failure, ...] = ()
    places: tuple[str, ...] = ()
    """The absolute path of each failure's file, in the same order."""


@dataclass(frozen=True, slots=True)
class _Found:
    file: File
    format: str
    """A format, or `zoom-json` for what stands beside a transcript, or `blob` for the content of a Salesforce version."""


def survey(paths: Sequence[Path]) -> Survey:
    """What is there to read. Nothing is parsed beyond what telling the format needs. Raises NothingThere."""
    found: dict[Path, _Found] = {}
    failures: list[tuple[Path, Failure]] = []
    for path in paths:
        root = Path(os.path.realpath(path))  # `resolve` raises for a link that leads to itself
        if not root.exists():
            raise NothingThere(path)
        for at in _walk(root):
            if at not in found:
                outcome = _look(at, _name(at, root))
                if isinstance(outcome, _Found):
                    found[at] = outcome
                else:
                    failures.append((at, outcome))
    groups, orphans = _grouped(list(found.values()))
    failures += orphans
    return Survey(tuple(groups), tuple(failure for _, failure in failures), tuple(map(str, (at for at, _ in failures))))


def holds_files(paths: Sequence[Path]) -> bool:
    """Whether `survey` would find anything at all; stops at the first file. Raises NothingThere."""
    for path in paths:
        if not path.exists():
            raise NothingThere(path)
    return any(True for path in paths for _ in _walk(path.resolve()))


def read(group: Group) -> Reading:
    """Everything the group holds. Never raises for what is in the files: that becomes failures."""
    inputs: list[Input] = []
    failures: list[Failure] = []
    for file in group.files:
        try:
            inputs.append(Input(file.name, file.path.read_bytes()))
        except OSError as error:
            failures.append(_unreadable(file.name, error))
    try:
        reading = _storable(_PARSE[group.format](inputs))
    except Exception as error:  # last line of defence: bytes from strangers must not stop the other inputs
        detail = f"Reading it as {group.format} failed ({type(error).__name__}); export it again, and report it if that does not help."
        reading = Reading(failures=(Failure(group.files[0].name, "not_valid", detail),))
    return replace(reading, failures=(*failures, *reading.failures))


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
        if about.st_size > MOST_BYTES:
            return Failure(
                name, "too_large", f"The file has {about.st_size / 2**20:.0f} MB, the most is {MOST_BYTES // 2**20} MB; split the export."
            )
        data = path.read_bytes()
    except OSError as error:
        return _unreadable(name, error)
    format_ = _format(name, data)
    file = File(path, name, len(data), hashlib.sha256(data).hexdigest())
    return format_ if isinstance(format_, Failure) else _Found(file, format_)


def _unreadable(name: str, error: OSError) -> Failure:
    return Failure(
        name,
        "unreadable",
        f"The file cannot be opened ({error.strerror or type(error).__name__}); check its permissions and that it is still there.",
    )


def _format(name: str, data: bytes) -> str | Failure:
    """The format by what is in the file. A name counts only where content cannot tell: plain text, and blobs named by a Salesforce id."""
    if not data.strip():
        return Failure(name, "empty", "The file is empty; export or copy it again.")
    if salesforce.is_id(PurePosixPath(name).stem) and PurePosixPath(name).stem.startswith(("068", "069")):
        return "blob"
    if documents.kind_of(data):
        return "document"
    if b"\0" in data[:4096] and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _unknown(name, data)
    content = decode(data).lstrip("\ufeff \t\r\n")
    if content.startswith("WEBVTT"):
        return "zoom"
    if _is_mail(data):
        return "mail"
    if content[0] in "{[":
        return _json_format(name, content)
    if _is_salesforce_csv(content):
        return "salesforce"
    if name.lower().endswith(".jsonl"):
        return "jsonl"
    return "document" if name.lower().endswith(_TEXT_ENDINGS) else _unknown(name, data)


def _json_format(name: str, content: str) -> str | Failure:
    try:
        page = load_json(content)
    except NotJson as error:
        lines = [line for line in content.split("\n", 40)[:40] if line.strip()]
        if name.lower().endswith(".jsonl") or any(_is_neutral(line) for line in lines):
            return "jsonl"
        return json_failure(name, error)
    known = _known_json(page)
    return known or Failure(
        name,
        "unknown_format",
        "This JSON is none of the exports Baton reads (Gong, Fireflies, Zoom, Salesforce, HubSpot, or Baton's own lines).",
    )


def _known_json(page: object) -> str:
    top = obj(page)
    rows = objects(page) if isinstance(page, list) else objects(top.get("results"))
    records = objects(page) if isinstance(page, list) else objects(top.get("records"))
    if "doc_id" in top and "source_type" in top:
        return "jsonl"
    if (
        any(isinstance(top.get(key), list) for key in ("callTranscripts", "calls"))
        or "callData" in top
        or ("requestId" in top and ("users" in top or "errors" in top))
    ):
        return "gong"
    if any("sentences" in t or ("transcript_url" in t and "id" in t) for t in fireflies.transcripts(page)):
        return "fireflies"
    meeting = obj(obj(top.get("payload")).get("object")) or top
    if (
        "recording_files" in meeting
        or any("recording_files" in m for m in objects(top.get("meetings")))
        or ("participants" in top and "page_size" in top)
    ):
        return "zoom-json"
    if any("attributes" in record or salesforce.is_id(text(record.get("Id"))) for record in records) or (
        "records" in top and "totalSize" in top
    ):
        return "salesforce"
    if any(hubspot.kind_of(row) for row in rows) or (is_object(top.get("properties")) and hubspot.kind_of(top)):
        return "hubspot"
    return ""


def _is_neutral(line: str) -> bool:
    try:
        return "doc_id" in obj(load_json(line))
    except NotJson:
        return False


def _is_mail(data: bytes) -> bool:
    """A block of header lines with two that only mail has."""
    seen: set[bytes] = set()
    for line in data[:65536].lstrip(b"\xef\xbb\xbf\r\n").splitlines():
        if not line.strip():
            break
        if line[:1] in b" \t" and seen:
            continue
        match = _HEADER_LINE.match(line)
        if not match:
            return False
        seen.add(match.group()[:-1].lower())
    return len(seen & _MAIL_HEADERS) >= 2


def _is_salesforce_csv(content: str) -> bool:
    try:
        rows = csv.reader(io.StringIO(content[:100_000], newline=""))
        header = [cell.strip().lower() for cell in next(rows, [])]
        first = next(rows, [])
    except csv.Error:
        return False
    return "id" in header and (not first or (len(first) > header.index("id") and salesforce.is_id(first[header.index("id")].strip())))


def _unknown(name: str, data: bytes) -> Failure:
    if damaged := documents.damaged(Input(name, data)):
        return damaged
    if data.startswith(b"From "):
        hint = "This is a mailbox file; save its mails as .eml files."
    elif data.startswith(b"PK\x03\x04"):
        hint = "This is a zip or Office file other than DOCX, or a damaged one; unpack it, or save it as PDF or DOCX."
    elif data.startswith(b"\xd0\xcf\x11\xe0"):
        hint = "This is an old Office or Outlook file; save it as DOCX, PDF or .eml."
    elif b"Record ID" in data[:200]:
        hint = "This is HubSpot's CSV export; export the objects as JSON through HubSpot's API."
    else:
        hint = "This is none of the formats Baton reads; save it as one of them (.eml, PDF, DOCX, WebVTT, JSON export) or as text (.txt)."
    return Failure(name, "unknown_format", hint)


def _grouped(found: list[_Found]) -> tuple[list[Group], list[tuple[Path, Failure]]]:
    """Folders of tools whose files refer to each other, transcripts with what stands beside them, everything else alone."""
    folders: dict[tuple[str, Path], list[File]] = defaultdict(list)
    groups: list[Group] = []
    failures: list[tuple[Path, Failure]] = []
    scripts: dict[Path, list[File]] = defaultdict(list)
    for item in found:
        if item.format in _TOGETHER or item.format == "zoom-json":
            folders[item.format, item.file.path.parent].append(item.file)
        elif item.format == "zoom":
            scripts[item.file.path.parent].append(item.file)
    for item in found:
        if item.format == "blob":
            home = next((parent for parent in item.file.path.parents[:3] if ("salesforce", parent) in folders), None)
            if home is not None:
                folders["salesforce", home].append(item.file)
            else:
                hint = "This is the content of a Salesforce file without its records; ingest the folder with ContentVersion too."
                failures.append((item.file.path, Failure(item.file.name, "unknown_format", hint)))
        elif item.format not in _TOGETHER and item.format not in ("zoom", "zoom-json"):
            groups.append(_group(item.format, [item.file], str(item.file.path)))
    for folder, files in scripts.items():
        beside = folders.pop(("zoom-json", folder), [])
        groups += [_group("zoom", [file, *beside], str(file.path)) for file in files]
    groups += [
        _group("zoom" if format_ == "zoom-json" else format_, files, f"{folder}#{format_}") for (format_, folder), files in folders.items()
    ]
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
        return tuple(map(_storable, value))  # type: ignore[return-value]  # a tuple for a tuple
    if isinstance(value, list):
        return [_storable(item) for item in value]  # type: ignore[return-value]  # a list for a list
    if isinstance(value, dict):
        return {_storable(key): _storable(item) for key, item in value.items()}  # type: ignore[return-value]  # a dict for a dict
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{f.name: _storable(getattr(value, f.name)) for f in fields(value)})
    return value
