"""Reads PDF: a turn a page, wrapped lines joined, a table's rows each on a line; filled-in fields and comments apart."""

from __future__ import annotations

import io
import logging
import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from ingest.records import Participant, Turn
from ingest.sources import organisation
from ingest.sources.document_outcome import MOST_CHARACTERS, NotRead, Parsed, counted, first_line

if TYPE_CHECKING:  # slow to load: only a PDF that has to be read waits for it
    from pypdf import PageObject, PdfReader

DAMAGED = "The PDF is damaged and cannot be opened, or is protected in a way that cannot be read; get it again, or save it as a new PDF."

MOST_PAGES = 2_000
_MOST_WITH_TABLES = 60
"""Finding a page's tables takes ten times as long as reading it; an order form's are on its first pages."""
_MOST_DRAWN = 2_000
_MOST_DRAWN_IN_ALL = 10_000
"""Rules on a page, and on all pages that are looked at; beyond it are drawings, and comparing all their lines takes long."""
_MOST_ON_PAGE = 20_000
"""Characters on a page that may have tables; a full page has five thousand."""
_FULL = 0.86
"""Letters differ in width, so a line that is full may hold fewer than the widest."""
_NUMBERED = re.compile(r"(?:\d{1,2}(?:\.\d{1,2}){0,3}[.)]?|[a-z][.)]|\([a-z0-9]{1,3}\)|[-–•*·▪●])\s+\S", re.I)
_DRAWS = re.compile(rb"(?<=[\s\d.])(?:re|l)\s")
_NO_TITLES = frozenset({"untitled", "(anonymous)", "(unspecified)"})
_REMARKS = frozenset({"/Text", "/FreeText", "/Highlight", "/Underline", "/StrikeOut", "/Caret"})

_ODD = (
    ValueError, TypeError, KeyError, IndexError, AttributeError, AssertionError, ArithmeticError, RecursionError, OSError,
    NotImplementedError, EOFError,
)  # fmt: skip
"""What damaged files make the readers raise beside errors of their own."""

Table = list[list[str]]


def parse(data: bytes) -> Parsed:
    # pypdf gives the words in the order the page was written in, which keeps columns apart, and takes 5 ms a page (pdfplumber 50).
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # it warns about every odd file; the failure says it once
    try:
        reader = PdfReader(io.BytesIO(data), strict=False)
        if reader.is_encrypted and not reader.decrypt(""):
            raise NotRead("password_protected", "The PDF asks for a password; save a copy without one and ingest that.")
        count = len(reader.pages)
        if count > MOST_PAGES:
            raise NotRead("too_large", f"The PDF has {count} pages, more than the {MOST_PAGES} that are read; split it.")
        texts = [page.extract_text() for page in reader.pages]
        tables = _tables(data, _pages_with_rules(reader, texts))
        besides = [turn for n, page in enumerate(reader.pages, start=1) for turn in _filled_in_and_remarked(page, n)]
        pictures = [n for n, page in enumerate(reader.pages, start=1) if not texts[n - 1].strip() and _holds_pictures(page)]
        title, created_at = _properties(reader)
    except (PyPdfError, *_ODD) as error:
        raise NotRead("not_valid", DAMAGED) from error
    if sum(map(len, texts)) > MOST_CHARACTERS:
        raise NotRead("too_large", "The PDF expands to more text than any contract holds; split it.")
    pages = [_laid_out(text, tables.get(n, ())) for n, text in enumerate(texts)]
    turns = (*(Turn(text, page=n) for n, text in enumerate(pages, start=1) if text), *besides)
    if not turns:
        raise NotRead("no_text", "The PDF holds pictures of pages and no text; run text recognition over it and ingest the result.")
    return Parsed(title or first_line(turns[0].text), created_at, turns, notices=_notices(pictures))


def _notices(pictures: Sequence[int]) -> tuple[tuple[str, str], ...]:
    if not pictures:
        return ()
    which = ", ".join(map(str, pictures[:10])) + ("…" if len(pictures) > 10 else "")
    pages = counted(len(pictures), "page")
    detail = f"{pages} of the PDF ({which}) with pictures and no text left out; run text recognition over it if that matters."
    return (("no_text_layer", detail),)


def _properties(reader: PdfReader) -> tuple[str, datetime | None]:
    """Title and creation time; broken properties are no reason to lose the text."""
    from pypdf.errors import PyPdfError

    try:
        properties = reader.metadata
        title = str(properties.title or "").strip() if properties else ""
        made = properties.creation_date if properties else None
    except (PyPdfError, *_ODD):
        return "", None
    at = made if made is None or made.tzinfo else made.replace(tzinfo=organisation.zone())
    return ("" if title.lower() in _NO_TITLES else title), at


def _filled_in_and_remarked(page: PageObject, number: int) -> Iterator[Turn]:
    """What was typed into a form's fields, each under its name, and comments with their author: neither is in the page's text."""
    filled: list[str] = []
    for reference in page.annotations or ():
        note: Any = reference.get_object()
        kind, content = note.get("/Subtype"), str(note.get("/Contents") or "").strip()
        if kind == "/Widget" and isinstance(value := note.get("/V"), str) and value.strip() and not value.startswith("/Off"):
            filled.append(f"{note.get('/TU') or note.get('/T') or 'Field'}: {' '.join(value.removeprefix('/').split())}")
        elif kind in _REMARKS and content:
            author = str(note.get("/T") or "").strip()
            yield Turn(content, Participant(author) if author else None, page=number, heading="Comment")
    if filled:
        yield Turn("\n".join(filled), page=number, heading="Form fields")


def _holds_pictures(page: PageObject) -> bool:
    resources: Any = page.get("/Resources")
    return bool(resources is not None and resources.get_object().get("/XObject"))


# Tables


def _pages_with_rules(reader: PdfReader, texts: Sequence[str]) -> list[int]:
    """pdfplumber sees a table by its rules, and is asked only where a page draws some."""
    found, in_all = list[int](), 0
    for number, page in enumerate(reader.pages):
        content = page.get_contents() if len(texts[number]) < _MOST_ON_PAGE else None
        drawn = len(_DRAWS.findall(content.get_data())) if content is not None else 0
        if 3 < drawn < _MOST_DRAWN and in_all + drawn < _MOST_DRAWN_IN_ALL:
            found.append(number)
            in_all += drawn
    return found[:_MOST_WITH_TABLES]


def _tables(data: bytes, pages: Sequence[int]) -> dict[int, list[Table]]:
    """The tables of these pages. What pdfplumber cannot read stays as pypdf gives it."""
    if not pages:
        return {}
    # pdfplumber: pypdf writes every cell on a line of its own, so that "14 depots" no longer stands beside what there are 14 of.
    import pdfplumber
    from pdfminer.psexceptions import PSException
    from pdfplumber.utils.exceptions import PdfminerException

    logging.getLogger("pdfminer").setLevel(logging.CRITICAL)
    try:
        with pdfplumber.open(io.BytesIO(data), pages=[number + 1 for number in pages]) as pdf:
            return {
                page.page_number - 1: [
                    [[" ".join((cell or "").split()) for cell in row] for row in found] for found in page.extract_tables()
                ]
                for page in pdf.pages
            }
    except (PdfminerException, PSException, *_ODD):
        return {}


def _laid_out(text: str, tables: Sequence[Table]) -> str:
    """The page with each table's rows on a line each where its cells stand, and the paragraphs around as they were meant."""
    pieces: list[str] = []
    for table in tables:
        rows = [" | ".join(row).strip() for row in table if any(row)]
        orders = (table, zip(*table, strict=True))  # as most programs write it, or column by column
        found = [_cells_in(text, [cell for line in order for cell in line]) for order in orders if len(rows) > 1 and len(table[0]) > 1]
        if at := next(filter(None, found), None):
            pieces += [_unwrapped(text[: at[0]]), "\n".join(rows)]
            text = text[at[1] :]
    return "\n".join(filter(None, [*pieces, _unwrapped(text)]))


def _cells_in(text: str, cells: Sequence[str]) -> tuple[int, int] | None:
    """Where a text holds these cells one after the other, whatever white space is between their letters."""
    letters = "".join("".join(cells).split())
    places = [at for at, letter in enumerate(text) if not letter.isspace()]
    start = "".join(text.split()).find(letters)
    return (places[start], places[start + len(letters) - 1] + 1) if letters and start >= 0 else None


# Lines


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
