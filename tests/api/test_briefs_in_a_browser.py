"""The handoff brief in a real Chromium: read in five minutes, printed, compared, and every state of it at an address of its own."""

from __future__ import annotations

import unicodedata
from codecs import BOM_UTF8
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from pypdf import PdfReader

from api.keys import create_key
from assistant.wiring import Kit
from ingest.archive.admissions import Admissions
from ingest.archive.scope import EVERYTHING
from ingest.records import CrmDeal, Email, Link, Turn
from tests.api.browsing import path_of, site, watched
from tests.api.served import DANA, MARTA, put_interaction
from tests.conftest import Desk

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

HALDEN = "/a/halden-freight-group"
SAMPLE = Path(__file__).resolve().parents[2] / "data" / "samples" / "Halden Freight Group"
READ = """() => [...document.querySelectorAll('[data-read]')].flatMap((section) => {
  const kept = [], walk = document.createTreeWalker(section, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const within = walk.currentNode.parentElement;
    if (!within.closest('details:not([open]) > :not(summary), .cite, .who, .by, .r, .why, .searched, .btn'))
      kept.push(walk.currentNode.data);
  }
  return kept.join(' ').split(/\\s+/).filter((word) => /[\\p{L}\\p{N}]/u.test(word));
}).length"""
"""How many words of the sections stand open to be read; who said them and what was searched is looked up."""


FORMS = {"PDF": ".pdf", "Word": ".docx", "Web page": ".html", "Markdown": ".md", "Promises as CSV": ".csv", "JSON": ".json"}

MARKS = """() => new Set([...document.querySelectorAll('.sheet .cite')]
  .filter((chip) => !chip.closest('details.more, #known')).map((chip) => chip.dataset.cite)).size"""
"""How many sources are named by what is printed."""


@pytest.fixture
def sample(desk: Desk) -> Iterator[Kit]:
    """A deal as large as they are."""
    desk.ingest(SAMPLE)
    with desk.kit(write=True) as opened:
        yield opened


def api(page: Page, path: str) -> Any:
    response = page.request.get(f"/api/v1{path}")
    assert response.ok, (response.status, response.text())
    return response.json()


def composed(page: Page) -> dict[str, Any]:
    assert page.request.post("/api/v1/accounts/halden/briefs", data={}).status == 202
    found: dict[str, Any] = api(page, "/accounts/halden/briefs/current")
    return found


def write(kit: Kit, id: str, words: str) -> None:
    """One more mail of the seller's."""
    account = kit.archive.account(EVERYTHING, "halden").id
    deal = kit.archive.deals(EVERYTHING.only(account))[0].id
    mail = Email(
        source="mail",
        external_id=id,
        title="One more thing",
        occurred_at=datetime(2026, 10, 1, 9, tzinfo=UTC),
        turns=(Turn(words, DANA),),
        participants=(DANA, MARTA),
    )
    put_interaction(kit.archive, account, deal, mail)


def test_a_brief_is_composed_from_nothing_and_read(page: Page) -> None:
    page.goto(f"{HALDEN}/brief")
    page.get_by_role("button", name="Compose the brief").click()
    page.locator(".facts").wait_for()
    page.locator(".bar").get_by_text("Draft").wait_for()
    brief = api(page, "/accounts/halden/briefs/current")
    for title in ("What we promised", "People", "Still open", "What was read"):
        page.get_by_role("heading", name=title).wait_for()
    assert page.locator(".entry", has=page.locator(".claim")).count() > 0
    assert page.locator(".entry:has(.claim):not(:has(.cite))").count() == 0, "a line without a source"
    assert page.locator(".gaps li").count() == len(brief["gaps"])
    assert (
        page.locator(".gaps .searched").first.text_content()
        == "Searched 1 call, 1 CRM record, 1 CRM note and 1 e-mail from 2 Sep 2026 to 14 Oct 2026."
    )
    row = page.locator("tr.entry", has_text="to put it in writing")
    assert row.locator("td").nth(1).text_content() == "Dana Okaforto Marta Lindqvist, 25 Sep 2026"
    assert row.locator("td").nth(2).text_content() == "18 Jan 2027"
    assert (row.locator("td").nth(3).text_content() or "").startswith("No contract held")
    assert row.locator(".tier").text_content() == "our words"


def test_a_chip_opens_the_exact_words_and_the_address_leads_there_again(page: Page) -> None:
    composed(page)
    page.goto(f"{HALDEN}/brief")
    page.get_by_text("Replaced by a later one").click()
    row = page.locator("tr.entry", has_text="only scope for phase one")
    row.locator(".cite").first.click()
    page.locator(".ev mark").first.wait_for()
    marked = "".join(page.locator(".ev mark").all_text_contents())
    assert marked.startswith("If those two depots are the only scope for phase one")
    assert "c=cit_" in path_of(page)
    page.reload()
    page.locator(".ev mark").first.wait_for()
    assert "".join(page.locator(".ev mark").all_text_contents()) == marked
    row.locator(".claim.on").wait_for()  # what hid it has opened
    page.keyboard.press("Escape")
    page.locator(".ev").wait_for(state="detached")


def test_the_list_of_sections_follows_the_reader_and_leads_to_each(page: Page) -> None:
    composed(page)
    page.goto(f"{HALDEN}/brief")
    beside = page.locator(".contents")
    beside.get_by_role("link", name="Still open").click()
    page.wait_for_function("() => document.querySelector('.contents [aria-current]')?.textContent === 'Still open'")
    assert path_of(page) == f"{HALDEN}/brief#gaps"
    page.locator("#log").evaluate("(log) => log.scrollTo(0, 0)")
    page.wait_for_function("() => document.querySelector('.contents [aria-current]') === document.querySelector('.contents a')")
    page.goto(f"{HALDEN}/brief#people")
    page.wait_for_function("() => document.getElementById('people')?.getBoundingClientRect().top < 200")


def test_a_question_is_answered_in_its_place_and_becomes_an_ae_note_that_is_evidence(page: Page) -> None:
    brief = composed(page)
    gap = brief["gaps"][0]
    page.goto(f"{HALDEN}/brief")
    row = page.locator(".gaps li", has_text=gap["question"])
    row.get_by_role("button", name="Answer").click()
    row.get_by_label(f"Answer to: {gap['question']}").fill("Jonas Beck does, above 100k.")
    row.get_by_role("button", name="Keep as AE note").click()
    told = page.locator("#attested li", has_text="Jonas Beck does, above 100k.")
    told.locator(".cite").click()
    page.locator(".ev").get_by_text("AE note").first.wait_for()
    assert "".join(page.locator(".ev mark").all_text_contents()) == "Jonas Beck does, above 100k."
    page.locator(".toast").get_by_role("button", name="Undo").click()
    page.locator(".gaps li", has_text=gap["question"]).wait_for()
    assert page.locator("#attested").count() == 0


def test_what_came_in_since_is_said_and_updating_makes_a_version_that_can_be_compared_and_gone_back_from(kit: Kit, page: Page) -> None:
    composed(page)
    write(kit, "m-2@cartage.example", "Hi Marta, we will also deliver the driver training in Malmö by 4 February 2027.\n\nDana")
    page.goto(f"{HALDEN}/brief")
    page.get_by_text("Since this version: 1 e-mail more.").wait_for()
    page.get_by_role("button", name="Update").click()
    page.locator(".toast").get_by_text("Version 2 is composed.").wait_for()
    page.locator("tr.entry", has_text="driver training").wait_for()
    page.get_by_label("Version 2 of 2").click()
    page.get_by_role("link", name="Version 1").click()
    page.get_by_text("A newer version is there.").wait_for()
    assert path_of(page) == f"{HALDEN}/brief/v/1"
    assert page.locator("tr.entry", has_text="driver training").count() == 0
    assert page.get_by_role("button", name="Answer").count() == 0
    page.locator(".warnings").get_by_role("link", name="what changed").click()
    added = page.locator(".differences li", has_text="driver training").first
    assert added.locator(".pill").text_content() == "New"
    assert path_of(page) == f"{HALDEN}/brief/diff?of=2&against=1"
    page.get_by_label("Compared with").select_option("2")
    page.get_by_text("The two say the same.").wait_for()
    page.get_by_role("link", name="Back to the brief").click()
    page.locator("tr.entry", has_text="driver training").wait_for()
    page.goto(f"{HALDEN}/brief/v/7")
    page.get_by_text("There is no version 7 of this brief.").wait_for()


def test_every_form_is_downloaded_from_the_page(page: Page) -> None:
    composed(page)
    page.goto(f"{HALDEN}/brief")
    begins = {
        "PDF": b"%PDF", "Word": b"PK", "Web page": b"<!doctype html>", "Markdown": b"# ", "JSON": b"{",
        "Promises as CSV": BOM_UTF8,  # or Excel reads it in the charset of the country
    }  # fmt: skip
    for name, start in begins.items():
        page.locator(".bar").get_by_label("Export").click()
        with page.expect_download() as coming:
            page.locator(".menu-list").get_by_role("link", name=name).click()
        page.locator(".bar").get_by_label("Export").click()
        assert Path(coming.value.path()).read_bytes()[:20].lower().startswith(start.lower()), name
        assert coming.value.suggested_filename.endswith(FORMS[name])


def test_the_brief_of_an_earlier_day_holds_nothing_later_and_leads_back(kit: Kit, page: Page) -> None:
    composed(page)
    page.goto(f"{HALDEN}/brief")
    page.locator(".facts").wait_for()
    page.get_by_label("As of an earlier day").click()
    page.get_by_label("What was known on").fill("2026-09-03")
    page.locator(".bar").get_by_text("As of 3 Sep 2026").wait_for()
    assert path_of(page) == f"{HALDEN}/brief?as_of=2026-09-03"
    page.get_by_text("Nothing later is read, and this is kept nowhere.").wait_for()
    days = page.locator(".sheet .endnotes .who").all_text_contents()
    assert days
    assert all("2 Sep 2026" in one for one in days), days
    assert page.get_by_role("link", name="Review").count() == page.get_by_label("Export").count() == 0
    page.reload()
    page.locator(".bar").get_by_text("As of 3 Sep 2026").wait_for()
    page.locator(".warnings").get_by_role("link", name="Today's brief").click()
    page.locator(".bar").get_by_text("Draft").wait_for()
    assert [one["as_of"] for one in kit.archive.briefs(EVERYTHING)] == [None]


def test_a_deal_that_is_still_open_is_previewed_and_nothing_is_kept(kit: Kit, page: Page) -> None:
    account = kit.archive.account(EVERYTHING, "halden").id
    link = Link("salesforce", "account", "0018d00000HALDEN")
    kit.archive.put_deal(
        account,
        CrmDeal(name="Halden, Oslo", links=(Link("salesforce", "deal", "006B"),), account=link, stage="Proposal", opened_on="2026-11-02"),
    )
    page.goto(f"{HALDEN}/brief")
    page.get_by_role("link", name="Preview, before it closes").click()
    page.get_by_text("Preview: this deal is not closed (Proposal).").wait_for()
    page.locator(".bar").get_by_text("Preview, deal not closed").wait_for()
    assert page.get_by_role("link", name="Review").count() == page.get_by_label("Export").count() == 0
    assert kit.archive.briefs(EVERYTHING.only(account)) == []


def test_five_minutes_hold_it_on_the_page_and_four_sheets_on_paper(browser: Browser, sample: Kit) -> None:
    with site(sample) as (base, _), watched(browser, base) as seen:
        page = seen.page()
        brief = composed(page)
        page.goto(f"{HALDEN}/brief")
        page.locator(".facts").wait_for()
        assert 400 < page.evaluate(READ) <= 900
        assert len(brief["promises"]) == page.locator("#promises tr.entry").count(), "folded, never dropped"
        notes = page.locator(".endnotes li").count()
        marks = page.evaluate(MARKS)
        assert notes == marks > 20
        page.emulate_media(media="print")
        assert page.evaluate("[...document.querySelectorAll('.rail, .bar, .gaps .btn')].every((one) => !one.checkVisibility())")
        printed = PdfReader(BytesIO(page.pdf(prefer_css_page_size=True, tagged=True)))
        assert len(printed.pages) <= 4
        assert printed.trailer["/Root"]["/MarkInfo"]["/Marked"]
        text = unicodedata.normalize("NFKC", " ".join(printed.pages[0].extract_text().split()))  # "handoff" is set with a ligature
        assert "Halden Freight Group, handoff brief, version 1," in text
        assert "Page 1 of" in text
        assert [round(float(size)) for size in printed.pages[0].mediabox[2:]] == [595, 842]


def test_who_may_only_read_finds_nothing_to_change(browser: Browser, kit: Kit) -> None:
    keys = Admissions.beside(kit.archive)
    reader = create_key(keys, "reader", permissions=["read"])
    writer = create_key(keys, "writer", permissions=["read", "brief:write"])
    with site(kit, {}) as (base, _), watched(browser, base, extra_http_headers={"Authorization": f"Bearer {reader}"}) as seen:
        page = seen.page()
        page.goto(f"{HALDEN}/brief")
        page.get_by_text("Somebody who may write briefs has to compose it.").wait_for()
        headers = {"Authorization": f"Bearer {writer}"}
        assert page.request.post("/api/v1/accounts/halden/briefs", data={}, headers=headers).status == 202
        page.reload()
        page.locator(".facts").wait_for()
        assert page.get_by_role("button", name="Answer").count() == page.get_by_role("link", name="Review").count() == 0
