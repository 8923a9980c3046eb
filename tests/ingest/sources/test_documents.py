"""PDF, DOCX, web pages and text give their words in reading order, and hostile ones give a reason instead."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pypdf import PdfWriter
from pypdf.generic import DictionaryObject, NameObject

from ingest import reading
from ingest.records import Document, Participant, Turn
from ingest.sources import document_pdf, documents
from ingest.sources.inputs import Input
from tests.ingest.sources.harborlight import inputs

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
STYLES = f'<w:styles {W}><w:style w:styleId="berschrift1"><w:name w:val="heading 1"/></w:style></w:styles>'
CORE = (
    '<cp:coreProperties xmlns:cp="http://x" xmlns:dc="http://y" xmlns:dcterms="http://z"><dc:title>Order form</dc:title>'
    "<dcterms:created>2026-09-30T12:00:00Z</dcterms:created></cp:coreProperties>"
)


def paragraph(text: str, style: str = "", inside: str = "") -> str:
    head = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    return f"<w:p>{head}<w:r><w:t>{text}</w:t></w:r>{inside}</w:p>"


def docx(body: str, **parts: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", f"<w:document {W}><w:body>{body}</w:body></w:document>")
        archive.writestr("word/styles.xml", STYLES)
        archive.writestr("docProps/core.xml", CORE)
        for name, content in parts.items():
            archive.writestr(f"word/{name}.xml", content)
    return out.getvalue()


def pdf(*lines: str, content: str = "", annotations: str = "") -> bytes:
    """A one-page PDF written by hand, so that the test knows every line break in it."""
    text = content or "BT /F1 10 Tf 12 TL 40 780 Td " + " ".join(f"({line}) Tj T*" for line in lines) + " ET"
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >>"
        f" /Annots [{annotations}] >>",
        f"<< /Length {len(text)} >>\nstream\n{text}\nendstream",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    out, starts = "%PDF-1.4\n", list[int]()
    for number, content in enumerate(objects, start=1):
        starts.append(len(out))
        out += f"{number} 0 obj\n{content}\nendobj\n"
    table = "".join(f"{start:010} 00000 n \n" for start in starts)
    trailer = f"trailer << /Root 1 0 R /Size {len(objects) + 1} >>\nstartxref\n{len(out)}\n%%EOF"
    return (out + f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}{trailer}").encode()


def only(data: bytes, name: str = "a.bin") -> Document:
    parsed = documents.parse([Input(name, data)])
    assert parsed.failures == ()
    (found,) = parsed.interactions
    assert isinstance(found, Document)
    return found


def reasons(data: bytes) -> list[str]:
    found = documents.parse([Input("a.bin", data)])
    assert found.interactions == ()
    return [failure.reason for failure in found.failures]


def test_a_word_document_is_cut_at_its_headings_with_tables_in_place() -> None:
    table = (
        "<w:tbl><w:tr><w:tc><w:p><w:r><w:t>Item</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>Price</w:t></w:r></w:p></w:tc></w:tr>"
        "<w:tr><w:tc><w:p><w:r><w:t>14 depots</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>186,000</w:t></w:r></w:p></w:tc></w:tr></w:tbl>"
    )
    item = '<w:p><w:pPr><w:numPr/></w:pPr><w:r><w:t xml:space="preserve">SSO </w:t></w:r><w:r><w:t>included</w:t></w:r></w:p>'
    found = only(
        docx(
            paragraph("Intro")
            + paragraph("1. Price", "berschrift1")
            + table
            + item
            + paragraph("2. Term", "berschrift1")
            + paragraph("36 months")
        )
    )
    assert found.turns == (
        Turn("Intro"),
        Turn("1. Price\nItem | Price\n14 depots | 186,000\n- SSO included", heading="1. Price"),
        Turn("2. Term\n36 months", heading="2. Term"),
    )
    assert (found.title, found.occurred_at) == ("Order form", datetime(2026, 9, 30, 12, tzinfo=UTC))


def test_tracked_changes_read_as_accepted_and_hidden_words_are_no_evidence() -> None:
    body = (
        "<w:p><w:r><w:t>We pay within </w:t></w:r><w:del><w:r><w:delText>30</w:delText></w:r></w:del>"
        "<w:ins><w:r><w:t>45 days</w:t></w:r></w:ins>"
        "<w:r><w:rPr><w:vanish/></w:rPr><w:t>say 90</w:t></w:r></w:p>"
    )
    comments = f'<w:comments {W}><w:comment w:author="Lorraine Beaufort">{paragraph("Net 45 is our limit.")}</w:comment></w:comments>'
    seen, aside = documents.parse([Input("a.docx", docx(body, comments=comments))]).interactions
    assert seen.turns == (
        Turn("We pay within 45 days"),
        Turn("Net 45 is our limit.", Participant("Lorraine Beaufort"), heading="Comment"),
    )
    assert (aside.turns, aside.internal) == ((Turn("say 90", role="hidden", heading="Hidden text"),), True)


def test_a_pdf_gives_a_turn_a_page_with_wrapped_lines_joined_and_items_apart() -> None:
    lines = [
        "Order Form Q-1",
        "1. Term. The initial term is 12 months from the subscription start date and it may not be",
        "cancelled during the initial term. Single sign-on is included in the price of each seat and",
        "Okta is supported.",
        "2. Support. Weekdays from nine to five, in English and in Swedish, by telephone and e-mail.",
        "3. Not included.",
        "Hardware",
    ]
    found = only(pdf(*lines))
    assert found.turns == (
        Turn(
            "Order Form Q-1\n"
            "1. Term. The initial term is 12 months from the subscription start date and it may not be cancelled during the initial term. "
            "Single sign-on is included in the price of each seat and Okta is supported.\n"
            "2. Support. Weekdays from nine to five, in English and in Swedish, by telephone and e-mail.\n"
            "3. Not included.\nHardware",
            page=1,
        ),
    )
    assert (found.title, found.occurred_at, found.media_type) == ("Order Form Q-1", None, "application/pdf")


def cells(*rows: tuple[str, ...], by_column: bool = False) -> str:
    """The drawing of a ruled table, each cell's words a text of its own as layout programs write them."""
    right, bottom = 40 + 150 * len(rows[0]), 700 - 30 * len(rows)
    rules = [f"40 {700 - 30 * n} m {right} {700 - 30 * n} l S" for n in range(len(rows) + 1)]
    rules += [f"{40 + 150 * n} 700 m {40 + 150 * n} {bottom} l S" for n in range(len(rows[0]) + 1)]
    placed = [(column, row, cell) for row, line in enumerate(rows) for column, cell in enumerate(line)]
    texts = [
        f"BT /F1 10 Tf 1 0 0 1 {45 + 150 * column} {685 - 30 * row} Tm ({cell}) Tj ET"
        for column, row, cell in (sorted(placed) if by_column else placed)
    ]
    before, after = "BT /F1 10 Tf 1 0 0 1 40 750 Tm (Order form) Tj ET", f"BT /F1 10 Tf 1 0 0 1 40 {bottom - 40} Tm (Signed) Tj ET"
    return "\n".join([*rules, before, *texts, after])


TABLE = (("Item", "Quantity", "Price"), ("Dock Scheduling", "14 depots", "USD 186,000"), ("Vessel feed", "2 ports", "USD 0"))


@pytest.mark.parametrize("by_column", [False, True])
def test_a_row_of_a_pdf_table_is_one_line_however_its_cells_were_written(by_column: bool) -> None:
    found = only(pdf(content=cells(*TABLE, by_column=by_column)))
    rows = "Item | Quantity | Price\nDock Scheduling | 14 depots | USD 186,000\nVessel feed | 2 ports | USD 0"
    assert found.turns == (Turn(f"Order form\n{rows}\nSigned", page=1),)


def test_a_page_with_more_rules_than_a_table_has_is_read_without_looking_for_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(document_pdf, "_MOST_DRAWN", 5)
    assert "Dock Scheduling 14 depots USD 186,000" in only(pdf(content=cells(*TABLE))).turns[0].text


def test_columns_of_prose_stay_apart() -> None:
    left, right = ["The fee is due", "on the first of", "each quarter."], ["Support is given", "on weekdays from", "nine to five."]
    placed = [(x, 700 - 12 * n, line) for x, column in ((40, left), (320, right)) for n, line in enumerate(column)]
    texts = [f"BT /F1 10 Tf 1 0 0 1 {x} {y} Tm ({line}) Tj ET" for x, y, line in placed]
    assert only(pdf(content="\n".join(texts))).turns[0].text == "\n".join(left + right)


def test_what_was_filled_into_a_form_and_what_was_remarked_stand_apart_from_the_page() -> None:
    field = "<< /Type /Annot /Subtype /Widget /FT /Tx /T (Seats) /V (180) /Rect [0 0 9 9] >>"
    remark = "<< /Type /Annot /Subtype /Text /Contents (Net 45, please.) /T (Lorraine Beaufort) /Rect [0 0 9 9] >>"
    assert only(pdf("Order form", annotations=field + remark)).turns == (
        Turn("Order form", page=1),
        Turn("Net 45, please.", Participant("Lorraine Beaufort"), page=1, heading="Comment"),
        Turn("Seats: 180", page=1, heading="Form fields"),
    )


def test_a_scanned_page_among_others_is_told() -> None:
    writer = PdfWriter(io.BytesIO(pdf("Order form")))
    scan = writer.add_blank_page(100, 100)
    picture = DictionaryObject({NameObject("/XObject"): DictionaryObject({NameObject("/Im0"): DictionaryObject()})})
    scan[NameObject("/Resources")] = picture
    out = io.BytesIO()
    writer.write(out)
    (notice,) = documents.parse([Input("a.pdf", out.getvalue())]).notices
    assert (notice.reason, notice.detail[:26]) == ("no_text_layer", "1 page of the PDF (2) with")


def test_a_pdf_from_another_program_is_whole() -> None:
    blob = next(item for item in inputs("salesforce/VersionData") if item.name.endswith(".pdf"))
    text = only(blob.data).turns[-1].text
    assert text.endswith("Signed for Supplier: Jo Lindqvist, VP Sales, September 29, 2026")
    assert "\n1. Subscription and fees\n" in text


def test_a_password_protected_pdf_says_so() -> None:
    writer = PdfWriter()
    writer.add_blank_page(100, 100)
    writer.encrypt("secret", algorithm="RC4-128")
    out = io.BytesIO()
    writer.write(out)
    assert reasons(out.getvalue()) == ["password_protected"]


def test_a_scan_says_that_it_has_no_text() -> None:
    writer = PdfWriter()
    writer.add_blank_page(100, 100)
    out = io.BytesIO()
    writer.write(out)
    assert reasons(out.getvalue()) == ["no_text"]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"%PDF-1.7\n%%EOF", "not_valid"),
        (b"PK\x03\x04 word/document.xml", "not_valid"),
        (docx(""), "no_text"),
        (docx(paragraph("x"))[:-200], "not_valid"),
        (docx(f"{'<w:sdt>' * 300}{paragraph('x')}{'</w:sdt>' * 300}"), "not_valid"),
        (docx(paragraph("x"), comments='<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'), "not_valid"),
        (docx(paragraph("x"), media="0" * 30_000_000), "too_large"),
    ],
    ids=["empty pdf", "no zip", "no words", "cut off", "nested", "entities", "bomb"],
)
def test_a_damaged_or_hostile_document_gives_a_reason(data: bytes, reason: str) -> None:
    assert reasons(data) == [reason]


def test_too_many_pages_are_refused_before_any_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(document_pdf, "MOST_PAGES", 0)
    assert reasons(pdf("One page")) == ["too_large"]


def test_markdown_keeps_its_paragraphs_and_its_heading_is_the_title() -> None:
    found = only(b"\xef\xbb\xbf# Hand-off\r\n\r\n\r\nDate to protect: 18 January.\r\n", "notes.md")
    assert (found.title, found.turns) == ("Hand-off", (Turn("# Hand-off\n\nDate to protect: 18 January.", heading="Hand-off"),))


@pytest.mark.parametrize(("data", "word"), [(b"%PDF-1.7\n%%EOF", "PDF"), (docx(paragraph("x"))[:-200], "Word document")])
def test_a_damaged_document_is_said_to_be_damaged(data: bytes, word: str) -> None:
    (failure,) = documents.parse([Input("a.bin", data)]).failures
    assert failure.detail.startswith(f"The {word} is damaged and cannot be opened")


def test_the_names_that_other_programs_give_word_parts_are_followed() -> None:
    """SharePoint calls the text `document2.xml`; headers and footers are found by their relation, each wording once."""
    relation = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    targets = {"header": ["h1.xml", "h2.xml"], "footer": ["gone.xml"], "styles": ["st.xml"]}
    relations = "".join(f'<Relationship Id="{t}" Type="{relation}/{kind}" Target="{t}"/>' for kind, all_ in targets.items() for t in all_)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("word/document2.xml", f"<w:document {W}><w:body>{paragraph('Term', 'berschrift1')}</w:body></w:document>")
        archive.writestr(
            "word/_rels/document2.xml.rels",
            f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{relations}</Relationships>',
        )
        archive.writestr("word/st.xml", STYLES)
        for name in targets["header"]:
            archive.writestr(f"word/{name}", f"<w:hdr {W}>{paragraph('Draft')}</w:hdr>")
    assert only(out.getvalue()).turns == (Turn("Term", heading="Term"), Turn("Draft", role="boilerplate", heading="Header"))


def test_a_deleted_row_is_gone_and_a_text_box_is_not() -> None:
    row = f"<w:tr>{{}}<w:tc>{paragraph('{}')}</w:tc><w:tc>{paragraph('seats')}</w:tc></w:tr>"
    deleted, kept = row.format("<w:trPr><w:del/></w:trPr>", "150"), row.format("", "180")
    table = f"<w:tbl>{deleted}<w:sdt><w:sdtContent>{kept}</w:sdtContent></w:sdt></w:tbl>"
    box = f"<w:r><w:pict><w:txbxContent>{paragraph('In the margin')}</w:txbxContent></w:pict></w:r>"
    assert only(docx(table + paragraph("Signed", inside=box))).turns[0].text == "180 | seats\nSigned\nIn the margin"


def test_a_web_page_is_cut_at_its_headings_and_its_hidden_words_are_kept_from_outsiders() -> None:
    html = (
        "<!doctype html><html><head><title>Scope &amp; dates</title></head><body><p>Intro</p><h1>Scope</h1><p>Two workspaces</p>"
        "<h2>Dates</h2><table><tr><td>Go-live<td>2 November</table><p style='display:none'>floor 790</p></body></html>"
    )
    seen, aside = documents.parse([Input("scope.html", html.encode())]).interactions
    assert (seen.title, seen.turns) == (
        "Scope & dates",
        (Turn("Intro"), Turn("Scope\nTwo workspaces", heading="Scope"), Turn("Dates\nGo-live | 2 November", heading="Dates")),
    )
    assert (aside.turns, aside.internal) == ((Turn("floor 790", role="hidden", heading="Hidden text"),), True)


def test_a_hash_in_markdown_code_is_no_heading() -> None:
    found = only(b"# Setup\n```\n# not a heading\n```\n## SSO\nOkta", "a.md")
    assert [(turn.heading, turn.text) for turn in found.turns] == [
        ("Setup", "# Setup\n```\n# not a heading\n```"),
        ("SSO", "## SSO\nOkta"),
    ]


@pytest.mark.parametrize(
    ("name", "data", "reason", "word"),
    [
        ("a.docx", b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le"), "password_protected", "password"),
        ("a.xlsx", b"just words", "not_valid", "Excel workbook is damaged"),
        ("a.doc", b"\xd0\xcf\x11\xe0 old", "unknown_format", "old Office file"),
        ("a.ods", b"PK\x03\x04mimetype", "unknown_format", "ODS"),
    ],
)
def test_what_cannot_be_read_says_what_helps(tmp_path: Path, name: str, data: bytes, reason: str, word: str) -> None:
    (tmp_path / name).write_bytes(data)
    (failure,) = reading.survey([tmp_path]).failures
    assert failure.reason == reason
    assert word in failure.detail


def test_a_document_is_told_by_its_content_whatever_its_name(tmp_path: Path) -> None:
    (tmp_path / "signed.jpg").write_bytes(pdf("Order form"))
    (tmp_path / "notes.html").write_bytes(b"Only words: 5 < 6")
    assert [(f.name, g.format) for g in reading.survey([tmp_path]).groups for f in g.files] == [
        ("notes.html", "document"),
        ("signed.jpg", "document"),
    ]
