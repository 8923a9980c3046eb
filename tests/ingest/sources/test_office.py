"""Workbooks and slides: rows under their columns' names, slides as pages, and what they hide kept from evidence and from outsiders."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from openpyxl import Workbook
from openpyxl.comments import Comment
from pptx import Presentation
from pptx.util import Inches

from ingest.passages import split
from ingest.records import Participant, Reading, Turn
from ingest.sources import document_office, document_xlsx, documents, mail
from ingest.sources.inputs import Input
from tests.ingest.sources.harborlight import inputs

SHEET = "xl/worksheets/sheet1.xml"


def xlsx(**sheets: list[tuple[object, ...]]) -> Workbook:
    book = Workbook()
    del book["Sheet"]
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    return book


def saved(file: Any) -> bytes:
    out = io.BytesIO()
    file.save(out)
    return out.getvalue()


def rewritten(data: bytes, change: Callable[[str, bytes], bytes], **more: bytes) -> bytes:
    """The same package with its parts changed."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, change(name, old.read(name)))
        for name, content in more.items():
            new.writestr(name, content)
    return out.getvalue()


def read(data: bytes) -> Reading:
    return documents.parse([Input("a.bin", data)])


ANSWERS = [
    ("Security questionnaire", None, None),
    ("No.", "Question", "Answer"),
    (1, "Is SSO included?", "Yes, with Okta."),
    (2, "Sub-processors?", None),
    (None, None, None),
    ("Legal has to confirm 2", None, None),
]


def test_a_row_names_its_columns_and_is_one_line() -> None:
    (found,) = read(saved(xlsx(Security=ANSWERS))).interactions
    assert found.turns == (
        Turn(
            "Security questionnaire\nNo. | Question | Answer\nNo.: 1 | Question: Is SSO included? | Answer: Yes, with Okta.\n"
            "No.: 2 | Question: Sub-processors?\nLegal has to confirm 2",
            heading="Security",
        ),
    )


def test_a_second_table_below_has_names_of_its_own() -> None:
    rows = [("Item", "Seats", "Owner"), ("Dispatch", 180, "Mei-Lin"), (), ("Depot", "Live on", "Lead"), ("Reno", date(2026, 10, 26), "Tom")]
    (found,) = read(saved(xlsx(Plan=rows))).interactions
    assert found.turns[0].text.split("\n")[-1] == "Depot: Reno | Live on: 2026-10-26 | Lead: Tom"


def test_two_columns_name_each_other() -> None:
    (found,) = read(saved(xlsx(Terms=[("Seats", 180), ("Payment", "Net 45"), ("Auto-renewal", False)]))).interactions
    assert found.turns[0].text == "Seats: 180\nPayment: Net 45\nAuto-renewal: no"


@pytest.mark.parametrize(
    ("value", "form", "text"),
    [
        (0.155, "0.0%", "15.5%"),
        (148500, "#,##0", "148,500"),
        (148500, '"$"#,##0.00', "$148,500.00"),
        (825, "[$€-407]#,##0", "€825"),
        (790.0, "General", "790"),
        (0.1 + 0.2, "General", "0.3"),
    ],
)
def test_a_number_reads_as_the_sheet_shows_it(value: float, form: str, text: str) -> None:
    book = xlsx(Price=[("Seat", value)])
    book["Price"]["B1"].number_format = form
    (found,) = read(saved(book)).interactions
    assert found.turns[0].text == f"Seat: {text}"


def made_narrow(data: bytes) -> bytes:
    """Rows without height and columns without width instead of hidden ones."""

    def narrow(_: str, content: bytes) -> bytes:
        return content.replace(b'hidden="1" width="13"', b'width="0"').replace(b'r="3" hidden="1"', b'r="3" ht="0"')

    return rewritten(data, narrow)


@pytest.mark.parametrize("narrow", [False, True])
def test_hidden_sheets_rows_and_columns_are_no_evidence_and_out_of_reach_for_outsiders(narrow: bool) -> None:
    price = [("Item", "List", "Floor", "Margin"), ("Seat", 990, 790, 0.5), ("Old seat", 700, 690, 0.4), ("Setup", 100, 90, 0.3)]
    book = xlsx(Price=price, Internal=[("Walk away at", 790)])
    book["Price"].column_dimensions["C"].hidden = True
    book["Price"].column_dimensions["D"].hidden = True
    book["Price"].row_dimensions[3].hidden = True
    book["Internal"].sheet_state = "veryHidden"
    found = read(made_narrow(saved(book)) if narrow else saved(book))
    seen, aside = found.interactions
    assert (seen.turns, seen.internal) == ((Turn("Item | List\nItem: Seat | List: 990\nItem: Setup | List: 100", heading="Price"),), False)
    assert aside.internal
    assert {turn.role for turn in aside.turns} == {"hidden"}
    assert split(aside) == ()
    assert [turn.text.split("\n")[-2:] for turn in aside.turns] == [
        ["Item: Old seat | List: 700 | Floor: 690 | Margin: 0.4", "Floor: 90 | Margin: 0.3"],
        ["Walk away at: 790"],
    ]
    assert [notice.reason for notice in found.notices] == ["hidden", "hidden"]


def test_the_floor_price_in_the_attached_questionnaire_is_kept_and_never_searchable() -> None:
    carried = [i for i in mail.parse(inputs("emails/e02.eml")).interactions if i.source == "file"]
    seen, aside = carried
    assert "Question: Is SSO (SAML) with Okta supported, and at which cost? | Answer: Yes." in seen.turns[0].text
    assert "790" not in "".join(turn.text for turn in seen.turns)
    assert (aside.internal, aside.turns) == (True, (Turn("Floor price per seat: 790", role="hidden", heading="Internal pricing"),))
    assert split(aside) == ()


def test_a_comment_on_a_cell_has_its_author() -> None:
    book = xlsx(Price=[("Seat", 825)])
    book["Price"]["B1"].comment = Comment("We can only pay 800.", "Renée Aubert")
    (found,) = read(saved(book)).interactions
    assert found.turns[1] == Turn("We can only pay 800.", Participant("Renée Aubert"), heading="Comment on B1")


def test_a_formula_without_its_result_is_told() -> None:
    found = read(saved(xlsx(Total=[("Seats", 180), ("Total", "=B1*825")])))
    assert [notice.reason for notice in found.notices] == ["incomplete"]


def test_rows_beyond_what_anybody_reads_are_left_out_and_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(document_xlsx, "MOST_ROWS", 3)
    found = read(saved(xlsx(Export=[(f"row {n}",) for n in range(9)])))
    assert found.interactions[0].turns[0].text == "row 0\nrow 1\nrow 2"
    assert found.notices[0].detail.startswith("The rows after 3 of sheet 'Export' are left out")


def test_the_cells_of_a_whole_workbook_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    """One sheet's last row is finished; the next sheet is left out whole, and its hidden rows with it."""
    monkeypatch.setattr(document_xlsx, "MOST_CELLS", 3)
    found = read(saved(xlsx(One=[("Seats", 180), ("Price", 825), ("Floor", 790)], Two=[("Term", 24)])))
    assert [turn.text for turn in found.interactions[0].turns] == ["Seats: 180\nPrice: 825"]
    assert [notice.detail[:31] for notice in found.notices] == ["The rows after 2 of sheet 'One'", "The rows after 0 of sheet 'Two'"]


def test_a_million_declared_cells_cost_nothing() -> None:
    """One cell in the last corner, a merge over everything, and a dimension that lies."""

    def swell(name: str, content: bytes) -> bytes:
        cell = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData><mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>'
        return content.replace(b"</sheetData>", cell).replace(b'ref="A1:B1"', b'ref="A1:XFD1048576"') if name == SHEET else content

    found = read(rewritten(saved(xlsx(Terms=[("Seats", 180)])), swell))
    assert found.interactions[0].turns[0].text == "Seats: 180"
    assert [notice.reason for notice in found.notices] == ["too_much", "too_much"]


def deck() -> Any:
    slides = Presentation()
    first = slides.slides.add_slide(slides.slide_layouts[1])
    first.shapes.title.text = "Rollout"
    first.placeholders[1].text = "Pilot on October 26\vAll depots on November 9"
    table = first.shapes.add_table(2, 2, Inches(1), Inches(4), Inches(4), Inches(1)).table
    for at, text in enumerate(("Depot", "Lead", "Reno", "Tom")):
        table.cell(at // 2, at % 2).text = text
    group = first.shapes.add_group_shape()
    group.shapes.add_textbox(Inches(1), Inches(1), Inches(1), Inches(1)).text_frame.text = "In a group"
    first.notes_slide.notes_text_frame.text = "Do not mention the floor."
    second = slides.slides.add_slide(slides.slide_layouts[5])
    second.shapes.title.text = "Discounts"
    second.element.set("show", "0")
    return slides


def test_slides_are_pages_and_notes_and_hidden_slides_are_for_insiders() -> None:
    seen, aside = read(saved(deck())).interactions
    assert seen.turns == (
        Turn("Rollout\nPilot on October 26\nAll depots on November 9\nDepot | Lead\nReno | Tom\nIn a group", page=1, heading="Rollout"),
    )
    assert aside.internal
    assert aside.turns == (
        Turn("Do not mention the floor.", page=1, heading="Notes: Rollout"),
        Turn("Discounts", role="hidden", page=2, heading="Discounts"),
    )


def test_macros_are_not_looked_at() -> None:
    data = rewritten(saved(deck()), lambda _, content: content, **{"ppt/vbaProject.bin": b"Sub AutoOpen()"})
    assert "AutoOpen" not in str(read(data))


def test_slides_that_point_at_each_other_in_a_circle_are_read_once() -> None:
    back = b'<Relationship Id="rId99" Type="http://x/slide" Target="slide1.xml"/></Relationships>'
    data = rewritten(
        saved(deck()), lambda name, content: content.replace(b"</Relationships>", back) if name.startswith("ppt/slides/_rels/") else content
    )
    assert len(read(data).interactions[0].turns) == 1


@pytest.mark.parametrize("make", [deck, lambda: xlsx(Terms=[("Seats", 180)])], ids=["pptx", "xlsx"])
@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda data: data[:-200], "not_valid"),
        (lambda data: rewritten(data, lambda name, content: b"<" if name.endswith(".xml") else content), "not_valid"),
        (lambda data: rewritten(data, lambda name, c: b"<" if name.endswith(("styles.xml", "slide1.xml")) else c), "not_valid"),
        (lambda data: rewritten(data, lambda _, content: content, **{"media/a.bin": b"0" * 30_000_000}), "too_large"),
        (lambda data: rewritten(data, lambda _, c: c, **{f"x/{n}": b"" for n in range(document_office.MOST_ENTRIES)}), "too_large"),
        (
            lambda data: rewritten(
                data, lambda name, c: b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>' if "1.xml" in name else c
            ),
            "not_valid",
        ),
    ],
    ids=["cut off", "no XML", "one part torn", "bomb", "many entries", "entities"],
)
def test_damaged_and_hostile_files_give_a_reason(make: Callable[[], Any], change: Callable[[bytes], bytes], reason: str) -> None:
    found = read(change(saved(make())))
    assert (found.interactions, [failure.reason for failure in found.failures]) == ((), [reason])


def test_a_zip_inside_a_document_is_not_opened() -> None:
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("bomb", b"0" * 50_000_000)
    data = rewritten(saved(deck()), lambda _, content: content, **{"ppt/embeddings/a.zip": inner.getvalue()})
    assert read(data).failures == ()


@pytest.mark.parametrize("make", [Presentation, lambda: xlsx(Empty=[])], ids=["pptx", "xlsx"])
def test_a_file_without_words_says_so(make: Callable[[], Any]) -> None:
    assert [failure.reason for failure in read(saved(make())).failures] == ["no_text"]
