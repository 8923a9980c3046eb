"""The frame on a page that means no good, in a real Chromium: what that page can do to it, and what it cannot."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

import pytest
from fastapi import FastAPI

from api.users import invite
from assistant.wiring import Kit
from ingest.archive.admissions import Admissions
from tests.api.browsing import site
from tests.api.test_asking_in_a_browser import Waiting
from tests.api.test_widget import SECRET, token
from tests.api.test_words_in_a_browser import CLIPPED, UNSAID, Heard

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Frame, Page

PAGE = """<!doctype html><html lang="en"><title>Host</title>
<style>
  * {{ font-family: Verdana !important; color: red !important; font-size: 40px !important }}
  iframe {{ display: none !important }}
</style>
<baton-ask account="halden-freight-group" {attributes} style="display:block;width:420px;height:600px"></baton-ask>
<script type="module" src="{base}/widget.js"></script>
<script>
  window.told = [];
  for (const name of ["ready", "answer", "citation", "error"])
    addEventListener(`baton-${{name}}`, ({{ detail }}) => told.push([name, detail]));
  window.overheard = [];
  addEventListener("message", ({{ data }}) => overheard.push(JSON.stringify(data)));
</script>
<script type="module">{script}</script></html>"""
SIGNS = 'document.querySelector("baton-ask").getToken = async () => (await fetch("/token")).text();'


@dataclass
class Host:
    """A server of somebody else's, with one page that shows the frame."""

    origin: str
    base: str = ""
    script: str = SIGNS
    attributes: str = ""
    signed: list[str] = field(default_factory=list)


@contextmanager
def somebody_elses_server() -> Iterator[Host]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path == "/token":
                body = token(sub="priya@cartage.example")
                host.signed.append(body)
            else:
                body = PAGE.format(base=host.base, script=host.script, attributes=host.attributes) if self.path == "/" else ""
            self.send_response(200)
            self.send_header("Content-Type", "text/html" if self.path == "/" else "text/plain")
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, format: str, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    host = Host(f"http://localhost:{server.server_address[1]}")  # another site than 127.0.0.1
    running = threading.Thread(target=server.serve_forever, daemon=True)
    running.start()
    try:
        yield host
    finally:
        server.shutdown()
        server.server_close()
        running.join(10)


@pytest.fixture
def host(kit: Kit) -> Iterator[Host]:
    with somebody_elses_server() as found:
        key = kit.home.path / "gainsight.key"
        key.write_bytes(SECRET)
        key.chmod(0o600)
        (kit.home.path / "baton.toml").write_text(f'[widget.gainsight]\norigins = ["{found.origin}"]\nkey_file = "gainsight.key"\n')
        invite(Admissions.beside(kit.archive), "priya@cartage.example", reach="all")
        yield found


@pytest.fixture
def app(kit: Kit, host: Host) -> Iterator[FastAPI]:
    with site(kit) as (base, served):
        host.base = base
        yield served


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 900, "height": 760})
    opened = context.new_page()
    opened.set_default_timeout(20_000)
    opened.on("dialog", lambda dialog: pytest.fail(f"a dialog: {dialog.message}"))
    yield opened
    context.close()


def asked(page: Page, question: str) -> Frame:
    inside = frame(page)
    inside.locator("textarea").fill(question)
    inside.locator("textarea").press("Enter")
    inside.locator(".turn[aria-busy=false]").last.wait_for()
    return inside


def frame(page: Page) -> Frame:
    """The shadow root is closed, to the page's scripts and to selectors alike; the browser itself knows its frames."""
    page.wait_for_function("() => window.told.some(([name]) => name === 'ready')")
    return next(each for each in page.frames if "/embed/" in each.url)


def test_a_page_that_means_no_good_neither_reads_nor_restyles_what_it_shows(app: FastAPI, host: Host, page: Page) -> None:
    page.goto(host.origin)
    inside = asked(page, "When do the first two depots go live?")
    assert "18 January 2027" in inside.locator(".turn").inner_text()
    inside.locator(".chip").first.click()
    assert "I can commit to a go-live date of 18 January 2027" in inside.locator(".card mark").first.inner_text()
    assert inside.locator("textarea").evaluate("(box) => getComputedStyle(box).color") != "rgb(255, 0, 0)"
    assert page.evaluate("document.querySelector('baton-ask').shadowRoot") is None
    assert page.evaluate("[...document.querySelectorAll('iframe')].length") == 0
    told = page.evaluate("JSON.stringify(told)")
    assert '"answer"' in told
    assert '"citation"' in told
    assert not any("January" in words for words in (told, *page.evaluate("overheard")))
    assert not any("bw_" in words for words in page.evaluate("overheard"))


def test_words_of_a_source_stay_words(app: FastAPI, host: Host, page: Page) -> None:
    page.goto(host.origin)
    inside = asked(page, "What is the go-live target of February 2027?")
    for chip in inside.locator(".chip").all():
        chip.click()
    assert inside.locator("img").count() == 0
    assert "<img src=x onerror=alert(1)>" in inside.locator("main").inner_text()


def test_when_a_visit_ends_the_host_is_asked_again_and_nobody_notices(app: FastAPI, host: Host, page: Page) -> None:
    page.goto(host.origin)
    asked(page, "When do the first two depots go live?")
    assert len(host.signed) == 1
    app.state.visits.now = lambda: datetime.now(UTC) + timedelta(minutes=16)
    host.signed.clear()
    inside = frame(page)
    inside.locator("textarea").fill("Who promised that?")
    # The host's own tokens are of the old hour for that clock: what is asked again is refused, in words, with a way on.
    inside.locator("textarea").press("Enter")
    inside.locator(".trouble").wait_for()
    assert len(host.signed) == 1
    app.state.visits.now = lambda: datetime.now(UTC)
    inside.get_by_role("button", name="Try again").click()
    inside.locator(".turn[aria-busy=false] .claims").last.wait_for()


def test_a_question_whose_answer_was_lost_is_tried_again_and_asked_once(app: FastAPI, host: Host, page: Page) -> None:
    page.goto(host.origin)
    keys: list[str | None] = []
    again: list[str | None] = []

    def lose(route: Any) -> None:
        keys.append(route.request.headers.get("idempotency-key"))
        if len(keys) == 1:
            route.fetch()
            route.abort()
        else:
            route.continue_()

    page.route("**/answers", lose)
    page.on("response", lambda told: again.append(told.headers.get("idempotency-replayed")) if told.url.endswith("/answers") else None)
    inside = frame(page)
    inside.locator("textarea").fill("When do the first two depots go live?")
    inside.locator("textarea").press("Enter")
    inside.get_by_role("button", name="Try again").click()
    inside.locator(".turn[aria-busy=false] .claims").last.wait_for()
    assert keys[0]
    assert keys == [keys[0]] * 2
    assert again == ["true"]


def test_a_running_answer_is_stopped_in_the_frame_and_on_the_server(kit: Kit, host: Host, page: Page) -> None:
    model = Waiting()
    with site(replace(kit, model=model)) as (base, _):
        host.base = base
        page.goto(host.origin)
        inside = frame(page)
        inside.locator("textarea").fill("What go-live date did we commit to?")
        inside.locator("textarea").press("Enter")
        inside.get_by_text("Read 4 sources").wait_for()
        assert model.asked.wait(10)
        inside.get_by_role("button", name="Stop").click()
        inside.get_by_text("Stopped.").wait_for()
        assert model.stopped.wait(10)
        model.go.set()
        inside.get_by_role("button", name="Ask again").click()
        inside.locator(".turn[aria-busy=false] .claims").wait_for()
        assert inside.locator(".turn").count() == 1


def test_in_a_made_up_language_nothing_of_the_frame_is_left_in_english(app: FastAPI, host: Host, page: Page) -> None:
    """B29, the frame's half. What was said is not ours to translate."""
    host.attributes = 'lang="en-XA" style="width:320px;height:600px"'
    heard = Heard(page)
    page.goto(host.origin)
    inside = frame(page)
    inside.locator("textarea").wait_for()
    found = [("asking", *one) for one in [*inside.evaluate(UNSAID), *inside.evaluate(CLIPPED)] if not heard.holds(one[0])]
    for question in ("When do the first two depots go live?", "Which zeppelin colour does the mascot prefer?"):
        asked(page, question)
        said = [one for one in inside.evaluate(UNSAID) if one[1] not in ("claims", "turn", "next", "past") and not heard.holds(one[0])]
        found += [(question, *one) for one in [*said, *inside.evaluate(CLIPPED)]]
    inside.locator(".tab").nth(1).click()
    inside.locator(".talk.soft, article.talk").first.wait_for()
    found += [("brief", *one) for one in [*inside.evaluate(UNSAID), *inside.evaluate(CLIPPED)] if not heard.holds(one[0])]
    assert found == []


def test_a_page_that_is_not_named_shows_nothing(app: FastAPI, host: Host, page: Page, kit: Kit) -> None:
    (kit.home.path / "baton.toml").write_text('[widget.gainsight]\norigins = ["https://elsewhere.example"]\nkey_file = "gainsight.key"\n')
    refused: list[str] = []
    page.on("console", lambda said: refused.append(said.text))
    page.goto(host.origin)
    page.wait_for_function("() => document.querySelector('baton-ask:defined') !== null")
    page.wait_for_event("console", lambda said: "frame-ancestors" in said.text) if not any(
        "frame-ancestors" in t for t in refused
    ) else None
    assert page.evaluate("told") == []


def test_whoever_is_signed_in_opens_the_frame_by_a_window_of_batons(app: FastAPI, host: Host, page: Page) -> None:
    host.script = ""
    page.goto(host.origin)
    inside = frame(page)
    with page.expect_popup() as opened:
        inside.get_by_role("button", name="Sign in").click()
    if not opened.value.is_closed():
        opened.value.wait_for_event("close")
    assert "18 January 2027" in asked(page, "When do the first two depots go live?").locator(".turn").inner_text()


def test_the_launcher_opens_and_closes_by_keyboard(app: FastAPI, host: Host, page: Page) -> None:
    host.attributes = 'mode="launcher"'
    page.goto(host.origin)
    page.wait_for_function("() => document.querySelector('baton-ask:defined') !== null")
    assert not any("/embed/" in each.url for each in page.frames), "nothing of ours before it is opened"
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    inside = asked(page, "When do the first two depots go live?")
    assert inside.locator(".turn").count() == 1
    inside.locator("textarea").press("Escape")
    page.wait_for_timeout(0)
    page.evaluate("document.querySelector('baton-ask').ask('Who promised that?')")
    inside.locator(".turn[aria-busy=false]").nth(1).wait_for()
