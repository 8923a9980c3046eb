"""A real Chromium on a real server on loopback: whatever it asks of another place, logs as an error or throws fails the test."""

from __future__ import annotations

import os
import re
import shutil
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest
from fastapi import FastAPI

from assistant.wiring import Kit
from tests.api.listening import listening
from tests.api.served import serve

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

CHROMIUM = os.environ.get("BATON_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser") or ""
PATIENCE = 30_000
"""Milliseconds that what a test waits for may take: a busy machine is no fault, and what never comes still fails."""
QUIET = ("Failed to load resource",)
"""What the browser itself logs of a response that is no 200; tests that expect one look at the page."""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One a module: while it is there its event loop runs in this thread, and tests of other modules want to run one of their own."""
    sync_api = pytest.importorskip("playwright.sync_api")
    if not CHROMIUM:
        if os.environ.get("CI"):
            pytest.fail("there is no Chromium; .ci/run installs Debian's")
        pytest.skip("there is no Chromium here: apt-get install chromium, or name one in BATON_CHROMIUM")
    with sync_api.sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"])
        yield started
        started.close()


@dataclass
class Watched:
    """A context and what went wrong in it."""

    context: BrowserContext
    base: str
    faults: list[str] = field(default_factory=list)
    elsewhere: list[str] = field(default_factory=list)

    def page(self) -> Page:
        page = self.context.new_page()
        page.set_default_timeout(PATIENCE)
        page.on("console", lambda said: self._log(said.type, said.text))
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        page.on("dialog", lambda dialog: self.faults.append(f"dialog: {dialog.message}"))
        return page

    def _log(self, kind: str, text: str) -> None:
        if kind in ("error", "warning") and not text.startswith(QUIET):
            self.faults.append(text)


@contextmanager
def watched(browser: Browser, base: str, **options: Any) -> Iterator[Watched]:
    context = browser.new_context(base_url=base, **{"viewport": {"width": 1440, "height": 900}, **options})
    found = Watched(context, base)

    def guard(route: Any) -> None:
        if route.request.url.startswith((base, "data:", "blob:")):
            route.continue_()
        else:
            found.elsewhere.append(route.request.url)
            route.abort()

    context.route("**/*", guard)
    try:
        yield found
        assert found.elsewhere == []
        assert found.faults == []
    finally:
        context.close()


@contextmanager
def site(kit: Kit, environment: dict[str, str] | None = None) -> Iterator[tuple[str, FastAPI]]:
    """The address at which the kit's home is served; without authentication unless the environment says otherwise."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        port = held.getsockname()[1]
    app, _ = serve(kit, environment={"BATON_DEV_OPEN": "1"} if environment is None else environment, port=port)
    with listening(app, port) as address:
        yield address, app


def ask(page: Page, question: str) -> None:
    """Asks in the box and waits until the answer is whole."""
    page.locator("#question").fill(question)
    page.locator("#question").press("Enter")
    page.locator("article.turn", has=page.get_by_role("heading", name=question, exact=True)).last.locator(".acts").wait_for()


def path_of(page: Page) -> str:
    return re.sub(r"^https?://[^/]+", "", page.url)
