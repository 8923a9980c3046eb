"""Asking in a real Chromium: the answer as it is made, its citations at their exact words, what is declined, and the keys."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from threading import Event
from typing import TYPE_CHECKING, Any

import pytest

from assistant.answers import Draft, DraftBlock, DraftClaim, Question, Quote
from assistant.evidence import Evidence
from assistant.listening import Stop, Stopped
from assistant.wiring import Kit
from ingest.archive.scope import EVERYTHING
from ingest.records import Turn
from tests.api.browsing import Watched, ask, path_of, site, watched
from tests.api.served import DANA, HALDEN_CALL, MARTA, Served, put_interaction

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

QUESTION = "What go-live date did we commit to?"
UNSAID = "Which zeppelin colour does the warehouse mascot prefer?"
HALDEN = "/a/halden-freight-group"
LISTENING = """window.said = [];
new MutationObserver(() => said.push(document.getElementById("status").textContent))
    .observe(document.getElementById("status"), { childList: true, characterData: true, subtree: true });"""
MARKED = "words => [...document.querySelectorAll('.ev mark, .ev .cited')].map((one) => one.textContent).join('') === words"
CLIPBOARD = """async () => {
    const [item] = await navigator.clipboard.read();
    const as = async (type) => (await item.getType(type)).text();
    return [await as("text/plain"), await as("text/html")];
}"""


class Telling:
    """Says the first line of one passage of every kind that was found, or that the history does not say; what a page does with an answer
    is looked at here, not how good the answer is."""

    name = "telling"

    def draft(self, question: Question, evidence: Evidence) -> Draft:
        if "zeppelin" in question.text:
            return Draft((), "not_in_history")
        found: dict[str, DraftClaim] = {}
        for ranked in evidence.ranked:
            kind = evidence.room.interactions[ranked.passage.interaction_id].source.kind
            line = next(part for part in ranked.passage.text.splitlines() if len(part.split()) > 2)
            found.setdefault(kind, DraftClaim(line, (Quote(ranked.passage.id, line),)))
        return Draft((DraftBlock("list", tuple(found.values())),), confidence=1.0, follow_ups=("Who asked for it?",))


@pytest.fixture
def kit(kit: Kit) -> Kit:
    return replace(kit, model=Telling())


@pytest.fixture
def seen(browser: Browser, kit: Kit) -> Iterator[Watched]:
    with site(kit) as (base, _), watched(browser, base, permissions=["clipboard-read", "clipboard-write"]) as found:
        yield found


@pytest.fixture
def page(seen: Watched) -> Page:
    opened = seen.page()
    opened.goto(HALDEN)
    return opened


def api(page: Page, path: str) -> Any:
    return page.request.get(f"/api/v1{path}").json()


def shown(page: Page) -> str:
    """The citation that the address names."""
    return re.search(r"[?&]c=(cit_[^&]+)", page.url)[1]  # type: ignore[index]  # the test fails where there is none


def marked(page: Page) -> str:
    """What is marked in the panel, all pieces of it."""
    page.locator(".ev mark").first.wait_for()
    return "".join(page.locator(".ev mark, .ev .cited").all_text_contents())


def test_an_account_is_chosen_by_keys_alone(seen: Watched) -> None:
    page = seen.page()
    page.goto("/")
    page.get_by_role("option").first.wait_for()
    page.keyboard.press("Control+k")
    page.locator("#pick-search").wait_for()
    page.keyboard.type("hal")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{HALDEN}")
    page.locator("#question").wait_for()
    assert page.evaluate("document.activeElement.id") == "question"
    assert "Halden Freight Group" in page.title()
    assert page.get_by_role("heading", level=1).text_content() == "Ask about Halden Freight Group"


def test_every_claim_has_a_chip_and_every_chip_opens_its_exact_words(page: Page) -> None:
    ask(page, QUESTION)
    assert re.fullmatch(rf"{HALDEN}/t/thr_\w+", path_of(page))
    chips = page.locator("article.turn .cite")
    claims = page.locator("article.turn .claim")
    assert claims.count() > 1
    assert all(claims.nth(n).locator(".cite").count() for n in range(claims.count()))
    numbers = list(dict.fromkeys(int(re.match(r"\d+", text)[0]) for text in chips.all_text_contents()))  # type: ignore[index]
    assert numbers == list(range(1, len(numbers) + 1))
    assert page.get_by_text(f"{len(numbers)} quotes checked against the source").count() == 1
    kinds = set()
    for name in dict.fromkeys(chip.get_attribute("data-cite") for chip in chips.all()):
        page.locator(f"details.more:has([data-cite='{name}'])").evaluate_all("all => all.forEach((one) => (one.open = true))")
        page.locator(f"[data-cite='{name}']").first.click()
        citation = api(page, f"/citations/{name}")
        page.wait_for_function(MARKED, arg=citation["quote"]["exact"])  # what was open before stays until the next has come
        kinds.add(citation["kind"])
        assert marked(page) == citation["quote"]["exact"]
        speaker = page.locator(".ev .seg.hit .speaker").all_text_contents()
        assert [one.startswith(citation["speaker"]["name"]) for one in speaker] == ([True] if citation["speaker"] else [])
        box, view = page.locator(".ev mark").first.bounding_box(), page.locator(".ev .ts").bounding_box()
        assert box is not None
        assert view is not None
        assert view["y"] - 1 <= box["y"] <= view["y"] + view["height"]
        assert page.locator(f"[data-cite='{name}']").first.get_attribute("aria-current") == "true"
    assert kinds == {"call", "email", "crm_note", "crm_field"}


def test_marks_stay_exact_behind_emoji_and_joined_signs(kit: Kit, page: Page) -> None:
    words = "👩‍👧‍👦 Z̃wölf 🚚🚚 Lastwagen stehen, und der Torplan für Malmö heißt Quastenflosser."
    turns = (Turn("Before it 🧭.", DANA, starts_s=1.0), Turn(words, MARTA, starts_s=4.0))
    halden = kit.archive.account(EVERYTHING, "halden").id
    put_interaction(kit.archive, halden, None, replace(HALDEN_CALL, external_id="emoji", title="Emoji", turns=turns))
    ask(page, "What is the Torplan for Malmö called, Quastenflosser?")
    page.locator(".claim", has_text="Quastenflosser").locator(".cite").first.click()
    assert "Quastenflosser" in marked(page)
    assert marked(page) == api(page, f"/citations/{shown(page)}")["quote"]["exact"]


def test_a_source_edited_since_says_so_and_still_shows_the_cited_words(kit: Kit, page: Page) -> None:
    ask(page, QUESTION)
    page.locator(".cite.k-call").first.click()
    cited = marked(page)
    put_interaction(
        kit.archive, kit.archive.account(EVERYTHING, "halden").id, None, replace(HALDEN_CALL, turns=(Turn("The whole call was retold."),))
    )
    page.reload()
    page.get_by_text("The source has changed since").wait_for()
    assert marked(page) == cited


def test_the_card_comes_with_pointer_and_focus_can_be_entered_and_goes_with_escape(page: Page) -> None:
    ask(page, QUESTION)
    chip = page.locator("article.turn .cite").first
    quote = api(page, f"/citations/{chip.get_attribute('data-cite')}")["quote"]["exact"]
    card = page.locator("#card")
    chip.hover()
    card.wait_for()
    assert quote in (card.text_content() or "")
    card.hover()
    page.wait_for_timeout(250)  # longer than the card waits before it goes
    assert card.is_visible()
    page.keyboard.press("Escape")
    card.wait_for(state="hidden")
    page.mouse.move(0, 0)
    page.locator("#log").focus()
    page.keyboard.press("Tab")
    card.wait_for()
    assert quote in (card.text_content() or "")


# Which quote has the focus in the very moment the panel leaves the page, not some frames later.
FOCUS_WHEN_CLOSED = """() => {
  window.focusWhenClosed = new Promise((told) => new MutationObserver((_, seen) => {
    if (document.querySelector(".ev")) return;
    seen.disconnect();
    told(document.activeElement.dataset.cite);
  }).observe(document.body, { childList: true, subtree: true }));
}"""


def test_by_keyboard_alone_from_question_to_quote_and_back(page: Page) -> None:
    page.locator("#question:focus").wait_for()
    page.keyboard.type(QUESTION)
    page.keyboard.press("Enter")
    page.locator(".acts").wait_for()
    page.locator("#log").focus()
    page.keyboard.press("Tab")
    chip = page.evaluate("document.activeElement.dataset.cite")
    page.keyboard.press("Enter")
    marked(page)
    assert page.evaluate("document.activeElement.dataset.cite") == chip
    assert "source opened at the quote" in (page.locator("#status").text_content() or "")
    page.keyboard.press("Enter")
    page.wait_for_function("() => document.activeElement.tagName === 'MARK'")
    first = shown(page)
    page.keyboard.press("j")
    page.wait_for_function("was => !location.search.includes(was)", arg=first)
    page.keyboard.press("k")
    page.wait_for_function("was => location.search.includes(was)", arg=first)
    page.evaluate(FOCUS_WHEN_CLOSED)
    page.keyboard.press("Escape")
    assert page.evaluate("window.focusWhenClosed") == chip
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "question"


def test_the_address_brings_back_thread_panel_and_mark_and_back_leaves_them(seen: Watched, page: Page) -> None:
    ask(page, QUESTION)
    page.locator("article.turn .cite").nth(1).click()
    words, number = marked(page), page.locator(".ev .pos").text_content()
    other = seen.page()
    other.goto(path_of(page))
    assert (marked(other), other.locator(".ev .pos").text_content()) == (words, number)
    assert other.locator("article.turn h2").first.text_content() == QUESTION
    page.go_back()
    page.locator(".ev").wait_for(state="detached")
    assert page.locator("article.turn .acts").count() == 1


def test_an_address_from_before_still_leads_there(seen: Watched) -> None:
    page = seen.page()
    page.goto(f"/#/halden-freight-group?q={QUESTION.replace(' ', '%20')}")
    page.locator("article.turn .acts").wait_for()
    assert page.locator("article.turn h2").first.text_content() == QUESTION
    page.goto("/a/sf:0018d00000HALDEN/sources")
    page.get_by_role("heading", name="Deal history").wait_for()


def test_what_nobody_said_is_a_card_with_a_receipt_and_goes_on_the_gap_list(page: Page) -> None:
    ask(page, UNSAID)
    card = page.locator(".abst")
    assert card.get_by_role("heading", name="Not in the deal history").count() == 1
    assert "Searched 1 call, 1 CRM record, 1 CRM note and 1 e-mail from 2 Sep 2026 to 14 Oct 2026" in (card.text_content() or "")
    assert card.locator(".near li").count() <= 3
    asked = card.get_by_role("link", name="Ask the account executive").get_attribute("href") or ""
    assert asked.startswith("mailto:dana%40cartage.example?")
    card.get_by_role("button", name="Add to the brief's gap list").click()
    page.get_by_text("On the brief's gap list").wait_for()
    listed = api(page, "/accounts/halden/gaps")
    assert UNSAID in {item["question"] for item in listed["items"]}
    page.get_by_role("link", name="Open the brief").click()
    page.locator(".gaps").get_by_text(UNSAID).wait_for()


def test_a_follow_up_and_a_second_question_stay_in_the_thread(page: Page) -> None:
    ask(page, QUESTION)
    thread = path_of(page)
    ask(page, "And who asked for it?")
    assert path_of(page) == thread
    assert len(api(page, f"/threads/{thread.rpartition('/')[2]}")["answers"]) == 2
    page.get_by_role("link", name="New question").click()
    page.get_by_role("heading", name="Ask about Halden Freight Group", level=2).wait_for()
    assert path_of(page) == HALDEN
    page.locator(".recent a").first.click()
    page.locator("article.turn").nth(1).wait_for()


def test_copied_text_holds_the_numbers_and_the_list_of_sources_in_both_forms(page: Page) -> None:
    ask(page, QUESTION)
    page.get_by_role("button", name="Copy with sources").click()
    page.get_by_role("button", name="Copied").wait_for()
    text, mark_up = page.evaluate(CLIPBOARD)
    assert text.startswith(f"{QUESTION}\n\n")
    assert "[1]" in text
    assert re.search(r"^1\. .+, (call|e-mail), \d+ Sep 2026", text, re.MULTILINE)
    assert "[1]" in mark_up


def test_what_is_wrong_with_an_answer_is_kept_with_its_reasons(kit: Kit, page: Page) -> None:
    ask(page, QUESTION)
    page.get_by_role("button", name="Something is wrong with it").click()
    page.get_by_label("Missed something").check()
    page.get_by_label("In your words").fill("It was moved <b>twice</b>.")
    page.get_by_role("button", name="Send").click()
    page.locator(".toast").get_by_text("It is kept with the answer").wait_for()
    [opinion] = kit.archive.opinions(EVERYTHING)
    assert (opinion.rating, opinion.reasons, opinion.text) == ("down", ("missed",), "It was moved <b>twice</b>.")


def test_a_narrowed_question_reads_only_that_and_says_so(page: Page) -> None:
    page.get_by_label("Sources: all").click()
    page.get_by_label("e-mails").check()
    page.keyboard.press("Escape")
    ask(page, QUESTION)
    assert page.locator("article.turn").get_by_text("Only e-mails").count() == 1
    assert set(page.locator("article.turn .cite").evaluate_all("all => all.map((one) => one.className.includes('k-email'))")) == {True}


class Waiting(Telling):
    """One that tells its first claim, then waits until it is let go or stopped."""

    def __init__(self) -> None:
        self.asked, self.go, self.stopped = Event(), Event(), Event()

    def drafting(
        self, question: Question, evidence: Evidence, heard: Callable[[DraftClaim], object], forget: Callable[[], object], stop: Stop
    ) -> Draft:
        draft = self.draft(question, evidence)
        claims = [claim for block in draft.blocks for claim in block.claims]
        heard(claims[0])
        self.asked.set()
        while not self.go.wait(0.02):
            if stop.is_set():
                self.stopped.set()
                raise Stopped
        for claim in claims[1:]:
            heard(claim)
        return draft


def test_a_running_answer_shows_what_it_reads_and_is_stopped_on_the_server_too(browser: Browser, kit: Kit) -> None:
    model = Waiting()
    with site(replace(kit, model=model)) as (base, _), watched(browser, base) as seen:
        page = seen.page()
        page.goto(HALDEN)
        page.evaluate(LISTENING)
        page.locator("#question").fill(QUESTION)
        page.locator("#question").press("Enter")
        page.get_by_role("heading", name=QUESTION).wait_for()
        assert model.asked.wait(10)
        page.locator("article.turn .claim").wait_for()
        page.get_by_text("of 4 sources").wait_for()
        assert page.evaluate("said") == ["Searching 4 sources"]
        page.get_by_role("button", name="Stop").click()
        page.get_by_text("Stopped. What stands above was checked").wait_for()
        assert model.stopped.wait(10)
        model.go.set()
        page.get_by_role("button", name="Ask again").click()
        page.locator("article.turn .acts").wait_for()
        assert page.locator("article.turn").count() == 1
        assert [words.partition(",")[0] for words in page.evaluate("said")] == [
            "Searching 4 sources", "Stopped", "Searching 4 sources", "Answer ready",
        ]  # fmt: skip


def test_a_connection_that_breaks_is_tried_again_and_nothing_is_told_twice(page: Page) -> None:
    breaks = iter([True, False])

    def cut(route: Any) -> None:
        if not next(breaks):
            route.continue_()
            return
        event = {"type": "answer.delta", "seq": 1, "block": 0, "claim": "clm_x", "text": "Half an answer"}
        route.fulfill(status=200, content_type="text/event-stream", body=f"event: answer.delta\nid: 1\ndata: {json.dumps(event)}\n\n")

    page.route("**/answers", cut)
    ask(page, QUESTION)
    assert page.get_by_text("Half an answer").count() == 0
    assert page.get_by_text("quotes checked").count() == 1


def test_after_three_tries_the_answer_has_failed_and_can_be_asked_again(page: Page) -> None:
    tried = []

    def refuse(route: Any) -> None:
        tried.append(route.request.url)
        route.abort()

    page.route("**/answers", refuse)
    page.locator("#question").fill(QUESTION)
    page.locator("#question").press("Enter")
    page.get_by_role("alert").get_by_role("heading", name="That did not work").wait_for()
    assert len(tried) == 3
    page.unroute("**/answers")
    page.get_by_role("button", name="Try again").click()
    page.locator("article.turn .acts").wait_for()


def test_a_claim_that_is_withdrawn_leaves_the_page(page: Page) -> None:
    ask(page, QUESTION)
    answer = api(page, f"/threads/{path_of(page).rpartition('/')[2]}")["answers"][0]
    gone = {"type": "answer.delta", "seq": 1, "block": 0, "claim": "clm_x", "text": "It was never so."}
    withdrawn = {"type": "answer.check", "seq": 2, "claim": "clm_x", "check": "removed"}
    events = [gone, withdrawn, {"type": "answer.completed", "seq": 3, "answer": {**answer, "removed_claims": 1}}]
    body = "".join(f"event: {one['type']}\nid: {one['seq']}\ndata: {json.dumps(one)}\n\n" for one in events)
    page.route("**/answers", lambda route: route.fulfill(content_type="text/event-stream", body=body))
    page.locator("#question").fill("What else?")
    page.locator("#question").press("Enter")
    page.get_by_text("1 sentence was removed because the source did not support it.").wait_for()
    assert page.get_by_text("It was never so.").count() == 0


def test_who_is_signed_out_in_the_middle_keeps_the_question(browser: Browser, kit: Kit) -> None:
    with site(kit, {}) as (base, app), watched(browser, base) as seen:
        served = Served(app, kit, app.state.gate.admissions, "", "")
        page = seen.page()
        page.goto(f"/sign-in#{served.code()}")
        page.get_by_role("option", name="Halden").click()
        page.locator("#question").fill(QUESTION)
        seen.context.clear_cookies()
        page.locator("#question").press("Enter")
        page.get_by_role("heading", name="Sign in").wait_for()
        page.goto(f"/sign-in#{served.code()}")
        page.locator("article.turn .acts").wait_for()
        assert page.locator("article.turn h2").text_content() == QUESTION


def test_a_phone_shows_the_source_as_a_sheet_and_nothing_scrolls_sideways(browser: Browser, kit: Kit) -> None:
    phone: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
    with site(kit) as (base, _), watched(browser, base, **phone) as seen:
        page = seen.page()
        page.goto(HALDEN)
        ask(page, QUESTION)
        page.locator("article.turn .cite").first.tap()
        marked(page)
        assert page.evaluate("document.querySelector('#log').inert") is True
        page.get_by_role("button", name="Close source").tap()
        page.locator(".ev").wait_for(state="detached")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_light_or_dark_and_single_keys_follow_the_reader_into_another_browser(browser: Browser, kit: Kit) -> None:
    with site(kit, {}) as (base, app):
        served = Served(app, kit, app.state.gate.admissions, "", "")
        with watched(browser, base, color_scheme="light") as seen:
            page = seen.page()
            page.goto(f"/sign-in#{served.code()}")
            with page.expect_response("**/me/preferences"):
                page.get_by_role("button", name="Switch between light and dark").click()
            page.get_by_role("button", name="Keys", exact=True).click()
            with page.expect_response("**/me/preferences"):
                page.get_by_role("checkbox").uncheck()
        with watched(browser, base, color_scheme="light") as seen:
            page = seen.page()
            page.goto(f"/sign-in#{served.code()}")
            page.locator("html[data-theme=dark]").wait_for()
            page.get_by_role("button", name="Keys", exact=True).click()
            assert not page.get_by_role("checkbox").is_checked()
