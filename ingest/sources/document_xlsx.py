"""Reads Excel workbooks: a turn a sheet, a line a row with each value under its column's name; what is hidden stands aside."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any
from xml.etree import ElementTree

from ingest.records import Participant, Turn
from ingest.sources.document_office import ODD, Package
from ingest.sources.document_outcome import NotRead, Parsed, counted

DAMAGED = "The Excel workbook is damaged and cannot be opened, or asks for a password; get it again, or save it as a new XLSX."

MOST_ROWS = 20_000
MOST_COLUMNS = 200
MOST_SHEETS = 200
MOST_CELLS = 300_000
"""Of a workbook, some five seconds' worth; whole rows count."""
_LONGEST_NAME = 60
"""A longer cell is no column's name."""
_S = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_UNCOUNTED = re.compile(rb"(?:</f>|<f\b[^<>]*/>)\s*(?:<v\s*/>|<v></v>)?\s*</c>")
_CURRENCY = re.compile(r"\[\$([^\]-]{1,4})[^\]]*\]|\"?([$€£¥])\"?")
_DECIMALS = re.compile(r"0\.(0+)")

Row = list[str]
"""The cells' texts, empty where there is nothing."""


@dataclass(frozen=True, slots=True)
class _About:
    """What the file says of a sheet beyond its cells' values."""

    last_row: int
    """The last that is read."""
    cells: int
    more_rows: bool
    more_columns: bool
    hidden_rows: frozenset[int]
    hidden_columns: frozenset[int]
    comments: tuple[Turn, ...]
    uncounted: bool
    """It holds formulas without their results: it was written by a program that does not calculate."""


@dataclass(slots=True)
class _Read:
    shown: list[str] = field(default_factory=list)
    hidden: list[str] = field(default_factory=list)


def parse(data: bytes) -> Parsed:
    # openpyxl knows what a cell's number means: a date, a shared text, a formula's result. Read-only, for otherwise it makes a cell
    # for each that a merged range covers, and a small file can declare billions.
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    turns, aside, notices = list[Turn](), list[Turn](), list[tuple[str, str]]()
    try:
        with Package(data) as package:
            package.refuse_entities()
            title, created_at = package.properties()
            about, left = list[_About](), MOST_CELLS
            for part in _sheets(package):
                about.append(_about(package, part, left))
                left -= about[-1].cells
        workbook = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
        try:
            for sheet, known in list(zip(workbook.worksheets, about, strict=True))[:MOST_SHEETS]:
                found = _read(sheet, known)
                notices += _notices(sheet, known, found)
                visible = sheet.sheet_state == "visible"
                if found.shown:
                    (turns if visible else aside).append(_turn(sheet.title, found.shown, hidden=not visible))
                (turns if visible else aside).extend(known.comments)
                if found.hidden:
                    aside.append(_turn(sheet.title, found.hidden, hidden=True))
            if len(about) > MOST_SHEETS:
                left_out = f"The sheets after the first {MOST_SHEETS} of {len(about):,} are left out; split the file if they matter."
                notices.append(("too_much", left_out))
        finally:
            workbook.close()
    except (InvalidFileException, *ODD) as error:
        raise NotRead("not_valid", DAMAGED) from error
    if not turns and not aside:
        raise NotRead("no_text", "The workbook's sheets are empty; if it holds pictures or charts, save it as PDF.")
    return Parsed(title, created_at, tuple(turns), tuple(aside), tuple(notices))


def _sheets(package: Package) -> list[str]:
    """The parts of the sheets that hold cells, in the order of their tabs."""
    book = next(name for name in ("xl/workbook.xml", *sorted(package.names)) if name in package.names and is_workbook(name))
    relations = package.relations(book)
    found = [relations.get(sheet.get(_RELATION, ""), ("", "")) for sheet in package.xml(book).iter(f"{_S}sheet")]
    return [part for kind, part in found if part in package.names and kind != "chartsheet"]


def is_workbook(name: str) -> bool:
    return re.fullmatch(r"xl/workbook\d*\.xml", name) is not None


def _about(package: Package, part: str, most_cells: int) -> _About:
    """How far a sheet is read, and which of its rows and columns are hidden: openpyxl does not tell when it only reads."""
    rows, columns, number, cells, last, widest = set[int](), set[int](), 0, 0, 0, 0
    with package.archive.open(part) as sheet:
        for event, element in ElementTree.iterparse(sheet, ("start", "end")):
            if element.tag == f"{_S}row" and event == "end":
                cells, last, widest = cells + len(element), number, max(widest, len(element))
                element.clear()  # of its cells nothing more is wanted
            elif element.tag == f"{_S}row":
                number = int(element.get("r", number + 1))
                if number > MOST_ROWS or cells >= most_cells:
                    break
                if _is_hidden(element, "ht"):
                    rows.add(number)
            elif element.tag == f"{_S}col" and event == "start" and _is_hidden(element, "width"):
                columns.update(range(int(element.get("min", "1")), min(int(element.get("max", "1")), MOST_COLUMNS) + 1))
    comments = tuple(turn for name in package.related(part, "comments") for turn in _comments(package.xml(name)))
    return _About(
        last_row=last,
        cells=cells,
        more_rows=number > last,
        more_columns=widest > MOST_COLUMNS,
        hidden_rows=frozenset(rows),
        hidden_columns=frozenset(columns),
        comments=comments,
        uncounted=_UNCOUNTED.search(package.beginning(part)) is not None,
    )


def _is_hidden(element: ElementTree.Element, size: str) -> bool:
    return element.get("hidden", "0") not in ("0", "false") or float(element.get(size, "1")) == 0


def _comments(comments: ElementTree.Element) -> Iterator[Turn]:
    authors = [author.text or "" for author in comments.iter(f"{_S}author")]
    for comment in comments.iter(f"{_S}comment"):
        text = "".join(piece.text or "" for piece in comment.iter(f"{_S}t")).strip()
        author = authors[number].strip() if (number := int(comment.get("authorId", "0"))) < len(authors) else ""
        if text:
            said = text.removeprefix(f"{author}:").strip()  # older Excels write the author into the words
            yield Turn(said, Participant(author) if author else None, heading=f"Comment on {comment.get('ref')}")


def _read(sheet: Any, about: _About) -> _Read:
    """The rows that are seen and what is not, each line by itself; a row's hidden columns stand under their names too."""
    found = _Read()
    if not about.last_row:
        return found
    names: Row = []
    gap = True
    for number, cells in enumerate(sheet.iter_rows(max_row=about.last_row, max_col=MOST_COLUMNS), start=1):
        row = [_text(cell.value, cell.number_format) if cell.value is not None else "" for cell in cells]
        if not any(row):
            gap = True
            continue
        if gap or not names:
            names = row if _is_header(row) else names
        gap = False
        hidden = number in about.hidden_rows
        open_, closed = (
            [cell if (at in about.hidden_columns or hidden) is wanted else "" for at, cell in enumerate(row, start=1)]
            for wanted in (False, True)
        )
        for cells_, lines in ((open_, found.shown), (closed, found.hidden)):
            if any(cells_):
                lines.append(" | ".join(filter(None, cells_)) if names is row else _line(cells_, names))
    return found


def _is_header(row: Row) -> bool:
    """Names of columns: three or more, short, all different, no figures. In two columns the first names the second by itself."""
    cells = [cell for cell in row if cell]
    return len(cells) >= 3 and len(set(cells)) == len(cells) and all(len(c) <= _LONGEST_NAME and not c[0].isdigit() for c in cells)


def _line(row: Row, names: Row) -> str:
    cells = [(name, cell) for name, cell in zip(names or [""] * len(row), row, strict=True) if cell]
    if len(cells) == 2 and not names:
        return ": ".join(cell for _, cell in cells)
    return " | ".join(f"{name}: {cell}" if name and len(cells) > 1 else cell for name, cell in cells)


def _text(value: object, shown_as: str) -> str:
    """A value as the sheet shows it, as far as that tells what it is: a date, a share, an amount of money."""
    match value:
        case bool():
            return "yes" if value else "no"
        case int() | float():
            return _number(value, shown_as)
        case datetime():
            return value.date().isoformat() if value.time() == time() else value.isoformat(" ", "minutes")
        case date():
            return value.isoformat()
        case _:
            return " ".join(str(value).split())


def _number(value: float, shown_as: str) -> str:
    decimals = _DECIMALS.search(shown_as)
    if "%" in shown_as:
        return f"{value:.{len(decimals[1]) if decimals else 0}%}"
    currency = _CURRENCY.search(shown_as)
    if "#,##0" in shown_as or currency:
        return f"{(currency[1] or currency[2]) if currency else ''}{value:,.{len(decimals[1]) if decimals else 0}f}"
    return f"{value:.15g}"


def _turn(title: str, lines: Sequence[str], *, hidden: bool) -> Turn:
    return Turn("\n".join(lines), role="hidden" if hidden else "said", heading=title)


def _notices(sheet: Any, about: _About, found: _Read) -> Iterator[tuple[str, str]]:
    name = f"sheet {sheet.title!r}"
    advice = "save what matters of it as a sheet of its own."
    if about.more_rows:
        yield "too_much", f"The rows after {about.last_row:,} of {name} are left out; {advice}"
    if about.more_columns or (sheet.max_column or 0) > MOST_COLUMNS:
        yield "too_much", f"The columns after {MOST_COLUMNS} of {name} are left out; {advice}"
    if sheet.sheet_state != "visible":
        yield "hidden", f"The {name} is hidden: it is kept for insiders and is no evidence; unhide it if it is meant to be read."
    elif found.hidden:
        rows = counted(len(found.hidden), "row")
        yield "hidden", f"Hidden cells of {name} ({rows}) are kept for insiders and are no evidence; unhide what is meant to be read."
    if about.uncounted:
        yield "incomplete", f"The {name} holds formulas without their results; open the file in Excel, save it, and ingest it again."
