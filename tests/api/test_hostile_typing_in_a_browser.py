"""All the hostile strings typed into every field a reader writes in, as many at once as it holds: shown as written, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from assistant.wiring import Kit, open_kit
from ingest.archive.archive import Archive
from ingest.archive.scope import EVERYTHING
from ingest.wiring import open_home
from tests.api.hostile import HOSTILE, in_lots
from tests.api.hostile import page as page
from tests.api.hostile import seen as seen
from tests.api.served import fill, no_weights

if TYPE_CHECKING:
    from playwright.sync_api import Page

LOTS = in_lots(4000)


@pytest.fixture(scope="module")
def kit(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kit]:
    home = tmp_path_factory.mktemp("typed")
    with Archive.open(home, write=True) as archive, archive.transaction():
        fill(archive)
    with open_kit(open_home(Path(home), write=True, load_embedder=no_weights)) as opened:
        yield opened


def account(kit: Kit) -> str:
    return next(one.id for one in kit.archive.accounts(EVERYTHING) if one.name == "Halden Freight Group")


def plain(words: str) -> str:
    return " ".join(words.split())


def tell(where: str) -> None:
    print(f"{len(HOSTILE)} strings typed as {where}: text as it was written, no script, dialog or request off origin")


def test_as_questions(kit: Kit, page: Page) -> None:
    page.goto(f"/a/{account(kit)}")
    for number, words in enumerate(LOTS):
        page.locator("#question").fill(words)
        page.locator("#question").press("Enter")
        page.locator("article.turn .acts").nth(number).wait_for()
    assert page.locator("article.turn h2").all_text_contents() == [plain(words) for words in LOTS]
    tell("questions")


def test_as_questions_and_answers_on_a_brief(kit: Kit, page: Page) -> None:
    base = f"/api/v1/accounts/{account(kit)}"
    page.goto(f"/a/{account(kit)}/brief")
    for words in LOTS:
        assert page.request.post(f"{base}/gaps", data={"question": words}).status in (200, 201)
    page.reload()
    page.locator(".gaps li").first.wait_for()
    assert {plain(words) for words in LOTS} <= set(page.locator(".gaps li b").all_text_contents())
    brief = page.request.get(f"{base}/briefs/current").json()
    for gap, words in zip([one for one in brief["gaps"] if one["kind"] == "asked"], reversed(LOTS), strict=True):
        tag = {"If-Match": f'"{brief["revision"]}"'}
        kept = page.request.patch(f"/api/v1/briefs/{brief['id']}/gaps/{gap['id']}", data={"act": "answer", "text": words}, headers=tag)
        assert kept.status == 200
        brief = kept.json()
    page.reload()
    page.locator("#attested li").nth(len(LOTS) - 1).wait_for()
    shown = page.locator("#attested li").all_text_contents()
    assert all(any(plain(words) in one for one in shown) for words in LOTS)
    tell("a brief's questions and their answers")


def test_as_lines_and_edits_and_a_reason_for_sending_a_brief_back(kit: Kit, page: Page) -> None:
    base = f"/api/v1/accounts/{account(kit)}"
    page.goto(f"/a/{account(kit)}/brief")
    brief = page.request.get(f"{base}/briefs/current").json()
    for words in LOTS:
        wanted = {"section": "why", "text": words}
        added = page.request.post(f"/api/v1/briefs/{brief['id']}/claims", data=wanted, headers={"If-Match": f'"{brief["revision"]}"'})
        assert added.status == 201
        brief = added.json()
    line = brief["promises"][0]["id"]
    for words in LOTS:
        wanted = {"act": "edit", "text": words, "as_note": True}
        tag = {"If-Match": f'"{brief["revision"]}"'}
        edited = page.request.patch(f"/api/v1/briefs/{brief['id']}/claims/{line}", data=wanted, headers=tag)
        assert edited.status == 200
        brief = edited.json()
        page.reload()
        page.get_by_text(plain(words)[:60], exact=False).first.wait_for(state="attached")
        assert plain(words) in page.locator("main").text_content()
    page.locator("main").wait_for()
    shown = page.locator("main").text_content() or ""
    assert all(plain(words) in shown for words in LOTS)
    for words in LOTS:
        handed = page.request.post(f"/api/v1/briefs/{brief['id']}/approve", data={"with_open": True})
        assert handed.status == 200
        sent = page.request.post(f"/api/v1/briefs/{brief['id']}/return", data={"because": words})
        assert sent.status == 200
        page.reload()
        page.locator(".warnings b").first.wait_for()
        assert page.locator(".warnings b").first.text_content() == plain(words)
    tell("a brief's lines, their edits and a reason for sending it back")


def test_as_what_became_of_a_promise(kit: Kit, page: Page) -> None:
    [promise, *_] = page.request.get("/api/v1/promises").json()["items"]
    for words in in_lots(1000):
        marked = page.request.post(f"/api/v1/promises/{promise['id']}/status", data={"status": "kept", "because": words})
        assert marked.status == 200
        page.goto("/promises")
        page.locator(".status-cell .who").first.wait_for()
        assert (page.locator(".status-cell .who").first.text_content() or "").startswith(plain(words))
    tell("what became of a promise")


def test_as_searches(kit: Kit, page: Page) -> None:
    fields = {f"/a/{account(kit)}/sources": "the deal history", "/promises": "promises", f"/a/{account(kit)}/people": "people"}
    for path, label in fields.items():
        page.goto(path)
        for words in in_lots(200):
            page.get_by_label(f"Search {label}").fill(words)
        page.reload()
        page.get_by_label(f"Search {label}").wait_for()
    tell("searches")


def test_as_a_readers_word_on_an_answer(kit: Kit, page: Page) -> None:
    asked = page.request.post(f"/api/v1/accounts/{account(kit)}/answers", data={"question": "When do we have to be live?"}).json()
    for words in in_lots(2000):
        given = page.request.post(f"/api/v1/answers/{asked['id']}/feedback", data={"rating": "down", "reasons": ["wrong"], "text": words})
        assert given.status in (200, 201, 204)
    page.goto(f"/a/{account(kit)}/t/{asked['thread_id']}")
    page.locator("article.turn .acts").first.wait_for()
    tell("a word on an answer")
