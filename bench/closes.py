"""Sends close events many times over and out of order, kills what works on them at random, and counts the briefs: one for each closed deal.

python -m bench.closes                      # 1,000 events of 250 deals, 20 kills
python -m bench.closes --seconds-for 500    # how long one event takes with 500 interactions in its account
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic, process_time
from typing import Any
from unittest.mock import patch

from api.engine import Step
from api.jobs import Jobs
from api.office import Office
from assistant.wiring import open_kit
from ingest import failpoints
from ingest.archive.archive import Archive
from ingest.archive.scope import EVERYTHING
from ingest.archive.work import CloseEvent, Work
from ingest.index.embedder import Embedder, WeightsMissing
from ingest.records import Call, CrmDeal, Email, Interaction, Link, Note, Participant, Turn
from ingest.wiring import open_home

ROOT = Path(__file__).resolve().parents[1]
CLOSED_AT = datetime(2026, 10, 14, 9, 0, tzinfo=UTC)
AE = Participant("Dana Okafor", "dana@cartage.example", "Account Executive", "seller")
PLACES = tuple(place for place in failpoints.OF_JOBS if not place.startswith("send"))
SAID = (
    "I can commit to a go-live date of {day} January 2027 for depot {number}.",
    "The discount of {number} percent stands if you sign before the end of the month.",
    "Who signs for depot {number} has not been settled yet.",
    "We will send you the integration guide for depot {number} on {day} November 2026.",
)


TALK = (
    "Let me share my screen for a moment.",
    "Our drivers start at six, and most of them have never used anything like it.",
    "That is what we saw in the pilot as well.",
    "I was on holiday last week, so I have not read all of it.",
    "The second depot is a different story, they still work on paper.",
    "Could you say that again, the line was bad.",
    "Finance wants one invoice and not fourteen.",
    "We looked at two others before we came to you.",
    "It took us a day to get the export out of the old system.",
    "I will bring that up with Tom when he is back.",
    "Peak season is what everybody is afraid of.",
    "Right, and the reports go to the operations team every morning.",
)
"""What fills a call: one turn in ten says one of the lines above."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--events", type=int, default=1000)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seed", type=int, default=2026)
    parser.add_argument("--seconds-for", type=int, metavar="INTERACTIONS")
    parser.add_argument("--run", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.run:
        work_off(options.run)
        return
    with tempfile.TemporaryDirectory(prefix="baton-closes-") as folder:
        if options.seconds_for:
            time_one(Path(folder), options.seconds_for)
        else:
            sys.exit(closes(Path(folder), options.events, options.kills, options.seed))


def closes(home: Path, events: int, kills: int, seed: int) -> int:
    """The exit code: 0 if every closed deal has one brief and every job is done."""
    chance = random.Random(seed)
    deals = events // 4
    with Archive.open(home, write=True) as archive:
        for number in range(deals):
            add_account(archive, number, 1)
    sent = [event for number in range(deals) for event in _events(number)]
    chance.shuffle(sent)
    killed: Counter[str] = Counter()
    began = monotonic()
    for turn in range(kills):
        _send(home, sent[turn * len(sent) // kills : (turn + 1) * len(sent) // kills])
        place = chance.choice(PLACES)
        if _run(home, f"{place}@{chance.randint(1, 5)}") == -signal.SIGKILL:
            killed[place] += 1
    _send(home, chance.sample(sent, len(sent) // 2))  # all of it was received before
    if (code := _run(home, "")) != 0:
        print(f"closes: the last run ended with {code} (--seed {seed})")
        return 1
    with Archive.open(home) as archive:
        work = Work.beside(archive)
        found = Counter(len(archive.briefs(EVERYTHING.only(account.id))) for account in archive.accounts(EVERYTHING))
        jobs = work.count_jobs()
    print(
        f"closes: {events} events of {deals} deals, each sent in any order and half of them again, {killed.total()} kills at "
        f"{len(killed)} places: deals by number of briefs {dict(found)}, jobs {jobs}, {monotonic() - began:.0f} s (--seed {seed})"
    )
    return 0 if found == {1: deals} and set(jobs) == {"done"} else 1


def time_one(home: Path, interactions: int) -> None:
    with Archive.open(home, write=True) as archive:
        add_account(archive, 0, interactions)
    with open_kit(open_home(home, write=True, load_embedder=no_weights), extractive=True) as kit:
        work = Work.beside(kit.archive)
        running = Timed(Office(kit, work, "http://127.0.0.1:8000"))
        saving = patch.object(Archive, "save_brief", running.watched("save", Archive.save_brief))
        with saving, running:
            began, worked = monotonic(), process_time()
            work.receive(_events(0)[:1])
            running.wake()
            while not work.count_jobs().get("done"):
                running._thread.join(0.05)
            took, worked = monotonic() - began, process_time() - worked
    busy = os.getloadavg()[0] / (os.cpu_count() or 1)
    spent = running.spent
    spent["compose"] = tuple(whole - part for whole, part in zip(spent["compose"], spent["save"], strict=True))
    stages = ", ".join(f"{name} {spent[name][0]:.2f} ({spent[name][1]:.2f})" for name in ("pull", "facts", "compose", "save", "tell"))
    print(
        f"closes: from the event to the draft in {took:.1f} s ({worked:.1f} s of processor) with {interactions} interactions, extractive: "
        f"{stages}; load {busy:.1f} a core"
    )


class Timed(Jobs):
    """Notes what each step takes: seconds by the clock, and of the processor."""

    def __init__(self, office: Office) -> None:
        super().__init__(office)
        self.spent: dict[str, tuple[float, ...]] = {}

    def watched(self, name: str, act: Callable[..., Any]) -> Callable[..., Any]:
        def watched(*given: Any, **named: Any) -> Any:
            began, worked = monotonic(), process_time()
            try:
                return act(*given, **named)
            finally:
                self.spent[name] = (monotonic() - began, process_time() - worked)

        return watched

    def _steps(self, number: int) -> Sequence[Step]:
        return [(name, self.watched(name, step)) for name, step in super()._steps(number)]


def add_account(archive: Archive, number: int, interactions: int) -> None:
    link = Link("salesforce", "account", f"001{number:012}")
    account = archive.put_account(f"Customer {number}", [f"customer{number}.example"], [link])
    deal = CrmDeal(
        f"Customer {number}, first order", (Link("salesforce", "deal", f"006{number:012}"),), link, "Closed Won", True, True, "2026-10-14",
        50_000.0, "EUR", AE.email,
    )  # fmt: skip
    deal_id = archive.put_deal(account, deal)
    buyer = Participant("Marta Lind", f"marta@customer{number}.example", "VP Operations", "buyer")
    with archive.transaction():
        people = [archive.put_person(AE, "seller", None), archive.put_person(buyer, "buyer", account)]
        for nth in range(interactions):
            record = _interaction(number, nth, buyer)
            archive.put_interaction(account, deal_id, record, [people[0 if turn.speaker is AE else 1] for turn in record.turns], people)


def _interaction(number: int, nth: int, buyer: Participant) -> Interaction:
    """One call in five, with forty turns; else a mail or a note."""
    at = CLOSED_AT - timedelta(hours=12 * (nth + 1))
    said = [line.format(day=1 + nth % 28, number=nth) for line in SAID]
    if nth % 5 == 0:
        turns = [
            Turn(
                said[i // 10 % 4] if i % 10 == 9 else TALK[(i * 5 + nth) % 12],
                (AE, buyer)[i % 2],
                starts_s=float(i * 20),
                native_id=f"t{i}",
            )
            for i in range(40)
        ]
        return Call(
            source="gong", external_id=f"c{number}-{nth}", title=f"Call {nth}", occurred_at=at, participants=(AE, buyer), turns=tuple(turns)
        )
    kind = Note if nth % 5 == 4 else Email
    turns = [Turn("Hi Marta,\n\n" + " ".join(said) + "\n\nBest,\nDana", AE)]
    return kind(
        source="mail",
        external_id=f"m{number}-{nth}",
        title=f"About depot {nth}",
        occurred_at=at,
        participants=(AE, buyer),
        turns=tuple(turns),
    )


def _events(number: int) -> list[CloseEvent]:
    """What a CRM tells of one closing: two properties that changed, one of them twice, and an older change."""
    deal = f"006{number:012}"
    won = CloseEvent("crm", f"won-{number}", "salesforce", deal, "won", CLOSED_AT)
    stage = CloseEvent("crm", f"stage-{number}", "salesforce", deal, "changed", CLOSED_AT)
    return [won, won, stage, CloseEvent("crm", f"open-{number}", "salesforce", deal, "open", CLOSED_AT - timedelta(days=9))]


def _send(home: Path, events: list[CloseEvent]) -> None:
    with Archive.open(home, write=True) as archive:
        work = Work.beside(archive)
        for event in events:
            work.receive([event])


def _run(home: Path, failpoint: str) -> int:
    environment = {**os.environ, failpoints.VARIABLE: failpoint}
    command = [sys.executable, "-m", "bench.closes", "--run", str(home)]
    return subprocess.run(command, env=environment, cwd=ROOT, timeout=3600, check=False).returncode


def work_off(home: Path) -> None:
    with open_kit(open_home(home, write=True, load_embedder=no_weights), extractive=True) as kit:
        work = Work.beside(kit.archive)
        running = Jobs(Office(kit, work, "http://127.0.0.1:8000"))
        try:
            while running.run_due():
                pass
        finally:
            running.close()


def no_weights() -> Embedder:
    raise WeightsMissing("composing needs none")


if __name__ == "__main__":
    main()
