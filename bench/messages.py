"""Tells a platform of briefs by signed webhooks, kills what sends them at random moments, and counts at the receiver what came how often.

python -m bench.messages                    # 1,000 messages, 20 kills
"""

from __future__ import annotations

import argparse
import random
import signal
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Lock, Thread
from time import monotonic, sleep

from api.jobs import Jobs
from api.office import Office
from assistant.wiring import open_kit
from bench.closes import ROOT, add_account, no_weights
from ingest.archive.archive import Archive
from ingest.archive.scope import EVERYTHING
from ingest.archive.work import CloseEvent, Work
from ingest.wiring import open_home

BRIEFS = 5
SLOWEST_S = 0.02
"""The receiver takes up to so long before it answers, so that kills also come between what it took and what is noted of it here."""


class Receiver:
    """A platform's end: what it was sent, by the id that it is to act on once."""

    def __init__(self, chance: random.Random) -> None:
        self.came: Counter[str] = Counter()
        self._chance, self._lock = chance, Lock()
        self._wanted, self._there = 0, Event()

    def take(self, id: str) -> None:
        with self._lock:
            self.came[id] += 1
            wait = self._chance.uniform(0, SLOWEST_S)
            if self._wanted and self.came.total() >= self._wanted:
                self._there.set()
        sleep(wait)

    def wait_for(self, more: int, process: subprocess.Popen[bytes]) -> None:
        """Until so many more came, or nothing comes any longer."""
        with self._lock:
            self._there.clear()
            self._wanted = self.came.total() + more
        while process.poll() is None and not self._there.wait(0.05):
            pass


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--messages", type=int, default=1000)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seed", type=int, default=2026)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="baton-messages-") as folder:
        sys.exit(messages(Path(folder), options.messages, options.kills, options.seed))


def messages(home: Path, count: int, kills: int, seed: int) -> int:
    """The exit code: 0 if each message came, and came under one id however often it was sent."""
    chance, began, killed = random.Random(seed), monotonic(), 0
    receiver = Receiver(chance)
    with _received(receiver) as url:
        _plan(home, url, count)
        for nth in range(kills + 1):
            with subprocess.Popen([sys.executable, "-m", "bench.closes", "--run", str(home)], cwd=ROOT) as process:
                if nth < kills:
                    receiver.wait_for(chance.randint(1, max(1, count // (kills + 1))), process)
                    sleep(chance.uniform(0, 2 * SLOWEST_S))
                    process.kill()
                killed += process.wait() == -signal.SIGKILL
    with Archive.open(home) as archive:
        work = Work.beside(archive)
        jobs, noted = work.count_jobs(), sum(one.sent_at is not None for one in work.deliveries(limit=2 * count))
    twice = sum(n > 1 for n in receiver.came.values())
    print(
        f"messages: {count} to one receiver, what sends them killed {killed} times: {len(receiver.came)} ids came, "
        f"sent twice under one id {twice}, lost {count - len(receiver.came)}, {noted} noted as sent, jobs {jobs}, "
        f"{monotonic() - began:.0f} s (--seed {seed})"
    )
    return 0 if len(receiver.came) == noted == count and set(jobs) == {"done"} else 1


def _plan(home: Path, url: str, count: int) -> None:
    """Some briefs that are there already, and what was done with them."""
    with Archive.open(home, write=True) as archive:
        for number in range(BRIEFS):
            add_account(archive, number, 1)
    with open_kit(open_home(home, write=True, load_embedder=no_weights), extractive=True) as kit:
        work = Work.beside(kit.archive)
        work.receive([CloseEvent("crm", f"won-{number}", "salesforce", f"006{number:012}", "won") for number in range(BRIEFS)])
        running = Jobs(Office(kit, work, "http://127.0.0.1:8000"))
        try:
            running.run_due()
        finally:
            running.close()
        briefs = [str(body["id"]) for one in kit.archive.accounts(EVERYTHING) for body in kit.archive.briefs(EVERYTHING.only(one.id))]
        (home / "baton.toml").write_text(f'[deliver.platform]\nkind = "webhook"\nurl = "{url}"\nsecret_file = "platform.secret"\n', "utf-8")
        (home / "platform.secret").write_text("a-secret-of-the-benchmark-0123456789", "utf-8")
        (home / "platform.secret").chmod(0o600)
        with kit.archive.transaction():
            for number in range(count):
                about = {"brief": briefs[number % len(briefs)], "act": ("approve", "accept")[number % 2], "number": number}
                work.add_job("act", about, key=f"act {number}")


@contextmanager
def _received(receiver: Receiver) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["content-length"]))
            receiver.take(self.headers["webhook-id"])
            self.send_response(204)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}/"
        server.shutdown()


if __name__ == "__main__":
    main()
