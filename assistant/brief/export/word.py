"""A brief as a Word document: real headings and tables, and each mark a link to its source at the end."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from docx import Document
from docx.document import Document as WordDocument
from docx.enum.section import WD_SECTION
from docx.enum.text import WD_TAB_ALIGNMENT
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.text.paragraph import Paragraph

from assistant.brief.export.notes import SEARCHES, notes, numbers
from assistant.brief.page import lay_out
from assistant.brief.paper import Group, Row, anything_folded, last_of_first_page
from assistant.brief.render import IN_FULL

_QUIET = RGBColor(0x5B, 0x61, 0x68)
_WARN = RGBColor(0x8A, 0x4B, 0x00)
WIDTH_MM = 178
"""Of the text: A4 with 16 mm on either side."""
FIRST_MM, EVIDENCE_MM = 76, 20
"""Of a table's first and last column."""
HEADINGS = (("Title", 20, 0, 4), ("Heading 1", 13, 9, 2), ("Heading 2", 10.5, 5, 1))
"""Style, size, space before and after, in points: a brief takes as many pages as its PDF."""
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|[\ud800-\udfff]")


def as_docx(body: Mapping[str, Any]) -> bytes:
    """The same bytes for the same brief: its dates are the brief's, not today's."""
    page, number_of = lay_out(body), numbers(body)
    document = _blank(page.title, body)
    document.add_heading(_plain(page.title), 0)
    facts = document.add_table(rows=0, cols=2)
    for label, value in page.facts:
        cells = facts.add_row().cells
        cells[0].paragraphs[0].add_run(label).font.color.rgb = _QUIET
        cells[1].paragraphs[0].add_run(_plain(value))
    _widths(facts, (22, WIDTH_MM - 22))
    for warning in page.warnings:
        document.add_paragraph().add_run(_plain(warning)).font.color.rgb = _WARN
    turned = False
    for section in page.sections:
        document.add_heading(section.title, 1).paragraph_format.page_break_before = turned
        for group in section.groups:
            if group.heading:
                document.add_heading(group.heading, 2)
            (_table if group.columns else _list)(document, group, number_of)
            if group.more:
                document.paragraphs[-1].paragraph_format.keep_with_next = True
                _quiet(document.add_paragraph(), f"… {group.folded}")
        turned = section is last_of_first_page(page)
    if anything_folded(page):
        _quiet(document.add_paragraph(), IN_FULL)
    if page.searches:
        document.add_heading(SEARCHES, 1)
    for row in page.searches:
        paragraph = document.add_paragraph(style="Source")
        paragraph.add_run(f"{_plain(row.words)} ").bold = True
        paragraph.add_run(_plain(row.detail))
    found = list(notes(body, page))
    if found:
        document.add_heading("Sources", 1)
        _in_columns(document)
    for note in found:
        paragraph = document.add_paragraph(style="Source")
        _bookmark(paragraph, f"source_{note.number}", note.number)
        paragraph.add_run(f"[{note.number}]\t{_plain(note.setting)}: “{_plain(note.quote)}”")
        if note.url:
            paragraph.add_run(" ")
            _link(paragraph, "Open", address=_plain(note.url))
    written = io.BytesIO()
    document.save(written)
    return written.getvalue()


def _blank(title: str, body: Mapping[str, Any]) -> WordDocument:
    document = Document()
    core = document.core_properties
    composed = datetime.fromisoformat(body["composed_at"].replace("Z", "+00:00")).replace(tzinfo=None)
    core.title, core.author, core.comments = _plain(title), "Baton", ""
    core.created = core.modified = composed
    side = document.sections[0]
    side.page_width, side.page_height = Mm(210), Mm(297)
    side.left_margin = side.right_margin = Mm((210 - WIDTH_MM) / 2)
    side.top_margin = side.bottom_margin = Mm(15)
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = "Calibri", Pt(10)
    normal.paragraph_format.space_after, normal.paragraph_format.line_spacing = Pt(2), 1.0
    for name, size, before, after in HEADINGS:
        style = document.styles[name]
        style.font.size = Pt(size)
        style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(before), Pt(after)
    source = document.styles.add_style("Source", 1)
    source.base_style = normal
    source.font.size = Pt(7.5)
    source.paragraph_format.left_indent, source.paragraph_format.first_line_indent = Mm(7), Mm(-7)
    source.paragraph_format.space_after = Pt(1)
    source.paragraph_format.tab_stops.add_tab_stop(Mm(7))
    footer = side.footer.paragraphs[0]
    footer.paragraph_format.tab_stops.clear_all()
    footer.style = normal
    footer.paragraph_format.tab_stops.add_tab_stop(Mm(WIDTH_MM), WD_TAB_ALIGNMENT.RIGHT)
    named = f"{_plain(body.get('account_name') or body['account'])}, handoff brief, version {body['version'] or 1}"
    footer.add_run(f"{named}\tPage ").font.size = Pt(8)
    _field(footer, "PAGE")
    footer.add_run(" of ").font.size = Pt(8)
    _field(footer, "NUMPAGES")
    return document


def _in_columns(document: WordDocument) -> None:
    """What follows stands in two columns: sources are looked up, not read."""
    section = document.add_section(WD_SECTION.CONTINUOUS)._sectPr
    columns = section.find(qn("w:cols"))
    if columns is None:
        columns = OxmlElement("w:cols")
        section.append(columns)
    columns.set(qn("w:num"), "2")
    columns.set(qn("w:space"), str(Mm(8).twips))


def _list(document: WordDocument, group: Group, number_of: Mapping[str, int]) -> None:
    for row in group.rows:
        paragraph = document.add_paragraph(style="Normal" if group.prose else "List Bullet")
        paragraph.add_run(_plain(row.words))
        _marks(paragraph, row, number_of)
        if row.detail:
            paragraph.add_run().add_break()
            _quiet(paragraph, row.detail)


def _table(document: WordDocument, group: Group, number_of: Mapping[str, int]) -> None:
    table = document.add_table(rows=1, cols=len(group.columns))
    table.style = "Light List Accent 1" if "Light List Accent 1" in document.styles else "Table Grid"
    for cell, column in zip(table.rows[0].cells, group.columns, strict=True):
        cell.paragraphs[0].add_run(column).bold = True
    _no_heavy_first_column(table)
    _repeats(table.rows[0]._tr)
    for row in group.rows:
        line = table.add_row()
        _whole(line._tr)
        for number, (cell, words) in enumerate(zip(line.cells, row.cells, strict=True)):
            run = cell.paragraphs[0].add_run(_plain(words))
            run.bold = False
            if number == 0:
                _marks(cell.paragraphs[0], row, number_of)
    rest = (WIDTH_MM - FIRST_MM - EVIDENCE_MM) // max(1, len(group.columns) - 2)
    _widths(table, (FIRST_MM, *(rest for _ in group.columns[1:-1]), EVIDENCE_MM))


def _marks(paragraph: Paragraph, row: Row, number_of: Mapping[str, int]) -> None:
    for id in row.citations:
        _link(paragraph, f"[{number_of[id]}]", bookmark=f"source_{number_of[id]}", raised=True)


def _link(paragraph: Paragraph, text: str, *, address: str = "", bookmark: str = "", raised: bool = False) -> None:
    """A hyperlink, which python-docx reads but does not write."""
    link = OxmlElement("w:hyperlink")
    if address:
        link.set(qn("r:id"), paragraph.part.relate_to(address, RELATIONSHIP_TYPE.HYPERLINK, is_external=True))
    else:
        link.set(qn("w:anchor"), bookmark)
    run = paragraph.add_run(text)
    run.font.superscript = raised or None
    run.font.color.rgb = RGBColor(0x0B, 0x5B, 0xD3)
    run.bold = False
    link.append(run._r)
    paragraph._p.append(link)


def _bookmark(paragraph: Paragraph, name: str, number: int) -> None:
    for tag in ("w:bookmarkStart", "w:bookmarkEnd"):
        mark = OxmlElement(tag)
        mark.set(qn("w:id"), str(number))
        if tag == "w:bookmarkStart":
            mark.set(qn("w:name"), name)
        paragraph._p.append(mark)


def _field(paragraph: Paragraph, code: str) -> None:
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), code)
    run = paragraph.add_run("1")
    run.font.size = Pt(8)
    field.append(run._r)
    paragraph._p.append(field)


def _no_heavy_first_column(table: Any) -> None:
    """The style would set it bold; quotes are read, not headings."""
    look = table._tbl.tblPr.find(qn("w:tblLook"))
    if look is None:
        look = OxmlElement("w:tblLook")
        table._tbl.tblPr.append(look)
    for name, value in (("val", "0420"), ("firstRow", "1"), ("lastRow", "0"), ("firstColumn", "0"), ("lastColumn", "0"), ("noHBand", "0")):
        look.set(qn(f"w:{name}"), value)


def _repeats(row: Any) -> None:
    """The heading of a table stands again on the next page."""
    row.get_or_add_trPr().append(OxmlElement("w:tblHeader"))


def _whole(row: Any) -> None:
    row.get_or_add_trPr().append(OxmlElement("w:cantSplit"))


def _widths(table: Any, millimetres: tuple[int, ...]) -> None:
    """Word goes by the cells, others by the columns of the grid."""
    table.autofit = False
    for column, width in zip(table.columns, millimetres, strict=True):
        column.width = Mm(width)
    for row in table.rows:
        for cell, width in zip(row.cells, millimetres, strict=True):
            cell.width = Mm(width)


def _quiet(paragraph: Paragraph, text: str) -> None:
    run = paragraph.add_run(_plain(text))
    run.font.color.rgb, run.font.size = _QUIET, Pt(9)


def _plain(text: str) -> str:
    """What XML cannot hold becomes the sign for a character that could not be shown."""
    return _NOT_XML.sub("�", " ".join(text.split()))
