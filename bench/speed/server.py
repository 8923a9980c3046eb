"""`baton serve` as a process of its own, and several clients that ask it at once."""

from __future__ import annotations

import http.client
import json
import signal
import subprocess
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Thread
from time import perf_counter
from urllib.parse import urlsplit

from bench.speed.figures import Broken
from bench.speed.processes import BATON, ended, environment

PATIENCE_S = 120


@dataclass
class Server:
    port: int
    ready_s: float
    """From its start to the first answer of /readyz."""
    cpu_s: float = field(default=0.0)
    """From its start to its end; known when it has ended, as is `peak_mb`."""
    peak_mb: float = field(default=0.0)


@dataclass(frozen=True, slots=True)
class Request:
    """`holds` is the test of an answer's body; a body that fails it is an error."""

    method: str
    path: str
    body: bytes | None
    holds: Callable[[bytes], bool]


@dataclass(frozen=True, slots=True)
class Volley:
    """What a number of requests took: seconds in all, milliseconds each, and a sentence for each that went wrong."""

    seconds: float
    milliseconds: tuple[float, ...]
    errors: tuple[str, ...]


@contextmanager
def served(home: Path) -> Iterator[Server]:
    """A server on a free port of loopback that asks for no credentials; ended as Ctrl-C ends it. Raises `Broken` if it dies."""
    begun = perf_counter()
    command = [BATON, "serve", "--home", str(home), "--port", "0"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, env=environment(BATON_DEV_OPEN="1"))
    assert process.stderr is not None
    said = process.stderr.readline()
    log: list[str] = [said]
    reader = Thread(target=lambda stream: log.extend(stream), args=(process.stderr,), daemon=True)
    reader.start()
    server: Server | None = None
    try:
        address = next((word for word in said.split() if word.startswith("http://")), "")
        port = urlsplit(address).port
        if port is None:
            raise Broken(f"`baton serve` did not say where it serves: {said.strip() or 'it said nothing'}")
        ready = fire(port, [Request("GET", "/readyz", None, lambda body: json.loads(body)["status"] == "ready")], clients=1)
        if ready.errors:
            raise Broken(f"`baton serve` did not become ready: {ready.errors[0]}")
        server = Server(port, perf_counter() - begun)
        yield server
        if process.poll() is not None:
            raise Broken("`baton serve` died while it was measured")
    except Broken as broken:
        if len(log) == 1:
            raise
        raise Broken(f"{broken}; the last the server said: {log[-1].strip()}") from broken
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGINT if server else signal.SIGKILL)
            cpu_s, peak_mb = ended(process)
            if server is not None:
                server.cpu_s, server.peak_mb = cpu_s, peak_mb
        reader.join(timeout=PATIENCE_S)
        process.stderr.close()


def fire(port: int, requests: Sequence[Request], clients: int) -> Volley:
    """All requests, each once, from as many clients at once, every one on a connection of its own that it keeps."""
    waiting: SimpleQueue[Request] = SimpleQueue()
    for request in requests:
        waiting.put(request)
    took: list[float] = []
    errors: list[str] = []

    def client() -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_S)
        while True:
            try:
                request = waiting.get_nowait()
            except Empty:
                break
            begun = perf_counter()
            error = _asked(connection, request)
            took.append((perf_counter() - begun) * 1000)
            if error:
                errors.append(error)
        connection.close()

    threads = [Thread(target=client) for _ in range(clients)]
    begun = perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return Volley(perf_counter() - begun, tuple(took), tuple(errors))


def _asked(connection: http.client.HTTPConnection, request: Request) -> str:
    """What went wrong; nothing if nothing did."""
    headers = {"Content-Type": "application/json"} if request.body is not None else {}
    try:
        connection.request(request.method, request.path, request.body, headers)
        response = connection.getresponse()
        body = response.read()
    except (OSError, http.client.HTTPException) as error:
        connection.close()
        return f"{request.method} {request.path}: {type(error).__name__}: {error}"
    if response.status != 200:
        return f"{request.method} {request.path}: status {response.status}"
    return "" if request.holds(body) else f"{request.method} {request.path}: the body is not what was asked for"
