"""The files a brief is exported to, opened again by the programs that read such files."""

from __future__ import annotations

import io
import json
import re
from collections import Counter
from html.parser import HTMLParser
from typing import Any

import pytest
from docx import Document
from docx.oxml.ns import qn
from pypdf import PdfReader

from assistant.brief.body import brief_json
from assistant.brief.export import FORMATS, export
from assistant.brief.export.markdown import escaped
from assistant.brief.export.sheet import defused
from assistant.brief.page import lay_out
from assistant.brief.paper import Row
from tests.assistant.brief.test_brief import HISTORY, PAPER, brief_of
from tests.assistant.facts.history import ANA, MIA, call, mail

HOSTILE = (
    "<script>alert(1)</script> ](javascript:alert(1)) [^1]: #eval(read(\"/etc/passwd\")) *x* | =cmd()|'/c calc'!A1 \x07 漢字 Łódź",
    "</style><img src=x onerror=alert(1)> $ \\ ` _ ~ {{7*7}} w:t",
)


def body_of(*more: Any) -> dict[str, Any]:
    return brief_json(brief_of(*HISTORY, PAPER, *more))


@pytest.fixture(scope="module")
def body() -> dict[str, Any]:
    return body_of()


def shown(body: dict[str, Any]) -> tuple[list[str], Counter[int]]:
    """The words of every row of the page, and how often each source is cited."""
    rows: list[Row] = [row for section in lay_out(body).sections for group in section.groups for row in group.rows]
    number = {citation["id"]: citation["number"] for citation in body["citations"]}
    return [squeezed(row.words) for row in rows], Counter(number[id] for row in rows for id in row.citations)


def squeezed(text: str) -> str:
    """Without white space and hyphens, which a page breaks as it likes."""
    return re.sub(r"[\s\-‐\u00ad]", "", text)


def test_every_format_shows_the_same_claims_with_the_same_citations(body: dict[str, Any]) -> None:
    words, cited = shown(body)
    assert len(words) > 8
    assert sum(cited.values()) > 8
    for text, marks in (markdown(body), page(body), word(body), printed(body)):
        assert [row for row in words if row not in squeezed(text)] == []
        assert marks == cited


def test_every_source_stands_at_the_end_with_its_exact_words(body: dict[str, Any]) -> None:
    _, cited = shown(body)
    quotes = {c["number"]: squeezed(c["quote"]["exact"]) for c in body["citations"] if c["number"] in cited}
    for text, _ in (markdown(body), page(body), word(body), printed(body)):
        assert [number for number, quote in quotes.items() if quote not in squeezed(text)] == []


def markdown(body: dict[str, Any]) -> tuple[str, Counter[int]]:
    text = export(body, "md").data.decode()
    text, notes = re.split(r"\n(?=\[\^\d+\]: )", text, maxsplit=1)
    marks = Counter(int(n) for n in re.findall(r"\[\^(\d+)\]", text))
    assert {int(n) for n in re.findall(r"^\[\^(\d+)\]: ", notes, re.MULTILINE)} == set(marks)
    return re.sub(r"\[\^\d+\]|\\", "", text) + notes.replace("\\", ""), marks


class Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.text, self.marks, self.ids, self.tags = "", Counter[int](), set[str](), Counter[str]()
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.tags[tag] += 1
        self.ids.add(given.get("id") or "")
        href = given.get("href") or ""
        if href.startswith("#source-"):
            self.marks[int(href.removeprefix("#source-"))] += 1
        elif href and not href.startswith("#"):
            self.links.append(href)

    def handle_data(self, data: str) -> None:
        self.text += data


def page(body: dict[str, Any]) -> tuple[str, Counter[int]]:
    reader = Reader()
    reader.feed(export(body, "html").data.decode())
    assert {f"source-{number}" for number in reader.marks} <= reader.ids
    return reader.text, reader.marks


def word(body: dict[str, Any]) -> tuple[str, Counter[int]]:
    document = Document(io.BytesIO(export(body, "docx").data))
    anchors = document.element.xpath("//w:hyperlink/@w:anchor")
    assert {str(name) for name in document.element.xpath("//w:bookmarkStart/@w:name")} >= set(map(str, anchors))
    assert any(paragraph.style and paragraph.style.name == "Heading 1" for paragraph in document.paragraphs)
    assert len(document.tables) > 1
    text = "".join(map(str, document.element.xpath("//w:t[not(ancestor::w:hyperlink)]/text()")))
    return text, Counter(int(str(anchor).removeprefix("source_")) for anchor in anchors)


def printed(body: dict[str, Any]) -> tuple[str, Counter[int]]:
    reader = PdfReader(io.BytesIO(export(body, "pdf").data))
    assert len(reader.pages) <= 4
    text = "".join(page.extract_text() for page in reader.pages)
    assert f"Page 1 of {len(reader.pages)}" in text
    before, _, notes = text.rpartition("Sources")
    return re.sub(r"\[\d+\]", "", before) + notes, Counter(int(n) for n in re.findall(r"\[(\d+)\]", before))


def test_a_pdf_is_a4_and_names_what_it_is(body: dict[str, Any]) -> None:
    reader = PdfReader(io.BytesIO(export(body, "pdf").data))
    assert [round(float(side)) for side in reader.pages[0].mediabox[2:]] == [595, 842]
    assert reader.metadata is not None
    assert reader.metadata.title == "Handoff brief: Buyer Ltd"


def test_a_word_document_spends_no_line_on_nothing_and_sets_its_sources_in_two_columns(body: dict[str, Any]) -> None:
    """Empty paragraphs and wide spacing made two pages more of it than the PDF has."""
    document = Document(io.BytesIO(export(body, "docx").data))
    assert all(paragraph.text.strip() for paragraph in document.paragraphs if not paragraph._p.findall(".//" + qn("w:sectPr")))
    columns = [section._sectPr.find(qn("w:cols")) for section in document.sections]
    assert [None if found is None else found.get(qn("w:num")) for found in columns][-1] == "2"
    turned = [one.text for one in document.paragraphs if one.paragraph_format.page_break_before]
    assert turned == ["What we promised"]


@pytest.mark.parametrize("form", [form for form in FORMATS if form != "pdf"])
def test_the_same_brief_gives_the_same_bytes(body: dict[str, Any], form: Any) -> None:
    # A ZIP member carries the time it was written at, which python-docx takes from the clock: its parts are compared.
    one, other = (export(body, form).data for _ in range(2))
    assert _parts(one) == _parts(other)


def _parts(data: bytes) -> dict[str, bytes] | bytes:
    import zipfile

    if not data.startswith(b"PK"):
        return data
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        return {name: packed.read(name) for name in packed.namelist()}


def test_hostile_words_stay_words_in_every_format() -> None:
    said = [f"We will deliver {text} to you by Friday." for text in HOSTILE]
    hostile = body_of(call((MIA, "And then?"), (ANA, said[0])), mail(ANA, MIA, said[1], title=HOSTILE[0]))
    reader = Reader()
    reader.feed(export(hostile, "html").data.decode())
    assert not {"script", "img"} & set(reader.tags)
    assert reader.tags["style"] == 1
    assert "<script>alert(1)</script>" in reader.text
    assert not [link for link in reader.links if not link.startswith("http")]
    text = export(hostile, "md").data.decode()
    assert "<script>" not in text.replace("\\<script\\>", "")
    assert "](javascript" not in text.replace("\\](javascript", "")
    assert "root:" not in printed(hostile)[0]
    assert "alert(1)" in word(hostile)[0]


def test_a_link_that_is_no_web_address_is_not_made(body: dict[str, Any]) -> None:
    citations = [{**c, "source": {**c["source"], "url": "javascript:alert(1)"}} for c in body["citations"]]
    changed = {**body, "citations": citations}
    assert b"javascript" not in export(changed, "html").data
    assert "javascript" not in export(changed, "md").data.decode()
    assert not [r for r in Document(io.BytesIO(export(changed, "docx").data)).part.rels.values() if "javascript" in str(r.target_ref)]


def test_a_spreadsheet_takes_no_cell_for_a_formula(body: dict[str, Any]) -> None:
    assert [defused(cell) for cell in ("=1+1", "+46 8", "-2", "@x", "\t=1", "plain", None, 7)] == [
        "'=1+1", "'+46 8", "'-2", "'@x", "'=1", "plain", "", "7",
    ]  # fmt: skip
    rows = export(body, "csv").data.decode("utf-8-sig").splitlines()
    assert len(rows) == 1 + len(body["promises"])
    assert rows[0].startswith("id,promise,kind,strength")


def test_json_is_the_kept_body(body: dict[str, Any]) -> None:
    assert json.loads(export(body, "json").data) == body


def test_somebodys_words_are_never_mark_up() -> None:
    assert escaped("a *b* [c](d) <e> `f`") == "a \\*b\\* \\[c\\](d) \\<e\\> \\`f\\`"
    assert escaped("1. one") == "\\1. one"
    assert escaped("- two") == "\\- two"
    assert "In \\*writing\\* \\[1\\]" in export(brief_json(brief_of(*HISTORY)), "md").data.decode()


def test_what_was_searched_for_each_open_question_stands_in_every_format(body: dict[str, Any]) -> None:
    searches = lay_out(body).searches
    shown_gaps = [
        row for section in lay_out(body).sections if section.title == "Still open" for group in section.groups for row in group.rows
    ]
    assert len(searches) == len(shown_gaps) > 2
    assert all("Searched: " in row.detail for row in searches)
    assert any("Looked for: " in row.detail for row in searches)
    for text, _ in (markdown(body), page(body), word(body), printed(body)):
        assert [row.detail for row in searches if squeezed(row.detail) not in squeezed(text)] == []


def test_promises_goals_and_terms_say_on_which_evidence_they_stand_in_every_format(body: dict[str, Any]) -> None:
    assert all(row["tiers"] for part in ("promises", "goals", "commercials") for row in body[part])
    told = page(body)[0], markdown(body)[0], word(body)[0], printed(body)[0]
    columns = {group.columns for section in lay_out(body).sections for group in section.groups if group.columns}
    assert columns == {("Promise", "Who, to whom, when", "Standing", "Evidence")}
    assert all("Evidence" in text and "(customer)" in squeezed(text) and "(contract)" in squeezed(text) for text in told)
