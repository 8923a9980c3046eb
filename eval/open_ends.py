"""How well what was left open is told from what was settled, on short exchanges from many trades of which half is held out.

`python -m eval.open_ends` prints both halves, and exchanges that were written later; `--failures` lists those of the first half alone.
"""

from __future__ import annotations

import hashlib
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

from assistant.brief.gaps.asked import unanswered
from assistant.brief.gaps.disputed import disputed
from assistant.brief.gaps.talk import Talk
from assistant.brief.gaps.unsettled import unsettled
from eval.sentences import KINDS, PEOPLE
from ingest.archive.rows import Source, StoredInteraction, StoredTurn
from ingest.records import TURN_BREAK, Side, Span

FILE = Path(__file__).parent.parent / "data" / "sentences" / "open_ends.txt"
LATER = FILE.with_name("open_ends_later.txt")
"""Written after the rules were widened, and never worked on: the nearest to what a new deal gives."""
SETTLED = "settled"
_WRITTEN = frozenset({"mail"})
_BEGAN = datetime(2026, 3, 2, 12, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Exchange:
    """A talk, a note, or mails a day apart."""

    label: str
    words: str
    interactions: tuple[StoredInteraction, ...]
    held_out: bool

    @property
    def is_open(self) -> bool:
        return self.label != SETTLED


@dataclass(frozen=True, slots=True)
class Judged:
    exchange: Exchange
    seen: tuple[str, ...]
    """The kinds of what was read as left open."""


@dataclass(frozen=True, slots=True)
class Score:
    left_open: int
    seen: int
    settled: int
    asked_all_the_same: int

    @property
    def recall(self) -> float:
        return self.seen / self.left_open

    @property
    def precision(self) -> float:
        return self.seen / max(1, self.seen + self.asked_all_the_same)


@cache
def exchanges(file: Path = FILE) -> tuple[Exchange, ...]:
    return tuple(_parsed(line) for line in file.read_text("utf-8").splitlines() if line.strip() and not line.startswith("#"))


def judge(given: Iterable[Exchange]) -> list[Judged]:
    return [Judged(one, _seen(one)) for one in given]


def score(judged: Sequence[Judged]) -> Score:
    left = [one for one in judged if one.exchange.is_open]
    settled = [one for one in judged if not one.exchange.is_open]
    return Score(len(left), sum(bool(one.seen) for one in left), len(settled), sum(bool(one.seen) for one in settled))


def _seen(one: Exchange) -> tuple[str, ...]:
    talk = Talk(one.interactions)
    return tuple(matter.kind for matter in (*unanswered(talk), *disputed(talk), *unsettled(talk)))


def _parsed(line: str) -> Exchange:
    label, channel, said = (part.strip() for part in line.split("|", 2))
    digest = hashlib.sha256(line.encode()).hexdigest()
    turns = [(part[0], part[2:].strip()) for part in said.split(" / ")]
    talks = [[turn] for turn in turns] if channel in _WRITTEN else [turns]
    interactions = tuple(_interaction(channel, talk, f"{digest[:16]}{number}", number) for number, talk in enumerate(talks))
    return Exchange(label, said, interactions, int(digest[-1], 16) % 2 == 1)


def _interaction(channel: str, said: Sequence[tuple[str, str]], id: str, number: int) -> StoredInteraction:
    stored: list[StoredTurn] = []
    start = 0
    for position, (who, words) in enumerate(said):
        span = Span(start, start + len(words))
        stored.append(StoredTurn(position, span, "said", PEOPLE[who].name, PEOPLE[who], f"t{position}", None, None, None, "", ()))
        start = span.end + len(TURN_BREAK)
    text = TURN_BREAK.join(words for _, words in said)
    internal = channel == "note"
    sides: tuple[Side, ...] = ("seller",) if internal else ("seller", "buyer", "partner")
    title = "Re: Talk" if number else "Talk"
    source = Source(
        id=f"src_{id}", account_id="acc_1", deal_id=None, kind=KINDS[channel], tool="file", external_id=id, title=title,
        occurred_at=_BEGAN + timedelta(days=number), url="", file="", internal=internal, text_sha256=id, version=1,
    )  # fmt: skip
    return StoredInteraction(source, text, tuple(stored), tuple(one for one in PEOPLE.values() if one.side in sides))


def _line(name: str, one: Score) -> str:
    return (
        f"{name:<10} seen {one.seen}/{one.left_open} = {one.recall:.3f}   asked although settled {one.asked_all_the_same}/{one.settled}"
        f"   precision {one.precision:.3f}"
    )


def main() -> None:
    judged = judge(exchanges())
    halves = {name: [one for one in judged if one.exchange.held_out is held] for name, held in (("worked on", False), ("held out", True))}
    if "--failures" in sys.argv:
        for one in halves["worked on"]:
            if bool(one.seen) != one.exchange.is_open:
                print(f"{one.exchange.label:<11} read as {', '.join(one.seen) or '-':<12} {one.exchange.words}")
    for name, half in halves.items():
        print(_line(name, score(half)))
    print(_line("later", score(judge(exchanges(LATER)))))
    if "--kinds" in sys.argv:
        for name, half in halves.items():
            total = Counter(one.exchange.label for one in half)
            seen = Counter(one.exchange.label for one in half if one.seen)
            print(name, ", ".join(f"{label} {seen[label]}/{count}" for label, count in sorted(total.items())))


if __name__ == "__main__":
    main()
