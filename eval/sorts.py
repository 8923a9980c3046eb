"""How much of what a customer says about a deal is read off sentences of many trades, of which half is held out.

`python -m eval.sorts` prints both halves, and what is read off the customers' words of five whole deals, each sentence alone; `--failures`
lists those of the first half, never the second's, so that nobody writes rules for them.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from assistant.facts.reading import read_off
from eval.report import table
from eval.sentences import spoken

FILE = Path(__file__).parent.parent / "data" / "sentences" / "sorts.txt"
TALKS = FILE.with_name("talks.txt")
"""What customers said in five whole deals, in the order said: what says nothing is as common as it is in talk."""
SORTS = ("why", "decision", "goal", "baseline", "risk")
NONE = "none"


@dataclass(frozen=True, slots=True)
class Labelled:
    """A sentence and what it is about; of a risk its kind, too."""

    label: str
    text: str

    @property
    def sort(self) -> str:
        return self.label.partition(":")[0]

    @property
    def held_out(self) -> bool:
        return hashlib.sha256(self.text.encode()).digest()[0] % 2 == 0


@dataclass(frozen=True, slots=True)
class Score:
    """`found` and `there` by sort; `any_found` of the sentences that are about something, whatever sort was read off them."""

    found: dict[str, int]
    there: dict[str, int]
    any_found: int
    something: int
    invented: int
    nothing: int


@cache
def labelled(file: Path = FILE) -> tuple[Labelled, ...]:
    lines = [line.strip() for line in file.read_text("utf-8").splitlines()]
    return tuple(Labelled(*line.split(" | ", 1)) for line in lines if line and not line.startswith("#"))


def sorts_of(text: str) -> frozenset[str]:
    """What is read off it."""
    reading = read_off(spoken(text))
    found: set[str] = {remark.topic for remark in reading.remarks}
    found |= {name for name, facts in (("goal", reading.goals), ("baseline", reading.baselines), ("risk", reading.risks)) if facts}
    return frozenset(found)


def score(given: Sequence[Labelled]) -> Score:
    every = [(one, sorts_of(one.text)) for one in given]
    there = {sort: [found for one, found in every if one.sort == sort] for sort in SORTS}
    nothing = [found for one, found in every if one.sort == NONE]
    something = [found for one, found in every if one.sort != NONE]
    return Score(
        found={sort: sum(sort in found for found in each) for sort, each in there.items()},
        there={sort: len(each) for sort, each in there.items()},
        any_found=sum(map(bool, something)),
        something=len(something),
        invented=sum(map(bool, nothing)),
        nothing=len(nothing),
    )


def _row(name: str, one: Score) -> list[str]:
    shares = [f"{one.found[sort]}/{one.there[sort]}" for sort in SORTS]
    return [name, *shares, f"{one.any_found}/{one.something}", f"{one.invented}/{one.nothing}"]


def main() -> None:
    seen, held_out = [one for one in labelled() if not one.held_out], [one for one in labelled() if one.held_out]
    if "--failures" in sys.argv:
        for one in seen:
            found = sorts_of(one.text)
            if (one.sort == NONE and found) or (one.sort != NONE and one.sort not in found):
                print(f"{one.label:<18} read as {', '.join(sorted(found)) or '-':<16} {one.text}")
    head = ["", *SORTS, "any of them", "read off none"]
    print(table([head, _row("worked on", score(seen)), _row("held out", score(held_out)), _row("five deals", score(labelled(TALKS)))]))


if __name__ == "__main__":
    main()
