"""Evaluations that the server starts: of labels it knows alone, one at a time, told, kept; another program stands for the measuring."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.measuring import Evaluations, load_labelled
from ingest.settings import BadSettings
from tests.api.served import Served

API = "/api/v1/evaluations"
RUN = {
    "deals": ["halden"], "labels": "x", "measures": {"correct": {"value": 0.5, "items": 2}}, "items": [], "questions": [],
    "gate": {"passed": False, "fault": None, "checks": []}, "run": {"name": "3a340a1f00d5", "at": "2026-11-20T14:02:00Z"},
}  # fmt: skip

Started = Callable[[str], tuple[TestClient, Evaluations]]


@pytest.fixture
def with_program(served: Served, tmp_path: Path) -> Started:
    """The server with a program in the place of the measuring."""
    (served.kit.home.path / "baton.toml").write_text('[evaluations]\nown = "../labelled"\nbare = "../bare"\n', "utf-8")
    (tmp_path / "labelled" / "cases").mkdir(parents=True)

    def started(program: str) -> tuple[TestClient, Evaluations]:
        ours = served.app.state.evaluations = Evaluations(served.kit.home, (sys.executable, "-c", program))
        return served.client(served.key(role="admin")), ours

    return started


def ended(ours: Evaluations) -> None:
    assert ours._working is not None
    ours._working.join(30)


def test_a_run_is_started_told_while_it_goes_on_and_kept_under_its_name(with_program: Started, served: Served, tmp_path: Path) -> None:
    go_on = tmp_path / "go-on"
    told_to = [str(tmp_path / "labelled"), "--json"]
    waits = f"import sys; open({str(go_on)!r}).read(); print({json.dumps(RUN)!r}); sys.exit(4 if sys.argv[1:] == {told_to!r} else 1)"
    os.mkfifo(go_on)
    client, ours = with_program(waits)
    begun = client.post(API, json={"cases": "own"})
    assert (begun.status_code, begun.json()["state"]) == (202, "running")
    where = begun.headers["location"]
    assert client.get(where).status_code == 202
    again = client.post(API, json={"cases": "own"})
    assert (again.status_code, again.json()["code"]) == (409, "evaluation_in_progress")
    go_on.write_text("")
    ended(ours)
    told = client.get(where).json()
    [kept] = (served.kit.home.path / "evaluations").iterdir()
    assert kept.stat().st_mode & 0o077 == 0
    assert (told["name"], told["passed"], told["measures"]["correct"]["value"]) == ("3a340a1f00d5-own", False, 0.5)
    assert [one["name"] for one in client.get(API).json()["items"]][:1] == ["3a340a1f00d5-own"]
    assert client.get(f"{API}/3a340a1f00d5-own").json() == told
    assert begun.json()["id"] in str(client.get("/api/v1/audit").json())


@pytest.mark.parametrize(
    ("program", "detail"),
    [
        ("import sys; print('Error: halden.yaml: no such turn', file=sys.stderr); sys.exit(1)", "halden.yaml: no such turn"),
        ("raise RuntimeError('the words of a mail')", "could not be made"),
        ("print('{')", "could not be made"),
    ],
)
def test_one_that_fails_says_why_where_that_is_known_and_the_next_can_begin(with_program: Started, program: str, detail: str) -> None:
    client, ours = with_program(program)
    for _ in range(2):
        where = client.post(API, json={"cases": "own"}).headers["location"]
        ended(ours)
        failed = client.get(where)
        assert (failed.status_code, failed.json()["code"]) == (410, "evaluation_failed")
        assert detail in failed.json()["detail"]


def test_a_server_that_stops_ends_it(with_program: Started) -> None:
    client, ours = with_program("import signal; signal.pause()")
    where = client.post(API, json={"cases": "own"}).headers["location"]
    ours.close()
    assert client.get(where).json()["detail"] == "The evaluation was stopped."


def test_only_labels_that_the_settings_name_are_measured(with_program: Started, served: Served) -> None:
    client, _ = with_program("")
    for body, status, code in (({"cases": "/etc"}, 404, "no_cases"), ({"cases": "bare"}, 409, "no_labels")):
        refused: Any = client.post(API, json=body)
        assert (refused.status_code, refused.json()["code"]) == (status, code)
    (served.kit.home.path / "baton.toml").write_text("[evaluations]\nown = 3\n", "utf-8")
    with pytest.raises(BadSettings, match="folder of labelled deals"):
        load_labelled(served.kit.home.path)
