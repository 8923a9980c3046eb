"""RTF and ODT: read with the extra `documents`, named with what helps without it, and never half read where they hide something."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from ingest.records import Failure
from ingest.sources import document_converted, documents
from ingest.sources.inputs import Input
from tests.conftest import Desk
from tests.exports import DANA, at, mail

RTF = (
    rb"{\rtf1\ansi\ansicpg1252\deff0{\fonttbl{\f0\fswiss Calibri;}}\viewkind4\uc1\pard\f0\fs22 "
    rb"Halden goes live on 18 January 2027, caf\'e9 not included.\par "
    rb"{\v nobody sees this\v0}\par Signed in Malm\'f6.{\footnote Only if the SAP system is there.}\par}"
)
_NAMES = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0"'
)
_BODY = (
    '<text:h text:outline-level="1">Statement of Work</text:h><text:p>Halden goes live on 18 January 2027.</text:p>'
    "<table:table><table:table-row><table:table-cell><text:p>Seats</text:p></table:table-cell><table:table-cell><text:p>825</text:p>"
    "</table:table-cell></table:table-row></table:table>"
)
needs_extra = pytest.mark.skipif(not document_converted.installed(), reason="the extra `documents` is not installed; `make documents` does")


def odt(body: str = _BODY, styles: str = "") -> bytes:
    made = io.BytesIO()
    automatic = f"<office:automatic-styles>{styles}</office:automatic-styles>"
    content = f"{automatic}<office:body><office:text>{body}</office:text></office:body>"
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.text", zipfile.ZIP_STORED)
        for name, root, inside in (
            ("content.xml", "document-content", content),
            ("styles.xml", "document-styles", "<office:styles/><office:automatic-styles/><office:master-styles/>"),
        ):
            archive.writestr(name, f'<?xml version="1.0"?><office:{root} {_NAMES} office:version="1.2">{inside}</office:{root}>')
    return made.getvalue()


def failure(name: str, data: bytes) -> Failure:
    [found] = documents.parse([Input(name, data)]).failures
    return found


@pytest.mark.parametrize(("name", "data"), [("terms.rtf", RTF), ("terms.odt", odt()), ("terms.doc", RTF)])
def test_without_the_extra_it_is_named_with_the_extra_that_reads_it(name: str, data: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(document_converted, "installed", lambda: False)
    found = failure(name, data)
    assert (found.reason, "baton-handoff[documents]" in found.detail) == ("not_installed", True)


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("a.rtf", RTF.replace(b"Signed", rb"{\deleted\revauthdel1 Struck} Signed"), "tracked_changes"),
        ("a.odt", odt(styles='<style:style style:name="H"><style:text-properties text:display="none"/></style:style>'), "hidden_words"),
        ("a.odt", odt(_BODY + '<text:p><text:hidden-text text:string-value="x"/></text:p>'), "hidden_words"),
        ("a.odt", odt()[:-60] + odt()[-40:], "not_valid"),
    ],
)
def test_what_hides_words_or_keeps_deleted_ones_is_not_read_half(name: str, data: bytes, reason: str) -> None:
    kind = documents.kind_of(data)
    if kind is None:  # too damaged to be told; then it is no document at all
        assert reason == "not_valid"
        return
    assert failure(name, data).reason == reason


def test_a_file_that_could_not_be_read_for_want_of_the_extra_is_read_once_it_is_there(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.write({"terms.rtf": RTF, "m.eml": mail("Marta <marta@halden.example>", DANA, "Hi,\n\nthe terms follow.", id="m@x", on=at(9, 2))})
    if document_converted.installed():
        tally = desk.ingest(account="Halden", our_domains=("cartage.example",))
        assert tally.failed == []
        return
    for _ in range(2):
        tally = desk.ingest(account="Halden", our_domains=("cartage.example",))
        assert [(each.file, each.reason) for each in tally.failed] == [("terms.rtf", "not_installed")]
    read: list[str] = []

    def asked(name: str) -> bool:
        read.append(name)
        return True

    monkeypatch.setattr("ingest.run.is_readable_now", lambda failure, speech: asked(failure["file"]))
    desk.ingest()
    assert read == ["terms.rtf"]


@needs_extra
def test_an_rtf_document_is_read_with_its_notes_and_without_what_it_hides() -> None:
    [document] = documents.parse([Input("terms.rtf", RTF)]).interactions
    text = "\n".join(turn.text for turn in document.turns)
    assert "Halden goes live on 18 January 2027, café not included." in text
    assert "Signed in Malmö. [1]" in text
    assert "[1] Only if the SAP system is there." in text
    assert "nobody sees" not in text
    assert "↩" not in text


@needs_extra
def test_an_odt_document_is_read_by_its_sections_and_tables_and_says_that_comments_are_not() -> None:
    annotated = odt(_BODY + "<text:p>Signed.<office:annotation><text:p>Ask legal!</text:p></office:annotation></text:p>")
    reading = documents.parse([Input("sow.odt", annotated)])
    [document] = reading.interactions
    assert (document.title, document.turns[0].heading) == ("Statement of Work", "Statement of Work")
    assert "Seats | 825" in document.turns[0].text
    assert "Ask legal" not in document.turns[0].text
    assert [notice.reason for notice in reading.notices] == ["incomplete"]


@needs_extra
@pytest.mark.parametrize("data", [b"{\\rtf1 broken", b"{\\rtf1 \\'zz {{{{"])
def test_damaged_bytes_give_words_or_a_reason_and_never_an_error(data: bytes) -> None:
    reading = documents.parse([Input("a.rtf", data)])
    assert reading.interactions or [each.reason for each in reading.failures] in (["not_valid"], ["no_text"])


@needs_extra
def test_nothing_that_an_rtf_names_is_fetched_or_opened(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("the floor price is 790")
    data = b'{\\rtf1 {\\field{\\*\\fldinst INCLUDETEXT "' + str(secret).encode() + b'"}{\\fldrslt x}} Words.\\par}'
    reading = documents.parse([Input("a.rtf", data)])
    assert all("790" not in turn.text for found in reading.interactions for turn in found.turns)
