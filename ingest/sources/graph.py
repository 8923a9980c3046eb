"""Reads what Microsoft Graph gives of a mailbox: messages and their delta pages with what is gone, and attachments fetched beside them."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator, Sequence
from email.message import EmailMessage
from email.utils import formataddr

from ingest.records import Failure, Gone, Reading
from ingest.sources import mail, mime
from ingest.sources.fields import Object, moment, obj, objects, text
from ingest.sources.format import Format, Look, Part
from ingest.sources.inputs import Input, NotJson, decode, json_failure, load_json

_FILE = "#microsoft.graph.fileAttachment"
_ITEM = "#microsoft.graph.itemAttachment"
_DEEPEST = 3
_ORPHAN = "This is an attachment from Microsoft Graph without its mail; put the page of messages it belongs to beside it."


def parse(inputs: Sequence[Input]) -> Reading:
    """All pages of a folder, the newest state of each mail; those a delta page says are removed are left out."""
    readings: list[Reading] = []
    rows: list[tuple[str, Object]] = []
    loose: list[tuple[str, Object]] = []
    for item in inputs:
        try:
            page = obj(load_json(decode(item.data).lstrip("\ufeff")))
        except NotJson as error:
            readings.append(Reading(failures=(json_failure(item.name, error),)))
            continue
        values = objects(page.get("value")) or [page]
        for number, row in enumerate(values, start=1):
            place = item.name if len(values) == 1 else f"{item.name}::{number}"
            (loose if _is_attachment(row) else rows).append((place, row))
    gone = {text(row.get("id")): name for name, row in rows if "@removed" in row}
    newest: dict[str, tuple[str, Object]] = {}
    for name, row in rows:
        key = text(row.get("id")) or name
        if "@removed" not in row and (key not in newest or _changed(row) >= _changed(newest[key][1])):
            newest[key] = (name, row)
    bearers = [key for key, (_, row) in newest.items() if row.get("hasAttachments") and not objects(row.get("attachments"))]
    for key, (name, row) in newest.items():
        if key in gone:
            continue
        carried = [attachment for _, attachment in loose] if bearers == [key] else []
        readings.append(_read(row, name, carried))
    deleted = tuple(Gone(f"graph:{id}") for id in gone if id)
    readings.append(Reading(notices=tuple(_left_out(gone, newest, bearers, loose)), gone=deleted))
    return mail.joined(readings)


def _read(row: Object, name: str, carried: Sequence[Object]) -> Reading:
    if row.get("isDraft") is True:
        return Reading(notices=(Failure(name, "left_out", "The mail is a draft that was never sent, so it is not read."),))
    message = _message(row, carried, 0)
    origin = mail.Origin(
        name,
        url=text(row.get("webLink")),
        aliases=(f"graph:{text(row.get('id'))}",) if row.get("id") else (),
        received_at=moment(row.get("receivedDateTime")),
        meta={"graph_conversation": text(row.get("conversationId"))},
    )
    return mail.read(message, origin)


def _message(row: Object, carried: Sequence[Object], depth: int) -> EmailMessage:
    sent = moment(row.get("sentDateTime")) or moment(row.get("receivedDateTime"))
    headers = [
        ("From", _addresses([obj(row.get("from")) or obj(row.get("sender"))])),
        ("To", _addresses(objects(row.get("toRecipients")))),
        ("Cc", _addresses(objects(row.get("ccRecipients")))),
        ("Subject", text(row.get("subject"))),
        ("Date", f"{sent:%a, %d %b %Y %H:%M:%S %z}" if sent else ""),
        ("Message-ID", text(row.get("internetMessageId"))),
        *((text(field.get("name")), text(field.get("value"))) for field in objects(row.get("internetMessageHeaders"))),
    ]
    body = obj(row.get("body"))
    rich = text(body.get("contentType")).lower() == "html"
    content = text(body.get("content"))
    attached = [part for row_ in [*objects(row.get("attachments")), *carried] if (part := _attached(row_, depth))]
    return mime.composed(headers, "" if rich else content, content if rich else "", attached)


def _attached(row: Object, depth: int) -> mime.Attached | None:
    name = text(row.get("name")) or "attachment"
    item = obj(row.get("item"))
    if item and depth < _DEEPEST:
        return mime.Attached(name, "message/rfc822", b"", False, _message(item, (), depth + 1))
    try:
        data = base64.b64decode(text(row.get("contentBytes")))
    except (ValueError, binascii.Error):
        data = b""
    return mime.Attached(name, text(row.get("contentType")).lower(), data, row.get("isInline") is True)


def _addresses(recipients: Sequence[Object]) -> str:
    found = [obj(recipient.get("emailAddress")) for recipient in recipients]
    pairs = [(" ".join(text(each.get("name")).split()), text(each.get("address"))) for each in found]
    return ", ".join(formataddr((name, address), "utf-8") for name, address in pairs if "@" in address and address.isascii())


def _changed(row: Object) -> str:
    return text(row.get("lastModifiedDateTime"))


def _left_out(
    gone: dict[str, str], newest: dict[str, tuple[str, Object]], bearers: Sequence[str], loose: Sequence[tuple[str, Object]]
) -> Iterator[Failure]:
    for id, name in gone.items():
        if id in newest:
            yield Failure(name, "left_out", "The mail was deleted or moved out of the mailbox folder since, so it is not read.")
    if loose and len(bearers) != 1:
        for name, _ in loose:
            yield Failure(
                name,
                "attachment_not_read",
                "It is not clear which mail this attachment belongs to; fetch messages with $expand=attachments.",
            )
    elif len(bearers) == 1 and not loose:
        name = newest[bearers[0]][0]
        yield Failure(
            name, "attachment_not_read", "The mail has attachments that are not in the export; fetch messages with $expand=attachments."
        )


def _is_attachment(row: Object) -> bool:
    return text(row.get("@odata.type")) in (_FILE, _ITEM)


def _recognise(look: Look) -> Part | None:
    rows = objects(look.top.get("value")) or [look.top]
    if any(row.get("internetMessageId") and isinstance(row.get("body"), dict) for row in rows):
        return "main"
    if "messages" in text(look.top.get("@odata.context")) and any("@removed" in row for row in rows):
        return "main"
    return "beside" if any(_is_attachment(row) for row in rows) else None


FORMAT = Format("graph", _recognise, parse, together="folder", isolated=True, orphan=_ORPHAN)
