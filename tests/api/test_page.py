"""The page: served whole from here, nothing from elsewhere, and no way for a source's words to become mark-up."""

from __future__ import annotations

import re

import pytest
from fastapi.testclient import TestClient

from api.routes.pages import WEB
from tests.api.served import Served

SCRIPTS = sorted(WEB.glob("*.js"))


def test_the_page_and_all_it_names_are_served_without_credentials(served: Served) -> None:
    anyone = served.client()
    page = anyone.get("/")
    assert page.headers["content-type"].startswith("text/html")
    for address in re.findall(r'(?:href|src)="(/web/[^"]+)"', page.text):
        assert anyone.get(address).status_code == 200, address


def test_modules_import_only_what_is_there(client: TestClient) -> None:
    for script in SCRIPTS:
        for name in re.findall(r'(?:from|import\()\s*"\./([^"]+)"', script.read_text("utf-8")):
            assert client.get(f"/web/{name}").headers["content-type"].startswith("text/javascript"), (script.name, name)


def test_nothing_on_the_page_comes_from_another_place() -> None:
    allowed = {"http://www.w3.org/2000/svg"}
    for file in WEB.iterdir():
        found = set(re.findall(r"https?://[^\s\"')]+", file.read_text("utf-8")))
        assert found <= allowed, file.name


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.name)
def test_words_of_a_source_can_only_become_text(script: object) -> None:
    text = next(one for one in SCRIPTS if one == script).read_text("utf-8")
    for way in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "DOMParser", "eval(", "new Function", "srcdoc"):
        assert way not in text


def test_the_policy_finds_nothing_inline_to_refuse() -> None:
    page = (WEB / "index.html").read_text("utf-8")
    assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=", page)


def test_files_beside_the_page_stay_out_of_reach(client: TestClient) -> None:
    for path in ("/web/../app.py", "/web/%2e%2e/app.py", "/web/..%2fapp.py", "/web/"):
        assert client.get(path).status_code == 404
