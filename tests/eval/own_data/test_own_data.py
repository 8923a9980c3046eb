"""`baton eval --on`: somebody's own export, measured without labels and told on one page."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path

import pytest
from typer.testing import CliRunner

from api.cli import app
from eval.own_data.command import DRAFTS, NUMBERS, PAGE
from eval.own_data.in_files import Files
from eval.own_data.leaving import Leaving, allowed_by, watched
from eval.own_data.measuring import Measured, Wanted, measure
from eval.own_data.page import page
from eval.own_data.shown import Evidence, Shown, doubts, worst
from eval.own_data.standing_questions import INVENTED, invented_for
from eval.own_data.told import figures_of, report_json
from eval.stamp import Stamp
from ingest.settings import IngestSettings, ServedModel
from tests.conftest import HALDEN
from tests.exports import DANA, MARTA, mail, neutral, talk, write

STAMP = Stamp("a" * 40, False, datetime(2026, 11, 30, 12, tzinfo=UTC), "3.11", "Linux")
HOSTILE = "We will send the <script>alert(1)</script> & <img src=https://evil.example/x> SAP connector\x07\u202e by 3 May, I promise.\x00"


@pytest.fixture(scope="module")
def measured(tmp_path_factory: pytest.TempPathFactory) -> Measured:
    folder = write(tmp_path_factory.mktemp("given"), HALDEN)
    hostile = neutral(talk("c-9", ("<b>Dana</b> Okafor", HOSTILE), ("Marta Lindqvist", HOSTILE), account="Halden <i>Freight</i> Group"))
    write(folder, {"more/call.jsonl": hostile, "more/broken.json": "{"})
    return measure(Wanted(folder), None, lambda stage, done, total: None)


class Parsed(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs


def evidence(quote: str, **more: object) -> Evidence:
    plain = Evidence(quote, "", "", "Call", "c.json", "call", "Dana", "seller", "2026-09-01", False, False, True, True)
    return replace(plain, **more)  # type: ignore[arg-type]  # a test names the field it is about


def test_every_quote_shown_is_held_against_the_text_that_was_read_and_against_the_files(measured: Measured) -> None:
    found = figures_of(measured)
    assert found.quotes > 5
    assert found.exact == found.quotes
    assert found.looked_up > 0
    assert found.in_file == found.looked_up
    assert all(one.in_file for one in measured.quotes if one.file.startswith("more/call.jsonl"))


def test_what_an_export_says_is_text_on_the_page_and_nothing_is_fetched(measured: Measured) -> None:
    seen = Parsed(page(measured, STAMP))
    assert not {"script", "img", "link", "iframe", "object", "b", "i"} & set(seen.tags)
    assert not {"src", "href", "onload", "onerror", "style"} & {name for name, _ in seen.attributes}
    policy = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
    assert ("content", policy) in seen.attributes


def test_the_page_shows_the_hostile_words_without_the_signs_that_rearrange_or_ring(measured: Measured) -> None:
    text = page(measured, STAMP)
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text
    assert not {"\x07", "\x00", "\u202e"} & set(text)


def test_what_could_not_be_read_is_named(measured: Measured) -> None:
    assert figures_of(measured).set_aside == 1
    assert "more/broken.json" in page(measured, STAMP)


def test_each_claim_on_the_page_stands_beside_its_evidence_and_a_reason(measured: Measured) -> None:
    claims = report_json(measured, STAMP)["worst"]
    assert 0 < len(claims) <= 20
    assert all(claim["doubts"] and claim["evidence"] for claim in claims)


def test_a_quote_has_marks_of_what_was_left_out_only_where_something_was(measured: Measured) -> None:
    claim = Shown(
        "brief: risks", "A", "We lose a day.", 1.0, (evidence("We lost one."), evidence("Cut.", prefix="Before. ", suffix=" After."))
    )
    deal = next(deal for deal in measured.deals if deal.shown)
    text = page(replace(measured, deals=(replace(deal, shown=(claim,)),)), STAMP)
    assert '<blockquote><span class="around"></span>We lost one.<span class="around"></span>' in text
    assert '<span class="around">…Before. </span>Cut.<span class="around"> After.…</span>' in text


def test_a_quote_the_file_does_not_hold_is_seen(tmp_path: Path) -> None:
    write(tmp_path, HALDEN)
    files = Files(tmp_path)
    assert files.holds("emails/timing.eml", "phone support in Swedish is free of charge for 90 days.") is True
    assert files.holds("emails/timing.eml", "phone support in Swedish is free of charge for 900 days.") is False


@pytest.mark.parametrize(
    ("name", "content", "quote"),
    [
        ("call.vtt", "WEBVTT\n\n1\n00:01.0 --> 00:02.0\n<v Ann>We will be\n\n00:02.0 --> 00:03.0\n<v Ann>live in May.", "be live in May"),
        ("call.json", json.dumps({"s": [{"who": "Dana", "text": "We will"}, {"who": "Dana", "text": "be live."}]}), "We will be live."),
        ("notes.csv", 'Id,Body\n1,"He signs\nabove 100k."\n', "He signs above 100k."),
        ("page.html", "<p>Go-live&nbsp;<b>18&nbsp;January</b></p>", "Go-live 18 January"),
        ("mail.eml", mail(DANA, MARTA, "Tschüß, wir liefern im März.", id="m"), "Tschüß, wir liefern im März."),
    ],
)  # fmt: skip
def test_a_quote_is_found_in_the_file_whatever_stands_between_its_words(
    tmp_path: Path, name: str, content: str | bytes, quote: str
) -> None:
    write(tmp_path, {name: content})
    assert Files(tmp_path).holds(name, quote) is True


def test_a_row_of_a_table_is_looked_up_in_the_table(tmp_path: Path) -> None:
    write(tmp_path, {"calls.jsonl": neutral(talk("c-1", ("Dana", "We will be live in May.")))})
    assert Files(tmp_path).holds("calls.jsonl:1", "We will be live in May.") is True
    assert Files(tmp_path).holds("calls.jsonl::c-1", "We will be live in June.") is False


def test_words_that_need_converting_first_are_not_called_missing(tmp_path: Path) -> None:
    write(tmp_path, {"order.pdf": b"%PDF-1.7", "mail.eml": mail(DANA, MARTA, "See attached.", id="m")})
    files = Files(tmp_path)
    assert files.holds("order.pdf", "12 months") is None
    assert files.holds("mail.eml::order.pdf", "12 months") is None
    assert files.holds("gone.json", "12 months") is None


def test_connections_beyond_this_machine_are_noted_while_it_is_watched_and_not_before_or_after() -> None:
    leaving = Leaving(())
    sys.audit("socket.connect", None, ("192.0.2.1", 443))
    with watched(leaving):
        sys.audit("socket.connect", None, ("127.0.0.1", 8000))
        sys.audit("socket.connect", None, ("::1", 8000, 0, 0))
        assert leaving.nothing
        sys.audit("socket.connect", None, ("192.0.2.2", 443))
    sys.audit("socket.connect", None, ("192.0.2.3", 443))
    assert leaving.tried == {"192.0.2.2:443"}


def test_a_run_without_an_endpoint_says_that_nothing_left_and_one_with_an_endpoint_says_where_to(measured: Measured) -> None:
    assert measured.leaving.allowed == ()
    assert measured.leaving.nothing
    assert "opened no connection beyond this machine" in page(measured, STAMP)
    served = IngestSettings(embedding=ServedModel("bge", "https://models.example:8443/v1"))
    assert allowed_by(served, None) == ("every text, to be embedded by bge at models.example:8443",)


def test_a_made_up_question_is_left_out_where_the_account_speaks_of_it() -> None:
    noun, question = INVENTED[0]
    assert question in invented_for(["We sell scheduling software."])
    assert question not in invented_for([f"They run {noun}s."])


def test_what_speaks_most_against_a_claim_comes_first() -> None:
    sound = Shown("brief", "A", "All four depots go live on 3 May.", 1.0, (evidence("All four depots go live on 3 May."),))
    figure = Shown("brief", "A", "All four depots go live on 4 May.", 1.0, (evidence("All four depots go live on 3 May."),))
    altered = Shown("brief", "A", "Free support for them all.", 1.0, (evidence("Free support for them all.", exact=False),))
    assert doubts(sound) == ()
    assert [claim for claim, _ in worst([sound, figure, altered, altered], 20)] == [altered, figure]
    attributed = replace(sound, text="Dana, 1 Sep 2026: All four depots go live on 3 May.")
    assert doubts(attributed) == ()
    assert doubts(replace(sound, made_up=True))[0].weight > doubts(figure)[0].weight
    assert doubts(figure)[0].words == "a figure that no quote holds: 4"
    answer = [replace(one, where="answer to “Who pays?”", made_up=True) for one in (sound, figure, attributed)]
    assert len(worst(answer, 20)) == 1


def test_what_is_meant_so_is_no_reason_to_doubt() -> None:
    promised, clause = "We'll switch the old system off on Friday.", "The old system is switched off by the customer."
    against = Shown(
        "brief: risks", "A", f"Promised: “{promised}” The contract says: “{clause}”", 1.0, (evidence(promised), evidence(clause))
    )
    assert doubts(against) == ()
    assert "words that no quote holds: free" in [doubt.words for doubt in doubts(replace(against, text=f"Free! {against.text}"))]
    field = Shown("brief: commercials", "A", "285 USD", 1.0, (replace(evidence("285 USD"), kind="crm_field"),))
    assert doubts(field) == ()
    assert [doubt.words for doubt in doubts(replace(field, evidence=(evidence("285 USD"),)))] == ["a very short quote"]


def test_an_altered_quote_is_counted_said_and_marked(measured: Measured) -> None:
    deal = next(deal for deal in measured.deals if deal.shown)
    forged = replace(deal.shown[0], evidence=(evidence("What nobody said.", exact=False),))
    found = replace(measured, deals=(replace(deal, shown=(forged, *deal.shown)),))
    assert figures_of(found).quotes - figures_of(found).exact == 1
    assert "1 quote differs from the text that was read" in page(found, STAMP)


def test_drafts_are_drafts_and_their_evidence_is_what_the_brief_quotes(measured: Measured) -> None:
    drafts = [draft for deal in measured.deals for draft in deal.drafts]
    assert drafts
    assert {draft.as_json()["status"] for draft in drafts} == {"draft"}
    quotes = {one.quote for one in measured.quotes}
    assert {one.quote for draft in drafts for one in draft.evidence} <= quotes
    for draft in drafts:
        held = " ".join(one.quote for one in draft.evidence).casefold()
        assert all(part.casefold() in held for group in draft.facts for part in group)


def test_the_command_leaves_a_page_numbers_and_drafts_and_no_home(tmp_path: Path) -> None:
    write(tmp_path / "given", HALDEN)
    told = CliRunner().invoke(app, ["eval", "--on", str(tmp_path / "given"), "--out", str(tmp_path / "out"), "--sample", "1"])
    assert told.exit_code == 0, told.output
    assert "to the letter" in told.stdout
    assert {file.name for file in (tmp_path / "out").iterdir()} == {PAGE, NUMBERS, DRAFTS}
    body = json.loads((tmp_path / "out" / NUMBERS).read_text("utf-8"))
    assert body["left_the_machine"] == {"allowed": [], "connections": []}
    assert (tmp_path / "out" / PAGE).read_text("utf-8").startswith("<!doctype html>")
    assert sorted(file.name for file in tmp_path.iterdir()) == ["given", "out"]


def test_own_data_and_labelled_cases_do_not_go_together(tmp_path: Path) -> None:
    assert CliRunner().invoke(app, ["eval", "--on", str(tmp_path), "--worst", "3"]).exit_code == 2


def test_a_folder_without_files_is_told(tmp_path: Path) -> None:
    told = CliRunner().invoke(app, ["eval", "--on", str(tmp_path), "--out", str(tmp_path / "out")])
    assert told.exit_code == 1


def test_where_nothing_could_be_placed_nothing_is_praised(tmp_path: Path) -> None:
    (tmp_path / "given").mkdir()
    (tmp_path / "given" / "call.vtt").write_text("WEBVTT\n\n00:01.000 --> 00:04.000\n<v Dana>We will send it by May.\n", "utf-8")
    told = CliRunner().invoke(app, ["eval", "--on", str(tmp_path / "given"), "--out", str(tmp_path / "out")])
    assert told.exit_code == 1
    assert "Nothing was measured: of what was given 1 waits" in " ".join(told.stdout.split())
    text = (tmp_path / "out" / PAGE).read_text("utf-8")
    assert "--account NAME" in text
    assert "call.vtt" in text
    assert "word for word" not in text
