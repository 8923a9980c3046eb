"""Writes small, true export files: what a test wants a tool to have exported, in the shape that tool gives it."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path

OURS, THEIRS = "cartage.example", "halden.example"
DANA, MARTA, TOM = "Dana Okafor <dana@cartage.example>", "Marta Lindqvist <marta@halden.example>", "Tom Reyes <tom@halden.example>"


def at(month: int, day: int) -> datetime:
    return datetime(2026, month, day, 12, tzinfo=UTC)


def write(folder: Path, files: Mapping[str, str | bytes]) -> Path:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


def neutral(*rows: Mapping[str, object]) -> str:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def note(doc_id: str, text: str, account: str = "", **more: object) -> dict[str, object]:
    """A line of the neutral format."""
    return {"doc_id": doc_id, "source_type": "crm_note", "account": account, "timestamp": "2026-09-01T12:00:00Z", "text": text, **more}


def talk(doc_id: str, *turns: tuple[str, str], account: str = "", **more: object) -> dict[str, object]:
    """A call of the neutral format, of (who, what) turns."""
    said = [{"turn_id": f"{doc_id}:{n}", "speaker": who, "time": 10.0 * n, "text": text} for n, (who, text) in enumerate(turns)]
    return {"doc_id": doc_id, "source_type": "call", "account": account, "timestamp": "2026-09-01T12:00:00Z", "turns": said, **more}


def mail(
    sender: str,
    to: str,
    body: str,
    *,
    id: str,
    subject: str = "Dock scheduling",
    on: datetime | None = None,
    answers: str = "",
    attached: Mapping[str, str] | None = None,
) -> bytes:
    """An .eml; `attached` are text documents that come with it."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"], message["Message-ID"] = sender, to, subject, f"<{id}>"
    message["Date"] = format_datetime(on or at(9, 1))
    if answers:
        message["In-Reply-To"] = message["References"] = f"<{answers}>"
    message.set_content(body)
    for name, content in (attached or {}).items():
        message.add_attachment(pdf(content), maintype="application", subtype="pdf", filename=name)
    return message.as_bytes()


def pdf(text: str) -> bytes:
    """One page with one line of plain letters."""
    stream = f"BT /F1 12 Tf 50 700 Td ({text}) Tj ET".encode()
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(stream), stream), b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]  # fmt: skip
    data, places = b"%PDF-1.4\n", []
    for number, each in enumerate(objects, 1):
        places.append(len(data))
        data += b"%d 0 obj%s endobj\n" % (number, each)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    return data + b"xref\n0 %d\n0000000000 65535 f \n%strailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (
        size,
        table,
        size,
        len(data),
    )


def salesforce(
    account: str = "Halden Freight Group",
    domain: str = THEIRS,
    *,
    mark: str = "H",
    contacts: Sequence[str] = (MARTA, TOM),
    users: Sequence[str] = (DANA,),
    notes: Sequence[str] = (),
    deals: Sequence[tuple[str, str, str]] = (("14 depots", "2026-03-05", "2026-10-14"),),
) -> dict[str, str]:
    """Data Loader files of one account; `mark` keeps the ids of two accounts apart. Deals are (name, opened, closed as won)."""
    account_id, owner = record_id("001", mark), record_id("005", "D")
    people = [(record_id("003", f"{mark}{n}"), account_id, *split_address(who), "") for n, who in enumerate(contacts)]
    staff = [(record_id("005", f"D{n}"), *split_address(who), "true") for n, who in enumerate(users)]
    won = [
        (record_id("006", f"{mark}{n}"), account_id, name, "Closed Won", "186000", closed, "true", "true", owner, f"{opened}T09:00:00Z")
        for n, (name, opened, closed) in enumerate(deals)
    ]
    written = [(record_id("002", f"{mark}{n}"), account_id, "Note", text, owner, "2026-09-02T09:00:00Z") for n, text in enumerate(notes)]
    return {
        "Account.csv": table("ID,NAME,WEBSITE", [(account_id, account, f"https://www.{domain}")]),
        "Contact.csv": table("ID,ACCOUNTID,NAME,EMAIL,TITLE", people),
        "User.csv": table("ID,NAME,EMAIL,ISACTIVE", staff),
        "Opportunity.csv": table("ID,ACCOUNTID,NAME,STAGENAME,AMOUNT,CLOSEDATE,ISCLOSED,ISWON,OWNERID,CREATEDDATE", won),
        "Note.csv": table("ID,PARENTID,TITLE,BODY,OWNERID,CREATEDDATE", written),
    }


def gong(call_id: str, title: str, turns: Sequence[tuple[str, str]], *, on: datetime | None = None) -> dict[str, str]:
    """The two pages Gong gives of a call: the parties, and the transcript that knows them by number."""
    who = list(dict.fromkeys(speaker for speaker, _ in turns))
    parties = [
        {"id": f"p{n}", "speakerId": f"s{n}", "name": name, "emailAddress": email, "affiliation": "Unknown"}
        for n, (name, email) in enumerate(map(split_address, who))
    ]
    monologues = [
        {"speakerId": f"s{who.index(speaker)}", "sentences": [{"start": 10_000 * n, "end": 10_000 * n + 9_000, "text": text}]}
        for n, (speaker, text) in enumerate(turns, 1)
    ]
    about = {"id": call_id, "title": title, "started": (on or at(9, 1)).isoformat(), "url": f"https://app.gong.io/call?id={call_id}"}
    return {
        "calls.json": json.dumps({"calls": [{"metaData": about, "parties": parties}]}),
        "transcripts.json": json.dumps({"callTranscripts": [{"callId": call_id, "transcript": monologues}]}),
    }


def vtt(*cues: tuple[str, str]) -> str:
    """Zoom's transcript of (who, what)."""
    blocks = [f"{n}\n00:00:{n:02}.000 --> 00:00:{n:02}.900\n{who}: {text}\n" for n, (who, text) in enumerate(cues, 1)]
    return "\n".join(["WEBVTT\n", *blocks])


def table(header: str, rows: Sequence[Sequence[str]]) -> str:
    out = io.StringIO()
    csv.writer(out, quoting=csv.QUOTE_ALL).writerows([header.split(","), *rows])
    return out.getvalue()


def record_id(prefix: str, mark: str) -> str:
    return f"{prefix}Rk{mark.rjust(10, '0')}"


def split_address(address: str) -> tuple[str, str]:
    """`Dana Okafor <dana@…>` into name and address."""
    name, _, rest = address.partition(" <")
    return name, rest.rstrip(">")


def under(folder: str, files: Mapping[str, str | bytes]) -> dict[str, str | bytes]:
    return {f"{folder}/{name}": content for name, content in files.items()}
