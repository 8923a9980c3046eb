"""How well promises are told from what only looks like one, on short exchanges from many trades of which half is held out.

`python -m eval.sentences` prints both halves and the failures of the first; the second half's are never listed, so that nobody writes
rules for them.
"""

from __future__ import annotations

import hashlib
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from assistant.facts.promises import colleagues_of
from assistant.facts.reading import read_off
from ingest.archive.rows import Source, StoredInteraction, StoredPerson, StoredTurn
from ingest.records import TURN_BREAK, Kind, Role, Side, Span

FILE = Path(__file__).parent.parent / "data" / "sentences" / "exchanges.txt"
ERRAND = "errand"

PEOPLE: dict[str, StoredPerson] = {
    "S": StoredPerson("per_s", "Lena Voss", "lena@vendor.example", "Account Executive", "seller", None),
    "B": StoredPerson("per_b", "Ida Holt", "ida@buyer.example", "Head of Operations", "buyer", "acc_1"),
    "P": StoredPerson("per_p", "Ugo Ferri", "ugo@partner.example", "Owner", "partner", None),
}
KINDS: dict[str, Kind] = {"call": "call", "internal": "call", "mail": "email", "quoted": "email", "note": "crm_note", "recap": "crm_note"}


@dataclass(frozen=True, slots=True)
class Exchange:
    """`judged` are the characters of the interaction's text that the label speaks of."""

    label: str
    words: str
    interaction: StoredInteraction
    judged: Span
    held_out: bool

    @property
    def is_promise(self) -> bool:
        return not self.label.startswith("none") and self.label != ERRAND


@dataclass(frozen=True, slots=True)
class Judged:
    exchange: Exchange
    given: str
    """The strength read off it, empty where nothing was."""


@dataclass(frozen=True, slots=True)
class Score:
    promises: int
    found: int
    right_strength: int
    negatives: int
    asserted: int
    """Of what is no promise, read as one that is made: firm, conditional or best effort."""
    hedged: int
    """Promises that are not firm."""
    hedged_as_firm: int
    emitted: int

    @property
    def recall(self) -> float:
        return self.found / self.promises

    @property
    def precision(self) -> float:
        return self.found / self.emitted

    @property
    def strength(self) -> float:
        return self.right_strength / self.found

    @property
    def fell_for(self) -> float:
        return self.asserted / self.negatives


@cache
def exchanges(file: Path = FILE) -> tuple[Exchange, ...]:
    return tuple(parsed(line) for line in file.read_text("utf-8").splitlines() if line.strip() and not line.startswith("#"))


def judge(given: Iterable[Exchange]) -> list[Judged]:
    return [Judged(one, _read(one)) for one in given]


def score(judged: Sequence[Judged]) -> Score:
    """Errands count neither way, as in the labelled deals."""
    promises = [one for one in judged if one.exchange.is_promise]
    negatives = [one for one in judged if one.exchange.label.startswith("none")]
    hedged = [one for one in promises if one.exchange.label in ("conditional", "best_effort", "roadmap_statement", "declined", "retracted")]
    return Score(
        promises=len(promises),
        found=sum(bool(one.given) for one in promises),
        right_strength=sum(one.given == one.exchange.label for one in promises),
        negatives=len(negatives),
        asserted=sum(one.given in ("firm", "conditional", "best_effort") for one in negatives),
        hedged=len(hedged),
        hedged_as_firm=sum(one.given == "firm" for one in hedged),
        emitted=sum(bool(one.given) for one in (*promises, *negatives)),
    )


def spoken(words: str) -> StoredInteraction:
    """A customer's mail of these words alone."""
    return parsed(f"none | mail | B: {words}").interaction


def _read(one: Exchange) -> str:
    ours = colleagues_of([one.interaction])
    hits = [
        promise.strength
        for promise in read_off(one.interaction, ours).promises
        if promise.at.span.start < one.judged.end and one.judged.start < promise.at.span.end
    ]
    # Where two sentences of the judged words are read, the one that binds less is what a reader may rely on.
    order = ("retracted", "declined", "roadmap_statement", "best_effort", "conditional", "firm")
    return next((strength for strength in order if strength in hits), "")


def parsed(line: str) -> Exchange:
    label, channel, said = (part.strip() for part in line.split("|", 2))
    turns: list[tuple[str, str, Role]] = []
    for part in said.split(" / "):
        who, words = part[0], part[2:].strip()
        if channel == "quoted":
            new, _, old = words.partition(" > ")
            turns += [(who, new, "said"), ("S", old, "quoted")]
        else:
            turns.append((who, words, "said"))
    text, stored, start = TURN_BREAK.join(words for _, words, _ in turns), [], 0
    for position, (who, words, role) in enumerate(turns):
        span = Span(start, start + len(words))
        stored.append(StoredTurn(position, span, role, PEOPLE[who].name, PEOPLE[who], f"t{position}", None, None, None, "", ()))
        start = span.end + len(TURN_BREAK)
    judged = stored[-1].span
    if channel not in ("internal", "note", "recap") and stored[-1].role == "said":
        # The customer stays to the end; somebody of theirs says goodbye in a call.
        span = Span(start, start + len("Thanks, bye."))
        if channel == "call":
            text += TURN_BREAK + "Thanks, bye."
            stored.append(StoredTurn(len(stored), span, "said", "Ida Holt", PEOPLE["B"], "end", None, None, None, "", ()))
    sides: tuple[Side, ...] = ("seller",) if channel in ("internal", "note", "recap") else ("seller", "buyer", "partner")
    digest = hashlib.sha256(line.encode()).hexdigest()
    source = Source(
        id=f"src_{digest[:20]}", account_id="acc_1", deal_id=None, kind=KINDS[channel], tool="file", external_id=digest[:8], title="Talk",
        occurred_at=datetime(2026, 3, 2, 12, tzinfo=UTC), url="", file="", internal=channel in ("internal", "note"), text_sha256=digest,
        version=1,
    )  # fmt: skip
    there = tuple(person for person in PEOPLE.values() if person.side in sides)
    return Exchange(label, said, StoredInteraction(source, text, tuple(stored), there), judged, int(digest[-1], 16) % 2 == 1)


def _line(name: str, one: Score) -> str:
    return (
        f"{name:<10} found {one.found}/{one.promises} = {one.recall:.3f}   precision {one.precision:.3f}   strength {one.strength:.3f}   "
        f"hedged shown as firm {one.hedged_as_firm}/{one.hedged} = {one.hedged_as_firm / one.hedged:.3f}   "
        f"fell for {one.asserted}/{one.negatives} = {one.fell_for:.3f}"
    )


def main() -> None:
    judged = judge(exchanges())
    seen, held_out = [one for one in judged if not one.exchange.held_out], [one for one in judged if one.exchange.held_out]
    if "--failures" in sys.argv:
        for one in seen:
            expected = "" if not one.exchange.is_promise else one.exchange.label
            if one.given != expected and one.exchange.label != ERRAND:
                print(f"{one.exchange.label:<24} read as {one.given or '-':<18} {one.exchange.words}")
    print(_line("worked on", score(seen)))
    print(_line("held out", score(held_out)))
    if "--kinds" in sys.argv:
        for name, half in (("worked on", seen), ("held out", held_out)):
            total = Counter(one.exchange.label for one in half)
            read = Counter(one.exchange.label for one in half if one.given)
            print(name, ", ".join(f"{label} {read[label]}/{count}" for label, count in sorted(total.items())))


if __name__ == "__main__":
    main()
