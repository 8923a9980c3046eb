"""Reads an e-mail (.eml): who, when, the new words apart from the quoted ones, and the documents and invitations it carries."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.message import Message
from typing import Any

from ingest.records import Email, Failure, Participant, Reading
from ingest.sources import documents, invites, mail_plain, mail_text, mime
from ingest.sources.format import Format, Look, Part
from ingest.sources.inputs import MOST_BYTES, Input

_DEEPEST = 3
"""Mails attached to mails are followed this far."""
_QUIET = frozenset(
    {
        "application/pkcs7-signature",
        "application/x-pkcs7-signature",
        "application/pgp-signature",
        "text/x-vcard",
        "text/vcard",
    }
)
"""Attachments that say nothing the mail does not: signatures, visiting cards."""
_SMALL_IMAGE = 5_000
_RE = re.compile(r"^(?:\s*(?:re|aw|sv|fwd?|wg|tr|rv)\s*:|\s*\[external\])+\s*", re.I)


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a mail was found, and what its mailbox says of it beyond the mail itself."""

    file: str
    url: str = ""
    aliases: tuple[str, ...] = ()
    received_at: datetime | None = None
    meta: dict[str, Any] = field(default_factory=dict)


def parse(inputs: Sequence[Input]) -> Reading:
    return joined([read(mime.parsed(item.data), Origin(item.name)) for item in inputs])


def read(message: Message, origin: Origin, depth: int = 0) -> Reading:
    """The mail, and what it carries. A mail that only bears attachments still is a mail."""
    parts = mime.parts(message)
    mail, notices = _mail(message, parts, origin)
    carried = [_carried(part, mail, depth) for part in parts.attached]
    reading = joined([Reading(interactions=(mail,), notices=tuple(notices)), *carried])
    return _each_invitation_once(reading)


def joined(readings: Sequence[Reading]) -> Reading:
    return Reading(
        interactions=tuple(found for reading in readings for found in reading.interactions),
        failures=tuple(failure for reading in readings for failure in reading.failures),
        notices=tuple(notice for reading in readings for notice in reading.notices),
        gone=tuple(gone for reading in readings for gone in reading.gone),
    )


def message_id(text: str) -> str:
    """A Message-ID without its angle brackets."""
    found = re.search(r"<([^<>\s]+)>", text)
    return found.group(1) if found else text.strip().strip("<>").split(" ")[0]


def _mail(message: Message, parts: mime.Parts, origin: Origin) -> tuple[Email, list[Failure]]:
    sender = next(iter(mime.addresses(message, "From")), None)
    subject = mime.header(message, "Subject")
    text, hidden = mail_plain.plain_text(parts.plain.text, parts.html.text, flowed=parts.flowed)
    body = mail_text.body(text, sender=sender, subject=subject, hidden=hidden)
    occurred_at = mime.sent_at(message) or origin.received_at
    own_id = message_id(mime.header(message, "Message-ID"))
    said = " ".join(turn.text for turn in body.turns if turn.role == "said")
    mail = Email(
        source="mail",
        external_id=own_id or _fallback_id(sender, occurred_at, subject, said),
        title=subject or "(no subject)",
        occurred_at=occurred_at,
        turns=body.turns,
        participants=_people(message),
        url=origin.url,
        aliases=origin.aliases,
        meta=origin.meta | ({"forwarded": list(body.forwarded)} if body.forwarded else {}),
        file=origin.file,
        message_id=own_id,
        in_reply_to=message_id(mime.header(message, "In-Reply-To")),
        references=tuple(re.findall(r"<([^<>\s]+)>", mime.header(message, "References"))),
        automatic=_is_automatic(message),
    )
    return mail, _faults(message, parts, mail)


def _faults(message: Message, parts: mime.Parts, mail: Email) -> list[Failure]:
    """What is wrong with a mail that is read all the same."""
    found: list[Failure] = []
    if mail.occurred_at is None:
        date = mime.header(message, "Date")[:60]
        fault = f"The mail's date {date!r} cannot be read" if date else "The mail has no date"
        found.append(Failure(mail.file, "no_date", f"{fault}: it is filed as undated and left out of --as-of."))
    guessed = any("\ufffd" in mime.header(message, name) for name in ("From", "To", "Cc", "Subject"))
    if parts.plain.guessed or parts.html.guessed or guessed:
        detail = "The mail's character set is unknown or wrongly declared, so its text was guessed: accented letters may be wrong."
        found.append(Failure(mail.file, "guessed_text", detail))
    if not parts.whole or mime.has_long_header(message):
        detail = "The mail has more parts, deeper nesting or longer headers than mail programs make; what goes beyond was left out."
        found.append(Failure(mail.file, "too_much", detail))
    return found


def _carried(part: mime.Attached, mail: Email, depth: int) -> Reading:
    """What came with a mail: a mail, an invitation, a document; nothing for what only decorates it."""
    name = f"{mail.file}::{part.name}"
    if part.mail is not None and depth < _DEEPEST:
        return read(part.mail, Origin(name), depth + 1)
    if part.media_type in ("text/calendar", "application/ics") or part.name.lower().endswith(".ics"):
        return invites.read(Input(name, part.data))
    if (kind := documents.kind_of(part.data, part.name)) is not None and len(part.data) <= MOST_BYTES:
        return documents.read(Input(name, part.data), kind, attached_to=mail.external_id, at=mail.occurred_at)
    if damaged := documents.damaged(Input(name, part.data), part.media_type):
        return Reading(failures=(damaged,))
    if _decorates(part):
        return Reading()
    detail = documents.other_format(part.data) or f"Attachments of type {part.media_type} are not read; if it matters, save it as PDF."
    return Reading(failures=(Failure(name, "attachment_not_read", detail),))


def _decorates(part: mime.Attached) -> bool:
    if part.media_type in _QUIET or part.name.lower().endswith((".p7s", ".vcf", ".asc")):
        return True
    picture = part.media_type.startswith("image/") and (part.inline or len(part.data) < _SMALL_IMAGE)
    return picture or (not part.data and part.mail is None)


def _each_invitation_once(reading: Reading) -> Reading:
    """Calendars put an invitation into a mail twice, as a part and as a file; the newest state of it counts."""
    kept = invites.newest(reading.interactions)
    return Reading(interactions=kept, failures=reading.failures, notices=tuple(dict.fromkeys(reading.notices)))


def _people(message: Message) -> tuple[Participant, ...]:
    """Sender first, then To and Cc, each address once. Bcc stays out of sight as it did for the others."""
    people: dict[str, Participant] = {}
    for name in ("From", "To", "Cc"):
        for person in mime.addresses(message, name):
            people.setdefault(person.email, person)
    return tuple(people.values())


def _is_automatic(message: Message) -> bool:
    """An auto-reply, bounce or mass mail by its headers."""
    return (
        mime.header(message, "Auto-Submitted").lower() not in ("", "no")
        or mime.header(message, "Precedence").lower() in ("bulk", "junk", "list", "auto_reply")
        or any(mime.header(message, name) for name in ("List-Unsubscribe", "X-Autoreply", "X-Autorespond", "X-Failed-Recipients"))
        or mime.header(message, "Return-Path") == "<>"
        or mime.media_type(message) == "multipart/report"
    )


def _fallback_id(sender: Participant | None, at: datetime | None, subject: str, said: str) -> str:
    """The same mail from two mailboxes without a Message-ID: same sender, minute, subject and opening words."""
    minute = at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M") if at else ""
    key = "\n".join((sender.email if sender else "", minute, _RE.sub("", subject).casefold(), " ".join(said.split())[:200]))
    return "no-message-id-" + hashlib.sha256(key.encode("utf-8", "replace")).hexdigest()[:32]


_HEADER_LINE = re.compile(rb"([A-Za-z][A-Za-z0-9-]{0,60})[ \t]{0,3}:")
_HEADERS = frozenset(
    b"from to subject date message-id received mime-version return-path delivered-to content-type x-mailer in-reply-to".split()
)


def is_mail(data: bytes) -> bool:
    """A block of header lines with two that only mail has; one line among them may be broken, and "From " may stand on top."""
    seen: set[bytes] = set()
    broken = 0
    for number, line in enumerate(data[:65536].lstrip(b"\xef\xbb\xbf\r\n").splitlines()):
        if not line.strip():
            break
        if line[:1] in b" \t" and seen:
            continue
        if match := _HEADER_LINE.match(line):
            seen.add(match.group(1).lower())
        elif number == 0 and line.startswith(b"From "):
            continue
        elif seen and not broken:
            broken = 1
        else:
            return False
    return len(seen & _HEADERS) >= 2


def _recognise(look: Look) -> Part | None:
    return "main" if look.is_text and is_mail(look.data) else None


FORMAT = Format("mail", _recognise, parse, isolated=True)
