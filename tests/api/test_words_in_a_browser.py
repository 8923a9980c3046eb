"""What Baton itself says: all of it goes through the catalogue, and there is room for words that are longer or run from right to left."""

from __future__ import annotations

import json
import re
import runpy
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from assistant.wiring import Kit
from tests.api.browsing import site, watched
from tests.api.test_pages_in_a_browser import HALDEN, RUN, places

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

ROOT = Path(__file__).resolve().parent.parent.parent
NO_WORDS = re.compile(r"\d{1,2} [A-Z][a-z]{2} \d{4}|[A-Z][a-z]+ \d{4}|\bCtrl\b|\bShift\b|\bEnter\b|\bEsc\b")
"""What `Intl` writes, and the names on keys."""
NAMES = {"Baton", "PDF", "Word", "JSON", "HubSpot", "minilm"}

UNSAID = """() => {
    const NAMING = ["aria-label", "title", "placeholder", "data-label"];
    const told = [];
    let depth = 0;
    const outside = (words) => {
        let rest = "";
        for (const sign of words) {
            if (sign === "⟦") depth += 1;
            if (!depth) rest += sign;
            if (sign === "⟧") depth -= 1;
        }
        return rest;
    };
    const note = (words, element) => {
        if (/\\p{L}{2}/u.test(words)) told.push([words.trim(), element.closest("[class]")?.className || element.tagName]);
    };
    const exempt = "script, style, noscript, code, pre, .mono, .me";
    const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_ALL);
    for (let node = walk.currentNode; node; node = walk.nextNode()) {
        if (node instanceof Text && !node.parentElement.closest(exempt)) note(outside(node.data), node.parentElement);
        if (node instanceof Element) for (const name of NAMING) {
            const held = depth;
            depth = 0;
            note(outside(node.getAttribute(name) ?? ""), node);
            depth = held;
        }
    }
    return depth ? [["a message that does not end", ""]] : told;
}"""
"""Every run of words on the page that stands in no message."""

CLIPPED = """() => {
    const told = [];
    const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walk.nextNode()) {
        const node = walk.currentNode, holder = node.parentElement;
        if (!/[⟦⟧]/.test(node.data) || holder.closest(".sr, .skip, option, noscript")) continue;
        if (!holder.checkVisibility({ visibilityProperty: true })) continue;
        const range = document.createRange();
        range.selectNodeContents(node);
        const words = range.getBoundingClientRect();
        if (!words.width || holder.clientWidth === 1) continue; // read out, not shown
        const out = (box) => words.left < box.left - 1.5 || words.right > box.right + 1.5;
        const own = holder.closest("button, .btn, .pill, .menu-body, th, td, summary, dt, dd, label, li");
        let why = own && out(own.getBoundingClientRect()) ? `runs out of its ${own.className || own.tagName}` : "";
        for (let box = holder; box && !why; box = box.parentElement) {
            const { overflowX, overflowY } = getComputedStyle(box);
            const whole = { left: 0, right: innerWidth, top: -Infinity, bottom: Infinity };
            const edges = box === document.body ? whole : box.getBoundingClientRect();
            const above = words.bottom > edges.bottom + 2 || words.top < edges.top - 2;
            if (/auto|scroll/.test(overflowX) && box.scrollWidth > box.clientWidth) break;
            if (overflowX !== "visible" && out(edges)) why = `cut off by ${box.className || box.tagName}`;
            if (/hidden|clip/.test(overflowY) && above) why = `cut off above or below by ${box.className || box.tagName}`;
        }
        if (why) told.push([node.data, why]);
    }
    if (document.documentElement.scrollWidth > innerWidth) told.push(["the page", "scrolls sideways"]);
    return told;
}"""
"""Every message that does not fit where it stands."""


@pytest.fixture
def kit(kit: Kit) -> Kit:
    (kit.home.path / "evaluations").mkdir()
    (kit.home.path / "evaluations" / "run.json").write_text(json.dumps(RUN))
    return kit


class Heard:
    """What the server told the page: other people's words, and its own, which are English."""

    def __init__(self, page: Page) -> None:
        self.words: set[str] = set()
        self._page = page
        page.on("response", self._hear)
        self._waiting: list[Any] = []

    def _hear(self, response: Any) -> None:
        if "/api/v1/" in response.url:
            self._waiting.append(response)

    def holds(self, text: str) -> bool:
        for response in self._waiting:
            try:
                self.words.update(_strings(response.text()))
            except Exception:  # a page that was left took its body with it
                continue
        self._waiting.clear()
        if any(text in heard for heard in self.words):
            return True
        bare = NO_WORDS.sub("", text)
        parts = [part for part in re.split(r"[·,;:.]\s+|\s+·\s*|[()“”]|\s{2,}", bare) if re.search(r"[^\W\d_]{2}", part)]
        return all(part.strip() in NAMES or any(part.strip(" .:,…") in heard for heard in self.words) for part in parts)


def _strings(body: str) -> Iterator[str]:
    lines = [line.removeprefix("data: ") for line in body.splitlines() if line.startswith("data: ")] or [body]
    for line in lines:
        try:
            yield from _within(json.loads(line))
        except ValueError:
            continue


def _within(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for each in value.values():
            yield from _within(each)
    elif isinstance(value, list):
        for each in value:
            yield from _within(each)
    elif isinstance(value, str) and not re.fullmatch(r"[a-z_]{2,}", value):  # a word of a vocabulary has a name on the page
        yield re.sub(r"\s+", " ", value)


def states(page: Page) -> Iterator[str]:
    """Every page, and what opens on it."""
    for place in places(page):
        yield place
        if place == "nothing asked yet":
            page.keyboard.press("Control+K")
            page.locator("dialog[open] [role=option]").first.wait_for()
            yield "choosing an account"
            page.keyboard.press("Escape")
        if place == f"{HALDEN}/brief":
            page.locator(".bar .menu summary").last.click()
            yield "what a brief is exported as"
        if place == f"{HALDEN}/brief/review/all":
            page.locator("[data-do=edit]").first.click()
            page.locator(".editing textarea").fill("Something else altogether, for 9,000,000 EUR.")
            page.locator(".editing .primary").click()
            page.locator(".says-more").wait_for()
            yield "an edit that says more"
        if place == "/promises":
            page.locator(".status-cell summary").first.click()
            yield "the status of a promise"


def test_the_catalogue_holds_what_the_pages_say() -> None:
    """`scripts/web-words > api/web/words/en.json` writes it again."""
    made = runpy.run_path(str(ROOT / "scripts" / "web-words"))["written"]()
    assert (ROOT / "api" / "web" / "words" / "en.json").read_text("utf-8") == made


@pytest.mark.parametrize(("width", "language"), [(1440, "en-XA"), (390, "en-XA"), (390, "en-XB")])
def test_in_a_made_up_language_nothing_is_left_in_english_and_nothing_is_cut_off(
    browser: Browser, kit: Kit, width: int, language: str
) -> None:
    """B29: accented, two fifths longer, in brackets; `en-XB` from right to left too."""
    found: dict[str, list[Any]] = {}
    with site(kit) as (base, _), watched(browser, base, viewport={"width": width, "height": 844}) as seen:
        page = seen.page()
        heard = Heard(page)
        page.goto(f"/?lang={language}")
        page.wait_for_function("(name) => document.documentElement.lang === name", arg=language)
        for place in states(page):
            if "/t/" in page.url:  # what came as events is not kept by the browser
                heard.words.update(_strings(page.request.get(f"/api/v1/threads/{page.url.split('/t/')[1].partition('?')[0]}").text()))
            wrong = [one for one in page.evaluate(UNSAID) if not heard.holds(one[0])]
            wrong += page.evaluate(CLIPPED)
            if wrong:
                found[place] = wrong
        assert page.evaluate("document.documentElement.dir") == ("rtl" if language == "en-XB" else "ltr")
    assert found == {}, json.dumps(found, indent=1, ensure_ascii=False)


def test_from_right_to_left_what_points_is_turned_and_dates_keep_their_order(browser: Browser, kit: Kit) -> None:
    with site(kit) as (base, _), watched(browser, base) as seen:
        page = seen.page()
        for language, turned in (("en-XB", "matrix(-1, 0, 0, 1, 0, 0)"), ("en", "none")):
            page.goto(f"{HALDEN}?lang={language}")
            page.wait_for_function(
                "wanted => getComputedStyle(document.querySelector('.starters svg') ?? document.body).transform === wanted", arg=turned
            )
            page.locator(".starters svg").first.wait_for()
            assert ("\u206814 Oct 2026\u2069" in (page.locator("#app").text_content() or "")) == (language == "en-XB")


def test_the_language_that_was_asked_for_last_stays(browser: Browser, kit: Kit) -> None:
    with site(kit) as (base, _), watched(browser, base) as seen:
        page = seen.page()
        spoken = []
        for place in ("/?lang=en-XA", "/imports", "/?lang=en", "/imports"):
            page.goto(place)
            page.locator("h1").first.wait_for()
            spoken.append(page.evaluate("document.documentElement.lang"))
        assert spoken == ["en-XA", "en-XA", "en", "en"]


def test_a_language_is_a_catalogue_beside_the_english_one(browser: Browser, kit: Kit) -> None:
    """Its name in the list of `words.js` is all else it needs; what it lacks is said in English, and numbers and dates are its own."""
    swedish = {"Accounts": "Konton", "{n} call|{n} calls": "{n} samtal|{n} samtal", "closed {day}": "stängd {day}"}
    with site(kit) as (base, _), watched(browser, base, locale="sv-SE") as seen:
        page = seen.page()
        page.route("**/web/words.js", lambda route: route.fulfill(
            body=(ROOT / "api" / "web" / "words.js").read_text("utf-8").replace("@type {string[]} */ ([])", '@type {string[]} */ (["sv"])'),
            content_type="text/javascript",
        ))  # fmt: skip
        page.route("**/web/words/sv.json", lambda route: route.fulfill(json=swedish))
        page.goto("/")
        page.get_by_role("option").first.wait_for()
        assert page.get_by_role("heading", level=1).inner_text() == "Konton"
        assert page.evaluate("document.documentElement.lang") == "sv"
        row = page.get_by_role("option").first.inner_text()
        assert "samtal" in row
        assert "calls" not in row
        assert "stängd 14 okt. 2026" in page.get_by_role("option").nth(1).inner_text()
