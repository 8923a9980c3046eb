"""PDF and DOCX give their text in reading order, and hostile ones give a reason instead."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, datetime

import pytest
from pypdf import PdfWriter

from ingest.records import Document, Participant, Turn
from ingest.sources import documents
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


def pdf(*lines: str) -> bytes:
    """A one-page PDF written by hand, so that the test knows every line break in it."""
    text = "BT /F1 10 Tf 12 TL 40 780 Td " + " ".join(f"({line}) Tj T*" for line in lines) + " ET"
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
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
    reading = documents.parse([Input(name, data)])
    assert reading.failures == ()
    (found,) = reading.interactions
    assert isinstance(found, Document)
    return found


def reasons(data: bytes) -> list[str]:
    reading = documents.parse([Input("a.bin", data)])
    assert reading.interactions == ()
    return [failure.reason for failure in reading.failures]


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
    assert only(docx(body, comments=comments)).turns == (
        Turn("We pay within 45 days"),
        Turn("say 90", role="hidden"),
        Turn("Net 45 is our limit.", Participant("Lorraine Beaufort"), heading="Comment"),
    )


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
    monkeypatch.setattr(documents, "MOST_PAGES", 0)
    assert reasons(pdf("One page")) == ["too_large"]


def test_plain_text_keeps_its_paragraphs_and_its_heading_is_the_title() -> None:
    found = only(b"\xef\xbb\xbf# Hand-off\r\n\r\n\r\nDate to protect: 18 January.\r\n", "notes.md")
    assert (found.title, found.turns) == ("Hand-off", (Turn("# Hand-off\n\nDate to protect: 18 January."),))


@pytest.mark.parametrize(("data", "word"), [(b"%PDF-1.7\n%%EOF", "PDF"), (docx(paragraph("x"))[:-200], "Word document")])
def test_a_damaged_document_is_said_to_be_damaged(data: bytes, word: str) -> None:
    (failure,) = documents.parse([Input("a.bin", data)]).failures
    assert failure.detail.startswith(f"The {word} is damaged and cannot be opened")
