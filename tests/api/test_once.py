"""A request that is sent again under its key changes nothing twice and gets the same answer again; what it made is held in memory alone."""

from __future__ import annotations

from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api import once
from api.access import Principal
from api.keys import create_key
from api.once import Again, Done, Remembered
from api.problems import Problem
from api.users import invite
from ingest.archive.scope import EVERYTHING
from tests.api.served import Served
from tests.api.test_events import QUESTION, told, whole_of

ADMIN = "admin"
NOT_ONCE = {
    "/api/v1/session",  # a code is good once by itself
    "/api/v1/widget/visits",  # so is a host's token
    "/api/v1/accounts/{account}/visits",  # lasts a quarter of an hour; a second one harms nobody
    "/api/v1/answers/{answer}/cancel",  # twice is once
    "/api/v1/imports/{run}/cancel",  # and here
    "/api/v1/hooks/{hook}",  # each event has an id of its sender's, and is kept once by that
    "/v1/chat/completions",  # a protocol of others
}


def send(client: TestClient, path: str, body: Any = None, key: str = "k-1", **headers: str) -> Any:
    return client.post(f"/api/v1{path}", json=body, headers={"Idempotency-Key": key, **headers})


def test_every_post_that_changes_something_takes_a_key_and_documents_its_refusals(client: TestClient) -> None:
    paths = client.get("/api/v1/openapi.json").json()["paths"]
    posts = {path: methods["post"] for path, methods in paths.items() if "post" in methods}
    assert set(posts) >= NOT_ONCE
    for path, operation in posts.items():
        named = [each["name"] for each in operation.get("parameters", [])]
        assert ("Idempotency-Key" in named) == (path not in NOT_ONCE), path
        assert path in NOT_ONCE or {"409", "422"} <= set(operation["responses"]), path


def test_the_same_request_makes_one_thing(served: Served, client: TestClient) -> None:
    admin = served.client(served.key(role="admin"))
    first, second = (send(admin, "/keys", {"name": "nightly"}) for _ in range(2))
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json() == second.json()
    assert second.headers["Idempotency-Replayed"] == "true"
    assert "Idempotency-Replayed" not in first.headers
    assert [one["name"] for one in admin.get("/api/v1/keys").json()["items"]].count("nightly") == 1
    assert served.client(second.json()["key"]).get("/api/v1/me").status_code == 200
    assert first.headers["X-Request-Id"] != second.headers["X-Request-Id"]
    assert first.headers["Content-Security-Policy"] == second.headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/accounts/halden/answers", {"question": QUESTION}),
        ("/accounts/halden/briefs", {}),
        ("/accounts/halden/gaps", {"question": "Who signs for depot 15?"}),
        ("/users", {"email": "new@cartage.example"}),
    ],
)
def test_each_kind_of_thing_is_answered_the_same_again(served: Served, path: str, body: dict[str, Any]) -> None:
    admin = served.client(served.key(role="admin"))
    first, second = (send(admin, path, body) for _ in range(2))
    assert first.status_code < 300
    assert (second.status_code, second.content) == (first.status_code, first.content)
    assert second.headers.get("Location") == first.headers.get("Location")
    assert second.headers["Content-Type"] == first.headers["Content-Type"]


def test_a_question_that_was_sent_twice_stands_in_one_thread(client: TestClient) -> None:
    for _ in range(2):
        send(client, "/accounts/halden/answers", {"question": QUESTION})
    assert len(client.get("/api/v1/accounts/halden/threads").json()["items"]) == 1
    send(client, "/accounts/halden/answers", {"question": QUESTION}, key="k-2")
    assert len(client.get("/api/v1/accounts/halden/threads").json()["items"]) == 2


def test_a_stream_that_was_lost_is_the_same_stream_from_its_beginning(client: TestClient) -> None:
    first, second = (send(client, "/accounts/halden/answers", {"question": QUESTION}, Accept="text/event-stream") for _ in range(2))
    assert told(first) == told(second)
    assert len(client.get("/api/v1/accounts/halden/threads").json()["items"]) == 1
    assert client.get(f"/api/v1/answers/{whole_of(told(second))['id']}").status_code == 200


def test_another_request_under_the_same_key_is_refused(client: TestClient) -> None:
    send(client, "/accounts/halden/answers", {"question": QUESTION})
    for path, body, headers in (
        ("/accounts/halden/answers", {"question": "What price?"}, {}),
        ("/accounts/brightwell/answers", {"question": QUESTION}, {}),
        ("/accounts/halden/answers", {"question": QUESTION}, {"Accept": "text/event-stream"}),
    ):
        refused = send(client, path, body, **headers)
        assert (refused.status_code, refused.json()["code"]) == (422, "idempotency_key_reused")


def test_the_order_of_names_in_the_body_makes_no_other_request(client: TestClient) -> None:
    body = {"question": QUESTION, "as_of": "2026-12-01"}
    first, second = (send(client, "/accounts/halden/answers", each) for each in (body, dict(reversed(body.items()))))
    assert first.json() == second.json()


@pytest.mark.parametrize("wrong", ["", "x" * 129, "with space"])
def test_a_key_that_is_none_is_refused(client: TestClient, wrong: str) -> None:
    assert send(client, "/accounts/halden/answers", {"question": QUESTION}, key=wrong).status_code == 422


def test_a_key_is_its_callers_own(served: Served) -> None:
    mine, other = (send(served.client(served.key()), "/accounts/halden/answers", {"question": QUESTION}) for _ in range(2))
    assert "Idempotency-Replayed" not in other.headers
    assert mine.json()["thread_id"] != other.json()["thread_id"]


def test_who_may_less_now_is_not_told_again(served: Served) -> None:
    person = invite(served.admissions, "priya@cartage.example", role="admin")
    admin = served.client(create_key(served.admissions, "own", owner=person))
    made = send(admin, "/keys", {"name": "nightly"})
    narrow = served.client(create_key(served.admissions, "narrow", owner=person, permissions=["read"]))
    refused = send(narrow, "/keys", {"name": "nightly"})
    assert (refused.status_code, refused.json()["code"]) == (409, "answered_before")
    invite(served.admissions, "priya@cartage.example", role="viewer")
    assert made.json()["key"] not in send(admin, "/keys", {"name": "nightly"}).text


def test_what_is_withheld_or_erased_since_is_not_told_again(served: Served, client: TestClient) -> None:
    from datetime import UTC, datetime

    send(client, "/accounts/halden/answers", {"question": QUESTION})
    served.archive.note_erasure("somebody", datetime.now(UTC), {})
    refused = send(client, "/accounts/halden/answers", {"question": QUESTION})
    assert (refused.status_code, refused.json()["code"]) == (409, "answered_before")


def test_what_was_refused_may_be_tried_again(served: Served, client: TestClient) -> None:
    assert send(client, "/accounts/nobody/answers", {"question": QUESTION}).status_code == 404
    assert send(client, "/keys", {"name": "nightly"}).status_code == 403
    assert send(client, "/accounts/halden/answers", {"question": QUESTION}).status_code == 200
    assert send(served.client(), "/accounts/halden/answers", {"question": QUESTION}).status_code == 401


def test_what_failed_here_may_be_tried_again(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("secret detail")

    for more in ({}, {"Accept": "text/event-stream"}):
        with monkeypatch.context() as patch:
            patch.setattr("assistant.conversation.ask", fail)
            assert "secret" not in send(client, "/accounts/halden/answers", {"question": QUESTION}, key=f"f{len(more)}", **more).text
        again = send(client, "/accounts/halden/answers", {"question": QUESTION}, key=f"f{len(more)}", **more)
        assert again.status_code == 200
        assert QUESTION in again.text


def test_the_second_of_two_at_once_is_told_to_wait(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    from assistant import conversation

    key, begun, go, converse = served.key(), Event(), Event(), conversation.converse

    def waits(*args: Any, **more: Any) -> Any:
        begun.set()
        assert go.wait(30)
        return converse(*args, **more)

    monkeypatch.setattr("api.routes.answers.converse", waits)
    first: list[Any] = []
    asking = Thread(target=lambda: first.append(send(served.client(key), "/accounts/halden/answers", {"question": QUESTION})))
    asking.start()
    assert begun.wait(30)
    second = send(served.client(key), "/accounts/halden/answers", {"question": QUESTION})
    go.set()
    asking.join(30)
    assert (second.status_code, second.json()["code"], second.headers["Retry-After"]) == (409, "in_progress", "1")
    assert send(served.client(key), "/accounts/halden/answers", {"question": QUESTION}).json() == first[0].json()


def test_a_new_key_is_nowhere_on_the_disk(served: Served) -> None:
    admin = served.client(served.key(role="admin"))
    secret = send(admin, "/keys", {"name": "nightly"}).json()["key"].rpartition("_")[2].encode()
    assert send(admin, "/keys", {"name": "nightly"}).status_code == 201
    home: Path = served.kit.home.path
    files = [path for path in home.rglob("*") if path.is_file()]
    assert files
    assert not [path for path in files if secret in path.read_bytes()]


def reader(id: str) -> Principal:
    return Principal(id, id, "csm", EVERYTHING, frozenset({"ask"}), "bt_1")


def answered(remembered: Remembered, who: str, key: str, size: int = 1) -> Done:
    done = remembered.begin(reader(who), key, "asked", "stamp")
    done.body, done.status = b"x" * size, 200
    remembered.end(done, kept=True)
    return done


def known(remembered: Remembered, who: str, key: str) -> bool:
    try:
        remembered.end(remembered.begin(reader(who), key, "asked", "stamp"), kept=False)
    except Again:
        return True
    return False


def test_keys_are_forgotten_after_the_hour_and_beyond_the_bounds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(once, "MOST_EACH", 3)
    monkeypatch.setattr(once, "MOST_BYTES", 100)
    now = 0.0
    remembered = Remembered(now=lambda: now)
    for number in range(5):
        answered(remembered, "usr_1", f"k-{number}")
    answered(remembered, "usr_2", "k-0")
    assert [each for each in remembered._kept if each[0] == "usr_1"] == [("usr_1", f"k-{number}") for number in (2, 3, 4)]
    assert known(remembered, "usr_2", "k-0")
    answered(remembered, "usr_2", "k-1", 99)
    assert sum(len(each.body) for each in remembered._kept.values()) <= 100
    with pytest.raises(Problem):
        remembered.begin(reader("usr_2"), "k-1", "something else", "stamp")
    now = once.KEPT_S + 1
    assert not known(remembered, "usr_2", "k-1")
