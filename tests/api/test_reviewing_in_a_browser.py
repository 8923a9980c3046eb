"""Reviewing a brief in a real Chromium: ten minutes on a dozen things, every line by keyboard, two people at one line, and the handover."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

from api.keys import create_key
from assistant.brief.shelf import current_brief
from assistant.wiring import Kit
from ingest.archive.admissions import Admissions
from ingest.archive.scope import EVERYTHING
from tests.api.browsing import path_of, site, watched

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

REVIEW = "/a/halden-freight-group/brief/review"
WRITTEN = "to put it in writing"
"""How the promise that stands begins."""
SHORTER = "We will have Gothenburg and Malmö live by 18 January 2027."


@pytest.fixture
def page(browser: Browser, kit: Kit) -> Iterator[Page]:
    with site(kit) as (base, _), watched(browser, base) as seen:
        page = seen.page()
        composed(page)
        yield page


@pytest.fixture
def two(browser: Browser, kit: Kit) -> Iterator[tuple[Page, Page]]:
    """Dana's and Luis's, each signed in as themselves."""
    keys = Admissions.beside(kit.archive)
    credentials = {name: {"Authorization": f"Bearer {create_key(keys, name, role='ae')}"} for name in ("Dana", "Luis")}
    with (
        site(kit, {}) as (base, _),
        watched(browser, base, extra_http_headers=credentials["Dana"]) as hers,
        watched(browser, base, extra_http_headers=credentials["Luis"]) as his,
    ):
        dana, luis = hers.page(), his.page()
        composed(dana)
        yield dana, luis


def composed(page: Page) -> None:
    assert page.request.post("/api/v1/accounts/halden/briefs", data={}).status == 202


def kept(page: Page) -> dict[str, Any]:
    found: dict[str, Any] = page.request.get("/api/v1/accounts/halden/briefs/current").json()
    return found


def history(page: Page) -> list[tuple[str, str]]:
    told = page.request.get(f"/api/v1/briefs/{kept(page)['id']}/review").json()["history"]
    return [(one["by"], one["act"]) for one in told]


def saved(page: Page, words: str) -> None:
    page.locator(".toast").get_by_text(words, exact=True).wait_for()


def test_a_dozen_things_at_most_are_settled_in_their_place(page: Page) -> None:
    page.goto(REVIEW)
    items = page.locator(".queue .item")
    items.first.wait_for()
    count = items.count()
    assert 0 < count <= 12
    page.get_by_text(f"0 of {count} looked at · 0 of 10 min").wait_for()
    first = items.nth(0)
    question = first.locator(".asked").text_content() or ""
    first.get_by_role("textbox").fill("The order form is with legal.")
    first.get_by_role("button", name="Keep as AE note").click()
    saved(page, "Kept as an AE note")
    first.get_by_text("Answered").wait_for()
    first.locator(".told").get_by_text("The order form is with legal.").wait_for()
    assert [one["question"] for one in kept(page)["attested"]] == [question]
    items.nth(1).get_by_role("button", name="Not needed").click()
    page.get_by_text(f"2 of {count} looked at").wait_for()
    items.nth(1).get_by_role("button", name="Undo").click()
    page.get_by_text(f"1 of {count} looked at").wait_for()
    promise = page.locator(".item", has_text=WRITTEN)
    promise.get_by_role("button", name="Keep", exact=True).click()
    page.get_by_text(f"2 of {count} looked at").wait_for()
    page.reload()
    page.get_by_text(f"2 of {count} looked at").wait_for()


def test_every_line_is_walked_kept_reworded_and_taken_out_without_a_pointer(page: Page) -> None:
    page.goto(f"{REVIEW}/all")
    page.locator(".hands").first.wait_for()
    page.keyboard.press("?")
    page.get_by_role("heading", name="Keys").wait_for()
    page.get_by_text("Reword it, or answer").wait_for()
    page.keyboard.press("Escape")
    row = page.locator("tr.entry", has_text=WRITTEN)
    for _ in range(40):
        page.keyboard.press("j")
        if row.evaluate("(row) => row === document.activeElement"):
            break
    page.keyboard.press("j")
    assert not row.evaluate("(row) => row === document.activeElement")
    page.keyboard.press("k")
    assert row.evaluate("(row) => row === document.activeElement")
    page.keyboard.press("o")
    page.locator(".ev mark").first.wait_for()
    page.keyboard.press("Escape")
    row.focus()
    page.keyboard.press("y")
    row.get_by_text("Kept, ").wait_for()
    row.focus()
    page.keyboard.press("e")
    page.keyboard.press("Control+a")
    page.keyboard.type(SHORTER)
    page.keyboard.press("Control+Enter")
    saved(page, "Reworded")
    promise = next(one for one in kept(page)["promises"] if one["current"])
    assert (promise["text"], promise["state"]) == (SHORTER, "evidenced")
    page.keyboard.press("u")
    row.get_by_text("Kept, ").wait_for()
    row.focus()
    page.keyboard.press("x")
    row.get_by_role("button", name="Wrong").click()
    saved(page, "Taken out")
    row.wait_for(state="detached")
    out = page.locator("section", has=page.get_by_role("heading", name="Taken out"))
    out.get_by_text(WRITTEN).wait_for()
    out.get_by_role("button", name="Put back").click()
    row.wait_for()
    assert [act for _, act in history(page)] == ["keep", "edit", "undo", "remove", "undo"]


def test_an_edit_that_says_more_is_shown_the_sources_words_and_may_stand_as_an_ae_note(page: Page) -> None:
    page.goto(f"{REVIEW}/all")
    row = page.locator("tr.entry", has_text=WRITTEN)
    row.get_by_role("button", name="Reword").click()
    more = "We will have all fourteen depots live by 5 May 2027."
    row.get_by_label("Reword this line").fill(more)
    row.get_by_role("button", name="Save").click()
    row.get_by_text("Your edit says more than the source does.").wait_for()
    assert "to put it in writing: we will have Gothenburg and Malmö live" in (row.locator(".says-more q").text_content() or "")
    row.get_by_role("button", name="Use the source's wording").click()
    assert row.get_by_label("Reword this line").input_value().startswith(WRITTEN)
    row.get_by_label("Reword this line").fill(more)
    row.get_by_role("button", name="Save").click()
    row.get_by_role("button", name="Keep mine as an AE note").click()
    saved(page, "Kept as an AE note")
    noted = page.locator("tr.entry", has_text=more)
    noted.locator(".tier", has_text="AE note").wait_for()
    assert next(one for one in kept(page)["promises"] if one["text"] == more)["state"] == "attested"


@pytest.mark.parametrize("choice", ["Leave this one", "Put mine in its place", "Save this"])
def test_two_people_at_one_line_both_see_both_texts_and_nothing_is_lost(two: tuple[Page, Page], choice: str) -> None:
    dana, luis = two
    theirs, yours = "Gothenburg and Malmö live by 18 January 2027.", SHORTER
    rows = {}
    for who, words in ((dana, theirs), (luis, yours)):
        who.goto(f"{REVIEW}/all")
        rows[who] = who.locator("tr.entry", has_text=WRITTEN)
        rows[who].get_by_role("button", name="Reword").click()
        rows[who].get_by_label("Reword this line").fill(words)
    rows[dana].get_by_role("button", name="Save").click()
    saved(dana, "Reworded")
    # Another line meanwhile is no quarrel, and does not make Luis have read what Dana wrote.
    luis.locator(".ppl .entry").first.get_by_role("button", name="Keep", exact=True).click()
    saved(luis, "Kept")
    mine = luis.locator(".editing")
    assert mine.get_by_label("Reword this line").input_value() == yours
    mine.get_by_role("button", name="Save").click()
    dialog = luis.get_by_role("dialog", name="Two of you changed this line")
    dialog.wait_for()
    assert dialog.locator("section", has_text="Dana").locator("p").text_content() == theirs
    dialog.get_by_role("button", name=choice).wait_for()
    if choice == "Save this":
        dialog.get_by_label("Both in one").fill(f"{theirs} Dana put it in writing.")
    dialog.get_by_role("button", name=choice).click()
    expected = {"Leave this one": theirs, "Put mine in its place": yours, "Save this": f"{theirs} Dana put it in writing."}[choice]
    luis.locator("tr.entry .claim", has_text=expected).first.wait_for()
    luis.wait_for_function("() => !document.querySelector('dialog[open]')")
    assert next(one for one in kept(luis)["promises"] if one["current"])["text"] == expected
    assert ("Dana", "edit") in history(luis)


def test_who_writes_while_it_is_handed_over_and_composed_anew_loses_no_word(two: tuple[Page, Page], kit: Kit) -> None:
    dana, luis = two
    luis.goto(f"{REVIEW}/all")
    luis.locator("tr.entry", has_text=WRITTEN).get_by_role("button", name="Reword").click()
    luis.get_by_label("Reword this line").fill(SHORTER)
    brief = kept(dana)["id"]
    assert dana.request.post(f"/api/v1/briefs/{brief}/approve", data={"with_open": True}).status == 200
    mine = luis.locator(".editing")
    mine.get_by_role("button", name="Save").click()
    luis.locator(".toast").get_by_text("Dana handed this version over since you read it.").wait_for()
    assert (kept(dana)["state"], mine.get_by_label("Reword this line").input_value()) == ("reviewed", SHORTER)
    current_brief(kit, kit.archive.account(EVERYTHING, "halden").id, compose_anew=True, layout_name="short")
    mine.get_by_role("button", name="Save").click()
    luis.get_by_text("A newer version is there; that one is reviewed. What you wrote is kept for it.").wait_for()
    luis.get_by_role("button", name="Go on in version 2").click()
    assert mine.get_by_label("Reword this line").input_value() == SHORTER
    mine.get_by_role("button", name="Save").click()
    saved(luis, "Reworded")
    assert SHORTER in [one["text"] for one in kept(dana)["promises"]]


def test_it_is_handed_over_returned_with_a_reason_and_accepted_with_its_gaps(page: Page) -> None:
    page.goto(REVIEW)
    page.get_by_role("button", name="Approve and hand over").click()
    asked = page.get_by_role("dialog", name="not looked at")
    asked.wait_for()
    assert asked.locator("li").count() == page.locator(".queue .item").count()
    asked.get_by_role("button", name="Look at them first").click()
    assert kept(page)["state"] == "draft"
    page.get_by_role("button", name="Approve and hand over").click()
    page.get_by_role("button", name="Hand over all the same").click()
    bar = page.locator(".bar")
    bar.get_by_text("Reviewed", exact=True).wait_for()
    assert path_of(page) == "/a/halden-freight-group/brief"
    bar.get_by_label("Return it").click()
    bar.get_by_label("What is wrong with it?").fill("Who signs?")
    bar.get_by_role("button", name="Return it").click()
    page.locator(".warnings").get_by_text("Who signs?").wait_for()
    bar.get_by_label("Return it").wait_for(state="detached")
    bar.get_by_role("link", name="Review").click()
    page.get_by_role("button", name="Approve and hand over").click()
    page.get_by_role("button", name="Hand over all the same").click()
    bar.get_by_role("button", name="Accept").click()
    bar.get_by_text("Accepted with gaps").wait_for()
    assert kept(page)["state"] == "accepted_with_gaps"
    assert [act for _, act in history(page)] == ["approve", "return", "approve", "accept"]
    page.goto(REVIEW)
    page.get_by_text("This version was accepted and stays as it is.").wait_for()


def test_who_may_not_review_is_told_so(browser: Browser, kit: Kit) -> None:
    keys = Admissions.beside(kit.archive)
    writer = {"Authorization": f"Bearer {create_key(keys, 'writer')}"}
    reader = {"Authorization": f"Bearer {create_key(keys, 'reader', permissions=['read'])}"}
    with site(kit, {}) as (base, _), watched(browser, base, extra_http_headers=reader) as seen:
        page = seen.page()
        assert page.request.post("/api/v1/accounts/halden/briefs", data={}, headers=writer).status == 202
        page.goto(REVIEW)
        page.get_by_text("to review it takes the permission to write briefs").wait_for()
        assert page.locator(".queue, .hands").count() == 0


def test_two_people_who_answer_one_question_both_see_both_answers(two: tuple[Page, Page]) -> None:
    dana, luis = two
    for who, words in ((dana, "It is with legal."), (luis, "Signed on paper, in the safe.")):
        who.goto(REVIEW)
        who.locator(".item").first.get_by_role("textbox").fill(words)
    for who in (dana, luis):
        who.locator(".item").first.get_by_role("button", name="Keep as AE note").click()
        if who is dana:
            saved(dana, "Kept as an AE note")
    item = luis.locator(".item").first
    item.get_by_text("Dana has answered meanwhile:").wait_for()
    assert item.get_by_role("textbox").input_value() == "Signed on paper, in the safe."
    item.get_by_role("button", name="Take theirs in").click()
    item.get_by_role("button", name="Keep as AE note").click()
    item.locator(".told").get_by_text("It is with legal. Signed on paper, in the safe.").wait_for()
    assert [one["answer"]["text"] for one in kept(luis)["attested"]] == ["It is with legal. Signed on paper, in the safe."]
