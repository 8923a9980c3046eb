"""Reads PDF, DOCX and plain-text documents from hostile bytes: sizes are checked before anything is expanded."""

from __future__ import annotations

import hashlib
import io
import logging
import re
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Literal
from xml.etree import ElementTree

from ingest.records import Document, Failure, Participant, Reading, Turn
from ingest.sources.fields import moment
from ingest.sources.format import Format
from ingest.sources.inputs import Input, decode

if TYPE_CHECKING:  # slow to load: only a PDF that has to be read waits for it
    from pypdf import PdfReader

DocumentKind = Literal["pdf", "docx", "text"]

MOST_PAGES = 2_000
MOST_CHARACTERS = 5_000_000
MOST_ENTRIES = 5_000
MOST_EXPANDED = 200 * 1024 * 1024
MOST_XML = 40 * 1024 * 1024
MOST_RATIO = 200
"""A zip entry that grows more than this is a bomb; Word's XML stays below 30."""
MOST_DEPTH = 200

MEDIA_TYPES: dict[DocumentKind, str] = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "text": "text/plain",
}
_DAMAGED: dict[DocumentKind, str] = {
    "pdf": "The PDF is damaged and cannot be opened, or is protected in a way that cannot be read; get it again, or save it as a new PDF.",
    "docx": "The Word document is damaged and cannot be opened, or asks for a password; get it again, or save it as a new DOCX.",
}
_OLD_OFFICE = b"\xd0\xcf\x11\xe0"
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_TEMPLATE_MADE = datetime(2013, 12, 23, 23, 15, tzinfo=UTC)
"""python-docx stamps this on every file whose author sets no date."""
_FULL = 0.86
"""Letters differ in width, so a line that is full may hold fewer than the widest."""
_NUMBERED = re.compile(r"(?:\d{1,2}(?:\.\d{1,2}){0,3}[.)]?|[a-z][.)]|\([a-z0-9]{1,3}\)|[-–•*·▪●])\s+\S", re.I)


class _NotRead(Exception):
    """Why a document gives nothing, in the words of a Failure."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason
        self.detail = detail


@dataclass(frozen=True, slots=True)
class _Parsed:
    title: str
    created_at: datetime | None
    turns: tuple[Turn, ...]


def parse(inputs: Sequence[Input]) -> Reading:
    readings = [read(item, kind_of(item.data) or "text") for item in inputs]
    return Reading(
        interactions=tuple(found for reading in readings for found in reading.interactions),
        failures=tuple(failure for reading in readings for failure in reading.failures),
    )


def kind_of(data: bytes) -> DocumentKind | None:
    """PDF or DOCX by content; None for everything else."""
    if b"%PDF-" in data[:1024]:
        return "pdf"
    if data.startswith(b"PK\x03\x04"):
        try:
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                return "docx" if "word/document.xml" in archive.namelist() else None
        except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, OverflowError):
            return "docx" if b"word/document.xml" in data else None
    return None


def damaged(item: Input, media_type: str = "") -> Failure | None:
    """Why a file cannot be read that is a PDF or DOCX by its name or declared type, and by its content is neither."""
    if item.data.startswith(_OLD_OFFICE):  # whole, but in Word's old format
        return None
    named = item.name.lower()
    kind = next((kind for kind in _DAMAGED if named.endswith(f".{kind}") or media_type == MEDIA_TYPES[kind]), None)
    return Failure(item.name, "not_valid", _DAMAGED[kind]) if kind else None


def read(item: Input, kind: DocumentKind, *, attached_to: str = "", at: datetime | None = None) -> Reading:
    """One document. Its id is a hash of its content, so the order form that came twice is one document."""
    try:
        parsed = {"pdf": _pdf, "docx": _docx, "text": _plain}[kind](item.data)
    except _NotRead as problem:
        return Reading(failures=(Failure(item.name, problem.reason, problem.detail),))
    document = Document(
        source="file",
        external_id=hashlib.sha256(item.data).hexdigest()[:32],
        title=parsed.title or PurePosixPath(item.name.split("::")[-1]).stem,
        occurred_at=at or parsed.created_at,
        turns=parsed.turns,
        meta={"file_name": PurePosixPath(item.name.split("::")[-1]).name},
        file=item.name,
        media_type=MEDIA_TYPES[kind],
        attached_to=attached_to,
    )
    return Reading(interactions=(document,))


# PDF


def _pdf(data: bytes) -> _Parsed:
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # it warns about every odd file; the failure says it once
    try:
        reader = PdfReader(io.BytesIO(data), strict=False)
        if reader.is_encrypted and not reader.decrypt(""):
            raise _NotRead("password_protected", "The PDF asks for a password; save a copy without one and ingest that.")
        count = len(reader.pages)
        if count > MOST_PAGES:
            raise _NotRead("too_large", f"The PDF has {count} pages, more than the {MOST_PAGES} that are read; split it.")
        texts = [_unwrapped(reader.pages[number].extract_text()) for number in range(count)]
        title, created_at = _pdf_properties(reader)
    except (
        PyPdfError,
        ValueError,
        TypeError,
        KeyError,
        IndexError,
        AttributeError,
        AssertionError,
        ArithmeticError,
        RecursionError,
        OSError,
        NotImplementedError,
    ) as error:
        raise _NotRead("not_valid", _DAMAGED["pdf"]) from error
    if sum(map(len, texts)) > MOST_CHARACTERS:
        raise _NotRead("too_large", "The PDF expands to more text than any contract holds; split it.")
    turns = tuple(Turn(text, page=number) for number, text in enumerate(texts, start=1) if text)
    if not turns:
        raise _NotRead("no_text", "The PDF holds pictures of pages and no text; run text recognition over it and ingest the result.")
    return _Parsed(title or _first_line(turns[0].text), created_at, turns)


def _pdf_properties(reader: PdfReader) -> tuple[str, datetime | None]:
    """Title and creation time; broken properties are no reason to lose the text."""
    from pypdf.errors import PyPdfError

    try:
        properties = reader.metadata
        title = str(properties.title or "").strip() if properties else ""
        made = properties.creation_date if properties else None
    except (PyPdfError, ValueError, TypeError, KeyError, AttributeError, OverflowError):
        return "", None
    at = (made if made.tzinfo else made.replace(tzinfo=UTC)).astimezone(UTC) if made else None
    return ("" if title.lower() in ("untitled", "(anonymous)", "(unspecified)") else title), at


def _unwrapped(page: str) -> str:
    """Joins the lines of a paragraph that the page's width broke; headings, items and table cells keep their own line."""
    lines = [" ".join(line.split()) for line in page.split("\n")]
    width = max(map(len, lines), default=0)
    paragraphs: list[list[str]] = []
    before = ""
    for line in lines:
        if before and line and width > 40 and _goes_on(before, line, width):
            paragraphs[-1].append(line)
        else:
            paragraphs.append([line])
        before = line
    return re.sub(r"\n{3,}", "\n\n", "\n".join(map(" ".join, paragraphs))).strip()


def _goes_on(before: str, line: str, width: int) -> bool:
    """The line above is full, for the next word would not have fitted, and no sentence or item ends there."""
    if _NUMBERED.match(line) or len(before) + 1 + len(line.split(" ", 1)[0]) <= _FULL * width:
        return False
    return not (before.endswith((".", "!", "?", ":", ";")) and line[0].isupper())


# DOCX


def _docx(data: bytes) -> _Parsed:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _check_sizes(archive)
            names = set(archive.namelist())
            headings = _heading_styles(_xml(archive, "word/styles.xml")) if "word/styles.xml" in names else frozenset()
            document = _xml(archive, "word/document.xml")
            turns = [*_sections(document, headings)]
            for part, heading in (("word/footnotes.xml", "Footnotes"), ("word/endnotes.xml", "Endnotes")):
                if part in names and (text := "\n".join(_blocks_text(_xml(archive, part)))):
                    turns.append(Turn(text, heading=heading))
            if "word/comments.xml" in names:
                turns += _comments(_xml(archive, "word/comments.xml"))
            title, created_at = _docx_properties(_xml(archive, "docProps/core.xml")) if "docProps/core.xml" in names else ("", None)
    except (
        zipfile.BadZipFile,
        ElementTree.ParseError,
        KeyError,
        ValueError,
        OSError,
        EOFError,
        RecursionError,
        NotImplementedError,
        RuntimeError,
        zlib.error,
        OverflowError,
    ) as error:
        raise _NotRead("not_valid", _DAMAGED["docx"]) from error
    if not any(turn.role == "said" for turn in turns):
        raise _NotRead("no_text", "The Word document holds no text; if it holds scanned pages, run text recognition over them.")
    if sum(len(turn.text) for turn in turns) > MOST_CHARACTERS:
        raise _NotRead("too_large", "The document holds more text than any contract; split it.")
    return _Parsed(
        title or next((turn.heading for turn in turns if turn.heading), "") or _first_line(turns[0].text), created_at, tuple(turns)
    )


def _check_sizes(archive: zipfile.ZipFile) -> None:
    """Refuses a bomb by what its directory declares, before anything is expanded; `_xml` then never reads beyond that."""
    entries = archive.infolist()
    expanded = sum(entry.file_size for entry in entries)
    swollen = any(entry.file_size > 1_000_000 and entry.file_size > MOST_RATIO * max(1, entry.compress_size) for entry in entries)
    if len(entries) > MOST_ENTRIES or expanded > MOST_EXPANDED or swollen:
        raise _NotRead(
            "too_large", "The file would expand to far more than a document holds and was not opened; save it as PDF if it is genuine."
        )


def _xml(archive: zipfile.ZipFile, name: str) -> ElementTree.Element:
    """One part. A document type declaration has no place in Word's XML and is how entity bombs come, so it is refused."""
    size = archive.getinfo(name).file_size
    if size > MOST_XML:
        raise _NotRead("too_large", "The document holds more text than any contract; split it.")
    with archive.open(name) as part:
        data = part.read(size + 1)
    if b"<!DOCTYPE" in data or b"<!ENTITY" in data or b"<\x00!\x00" in data:
        raise ValueError("declares a document type")
    return ElementTree.parse(io.BytesIO(data), ElementTree.XMLParser(target=_Shallow())).getroot()


class _Shallow(ElementTree.TreeBuilder):
    """Refuses nesting that no document has and that would exhaust whoever walks the tree."""

    depth = 0

    def start(self, tag: str, attrs: dict[str, str], /) -> ElementTree.Element:
        self.depth += 1
        if self.depth > MOST_DEPTH:
            raise ValueError("is nested too deeply")
        return super().start(tag, attrs)

    def end(self, tag: str, /) -> ElementTree.Element:
        self.depth -= 1
        return super().end(tag)


def _heading_styles(styles: ElementTree.Element) -> frozenset[str]:
    """The ids of heading styles; Word translates the id ("berschrift1") but not the name ("heading 1")."""
    return frozenset(
        style.get(f"{_W}styleId", "")
        for style in styles.iter(f"{_W}style")
        if (name := style.find(f"{_W}name")) is not None and re.match(r"heading \d|title$", name.get(f"{_W}val", "").lower())
    )


def _sections(document: ElementTree.Element, headings: frozenset[str]) -> Iterator[Turn]:
    """A turn for each heading with what stands below it, the heading being its first line."""
    heading, blocks, hidden = "", list[str](), list[str]()
    for element, text in _blocks(document):
        style = element.find(f"{_W}pPr/{_W}pStyle") if element.tag == f"{_W}p" else None
        if style is not None and style.get(f"{_W}val", "") in headings and text:
            if blocks:
                yield Turn("\n".join(blocks), heading=heading)
            heading, blocks = " ".join(text.split()), []
        if text:
            blocks.append(text)
        hidden += [t for run in element.iter(f"{_W}r") if _vanishes(run) and (t := _runs_text(run, hidden=True))]
    if blocks:
        yield Turn("\n".join(blocks), heading=heading)
    if hidden:
        yield Turn(" ".join(hidden), role="hidden")


def _comments(comments: ElementTree.Element) -> list[Turn]:
    found = []
    for comment in comments.iter(f"{_W}comment"):
        text = "\n".join(_blocks_text(comment))
        if text:
            author = comment.get(f"{_W}author", "").strip()
            found.append(Turn(text, Participant(author) if author else None, heading="Comment"))
    return found


def _blocks_text(root: ElementTree.Element) -> list[str]:
    return [text for _, text in _blocks(root) if text]


def _blocks(root: ElementTree.Element) -> Iterator[tuple[ElementTree.Element, str]]:
    """Paragraphs and tables in reading order, through containers such as content controls."""
    for element in root:
        if element.tag == f"{_W}p":
            yield element, _paragraph(element)
        elif element.tag == f"{_W}tbl":
            yield element, "\n".join(row for row in map(_row, element.iter(f"{_W}tr")) if row.strip(" |"))
        elif element.tag not in (f"{_W}sectPr", f"{_W}del", f"{_W}moveFrom", _FALLBACK):
            yield from _blocks(element)


def _paragraph(element: ElementTree.Element) -> str:
    text = _runs_text(element).strip()
    return f"- {text}" if text and element.find(f"{_W}pPr/{_W}numPr") is not None else text


def _row(row: ElementTree.Element) -> str:
    return " | ".join(" ".join(" ".join(_blocks_text(cell)).split()) for cell in row.findall(f"{_W}tc"))


def _runs_text(element: ElementTree.Element, *, hidden: bool = False) -> str:
    """The text as the reader sees it: insertions in, deletions out, hidden runs out (or only those)."""
    pieces: list[str] = []
    todo = [element]
    while todo:
        at = todo.pop()
        if at.tag in (f"{_W}del", f"{_W}moveFrom", _FALLBACK, f"{_W}instrText") or (at.tag == f"{_W}r" and _vanishes(at) and not hidden):
            continue
        if at.tag == f"{_W}t":
            pieces.append(at.text or "")
        elif at.tag == f"{_W}tab":
            pieces.append("\t" if at is not element else "")
        elif at.tag in (f"{_W}br", f"{_W}cr"):
            pieces.append("\n")
        elif at.tag == f"{_W}noBreakHyphen":
            pieces.append("-")
        elif at.tag == f"{_W}pPr":
            continue
        todo.extend(reversed(list(at)))
    return "".join(pieces)


def _vanishes(run: ElementTree.Element) -> bool:
    mark = run.find(f"{_W}rPr/{_W}vanish")
    return mark is not None and mark.get(f"{_W}val", "true") not in ("0", "false")


def _docx_properties(core: ElementTree.Element) -> tuple[str, datetime | None]:
    values = {element.tag.rpartition("}")[2]: (element.text or "").strip() for element in core}
    title = values.get("title", "")
    created_at = moment(values.get("created"))
    return ("" if title.lower() in ("word document", "untitled") else title), None if created_at == _TEMPLATE_MADE else created_at


# Text


def _plain(data: bytes) -> _Parsed:
    text = re.sub(r"\n{3,}", "\n\n", decode(data).replace("\r\n", "\n").replace("\r", "\n")).strip()
    if not text:
        raise _NotRead("no_text", "The file is empty.")
    heading = re.match(r"#{1,6}\s+(.+)", text)
    return _Parsed(heading.group(1).strip() if heading else "", None, (Turn(text),))


def _first_line(text: str) -> str:
    return text.partition("\n")[0].strip()[:120]


_TEXT_ENDINGS = (".txt", ".md", ".markdown")

FORMAT = Format("document", lambda look: "main" if kind_of(look.data) else None, parse, isolated=True)
TEXT = Format(
    "document", lambda look: "main" if look.content and look.name.lower().endswith(_TEXT_ENDINGS) else None, parse, isolated=True
)
