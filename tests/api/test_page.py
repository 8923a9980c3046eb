"""The page: served whole from here, nothing from elsewhere, and no way for a source's words to become mark-up."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from api.routes.pages import WEB
from eval.command import BASELINE
from tests.api.served import Served

SCRIPTS = sorted(WEB.glob("*.js"))
VENDOR = WEB / "vendor"
MAKING = WEB.parents[1] / "scripts"
WAYS = (
    "innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "DOMParser", "eval(", "new Function", "srcdoc", "dangerouslySet",
)  # fmt: skip
"""By which words become mark-up or a program."""
CRITICAL = ("vendor/ui.js", "words.js", "core.js", "parts.js", "app.js", "ask.js")
"""What asking needs; everything else comes when it is first opened."""


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
    allowed = {f"http://www.w3.org/{name}" for name in ("2000/svg", "1999/xhtml", "1998/Math/MathML")}  # names, not places
    for file in (each for each in WEB.rglob("*") if each.is_file() and each.name != "LICENSES.txt"):
        found = set(re.findall(r"https?://[^\s\"')]+", file.read_text("utf-8")))
        assert found <= allowed, file.name


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.name)
def test_words_of_a_source_can_only_become_text(script: object) -> None:
    text = next(one for one in SCRIPTS if one == script).read_text("utf-8")
    for way in WAYS:
        assert way not in text


def packed(*names: str) -> int:
    return sum(len(gzip.compress((WEB / name).read_bytes(), 9)) for name in names)


def test_what_asking_loads_is_small_and_comes_in_six_modules() -> None:
    """Kilobytes as they are sent, compressed."""
    assert packed(*CRITICAL) <= 45_000
    assert packed("vendor/ui.js") <= 10_240
    assert packed("app.css", "tokens.css") <= 12_000
    page = (WEB / "index.html").read_text("utf-8")
    assert set(re.findall(r'(?:rel="modulepreload" href|type="module" src)="/web/([^"]+)"', page)) == set(CRITICAL)
    for script in CRITICAL[1:]:
        assert set(re.findall(r'^import .* from "\./([^"]+)"', (WEB / script).read_text("utf-8"), re.MULTILINE)) <= set(CRITICAL)


def test_modules_are_sent_without_their_comments_and_otherwise_as_they_are(client: TestClient) -> None:
    sent = {script: client.get(f"/web/{script.name}") for script in SCRIPTS}
    for script, answer in sent.items():
        lines, whole = answer.text.split("\n"), script.read_text("utf-8").split("\n")
        assert answer.headers["content-type"] == "text/javascript; charset=utf-8"
        assert len(lines) == len(whole), script.name
        left = [(one, other) for one, other in zip(lines, whole, strict=True) if one != other]
        assert all(not one and re.match(r"\s*(/\*\*|\*|//|[^`;{}]*\*/$)", other) for one, other in left), script.name
        again = client.get(f"/web/{script.name}", headers={"If-None-Match": answer.headers["etag"]})
        assert (again.status_code, again.text) == (304, "")
    assert "@param" not in sent[WEB / "ask.js"].text
    assert client.get("/web/vendor/ui.js").content == (VENDOR / "ui.js").read_bytes()
    asking = [gzip.compress(client.get(f"/web/{name}").content, 9) for name in (*CRITICAL, "theme.js", "evidence.js")]
    assert sum(map(len, asking)) <= 40_000


def test_a_brief_is_read_for_a_few_kilobytes_more_and_reviewed_for_a_few_more() -> None:
    """Of what comes when it is first opened, the largest page."""
    assert packed("brief.js") <= 14_500
    assert packed("review.js", "versions.js") <= 10_500


def test_the_one_foreign_file_is_the_one_that_was_made_and_says_whose_it_is() -> None:
    listed = json.loads((VENDOR / "VENDOR.json").read_text("utf-8"))
    assert hashlib.sha256((VENDOR / listed["file"]).read_bytes()).hexdigest() == listed["sha256"]
    assert {path.name for path in VENDOR.iterdir()} == {"VENDOR.json", "LICENSES.txt", listed["file"]}
    licences = (VENDOR / "LICENSES.txt").read_text("utf-8")
    for package in listed["packages"]:
        assert f"{package['name']} {package['version']}\n" in licences
        assert package["license"] in {"MIT", "Apache-2.0"}
    whole = (VENDOR / listed["file"]).read_text("utf-8")
    assert all(package["name"] in whole.splitlines()[0] for package in listed["packages"])
    given = set(re.findall(r"(?<= as )\w+", whole.rpartition("export{")[2]))
    taken = [re.findall(r'^import \{ (.+) \} from "\./vendor/ui\.js"', script.read_text("utf-8"), re.MULTILINE) for script in SCRIPTS]
    assert given == {name for lines in taken for names in lines for name in names.split(", ")}


def test_the_policy_finds_nothing_inline_to_refuse() -> None:
    page = (WEB / "index.html").read_text("utf-8")
    assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=", page)


def test_files_beside_the_page_stay_out_of_reach(client: TestClient) -> None:
    for path in ("/web/../app.py", "/web/%2e%2e/app.py", "/web/..%2fapp.py", "/web/"):
        assert client.get(path).status_code == 404


def test_who_mistypes_an_address_gets_the_page_and_a_program_its_problem(client: TestClient) -> None:
    shown = client.get("/promisses", headers={"Accept": "text/html,*/*"})
    assert (shown.status_code, shown.headers["content-type"]) == (404, "text/html; charset=utf-8")
    assert shown.text == (WEB / "index.html").read_text("utf-8")
    for path, accept in (("/promisses", "*/*"), ("/api/v1/promisses", "text/html"), ("/web/app.jss", "text/html")):
        assert client.get(path, headers={"Accept": accept}).json()["code"] == "not_found"


def test_the_types_of_the_modules_are_checked(tmp_path: Path) -> None:
    """A field that the server does not send and an argument of another kind are both named, each where it stands."""
    shutil.copytree(WEB, tmp_path / "api" / "web")
    types = tmp_path / "scripts" / "types"
    shutil.copytree(MAKING / "types", types)
    made = subprocess.run([sys.executable, MAKING / "web-types"], capture_output=True, text=True, check=True)
    (types / "shapes.d.ts").write_text(made.stdout, "utf-8")
    for name, right, wrong in (("people.js", "value?.items", "value?.itmes"), ("history.js", "month(source.occurred_on)", "month(source)")):
        file = tmp_path / "api" / "web" / name
        text = file.read_text("utf-8")
        assert right in text
        file.write_text(text.replace(right, wrong), "utf-8")
    checker = [str(Path(sys.executable).with_name("deno")), "check", "--quiet", "--no-remote", "--no-npm"]
    checked = subprocess.run(
        [*checker, "--config", "scripts/types/jsconfig.json", "api/web/people.js", "api/web/history.js"],
        cwd=tmp_path,
        env={"NO_COLOR": "1", "DENO_NO_UPDATE_CHECK": "1", "DENO_DIR": str(tmp_path / "deno"), "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert checked.returncode != 0
    assert "Property 'itmes' does not exist on type 'PeoplePage'" in checked.stderr
    assert "history.js" in checked.stderr
    assert checked.stderr.count("[ERROR]") == 2, checked.stderr


def test_every_measure_has_a_name_for_readers() -> None:
    named = set(re.findall(r"(\w+): t\(", (WEB / "quality.js").read_text("utf-8")))
    assert set(json.loads(BASELINE.read_text("utf-8"))["measures"]) <= named
