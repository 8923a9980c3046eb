"""Reads what Gmail's API gives: messages (format=raw or full), and beside them the pages that list them and tell which are gone."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from urllib.parse import quote

from ingest.records import Failure, Gone, Reading
from ingest.sources import mail, mime
from ingest.sources.fields import Object, obj, objects, text
from ingest.sources.format import Format, Look, Part
from ingest.sources.inputs import Input, json_pages

_DEEPEST = 20
_LEFT_OUT = {"DRAFT": "a draft that was never sent", "SPAM": "spam", "TRASH": "in the bin"}
_ORPHAN = (
    "This page of Gmail's API names mails without holding them; fetch each with messages.get (format=raw or full) "
    "and put the files beside it."
)


def parse(inputs: Sequence[Input]) -> Reading:
    """All pages of a folder: mails that its history says are deleted are left out."""
    failures: list[Failure] = []
    pages = list(json_pages(inputs, failures))
    gone = {text(obj(entry.get("message")).get("id")) for _, page in pages for entry in _deletions(obj(page))}
    messages = [(item, number, message) for item, page in pages for number, message in enumerate(_messages(page), start=1)]
    there = {text(message.get("id")) for _, _, message in messages}
    readings = [Reading(failures=tuple(failures), gone=tuple(Gone(f"gmail:{id}") for id in sorted(gone) if id))]
    for item, number, message in messages:
        name = item.name if sum(1 for other, _, _ in messages if other is item) == 1 else f"{item.name}::{number}"
        readings.append(_read(message, name, gone))
    for item, page in pages:
        readings.append(Reading(notices=tuple(_missing(item.name, obj(page), there | gone))))
    return mail.joined(readings)


def _read(message: Object, name: str, gone: set[str]) -> Reading:
    native = text(message.get("id"))
    labels = message.get("labelIds")
    left_out = next((why for label, why in _LEFT_OUT.items() if isinstance(labels, list) and label in labels), "")
    if native in gone:
        left_out = "deleted in the mailbox"
    if left_out:
        return Reading(notices=(Failure(name, "left_out", f"The mail is {left_out}, so it is not read."),))
    try:
        data = _decoded(text(message.get("raw"))) if message.get("raw") else _rfc822(obj(message.get("payload")), 0)
    except (ValueError, binascii.Error):
        return Reading(failures=(Failure(name, "not_valid", "The mail's base64 is damaged; fetch it again with messages.get."),))
    parsed = mime.parsed(data)
    own_id = mail.message_id(mime.header(parsed, "Message-ID"))
    origin = mail.Origin(
        name,
        url=f"https://mail.google.com/mail/u/0/#search/rfc822msgid:{quote(own_id)}" if own_id else "",
        aliases=(f"gmail:{native}",) if native else (),
        received_at=_received(message),
        meta={"gmail_thread": text(message.get("threadId"))},
    )
    reading = mail.read(parsed, origin)
    absent = tuple(_absent(obj(message.get("payload")), name, 0))
    return Reading(interactions=reading.interactions, failures=(*reading.failures, *absent), notices=reading.notices)


def _rfc822(part: Object, depth: int) -> bytes:
    """The mail that a tree of parts was made from: one parser reads all mails."""
    children = objects(part.get("parts")) if depth < _DEEPEST else []
    kind = text(part.get("mimeType")).lower() or "text/plain"
    keep = [
        f"{re.sub(r'[^!-9;-~]', '', text(field.get('name')))}: {' '.join(text(field.get('value')).split())}"
        for field in objects(part.get("headers"))
        if text(field.get("name")).lower() not in ("content-transfer-encoding", "content-type", "bcc", "mime-version")
    ]
    declared = next((text(f.get("value")) for f in objects(part.get("headers")) if text(f.get("name")).lower() == "content-type"), kind)
    declared = " ".join(declared.split())
    if kind == "message/rfc822" and children:
        body = _rfc822(children[0], depth + 1)
        return _lines(keep, f"Content-Type: {kind}") + body
    if children:
        boundary = f"=_parts_{depth}_{text(part.get('partId')).replace('.', '_')}"
        inner = b"".join(f"--{boundary}\r\n".encode() + _rfc822(child, depth + 1) + b"\r\n" for child in children)
        return _lines(keep, f'Content-Type: {kind}; boundary="{boundary}"') + inner + f"--{boundary}--\r\n".encode()
    data = _decoded(text(obj(part.get("body")).get("data")))
    return _lines(keep, f"Content-Type: {declared}", "Content-Transfer-Encoding: base64") + base64.encodebytes(data)


def _lines(keep: Sequence[str], *more: str) -> bytes:
    return "\r\n".join([*keep, *more, "", ""]).encode("utf-8", "replace")


def _decoded(data: str) -> bytes:
    return base64.urlsafe_b64decode(data + "=" * (-len(data) % 4))


def _absent(part: Object, name: str, depth: int) -> Iterator[Failure]:
    """Attachments of which the mail holds only a reference; pictures within the text are none."""
    file_name = text(part.get("filename"))
    body = obj(part.get("body"))
    if file_name and body.get("attachmentId") and not body.get("data") and not text(part.get("mimeType")).startswith("image/"):
        detail = "The attachment is not in the export, only its number; fetch the mail with format=raw, which holds everything."
        yield Failure(f"{name}::{file_name}", "attachment_not_read", detail)
    for child in objects(part.get("parts")) if depth < _DEEPEST else ():
        yield from _absent(child, name, depth + 1)


def _received(message: Object) -> datetime | None:
    try:
        return datetime.fromtimestamp(int(text(message.get("internalDate"))) / 1000, UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _messages(page: object) -> list[Object]:
    """The mails of a page: one alone, a list of them, or a page that lists them whole."""
    rows = objects(page) if isinstance(page, list) else [obj(page), *objects(obj(page).get("messages"))]
    return [row for row in rows if row.get("threadId") and (row.get("payload") or row.get("raw"))]


def _deletions(page: Object) -> list[Object]:
    return [entry for step in objects(page.get("history")) for entry in objects(step.get("messagesDeleted"))]


def _missing(name: str, page: Object, known: set[str]) -> Iterator[Failure]:
    """What a page of the list, of the history or of an error says that the folder does not hold."""
    listed = [text(row.get("id")) for row in objects(page.get("messages"))]
    listed += [
        text(obj(entry.get("message")).get("id")) for step in objects(page.get("history")) for entry in objects(step.get("messagesAdded"))
    ]
    missing = sorted({id for id in listed if id} - known)
    if missing:
        detail = f"{len(missing)} of the mails that this page names are not here ({', '.join(missing[:3])}…); fetch them with messages.get."
        yield Failure(name, "mails_missing", detail)
    if "error" in page:
        code = text(obj(page.get("error")).get("code"))
        yield Failure(name, "answered_with_error", f"Gmail answered with error {code} in place of this page; fetch the mailbox again.")


def _recognise(look: Look) -> Part | None:
    if _messages(look.page) or _deletions(look.top):
        return "main"
    rows = objects(look.top.get("messages"))
    listed = bool(rows) and all("threadId" in row for row in rows)
    errors = objects(obj(look.top.get("error")).get("errors"))
    return "beside" if listed or "historyId" in look.top or any(error.get("domain") == "global" for error in errors) else None


FORMAT = Format("gmail", _recognise, parse, together="folder", isolated=True, orphan=_ORPHAN)
