"""Reads an e-mail (.eml): who, when, the new words apart from the quoted ones, and the documents it carries."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.message import Message
from email.utils import getaddresses, parsedate_to_datetime

from ingest.records import Email, Failure, Interaction, Participant, Reading
from ingest.sources import documents, mail_text
from ingest.sources.format import Format, Look, Part
from ingest.sources.inputs import MOST_BYTES, Decoded, Input, decode, decoded

_DEEPEST = 3
"""Mails attached to mails are followed this far."""
_QUIET = frozenset(
    {
        "text/calendar",
        "application/ics",
        "application/pkcs7-signature",
        "application/x-pkcs7-signature",
        "application/pgp-signature",
        "text/x-vcard",
        "text/vcard",
    }
)
"""Attachments that say nothing the mail does not: invitations, signatures, visiting cards."""
_SMALL_IMAGE = 5_000
_RE = re.compile(r"^(?:\s*(?:re|aw|sv|fwd?|wg|tr|rv)\s*:|\s*\[external\])+\s*", re.I)


def parse(inputs: Sequence[Input]) -> Reading:
    interactions: list[Interaction] = []
    failures: list[Failure] = []
    notices: list[Failure] = []
    for item in inputs:
        _read(item, interactions, failures, notices, depth=0)
    return Reading(interactions=tuple(interactions), failures=tuple(failures), notices=tuple(notices))


def message_id(text: str) -> str:
    """A Message-ID without its angle brackets."""
    found = re.search(r"<([^<>\s]+)>", text)
    return found.group(1) if found else text.strip().strip("<>").split(" ")[0]


@dataclass(frozen=True, slots=True)
class _Part:
    name: str
    media_type: str
    data: bytes
    inline: bool


def _read(item: Input, interactions: list[Interaction], failures: list[Failure], notices: list[Failure], depth: int) -> None:
    """Adds the mail and what it carries. A mail that only bears attachments still is a mail."""
    message = message_from_bytes(item.data, policy=policy.default)
    plain, html, flowed = _alternatives(message)
    people = _people(message)
    sender = next(iter(_addresses(message, "From")), None)
    subject = _header(message, "Subject")
    text, hidden = mail_text.plain_text(plain.text, html.text, flowed=flowed)
    body = mail_text.body(text, sender=sender, subject=subject, hidden=hidden)
    occurred_at = _date(message)
    own_id = message_id(_header(message, "Message-ID"))
    said = " ".join(turn.text for turn in body.turns if turn.role == "said")
    mail = Email(
        source="mail",
        external_id=own_id or _fallback_id(sender, occurred_at, subject, said),
        title=subject or "(no subject)",
        occurred_at=occurred_at,
        turns=body.turns,
        participants=people,
        meta={"forwarded": list(body.forwarded)} if body.forwarded else {},
        file=item.name,
        message_id=own_id,
        in_reply_to=message_id(_header(message, "In-Reply-To")),
        references=tuple(re.findall(r"<([^<>\s]+)>", _header(message, "References"))),
        automatic=_automatic(message),
    )
    interactions.append(mail)
    if occurred_at is None:
        date = _header(message, "Date")[:60]
        fault = f"The mail's date {date!r} cannot be read" if date else "The mail has no date"
        notices.append(Failure(item.name, "no_date", f"{fault}: it is filed as undated and left out of --as-of."))
    if plain.guessed or html.guessed or any(_is_guessed(message, name) for name in ("From", "To", "Cc", "Subject")):
        detail = "The mail's character set is unknown or wrongly declared, so its text was guessed: accented letters may be wrong."
        notices.append(Failure(item.name, "guessed_text", detail))
    for part in _attachments(message):
        name = f"{item.name}::{part.name}"
        if part.media_type == "message/rfc822" and depth < _DEEPEST:
            _read(Input(name, part.data), interactions, failures, notices, depth + 1)
        elif (kind := documents.kind_of(part.data)) is not None and len(part.data) <= MOST_BYTES:
            reading = documents.read(Input(name, part.data), kind, attached_to=mail.external_id, at=occurred_at)
            interactions += reading.interactions
            failures += reading.failures
        elif damaged := documents.damaged(Input(name, part.data), part.media_type):
            failures.append(damaged)
        elif not _passed_over(part):
            failures.append(
                Failure(
                    name,
                    "attachment_not_read",
                    f"Attachments of type {part.media_type} are not read yet; if it matters, save it as PDF or DOCX and ingest that.",
                )
            )


def _alternatives(message: Message) -> tuple[Decoded, Decoded, bool]:
    """The first text/plain and text/html body, and whether the plain one is flowed."""
    plain = html = Decoded("", False)
    flowed = False
    for part in _leaves(message):
        if _is_attachment(part):
            continue
        if part.get_content_type() == "text/plain" and not plain.text:
            plain, flowed = _text(part), "flowed" in str(part.get_param("format")).lower()
        elif part.get_content_type() == "text/html" and not html.text:
            html = _text(part)
    return plain, html, flowed


def _attachments(message: Message) -> Iterator[_Part]:
    for number, part in enumerate(_leaves(message), start=1):
        media_type = part.get_content_type()
        if media_type == "message/rfc822":
            inner = part.get_payload()
            found = inner[0] if isinstance(inner, list) and inner else None
            if isinstance(found, Message):
                yield _Part(f"message-{number}.eml", media_type, _bytes(found), False)
        elif _is_attachment(part) or media_type not in ("text/plain", "text/html"):
            yield _Part(
                _name(part, number),
                media_type,
                _payload(part),
                bool(part.get("Content-ID")) and part.get_content_disposition() != "attachment",
            )


def _leaves(message: Message, depth: int = 0) -> Iterator[Message]:
    """The parts that are not containers. An attached mail is one leaf: its own parts are its own."""
    parts = message.get_payload()
    if message.get_content_type() == "message/rfc822" or not message.is_multipart() or not isinstance(parts, list) or depth > 20:
        yield message
        return
    for part in parts:
        if isinstance(part, Message):
            yield from _leaves(part, depth + 1)


def _is_attachment(part: Message) -> bool:
    try:
        return part.get_content_disposition() == "attachment" or bool(part.get_filename())
    except (ValueError, LookupError, TypeError, AttributeError, IndexError):  # the header parser trips over some malformed values
        return True


def _passed_over(part: _Part) -> bool:
    if part.media_type in _QUIET or part.name.lower().endswith((".p7s", ".ics", ".vcf", ".asc")):
        return True
    return not part.data or (part.media_type.startswith("image/") and (part.inline or len(part.data) < _SMALL_IMAGE))


def _name(part: Message, number: int) -> str:
    try:
        name = part.get_filename() or ""
    except (ValueError, LookupError, TypeError, AttributeError, IndexError):
        name = ""
    return re.sub(r"[\\/\x00-\x1f]", "_", name).strip() or f"attachment-{number}"


def _payload(part: Message) -> bytes:
    try:
        data = part.get_payload(decode=True)
    except (ValueError, LookupError, AssertionError):
        data = None
    return data if isinstance(data, bytes) else b""


def _bytes(message: Message) -> bytes:
    try:
        return message.as_bytes()
    except (UnicodeError, ValueError, LookupError, TypeError, AttributeError, IndexError):
        return b""


def _text(part: Message) -> Decoded:
    try:
        declared = part.get_content_charset() or ""
    except (ValueError, LookupError, TypeError, AttributeError, IndexError):
        declared = ""
    return decoded(_payload(part), declared)


def _header(message: Message, name: str) -> str:
    """A header's text. The structured parser raises on some malformed values; then the raw value is decoded by itself."""
    try:
        value = str(message.get(name, ""))
    except (ValueError, LookupError, TypeError, AttributeError):
        value = _raw_header(message, name)
    if any("\udc80" <= c <= "\udcff" for c in value):
        value = decode(value.encode("utf-8", "surrogateescape"))
    return " ".join(value.split())


def _is_guessed(message: Message, name: str) -> bool:
    """A header in raw bytes that are no UTF-8, or encoded in a character set that nobody knows."""
    return "\ufffd" in _header(message, name)


def _raw_header(message: Message, name: str) -> str:
    value = next((str(raw) for key, raw in message.raw_items() if key.lower() == name.lower()), "")
    try:
        return str(make_header(decode_header(value)))
    except (ValueError, LookupError):
        return value


def _addresses(message: Message, name: str) -> list[Participant]:
    try:
        pairs = getaddresses([_header(message, name)])
    except (ValueError, TypeError, IndexError):
        return []
    return [Participant(" ".join(who.split()).strip("'\"") or address, address.casefold()) for who, address in pairs if "@" in address]


def _people(message: Message) -> tuple[Participant, ...]:
    """Sender first, then To and Cc, each address once. Bcc stays out of sight as it did for the others."""
    people: dict[str, Participant] = {}
    for name in ("From", "To", "Cc"):
        for person in _addresses(message, name):
            people.setdefault(person.email, person)
    return tuple(people.values())


def _date(message: Message) -> datetime | None:
    """The Date header, else the time the last server noted."""
    for value in (_header(message, "Date"), _header(message, "Received").rpartition(";")[2]):
        try:
            found = parsedate_to_datetime(value)
            return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
        except (ValueError, TypeError, IndexError, OverflowError):
            continue
    return None


def _automatic(message: Message) -> bool:
    return (
        _header(message, "Auto-Submitted").lower() not in ("", "no")
        or _header(message, "Precedence").lower() in ("bulk", "junk", "list", "auto_reply")
        or bool(_header(message, "List-Unsubscribe"))
        or bool(_header(message, "X-Autoreply"))
        or message.get_content_type() == "multipart/report"
    )


def _fallback_id(sender: Participant | None, at: datetime | None, subject: str, said: str) -> str:
    """The same mail from two mailboxes without a Message-ID: same sender, minute, subject and opening words."""
    minute = at.strftime("%Y-%m-%dT%H:%M") if at else ""
    key = "\n".join((sender.email if sender else "", minute, _RE.sub("", subject).casefold(), " ".join(said.split())[:200]))
    return "no-message-id-" + hashlib.sha256(key.encode("utf-8", "replace")).hexdigest()[:32]


_HEADER_LINE = re.compile(rb"[A-Za-z][A-Za-z0-9-]{0,60}:")
_HEADERS = frozenset(
    b"from to subject date message-id received mime-version return-path delivered-to content-type x-mailer in-reply-to".split()
)


def _recognise(look: Look) -> Part | None:
    """A block of header lines with two that only mail has."""
    seen: set[bytes] = set()
    for line in look.data[:65536].lstrip(b"\xef\xbb\xbf\r\n").splitlines() if look.is_text else ():
        if not line.strip():
            break
        if line[:1] in b" \t" and seen:
            continue
        match = _HEADER_LINE.match(line)
        if not match:
            return None
        seen.add(match.group()[:-1].lower())
    return "main" if len(seen & _HEADERS) >= 2 else None


FORMAT = Format("mail", _recognise, parse)
