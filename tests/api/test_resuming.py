"""An answer that can be read again, heard again from where its stream was lost, and stopped; by whoever asked."""

from __future__ import annotations

from collections.abc import Iterator
from threading import Event, Thread
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api import runs
from api.keys import create_key
from api.runs import Run, Runs
from api.users import invite
from assistant.answers import Answer
from assistant.listening import Listener, Stopped, Withdrawn
from ingest.archive.scope import EVERYTHING
from tests.api.served import Served
from tests.api.test_events import ASK, stream, told, whole_of


@pytest.fixture
def priya(served: Served) -> TestClient:
    person = invite(served.admissions, "priya@cartage.example", accounts=[served.halden])
    return served.client(create_key(served.admissions, "own", owner=person))


def heard(client: TestClient, id: str, after: int = 0) -> list[dict[str, Any]]:
    return told(client.get(f"/api/v1/answers/{id}/events", headers={"Last-Event-ID": str(after)} if after else {}), after)


def test_a_client_that_lost_its_stream_hears_the_rest_and_nothing_twice(priya: TestClient) -> None:
    events = stream(priya)
    id = events[0]["answer_id"]
    assert heard(priya, id) == events
    assert heard(priya, id, 3) == events[3:]
    assert heard(priya, whole_of(events)["id"], 3) == events[3:]
    assert priya.get(f"/api/v1/answers/{id}/events", headers={"Last-Event-ID": str(len(events))}).status_code == 204


@pytest.mark.parametrize("wrong", ["-1", "x", "1.5", "99999999999"])
def test_a_last_event_that_is_no_number_is_refused(priya: TestClient, wrong: str) -> None:
    id = stream(priya)[0]["answer_id"]
    assert priya.get(f"/api/v1/answers/{id}/events", headers={"Last-Event-ID": wrong}).status_code == 422


def test_an_answer_is_read_again_by_either_of_its_ids(priya: TestClient) -> None:
    events = stream(priya)
    whole = priya.get(f"/api/v1/answers/{whole_of(events)['id']}")
    assert (whole.status_code, whole.json()["blocks"]) == (200, whole_of(events)["blocks"])
    assert priya.get(f"/api/v1/answers/{events[0]['answer_id']}").json() == whole.json()
    plain = priya.post(ASK, json={"question": "Who invented the zeppelin?"}).json()
    assert priya.get(f"/api/v1/answers/{plain['id']}").json() == plain


def test_nobody_else_reads_hears_or_stops_it(served: Served, priya: TestClient) -> None:
    events = stream(priya)
    for id in (events[0]["answer_id"], whole_of(events)["id"]):
        for other in (served.key(), served.key(role="admin"), served.key(served.brightwell)):
            client = served.client(other)
            assert client.get(f"/api/v1/answers/{id}").status_code == 404
            assert client.get(f"/api/v1/answers/{id}/events").status_code == 404
            assert client.post(f"/api/v1/answers/{id}/cancel").status_code == 404


def test_who_sees_less_now_does_not_hear_what_they_saw_then(served: Served, priya: TestClient) -> None:
    id = stream(priya)[0]["answer_id"]
    assert heard(priya, id)
    invite(served.admissions, "priya@cartage.example", role="viewer")
    assert priya.get(f"/api/v1/answers/{id}/events").status_code == 404


def test_what_was_deleted_is_not_heard_again(priya: TestClient) -> None:
    events = stream(priya)
    assert priya.delete(f"/api/v1/threads/{events[0]['thread_id']}").status_code == 204
    for path in ("", "/events"):
        assert priya.get(f"/api/v1/answers/{events[0]['answer_id']}{path}").status_code == 404


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> Iterator[Event]:
    """Answers that come when the event is set, or not at all where they are stopped."""
    from assistant import conversation

    go, converse = Event(), conversation.converse

    def waits(*args: Any, listener: Listener, **more: Any) -> Answer:
        listener.tell(Withdrawn("clm_0"))
        with listener.stop.calls(go.set):
            assert go.wait(30)
        if listener.stop.is_set():
            raise Stopped
        return converse(*args, listener=listener, **more)

    monkeypatch.setattr("api.routes.answers.converse", waits)
    yield go
    go.set()


def begun(served: Served) -> tuple[list[dict[str, Any]], Thread, TestClient, Run]:
    """Somebody who asks in a thread of their own, and what they will have heard; the run once it has told something."""
    key = served.key(served.halden)
    events: list[dict[str, Any]] = []
    asking = Thread(target=lambda: events.extend(stream(served.client(key))))
    told_something = Event()
    was = Run.tell

    def noted(self: Run, frames: Any) -> None:
        was(self, frames)
        told_something.set()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Run, "tell", noted)
        asking.start()
        assert told_something.wait(30)
    [run] = served.app.state.runs._kept.values()
    return events, asking, served.client(key), run


def test_what_is_still_being_made_says_so_and_can_be_heard_by_two(served: Served, slow: Event) -> None:
    events, asking, client, run = begun(served)
    underway = client.get(f"/api/v1/answers/{run.id}")
    assert (underway.status_code, underway.json()["status"]) == (202, "running")
    second: list[dict[str, Any]] = []
    hearing = Thread(target=lambda: second.extend(heard(client, run.id, 1)))
    hearing.start()
    slow.set()
    asking.join(30)
    hearing.join(30)
    assert whole_of(events)["status"] == "answered"
    assert second == events[1:]
    assert client.get(f"/api/v1/answers/{run.id}").json()["id"] == whole_of(events)["id"]


def test_it_can_be_stopped_and_then_is_gone(served: Served, slow: Event) -> None:
    events, asking, client, run = begun(served)
    assert client.post(f"/api/v1/answers/{run.id}/cancel").json()["status"] == "stopped"
    asking.join(30)
    assert [event["type"] for event in events] == ["answer.check", "error"]
    assert events[-1]["problem"]["code"] == "answer_stopped"
    gone = client.get(f"/api/v1/answers/{run.id}")
    assert (gone.status_code, gone.json()["code"]) == (410, "answer_stopped")
    assert client.post(f"/api/v1/answers/{run.id}/cancel").json()["status"] == "stopped"


def test_one_that_has_ended_cannot_be_stopped_any_more(priya: TestClient) -> None:
    events = stream(priya)
    assert priya.post(f"/api/v1/answers/{events[0]['answer_id']}/cancel").json()["status"] == "answered"
    assert priya.post(f"/api/v1/answers/{whole_of(events)['id']}/cancel").json()["status"] == "answered"


def test_streams_are_kept_for_some_minutes_and_some_of_each_caller(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runs, "MOST_EACH", 3)
    now = 0.0
    kept = Runs(now=lambda: now)

    def ask(owner: str, words: str = "") -> Run:
        ended = Event()
        run = Run(owner, "acc_1", EVERYTHING, "thr_1", "req_1")

        def answering(listener: Listener) -> Answer:
            raise Stopped

        kept.begin(run, answering, lambda step: iter([words]), ended.set)
        assert ended.wait(30)
        return run

    first, *others = [ask("usr_1") for _ in range(4)]
    assert [*kept._kept] == [run.id for run in others]
    monkeypatch.setattr(runs, "MOST_CHARACTERS", 25)
    ask("usr_2", "x" * 10)
    ask("usr_3", "x" * 20)
    last = ask("usr_4")
    assert len("".join(frame for run in kept._kept.values() for frame in run.frames)) <= 25
    now = runs.KEPT_S + 1
    kept._forget_old()
    assert not kept._kept
    assert first.id != last.id


def test_one_that_is_not_heard_goes_on_counting_as_a_question(served: Served) -> None:
    ended = Event()
    run = Run("usr_1", "acc_1", EVERYTHING, "thr_1", "req_1")
    counted = [1]

    def leave() -> None:
        counted.clear()
        ended.set()

    def answering(listener: Listener) -> Answer:
        assert counted
        raise RuntimeError("whatever it was")

    Runs().begin(run, answering, lambda step: iter(["x"]), leave)
    assert ended.wait(30)
    assert run.state == "failed"
