"""The review of a brief over HTTP: acts held against what was read, and each refusal a problem with what helps."""

from __future__ import annotations

from typing import Any

import pytest
from fastapi.testclient import TestClient

from tests.api.served import Served


@pytest.fixture
def client(served: Served) -> TestClient:
    return served.client(served.key())


@pytest.fixture
def brief(client: TestClient) -> dict[str, Any]:
    client.post("/api/v1/accounts/halden/briefs", json={})
    found: dict[str, Any] = client.get("/api/v1/accounts/halden/briefs/current").json()
    return found


def act(client: TestClient, brief: dict[str, Any], what: str, id: str, *, read_at: int | None = None, **body: Any) -> Any:
    revision = brief["revision"] if read_at is None else read_at
    return client.patch(f"/api/v1/briefs/{brief['id']}/{what}/{id}", json=body, headers={"If-Match": f'"{revision}"'})


def test_a_line_is_kept_against_the_revision_that_was_read(client: TestClient, brief: dict[str, Any]) -> None:
    line = brief["promises"][0]["id"]
    path = f"/api/v1/briefs/{brief['id']}/claims/{line}"
    assert client.patch(path, json={"act": "keep"}).json()["code"] == "precondition_required"
    assert client.patch(path, json={"act": "keep"}, headers={"If-Match": "*"}).json()["code"] == "version_conflict"
    kept = act(client, brief, "claims", line, act="keep")
    assert (kept.status_code, kept.headers["etag"]) == (200, f'"{kept.json()["revision"]}"')
    late = act(client, brief, "claims", line, act="remove", because="wrong")
    assert (late.status_code, late.json()["code"], late.json()["by"]) == (412, "version_conflict", "test")
    other = act(client, brief, "claims", brief["promises"][1]["id"], act="keep")
    assert other.status_code == 200


def test_an_edit_that_says_more_is_a_problem_that_holds_the_sources_words(client: TestClient, brief: dict[str, Any]) -> None:
    line = next(one for one in brief["promises"] if "only scope" in one["text"])
    more = "Everything goes live on 5 May 2027."
    refused = act(client, brief, "claims", line["id"], act="edit", text=more)
    assert (refused.status_code, refused.json()["code"]) == (409, "says_more")
    assert "only scope for phase one" in refused.json()["source"]
    kept = act(client, brief, "claims", line["id"], act="edit", text=more, as_note=True).json()
    assert next(one for one in kept["promises"] if one["id"] == line["id"])["state"] == "attested"


def test_a_question_is_answered_dismissed_and_reopened(client: TestClient, brief: dict[str, Any]) -> None:
    gap = brief["gaps"][0]["id"]
    after = act(client, brief, "gaps", gap, act="answer", text="Marta does.").json()
    assert after["attested"][0]["answer"]["text"] == "Marta does."
    listed = client.get("/api/v1/accounts/halden/gaps").json()
    assert (listed["brief"], [one["gap"] for one in listed["answered"]]) == (brief["id"], [gap])
    again = act(client, after, "gaps", gap, act="undo").json()
    assert gap in {one["id"] for one in again["gaps"]}
    assert act(client, again, "gaps", gap, act="dismiss").status_code == 200
    assert act(client, again, "gaps", gap, act="answer").status_code == 422


def test_the_versions_state_goes_from_draft_to_accepted_and_the_review_says_who_did_what(client: TestClient, brief: dict[str, Any]) -> None:
    path = f"/api/v1/briefs/{brief['id']}"
    assert client.post(f"{path}/accept").json()["code"] == "not_allowed_now"
    refused = client.post(f"{path}/approve", json={}).json()
    assert (refused["code"], len(refused["items"]) > 0) == ("open_items", True)
    assert client.post(f"{path}/approve", json={"with_open": True}).json()["state"] == "reviewed"
    assert client.post(f"{path}/return", json={"because": "Who signs?"}).json()["returned_because"] == "Who signs?"
    assert client.post(f"{path}/approve", json={"with_open": True}).json()["state"] == "reviewed"
    assert client.post(f"{path}/accept").json()["state"] == "accepted_with_gaps"
    told = client.get(f"{path}/review").json()
    assert [one["act"] for one in told["history"]] == ["approve", "return", "approve", "accept"]
    assert 0 < len(told["items"]) <= 12
    [version] = client.get("/api/v1/accounts/halden/briefs").json()["items"]
    assert (version["id"], version["state"]) == (brief["id"], "accepted_with_gaps")
    assert client.get(f"{path}/diff", params={"against": brief["id"]}).json()["items"] == []
    assert client.get("/api/v1/accounts", params={"q": "halden"}).json()["items"][0]["brief"]["state"] == "accepted_with_gaps"


def test_a_line_that_is_not_there_is_not_found(client: TestClient, brief: dict[str, Any]) -> None:
    assert act(client, brief, "claims", "prm_0", act="keep").status_code == 404
    assert act(client, brief, "claims", brief["gaps"][0]["id"], act="keep").status_code == 404
    assert act(client, brief, "claims", brief["promises"][0]["id"], act="remove").status_code == 422
