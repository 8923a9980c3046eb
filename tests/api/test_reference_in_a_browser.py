"""The page of the HTTP interface, in a real Chromium: what openapi.json says, found and opened, on every width and for everybody."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from assistant.wiring import Kit
from tests.api.browsing import site, watched
from tests.api.test_pages_in_a_browser import RULES

if TYPE_CHECKING:
    from playwright.sync_api import Browser


@pytest.mark.parametrize(("width", "scheme"), [(1440, "light"), (320, "dark")])
def test_every_operation_stands_there_and_opens_to_its_body_answers_and_examples(
    browser: Browser, kit: Kit, width: int, scheme: str
) -> None:
    from axe_playwright_python.sync_playwright import Axe

    with site(kit) as (base, _), watched(browser, base, viewport={"width": width, "height": 900}, color_scheme=scheme) as seen:
        page = seen.page()
        page.goto("/api/docs")
        spec = page.request.get("/api/v1/openapi.json").json()
        total = sum(len(methods) for methods in spec["paths"].values())
        page.locator("details.operation").first.wait_for()
        assert page.locator("details.operation").count() == total
        page.get_by_label("Find an operation").fill("ask about one account")
        assert page.locator("details.operation:not([hidden])").count() == 2  # and as OpenAI's clients ask
        page.locator("nav a", has_text="Ask about one account").first.click()
        asked = page.locator("details.operation[open]")
        asked.get_by_text("Idempotency-Key").first.wait_for()
        assert "What go-live date did we commit to?" in asked.locator("pre").first.inner_text()
        assert asked.get_by_text("kinds", exact=True).first.is_visible()
        asked.locator("summary", has_text="CitationShape").first.click()
        asked.locator("th", has_text="text_sha256").first.wait_for()
        assert asked.get_by_text("application/problem+json").is_visible()
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        violations = Axe().run(page, options={"runOnly": RULES["light"], "resultTypes": ["violations"]}).response["violations"]
        assert [(one["id"], one["nodes"][0]["html"][:160], one["nodes"][0]["failureSummary"]) for one in violations] == []


def test_an_operation_has_an_address_of_its_own(browser: Browser, kit: Kit) -> None:
    with site(kit) as (base, _), watched(browser, base) as seen:
        page = seen.page()
        page.goto("/api/docs#get-api-v1-answers-answer-events")
        page.locator("details[open] summary", has_text="/api/v1/answers/{answer}/events").wait_for()


def test_who_is_not_signed_in_sees_none_of_it(browser: Browser, kit: Kit) -> None:
    with site(kit, {}) as (base, _), watched(browser, base) as seen:
        page = seen.page()
        answered = page.goto("/api/docs")
        assert answered is not None
        assert answered.status == 401
        assert page.locator("details").count() == 0
