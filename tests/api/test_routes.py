"""What each call gives, on a small real archive."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest
from fastapi.testclient import TestClient

from ingest.archive.archive import Archive
from ingest.archive.rows import StoredAccount
from ingest.archive.scope import EVERYTHING, Scope
from ingest.records import Turn
from tests.api.served import DANA, HALDEN_CALL, Served, put_interaction

CALL = "Commercial alignment, Halden and Cartage"
ASK = "/api/v1/accounts/halden/answers"


@pytest.fixture
def ask(client: TestClient) -> Callable[..., dict[str, Any]]:
    def asked(question: str, **more: Any) -> dict[str, Any]:
        response = client.post(ASK, json={"question": question, **more})
        assert response.status_code == 200, response.text
        body: dict[str, Any] = response.json()
        return body

    return asked


def test_health_needs_no_credentials_and_readiness_names_what_is_degraded(served: Served) -> None:
    anyone = served.client()
    assert anyone.get("/healthz").json() == {"status": "ok"}
    ready = anyone.get("/readyz").json()
    assert ready["status"] == "degraded"
    assert "answers come from words alone" in ready["degraded"][0]


def test_an_archive_that_cannot_be_read_is_not_ready(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    def damaged(archive: Archive, scope: Scope) -> list[StoredAccount]:
        raise OSError("disk I/O error")

    monkeypatch.setattr(Archive, "accounts", damaged)
    response = served.client().get("/readyz")
    assert (response.status_code, response.json()["code"]) == (503, "archive_unreadable")
    assert "disk" not in response.text


def test_an_account_says_what_is_held_of_it(served: Served, client: TestClient) -> None:
    item = client.get("/api/v1/accounts", params={"q": "halden"}).json()["items"][0]
    assert {name: item[name] for name in ("id", "slug", "name", "domains", "external_refs", "stage", "closed_on", "sources", "brief")} == {
        "id": served.halden,
        "slug": "halden-freight-group",
        "name": "Halden Freight Group",
        "domains": ["halden.example"],
        "external_refs": ["sf:0018d00000HALDEN"],
        "stage": "Closed Won",
        "closed_on": "2026-10-14",
        "sources": {"call": 1, "crm_field": 1, "crm_note": 1, "email": 1},
        "brief": None,
    }


@pytest.mark.parametrize("name", ["id", "halden-freight-group", "Halden Freight Group", "halden.example", "sf:0018d00000HALDEN"])
def test_an_account_goes_by_each_of_its_names(served: Served, client: TestClient, name: str) -> None:
    found = client.get(f"/api/v1/accounts/{served.halden if name == 'id' else name}")
    assert found.json()["id"] == served.halden


def test_an_unknown_account_suggests_the_nearest(client: TestClient) -> None:
    problem = client.get("/api/v1/accounts/haldn").json()
    assert (problem["status"], problem["code"], problem["suggestions"]) == (404, "unknown_account", ["Halden Freight Group"])
    assert "haldn" not in str(problem)


def test_two_accounts_that_fit_are_named(served: Served, client: TestClient) -> None:
    served.archive.put_account("Brightwell Orthodontics")
    problem = client.get("/api/v1/accounts/brightwell").json()
    assert (problem["status"], problem["code"]) == (409, "ambiguous_account")
    assert problem["suggestions"] == ["Brightwell Dental", "Brightwell Orthodontics"]


def test_pages_follow_one_another_even_when_something_is_inserted_before(served: Served, client: TestClient) -> None:
    first = client.get("/api/v1/accounts", params={"limit": 1}).json()
    served.archive.put_account("Aardvark Freight")
    second = client.get("/api/v1/accounts", params={"limit": 1, "cursor": first["next_cursor"]}).json()
    assert [first["items"][0]["name"], second["items"][0]["name"]] == ["Brightwell Dental", "Halden Freight Group"]
    assert second["next_cursor"] is None
    assert client.get("/api/v1/accounts", params={"cursor": "bm93aGVyZQ"}).json()["code"] == "cursor_expired"


def test_an_answer_is_claims_whose_citations_open_at_their_exact_words(client: TestClient, ask: Callable[..., dict[str, Any]]) -> None:
    answer = ask("What go-live date did we commit to?")
    assert answer["status"] == "answered"
    assert any("18 January 2027" in claim["text"] for block in answer["blocks"] for claim in block["claims"])
    assert all(claim["citations"] for block in answer["blocks"] for claim in block["claims"])
    for citation in answer["citations"]:
        opened = client.get(f"/api/v1/citations/{citation['id']}").json()
        assert opened["quote"] == citation["quote"]
        assert opened["current"] is True
        window = client.get(f"/api/v1/sources/{citation['source']['id']}/segments", params={"around": citation["id"]}).json()
        quote = citation["quote"]
        segment = next(one for one in window["items"] if one["start"] <= quote["start"] and quote["end"] <= one["end"])
        assert segment["text"][quote["start"] - segment["start"] : quote["end"] - segment["start"]] == quote["exact"]


def test_what_the_history_does_not_say_is_declined_with_a_receipt(ask: Callable[..., dict[str, Any]]) -> None:
    answer = ask("Which zeppelin colour does the warehouse mascot prefer?")
    assert answer["status"] == "declined"
    assert answer["reason"] == "not_in_history"
    assert answer["blocks"] == []
    assert answer["receipt"]["searched"] == {"call": 1, "crm_field": 1, "crm_note": 1, "email": 1}
    assert set(answer["receipt"]["nearest"]) <= {citation["id"] for citation in answer["citations"]}


def test_an_answer_holds_no_word_of_another_account(ask: Callable[..., dict[str, Any]]) -> None:
    assert "pelican" not in str(ask("What price did we agree on per practice?")["citations"])


def test_a_date_reads_nothing_later(ask: Callable[..., dict[str, Any]]) -> None:
    answer = ask("What go-live date did we commit to?", as_of="2026-09-24")
    days = {citation["source"]["occurred_at"][:10] for citation in answer["citations"]}
    assert "2026-09-24" in days
    assert "2026-09-25" not in days
    assert answer["as_of"] == "2026-09-24T23:59:59Z"


def test_kinds_narrow_what_is_read(ask: Callable[..., dict[str, Any]]) -> None:
    assert {citation["kind"] for citation in ask("What go-live date did we commit to?", kinds=["email"])["citations"]} == {"email"}


def test_a_thread_goes_on_and_a_foreign_one_is_not_found(served: Served, client: TestClient, ask: Callable[..., dict[str, Any]]) -> None:
    first = ask("What go-live date did we commit to?")
    assert ask("And who asked for it?", thread_id=first["thread_id"])["thread_id"] == first["thread_id"]
    assert ask("What go-live date did we commit to?")["thread_id"] != first["thread_id"]
    elsewhere = client.post(f"/api/v1/accounts/{served.brightwell}/answers", json={"question": "Price?", "thread_id": first["thread_id"]})
    assert (elsewhere.status_code, elsewhere.json()["code"]) == (404, "not_found")


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, "/question"),
        ({"question": "   "}, "/question"),
        ({"question": "x" * 4001}, "/question"),
        ({"question": "When?", "accounts": ["*"]}, "/accounts"),
        ({"question": {"$ne": 1}}, "/question"),
        ({"question": "When?", "kinds": ["secret-kind"]}, "/kinds/0"),
        ({"question": "When?", "as_of": "soon"}, "/as_of/date"),
    ],
)
def test_a_request_that_does_not_fit_is_told_where_and_never_echoed(client: TestClient, body: dict[str, Any], pointer: str) -> None:
    response = client.post(ASK, json=body)
    problem = response.json()
    assert (response.status_code, problem["code"]) == (422, "validation_failed")
    assert response.headers["content-type"] == "application/problem+json"
    assert pointer in {error["pointer"] for error in problem["errors"]}
    assert not any(sent in response.text for sent in ("xxxx", "$ne", "secret-kind", "soon"))


def test_a_question_at_the_limit_is_taken(ask: Callable[..., dict[str, Any]]) -> None:
    assert ask("When is go-live? ".ljust(4000, "x"))["status"] in {"answered", "declined"}


def test_a_client_gets_json_or_events_as_it_names_them_first(client: TestClient) -> None:
    def kind(accept: str) -> str:
        response = client.post(ASK, json={"question": "When is the go-live date?"}, headers={"Accept": accept})
        return str(response.headers["content-type"]).partition(";")[0]

    assert kind("text/event-stream") == "text/event-stream"
    assert kind("application/json, text/event-stream") == "application/json"
    assert kind("*/*") == "application/json"
    assert kind("text/html") == "application/problem+json"


@pytest.mark.parametrize(("method", "path", "status"), [("DELETE", "/api/v1/accounts", 405), ("GET", ASK, 405), ("GET", "/api/v1/x", 404)])
def test_what_the_router_refuses_is_a_problem_too(client: TestClient, method: str, path: str, status: int) -> None:
    response = client.request(method, path)
    assert (response.status_code, response.headers["content-type"]) == (status, "application/problem+json")
    assert response.json()["request_id"] == response.headers["x-request-id"]


def test_a_fault_of_ours_says_nothing_of_its_cause(served: Served, client: TestClient) -> None:
    served.archive.close()
    served.app.state.desk = None
    response = client.get("/api/v1/accounts")
    assert (response.status_code, response.json()["code"]) == (500, "failed")
    assert "NoneType" not in response.text
    assert response.headers["x-content-type-options"] == "nosniff"


def test_sources_are_filtered_by_kind_and_by_words(client: TestClient) -> None:
    def titles(**query: str) -> list[str]:
        return [item["title"] for item in client.get("/api/v1/accounts/halden/sources", params=query).json()["items"]]

    assert titles() == ["Internal: discount", CALL, "Re: Phase one timing", "Halden, 14 depots"]
    assert titles(kind="call") == [CALL]
    assert titles(q="sap tom") == [CALL]
    assert titles(q="no such words") == []


def test_a_source_says_who_took_part_and_links_to_its_original(served: Served, client: TestClient) -> None:
    source = client.get(f"/api/v1/sources/{served.source(CALL)}").json()
    assert source["account"]["slug"] == "halden-freight-group"
    assert source["url"] == "https://app.gong.io/call?id=7001"
    assert {person["name"]: person["side"] for person in source["participants"]} == {
        "Dana Okafor": "seller",
        "Marta Lindqvist": "buyer",
        "Tom Reyes": "buyer",
    }


def test_segments_come_in_a_window(served: Served, client: TestClient) -> None:
    path = f"/api/v1/sources/{served.source(CALL)}/segments"
    window = client.get(path, params={"around": "seg_2", "before": 1, "after": 0}).json()
    assert [item["turn_id"] for item in window["items"]] == ["t2", "t3"]
    assert (window["before"], window["after"]) == (1, 1)
    assert window["items"][1]["start_ms"] == 1921000
    assert window["items"][1]["speaker"]["name"] == "Dana Okafor"
    assert client.get(path, params={"around": "seg_99"}).json()["code"] == "unknown_segment"


def test_a_citation_keeps_its_words_when_the_source_is_edited(
    served: Served, client: TestClient, ask: Callable[..., dict[str, Any]]
) -> None:
    cited = next(
        one
        for one in ask("What go-live date did we commit to?")["citations"]
        if "18 January" in one["quote"]["exact"] and one["kind"] == "call"
    )
    edited = replace(HALDEN_CALL, turns=(Turn("The whole call was retold.", DANA, starts_s=1.0),))
    put_interaction(served.archive, served.halden, None, edited)
    opened = client.get(f"/api/v1/citations/{cited['id']}").json()
    assert opened["quote"]["exact"] == cited["quote"]["exact"]
    assert opened["current"] is False
    window = client.get(f"/api/v1/sources/{cited['source']['id']}/segments", params={"around": cited["id"]}).json()
    assert window["current"] is False
    assert any(cited["quote"]["exact"] in segment["text"] for segment in window["items"])


@pytest.mark.parametrize("citation", ["cit_nonsense", "cit_" + "0" * 20 + "-0-5-" + "0" * 8, "x"])
def test_a_citation_that_is_none_is_not_found(client: TestClient, citation: str) -> None:
    assert client.get(f"/api/v1/citations/{citation}").json()["code"] == "not_found"


def test_a_link_that_is_no_web_address_is_never_given(served: Served, client: TestClient) -> None:
    put_interaction(served.archive, served.halden, None, replace(HALDEN_CALL, external_id="9", title="Trap", url="javascript:alert(1)"))
    assert client.get(f"/api/v1/sources/{served.source('Trap')}").json()["url"] is None


def test_a_brief_is_composed_kept_and_exported(served: Served, client: TestClient) -> None:
    path = "/api/v1/accounts/halden/briefs"
    assert client.get(f"{path}/current").json()["code"] == "no_brief"
    started = client.post(path, json={})
    assert started.status_code == 202
    assert started.json()["state"] == "draft"
    brief = client.get(f"{path}/current").json()
    assert brief["id"] == started.json()["id"]
    assert brief == client.get(started.headers["location"]).json()
    deal = served.archive.deals(EVERYTHING)[0].id
    assert brief["deal_id"] == deal
    assert client.get(f"{path}/current", params={"deal": deal}).json()["id"] == brief["id"]
    assert client.get(f"{path}/current", params={"deal": "dea_0"}).json()["code"] == "not_found"
    markdown = client.get(f"/api/v1/briefs/{brief['id']}/export", params={"format": "md"})
    assert markdown.text.startswith("# Handoff brief: Halden Freight Group")
    assert markdown.headers["content-disposition"] == f'attachment; filename="{brief["id"]}.md"'
    assert client.get(f"/api/v1/briefs/{brief['id']}/export", params={"format": "json"}).json() == brief
    assert client.get(f"/api/v1/briefs/{brief['id']}/export", params={"format": "exe"}).status_code == 422
    mark = client.get("/api/v1/accounts", params={"q": "halden"}).json()["items"][0]["brief"]
    assert (mark["state"], mark["gaps"]) == (brief["state"], len(brief["gaps"]))


def test_every_citation_of_a_brief_stands_in_it(client: TestClient) -> None:
    client.post("/api/v1/accounts/halden/briefs", json={})
    brief = client.get("/api/v1/accounts/halden/briefs/current").json()
    held = {citation["id"] for citation in brief["citations"]}
    used = {
        one
        for section in ("story", "why", "goals", "promises", "risks", "people", "timeline")
        for item in brief[section]
        for one in item["citations"]
    }
    assert used
    assert used <= held


def test_many_may_ask_at_once(served: Served) -> None:
    key = served.key()

    def one(number: int) -> tuple[int, str]:
        response = served.client(key).post(ASK, json={"question": f"What go-live date did we commit to, {number % 4}?"})
        return response.status_code, response.json()["status"]

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(one, range(24))) == {(200, "answered")}


def test_the_promises_of_every_account_in_sight_are_listed_whole_and_page_by_page(served: Served, client: TestClient) -> None:
    whole = client.get("/api/v1/promises").json()
    assert whole["total"] == len(whole["items"]) > 1
    cited = {citation["id"] for citation in whole["citations"]}
    assert all(set(item["citations"]) <= cited for item in whole["items"])
    first = client.get("/api/v1/promises", params={"limit": 1}).json()
    second = client.get("/api/v1/promises", params={"limit": 1, "cursor": first["next_cursor"]}).json()
    assert [first["items"][0]["id"], second["items"][0]["id"]] == [item["id"] for item in whole["items"][:2]]
    assert first["total"] == whole["total"]


def test_a_key_for_one_account_meets_no_promise_of_another(served: Served) -> None:
    theirs = served.client(served.key(served.brightwell))
    assert theirs.get("/api/v1/promises").json()["total"] == 0
    mine = served.client(served.key(served.halden)).get("/api/v1/promises").json()["items"][0]
    assert theirs.get(f"/api/v1/promises/{mine['id']}").status_code == 404
    marked = theirs.post(f"/api/v1/promises/{mine['id']}/status", json={"status": "kept", "because": "x"})
    assert marked.status_code == 404
    assert theirs.get("/api/v1/promises", params={"account": "halden"}).status_code == 404


def test_what_became_of_a_promise_is_said_and_taken_back(client: TestClient) -> None:
    id = client.get("/api/v1/promises").json()["items"][0]["id"]
    said = client.post(f"/api/v1/promises/{id}/status", json={"status": "broken", "because": "not delivered by go-live"}).json()
    assert (said["promise"]["status"], said["history"][0]["because"]) == ("broken", "not delivered by go-live")
    assert client.get("/api/v1/promises", params={"status": "broken"}).json()["total"] == 1
    undone = client.delete(f"/api/v1/promises/{id}/status").json()
    assert (undone["promise"]["status"], len(undone["history"])) == ("open", 1)
    assert client.delete(f"/api/v1/promises/{id}/status").status_code == 404
    assert client.get("/api/v1/promises", params={"status": "done"}).status_code == 422


def test_nothing_is_recalled_where_nobody_has_spoken_since_the_signature(client: TestClient) -> None:
    assert client.get("/api/v1/accounts/halden/recalled").json() == {"items": [], "citations": []}
