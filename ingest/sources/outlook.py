"""Reads a mail saved by Outlook (.msg), through a library that is there when Baton was installed with `outlook`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from email.message import EmailMessage
from email.utils import formataddr
from typing import TYPE_CHECKING

from ingest.records import Failure, Reading
from ingest.sources import mail, mime
from ingest.sources.format import Format, Look, Part
from ingest.sources.inputs import Input

if TYPE_CHECKING:
    from oxmsg import Message
    from oxmsg.attachment import Attachment
    from oxmsg.recipient import Recipient

_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_STREAMS = "__substg1.0_".encode("utf-16-le")
"""Part of the names of all streams of a .msg file, as its directory spells them."""
_MESSAGE_ID, _REFERENCES, _IN_REPLY_TO, _RECIPIENT_TYPE, _FLAGS, _RTF = 0x1035, 0x1039, 0x1042, 0x0C15, 0x0E07, 0x1009
_UNSENT = 0x8
_WITHIN, _PROPERTIES = "__substg1.0_3701000D", "__properties_version1.0"
_INNER_HEADER = 24
"""Bytes before the properties of an attached mail; the outermost one has eight more."""
_DEEPEST = 3
"""Mails attached to mails are followed this far."""
_KINDS = {1: "To", 2: "Cc"}
"""A blind copy is 3 and stays out of sight."""


def parse(inputs: Sequence[Input]) -> Reading:
    return mail.joined([_read(item) for item in inputs])


def _read(item: Input) -> Reading:
    try:
        from oxmsg import Message
    except ImportError:
        detail = "Outlook's .msg files need one more library: pip install 'baton-handoff[outlook]', or save the mail as .eml."
        return Reading(failures=(Failure(item.name, "not_installed", detail),))
    try:
        found = Message.load(item.data)
        if (found.properties.int_prop_value(_FLAGS) or 0) & _UNSENT:
            return Reading(notices=(Failure(item.name, "left_out", "The mail is a draft that was never sent, so it is not read."),))
        message = _message(found, 0)
        lost = tuple(_absent(found, item.name))
    except Exception:  # the library raises whatever damaged bytes lead it to
        detail = "The Outlook file is damaged or no mail; open it in Outlook and save the mail as .eml."
        return Reading(failures=(Failure(item.name, "not_valid", detail),))
    reading = mail.joined([mail.read(message, mail.Origin(item.name)), Reading(failures=lost)])
    if found.body or found.html_body or not found.properties.binary_prop_value(_RTF):
        return reading
    detail = "Outlook kept this mail's text as RTF only, which is not read; save the mail as .eml."
    return mail.joined([reading, Reading(failures=(Failure(item.name, "no_text", detail),))])


def _message(found: Message, depth: int) -> EmailMessage:
    properties = found.properties
    sent = found.sent_date
    given = {name.lower(): value for name, value in found.message_headers.items()}
    recipients: dict[str, list[str]] = {"To": [], "Cc": []}
    for recipient in found.recipients:
        if (kind := _KINDS.get(recipient.properties.int_prop_value(_RECIPIENT_TYPE) or 1)) and (address := _address(recipient)):
            recipients[kind].append(address)
    headers = [
        ("From", found.sender or ""),
        ("To", given.get("to") or ", ".join(recipients["To"])),
        ("Cc", given.get("cc") or ", ".join(recipients["Cc"])),
        ("Subject", found.subject or ""),
        ("Date", given.get("date") or (f"{sent:%a, %d %b %Y %H:%M:%S +0000}" if sent else "")),
        ("Message-ID", properties.str_prop_value(_MESSAGE_ID) or ""),
        ("In-Reply-To", properties.str_prop_value(_IN_REPLY_TO) or ""),
        ("References", properties.str_prop_value(_REFERENCES) or ""),
        *found.message_headers.items(),
    ]
    attached = [part for number, each in enumerate(found.attachments, start=1) if (part := _attached(each, number, depth))]
    return mime.composed(headers, found.body or "", found.html_body or "", attached)


def _attached(part: Attachment, number: int, depth: int) -> mime.Attached | None:
    """A file by its bytes, a mail by what it says; None for what is neither."""
    name = part.file_name or f"attachment-{number}"
    if part.file_bytes:
        return mime.Attached(name, (part.mime_type or "").lower(), part.file_bytes, False)
    inner = _mail_in(part) if depth < _DEEPEST else None
    return mime.Attached(name, "message/rfc822", b"", False, _message(inner, depth + 1)) if inner else None


def _mail_in(part: Attachment) -> Message | None:
    """A mail that was attached as a mail lies within, as streams of its own."""
    from oxmsg import Message
    from oxmsg.properties import Properties

    class Inner(Message):
        """The library only knows the longer header of an outermost mail."""

        @property
        def properties(self) -> Properties:
            return Properties(self._storage, properties_header_offset=_INNER_HEADER)

    storage = next((each for each in part._storage.storages if each.name.startswith(_WITHIN)), None)  # type: ignore[attr-defined]  # its protocol leaves out what its class has
    if storage is None or not any(stream.name == _PROPERTIES for stream in storage.streams):
        return None
    return Inner(storage)


def _absent(found: Message, name: str) -> Iterator[Failure]:
    """Attachments of which the file holds no bytes: links into a cloud, objects of other programs."""
    for number, each in enumerate(found.attachments, start=1):
        if _attached(each, number, 0) is None:
            called = each.file_name or f"attachment-{number}"
            detail = "Of this attachment the Outlook file holds only a link or a picture; save the attachment itself and ingest it."
            yield Failure(f"{name}::{called}", "attachment_not_read", detail)


def _address(recipient: Recipient) -> str:
    address = recipient.email_address or ""
    return formataddr((recipient.name or "", address), "utf-8") if "@" in address and address.isascii() else ""


def _recognise(look: Look) -> Part | None:
    return "main" if look.data.startswith(_OLD_OFFICE) and _STREAMS in look.data else None


FORMAT = Format("outlook", _recognise, parse, isolated=True)
