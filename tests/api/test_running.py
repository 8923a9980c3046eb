"""Imports, what is held, people, settings and measured quality over HTTP, for whoever runs a home."""

from __future__ import annotations

import json
import os

import pytest
from fastapi.testclient import TestClient

from api.keys import create_key
from assistant.wiring import Kit
from ingest.archive.scope import EVERYTHING
from tests.api.served import BASE, serve


def caller(kit: Kit, *accounts: str) -> TestClient:
    app, admissions = serve(kit)
    key = create_key(admissions, "run", accounts or None, role="admin")
    return TestClient(app, BASE, client=("127.0.0.1", 50000), headers={"Authorization": f"Bearer {key}"})


@pytest.fixture
def client(office: Kit) -> TestClient:
    return caller(office)


def test_the_runs_say_what_was_read_and_what_was_set_aside(client: TestClient) -> None:
    told = client.get("/api/v1/imports").json()
    [run] = told["items"]
    assert (run["new"], run["held"], run["failed"], told["held"]) == (4, 1, 1, 1)
    assert run["finished_at"] >= run["started_at"]
    assert [(one["file"], one["line"]) for one in told["failed"]] == [("in/broken.json", None)]
    assert told["inputs"] == {"gong": 1, "mail": 2, "salesforce": 1}


def test_what_is_held_is_assigned_to_a_new_account_and_taken_back(office: Kit, client: TestClient) -> None:
    [item] = client.get("/api/v1/held").json()["items"]
    assert (item["title"], item["file"], item["reason"], item["candidates"]) == ("Four depots", "in/kim.eml", "no_account", [])
    assert "newco.example" in item["teachable"]["domain"]
    unknown = client.post(f"/api/v1/held/{item['id']}/assign", json={"account": "Newco"})
    assert (unknown.status_code, unknown.json()["code"]) == (404, "unknown_account")
    wrong = client.post(f"/api/v1/held/{item['id']}/assign", json={"account": "halden", "teach": ["domain=gmail.com"]})
    assert (wrong.status_code, wrong.json()["code"]) == (409, "cannot_teach")
    done = client.post(f"/api/v1/held/{item['id']}/assign", json={"account": "Newco", "new": True, "teach": ["domain=newco.example"]})
    assert done.json()["filed"] is True
    assert done.json()["taught"] == [{"kind": "domain", "value": "newco.example"}]
    assert client.get("/api/v1/held").json()["items"] == []
    [decided] = client.get("/api/v1/held/decisions").json()["items"]
    assert (decided["account"]["name"], decided["title"]) == ("Newco", "Four depots")
    [source] = office.archive.sources(EVERYTHING.only(decided["account"]["id"]))
    assert source.title == "Four depots"
    assert client.post(f"/api/v1/held/{item['id']}/undo").status_code == 200
    assert [one["id"] for one in client.get("/api/v1/held").json()["items"]] == [item["id"]]


def test_what_is_left_out_is_listed_apart_and_comes_back(client: TestClient) -> None:
    [item] = client.get("/api/v1/held").json()["items"]
    assert client.post(f"/api/v1/held/{item['id']}/dismiss").status_code == 200
    assert client.get("/api/v1/held").json()["items"] == []
    assert [one["id"] for one in client.get("/api/v1/held", params={"state": "dismissed"}).json()["items"]] == [item["id"]]
    assert client.post(f"/api/v1/held/{item['id']}/undo").status_code == 200
    assert len(client.get("/api/v1/held").json()["items"]) == 1


def test_two_are_one_person_until_that_is_taken_back(office: Kit, client: TestClient) -> None:
    people = {one["name"]: one for one in client.get("/api/v1/accounts/halden/people").json()["items"]}
    tom, marta = people["Tom Reyes"], people["Marta Lindqvist"]
    assert (marta["side"], marta["email"]) == ("buyer", "marta@halden.example")
    merged = client.post("/api/v1/accounts/halden/people/merge", json={"person": tom["id"], "into": marta["id"]}).json()["items"]
    assert "Tom Reyes" not in {one["name"] for one in merged}
    [known] = [one for one in merged if one["id"] == marta["id"]]
    assert [one["name"] for one in known["read_as_this"]] == ["Tom Reyes"]
    split = client.post("/api/v1/accounts/halden/people/split", json={"person": tom["id"]}).json()["items"]
    assert {one["name"] for one in split} == set(people)
    assert client.post("/api/v1/accounts/halden/people/split", json={"person": tom["id"]}).status_code == 404


def test_the_settings_in_force_hold_no_secret(office: Kit, client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    assert client.get("/api/v1/settings").json()["model"] is None
    monkeypatch.setenv("BATON_MODEL_BASE_URL", "https://models.example:8443/v1")
    monkeypatch.setenv("BATON_MODEL_NAME", "small-1")
    monkeypatch.setenv("BATON_MODEL_KEY", "sk-very-secret")
    told = client.get("/api/v1/settings")
    assert told.json()["model"] == {"name": "small-1", "host": "models.example", "trouble": None}
    assert "very-secret" not in told.text
    assert [one["domain"] for one in told.json()["our_domains"]] == ["cartage.example"]
    assert told.json()["retention"]["held"] == 30


def test_the_newest_run_that_is_one_is_shown(office: Kit, client: TestClient) -> None:
    folder = office.home.path / "evaluations"
    folder.mkdir()
    run = {
        "deals": ["halden"], "labels": "x", "measures": {"correct": {"value": 0.5, "items": 2}}, "items": [], "questions": [], "gate": None,
        "run": {"name": "3a340a1f00d5", "at": "2026-11-20T14:02:00Z"},
    }  # fmt: skip
    (folder / "run.json").write_text(json.dumps(run))
    (folder / "nonsense.json").write_text("{")
    told = client.get("/api/v1/evaluations/latest").json()
    assert (told["name"], told["passed"], told["measures"]["correct"]["value"]) == ("3a340a1f00d5", None, 0.5)
    assert (told["items"], told["comparison"]) == ([], None)


def test_the_newest_run_is_compared_with_the_one_that_is_named(office: Kit, client: TestClient) -> None:
    folder = office.home.path / "evaluations"
    folder.mkdir()
    for age, (name, right) in enumerate({"new": False, "old": True, "older": True}.items()):
        item = {"id": "halden Q1", "deal": "halden", "kind": "promise", "text": "Who?", "scores": {"correct": float(right)}}
        run = {
            "deals": ["halden"], "labels": name[:3], "measures": {"correct": {"value": float(right), "items": 1}},
            "items": [{**item, "faults": [] if right else ["lacks it"]}],
            "questions": [{"deal": "halden", "id": "Q1", "answer": f"said in {name}"}], "gate": None,
            "run": {"name": name, "at": f"2026-11-2{5 - age}T14:02:00Z"},
        }  # fmt: skip
        (folder / f"{name}.json").write_text(json.dumps(run))
        os.utime(folder / f"{name}.json", (1000 - age, 1000 - age))
    told = client.get("/api/v1/evaluations/latest", params={"against": "older"}).json()
    assert [(one["name"], one["same_labels"], one["measures"]) for one in told["runs"]] == [
        ("old", False, {"correct": 1.0}),
        ("older", False, {"correct": 1.0}),
    ]
    assert [pair["new"]["id"] for pair in told["comparison"]["newly_failing"]] == ["halden Q1"]
    assert told["earlier_questions"][0]["answer"] == "said in older"
    listed = client.get("/api/v1/evaluations").json()["items"]
    assert [(one["name"], one["measures"]) for one in listed] == [
        ("new", {"correct": 0.0}),
        ("old", {"correct": 1.0}),
        ("older", {"correct": 1.0}),
    ]
    failing, right = (client.get("/api/v1/evaluations/latest/cases", params={"outcome": one}).json()["items"] for one in ("fail", "pass"))
    assert ([one["id"] for one in failing], right) == (["halden Q1"], [])
    assert client.get("/api/v1/evaluations/old/cases").json()["items"][0]["faults"] == []
    older = client.get("/api/v1/evaluations/old", params={"against": "new"}).json()
    assert (older["name"], [one["name"] for one in older["runs"]]) == ("old", ["new", "older"])
    assert [pair["old"]["id"] for pair in older["comparison"]["newly_passing"]] == ["halden Q1"]
    for path in ("evaluations/latest?against=..%2Fold", "evaluations/nothing", "evaluations/old?against=old"):
        unknown = client.get(f"/api/v1/{path}")
        assert (unknown.status_code, unknown.json()["code"]) == (404, "no_evaluation")


def test_an_administrator_of_some_accounts_runs_nothing_that_stands_above_them(office: Kit) -> None:
    office.archive.put_account("Elsewhere")
    halden = office.archive.account(EVERYTHING, "halden").id
    client = caller(office, halden)
    for path in ("imports", "held", "held/decisions", "settings", "evaluations", "evaluations/latest", "evaluations/x"):
        assert client.get(f"/api/v1/{path}").status_code == 403, path
    item = office.archive.held()[0].item
    assert client.post(f"/api/v1/held/{item}/assign", json={"account": "halden"}).status_code == 403
    assert client.post(f"/api/v1/held/{item}/dismiss").status_code == 403
