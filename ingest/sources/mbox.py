"""Reads a mailbox file (.mbox): every mail in it by itself, so that a broken one is set aside alone."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ingest.records import Failure, Reading
from ingest.sources import mail, mime
from ingest.sources.format import Format, Look, Part
from ingest.sources.inputs import MOST_BYTES, Input

MOST_MAILBOX = 1024 * 1024 * 1024
"""A mailbox is read mail by mail off the disk, so that it may be larger than other files."""

_BEGINS = re.compile(rb"(?:\A|\n)From [^\r\n]{0,200}\d:\d\d[^\r\n]{0,60}\r?\n(?=>?[!-9;-~]+:)")
"""The line that begins a mail: a time in it and a header below it tell it from a sentence that begins with "From "."""
_ESCAPED = re.compile(rb"^>(?=>*From )", re.M)


def parse(inputs: Sequence[Input]) -> Reading:
    return mail.joined([_read(data, f"{item.name}::{number}") for item in inputs for number, data in enumerate(_mails(item), start=1)])


def begins_mailbox(data: bytes) -> bool:
    """Whether a file's first bytes are those of a mailbox."""
    return _BEGINS.match(data.lstrip(b"\r\n\xef\xbb\xbf")[:4096]) is not None


def _mails(item: Input) -> Iterator[bytes]:
    """One mail after the other, without the line that begins it; what stands before the first belongs to no mail."""
    start = -1
    for found in _BEGINS.finditer(item.data):
        if start >= 0:
            yield item.data[start : found.start() + 1]
        start = found.end()
    if start >= 0:
        yield item.data[start:]


def _read(data: bytes, name: str) -> Reading:
    if len(data) > MOST_BYTES:
        detail = f"The mail has {len(data) / 2**20:.0f} MB, the most is {MOST_BYTES // 2**20} MB; save it without its attachments."
        return Reading(failures=(Failure(name, "too_large", detail),))
    if not mail.is_mail(data):
        detail = "This mail of the mailbox has no headers that say who wrote it, to whom and when; export the mailbox again."
        return Reading(failures=(Failure(name, "not_valid", detail),))
    try:
        return mail.read(mime.parsed(_ESCAPED.sub(b"", data)), mail.Origin(name))
    except MemoryError:
        raise
    except Exception as error:  # a fault of ours in one mail must not cost the others
        detail = f"This mail of the mailbox cannot be read ({type(error).__name__}); save it as .eml and report it."
        return Reading(failures=(Failure(name, "not_valid", detail),))


def _recognise(look: Look) -> Part | None:
    return "main" if begins_mailbox(look.data[:8192]) else None


FORMAT = Format("mbox", _recognise, parse, isolated=True, most_bytes=MOST_MAILBOX)
