"""A crowd at one server: people who ask, read and ask again; then more than it takes; then many who go away in the middle.

The home is large and its vectors are hashes of words (`bench.hashed`): a question costs what Baton does for it and no model's time. The
people, the server and whatever else the machine does share its cores, so the same crowd also asks /healthz, which does nothing.
"""

from __future__ import annotations

import argparse
import asyncio
import http.client
import json
import os
import random
import socket
import subprocess
import sys
import tempfile
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic, perf_counter, sleep
from typing import Any

import uvicorn

from api.access import Gate
from api.app import create_app
from api.arenas import ONE_THREAD_EACH
from api.desk import Desk
from api.keys import create_key
from api.limits import Limits
from api.serve import KEEP_ALIVE_S, planned
from assistant.wiring import open_kit
from bench.hashed import HashedWords
from bench.speed.figures import percentile
from bench.speed.processes import PYTHON, ROOT, SAMPLES, child, environment
from eval.cases import load_cases
from ingest.archive.admissions import Admissions
from ingest.archive.database import FILE
from ingest.archive.scope import EVERYTHING
from ingest.wiring import open_home

CASES = ROOT / "data" / "cases"
THINKING_S = (2.0, 4.0)
"""Between an answer and the next question of the same person, drawn evenly."""
MOST_MS = 500.0
"""For 19 of 20 answers."""
SLACK = 2
"""Tasks, threads and files that may come and go by themselves."""
PATIENCE_S = 60.0


@dataclass
class Heard:
    milliseconds: list[float] = field(default_factory=list)
    statuses: Counter[str] = field(default_factory=Counter)
    """By HTTP status, or by the name of what went wrong without one."""

    def summary(self) -> str:
        told = ", ".join(f"{count} x {status}" for status, count in sorted(self.statuses.items()))
        if not self.milliseconds:
            return told or "nothing"
        p50, p95, p99 = (percentile(self.milliseconds, share) for share in (50, 95, 99))
        return f"p50 {p50:.0f} ms, p95 {p95:.0f} ms, p99 {p99:.0f} ms; {told}"


class Faults(list[str]):
    def unless(self, holds: bool, what: str) -> None:
        if not holds:
            self.append(what)


def main() -> None:
    options = _options()
    if options.serve:
        _serve(options.serve, options.keys)
        return
    with tempfile.TemporaryDirectory(prefix="baton-crowd-") as folder:
        home = options.home or Path(folder) / "home"
        if not home.exists():
            history = Path(folder) / "history.jsonl"
            child("baton.huge_history", samples=str(SAMPLES), passages=options.passages, accounts=options.accounts, out=str(history))
            child("baton.ingest_hashed", home=str(home), paths=[str(history)])
        faults = _crowd(home, options)
    for fault in faults:
        print(f"crowd: {fault}")
    sys.exit(1 if faults else 0)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.crowd", description="Let a crowd ask one server, overload it, and leave it.")
    parser.add_argument("--people", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=60, help="of the crowd; a third of it overloaded")
    parser.add_argument("--passages", type=int, default=100_000)
    parser.add_argument("--accounts", type=int, default=200)
    parser.add_argument("--gone", type=int, default=1000, help="streams that are left in the middle")
    parser.add_argument("--seed", type=int, default=2026)
    parser.add_argument("--home", type=Path, help="one made before; made and kept there if it is not there")
    parser.add_argument("--serve", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--keys", type=int, default=0, help=argparse.SUPPRESS)
    return parser.parse_args()


def _crowd(home: Path, options: argparse.Namespace) -> Faults:
    faults = Faults()
    seconds, chance = options.seconds, random.Random(options.seed)
    with _served(home, options.people * 4) as server:
        keys = iter(server.keys)
        people = [next(keys) for _ in range(options.people)]
        print(f"crowd: {server.passages} passages in {len(server.accounts)} accounts, hashed vectors; load average {_load()}", flush=True)
        _together(people, len(people), lambda key, seed: _ask_few(server, key, seed, 2), chance)  # what is opened once is open then
        idle = _together(people, len(people), lambda key, seed: _think(server, key, seed, seconds / 3, idle=True), chance)
        print(f"crowd: {len(people)} people, /healthz in place of questions: {idle.summary()}", flush=True)
        heard = _together(people, len(people), lambda key, seed: _think(server, key, seed, seconds), chance)
        print(f"crowd: {len(people)} people who think 2 to 4 s for {seconds:.0f} s: {heard.summary()}; load average {_load()}", flush=True)
        faults.unless(set(heard.statuses) == {"200"}, "an answer failed")
        faults.unless(percentile(heard.milliseconds, 95) <= MOST_MS, f"p95 above {MOST_MS:.0f} ms")

        many, worked_s = [next(keys) for _ in range(options.people * 2)], server.worked_s()
        pushed = _together(many, len(many) * 2, lambda key, seed: _push(server, key, seed, seconds / 3), chance)
        print(f"crowd: {len(many) * 2} at once who do not think, for {seconds / 3:.0f} s: {pushed.summary()}", flush=True)
        print(
            f"crowd: the server's processor time for that: {server.worked_s() - worked_s:.1f} s; its memory {server.held_mb():.0f} MB",
            flush=True,
        )
        faults.unless(pushed.statuses["429"] > 0, "overload was not refused")
        faults.unless(set(pushed.statuses) <= {"200", "429"}, "overload was answered otherwise than with 200 or 429")
        faults.unless(pushed.statuses["429 without Retry-After"] == 0, "a 429 did not say when to come again")
        fresh = [next(keys) for _ in range(options.people)]
        after = _together(fresh, len(fresh), lambda key, seed: _think(server, key, seed, seconds / 3), chance)
        print(f"crowd: {len(fresh)} people after it: {after.summary()}", flush=True)
        faults.unless(set(after.statuses) == {"200"}, "an answer after the overload failed")

    with _served(home, max(1, options.gone // 20)) as server:
        _together(server.keys, 20, lambda key, seed: _leave(server, key, seed, 3), chance)  # what is opened once and kept is open then
        before, files = server.settled(None), _files(home)
        left = _together(server.keys, 20, lambda key, seed: _leave(server, key, seed, options.gone // 20), chance)
        now, new = server.settled(before), _files(home) - files
        print(f"crowd: {left.statuses['left']} streams left after their first event: {left.summary()}", flush=True)
        print(f"crowd: before and after them {before} and {now}; new files {len(new)}", flush=True)
        faults.unless(left.statuses["left"] == options.gone // 20 * 20, "not all streams had begun")
        faults.unless(set(left.statuses) <= {"left", "429"}, "a stream was answered otherwise than with 200 or 429")
        faults += [f"{now[name] - before[name]} more {name}" for name in before if now[name] - before[name] > SLACK]
        faults.unless(not new, f"new files: {sorted(new)[:5]}")
    return faults


def _together(keys: list[str], many: int, work: Callable[[str, int], Heard], chance: random.Random) -> Heard:
    """`many` at once, each with one of the keys; what they heard in all."""
    whole = Heard()
    with ThreadPoolExecutor(many) as people:
        for one in [people.submit(work, keys[number % len(keys)], chance.getrandbits(32)) for number in range(many)]:
            whole.milliseconds += one.result().milliseconds
            whole.statuses.update(one.result().statuses)
    return whole


# --- what one person does


def _think(server: Server, key: str, seed: int, seconds: float, *, idle: bool = False) -> Heard:
    chance, heard, until = random.Random(seed), Heard(), monotonic() + seconds
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=PATIENCE_S)
    sleep(chance.uniform(0, THINKING_S[1]))  # nobody comes at the same moment
    while monotonic() < until:
        _asked(connection, server, key, chance, heard, idle=idle)
        sleep(chance.uniform(*THINKING_S))
    connection.close()
    return heard


def _push(server: Server, key: str, seed: int, seconds: float) -> Heard:
    chance, heard, until = random.Random(seed), Heard(), monotonic() + seconds
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=PATIENCE_S)
    while monotonic() < until:
        _asked(connection, server, key, chance, heard)
    connection.close()
    return heard


def _ask_few(server: Server, key: str, seed: int, many: int) -> Heard:
    chance, heard = random.Random(seed), Heard()
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=PATIENCE_S)
    for _ in range(many):
        _asked(connection, server, key, chance, heard)
    connection.close()
    return heard


def _asked(
    connection: http.client.HTTPConnection, server: Server, key: str, chance: random.Random, heard: Heard, *, idle: bool = False
) -> None:
    path, body, headers = server.question(key, chance)
    begun = perf_counter()
    try:
        if idle:
            connection.request("GET", "/healthz")
        else:
            connection.request("POST", path, body, headers)
        response = connection.getresponse()
        whole = response.read()
    except (OSError, http.client.HTTPException) as error:
        connection.close()
        heard.statuses[type(error).__name__] += 1
        return
    status = str(response.status)
    if response.status == 429 and not response.headers.get("Retry-After"):
        status = "429 without Retry-After"
    if response.status == 200 and not idle and json.loads(whole)["status"] not in ("answered", "declined"):
        status = "200 without an answer"
    heard.statuses[status] += 1
    if response.status == 200:
        heard.milliseconds.append((perf_counter() - begun) * 1000)


def _leave(server: Server, key: str, seed: int, many: int) -> Heard:
    """Opens streams one after the other and breaks each connection when its first event is there."""
    chance, heard = random.Random(seed), Heard()
    keys = random.Random(seed).sample(server.keys, min(len(server.keys), many))
    for number in range(many * 3):  # where many are being answered, some are refused and come again
        if heard.statuses["left"] == many:
            break
        path, body, headers = server.question(keys[number % len(keys)], chance)
        head = "".join(f"{name}: {value}\r\n" for name, value in {**headers, "Accept": "text/event-stream", "Connection": "close"}.items())
        try:
            with socket.create_connection(("127.0.0.1", server.port), timeout=PATIENCE_S) as line:
                line.sendall(f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {len(body)}\r\n{head}\r\n".encode() + body)
                got = b""
                while b"event: answer.started" not in got and (more := line.recv(4096)):
                    got += more
            status = "left" if b"event: answer.started" in got else got[9:12].decode() or "closed"
            heard.statuses[status] += 1
            if status == "429":
                sleep(1)
        except OSError as error:
            heard.statuses[type(error).__name__] += 1
    return heard


# --- the server


@dataclass
class Server:
    port: int
    keys: list[str]
    accounts: list[str]
    passages: int
    texts: list[str]
    process: subprocess.Popen[str]

    def question(self, key: str, chance: random.Random) -> tuple[str, bytes, dict[str, str]]:
        account = self.accounts[self.keys.index(key) % len(self.accounts)]  # a person is about one account for a while
        path = f"/api/v1/accounts/{account}/answers"
        return (
            path,
            json.dumps({"question": chance.choice(self.texts)}).encode(),
            {
                "Authorization": f"Bearer {key}",
                "Content-Type": "application/json",
            },
        )

    def counted(self) -> dict[str, int]:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write("count\n")
        self.process.stdin.flush()
        found: dict[str, int] = json.loads(self.process.stdout.readline())
        return found

    def worked_s(self) -> float:
        """Its processor time, user's and system's, so far."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
        return sum(map(int, fields[11:13])) / os.sysconf("SC_CLK_TCK")

    def held_mb(self) -> float:
        pages = Path(f"/proc/{self.process.pid}/statm").read_text(encoding="ascii").split()[1]
        return int(pages) * os.sysconf("SC_PAGE_SIZE") / 1e6

    def settled(self, before: dict[str, int] | None) -> dict[str, int]:
        """What the server holds once that is what it held before, or after a minute all the same; without a before, once it stays."""
        until, last = monotonic() + PATIENCE_S, self.counted()
        while monotonic() < until:
            sleep(0.5)
            now = self.counted()
            if now == last if before is None else all(now[name] - before[name] <= 0 for name in before):
                return now
            last = now
        return last


@contextmanager
def _served(home: Path, keys: int) -> Iterator[Server]:
    command = [PYTHON, "-m", "bench.crowd", "--serve", str(home), "--keys", str(keys)]
    process = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT, env=environment(**ONE_THREAD_EACH)
    )
    assert process.stdout is not None
    try:
        said = json.loads(process.stdout.readline())
        texts = [question.text for case in load_cases(CASES) for question in case.questions]
        yield Server(said["port"], said["keys"], said["accounts"], said["passages"], texts, process)
    finally:
        process.communicate(timeout=PATIENCE_S)  # the end of its input ends it


def _serve(home: Path, keys: int) -> None:
    """On a free port; says which, and what it holds whenever it is asked on its input."""
    embedder = HashedWords()
    with open_kit(open_home(home, write=True, load_embedder=lambda: embedder, model=embedder.name)) as kit:
        admissions = Admissions.beside(kit.archive)
        app = create_app(Desk(kit), Gate(admissions), planned("127.0.0.1", 8000, {}).address, limits=Limits())
        listener = socket.create_server(("127.0.0.1", 0))
        settings = uvicorn.Config(
            app, log_config=None, access_log=False, proxy_headers=False, timeout_graceful_shutdown=5, timeout_keep_alive=KEEP_ALIVE_S
        )
        server = uvicorn.Server(settings)

        async def listen() -> None:
            loop = asyncio.get_running_loop()
            threading.Thread(target=_count, args=(server, loop, home / FILE), daemon=True).start()
            await server.serve(sockets=[listener])

        said = {
            "port": listener.getsockname()[1],
            "keys": [create_key(admissions, f"crowd {number}", None) for number in range(keys)],
            "accounts": [account.slug for account in kit.archive.accounts(EVERYTHING)],
            "passages": len(kit.archive.embedded(EVERYTHING, embedder.name)),
        }
        print(json.dumps(said), flush=True)
        asyncio.run(listen())


def _count(server: uvicorn.Server, loop: asyncio.AbstractEventLoop, archive: Path) -> None:
    """Without the archive's own files: connections to it are kept open for the next question, as many as were needed at once."""
    for _ in sys.stdin:
        held: dict[str, Any] = {
            "tasks": len(asyncio.all_tasks(loop)),
            "files and sockets": sum(not _leads_to(fd, archive) for fd in Path("/proc/self/fd").iterdir()),
            "connections": len(server.server_state.connections),
        }
        print(json.dumps(held), flush=True)
    server.should_exit = True


def _leads_to(descriptor: Path, archive: Path) -> bool:
    try:
        return str(descriptor.readlink()).startswith(str(archive.resolve()))
    except FileNotFoundError:  # the one that the folder itself was read by
        return True


def _files(home: Path) -> set[str]:
    return {str(path) for path in home.rglob("*")}


def _load() -> str:
    return Path("/proc/loadavg").read_text(encoding="ascii").split()[0]


if __name__ == "__main__":
    main()
