"""Clients under load: each request is sent once, and what goes wrong is told instead of being timed as an answer."""

from __future__ import annotations

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread

import pytest

from bench.speed.figures import Broken
from bench.speed.load import whole
from bench.speed.server import Request, fire


class Counting(ThreadingHTTPServer):
    """Says `ok` to every path but /broken, and counts."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.asked: dict[str, int] = {}
        self.lock = Lock()


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Counting

    def do_GET(self) -> None:
        with self.server.lock:
            self.server.asked[self.path] = self.server.asked.get(self.path, 0) + 1
        self.send_response(500 if self.path == "/broken" else 200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"ok")

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: a test's output is its result."""


@pytest.fixture
def server() -> Iterator[Counting]:
    with Counting() as counting:
        thread = Thread(target=counting.serve_forever)
        thread.start()
        yield counting
        counting.shutdown()
        thread.join()


def get(path: str, expected: bytes = b"ok") -> Request:
    return Request("GET", path, None, lambda body: body == expected)


@pytest.mark.parametrize("clients", [1, 4])
def test_every_request_is_sent_once_by_whichever_client_is_free(server: Counting, clients: int) -> None:
    volley = fire(server.server_port, [get(f"/{number}") for number in range(40)], clients)
    assert server.asked == {f"/{number}": 1 for number in range(40)}
    assert (len(volley.milliseconds), volley.errors) == (40, ())
    assert 0 < max(volley.milliseconds) <= volley.seconds * 1000


def test_a_failed_request_is_told_and_the_others_still_go_out(server: Counting) -> None:
    volley = fire(server.server_port, [get("/a"), get("/broken"), get("/b", expected=b"something else"), get("/c")], 1)
    assert volley.errors == ("GET /broken: status 500", "GET /b: the body is not what was asked for")
    assert sum(server.asked.values()) == 4


def test_a_server_that_is_gone_breaks_the_measurement_with_a_sentence(server: Counting) -> None:
    with pytest.raises(Broken, match=r"1 of 1 requests went wrong; the first: GET /broken: status 500"):
        whole(server.server_port, [get("/broken")], 1)
    server.shutdown()
    server.server_close()
    assert "ConnectionRefusedError" in fire(server.server_port, [get("/a")], 1).errors[0]
