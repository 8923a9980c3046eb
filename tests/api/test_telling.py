"""What the server tells whoever runs it, in its log and in numbers, holds no word of what was said or asked."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator

import pytest

from api.keys import create_key
from api.logs import JsonLines, Plain
from tests.api.served import Served

QUESTION = "Which zanzibar clause did Marta ask for?"


@pytest.fixture
def lines(caplog: pytest.LogCaptureFixture) -> Iterator[list[str]]:
    """What the server's log would be."""
    told: list[str] = []

    class Kept(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            told.append(self.format(record))

    handler, logger = Kept(), logging.getLogger("baton")
    handler.setFormatter(JsonLines())
    logger.addHandler(handler)
    level = logger.level
    logger.setLevel(logging.INFO)
    yield told
    logger.removeHandler(handler)
    logger.setLevel(level)


def test_a_request_is_one_line_with_who_what_and_how_long(served: Served, lines: list[str]) -> None:
    key = served.key()
    client = served.client(key, **{"X-Request-Id": "mine-12345"})
    sent = client.post("/api/v1/accounts/Halden Freight Group/answers", json={"question": QUESTION})
    [line] = lines
    told = json.loads(line)
    assert told.pop("ms") >= 0
    assert told.pop("at").endswith("+00:00")
    assert told == {
        "level": "info", "logger": "baton.api", "event": "request", "request_id": sent.headers["x-request-id"], "method": "POST",
        "route": "/accounts/{account}/answers", "status": 200, "client_request_id": "mine-12345", "credential": key[:11],
        "principal": served.admissions.principals()[0].id,
    }  # fmt: skip


def test_no_line_holds_what_was_asked_or_sent(served: Served, lines: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    client = served.client(served.key())

    def broken(*_: object, **__: object) -> None:
        raise ValueError(QUESTION)

    client.post("/api/v1/accounts/zanzibar/answers", json={"question": QUESTION})
    client.get("/api/v1/accounts", params={"q": "zanzibar"}, headers={"X-Request-Id": "zanzibar\nforged line"})
    client.request("ZANZIBAR", "/zanzibar")
    served.client("zanzibar").get("/api/v1/me")
    monkeypatch.setattr("api.routes.answers.converse", broken)
    assert client.post("/api/v1/accounts/halden/answers", json={"question": QUESTION}).status_code == 500
    client.post("/api/v1/accounts/halden/answers", json={"question": QUESTION}, headers={"Accept": "text/event-stream"})
    assert len(lines) >= 6
    assert not [line for line in lines if "zanzibar" in line.casefold()]
    failed = [json.loads(line) for line in lines if "where" in line]
    assert {each["error"] for each in failed} == {"ValueError"}
    assert all(any("test_telling.py" in place for place in each["where"]) for each in failed)


def test_the_plain_form_leaves_an_errors_own_words_out_too() -> None:
    try:
        raise ValueError(QUESTION)
    except ValueError as error:
        record = logging.LogRecord("x", logging.ERROR, "", 0, "request %s failed", ("req_1",), (ValueError, error, error.__traceback__))
    said = Plain("%(levelname)s %(message)s").format(record)
    assert said.startswith("ERROR request req_1 failed\nValueError < test_telling.py:")
    assert "zanzibar" not in said


def test_the_numbers_are_for_a_key_that_may_see_them_alone(served: Served) -> None:
    client = served.client(create_key(served.admissions, "prometheus", role="admin", permissions=["metrics"]))
    served.client(served.key()).post("/api/v1/accounts/halden/answers", json={"question": QUESTION})
    served.client().get("/nowhere/zanzibar")
    served.client().request("ZANZIBAR", "/healthz")
    told = client.get("/metrics")
    assert told.headers["content-type"].startswith("text/plain; version=0.0.4")
    assert 'baton_requests_total{method="POST",route="/accounts/{account}/answers",status="200"} 1.0' in told.text
    assert 'baton_requests_total{method="GET",route="-",status="404"} 1.0' in told.text
    assert 'baton_request_seconds_count{method="POST",route="/accounts/{account}/answers"} 1.0' in told.text
    assert "baton_requests_running 1.0" in told.text
    assert "baton_degraded_parts 1.0" in told.text
    assert "zanzibar" not in told.text.casefold()
    assert client.get("/api/v1/accounts").status_code == 403
    assert served.client(served.key()).get("/metrics").status_code == 403
    assert served.client().get("/metrics").status_code == 401
