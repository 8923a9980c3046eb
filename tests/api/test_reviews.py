"""The review of a brief over HTTP: acts held against what was read, and each refusal a problem with what helps."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from fastapi.testclient import TestClient

from ingest.records import CrmDeal, Link, Turn
from tests.api.served import DANA, HALDEN_MAIL, Served, put_interaction


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


def test_an_etag_the_brief_never_had_is_no_reading_of_it(client: TestClient, brief: dict[str, Any]) -> None:
    line = brief["promises"][0]["id"]
    for tag in (brief["revision"] + 1, 999_999_999_999):
        refused = act(client, brief, "claims", line, read_at=tag, act="keep")
        assert (refused.status_code, refused.json()["code"]) == (412, "version_conflict")
    assert client.get(f"/api/v1/briefs/{brief['id']}").headers["etag"] == f'"{brief["revision"]}"'


def test_the_whole_is_handed_over_as_it_was_read_or_not_at_all(client: TestClient, brief: dict[str, Any]) -> None:
    path = f"/api/v1/briefs/{brief['id']}"
    read = client.get(path).headers["etag"]
    act(client, brief, "claims", brief["promises"][0]["id"], act="remove", because="wrong")
    refused = client.post(f"{path}/approve", json={"with_open": True}, headers={"If-Match": read})
    assert (refused.status_code, refused.json()["code"]) == (412, "version_conflict")
    assert client.get(path).json()["state"] == "draft"
    approved = client.post(f"{path}/approve", json={"with_open": True}, headers={"If-Match": client.get(path).headers["etag"]})
    assert (approved.status_code, approved.json()["state"]) == (200, "reviewed")
    assert client.post(f"{path}/accept", headers={"If-Match": read}).status_code == 412
    assert client.post(f"{path}/return", json={"because": "Who signs?"}, headers={"If-Match": read}).status_code == 412
    assert client.post(f"{path}/accept", headers={"If-Match": approved.headers["etag"]}).status_code == 200


def test_an_edit_that_says_more_is_a_problem_that_holds_the_sources_words(client: TestClient, brief: dict[str, Any]) -> None:
    line = next(one for one in brief["promises"] if "only scope" in one["text"])
    more = "Everything goes live on 5 May 2027."
    refused = act(client, brief, "claims", line["id"], act="edit", text=more)
    assert (refused.status_code, refused.json()["code"]) == (409, "says_more")
    assert "only scope for phase one" in refused.json()["source"]
    kept = act(client, brief, "claims", line["id"], act="edit", text=more, as_note=True).json()
    assert next(one for one in kept["promises"] if one["id"] == line["id"])["state"] == "attested"


def test_a_claim_is_added_against_what_was_read(client: TestClient, brief: dict[str, Any]) -> None:
    path, read = f"/api/v1/briefs/{brief['id']}/claims", {"If-Match": f'"{brief["revision"]}"'}
    words = {"section": "decision", "text": "Their board signed on 9 October."}
    assert client.post(path, json=words).json()["code"] == "precondition_required"
    added = client.post(path, json=words, headers=read)
    assert (added.status_code, added.headers["etag"]) == (201, f'"{added.json()["revision"]}"')
    [claim] = [one for one in added.json()["decision"] if one["text"] == words["text"]]
    assert claim["check"] == "attested"
    assert client.get(f"/api/v1/briefs/{brief['id']}/review").json()["history"][-1]["act"] == "add"
    for citation, status, code in ((brief["promises"][0]["citations"][0], 409, "says_more"), ("cit_nonsense", 404, "not_found")):
        refused = client.post(path, json={**words, "text": "Legal signed for 40 depots.", "citation": citation}, headers=read)
        assert (refused.status_code, refused.json()["code"]) == (status, code)
    assert client.post(path, json={**words, "section": "promises"}, headers=read).status_code == 422
    undone = act(client, added.json(), "claims", claim["id"], act="undo").json()
    assert claim["id"] not in {one["id"] for one in undone["decision"]}


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


def test_a_question_that_was_asked_after_the_handover_is_answered_all_the_same_and_goes_into_the_next_version(
    served: Served, client: TestClient, brief: dict[str, Any]
) -> None:
    path = f"/api/v1/briefs/{brief['id']}"
    client.post(f"{path}/approve", json={"with_open": True})
    client.post(f"{path}/accept")
    declined = client.post("/api/v1/accounts/halden/answers", json={"question": "Which zeppelin colour does the mascot prefer?"}).json()
    wanted = {"question": declined["question"], "answer_id": declined["id"]}
    added = client.post("/api/v1/accounts/halden/gaps", json=wanted)
    gap = added.json()["item"]
    assert (added.status_code, added.json()["brief"], gap["question"], gap["ask"]) == (201, brief["id"], declined["question"], "ae")
    assert gap["receipt"]["searched"] == declined["receipt"]["searched"]
    assert client.post("/api/v1/accounts/halden/gaps", json=wanted).json()["item"]["id"] == gap["id"]
    left = client.get(path).json()
    assert left["state"] == "accepted_with_gaps"
    assert set(gap["receipt"]["nearest"]) <= {citation["id"] for citation in left["citations"]}
    assert left["gaps"][-1]["id"] == gap["id"]
    assert client.get(f"{path}/export", params={"format": "md"}).status_code == 200
    # A line of an accepted version stays as it is, whatever is asked beside it.
    assert act(client, left, "claims", left["promises"][0]["id"], act="edit", text="ask").json()["code"] == "not_allowed_now"
    after = act(client, left, "gaps", gap["id"], act="answer", text="Teal.").json()
    assert [one["answer"]["text"] for one in after["attested"]] == ["Teal."]
    closed = client.post("/api/v1/accounts/halden/gaps", json=wanted)
    assert (closed.status_code, closed.json()["code"]) == (409, "gap_closed")
    second = client.post("/api/v1/accounts/halden/gaps", json={"question": "Who pays for the paint?"}).json()["item"]
    said = (Turn("We will train your dock leads on site in Malmö by 11 December 2026, that is a promise.", DANA),)
    put_interaction(served.archive, served.halden, brief["deal_id"], replace(HALDEN_MAIL, external_id="m-2@cartage.example", turns=said))
    client.post("/api/v1/accounts/halden/briefs", json={})
    newest = client.get("/api/v1/accounts/halden/briefs/current").json()
    assert newest["version"] == 2
    assert second["question"] in {one["question"] for one in newest["gaps"]}
    assert [one["answer"]["text"] for one in newest["attested"]] == ["Teal."]


def test_a_question_put_on_the_list_stands_last_in_the_queue_and_moves_no_number(client: TestClient, brief: dict[str, Any]) -> None:
    path = f"/api/v1/briefs/{brief['id']}"
    before = [(one["number"], one["id"]) for one in client.get(f"{path}/review").json()["items"]]
    gap = client.post("/api/v1/accounts/halden/gaps", json={"question": "Who pays for the paint?"}).json()["item"]
    after = client.get(f"{path}/review").json()["items"]
    assert [(one["number"], one["id"]) for one in after[: len(before)]] == before
    assert [(one["id"], one["done"]) for one in after[len(before) :]] == ([(gap["id"], False)] if len(before) < 12 else [])


def test_a_version_says_who_decided_on_it_last(client: TestClient, brief: dict[str, Any]) -> None:
    path = f"/api/v1/briefs/{brief['id']}"
    assert brief["decided"] is None
    client.post(f"{path}/approve", json={"with_open": True})
    returned = client.post(f"{path}/return", json={"because": "Who signs?"}).json()
    assert (returned["decided"]["act"], returned["decided"]["by"]) == ("return", "test")


def test_a_preview_is_of_an_open_deal_and_is_kept_nowhere(served: Served, client: TestClient) -> None:
    path = "/api/v1/accounts/halden/briefs"
    refused = client.get(f"{path}/preview")
    assert (refused.status_code, refused.json()["code"]) == (404, "no_preview")
    account, reference = Link("salesforce", "account", "0018d00000HALDEN"), Link("salesforce", "deal", "006B")
    deal = served.archive.put_deal(served.halden, CrmDeal(name="Halden, Oslo", links=(reference,), account=account, stage="Proposal"))
    seen = client.get(f"{path}/preview").json()
    assert (seen["deal_id"], seen["preview"], seen["version"], seen["state"]) == (deal, True, 0, "draft")
    assert client.get(path, params={"deal": deal}).json()["items"] == []
    assert client.get(f"{path}/preview", params={"deal": "dea_none"}).status_code == 404


def test_a_brief_as_of_a_day_holds_nothing_later_and_is_kept_nowhere(client: TestClient, brief: dict[str, Any]) -> None:
    path = "/api/v1/accounts/halden/briefs"
    kept = client.get(path).json()["items"]
    seen = client.get(f"{path}/current", params={"as_of": "2026-09-03"}).json()
    assert (seen["as_of"], seen["version"], seen["preview"]) == ("2026-09-03T23:59:59Z", 0, True)
    assert seen["receipt"]["to"] == "2026-09-02" < brief["receipt"]["to"]
    assert max(one["source"]["occurred_on"] for one in seen["citations"]) <= "2026-09-03"
    assert client.get(path).json()["items"] == kept
    assert client.get(f"{path}/current", params={"as_of": "2026-09-03", "deal": "dea_none"}).status_code == 404
    assert client.get(f"{path}/current", params={"as_of": "soon"}).status_code == 422
    assert client.get(f"{path}/current").json()["id"] == brief["id"]


def test_a_list_of_versions_tells_what_each_says_when_opened(served: Served, client: TestClient, brief: dict[str, Any]) -> None:
    def listed() -> list[dict[str, Any]]:
        items: list[dict[str, Any]] = client.get("/api/v1/accounts/halden/briefs").json()["items"]
        for item in items:
            whole = client.get(f"/api/v1/briefs/{item['id']}").json()
            assert item == {name: whole[name] for name in item if name != "gaps"} | {"gaps": len(whole["gaps"])}
        return items

    [fresh] = listed()
    long = max(brief["promises"], key=lambda one: len(one["text"]))
    removed = act(client, brief, "claims", long["id"], act="remove", because="confidential")
    assert removed.status_code == 200
    [after] = listed()
    assert after["words"] < fresh["words"]
    act(client, removed.json(), "claims", long["id"], act="undo")
    assert listed()[0]["words"] == fresh["words"]
    for gap in brief["gaps"][:1]:
        act(client, client.get(f"/api/v1/briefs/{brief['id']}").json(), "gaps", gap["id"], act="dismiss")
    assert len(listed()) == 1


def test_a_version_is_told_part_by_part_and_whole_at_the_end(client: TestClient, brief: dict[str, Any]) -> None:
    path = f"/api/v1/briefs/{brief['id']}/events"
    frames = [frame.split("\n") for frame in client.get(path).text.split("\n\n") if frame]
    assert [frame[1] for frame in frames] == [f"id: {number}" for number in range(1, len(frames) + 1)]
    told = [json.loads(frame[2].removeprefix("data: ")) for frame in frames]
    assert {one["section"]: one["claims"] for one in told[:-1]}["promises"] == brief["promises"]
    assert (told[-1]["type"], told[-1]["brief"]) == ("brief.completed", brief)
    rest = client.get(path, headers={"Last-Event-ID": str(len(frames) - 1)})
    assert [line for line in rest.text.split("\n") if line.startswith("event")] == ["event: brief.completed"]
    assert client.get(path, headers={"Last-Event-ID": str(len(frames))}).status_code == 204
