"""Hundreds of strings that elsewhere became scripts, links out or mark-up, in every field that can be filled: here they are text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest

from assistant.wiring import Kit, open_kit
from ingest.archive.archive import Archive
from ingest.archive.rows import Held
from ingest.archive.scope import EVERYTHING
from ingest.records import Call, Note, Participant, Turn
from ingest.wiring import open_home
from tests.api.browsing import Watched, site, watched
from tests.api.hostile import HOSTILE, RUNS
from tests.api.hostile import page as page
from tests.api.hostile import seen as seen
from tests.api.served import DANA, MARTA, no_weights, put_interaction

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

AT_ONCE = 60
"""Of them in one call, mail or list."""


@pytest.fixture(scope="module")
def hostile_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An account, people, titles, words, held things and links that are all hostile."""
    home = tmp_path_factory.mktemp("hostile")
    day = datetime(2026, 1, 1, 12, tzinfo=UTC)
    with Archive.open(home, write=True) as archive, archive.transaction():
        account = archive.put_account(HOSTILE[1], ["hostile.example"])
        for number, words in enumerate(HOSTILE):
            who = Participant(words, f"p{number}@hostile.example", words, "buyer")
            note = Note(
                source="salesforce",
                external_id=f"n{number}",
                title=words,
                occurred_at=day + timedelta(hours=number),
                participants=(DANA, who),
                turns=(Turn(words, who),),
                url=words,
            )
            put_interaction(archive, account, None, note)
        for first in range(0, len(HOSTILE), AT_ONCE):
            turns = tuple(
                Turn(words, replace(MARTA, name=words), starts_s=10.0 * n) for n, words in enumerate(HOSTILE[first : first + AT_ONCE])
            )
            call = Call(source="gong", external_id=f"c{first}", title="A call", occurred_at=day, participants=(DANA, MARTA), turns=turns)
            put_interaction(archive, account, None, call)
        held = [
            Held(words, "no_account", words, (words,), item=f"hld_{n:010}", kind="email", title=words, people=(words,))
            for n, words in enumerate(HOSTILE)
        ]
        archive.set_aside_held("in/x", held)
    return home


@pytest.fixture(scope="module")
def kit(hostile_home: Path) -> Iterator[Kit]:
    with open_kit(open_home(hostile_home, write=True, load_embedder=no_weights)) as opened:
        yield opened


def tell(seen: Watched, where: str) -> None:
    ran, asked = len(seen.faults), len(seen.elsewhere)
    print(f"{len(HOSTILE)} strings as {where}: text as it was written, {ran} scripts or dialogs, {asked} requests off origin")


def words_of(page: Page, selector: str) -> list[str]:
    return list(page.locator(selector).all_text_contents())


def home_of(kit: Kit) -> str:
    return f"/a/{kit.archive.accounts(EVERYTHING)[0].id}"


def test_there_are_enough_of_them() -> None:
    assert len(set(HOSTILE)) >= 400


def test_titles_and_names_in_the_history_are_what_was_written(kit: Kit, page: Page, seen: Watched) -> None:
    page.goto(f"{home_of(kit)}/sources?kind=crm_note")
    page.wait_for_function("wanted => document.querySelectorAll('.row').length === wanted", arg=len(HOSTILE))
    assert words_of(page, ".row .names b") == HOSTILE
    assert words_of(page, ".row .names > span") == [f"Dana Okafor, {words}" for words in HOSTILE]
    assert page.locator(".names b").first.text_content() == HOSTILE[1]  # the account's, in the rail
    tell(seen, "titles, names and an account's name")


def test_what_was_said_is_what_was_written(kit: Kit, page: Page, seen: Watched) -> None:
    calls = [source for source in kit.archive.sources(EVERYTHING) if source.kind == "call"]
    said: list[str] = []
    speakers: list[str] = []
    for call in sorted(calls, key=lambda source: int(source.external_id[1:])):
        page.goto(f"{home_of(kit)}/sources?s={call.id}")
        page.locator(".ev .seg").first.wait_for()
        while page.get_by_role("button", name="more turn").count():
            before = page.locator(".ev .seg").count()
            page.get_by_role("button", name="more turn").click()
            page.wait_for_function("before => document.querySelectorAll('.ev .seg').length > before", arg=before)
        said += words_of(page, ".ev .said")
        speakers += page.locator(".ev .speaker").evaluate_all("all => all.map((one) => one.firstChild.textContent)")
    assert said == HOSTILE
    assert len(speakers) == len(HOSTILE)
    tell(seen, "words and speakers of calls")


def test_a_link_that_is_no_web_address_is_never_one(kit: Kit, page: Page) -> None:
    note = next(source for source in kit.archive.sources(EVERYTHING) if source.title.startswith("javascript:"))
    page.goto(f"{home_of(kit)}/sources?s={note.id}")
    page.locator(".ev .seg").first.wait_for()
    schemes = page.locator("a[href]").evaluate_all("all => [...new Set(all.map((one) => new URL(one.href).origin))]")
    assert schemes == [page.evaluate("location.origin")]
    assert page.locator(".ev [data-original]").count() == 0


def test_people_and_what_is_held_are_what_was_written(kit: Kit, page: Page, seen: Watched) -> None:
    page.goto(f"{home_of(kit)}/people")
    page.locator(".persons li").first.wait_for()
    assert set(HOSTILE) <= set(words_of(page, ".persons .names b"))
    page.goto("/imports")
    page.locator(".held li").first.wait_for()
    assert sorted(words_of(page, ".held h3")) == sorted(HOSTILE)
    assert sorted(words_of(page, ".held .file")) == sorted(HOSTILE)
    tell(seen, "people and held files")


def test_what_a_reader_types_is_what_is_shown(kit: Kit, page: Page) -> None:
    page.goto(home_of(kit))
    for words in HOSTILE[:: len(HOSTILE) // 12]:
        page.locator("#question").fill(words)
        page.locator("#question").press("Enter")
        page.locator("article.turn:last-child .acts").wait_for()
    assert words_of(page, "article.turn h2") == [" ".join(words.split()) for words in HOSTILE[:: len(HOSTILE) // 12]]
    fields = {f"{home_of(kit)}/sources": "the deal history", "/promises": "promises", f"{home_of(kit)}/people": "people"}
    for path, label in fields.items():
        page.goto(path)
        for words in HOSTILE[:: len(HOSTILE) // 8]:
            page.get_by_label(f"Search {label}").fill(words[:200])
        page.reload()
        page.get_by_label(f"Search {label}").wait_for()


def test_an_address_is_no_way_in_either(kit: Kit, page: Page) -> None:
    home = home_of(kit)
    for words in HOSTILE[:: len(HOSTILE) // 4]:
        put = quote(words, safe="")
        for path in (f"/a/{put}", f"{home}/sources?q={put}", f"{home}?c={put}", f"{home}/t/{put}", f"/#/{put}"):
            page.goto(path)
            page.locator("main h1, main h2, main h3, pre").first.wait_for(state="attached")  # a slash in a name is no page of ours


def test_a_copied_answer_carries_no_mark_up_of_its_words(kit: Kit, browser: Browser) -> None:
    permissions: Any = ["clipboard-read", "clipboard-write"]
    with site(kit) as (base, _), watched(browser, base, permissions=permissions) as found:
        page = found.page()
        page.goto(home_of(kit))
        page.locator("#question").fill("What is img src x onerror hit?")
        page.locator("#question").press("Enter")
        page.locator("article.turn .acts").wait_for()
        page.get_by_role("button", name="Copy with sources").click()
        page.get_by_role("button", name="Copied").wait_for()
        mark_up = page.evaluate("async () => (await (await navigator.clipboard.read())[0].getType('text/html')).text()")
        assert "<img" not in mark_up
        assert "<script" not in mark_up


BARE = """all => all.map((one) => {
  const copy = one.cloneNode(true);
  copy.querySelectorAll('.cite').forEach((chip) => chip.remove());
  return copy.textContent;
})"""
"""Claims without the marks of their sources."""


def test_questions_answers_and_reasons_on_a_brief_are_what_was_written(kit: Kit, page: Page) -> None:
    base = f"/api/v1/accounts/{kit.archive.accounts(EVERYTHING)[0].id}"
    asked, told = HOSTILE[:: len(RUNS) * 2], HOSTILE[5 :: len(RUNS) * 2]  # each second wrap
    for words in asked:
        assert page.request.post(f"{base}/gaps", data={"question": words}).status in (200, 201)
    brief = page.request.get(f"{base}/briefs/current").json()
    gaps = [one for one in brief["gaps"] if one["kind"] == "asked"]
    assert [one["question"] for one in gaps] == [" ".join(words.split()) for words in asked]
    half = len(told) // 2
    for gap, words in zip(gaps[:half], told[:half], strict=True):
        tag = {"If-Match": f'"{brief["revision"]}"'}
        kept = page.request.patch(f"/api/v1/briefs/{brief['id']}/gaps/{gap['id']}", data={"act": "answer", "text": words}, headers=tag)
        assert kept.status == 200
    page.goto(f"{home_of(kit)}/brief")
    page.locator("#attested li").nth(half - 1).wait_for(state="attached")
    left = {" ".join(words.split()) for words in asked[half:]}
    assert left <= set(words_of(page, ".gaps li b"))
    answers = page.locator("#attested .claim").evaluate_all(BARE)
    assert answers == [" ".join(words.split()) for words in told[:half]]
    # The foot of a printed page is a rule of style: the account's name stays inside its string.
    [rule] = page.evaluate("[...document.adoptedStyleSheets[0].cssRules].map((one) => one.cssText)")
    assert rule.startswith("@page")
    page.goto(f"{home_of(kit)}/brief/review")
    page.locator(".queue .item").first.wait_for()
    assert len(words_of(page, ".queue .asked")) <= 12
