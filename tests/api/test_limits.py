"""Who asks for more than their share is told when to come again; nobody else is kept waiting, and nothing is left counted."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest

from api.limits import Limits, Turnstile, load_limits
from api.problems import Problem
from ingest.settings import BadSettings
from tests.api.served import Served

ASK = "/api/v1/accounts/halden/answers"
QUESTION = {"question": "When do we go live?"}


def limited(served: Served, **limits: int) -> None:
    served.app.state.turnstile = Turnstile(replace(Limits(), **limits))


def test_questions_are_counted_for_each_caller(served: Served) -> None:
    limited(served, questions=2)
    ours, theirs = served.client(served.key()), served.client(served.key())
    assert [ours.post(ASK, json=QUESTION).status_code for _ in range(3)] == [200, 200, 429]
    refused = ours.post(ASK, json=QUESTION)
    problem = refused.json()
    assert (problem["code"], problem["status"]) == ("rate_limited", 429)
    assert 1 <= int(refused.headers["retry-after"]) == problem["retry_after"] <= 60
    assert "questions in a minute" in problem["detail"]
    assert ours.get("/api/v1/accounts").status_code == 200
    assert theirs.post(ASK, json=QUESTION).status_code == 200
    message = {"model": "halden-freight-group", "messages": [{"role": "user", "content": "When?"}]}
    other_door = ours.post("/v1/chat/completions", json=message)
    assert (other_door.status_code, other_door.json()["error"]["type"]) == (429, "rate_limit_error")


def test_requests_are_counted_whatever_one_comes_in_with(served: Served) -> None:
    limited(served, requests=3)
    client = served.client(served.key())
    assert [client.get("/api/v1/me").status_code for _ in range(4)] == [200, 200, 200, 429]
    assert served.client().get("/healthz").status_code == 200


def test_only_so_many_questions_wait_at_once_and_a_place_is_free_again_after_each(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    limited(served, at_once=1)
    client = served.client(served.key())
    asked, go_on = Event(), Event()

    def slow(*_: Any, **__: Any) -> None:
        asked.set()
        go_on.wait(20)
        raise Problem(503, "model_unavailable", "Not now.")

    with monkeypatch.context() as patched:
        patched.setattr("api.routes.answers.converse", slow)
        waiting = Thread(target=lambda: client.post(ASK, json=QUESTION))
        waiting.start()
        assert asked.wait(20)
        refused = served.client(client.headers["authorization"].removeprefix("Bearer ")).post(ASK, json=QUESTION)
        go_on.set()
        waiting.join(20)
    assert (refused.status_code, refused.headers["retry-after"]) == (429, "1")
    for _ in range(3):  # after a failure, an answer and a stream
        assert client.post(ASK, json=QUESTION).status_code == 200
        assert "answer.completed" in client.post(ASK, json=QUESTION, headers={"Accept": "text/event-stream"}).text
        assert client.post(ASK, json={"question": ""}).status_code == 422


def test_all_together_have_a_limit_too() -> None:
    turnstile = Turnstile(Limits(at_once=2, in_all=3))
    leave = [turnstile.enter(who, question=True) for who in ("a", "a", "b")]
    with pytest.raises(Problem):
        turnstile.enter("c", question=True)
    assert turnstile.enter("c", question=False) is None
    assert leave[0] is not None
    leave[0]()
    assert turnstile.enter("c", question=True) is not None


def test_who_could_not_be_answered_soon_is_told_when_to_come_again() -> None:
    pace = [0.5]
    turnstile = Turnstile(Limits(in_all=8), lambda: pace[0])
    leave = [turnstile.enter(who, question=True) for who in "abcdefg"]  # the next would have three and a half seconds before it
    for refused in (turnstile.check_crowd, lambda: turnstile.enter("h", question=True)):
        with pytest.raises(Problem) as told:
            refused()
        assert (told.value.status, told.value.headers) == (429, {"Retry-After": "4"})
    pace[0] = 0.1
    leave.append(turnstile.enter("h", question=True))
    with pytest.raises(Problem):
        turnstile.check_crowd()  # all the same no more than so many
    pace[0] = 60.0
    for each in leave:
        assert each is not None
        each()
    turnstile.check_crowd()  # with nobody waiting there is nothing to wait for, however slow it was


def test_who_comes_in_a_crowd_is_refused_before_anything_is_looked_up_or_written(served: Served) -> None:
    limited(served, in_all=1)
    client, admissions = served.client(served.key()), served.app.state.gate.admissions
    leave = served.app.state.turnstile.enter("somebody", question=True)
    before = admissions.verify().entries
    assert client.post(ASK, json=QUESTION).status_code == 429
    assert served.client().post(ASK, json=QUESTION).status_code == 429
    assert client.get("/api/v1/me").status_code == 200
    assert admissions.verify().entries == before
    leave()
    assert client.post(ASK, json=QUESTION).status_code == 200
    assert admissions.verify().entries > before


def test_many_who_come_at_the_same_moment_are_counted_before_they_are_known() -> None:
    turnstile = Turnstile(Limits(in_all=2))
    arrived = [turnstile.arrive(), turnstile.arrive()]
    with pytest.raises(Problem):
        turnstile.arrive()
    arrived[0]()
    leave = turnstile.enter("a", question=True)
    with pytest.raises(Problem):
        turnstile.arrive()
    arrived[1]()
    assert leave is not None
    leave()
    assert [turnstile.arrive() for _ in range(2)]


def test_a_refusal_in_a_crowd_reads_no_body_and_is_kept_a_moment(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    held: list[float] = []

    async def sleep(seconds: float) -> None:
        held.append(seconds)

    served.app.state.turnstile = turnstile = Turnstile(Limits(in_all=1), hold_s=0.5)
    leave = turnstile.enter("somebody", question=True)
    client = served.client(served.key())
    with monkeypatch.context() as patched:
        patched.setattr("api.fence.asyncio.sleep", sleep)
        assert client.post(ASK, content=b"no JSON at all").status_code == 429
        assert held == [0.5]
        assert client.get("/api/v1/me").status_code == 200
    assert held == [0.5]
    assert leave is not None
    leave()
    for body, status in ((b"no JSON at all", 415), (b'{"question": ""}', 422), (b'{"question": "When do we go live?"}', 200)):
        headers = {} if status == 415 else {"Content-Type": "application/json"}
        assert client.post(ASK, content=body, headers=headers).status_code == status  # and each gave its place back


def test_a_file_of_a_brief_and_a_question_for_it_are_work_too(served: Served) -> None:
    limited(served, questions=3)
    client = served.client(served.key())
    brief = client.post("/api/v1/accounts/halden/briefs", json={}).json()["id"]
    assert client.get(f"/api/v1/briefs/{brief}/export", params={"format": "md"}).status_code == 200
    assert client.post("/api/v1/accounts/halden/gaps", json={"question": "Who signs for depot 15?"}).status_code == 201
    assert client.get(f"/api/v1/briefs/{brief}/export", params={"format": "md"}).status_code == 429
    assert client.post("/api/v1/accounts/halden/gaps", json={"question": "Who pays?"}).status_code == 429
    assert client.get(f"/api/v1/briefs/{brief}").status_code == 200


def test_signing_in_is_not_tried_for_ever(served: Served) -> None:
    limited(served, attempts=2)
    codes = [served.client().post("/api/v1/session", json={"code": "guess"}).status_code for _ in range(3)]
    assert codes == [401, 401, 429]
    assert served.client().post("/api/v1/session", json={"code": served.code()}).status_code == 429
    limited(served, attempts=2)
    for _ in range(4):  # those that succeed do not count
        assert served.client().post("/api/v1/session", json={"code": served.code()}).status_code == 204


def test_the_settings_are_read_and_checked(tmp_path: Path) -> None:
    assert load_limits(tmp_path, {}) == Limits()
    (tmp_path / "baton.toml").write_text("[limits]\nquestions = 5\n", encoding="utf-8")
    assert load_limits(tmp_path, {"BATON_LIMITS_AT_ONCE": "3"}) == Limits(questions=5, at_once=3)
    for wrong in ("0", "-1", "many", "1.5"):
        with pytest.raises(BadSettings, match="requests is a number"):
            load_limits(tmp_path, {"BATON_LIMITS_REQUESTS": wrong})
