"""A model's endpoint on loopback that does as it is told: answers well, obeys attackers, or fails in a way of choice."""

from __future__ import annotations

import json
import re
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from socketserver import StreamRequestHandler, ThreadingTCPServer
from threading import Event, Thread
from typing import Any

KEY = "sk-loopback-3f9b27c1"
GOOD = "Dana Okafor committed to a go-live date of 18 January 2027 if the two depots are the only scope."
QUOTED = "If those two depots are the only scope, I can commit to a go-live date of 18 January 2027."


@dataclass(frozen=True)
class Asked:
    """One request as it came in."""

    path: str
    headers: dict[str, str]
    body: dict[str, Any]

    @property
    def user(self) -> str:
        return str(self.body["messages"][1]["content"])

    @property
    def passages(self) -> list[str]:
        """The passages of the prompt, in their order."""
        opening = re.search(r"^\[([0-9a-f]{12}) passage 1: ", self.user, re.M)
        if opening is None:
            return []
        parts = re.split(rf"^\[{opening[1]} (?:passage \d+: [^\n]*|end of the passages)\]\n?", self.user, flags=re.M)
        return [part.strip("\n") for part in parts[1:-1]]


Behaviour = Callable[["Wire", Asked], None]


@dataclass
class Wire:
    """What a behaviour writes on, byte by byte if it likes."""

    write: Callable[[bytes], object]
    socket: socket.socket
    released: Event

    def head(self, status: str = "200 OK", kind: str = "text/event-stream", **headers: str) -> None:
        lines = [
            f"HTTP/1.1 {status}",
            f"content-type: {kind}",
            "connection: close",
            *(f"{k.replace('_', '-')}: {v}" for k, v in headers.items()),
        ]
        self.write(("\r\n".join(lines) + "\r\n\r\n").encode())

    def hang(self) -> None:
        """Until the server is closed or the client has gone."""
        self.socket.settimeout(0.02)
        while not self.released.is_set():
            try:
                if not self.socket.recv(1024):
                    return
            except TimeoutError:
                continue
            except OSError:
                return

    def reset(self) -> None:
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")
        self.socket.close()


@dataclass
class ModelServer:
    behaviour: Behaviour
    url: str = ""
    asked: list[Asked] = field(default_factory=list)
    gone: Event = field(default_factory=Event)
    """Set once a request is over, whoever ended it."""


@contextmanager
def serving(behaviour: Behaviour) -> Iterator[ModelServer]:
    released, made = Event(), ModelServer(behaviour)

    class Handler(StreamRequestHandler):
        def handle(self) -> None:
            with suppress(OSError):
                if (asked := read_request(self.rfile)) is None:
                    return
                made.asked.append(asked)
                try:
                    made.behaviour(Wire(self.connection.sendall, self.connection, released), asked)
                finally:
                    made.gone.set()

        def finish(self) -> None:
            with suppress(OSError, ValueError):
                super().finish()

    class Server(ThreadingTCPServer):
        allow_reuse_address = daemon_threads = True
        block_on_close = False

        def shutdown_request(self, request: Any) -> None:
            with suppress(OSError):
                super().shutdown_request(request)

    with Server(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        made.url = f"http://127.0.0.1:{server.server_address[1]}/v1"
        try:
            yield made
        finally:
            released.set()
            server.shutdown()
            thread.join()


def read_request(stream: Any) -> Asked | None:
    line = stream.readline(65_536).decode("latin-1").split()
    if len(line) < 2:
        return None
    headers = {}
    while header := stream.readline(65_536).decode("latin-1").strip():
        name, _, value = header.partition(":")
        headers[name.strip().lower()] = value.strip()
    return Asked(line[1], headers, json.loads(stream.read(int(headers.get("content-length", 0))) or b"{}"))


def claims(*each: tuple[str, int, str]) -> str:
    """A reply of the form asked for: (text, passage, words) a claim."""
    return json.dumps(
        {"claims": [{"quotes": [{"passage": passage, "words": words}], "text": text} for text, passage, words in each]}, ensure_ascii=False
    )


def good(asked: Asked) -> str:
    """One true claim, quoted from where it stands."""
    number = next(number for number, passage in enumerate(asked.passages, 1) if QUOTED in passage)
    return claims((GOOD, number, QUOTED))


def events(content: str, *, finish: str | None = "stop", usage: dict[str, Any] | None = None, piece: int = 12) -> bytes:
    """A stream of the content in small pieces, as OpenAI sends it."""
    parts = [content[at : at + piece] for at in range(0, len(content), piece)]
    out = [delta({"role": "assistant", "content": ""}), *(delta({"content": part}) for part in parts), delta({}, finish)]
    if usage is not None:
        out.append(event({"id": "c", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": [], "usage": usage}))
    return b"".join(out) + b"data: [DONE]\n\n"


def delta(content: dict[str, Any], finish: str | None = None) -> bytes:
    choice = {"index": 0, "delta": content, "finish_reason": finish}
    return event({"id": "c", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": [choice]})


def event(body: object) -> bytes:
    return b"data: " + json.dumps(body).encode() + b"\n\n"


def streams(reply: Callable[[Asked], str], **how: Any) -> Behaviour:
    def behave(wire: Wire, asked: Asked) -> None:
        wire.head()
        wire.write(events(reply(asked), **how))

    return behave


def says(content: str, **how: Any) -> Behaviour:
    return streams(lambda asked: content, **how)


def raw(body: bytes, **head: str) -> Behaviour:
    def behave(wire: Wire, asked: Asked) -> None:
        wire.head(**head)
        wire.write(body)

    return behave


def fails(status: str, **headers: str) -> Behaviour:
    body = json.dumps({"error": {"message": f"Incorrect API key provided: {KEY}", "type": "error"}}).encode()
    return raw(body, status=status, kind="application/json", content_length=str(len(body)), **headers)


def in_turn(*behaviours: Behaviour) -> Behaviour:
    """The first request gets the first, and whatever comes after the last gets the last."""
    left: list[Behaviour] = list(behaviours)

    def behave(wire: Wire, asked: Asked) -> None:
        (left.pop(0) if len(left) > 1 else left[0])(wire, asked)

    return behave


def cut_at(share: float, *, whole_chunks: bool) -> Behaviour:
    """A good reply that ends after this share of its bytes: the connection breaks, or (whole chunks) ends as if that were all."""

    def behave(wire: Wire, asked: Asked) -> None:
        body = events(good(asked))
        body = body[: int(share * body.index(b'"stop"'))]
        wire.head(transfer_encoding="chunked")
        wire.write(f"{len(body):x}\r\n".encode() + body + b"\r\n" + (b"0\r\n\r\n" if whole_chunks else b""))

    return behave
