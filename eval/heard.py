"""`python -m eval.heard`: fits the numbers that tell whether a thing was ever spoken of, and what they come to on a deal left out.

Examples are the labelled questions of the deals of `data/` and of the three of `data/fresh/` that may be worked on, the questions of
`never_discussed.txt`, which nobody discussed in any deal, and those of `fresh/asked/`: as a customer success manager would put them after
reading what a deal is about, some discussed there in other words and some not at all. Every second of these last, by a hash of its words,
is held out: nothing is fitted on it. Prints what to put into `assistant.models.weights`; nothing is written.
"""

from __future__ import annotations

import argparse
import hashlib
import math
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from assistant.answers import Question
from assistant.asking import ask, gather
from assistant.models.choice import read
from assistant.models.extractive import Extractive, sureness
from assistant.models.heard import LEAST_HEARD, Signs, signs
from assistant.models.refusal import ENOUGH
from assistant.models.sentence_fit import fits
from eval.cases import Case
from eval.fitting import NEVER, Fitted, Seen, fit
from eval.fresh import FRESH, may_be_fitted_on
from eval.held_out import asked_in_thread
from eval.report import table
from eval.subject import Baton

ASKED = FRESH / "asked"
Group = Literal["labelled", "anywhere", "here"]
"""A labelled question, one of `never_discussed.txt`, or one written for the deal."""
SHARES: dict[tuple[bool, Group], float] = {
    (True, "labelled"): 0.6,
    (True, "here"): 0.4,
    (False, "labelled"): 0.25,
    (False, "anywhere"): 0.3,
    (False, "here"): 0.45,
}
"""What each group counts among a deal's questions that the history answers, and among those that it does not; each deal counts alike."""
PER_DEAL = 100.0
THRESHOLDS = (0.0, 0.25, 0.3, 0.33, 0.35, 0.37, 0.4, 0.45)


@dataclass(frozen=True, slots=True)
class Tried:
    """One question, with what decides whether it is answered."""

    deal: str
    group: Group
    right: bool
    """The history answers it."""
    held: bool
    seen: Signs | None
    sure: float
    by_rule: bool
    """It is declined however likely there is an answer."""
    on_record: bool
    """The ledger answers it however unlikely."""

    def answered(self, chance: float | None, least: float, enough: float) -> bool:
        declined = self.by_rule or self.sure < enough or (chance is not None and chance < least)
        return self.on_record or not declined


def tried(cases: Sequence[Case], baton: Baton) -> Iterator[Tried]:
    never, said = Extractive(enough=math.inf), Extractive(enough=-math.inf)

    def one(deal: str, group: Group, right: bool, question: Question) -> Tried:
        evidence = gather(baton.kit, question)
        sentences = fits(evidence, read(evidence))
        sure = sureness(evidence, sentences)[1]
        by_rule, on_record = (ask(replace(baton.kit, model=model), question).status != "answered" for model in (said, never))
        digest = hashlib.sha256(question.text.encode()).digest()
        held = group == "here" and digest[0] % 2 == 1
        return Tried(deal, group, right, held, signs(evidence, sentences, sure), sure, by_rule, not on_record)

    for case in cases:
        asked = asked_in_thread(case, baton)
        yield from (one(case.name, "labelled", label.answerable, asked[label.id]) for label in case.questions)
        account = Counter(asked[label.id].account_id for label in case.questions if label.answerable).most_common(1)[0][0]
        yield from (one(case.name, "anywhere", False, Question(text, account)) for text in _lines(NEVER))
        for right, ending in ((True, "discussed"), (False, "never_discussed")):
            yield from (one(case.name, "here", right, Question(text, account)) for text in _lines(ASKED / f"{case.name}.{ending}.txt"))


def _lines(file: Path) -> list[str]:
    return [line for line in file.read_text(encoding="utf-8").splitlines() if line] if file.is_file() else []


def seen(examples: Sequence[Tried]) -> list[Seen]:
    """What the model is fitted on: what is not held out and can be told of."""
    mine = [one for one in examples if one.seen is not None and not one.held]
    many = Counter((one.deal, one.right, one.group) for one in mine)
    there = {(deal, right): sum(SHARES[right, g] for d, r, g in many if (d, r) == (deal, right)) for deal, right, _ in many}
    return [
        Seen(
            one.deal,
            tuple(one.seen),
            one.right,
            PER_DEAL * SHARES[one.right, one.group] / there[one.deal, one.right] / many[one.deal, one.right, one.group],
        )
        for one in mine
        if one.seen is not None
    ]


def curve(examples: Sequence[Tried], fitted: Callable[[str], Fitted], enough: float) -> str:
    """False declines and false answers by threshold: each deal by the model for it."""
    chances = [None if one.seen is None else fitted(one.deal).of(one.seen) for one in examples]
    groups: list[tuple[str, Callable[[Tried], bool]]] = [
        ("labelled, answerable: declined", lambda one: one.group == "labelled" and one.right),
        ("discussed: declined", lambda one: one.group == "here" and one.right and not one.held),
        ("discussed, held out: declined", lambda one: one.held and one.right),
        ("labelled, no answer: answered", lambda one: one.group == "labelled" and not one.right),
        ("never discussed: answered", lambda one: one.group == "here" and not one.right and not one.held),
        ("never discussed, held out: answered", lambda one: one.held and not one.right),
        ("discussed in no deal: answered", lambda one: one.group == "anywhere"),
    ]
    deals = (("data", frozenset(one.deal for one in examples) - _fresh(examples)), ("fresh", _fresh(examples)))
    rows = [["of", "deals", *(f"{least:.2f}" for least in THRESHOLDS), "n"]]
    for name, wanted in groups:
        for where, named in deals:
            mine = [(one, chance) for one, chance in zip(examples, chances, strict=True) if wanted(one) and one.deal in named]
            if not mine:
                continue
            shares = [sum(one.answered(chance, least, enough) != one.right for one, chance in mine) / len(mine) for least in THRESHOLDS]
            rows.append([name, where, *(f"{share:.3f}" for share in shares), str(len(mine))])
    return table(rows)


def _fresh(examples: Sequence[Tried]) -> frozenset[str]:
    return frozenset(one.deal for one in examples if (FRESH / "cases" / f"{one.deal}.yaml").is_file())


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m eval.heard", description="Fit what tells whether a thing was ever spoken of.")
    parser.add_argument("--home", type=Path, help="read the samples into homes in this folder and keep them (default: thrown away)")
    parser.add_argument("--enough", type=float, default=ENOUGH, help="the least confidence with which a question is answered at all")
    chosen = parser.parse_args()
    examples: list[Tried] = []
    for baton, cases in may_be_fitted_on(chosen.home):
        examples += tried(cases, baton)
    known = seen(examples)
    every = fit(known)
    without = {deal: fit([one for one in known if one.deal != deal]) for deal in sorted({one.deal for one in known})}
    print(f"HEARD: {every}, of {len(known)}; shipped threshold {LEAST_HEARD}, confidence at least {chosen.enough}")
    print(f"\nEach deal by what was fitted on the others, by threshold:\n{curve(examples, without.__getitem__, chosen.enough)}")
    print(f"\nFitted on all:\n{curve(examples, lambda deal: every, chosen.enough)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
