"""Imports that the server makes itself: of folders that the settings name and of nothing else, one at a time, told, stopped, reported."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
from fastapi.testclient import TestClient

from api.importing import Imports, load_folders
from api.keys import create_key, revoke_key
from assistant.wiring import Kit, open_kit
from ingest.connectors.mirror import Mirror
from ingest.settings import BadSettings
from tests.api.listening import listening
from tests.api.offices import PATIENCE_S, HeldUp
from tests.api.served import BASE, serve
from tests.api.test_running import caller
from tests.conftest import HALDEN, Desk
from tests.exports import DANA, MARTA, at, mail

API = "/api/v1/imports"


@pytest.fixture
def kit(desk: Desk) -> Iterator[Kit]:
    """A home into which nothing was read yet, and exports beside it."""
    desk.write(HALDEN)
    desk.home.mkdir()
    (desk.home / "baton.toml").write_text('[imports]\nexports = "../files"\nlost = "/nowhere/at/all"\n', "utf-8")
    with open_kit(desk.open(write=True)) as kit:
        yield kit


def heard(client: TestClient, id: str) -> list[dict[str, Any]]:
    """Every event until the last."""
    with client.stream("GET", f"{API}/{id}/events") as told:
        assert told.headers["content-type"].startswith("text/event-stream")
        return [json.loads(line.removeprefix("data: ")) for line in told.iter_lines() if line.startswith("data: ")]


def test_a_folder_of_the_settings_is_imported_with_the_report_of_the_command_line(kit: Kit, desk: Desk) -> None:
    client = caller(kit)
    page = client.get(API).json()
    assert page["sources"] == [{"name": "exports", "there": True}, {"name": "lost", "there": False}]
    assert str(desk.files) not in str(page)
    begun = client.post(API, json={"source": "exports"})
    assert begun.status_code == 202
    assert begun.headers["location"] == f"{API}/{begun.json()['id']}"
    last = heard(client, begun.json()["id"])[-1]
    assert (last["type"], last["import"]["state"]) == ("import.completed", "done")
    report = last["import"]["report"]
    assert (report["new"], report["held"], report["failed"]) == (4, [], [])
    assert client.get(f"{API}/{begun.json()['id']}").json() == last["import"]
    asked = client.post("/api/v1/accounts/halden/answers", json={"question": "What go-live date did we commit to?"}).json()
    assert "18 January" in str(asked["blocks"])

    desk.write({"emails/new.eml": mail(DANA, MARTA, "Malmö goes live first.", id="m9@cartage", on=at(9, 9)), "broken.json": '{"broken'})
    again = heard(client, client.post(API, json={"source": "exports"}).json()["id"])[-1]["import"]["report"]
    assert (again["new"], again["unchanged"]) == (1, 4)
    assert [one["file"] for one in again["failed"]] == ["broken.json"]
    [latest, first] = client.get(API).json()["items"]
    assert (latest["new"], latest["failed"], first["new"]) == (1, 1, 4)


@pytest.mark.parametrize("source", ["elsewhere", "/etc", "../files", "exports/../..", "imports"])
def test_nothing_else_is_a_source_whatever_it_is_called(kit: Kit, source: str) -> None:
    refused = caller(kit).post(API, json={"source": source})
    assert (refused.status_code, refused.json()["code"]) == (404, "no_source")
    assert refused.json()["detail"] == "[imports] in baton.toml names no folder so."


def test_a_folder_that_is_not_there_is_said_to_be_missing(kit: Kit) -> None:
    client = caller(kit)
    last = heard(client, client.post(API, json={"source": "lost"}).json()["id"])[-1]["import"]
    assert (last["state"], last["report"]) == ("failed", None)
    assert "There is nothing at" in last["detail"]


def test_what_was_set_aside_is_read_again_when_its_import_is_retried(kit: Kit, desk: Desk) -> None:
    client = caller(kit)
    desk.write({"broken.json": '{"broken'})
    first = heard(client, client.post(API, json={"source": "exports"}).json()["id"])[-1]["import"]
    assert [one["file"] for one in first["report"]["failed"]] == ["broken.json"]
    retried = client.post(f"{API}/{first['id']}/retry")
    assert retried.status_code == 202
    assert retried.headers["location"] == f"{API}/{retried.json()['id']}" != f"{API}/{first['id']}"
    again = heard(client, retried.json()["id"])[-1]["import"]
    assert (again["source"], again["report"]["new"], again["report"]["unchanged"]) == ("exports", 0, 4)
    assert [one["file"] for one in again["report"]["failed"]] == ["broken.json"]
    (desk.home / "baton.toml").write_text("", "utf-8")
    refused = client.post(f"{API}/{first['id']}/retry")
    assert (refused.status_code, refused.json()["code"]) == (404, "no_source")


def test_while_one_runs_questions_are_answered_nothing_else_files_and_stopping_keeps_what_was_read(kit: Kit) -> None:
    app, admissions = serve(kit)
    held_up = HeldUp()
    app.state.imports = Imports(kit.home, held_up)
    key = create_key(admissions, "run", None, role="admin")
    client = TestClient(app, BASE, client=("127.0.0.1", 50000), headers={"Authorization": f"Bearer {key}"})
    begun = client.post(API, json={"source": "exports"}).json()["id"]
    assert held_up.begun.wait(PATIENCE_S)
    running = client.get(API).json()["running"]
    assert (running["id"], running["stage"], running["done"], running["total"]) == (begun, "reading", 1, 3)
    for path, body in ((API, {"source": "exports"}), ("/api/v1/held/hld_1/dismiss", None)):
        refused = client.post(path, json=body)
        assert (refused.status_code, refused.json()["code"]) == (409, "import_in_progress"), path
    kit.archive.put_account("Newco")
    assert client.post("/api/v1/accounts/newco/answers", json={"question": "When?"}).status_code == 200
    assert client.post(f"{API}/{begun}/cancel").json()["state"] == "running"
    held_up.go_on.set()
    last = heard(client, begun)[-1]["import"]
    assert last["state"] == "stopped"
    assert client.post(f"{API}/{begun}/cancel").json() == last
    anew = heard(client, client.post(API, json={"source": "exports"}).json()["id"])[-1]["import"]
    assert (anew["state"], anew["report"]["new"]) == ("done", 4)


def test_a_fault_of_ours_is_told_without_its_words_and_the_next_import_can_begin(kit: Kit) -> None:
    def broken(*_: Any, **__: Any) -> Any:
        raise RuntimeError("the words of a mail")

    app, admissions = serve(kit)
    app.state.imports = Imports(kit.home, broken)
    key = create_key(admissions, "run", None, role="admin")
    client = TestClient(app, BASE, client=("127.0.0.1", 50000), headers={"Authorization": f"Bearer {key}"})
    for _ in range(2):
        last = heard(client, client.post(API, json={"source": "exports"}).json()["id"])[-1]
        assert last["import"]["state"] == "failed"
        assert "the words of a mail" not in str(last)


def test_who_may_no_longer_run_this_home_hears_no_more_of_it(kit: Kit) -> None:
    app, admissions = serve(kit)
    held_up = HeldUp()
    app.state.imports = Imports(kit.home, held_up)
    key = create_key(admissions, "run", None, role="admin")
    headers = {"Authorization": f"Bearer {key}"}
    with listening(app) as address, httpx2.Client(base_url=address, headers=headers, timeout=PATIENCE_S) as client:
        begun = client.post(API, json={"source": "exports"}).json()["id"]
        assert held_up.begun.wait(PATIENCE_S)
        with client.stream("GET", f"{API}/{begun}/events") as told:
            lines = told.iter_lines()
            assert "import.progress" in next(lines)
            revoke_key(admissions, key[:11])
            assert "event: error" in list(lines)
        held_up.go_on.set()


@pytest.mark.parametrize(
    ("table", "why"),
    [
        ("exports = 3", "is the path of a folder"),
        ('exports = "."', "holds this home itself"),
        ('exports = ".."', "holds this home itself"),
        ('exports = "/"', "holds this home itself"),
    ],
)
def test_folders_that_cannot_be_meant_are_refused(tmp_path: Path, table: str, why: str) -> None:
    (tmp_path / "baton.toml").write_text(f"[imports]\n{table}\n", "utf-8")
    with pytest.raises(BadSettings, match=why):
        load_folders(tmp_path)


def test_the_imports_tell_which_tools_are_asked_and_how_the_last_pull_went(
    kit: Kit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BATON_GONG_ACCESS_KEY", "a-key")
    monkeypatch.setenv("BATON_GONG_SECRET", "a-secret")
    monkeypatch.setenv("BATON_FATHOM_KEY_FILE", str(tmp_path / "not there"))
    last = {"at": "2026-10-02T09:00:00+00:00", "asked": 12, "changed": 3, "removed": 1}
    gong = Mirror(kit.home.path, "gong")
    gong.taken_in(last)
    gong.failed("api.gong.io does not accept the credentials (401).", "2026-10-02T10:00:00+00:00")
    body = caller(kit).get(API).json()
    found = {each["source"]: each for each in body["pulled"]}
    assert found["gong"] == {
        "source": "gong", "connected": True, "needs": ["BATON_GONG_ACCESS_KEY", "BATON_GONG_SECRET"], "since": None, "last": last,
        "trouble": "api.gong.io does not accept the credentials (401).", "trouble_at": "2026-10-02T10:00:00+00:00", "waiting": 0,
        "kept": {},
    }  # fmt: skip
    assert not found["hubspot"]["connected"]
    Mirror(kit.home.path, "zoom").failed("zoom.us is down.", "2026-10-02T10:00:00+00:00")
    [zoom] = [each for each in caller(kit).get(API).json()["pulled"] if each["source"] == "zoom"]
    assert (zoom["connected"], zoom["trouble"], zoom["trouble_at"]) == (False, None, None)
    assert found["fathom"]["trouble"] == "Its settings cannot be used; `baton connect` says why."
    assert "a-secret" not in str(body)
    assert str(tmp_path) not in str(body)
