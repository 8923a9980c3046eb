"""`python -m eval.hinges`: fits the weights of `assistant.facts.hinges`, and says how firm and conditional promises are told apart.

Fitted on `data/sentences/hinges.txt`, where the words that a promise hangs on are marked, on the promises of `offers.txt` and of half of
`exchanges.txt`, whose conditions the grammar finds, and on those of the labelled deals, where the part that says most
of what the label names is taken for it. Each deal is judged by weights that were fitted without it, and a fifth of `hinges.txt` by
weights fitted without that.
"""

from __future__ import annotations

import argparse
import hashlib
import re
import sys
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.facts import hinges
from assistant.facts.conditions import condition_of
from assistant.facts.hinges import STEM, Part, parts
from assistant.facts.named_weights import NamedWeights, write_weights
from assistant.facts.promises import answered_turn
from assistant.facts.speech import Statement, statements
from eval.cases import Case
from eval.fresh import may_be_fitted_on
from eval.matching import holds_most, stands_for, telling
from eval.sentences import FILE, exchanges, parsed
from eval.subject import Baton
from eval.wording import Seen, fit
from ingest.archive.scope import EVERYTHING
from ingest.records import Span

MARKED = FILE.with_name("hinges.txt")
RIDGE, FEWEST = 6.0, 2
OF_SENTENCES = "of sentences"
_MARKS = re.compile(r"\[\[|\]\]|\{\{|\}\}")


@dataclass(frozen=True, slots=True)
class Judged:
    """A promise of a deal, or of the marked sentences: its parts with whether it hangs on each."""

    deal: str
    text: str
    conditional: bool
    parts: Sequence[tuple[Part, bool]]
    known: bool
    """The grammar finds a condition in it."""
    held_out: bool = False

    def seen(self) -> list[Seen]:
        """What is written to show conditions has more of them than talk has: features of its own take that up, and are left out."""
        extra = frozenset() if self.deal else frozenset((OF_SENTENCES,))
        return [Seen(self.deal, part.features | extra | {f"{one} {part.where}" for one in extra}, right) for part, right in self.parts]

    def chance(self, fitted: NamedWeights) -> float:
        """In log-odds, of the likeliest part."""
        return max((fitted.odds(part.features) for part, _ in self.parts), default=-9.0)


# --- sentences


def marked(file: Path = MARKED) -> Iterator[tuple[str, Judged]]:
    """With the label: `hangs`, `stands`, `plan` or `aim`."""
    for line in file.read_text("utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            label, channel, said = line.split(" | ", 2)
            turns = [_unmarked(turn) for turn in said.split(" / ")]
            told = parsed(f"{label} | {channel} | " + " / ".join(words for words, _, _ in turns)).interaction
            places = [(turn.span.start - 3, marks) for turn, (_, *marks) in zip(told.turns, turns, strict=False)]
            judged, hung = ([Span(at + s.start, at + s.end) for at, marks in places for s in marks[i]] for i in (0, 1))
            wanted = [one for one in statements(told) if any(one.span.start < s.end and s.start < one.span.end for s in judged)]
            out = hashlib.sha256(line.encode()).digest()[0] % 5 == 0
            for one in wanted:
                rows = [(part, any(_mostly(part.at.span, span) for span in hung)) for part in parts(one, answered_turn(one))]
                yield label, Judged("", one.text, label == "hangs", rows, bool(condition_of(one.text)), out)


def _unmarked(turn: str) -> tuple[str, list[Span], list[Span]]:
    """The words (`S: ` in front), the spans in `[[…]]` and those in `{{…}}`."""
    words, at, opened = "", 0, {"[": 0, "{": 0}
    found: dict[str, list[Span]] = {"]": [], "}": []}
    for match in _MARKS.finditer(turn):
        words, at, mark = words + turn[at : match.start()], match.end(), match.group()[0]
        if mark in opened:
            opened[mark] = len(words)
        else:
            found[mark].append(Span(opened["[" if mark == "]" else "{"], len(words)))
    return words + turn[at:], found["]"], found["}"]


MOST = 0.6


def _mostly(one: Span, other: Span) -> bool:
    shared = min(one.end, other.end) - max(one.start, other.start)
    return shared >= MOST * min(one.end - one.start, other.end - other.start)


def of_exchanges() -> Iterator[Judged]:
    found = [*exchanges(FILE.with_name("offers.txt")), *(one for one in exchanges() if not one.held_out)]
    for one in found:
        if one.label not in ("firm", "conditional"):
            continue
        for said in statements(one.interaction):
            if one.judged.start <= said.span.start < one.judged.end and said.side == "seller":
                judged = _by_words("", said, one.label == "conditional", condition_of(said.text))
                if judged:
                    yield judged


# --- deals


def of_deal(case: Case, baton: Baton) -> Iterator[Judged]:
    account = baton.account_id(case.history.accounts[case.brief.account].name)
    for interaction in baton.kit.archive.interactions(EVERYTHING.only(account)):
        named = case.history.sources_named(interaction.source.external_id)
        for said in statements(interaction):
            if said.side != "seller" or not said.to_customer or interaction.source.kind == "doc":
                continue
            labels = [
                one for one in case.brief.promises
                if one.strength in ("firm", "conditional") and any(stands_for(said.text, e.quote, named, e.source) for e in one.evidence)
            ]  # fmt: skip
            if labels and not (labels[0].strength == "firm" and labels[0].conditions):
                judged = _by_words(case.name, said, labels[0].strength == "conditional", labels[0].conditions)
                if judged:
                    yield judged


def _by_words(deal: str, said: Statement, conditional: bool, condition: str) -> Judged | None:
    """The parts with most of the condition's words; None for a conditional promise of which none has."""
    found = parts(said, answered_turn(said))
    shares = [_share(part.at.text, condition) if conditional and condition else 0.0 for part in found]
    right = [
        share > 0 and share >= NEAR_BEST * max(shares) and (share >= HALF or holds_most(part.at.text, condition))
        for part, share in zip(found, shares, strict=True)
    ]
    if conditional and not any(right):
        return None
    return Judged(deal, said.text, conditional, list(zip(found, right, strict=True)), bool(condition_of(said.text)))


NEAR_BEST, HALF = 0.7, 0.5
_NOTE = re.compile(r"\([^()]*\)")


def _share(text: str, condition: str) -> float:
    """Of the condition's words, how many the text has in one form or another."""
    wanted, given = telling(_NOTE.sub(" ", condition)), {word[:STEM] for word in telling(text)}
    return sum(word[:STEM] in given for word in wanted) / max(1, len(wanted))


# --- fitted


def fitted(judged: Sequence[Judged], but: str = "", *, held_out: bool = False) -> NamedWeights:
    """Without the deal of this name, or without the sentences that are held out."""
    rows = [row for one in judged if one.deal != but or not but if not (held_out and one.held_out) for row in one.seen()]
    found = fit(rows, RIDGE, FEWEST)
    return NamedWeights(found.bias, {name: weight for name, weight in found.weights.items() if not name.startswith(OF_SENTENCES)})


def everything(home: Path | None) -> list[Judged]:
    told = [one for label, one in marked() if label in ("hangs", "stands")]
    found = [one for one in told if not one.conditional or any(right for _, right in one.parts)]
    found += of_exchanges()
    for baton, cases in may_be_fitted_on(home):
        for case in cases:
            found += of_deal(case, baton)
    return found


BOUNDS = (-2.5, -2.0, -1.5, -1.0, 0.0)
"""In log-odds; -2.0 is about the bound that is shipped."""


def counted(found: Collection[tuple[Judged, float]]) -> str:
    """By bound: conditional ones below it, firm ones above it."""
    hung, firm = [[how for one, how in found if one.conditional is way] for way in (True, False)]
    by = [f"{bound}: {sum(how < bound for how in hung)}, {sum(how >= bound for how in firm)}" for bound in BOUNDS]
    return f"{len(hung)} conditional, {len(firm)} firm; missed, firm taken for conditional: " + "; ".join(by)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m eval.hinges", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--home", type=Path, help="read the samples into this folder's homes and keep them")
    parser.add_argument("--write", action="store_true", help="write the weights where they are read")
    chosen = parser.parse_args()
    found = everything(chosen.home)
    rows = [right for one in found for _, right in one.parts]
    print(f"{len(found)} promises, {len(rows)} parts, {sum(rows)} on which they hang")
    without = fitted(found, held_out=True)
    print("sentences held out:", counted([(one, one.chance(without)) for one in found if one.held_out]))
    print("  by the grammar:", counted([(one, 1.0 if one.known else -9.0) for one in found if one.held_out]))
    left = []
    for deal in sorted({one.deal for one in found} - {""}):
        weights = fitted(found, deal)
        left += [(one, one.chance(weights)) for one in found if one.deal == deal]
    for name, which in (("deals left out", left), ("  by the grammar", [(one, 1.0 if one.known else -9.0) for one, _ in left])):
        print(f"{name}:", counted(which))
    every = fitted(found)
    if chosen.write:
        write_weights(every, hinges.FILE)
    print(f"{len(every.weights)} weights{' written' if chosen.write else ''}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
