"""How well conflicts, the customer's reliance and rivals are read off small made-up histories, of which half is held out.

`python -m eval.ledgers` prints both halves; `--failures` lists those of the first, never the second's.
"""

from __future__ import annotations

import hashlib
import re
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from assistant.ledger import Ledger, read
from eval.sentences import KINDS, PEOPLE
from ingest.archive.rows import Source, StoredInteraction, StoredPerson, StoredTurn
from ingest.records import TURN_BREAK, Role, Span

FILE = Path(__file__).parent.parent / "data" / "sentences" / "ledgers.txt"
NONE = "none"
_EVERYBODY: dict[str, StoredPerson] = {
    **PEOPLE,
    "R": StoredPerson("per_r", "Otto Brandes", "otto@vendor.example", "Solutions Engineer", "seller", None),
    "C": StoredPerson("per_c", "Nils Aaby", "nils@buyer.example", "Head of Works", "buyer", "acc_1"),
}
_OPENS = re.compile(r"(?P<month>\d\d)-(?P<day>\d\d) (?P<channel>\w+) (?P<words>.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Case:
    """`sort` is conflict, reliance or rivals; `wanted` what is there of it, empty for none."""

    sort: str
    wanted: frozenset[str]
    words: str
    interactions: tuple[StoredInteraction, ...]
    held_out: bool


@dataclass(frozen=True, slots=True)
class Judged:
    case: Case
    given: frozenset[str]


@dataclass(frozen=True, slots=True)
class Score:
    wanted: int
    found: int
    given: int
    empty: int
    """Histories in which there is none."""
    invented: int
    """Of those, in which one was read."""

    @property
    def recall(self) -> float:
        return self.found / self.wanted

    @property
    def precision(self) -> float:
        return self.found / max(1, self.given)


@cache
def cases(file: Path = FILE) -> tuple[Case, ...]:
    return tuple(_parsed(line) for line in file.read_text("utf-8").splitlines() if line.strip() and not line.startswith("#"))


def judge(given: Iterable[Case]) -> list[Judged]:
    return [Judged(one, _given(one.sort, read(one.interactions, closed=True))) for one in given]


def score(judged: Sequence[Judged]) -> Score:
    """A rival that is in use today counts as found where that is told too."""
    return Score(
        wanted=sum(len(one.case.wanted) for one in judged),
        found=sum(len(one.case.wanted & one.given) for one in judged),
        given=sum(len(one.given) for one in judged),
        empty=sum(not one.case.wanted for one in judged),
        invented=sum(bool(one.given) for one in judged if not one.case.wanted),
    )


def _given(sort: str, ledger: Ledger) -> frozenset[str]:
    if sort == "conflict":
        return frozenset(one.kind for one in ledger.conflicts)
    if sort == "reliance":
        return frozenset(one.leaning.level for one in ledger.promises if one.leaning)
    return frozenset(f"{one.name.split()[0]}{'*' if one.incumbent else ''}" for one in ledger.rivals)


def _parsed(line: str) -> Case:
    label, said = (part.strip() for part in line.split("|", 1))
    sort, _, wanted = label.partition(":")
    digest = hashlib.sha256(line.encode()).hexdigest()
    names = frozenset() if wanted == NONE else frozenset(name.strip() for name in wanted.split(","))
    interactions = tuple(_interaction(part.strip(), f"{digest[:16]}{number}") for number, part in enumerate(said.split("||")))
    return Case(sort, names, said, interactions, int(digest[-1], 16) % 2 == 1)


def _interaction(part: str, id: str) -> StoredInteraction:
    match = _OPENS.fullmatch(part)
    if match is None:
        raise ValueError(f"{part!r} does not begin with a day and a channel, as in `02-10 call B: …`.")
    channel, words = match["channel"], match["words"]
    role: Role = "derived" if channel == "recap" else "said"
    said: list[tuple[StoredPerson | None, str]] = [(None, words)]
    if channel != "doc":
        said = [(_EVERYBODY[turn[0]], turn[2:].strip()) for turn in words.split(" / ")]
    if channel == "call":
        said.append((_EVERYBODY["B"], "Thanks, bye."))
    stored: list[StoredTurn] = []
    start = 0
    for position, (person, text) in enumerate(said):
        span = Span(start, start + len(text))
        stored.append(StoredTurn(position, span, role, person.name if person else "", person, f"t{position}", None, None, None, "", ()))
        start = span.end + len(TURN_BREAK)
    internal = channel in ("note", "recap")
    title = words.split(".", 1)[0] if channel == "doc" else "Recap" if channel == "recap" else "Talk"
    source = Source(
        id=f"src_{id}", account_id="acc_1", deal_id=None, kind="doc" if channel == "doc" else KINDS[channel], tool="file", external_id=id,
        title=title, occurred_at=datetime(2026, int(match["month"]), int(match["day"]), 12, tzinfo=UTC), url="", file="", internal=internal,
        text_sha256=id, version=1,
    )  # fmt: skip
    there = () if channel == "doc" else tuple(one for one in _EVERYBODY.values() if not internal or one.side == "seller")
    return StoredInteraction(source, TURN_BREAK.join(text for _, text in said), tuple(stored), there)


def _line(name: str, sort: str, one: Score) -> str:
    return (
        f"{name:<10} {sort:<9} found {one.found}/{one.wanted} = {one.recall:.3f}   precision {one.precision:.3f}"
        f"   read where there is none {one.invented}/{one.empty}"
    )


def main() -> None:
    judged = judge(cases())
    if "--failures" in sys.argv:
        for one in judged:
            if not one.case.held_out and one.given != one.case.wanted:
                wanted, given = (", ".join(sorted(names)) or "-" for names in (one.case.wanted, one.given))
                print(f"{one.case.sort} {wanted} read as {given}: {one.case.words}")
    for name, held in (("worked on", False), ("held out", True)):
        for sort in ("conflict", "reliance", "rivals"):
            print(_line(name, sort, score([one for one in judged if one.case.held_out is held and one.case.sort == sort])))


if __name__ == "__main__":
    main()
