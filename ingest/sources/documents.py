"""Reads documents of every format from hostile bytes, whether they lie loose, hang on a mail or come out of a CRM.

Why not unstructured for all of them: offline it fails on every text format without a patch of its private names, it reads no PDF without
torch, and it knows no hidden sheets, rows or words, which must not become evidence. What it has beyond the readers here and needs nothing
but pip for is `document_converted`: RTF and ODT. Old Office files (DOC, PPT) it leaves to LibreOffice.
"""

from __future__ import annotations

import hashlib
import io
import re
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import PurePosixPath
from typing import Literal

from ingest.records import Document, Failure, Reading
from ingest.sources import document_converted, document_docx, document_pdf, document_pptx, document_text, document_xlsx, parts
from ingest.sources.document_outcome import MOST_CHARACTERS, NotRead, Parsed
from ingest.sources.format import Format, Look, Part
from ingest.sources.inputs import Input, decode

DocumentKind = Literal["pdf", "docx", "pptx", "xlsx", "rtf", "odt", "html", "markdown", "text"]

MEDIA_TYPES: dict[DocumentKind, str] = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "rtf": "application/rtf",
    "odt": "application/vnd.oasis.opendocument.text",
    "html": "text/html",
    "markdown": "text/markdown",
    "text": "text/plain",
}
_PARSERS: dict[DocumentKind, Callable[[bytes], Parsed]] = {
    "pdf": document_pdf.parse,
    "docx": document_docx.parse,
    "pptx": document_pptx.parse,
    "xlsx": document_xlsx.parse,
    "rtf": document_converted.rtf,
    "odt": document_converted.odt,
    "html": document_text.web_page,
    "markdown": document_text.markdown,
    "text": document_text.text,
}
_DAMAGED: dict[DocumentKind, str] = {
    "pdf": document_pdf.DAMAGED,
    "docx": document_docx.DAMAGED,
    "pptx": document_pptx.DAMAGED,
    "xlsx": document_xlsx.DAMAGED,
}
_NAMED: dict[str, DocumentKind] = {".htm": "html", ".html": "html", ".md": "markdown", ".markdown": "markdown", ".txt": "text"}
"""What is text says by its name how it is meant."""
_ENDINGS: dict[str, DocumentKind] = {
    ".pdf": "pdf", ".docx": "docx", ".docm": "docx", ".dotx": "docx", ".pptx": "pptx", ".pptm": "pptx", ".ppsx": "pptx", ".xlsx": "xlsx",
    ".xlsm": "xlsx",
}  # fmt: skip
_PARTS: tuple[tuple[DocumentKind, re.Pattern[str]], ...] = (
    ("docx", re.compile(r"word/document\d*\.xml")),
    ("pptx", re.compile(r"ppt/presentation\.xml")),
    ("xlsx", re.compile(r"xl/workbook\d*\.xml")),
)
_ZIP = b"PK\x03\x04"
_OLD_OFFICE = b"\xd0\xcf\x11\xe0"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_RTF = b"{\\rtf"
_OTHERS: tuple[tuple[bytes, str], ...] = (
    (_OLD_OFFICE, "This is an old Office file (DOC, XLS, PPT); open it and save it as DOCX, XLSX, PPTX or PDF."),
    (_ZIP, "This is a zip file or an Office format that is not read (ODS, EPUB, XLSB); unpack it, or save it as DOCX or PDF."),
)


def parse(inputs: Sequence[Input]) -> Reading:
    readings = [read(item, kind_of(item.data, item.name) or "text") for item in inputs]
    return Reading(
        interactions=tuple(found for reading in readings for found in reading.interactions),
        failures=tuple(failure for reading in readings for failure in reading.failures),
        notices=tuple(notice for reading in readings for notice in reading.notices),
    )


def kind_of(data: bytes, name: str = "") -> DocumentKind | None:
    """By content, whatever the file is called; text by its name, where one is given."""
    if b"%PDF-" in data[:1024]:
        return "pdf"
    if data.startswith(_ZIP):
        return _kind_in_zip(data)
    if data.startswith(_RTF):
        return "rtf"
    if b"\0" in data[:4096] and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return None
    kind = _NAMED.get(PurePosixPath(name.lower()).suffix)
    return "text" if kind == "html" and not document_text.is_web_page(decode(data[:8192])) else kind


def _kind_in_zip(data: bytes) -> DocumentKind | None:
    """By what its directory lists; by the names that stand between the entries where the directory is lost."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = archive.namelist()
            if document_converted.is_odt(archive):
                return "odt"
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, OverflowError):
        names = [found.decode("ascii") for found in set(re.findall(rb"(?:word|ppt|xl)/[a-z]{1,20}\d{0,9}\.xml", data))]
    return next((kind for kind, part in _PARTS if any(map(part.fullmatch, names))), None)


def damaged(item: Input, media_type: str = "") -> Failure | None:
    """Why a file cannot be read that is a document by its name or declared type, and by its content is none; None for other files."""
    if not item.data:
        return None
    named = _ENDINGS.get(PurePosixPath(item.name.lower()).suffix)
    kind = named or next((kind for kind in _DAMAGED if media_type == MEDIA_TYPES[kind]), None)
    if item.data.startswith(_OLD_OFFICE):
        if _ENCRYPTED in item.data:
            detail = "The Office file asks for a password; save a copy without one and ingest that."
            return Failure(item.name, "password_protected", detail)
        return None  # whole, but in an old format
    return Failure(item.name, "not_valid", _DAMAGED[kind]) if kind else None


def other_format(data: bytes) -> str:
    """What helps with a document in a format that is not read; empty for what is no document."""
    return next((hint for beginning, hint in _OTHERS if data.startswith(beginning)), "")


def read(item: Input, kind: DocumentKind, *, attached_to: str = "", at: datetime | None = None) -> Reading:
    """One document. Its id is a hash of its content, so the order form that came twice is one document.

    What it does not show to everybody (speaker notes, hidden sheets, rows and words) becomes a second, internal one, so that nobody
    outside can open it. What its own reader would not have seen is `hidden` there: whoever wrote it said it to nobody, or planted it.
    """
    if lost := parts.begin(item.name):
        return Reading(failures=(lost,))
    try:
        parsed = _PARSERS[kind](item.data)
        if sum(len(turn.text) for turn in (*parsed.turns, *parsed.aside)) > MOST_CHARACTERS:
            raise NotRead("too_large", "The document holds more text than any contract; split it.")
    except NotRead as problem:
        return Reading(failures=(Failure(item.name, problem.reason, problem.detail),))
    except MemoryError:
        detail = "Reading the document took more memory than any sound one needs; split it or save it again."
        return Reading(failures=(Failure(item.name, "too_large_in_memory", detail),))
    except Exception as error:  # what carries it, and what else that carries, is not to be lost over it
        detail = f"Reading the document failed ({type(error).__name__}); save it again, and report it if that does not help."
        return Reading(failures=(Failure(item.name, "not_valid", detail),))
    name = PurePosixPath(item.name.split("::")[-1])
    seen = Document(
        source="file",
        external_id=hashlib.sha256(item.data).hexdigest()[:32],
        title=parsed.title or name.stem,
        occurred_at=at or parsed.created_at,
        turns=parsed.turns,
        meta={"file_name": name.name},
        file=item.name,
        media_type=MEDIA_TYPES[kind],
        attached_to=attached_to,
    )
    aside = replace(seen, external_id=f"{seen.external_id}-aside", title=f"{seen.title} (not shown)", turns=parsed.aside, internal=True)
    return Reading(
        interactions=tuple(document for document in (seen, aside) if document.turns),
        notices=tuple(Failure(item.name, reason, detail) for reason, detail in parsed.notices),
    )


def _is_text(look: Look) -> Part | None:
    return "main" if look.content and kind_of(look.data, look.name) in ("html", "markdown", "text") else None


FORMAT = Format("document", lambda look: "main" if kind_of(look.data) else None, parse, isolated=True)
TEXT = Format("document", _is_text, parse, isolated=True)
