"""Reads a mail saved by Outlook (.msg), through a library that is there when Baton was installed with `outlook`."""

from __future__ import annotations

from collections.abc import Sequence
from email.message import EmailMessage
from email.utils import formataddr
from typing import TYPE_CHECKING

from ingest.records import Failure, Reading
from ingest.sources import mail, mime
from ingest.sources.format import Format, Look, Part
from ingest.sources.inputs import Input

if TYPE_CHECKING:
    from oxmsg import Message
    from oxmsg.recipient import Recipient

_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_STREAMS = "__substg1.0_".encode("utf-16-le")
"""Part of the names of all streams of a .msg file, as its directory spells them."""
_MESSAGE_ID, _REFERENCES, _IN_REPLY_TO, _RECIPIENT_TYPE, _FLAGS, _RTF = 0x1035, 0x1039, 0x1042, 0x0C15, 0x0E07, 0x1009
_UNSENT = 0x8
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
        message = _message(found)
    except Exception:  # the library raises whatever damaged bytes lead it to
        detail = "The Outlook file is damaged or no mail; open it in Outlook and save the mail as .eml."
        return Reading(failures=(Failure(item.name, "not_valid", detail),))
    reading = mail.read(message, mail.Origin(item.name))
    if found.body or found.html_body or not found.properties.binary_prop_value(_RTF):
        return reading
    detail = "Outlook kept this mail's text as RTF only, which is not read; save the mail as .eml."
    return mail.joined([reading, Reading(failures=(Failure(item.name, "no_text", detail),))])


def _message(found: Message) -> EmailMessage:
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
    attached = [
        mime.Attached(each.file_name or f"attachment-{number}", (each.mime_type or "").lower(), each.file_bytes, False)
        for number, each in enumerate(found.attachments, start=1)
        if each.file_bytes
    ]
    return mime.composed(headers, found.body or "", found.html_body or "", attached)


def _address(recipient: Recipient) -> str:
    address = recipient.email_address or ""
    return formataddr((recipient.name or "", address), "utf-8") if "@" in address and address.isascii() else ""


def _recognise(look: Look) -> Part | None:
    return "main" if look.data.startswith(_OLD_OFFICE) and _STREAMS in look.data else None


FORMAT = Format("outlook", _recognise, parse, isolated=True)
