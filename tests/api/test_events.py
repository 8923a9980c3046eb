"""An answer as a stream of events: what is found, each claim with its citations, and at the end the same answer as without."""

from __future__ import annotations

import asyncio
import json
import re
from dataclasses import replace
from threading import Event, Thread
from typing import Any, Union

import pytest
from fastapi.testclient import TestClient
from pydantic import TypeAdapter

from api.events import Steps, streamed
from api.keys import create_key, revoke_key
from api.runs import Run, Runs
from api.shapes.events import EVENTS
from api.users import invite, suspend
from assistant.answers import Answer
from assistant.listening import Listener, Stopped, Withdrawn
from assistant.models.chat import Chat
from assistant.models.endpoint import Endpoint
from assistant.settings import ModelSettings
from ingest.archive.scope import EVERYTHING
from tests.api.served import Served, serve
from tests.assistant.model_server import claims, serving, streams

ASK = "/api/v1/accounts/halden/answers"
QUESTION = "When is the go-live date for the two depots?"
QUOTED = "If those two depots are the only scope for phase one, I can commit to a go-live date of 18 January 2027."
SAID = "Dana Okafor can commit to a go-live date of 18 January 2027 if the two depots are the only scope for phase one."


SHAPE: TypeAdapter[Any] = TypeAdapter(Union[EVENTS])  # noqa: UP007  # of a tuple


def told(response: Any, after: int = 0) -> list[dict[str, Any]]:
    """The events, whose frames agree with what they hold."""
    assert response.headers["content-type"].startswith("text/event-stream")
    found = []
    for number, frame in enumerate(response.text.removesuffix("\n\n").split("\n\n"), after + 1):
        name, seq, data = frame.split("\n")
        body = json.loads(data.removeprefix("data: "))
        assert (name, seq) == (f"event: {body['type']}", f"id: {number}")
        assert body["seq"] == number
        found.append(body)
        SHAPE.validate_python(body)
    return found


def stream(client: TestClient, question: str = QUESTION) -> list[dict[str, Any]]:
    return told(client.post(ASK, json={"question": question}, headers={"Accept": "text/event-stream"}))


def whole_of(events: list[dict[str, Any]]) -> dict[str, Any]:
    """The answer that the stream ends with, but for the follow-ups behind it."""
    [answer] = [event["answer"] for event in events if event["type"] == "answer.completed"]
    return dict(answer)


def test_the_words_of_the_history_come_claim_by_claim_and_then_as_the_whole_answer(client: TestClient) -> None:
    events = stream(client)
    plain = client.post(ASK, json={"question": QUESTION}).json()
    whole = whole_of(events)
    for name in ("status", "blocks", "citations", "receipt"):
        assert whole[name] == plain[name]
    assert [event["type"] for event in events[:4]] == ["answer.started", "answer.search", "answer.delta", "answer.citation"]
    assert [event["type"] for event in events].index("answer.completed") == max(4, len(events) - 1 - bool(whole["follow_ups"]))
    assert [item for event in events if event["type"] == "answer.followups" for item in event["items"]] == whole["follow_ups"]
    assert events[0]["number_of_sources"] == sum(plain["receipt"]["searched"].values())
    assert [e["text"] for e in events if e["type"] == "answer.delta"] == [c["text"] for b in whole["blocks"] for c in b["claims"]]
    cited = [e["citation"] for e in events if e["type"] == "answer.citation"]
    assert {c["id"]: c for c in cited} == {c["id"]: c for c in whole["citations"]}


def test_what_is_not_in_the_history_is_an_event_of_its_own(client: TestClient) -> None:
    events = stream(client, "Who invented the zeppelin?")
    assert [event["type"] for event in events] == ["answer.started", "answer.search", "answer.declined"]


def by_model(served: Served, url: str) -> TestClient:
    settings = ModelSettings(url, "small-1")
    kit = replace(served.kit, model=Chat(settings, Endpoint(settings)))
    app, sign_in = serve(kit)
    mine = Served(app, kit, sign_in, served.halden, served.brightwell)
    return mine.client(mine.key())


def test_claims_of_a_model_that_breaks_off_are_removed_before_the_whole_answer(served: Served) -> None:
    def reply(asked: Any) -> str:
        number = next(n for n, passage in enumerate(asked.passages, 1) if QUOTED in passage)
        return claims((SAID, number, QUOTED), (SAID, number, QUOTED), (SAID, number, QUOTED))

    with serving(streams(reply)) as server:
        client = by_model(served, server.url)
        events = stream(client)
        assert [e["text"] for e in events if e["type"] == "answer.delta"] == [SAID]
        assert (whole_of(events)["model"], whole_of(events)["usage"]["model"]) == ("small-1", "small-1")
        server.behaviour = streams(reply, finish=None)
        events = stream(client)
    assert whole_of(events)["model"] == "extractive"
    standing: list[str] = []
    for event in events:
        match event["type"], event.get("check"):
            case "answer.delta", _:
                standing.append(event["claim"])
            case "answer.check", "removed":
                standing.remove(event["claim"])
    assert standing == [c["id"] for b in whole_of(events)["blocks"] for c in b["claims"]]


def test_a_failure_within_the_stream_is_its_last_event_and_holds_no_detail(
    served: Served, client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*args: object, **more: object) -> Answer:
        raise RuntimeError("secret detail")

    monkeypatch.setattr("assistant.conversation.ask", fail)
    response = client.post(ASK, json={"question": QUESTION}, headers={"Accept": "text/event-stream"})
    (event,) = told(response)
    assert (event["type"], event["problem"]["status"], event["problem"]["code"]) == ("error", 500, "failed")
    assert "secret detail" not in response.text


def test_who_asks_for_what_they_may_not_see_gets_a_problem_and_no_stream(client: TestClient) -> None:
    response = client.post("/api/v1/accounts/nobody/answers", json={"question": "When?"}, headers={"Accept": "text/event-stream"})
    assert (response.status_code, response.headers["content-type"]) == (404, "application/problem+json")


def test_a_client_that_goes_and_does_not_come_back_stops_the_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.events.GRACE_S", 0.05)
    stopped = Event()

    def answering(listener: Listener) -> Answer:
        listener.tell(Withdrawn("clm_1"))
        if listener.stop.wait(30):
            stopped.set()
        raise RuntimeError("nobody hears this")

    async def read_one_and_go() -> None:
        run = Run("usr_1", "acc_1", EVERYTHING, "thr_1", "req_1")
        events = streamed(Runs().begin(run, answering, Steps(run.id, "thr_1", "req_1").events)).body_iterator
        first = await anext(aiter(events))
        assert "answer.check" in str(first)
        await events.aclose()  # type: ignore[attr-defined]  # what the server does with it when the connection closes
        assert await asyncio.to_thread(stopped.wait, 30)

    asyncio.run(read_one_and_go())


def test_openapi_names_every_event_and_what_it_names_is_there(client: TestClient) -> None:
    document = client.get("/api/v1/openapi.json").json()
    shapes = document["components"]["schemas"]
    described = document["paths"]["/api/v1/accounts/{account}/answers"]["post"]["responses"]["200"]["content"]
    assert set(described) == {"application/json", "text/event-stream"}
    named = [each["$ref"].rpartition("/")[2] for each in described["text/event-stream"]["schema"]["oneOf"]]
    assert named == [event.__name__ for event in EVENTS]
    refs = {ref.rpartition("/")[2] for ref in re.findall(r'"(#/components/schemas/[^"]+)"', json.dumps(document))}
    assert refs <= set(shapes)
    assert set(named) <= set(shapes)


@pytest.mark.parametrize("how", ["revoked", "suspended", "no longer of the account", "a viewer now"])
def test_who_is_shut_out_hears_no_more_of_an_answer(served: Served, monkeypatch: pytest.MonkeyPatch, how: str) -> None:
    monkeypatch.setattr("api.events.CHECK_S", 0.05)
    person = invite(served.admissions, "priya@cartage.example", accounts=[served.halden])
    key = create_key(served.admissions, "own", owner=person)
    begun, stopped = Event(), Event()

    def endless(*_: object, listener: Listener, **__: object) -> Answer:
        begun.set()
        while not listener.stop.is_set():
            stopped.wait(0.01)
        stopped.set()
        raise Stopped

    monkeypatch.setattr("api.routes.answers.converse", endless)
    heard: list[dict[str, Any]] = []
    asking = Thread(target=lambda: heard.extend(stream(served.client(key))))
    asking.start()
    assert begun.wait(20)
    match how:
        case "revoked":
            revoke_key(served.admissions, key[:11])
        case "suspended":
            suspend(served.admissions, person, suspended=True)
        case "a viewer now":
            invite(served.admissions, "priya@cartage.example", role="viewer")
        case _:
            invite(served.admissions, "priya@cartage.example", accounts=[served.brightwell])
    asking.join(20)
    assert not asking.is_alive()
    assert [(event["type"], event["problem"]["status"]) for event in heard] == [("error", 401)]
    assert stopped.wait(20)
