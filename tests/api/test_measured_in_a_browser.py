"""What the pages promise in numbers, measured in a real Chromium; `pytest -rP` prints them.

Milliseconds say how busy the machine is and are printed; what fails a test is counted, or four times what is aimed at.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from threading import Semaphore
from typing import TYPE_CHECKING, Any

import pytest
from PIL import Image

from assistant.answers import Draft, DraftBlock, DraftClaim, Question, Quote
from assistant.evidence import Evidence
from assistant.listening import Stop, Stopped
from assistant.wiring import Kit
from ingest.archive.scope import EVERYTHING
from ingest.records import Call, Turn
from tests.api.browsing import ask, site, watched
from tests.api.served import DANA, MARTA, put_interaction
from tests.api.test_asking_in_a_browser import LISTENING, Telling
from tests.api.test_pages_in_a_browser import RUN, places

if TYPE_CHECKING:
    from playwright.sync_api import Browser

HALDEN = "/a/halden-freight-group"
QUESTION = "What go-live date did we commit to?"
MOST_SHIFT = 0.02
MOST_JAVASCRIPT = 45_000
WATCHING = """window.shifts = []; window.tasks = [];
new PerformanceObserver((list) => list.getEntries().forEach((one) => one.hadRecentInput || shifts.push(one.value)))
    .observe({ type: "layout-shift", buffered: true });
new PerformanceObserver((list) => list.getEntries().forEach((one) => tasks.push(one.duration))).observe({ type: "longtask" });"""


@pytest.fixture
def kit(kit: Kit) -> Kit:
    return replace(kit, model=Telling())


class Slow(Telling):
    """Tells a line of the call whenever it may go on."""

    def __init__(self) -> None:
        self.may = Semaphore(0)

    def drafting(
        self, question: Question, evidence: Evidence, heard: Callable[[DraftClaim], object], forget: Callable[[], object], stop: Stop
    ) -> Draft:
        passages = [one.passage for one in evidence.ranked if one.passage.interaction_id in self._calls(evidence)]
        claims = [DraftClaim(one.text, (Quote(one.id, one.text),)) for one in passages]
        draft = Draft((DraftBlock("list", tuple(claims)),), confidence=1.0)
        for claim in claims:
            while not self.may.acquire(timeout=0.02):
                if stop.is_set():
                    raise Stopped
            heard(claim)
        return draft

    @staticmethod
    def _calls(evidence: Evidence) -> set[str]:
        return {id for id, one in evidence.room.interactions.items() if one.source.kind == "call"}


def test_the_question_stands_there_at_once_and_what_arrives_moves_nothing(browser: Browser, kit: Kit) -> None:
    """B3: what is read, the first claim, the whole; the live region is quiet meanwhile, and what stood somewhere stays there."""
    model = Slow()
    with site(replace(kit, model=model)) as (base, _), watched(browser, base) as seen:
        page = seen.page()
        page.add_init_script(WATCHING)
        page.goto(HALDEN)
        page.locator(".starters").wait_for()
        loading = page.evaluate("shifts.splice(0).reduce((sum, one) => sum + one, 0)")
        page.evaluate(LISTENING)
        box = page.locator("#question")
        box.fill(QUESTION)
        echo = page.evaluate(
            """(words) => new Promise((seen) => {
                const begun = performance.now();
                const there = () => [...document.querySelectorAll("article.turn h2")].some((one) => one.textContent === words);
                new MutationObserver(() => there() && seen(performance.now() - begun))
                    .observe(document.body, { childList: true, subtree: true });
                document.querySelector("button.send").click();
            })""",
            QUESTION,
        )
        assert page.get_by_role("button", name="Stop").is_visible()
        turn = page.locator("article.turn")
        page.get_by_text("of 4 sources").wait_for()
        lengths = [len(turn.inner_text())]
        model.may.release()
        page.locator("article.turn .claim").wait_for()
        lengths.append(len(turn.inner_text()))
        assert page.evaluate("said") == ["Searching 4 sources"]
        model.may.release(3)
        page.locator("article.turn .acts").wait_for()
        lengths.append(len(turn.inner_text()))
        said = page.evaluate("said")
        shift = sum(page.evaluate("shifts"))
    assert len(QUESTION) < lengths[0] < lengths[1] < lengths[2]
    assert [words.partition(",")[0] for words in said] == ["Searching 4 sources", "Answer ready"]
    print(f"question echoed after {echo:.0f} ms; text grew in {len(lengths)} steps")
    print(f"layout shift {loading:.4f} while the page loads, {shift:.4f} since")
    assert loading < MOST_SHIFT
    assert shift < MOST_SHIFT


def test_a_citation_opens_within_one_round_trip(browser: Browser, kit: Kit) -> None:
    """Nothing is asked for that waits for another answer: all requests are held until the last has come, and none comes after."""
    with site(kit) as (base, _), watched(browser, base) as seen:
        page = seen.page()
        page.goto(HALDEN)
        ask(page, QUESTION)
        trip = "async () => { const begun = performance.now(); await (await fetch('/healthz')).text(); return performance.now() - begun; }"
        idle = min(page.evaluate(trip) for _ in range(5))
        held: list[Any] = []

        def hold(route: Any) -> None:
            held.append(route)
            if len(held) == 2:
                for one in held:
                    one.continue_()
            assert len(held) <= 2, "a third request waited for the first two"

        page.route("**/api/v1/**", hold)
        opened = page.evaluate(
            """() => new Promise((seen) => {
                const begun = performance.now();
                new MutationObserver(() => document.querySelector(".ev mark") && seen(performance.now() - begun))
                    .observe(document.body, { childList: true, subtree: true });
                document.querySelector("article.turn .cite").click();
            })"""
        )
        assert sorted(one.request.url.rpartition("/")[2].partition("?")[0] == "segments" for one in held) == [False, True]
    print(f"a citation opened after {opened:.0f} ms with 2 requests at once; an idle round trip took {idle:.0f} ms")


def test_no_page_asks_another_place_and_what_asking_needs_is_small(browser: Browser, kit: Kit) -> None:
    """B1. `watched` refuses and notes every request to another origin; here all are counted."""
    (kit.home.path / "evaluations").mkdir()
    (kit.home.path / "evaluations" / "run.json").write_text(json.dumps(RUN))
    with site(kit) as (base, _), watched(browser, base) as seen:
        page = seen.page()
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.goto(HALDEN)
        page.locator(".starters").wait_for()
        sent = page.evaluate(
            "() => performance.getEntriesByType('resource').filter((one) => one.name.endsWith('.js')).map((one) => one.encodedBodySize)"
        )
        seen_places = list(places(page))
        elsewhere = [url for url in asked if not url.startswith((base, "data:", "blob:"))]
    print(f"{len(asked)} requests on {len(seen_places)} pages, {len(elsewhere)} off origin")
    print(f"asking takes {len(sent)} modules, {sum(sent)} bytes as sent")
    assert elsewhere == []
    assert len(seen_places) == 20
    assert sum(sent) <= MOST_JAVASCRIPT
    assert len(sent) <= 8  # six modules, the theme, and the source panel, which comes when the page stands


def test_a_long_call_and_a_long_thread_stay_quick(browser: Browser, kit: Kit) -> None:
    """B30: of 900 turns those around the quote are drawn, and scrolling 200 answers does not hold the page up."""
    turns = tuple(Turn(f"Turn {n} of the long call about depot {n % 14}.", (DANA, MARTA)[n % 2], starts_s=6.0 * n) for n in range(900))
    long = Call(
        source="gong",
        external_id="7999",
        title="The long call",
        occurred_at=datetime(2026, 9, 28, 12, tzinfo=UTC),
        participants=(DANA, MARTA),
        turns=turns,
    )
    account = kit.archive.account(EVERYTHING, "halden").id
    put_interaction(kit.archive, account, None, long)
    source = next(one.id for one in kit.archive.sources(EVERYTHING) if one.title == "The long call")
    with site(kit) as (base, _), watched(browser, base) as seen:
        page = seen.page()
        page.add_init_script(WATCHING)
        page.goto(f"{HALDEN}/sources")
        page.locator(".row", has_text="The long call").wait_for()
        opened = page.evaluate(
            """(id) => new Promise((seen) => {
                const begun = performance.now();
                new MutationObserver(() => document.querySelector(".ev .seg") && seen(performance.now() - begun))
                    .observe(document.body, { childList: true, subtree: true });
                document.querySelector(`.row[href*="${id}"]`).click();
            })""",
            source,
        )
        drawn = page.locator(".ev .seg").count()
        page.get_by_text("turns", exact=False).last.wait_for()
        page.goto(HALDEN)
        ask(page, QUESTION)
        thread = page.url.rpartition("/")[2]
        whole = page.request.get(f"/api/v1/threads/{thread}").json()
        copies = [{**whole["answers"][0], "id": f"ans_copy{number}"} for number in range(200)]
        page.route(f"**/threads/{thread}", lambda route: route.fulfill(json={**whole, "answers": copies}))
        page.reload()
        page.wait_for_function("() => document.querySelectorAll('article.turn').length === 200")
        page.evaluate("() => { tasks.length = 0; }")
        page.evaluate(
            """async () => {
                const log = document.getElementById("log");
                const next = () => new Promise((then) => requestAnimationFrame(then));
                for (let step = 0; step <= 40; step += 1) { log.scrollTop = (log.scrollHeight * step) / 40; await next(); }
            }"""
        )
        longest = max(page.evaluate("tasks"), default=0)
    print(f"a call of 900 turns opened after {opened:.0f} ms with {drawn} drawn; longest task while 200 answers scroll {longest:.0f} ms")
    assert 0 < drawn <= 60
    assert longest < 400  # four times what is aimed at, for machines that are busy


SIDEWAYS = "document.documentElement.scrollWidth > innerWidth"


def test_large_text_forced_colours_and_still_pictures_lose_nothing(browser: Browser, kit: Kit) -> None:
    """B31: at twice the text nothing runs out of the page, and nothing moves for whoever asked for that."""
    with site(kit) as (base, _), watched(browser, base, forced_colors="active", reduced_motion="reduce", color_scheme="dark") as seen:
        page = seen.page()
        wrong = []
        for place in places(page):
            page.evaluate("document.documentElement.style.fontSize = '200%'")
            wrong += [place] * page.evaluate(SIDEWAYS)
            if place == "a source":
                bars = page.evaluate("[...document.querySelectorAll('.track i')].map((one) => [one, one.parentElement].map(SHADE))".replace(
                    "SHADE", "(each) => getComputedStyle(each).backgroundColor"
                ))  # fmt: skip
                assert bars
                assert all(bar != behind for bar, behind in bars), "who spoke when is seen"
            moving = "document.getAnimations().filter((one) => one.effect.getComputedTiming().duration > 10).length"
            wrong += [f"{place} moves"] * bool(page.evaluate(moving))
    assert wrong == []


PICTURES = Path(__file__).parent / "pictures.json"
"""Twelve pictures, each as 24 by 15 shades of grey: where what stands, not how its letters are drawn. `BATON_PICTURES=write` takes them
anew."""
SCHEMES: tuple[dict[str, Any], ...] = (
    {"color_scheme": "light"},
    {"color_scheme": "dark"},
    {"color_scheme": "dark", "forced_colors": "active"},
)
FURTHEST = 3.0
"""How far shades may be from those of the baseline, of 255, on average: another font moves them by 2.4, a rail that is gone by 7."""


def apart(one: str, other: str) -> float:
    pairs = list(zip(bytes.fromhex(one), bytes.fromhex(other), strict=True))
    return sum(abs(a - b) for a, b in pairs) / len(pairs)


def test_pages_look_as_they_did_in_light_in_dark_and_in_colours_of_the_system(browser: Browser, kit: Kit) -> None:
    """B31, the pictures."""
    with site(kit) as (base, _), watched(browser, base, reduced_motion="reduce") as seen:
        page = seen.page()
        page.request.post("/api/v1/accounts/halden/briefs", data={})
        page.goto(HALDEN)
        ask(page, QUESTION)
        page.locator("article.turn .cite").first.click()
        page.locator(".ev mark").first.wait_for()
        taken: dict[str, str] = {}
        for name, path, shown in (
            ("source", page.url, ".ev mark"), ("accounts", "/", "[role=option]"),
            ("brief", f"{HALDEN}/brief", ".facts"), ("promises", "/promises", ".ledger tbody tr"),
        ):  # fmt: skip
            page.goto(path)
            page.locator(shown).first.wait_for()
            page.evaluate("document.activeElement?.blur()")
            for scheme in SCHEMES:
                page.emulate_media(**{"forced_colors": "none", **scheme})
                picture = Image.open(BytesIO(page.screenshot())).convert("L").resize((24, 15), Image.Resampling.BOX)
                taken[" ".join([name, *scheme.values()])] = picture.tobytes().hex()
    if os.environ.get("BATON_PICTURES") == "write":
        PICTURES.write_text(json.dumps(taken, indent=1) + "\n", "utf-8")
    known: dict[str, str] = json.loads(PICTURES.read_text("utf-8"))
    far = {name: round(apart(picture, known[name]), 1) for name, picture in taken.items()}
    print(f"pictures differ by {max(far.values())} of 255 at most")
    assert len(taken) == 12
    assert {name: by for name, by in far.items() if by > FURTHEST} == {}
    others = [apart(one, other) for a, one in known.items() for b, other in known.items() if a < b and a.split()[0] != b.split()[0]]
    schemes = [apart(known[f"{name} light"], known[f"{name} dark"]) for name in ("source", "accounts", "brief", "promises")]
    assert min(others + schemes) > FURTHEST, "what tells two pages apart would be seen"


@pytest.mark.parametrize("width", [1440, 390])
def test_read_from_right_to_left_nothing_runs_out_of_the_page(browser: Browser, kit: Kit, width: int) -> None:
    """B29, with English words: the direction alone."""
    with site(kit) as (base, _), watched(browser, base, viewport={"width": width, "height": 844}) as seen:
        page = seen.page()
        wrong = []
        for place in places(page):
            page.evaluate("document.documentElement.dir = 'rtl'")
            wrong += [place] * page.evaluate(SIDEWAYS)
    assert wrong == []
