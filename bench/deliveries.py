"""Sends close events over HTTP, good ones and again, forged, changed and late, kills the server at random moments, and counts what is kept.

python -m bench.deliveries                  # 10,000 of 500 deals, 20 kills; what was not answered is sent again, as a CRM would
"""

from __future__ import annotations

import argparse
import json
import logging
import random
import signal
import socket
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Timer
from time import monotonic, sleep

import httpx2
from fastapi import FastAPI
from fastapi.testclient import TestClient

from api.access import Gate
from api.app import create_app
from api.desk import Desk
from api.serve import planned
from api.signatures import sign_standard
from assistant.wiring import open_kit
from ingest.archive.admissions import Admissions
from ingest.archive.archive import Archive
from ingest.archive.work import Work
from ingest.index.embedder import Embedder, WeightsMissing
from ingest.wiring import open_home

SECRET = "a-secret-of-the-benchmark-0123456789"
NOW = datetime(2026, 9, 30, 8, 31, tzinfo=UTC)
"""The server's clock stands still: signatures are good for five minutes, and a soak takes longer."""
BASE, HOOK = "http://127.0.0.1:8000", "/api/v1/hooks/crm"
ROOT = Path(__file__).resolve().parents[1]
NOT_SENT, NO_ANSWER = 0, -1
"""In place of a status: there was no server any more, and there was one that ended before it said anything."""
KINDS = ("again", "another secret", "changed", "late", "another id", "no signature")
"""What is sent beside what is new; all but the first are to be refused."""


@dataclass(frozen=True)
class Sent:
    kind: str
    body: bytes
    headers: dict[str, str]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--deliveries", type=int, default=10_000)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seed", type=int, default=2026)
    parser.add_argument("--serve", nargs=2, metavar=("HOME", "PORT"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    logging.getLogger("baton.api").setLevel(logging.ERROR)  # each that is refused would be told
    if options.serve:
        serve(Path(options.serve[0]), int(options.serve[1]))
        return
    with tempfile.TemporaryDirectory(prefix="baton-deliveries-") as folder:
        sys.exit(deliveries(Path(folder), options.deliveries, options.kills, options.seed, Killed))


def deliveries(home: Path, count: int, ends: int, seed: int, kind: type[Restarted] | type[Killed]) -> int:
    """The exit code: 0 if what is good is kept once, and nothing else is. `ends` is how often the server ends."""
    chance, began = random.Random(seed), monotonic()
    (home / "baton.toml").write_text('[hooks.crm]\nkind = "signed"\nsecret_file = "crm.secret"\n', "utf-8")
    (home / "crm.secret").write_text(SECRET, "utf-8")
    (home / "crm.secret").chmod(0o600)
    Archive.open(home, write=True).close()
    sent = list(_made(count, chance))
    chance.shuffle(sent)
    answered: list[tuple[Sent, int]] = []
    each = -(-count // (ends + 1))
    server = kind(home, chance)
    for begin in range(0, count, each):
        answered += server.send(sent[begin : begin + each], end=begin + each < count)
    with Archive.open(home) as archive:
        work = Work.beside(archive)
        events = Counter(event.event for event in work.latest_events(count))
        waiting = work.count_jobs()
    good = {one.headers["webhook-id"] for one in sent if one.kind in ("new", "again")}
    deals = {json.loads(one.body)["deal"] for one in sent if one.kind in ("new", "again")}
    lost = good - events.keys()
    statuses = Counter((one.kind, status) for one, status in answered)
    wrong = {f"{kind} {status}": n for (kind, status), n in statuses.items() if status != (202 if kind in ("new", "again") else 401)}
    refused = sum(n for (_, status), n in statuses.items() if status == 401)
    times = Counter(one.headers["webhook-id"] for one, _ in answered if one.kind in ("new", "again"))
    twice = {id for id, n in times.items() if n > 1} | (good & set(server.unanswered))
    print(
        f"deliveries: {count} in any order, the server {server.ended}, {len(good)} events of {len(deals)} deals among them: "
        f"sent twice under one id {len(twice)} ({len(server.unanswered)} got no answer), lost {len(lost)}, "
        f"kept twice {sum(n > 1 for n in events.values())}, {waiting.get('waiting', 0)} jobs, {refused} refused, "
        f"answered otherwise {wrong or 'none'}, {monotonic() - began:.0f} s (--seed {seed})"
    )
    return 0 if events == Counter(dict.fromkeys(good, 1)) and waiting == {"waiting": len(deals)} and not wrong else 1


class Restarted:
    """A server in this process, ended as a person ends one."""

    def __init__(self, home: Path, chance: random.Random) -> None:
        self._home, self._ends = home, 0
        self.unanswered: list[str] = []

    @property
    def ended(self) -> str:
        return f"restarted {self._ends} times"

    def send(self, some: Sequence[Sent], *, end: bool) -> Iterator[tuple[Sent, int]]:
        with _application(self._home) as app:
            client = TestClient(app, BASE, client=("127.0.0.1", 50000))
            for one in some:
                yield one, client.post(HOOK, content=one.body, headers=one.headers).status_code
        self._ends += end


class Killed:
    """A server in a process of its own that is killed (SIGKILL) at a random moment of every round, four requests under way.

    What has no answer then is sent again once the next server is there, under the same id: that is all a sender can do.
    """

    def __init__(self, home: Path, chance: random.Random) -> None:
        self._home, self._chance, self._kills = home, chance, 0
        self.unanswered: list[str] = []

    @property
    def ended(self) -> str:
        return f"killed {self._kills} times"

    def send(self, some: Sequence[Sent], *, end: bool) -> Iterator[tuple[Sent, int]]:
        with self._running() as (process, base):
            done = list(self._all(base, some, process if end else None))
            self._kills += process.poll() == -signal.SIGKILL
        yield from ((one, status) for one, status in done if status > 0)
        self.unanswered += [one.headers["webhook-id"] for one, status in done if status == NO_ANSWER]
        if rest := [one for one, status in done if status <= 0]:
            with self._running() as (_, base):
                yield from self._all(base, rest, None)

    def _all(self, base: str, some: Sequence[Sent], to_kill: subprocess.Popen[bytes] | None) -> Iterator[tuple[Sent, int]]:
        fatal, moment = self._chance.randrange(len(some)), self._chance.uniform(0, 0.02)

        def post(nth: int) -> tuple[Sent, int]:
            if to_kill and nth == fatal:
                Timer(moment, to_kill.kill).start()
            one = some[nth]
            try:
                return one, client.post(HOOK, content=one.body, headers=one.headers).status_code
            except httpx2.ConnectError:
                return one, NOT_SENT
            except httpx2.HTTPError:
                return one, NO_ANSWER

        with httpx2.Client(base_url=base, timeout=60, trust_env=False) as client, ThreadPoolExecutor(4) as pool:
            yield from pool.map(post, range(len(some)))
        if to_kill:
            to_kill.wait()

    @contextmanager
    def _running(self) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        command = [sys.executable, "-m", "bench.deliveries", "--serve", str(self._home), str(port)]
        with subprocess.Popen(command, cwd=ROOT) as process:
            try:
                _wait_until_it_listens(process, port)
                yield process, f"http://127.0.0.1:{port}"
            finally:
                process.kill()


def _wait_until_it_listens(process: subprocess.Popen[bytes], port: int) -> None:
    until = monotonic() + 120
    while process.poll() is None and monotonic() < until:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            sleep(0.05)
    raise SystemExit("deliveries: the server did not start")


def serve(home: Path, port: int) -> None:
    import uvicorn

    with _application(home) as app:
        uvicorn.run(app, host="127.0.0.1", port=port, log_level="error", access_log=False)


def _made(count: int, chance: random.Random) -> Iterator[Sent]:
    """One in two is new, the others are something else about one of those."""
    for number in range(count):
        first = number - number % 2
        kind = "new" if number == first else chance.choice(KINDS)
        deal, id, at = f"006{first % (count // 10 or 1):012}", f"evt-{first}", NOW
        body = json.dumps({"system": "salesforce", "deal": deal, "won": True, "occurred_at": "2026-09-30T08:30:12Z"}).encode()
        if kind == "late":
            at = NOW - timedelta(minutes=6 + chance.randint(0, 90))
        stamp = str(int(at.timestamp()))
        signature = sign_standard("a-secret-of-somebody-else-012345" if kind == "another secret" else SECRET, id, stamp, body)
        headers = {"webhook-id": id, "webhook-timestamp": stamp, "webhook-signature": signature}
        if kind == "changed":
            body = body.replace(b"true", b"false")
        if kind == "another id":
            headers["webhook-id"] = f"{id}-again"
        if kind == "no signature":
            del headers["webhook-signature"]
        yield Sent(kind, body, headers)


@contextmanager
def _application(home: Path) -> Iterator[FastAPI]:
    """The application as a server would start it, without limits: whoever forges would be kept out by them."""
    with open_kit(open_home(home, write=True, load_embedder=_no_weights), extractive=True) as kit:
        gate = Gate(Admissions.beside(kit.archive), now=lambda: NOW)
        yield create_app(Desk(kit), gate, planned("127.0.0.1", 8000, {}).address)


def _no_weights() -> Embedder:
    raise WeightsMissing("nobody asks here")


if __name__ == "__main__":
    main()
