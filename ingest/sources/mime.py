"""Opens a mail's envelope: headers, addresses, dates and parts out of bytes that may be wrong in every way.

The standard parser raises on some malformed headers, takes the square of a header's length in time, and follows any nesting; what is
asked through here answers for all input, and says where it stopped.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import EmailMessage, Message
from email.parser import BytesHeaderParser
from email.policy import EmailPolicy
from email.utils import getaddresses, parsedate_to_datetime

from ingest.records import Participant
from ingest.sources import organisation
from ingest.sources.inputs import Decoded, decode, decoded

MOST_PARTS = 1_000
DEEPEST = 20
"""Containers within containers; mail programs make four."""
LONGEST_HEADER = 200_000
"""Characters of one header that are read: some four thousand recipients."""
_STRUCTURED = 4_000
"""Beyond this the structured parser takes seconds, so the raw value is taken apart by hand."""

_ODD = (ValueError, LookupError, TypeError, AttributeError, AssertionError, RecursionError)
"""What the standard parser raises on malformed headers, as found with damaged mails."""


class _Policy(EmailPolicy):
    """The standard policy, with an end to a header's length."""

    def header_source_parse(self, sourcelines: list[str]) -> tuple[str, str]:
        name, value = super().header_source_parse(sourcelines)
        longest = _STRUCTURED if name.lower().startswith("content-") else LONGEST_HEADER
        return name[:_STRUCTURED], value[:longest]


POLICY = _Policy(utf8=True)


@dataclass(frozen=True, slots=True)
class Attached:
    name: str
    media_type: str
    data: bytes
    inline: bool
    """Shown within the text, by its Content-ID."""
    mail: Message | None = None
    """An attached mail, its parts its own."""


@dataclass(frozen=True, slots=True)
class Parts:
    """The leaves of a mail, up to the limits."""

    plain: Decoded
    html: Decoded
    flowed: bool
    attached: tuple[Attached, ...]
    whole: bool
    """Nothing was left out for being too much or too deep."""


def parsed(data: bytes) -> Message:
    """The message. One whose parts are nested deeper than Python's stack is only its headers."""
    try:
        return message_from_bytes(data, policy=POLICY)
    except RecursionError:
        message = BytesHeaderParser(policy=POLICY).parsebytes(data)
        message.set_payload("")
        return message


def composed(headers: Sequence[tuple[str, str]], plain: str, html: str, attached: Sequence[Attached] = ()) -> EmailMessage:
    """A message out of the fields that a mailbox's API gives in place of one."""
    message = EmailMessage(policy=POLICY)
    for name, value in headers:
        value = " ".join(value.split())[:LONGEST_HEADER]
        if value and name.lower() not in ("bcc", "content-type", "content-transfer-encoding", "mime-version") and name not in message:
            try:
                message[name] = value
            except _ODD:
                continue
    message.set_content(_encodable(plain))
    if html:
        message.add_alternative(_encodable(html), subtype="html")
    for part in attached:
        if part.mail is not None and isinstance(part.mail, EmailMessage):
            message.add_attachment(part.mail)
            continue
        kind, _, subtype = part.media_type.partition("/")
        if not re.fullmatch(r"[\w.+-]+/[\w.+-]+", part.media_type) or kind in ("multipart", "message"):
            kind, subtype = "application", "octet-stream"
        name = " ".join(_encodable(part.name).split())[:200]
        disposition = "inline" if part.inline else "attachment"
        message.add_attachment(part.data, maintype=kind, subtype=subtype, filename=name, disposition=disposition)
        added = message.get_payload()[-1]  # type: ignore[index]  # a multipart message holds a list
        if part.inline and isinstance(added, EmailMessage):
            added["Content-ID"] = "<inline>"
    return message


def header(message: Message, name: str) -> str:
    """A header's text. Where the structured parser raises or would take long, the raw value is decoded by itself."""
    raw = _raw_header(message, name)
    try:
        value = str(message.get(name, "")) if len(raw) <= _STRUCTURED else _words(raw)
    except _ODD:
        value = _words(raw)
    if any("\udc80" <= c <= "\udcff" for c in value):
        value = decode(value.encode("utf-8", "surrogateescape"))
    return " ".join(value.split())


def has_long_header(message: Message) -> bool:
    return any(len(str(value)) >= LONGEST_HEADER for _, value in message.raw_items())


def addresses(message: Message, name: str) -> list[Participant]:
    raw = _raw_header(message, name)
    try:
        if len(raw) <= _STRUCTURED:
            pairs = getaddresses([header(message, name)])
        else:
            pairs = [(_words(who), address) for who, address in getaddresses([" ".join(raw.split())])]
    except _ODD:
        return []
    return [Participant(" ".join(who.split()).strip("'\"") or address, address.casefold()) for who, address in pairs if "@" in address]


def sent_at(message: Message) -> datetime | None:
    """The Date header with its writer's offset, else the time the last server noted."""
    for value in (header(message, "Date"), header(message, "Received").rpartition(";")[2]):
        try:
            found = parsedate_to_datetime(value)
        except (*_ODD, OverflowError):
            continue
        if not 1 < found.year < 9999:
            continue
        if found.tzinfo is None:  # -0000 is UTC, written where nobody knows
            return found.replace(tzinfo=UTC) if "-0000" in value else organisation.localised(found)
        return found
    return None


def parts(message: Message) -> Parts:
    """The first text/plain and text/html body, and everything else that it carries."""
    plain = html = Decoded("", False)
    flowed = False
    attached: list[Attached] = []
    found = _Leaves(message)
    for number, part in enumerate(found, start=1):
        kind = media_type(part)
        if kind == "message/rfc822":
            inner = part.get_payload()
            if isinstance(inner, list) and inner and isinstance(inner[0], Message):
                attached.append(Attached(f"message-{number}.eml", kind, b"", False, inner[0]))
        elif kind.startswith("multipart/"):  # its boundary is missing, so what it holds cannot be told apart
            plain, found.whole = plain if plain.text else _text(part), False
        elif kind == "text/plain" and not plain.text and not _is_attachment(part):
            plain, flowed = _text(part), "flowed" in str(part.get_param("format")).lower()
        elif kind == "text/html" and not html.text and not _is_attachment(part):
            html = _text(part)
        elif _is_attachment(part) or kind not in ("text/plain", "text/html"):
            inline = bool(part.get("Content-ID")) and _disposition(part) != "attachment"
            attached.append(Attached(_name(part, number), kind, payload(part), inline))
    return Parts(plain, html, flowed, tuple(attached), found.whole)


class _Leaves:
    """The parts that are not containers. An attached mail is one leaf: its own parts are its own."""

    def __init__(self, message: Message) -> None:
        self.message = message
        self.whole = True
        self._count = 0

    def __iter__(self) -> Iterator[Message]:
        return self._below(self.message, 0)

    def _below(self, message: Message, depth: int) -> Iterator[Message]:
        children = message.get_payload()
        if media_type(message) == "message/rfc822" or not message.is_multipart() or not isinstance(children, list):
            self._count += 1
            yield message
            return
        for child in children if depth < DEEPEST else ():
            if self._count >= MOST_PARTS:
                break
            if isinstance(child, Message):
                yield from self._below(child, depth + 1)
        else:
            self.whole = self.whole and depth < DEEPEST
            return
        self.whole = False


def payload(part: Message) -> bytes:
    try:
        data = part.get_payload(decode=True)
    except _ODD:
        data = None
    return data if isinstance(data, bytes) else b""


def media_type(part: Message) -> str:
    try:
        return part.get_content_type()
    except _ODD:
        return "application/octet-stream"


def _disposition(part: Message) -> str | None:
    try:
        return part.get_content_disposition()
    except _ODD:
        return "attachment"


def _is_attachment(part: Message) -> bool:
    try:
        return _disposition(part) == "attachment" or bool(part.get_filename())
    except _ODD:
        return True


def _name(part: Message, number: int) -> str:
    try:
        name = part.get_filename() or ""
    except _ODD:
        name = ""
    default = f"invite-{number}.ics" if media_type(part) == "text/calendar" else f"attachment-{number}"
    return re.sub(r"[\\/\x00-\x1f]", "_", name).strip() or default


def _text(part: Message) -> Decoded:
    try:
        declared = part.get_content_charset() or ""
    except _ODD:
        declared = ""
    return decoded(payload(part), declared)


def _raw_header(message: Message, name: str) -> str:
    return next((str(raw) for key, raw in message.raw_items() if key.lower() == name.lower()), "")


def _words(raw: str) -> str:
    """A raw header with its encoded words decoded."""
    try:
        return str(make_header(decode_header(raw)))
    except _ODD:
        return raw


def _encodable(text: str) -> str:
    return text.encode("utf-8", "replace").decode("utf-8")
