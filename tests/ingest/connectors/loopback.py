"""A tool's HTTP interface on this machine: real sockets, a clock that never waits, and the faults a test asks for."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any, Protocol
from urllib.parse import parse_qs, unquote, urlsplit

from ingest.connectors.api import Clock


@dataclass(frozen=True)
class Asked:
    method: str
    path: str
    query: Mapping[str, str]
    body: Any
    headers: Mapping[str, str]
    host: str = ""
    many: Mapping[str, list[str]] = field(default_factory=dict)
    """Parameters that are given several times."""


@dataclass(frozen=True)
class Reply:
    status: int = 200
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)


class Tool(Protocol):
    def answer(self, asked: Asked) -> Reply: ...


class Time:
    """A clock that a test moves; whoever waits is not kept waiting, and what was waited for is noted."""

    def __init__(self, at: datetime = datetime(2026, 10, 2, 9, tzinfo=UTC)) -> None:
        self.at = at
        self.waited: list[float] = []

    def wait(self, seconds: float) -> None:
        self.waited.append(seconds)
        self.at += timedelta(seconds=seconds)

    def pass_(self, **by: float) -> None:
        self.at += timedelta(**by)

    @property
    def clock(self) -> Clock:
        return Clock(now=lambda: self.at, monotonic=lambda: self.at.timestamp(), wait=self.wait)


class Faults:
    """Answers that come in the place of the tool's own, at the requests whose numbers are named (the first is 1)."""

    def __init__(self, tool: Tool, at: Mapping[int, Reply] | None = None) -> None:
        self.tool, self.at = tool, dict(at or {})
        self.log: list[Asked] = []

    def answer(self, asked: Asked) -> Reply:
        self.log.append(asked)
        return self.at.get(len(self.log)) or self.tool.answer(asked)


@contextmanager
def served(tool: Tool) -> Iterator[str]:
    """Where the tool can be asked."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self._answer("GET")

        def do_POST(self) -> None:
            self._answer("POST")

        def _answer(self, method: str) -> None:
            parts = urlsplit(self.path)
            data = self.rfile.read(int(self.headers.get("content-length") or 0))
            form = "urlencoded" in self.headers.get("content-type", "")
            many = parse_qs(data.decode() if form else parts.query, keep_blank_values=True)
            body = {key: values[0] for key, values in many.items()} if form else json.loads(data) if data else None
            query = {} if form else {key: values[0] for key, values in many.items()}
            headers = {key.lower(): value for key, value in self.headers.items()}
            reply = tool.answer(Asked(method, unquote(parts.path), query, body, headers, self.headers.get("host", ""), many))
            raw = reply.body if isinstance(reply.body, bytes) else json.dumps(reply.body).encode()
            self.send_response(reply.status)
            kind = "application/octet-stream" if isinstance(reply.body, bytes) else "application/json"
            for key, value in {"Content-Type": kind, "Content-Length": str(len(raw)), **reply.headers}.items():
                self.send_header(key, value)
            self.end_headers()
            self.wfile.write(raw)

        def log_message(self, format: str, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
