"""What every request meets before a route, and what every response carries."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from api.fence import MOST_BYTES
from tests.api.served import Served

ASK = "/api/v1/accounts/halden/answers"
JSON = {"Content-Type": "application/json"}


@pytest.mark.parametrize("path", ["/", "/web/app.js", "/healthz", "/api/v1/accounts", "/api/v1/nowhere", "/api/v1/accounts/nobody"])
def test_every_response_carries_the_headers(client: TestClient, path: str) -> None:
    headers = client.get(path).headers
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self';" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert headers["cache-control"] == ("no-cache" if path.startswith("/web/") else "no-store")
    assert headers["x-request-id"].startswith("req_")
    assert "server" not in headers


def test_request_ids_are_ours_and_never_repeat(client: TestClient) -> None:
    seen = {client.get("/healthz", headers={"X-Request-Id": "mine"}).headers["x-request-id"] for _ in range(3)}
    assert len(seen) == 3
    assert "mine" not in seen


def test_an_unknown_host_is_refused_before_anything_else(served: Served) -> None:
    response = served.client(served.key(), Host="baton.evil.example").get("/api/v1/accounts")
    assert (response.status_code, response.json()["code"]) == (421, "unknown_host")


@pytest.mark.parametrize("host", ["127.0.0.1:@evil.example", "localhost:8000@evil.example", "[::1]evil.example", "localhost:80:80"])
def test_a_host_that_is_none_is_refused_though_it_begins_like_ours(served: Served, host: str) -> None:
    assert served.client(served.key(), Host=host).get("/api/v1/accounts").status_code == 421


def test_another_site_may_not_send_unsafe_requests_even_with_a_key(served: Served) -> None:
    response = served.client(served.key(), Origin="https://evil.example").post(ASK, json={"question": "When?"})
    assert (response.status_code, response.json()["code"]) == (403, "cross_origin")


def test_a_body_past_the_limit_is_refused_with_and_without_a_length(client: TestClient) -> None:
    def chunks() -> Iterator[bytes]:
        yield b'{"question": "'
        for _ in range(MOST_BYTES // 1000 + 1):
            yield b"x" * 1000
        yield b'"}'

    assert client.post(ASK, content=b"x" * (MOST_BYTES + 1), headers=JSON).json()["code"] == "payload_too_large"
    assert client.post(ASK, content=chunks(), headers=JSON).json()["code"] == "payload_too_large"


def test_a_body_within_the_limit_reaches_the_route(client: TestClient) -> None:
    padded = b'{"question": "When is the go-live date?"}'.ljust(MOST_BYTES)
    assert client.post(ASK, content=padded, headers=JSON).status_code == 200


@pytest.mark.parametrize(
    "body",
    [
        '{"question": "a", "question": "b"}',
        '{"question": NaN}',
        '{"question": "a"} {}',
        '{"question": "a"',
        "[" * 5000,
        '{"a":' * 80 + "1" + "}" * 80,
    ],
)
def test_json_that_two_readers_could_read_differently_is_refused(client: TestClient, body: str) -> None:
    response = client.post(ASK, content=body, headers=JSON)
    assert (response.status_code, response.json()["code"]) == (400, "malformed_json")


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", ""])
def test_only_json_is_taken(client: TestClient, kind: str) -> None:
    response = client.post(ASK, content='{"question": "When?"}', headers={"Content-Type": kind})
    assert (response.status_code, response.json()["code"]) == (415, "not_json")
