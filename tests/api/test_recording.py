"""The audit log through the interface: who did what on which id, with no word of what was said."""

from __future__ import annotations

import json

import pytest

from ingest.archive.admissions import Admissions
from ingest.archive.errors import DiskTrouble
from tests.api.served import BASE, Served

QUESTION = "What go-live date did we commit to, zanzibar?"


def told(served: Served) -> list[tuple[str, str, tuple[str, ...], int]]:
    """Without what made the keys."""
    return [(e.credential, e.action, e.targets, e.outcome) for e in served.admissions.entries() if e.credential != "cli"]


def test_what_is_read_and_asked_is_told_with_ids_alone(served: Served) -> None:
    key = served.key()
    client, prefix = served.client(key), key[:11]
    answer = client.post("/api/v1/accounts/Halden Freight Group/answers", json={"question": QUESTION}).json()
    citation = answer["citations"][0]
    client.get(f"/api/v1/citations/{citation['id']}")
    client.get("/api/v1/accounts", params={"q": "Halden"})
    client.get("/api/v1/sources/src_000000000000")
    client.get("/api/v1/accounts/Nobody at all")
    asked, opened, foreign, unknown = told(served)
    assert (asked[0], asked[1], asked[3]) == (prefix, "POST /accounts/{account}/answers", 200)
    assert {served.halden, answer["id"], answer["thread_id"], citation["source"]["id"]} <= set(asked[2])
    assert opened == (prefix, "GET /citations/{citation}", (served.halden, citation["id"]), 200)
    assert (foreign[2], foreign[3]) == (("src_000000000000",), 404)
    assert (unknown[2], unknown[3]) == ((), 404)
    whole = json.dumps([list(each) for each in told(served)])
    assert not [word for word in ("Halden Freight", "Nobody", "zanzibar", "18 January", "Dana") if word in whole]
    assert served.admissions.verify().broken_at is None


def test_a_stream_is_told_when_it_has_ended(served: Served) -> None:
    client = served.client(served.key(), Accept="text/event-stream")
    streamed = client.post("/api/v1/accounts/halden/answers", json={"question": QUESTION}).text
    assert "answer.completed" in streamed
    [asked] = told(served)
    assert any(target.startswith("src_") for target in asked[2])


def test_signing_in_and_out_is_told(served: Served) -> None:
    browser = served.client(Origin=BASE)
    browser.post("/api/v1/session", json={"code": served.code()})
    session = browser.get("/api/v1/me").json()["session"]
    browser.delete("/api/v1/session")
    assert [(action, targets) for _, action, targets, _ in told(served)][:2] == [("session.begin", (session,)), ("session.end", (session,))]


def test_whoever_is_not_known_leaves_nothing(served: Served) -> None:
    for client in (served.client(), served.client("bt_00000000_" + "x" * 43)):
        client.get("/api/v1/promises")
    assert told(served) == []


def test_a_log_that_cannot_be_written_keeps_nobody_from_their_answer(
    served: Served, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    key = served.key()

    def full(*_: object) -> None:
        raise DiskTrouble(served.kit.home.path, "database or disk is full", "free some space")

    monkeypatch.setattr(Admissions, "record", full)
    monkeypatch.setattr(Admissions, "use_key", full)
    assert served.client(key).get("/api/v1/promises").status_code == 200
    assert "could not be written to the audit log" in caplog.text


def test_whose_promises_were_read_is_told_account_by_account(served: Served) -> None:
    client = served.client(served.key())
    items = client.get("/api/v1/promises").json()["items"]
    client.get(f"/api/v1/promises/{items[0]['id']}")
    listed, one = [entry[2] for entry in told(served)]
    assert set(listed) == {item["account"]["id"] for item in items} >= {served.halden}
    assert set(one) == {served.halden, items[0]["id"]}


def test_who_was_made_one_person_with_whom_is_told(served: Served) -> None:
    client = served.client(served.key(role="admin"))
    ids = {one["name"]: one["id"] for one in client.get(f"/api/v1/accounts/{served.halden}/people").json()["items"]}
    tom, marta = ids["Tom Reyes"], ids["Marta Lindqvist"]
    client.post(f"/api/v1/accounts/{served.halden}/people/merge", json={"person": tom, "into": marta})
    client.post(f"/api/v1/accounts/{served.halden}/people/split", json={"person": tom})
    client.post(f"/api/v1/accounts/{served.halden}/people/split", json={"person": "Tom Reyes, zanzibar"})
    _, merged, split, unknown = [entry[2] for entry in told(served)]
    assert (set(merged), set(split)) == ({served.halden, tom, marta}, {served.halden, tom})
    assert unknown == (served.halden,)
