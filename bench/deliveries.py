"""Sends close events over HTTP, good ones and again, forged, changed and late, with restarts between, and counts what is taken in.

python -m bench.deliveries                  # 10,000 of 500 deals, 20 restarts
"""

from __future__ import annotations

import argparse
import json
import logging
import random
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic

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
BASE = "http://127.0.0.1:8000"
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
    parser.add_argument("--restarts", type=int, default=20)
    parser.add_argument("--seed", type=int, default=2026)
    options = parser.parse_args()
    logging.getLogger("baton.api").setLevel(logging.ERROR)  # each that is refused would be told
    with tempfile.TemporaryDirectory(prefix="baton-deliveries-") as folder:
        sys.exit(deliveries(Path(folder), options.deliveries, options.restarts, options.seed))


def deliveries(home: Path, count: int, restarts: int, seed: int) -> int:
    """The exit code: 0 if what is good is kept once, and nothing else is."""
    chance, began = random.Random(seed), monotonic()
    (home / "baton.toml").write_text('[hooks.crm]\nkind = "signed"\nsecret_file = "crm.secret"\n', "utf-8")
    (home / "crm.secret").write_text(SECRET, "utf-8")
    (home / "crm.secret").chmod(0o600)
    Archive.open(home, write=True).close()
    sent = list(_made(count, chance))
    chance.shuffle(sent)
    answered: Counter[tuple[str, int]] = Counter()
    each = -(-count // (restarts + 1))
    for begin in range(0, count, each):
        with _served(home) as client:
            for one in sent[begin : begin + each]:
                answered[one.kind, client.post("/api/v1/hooks/crm", content=one.body, headers=one.headers).status_code] += 1
    with Archive.open(home) as archive:
        work = Work.beside(archive)
        events = Counter(event.event for event in work.latest_events(count))
        waiting = work.count_jobs()
    good = {one.headers["webhook-id"] for one in sent if one.kind in ("new", "again")}
    deals = {json.loads(one.body)["deal"] for one in sent if one.kind in ("new", "again")}
    refused = {kind: number for (kind, status), number in answered.items() if status == 401}
    wrong = {f"{kind} {status}": n for (kind, status), n in answered.items() if status != (202 if kind in ("new", "again") else 401)}
    print(
        f"deliveries: {count} in any order over {restarts} restarts, {len(good)} events of {len(deals)} deals among them: "
        f"{events.total()} kept, {waiting.get('waiting', 0)} jobs, {sum(refused.values())} refused, answered otherwise {wrong or 'none'}, "
        f"{monotonic() - began:.0f} s (--seed {seed})"
    )
    return 0 if events == Counter(dict.fromkeys(good, 1)) and waiting == {"waiting": len(deals)} and not wrong else 1


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
def _served(home: Path) -> Iterator[TestClient]:
    """The application as a server would start it, without limits: whoever forges would be kept out by them."""
    with open_kit(open_home(home, write=True, load_embedder=_no_weights), extractive=True) as kit:
        gate = Gate(Admissions.beside(kit.archive), now=lambda: NOW)
        app = create_app(Desk(kit), gate, planned("127.0.0.1", 8000, {}).address)
        yield TestClient(app, BASE, client=("127.0.0.1", 50000))


def _no_weights() -> Embedder:
    raise WeightsMissing("nobody asks here")


if __name__ == "__main__":
    main()
