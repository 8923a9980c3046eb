"""`python -m eval.heard`: fits the trees that tell whether a thing was ever spoken of, and what they come to on a deal left out.

Examples are the labelled questions of the deals of `data/` and of those of `data/fresh/` that may be worked on, the questions of
`never_discussed.txt`, which nobody discussed in any deal, and those of `fresh/asked/`: as a customer success manager would put them after
reading what a deal is about, some discussed there and some not at all. The labelled ones without an answer are near misses, in the words of
what was said; the others are asked in passing. What tells the ones does not tell the others, so both are needed, and each is counted alone.
Beside them stand the 4,535 questions of `sentences/scenes_more.txt`, put to snippets of 40 deals; none of these is measured here.
`--write` puts the trees into `assistant/models/heard.json`. Fitting needs `pip install scikit-learn`, which nothing else here does.
"""

from __future__ import annotations

import argparse
import importlib
import json
import math
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from importlib.resources import files
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal

import numpy as np

from assistant.answers import Question
from assistant.asking import ask, gather, search
from assistant.evidence import LOOKED_AT
from assistant.models.choice import read
from assistant.models.extractive import Extractive, sureness
from assistant.models.heard import LEAST_HEARD, Signs, Tree, Trees
from assistant.models.sentence_fit import fits
from eval.cases import Case
from eval.fitting import NEVER, Seen, fit
from eval.fresh import FRESH, may_be_fitted_on
from eval.held_out import asked_in_thread
from eval.public.export import write_slice
from eval.report import table
from eval.scenes import MORE, scenes
from eval.subject import Baton, baton_on

ASKED = FRESH / "asked"
Group = Literal["labelled", "anywhere", "here", "snippets"]
"""A labelled question, one of `never_discussed.txt`, one written for the deal, or one put to snippets."""
SHARES: dict[tuple[bool, Group], float] = {
    (True, "labelled"): 0.6,
    (True, "here"): 0.4,
    (False, "labelled"): 0.35,
    (False, "anywhere"): 0.2,
    (False, "here"): 0.45,
    (True, "snippets"): 1.0,
    (False, "snippets"): 1.0,
}
"""What each group counts among a deal's questions that the history answers, and among those that it does not; each deal counts alike."""
PER_DEAL, PER_SNIPPETS = 50.0, 2.5
"""Snippets are many, and asked as labelled questions are: at 15 a deal labelled ones are told apart as well (.89 AUC for .88, by snippets
of `scenes.txt`), and what is asked in passing worse (.62 for .75)."""
TREES, DEEP, RATE, LEAST_IN_A_LEAF, RIDGE = 300, 3, 0.06, 20, 5.0
"""Boosting: 200 trees of four questions tell natural questions of a deal left out a little better (.79 AUC for .78)."""
MORE_LIKELY = frozenset("even fit weakest pieces least in_a_sentence in_a_passage in_history in_reach".split())
LESS_LIKELY = frozenset({"strangest", "particular"})
"""Signs that may only speak for an answer, and only against one. Who labels deals writes questions without an answer in the words of the
history, and those with one in other words. Left free, trees learn that: a question in the very words of a sentence was declined for it.
Free they tell labelled questions of deals left out by .88 AUC and natural ones by .77, bound by .82 and .78."""
THRESHOLDS = (0.0, 0.3, 0.35, LEAST_HEARD, 0.45, 0.5)


@dataclass(frozen=True, slots=True)
class Tried:
    """One question, with what decides whether it is answered."""

    deal: str
    group: Group
    right: bool
    """The history answers it."""
    seen: Signs
    by_rule: bool
    """It is declined however likely there is an answer."""
    on_record: bool
    """The ledger answers it however unlikely."""

    def answered(self, chance: float, least: float) -> bool:
        return self.on_record or not (self.by_rule or chance < least)


def tried(cases: Sequence[Case], baton: Baton) -> Iterator[Tried]:
    never, always = Extractive(enough=math.inf), Extractive(enough=-math.inf)

    def one(deal: str, group: Group, right: bool, question: Question) -> Iterator[Tried]:
        evidence = gather(baton.kit, question)
        seen = sureness(evidence, fits(evidence, read(evidence))).seen
        by_rule, unsaid = (ask(replace(baton.kit, model=model), question).status != "answered" for model in (always, never))
        if seen is not None:
            yield Tried(deal, group, right, seen, by_rule, not unsaid)

    for case in cases:
        asked = asked_in_thread(case, baton)
        for label in case.questions:
            yield from one(case.name, "labelled", label.answerable, asked[label.id])
        account = Counter(asked[label.id].account_id for label in case.questions if label.answerable).most_common(1)[0][0]
        for text in _lines(NEVER):
            yield from one(case.name, "anywhere", False, Question(text, account))
        for right, ending in ((True, "discussed"), (False, "never_discussed")):
            for text in _lines(ASKED / f"{case.name}.{ending}.txt"):
                yield from one(case.name, "here", right, Question(text, account))


def snippets(home: Path | None) -> Iterator[Tried]:
    """What is seen of each question of `scenes_more.txt`; how it is answered is not asked. Their deals are small and read as far as a
    whole one is."""
    part = scenes(MORE)
    with TemporaryDirectory() as folder:
        write_slice(part, Path(folder) / "scenes.jsonl")
        with baton_on(Path(folder), home, lambda deal, done, total: None) as (baton, _):
            for asked in part.questions:
                evidence = search(baton.kit, Question(asked.text, baton.account_id(asked.account)), limit=LOOKED_AT)
                if (seen := sureness(evidence, fits(evidence, LOOKED_AT)).seen) is not None:
                    yield Tried(asked.account, "snippets", asked.answerable, seen, by_rule=False, on_record=False)


def _lines(file: Path) -> list[str]:
    return [line for line in file.read_text(encoding="utf-8").splitlines() if line] if file.is_file() else []


def fitted(examples: Sequence[Tried]) -> Trees:
    """Gradient boosting of small trees (Friedman 2001), with signs held to their way."""
    many = Counter((one.deal, one.right, one.group) for one in examples)
    there = {(deal, right): sum(SHARES[right, g] for d, r, g in many if (d, r) == (deal, right)) for deal, right, _ in many}
    counts = [
        (PER_SNIPPETS if one.group == "snippets" else PER_DEAL)
        * SHARES[one.right, one.group]
        / there[one.deal, one.right]
        / many[one.deal, one.right, one.group]
        for one in examples
    ]
    x = np.array([one.seen for one in examples])
    ways = [1 if name in MORE_LIKELY else -1 if name in LESS_LIKELY else 0 for name in Signs._fields]
    model = importlib.import_module("sklearn.ensemble").HistGradientBoostingClassifier(
        max_iter=TREES, max_depth=DEEP, learning_rate=RATE, min_samples_leaf=LEAST_IN_A_LEAF, l2_regularization=RIDGE,
        max_leaf_nodes=None, monotonic_cst=ways, early_stopping=False, random_state=0,
    )  # fmt: skip
    model.fit(x, [one.right for one in examples], sample_weight=counts)
    trees = tuple(_tree(each.nodes) for [each] in model._predictors)
    first = tuple(x[0])
    return Trees(round(float(model.decision_function(x[:1])[0]) - sum(tree.of(first) for tree in trees), 4), trees)


def _tree(nodes: Any) -> Tree:
    """`nodes` are rows of scikit-learn's own, which it gives out in no other way; values have the rate in them."""

    def branch(node: int) -> Tree | float:
        one = nodes[node]
        if one["is_leaf"]:
            return round(float(one["value"]), 5)
        return Tree(int(one["feature_idx"]), round(float(one["num_threshold"]), 5), branch(int(one["left"])), branch(int(one["right"])))

    whole = branch(0)
    return whole if isinstance(whole, Tree) else Tree(0, 0.0, whole, whole)


def curve(examples: Sequence[Tried], chance: Callable[[Tried], float]) -> str:
    """False declines and false answers by threshold."""
    groups: list[tuple[str, Callable[[Tried], bool]]] = [
        ("labelled, answerable: declined", lambda one: one.group == "labelled" and one.right),
        ("labelled, no answer: answered", lambda one: one.group == "labelled" and not one.right),
        ("discussed: declined", lambda one: one.group == "here" and one.right),
        ("never discussed: answered", lambda one: one.group == "here" and not one.right),
        ("discussed in no deal: answered", lambda one: one.group == "anywhere"),
    ]
    fresh = frozenset(one.deal for one in examples if (FRESH / "cases" / f"{one.deal}.yaml").is_file())
    rows = [["of", "deals", *(f"{least:.2f}" for least in THRESHOLDS), "n"]]
    for name, wanted in groups:
        for where, there in (("data", False), ("fresh", True)):
            mine = [(one, chance(one)) for one in examples if wanted(one) and (one.deal in fresh) == there]
            if mine:
                shares = [sum(one.answered(each, least) != one.right for one, each in mine) / len(mine) for least in THRESHOLDS]
                rows.append([name, where, *(f"{share:.3f}" for share in shares), str(len(mine))])
    return table(rows)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m eval.heard", description="Fit what tells whether a thing was ever spoken of.")
    parser.add_argument("--home", type=Path, help="read the samples into homes in this folder and keep them (default: thrown away)")
    parser.add_argument("--write", action="store_true", help="put the trees fitted on all into place")
    chosen = parser.parse_args()
    examples: list[Tried] = []
    for baton, cases in may_be_fitted_on(chosen.home):
        examples += tried(cases, baton)
    beside = list(snippets(chosen.home / MORE.stem if chosen.home else None))
    every = fitted([*examples, *beside])
    without = {deal: fitted([*(one for one in examples if one.deal != deal), *beside]) for deal in sorted({one.deal for one in examples})}
    print(f"{len(examples)} questions and {len(beside)} of snippets; shipped threshold {LEAST_HEARD}")
    unseen = [Seen(one.deal, (without[one.deal].of(one.seen),), one.right) for one in examples if one.group == "labelled"]
    print(f"ANSWERABLE: {fit(unseen)}, of {len(unseen)}")
    print(f"\nEach deal by what was fitted on the others, by threshold:\n{curve(examples, lambda one: without[one.deal].of(one.seen))}")
    print(f"\nFitted on all:\n{curve(examples, lambda one: every.of(one.seen))}")
    if chosen.write:
        kept = Path(str(files("assistant.models").joinpath("heard.json")))
        lines = ",\n".join(json.dumps(tree) for tree in every.trees)
        kept.write_text(f'{{"start": {every.start}, "trees": [\n{lines}\n]}}\n', encoding="utf-8")
        print(f"\nwritten: {kept.name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
