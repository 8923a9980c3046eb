"""The test files of well-known mail, transcript and reply parsers, each read as Baton reads a file: does it crash, is it understood?

A baseline for later work and no gate: `.msg` and `.srt` files are not read today, and forwards are followed in a few languages.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Literal

from eval.matching import words
from eval.measures import NOTHING, Measure, Ratio
from eval.public.folder import Absent, file_of
from eval.public.records import BadSet, Row, Words, read_rows, repeated
from eval.public.table import Figure, Table, figures
from ingest.reading import read, survey
from ingest.records import Kind, kind_of
from ingest.sources.inputs import decode
from ingest.sources.mail_text import Body, body

FileKind = Literal["eml", "msg", "vtt", "srt", "reply_text", "forward_text"]

_BECOMES: Mapping[str, Kind] = {"eml": "email", "msg": "email", "vtt": "call", "srt": "call"}
_CAUGHT = re.compile(r"Reading it as \w+ failed \(")
"""How `ingest.reading` words an exception that a parser let through."""
_EMPTY = Body(())


class Expected(Row):
    reply_text: str | None = None
    reply_starts_with: str | None = None
    original_from: str | None = None


class FileRow(Row):
    """`expect` is what the set's makers hold for right: it can be read, it may be refused but must not crash, or the exact reply."""

    id: Words
    path: Words
    kind: FileKind
    expect: Literal["parse", "no_crash", "exact"]
    expected: Expected | None = None
    duplicate_of: str | None = None


@dataclass(frozen=True, slots=True)
class ReadFile:
    """How one file was read; None where a thing does not apply."""

    kind: FileKind
    crashed: bool
    parsed: bool | None
    reply_exact: bool | None = None
    """The sender's words are the reply expected, white space aside; or begin with what it is known to begin with."""
    reply_found: Ratio = NOTHING
    """Words of the expected reply that are taken for the sender's."""
    reply_pure: Ratio = NOTHING
    """Words taken for the sender's that are the expected reply's."""
    forward_found: bool | None = None
    author_found: bool | None = None


def mail(folder: Path) -> Table:
    """Raises `Absent` and `BadSet`."""
    rows = files(folder)
    once = [row for row in rows if row.duplicate_of is None or _kind_of(rows, row.duplicate_of) != row.kind]
    judged = [judge_file(folder, row) for row in once]
    by_kind = [
        Figure(f"parsed, {kind}", figure.value, figure.errors)
        for kind in dict.fromkeys(row.kind for row in judged)
        for figure in figures(MEASURES[1:2], [row for row in judged if row.kind == kind])
    ]
    return Table(
        "email_robust",
        "test files of mail, transcript and reply parsers; development part",
        (*figures(MEASURES, judged), *by_kind),
        dict(Counter(row.kind for row in judged)),
        (f"{len(rows) - len(once)} files are copies of others and not read twice",),
    )


def files(folder: Path) -> tuple[FileRow, ...]:
    """Raises `Absent`, also when a file of the manifest is not here, and `BadSet`."""
    manifest = file_of(folder, "manifest.jsonl")
    rows = read_rows(manifest, FileRow)
    ids = {row.id for row in rows.values()}
    faults = [
        f"{manifest}:{number}: id: {name!r} is the id of line {earlier} too"
        for number, name, earlier in repeated({number: row.id for number, row in rows.items()})
    ]
    for number, row in rows.items():
        if row.duplicate_of is not None and row.duplicate_of not in ids:
            faults.append(f"{manifest}:{number}: duplicate_of: {row.id} names {row.duplicate_of!r}, which is not there")
        if row.expect == "exact" and (row.expected is None or (row.expected.reply_text is None and row.expected.reply_starts_with is None)):
            faults.append(f"{manifest}:{number}: expected: {row.id} expects an exact reply and gives none")
        if row.kind in ("reply_text", "forward_text") and row.expect == "no_crash":
            faults.append(f"{manifest}:{number}: expect: {row.id} is plain text, which can always be read")
    if faults:
        raise BadSet("\n".join(faults))
    if missing := [row.path for row in rows.values() if not (folder / row.path).is_file()]:
        raise Absent(f"{folder.name}: {len(missing)} files of its manifest are not here ({folder / missing[0]} …); skipped")
    return tuple(rows.values())


def judge_file(folder: Path, row: FileRow) -> ReadFile:
    file = folder / row.path
    return _judge_text(file, row) if row.kind in ("reply_text", "forward_text") else _judge_file(file, row)


def _judge_file(file: Path, row: FileRow) -> ReadFile:
    expected = row.expect == "parse"
    try:
        found = survey([file])
        readings = [read(group) for group in found.groups]
    except Exception:  # a crash is what is measured, whatever it is
        return ReadFile(row.kind, crashed=True, parsed=False if expected else None)
    crashed = any(_CAUGHT.match(failure.detail) for reading in readings for failure in reading.failures)
    parsed = any(kind_of(each) == _BECOMES[row.kind] for reading in readings for each in reading.interactions)
    return ReadFile(row.kind, crashed, parsed if expected else None)


def _judge_text(file: Path, row: FileRow) -> ReadFile:
    """A body alone, without headers; a forward's subject, where the set has one, stands in a file beside it."""
    try:
        found = body(decode(file.read_bytes()), sender=None, subject=_subject(file))
    except Exception:  # a crash is what is measured, whatever it is
        found, crashed = _EMPTY, True
    else:
        crashed = False
    said = "\n\n".join(turn.text for turn in found.turns if turn.role == "said")
    expected = row.expected or Expected()
    whole = expected.reply_text
    forward = row.kind == "forward_text" and "_body" in file.name
    authors = {turn.speaker.email for turn in found.turns if turn.speaker}
    # The makers name the author for the plain English bodies alone: variants leave things out.
    named = forward and PurePosixPath(row.path).stem.endswith("_en_body")
    return ReadFile(
        row.kind,
        crashed,
        parsed=bool(found.turns),
        reply_exact=_same_reply(said, expected) if row.expect == "exact" else None,
        reply_found=NOTHING if whole is None else _share(whole, said),
        reply_pure=NOTHING if whole is None else _share(said, whole),
        forward_found=bool(found.forwarded) if forward else None,
        author_found=expected.original_from in authors if named else None,
    )


def _same_reply(said: str, expected: Expected) -> bool:
    if expected.reply_text is not None:
        return said.split() == expected.reply_text.split()
    return " ".join(said.split()).startswith(" ".join((expected.reply_starts_with or "").split()))


def _share(part: str, whole: str) -> Ratio:
    """Words of `part` that `whole` has, each as often as it has them."""
    counted = Counter(words(part))
    return Ratio((counted & Counter(words(whole))).total(), counted.total())


def _subject(file: Path) -> str:
    beside = file.with_name(file.name.replace("_body", "_subject"))
    return decode(beside.read_bytes()).strip() if beside != file and beside.is_file() else ""


def _kind_of(rows: tuple[FileRow, ...], name: str) -> FileKind:
    return next(row.kind for row in rows if row.id == name)


def _is(value: bool | None) -> Ratio:
    return NOTHING if value is None else Ratio(float(value), 1.0)


MEASURES: tuple[Measure[ReadFile], ...] = (
    Measure("crashed", lambda row: _is(row.crashed), errors=True),
    Measure("parsed", lambda row: _is(row.parsed)),
    Measure("reply_exact", lambda row: _is(row.reply_exact)),
    Measure("reply_words_found", lambda row: row.reply_found),
    Measure("reply_words_pure", lambda row: row.reply_pure),
    Measure("forward_found", lambda row: _is(row.forward_found)),
    Measure("forward_author_found", lambda row: _is(row.author_found)),
)
