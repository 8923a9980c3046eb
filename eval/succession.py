"""`python -m eval.succession`: fits the weights of `assistant.instead`, and says what changes are found of deals left out of the fit.

Whether two statements are about one matter is fitted on the deals of `eval.fresh.may_be_fitted_on`, where most later statements are about
none of the earlier ones; whether they tell another outcome on these and on the pairs of `data/sentences/succession.txt`. A fifth of the
pairs is held out by a hash of the earlier statement, and never listed. `--write` puts the weights into `assistant/instead.json`.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import add
from pathlib import Path
from unittest.mock import patch

import numpy as np
from numpy.typing import NDArray

from assistant import instead
from assistant.beside import NAMES, Beside
from assistant.facts.promises import PromiseSaid
from assistant.facts.speech import Place
from assistant.instead import MATTER, OUTCOME, Weights
from assistant.ledgers import of_deal, readings_of
from assistant.meaning import Meaning, meaning_of, setting
from assistant.succession import STANDING, says_the_same
from eval.briefs import JudgedBrief, judge_brief
from eval.cases import Case, Evidence
from eval.command import DATA
from eval.fresh import DEVELOPMENT, may_be_fitted_on
from eval.given import given_brief
from eval.matching import stands_for
from eval.newton import logistic
from eval.papers import embedded, interaction, promise_at
from eval.report import table
from eval.subject import Baton
from ingest.archive.scope import EVERYTHING
from ingest.index.minilm import load_minilm

FILE = DATA / "sentences" / "succession.txt"
Floats = NDArray[np.float64]
Label = str
"""`replaced`, `restated`, `detail` or `other`."""


# --- sentences


@dataclass(frozen=True, slots=True)
class Pair:
    label: Label
    held: PromiseSaid
    one: PromiseSaid
    held_out: bool


def pairs(file: Path = FILE) -> list[Pair]:
    lines = [line.split(" | ") for line in file.read_text("utf-8").splitlines() if line.strip() and not line.startswith("#")]
    return [Pair(label, _said(earlier), _said(later), _is_held_out(earlier)) for label, earlier, later in lines]


def _is_held_out(earlier: str) -> bool:
    return hashlib.sha256(earlier.encode()).digest()[0] % 5 == 0


def _said(words: str) -> PromiseSaid:
    asked, _, answer = words.rpartition(" / S: ")
    asked = asked.removeprefix("B: ")
    told = interaction(words, "call", [*([("B", "", asked)] if asked else []), ("S", "", answer), ("B", "", "Thanks, bye.")])
    return promise_at(Place(told, told.turns[-2].span), asked)


def of_pairs(found: Sequence[Pair], meaning: Meaning | None) -> Floats:
    beside = Beside([said for pair in found for said in (pair.held, pair.one)], meaning)
    return np.array([beside.features([2 * i], 2 * i + 1)[0] for i in range(len(found))])


# --- deals


@dataclass(frozen=True, slots=True)
class Row:
    """A statement with the earlier ones it is held against: those at `right` it replaces by label, those at `same` it says again."""

    deal: str
    features: Floats
    right: tuple[int, ...]
    same: tuple[int, ...]
    read_so: bool
    """A rule reads it as saying one of them again, before any weight is asked."""


def held_against(case: Case, baton: Baton, with_vectors: bool) -> list[Row]:
    archive = baton.kit.archive
    scope = EVERYTHING.only(baton.account_id(case.history.accounts[case.brief.account].name))
    deal = next(one for one in archive.deals(scope) if one.name == case.history.deals[case.brief.deal].name)
    interactions = of_deal(archive.interactions(scope), deal.id)
    readings = readings_of(archive, scope, interactions)
    said = [one for each in interactions for one in readings[each.source.id].promises]
    places = [place for one in said for place in (one.at, setting(one.at))]
    beside = Beside(said, meaning_of(archive, scope, places) if with_vectors else None)
    replaced, same = _labelled(case, said)
    rows = []
    for at, one in enumerate(said):
        among = [i for i in range(at) if said[i].strength in STANDING]
        held = beside.likest(at, among) if one.strength != "retracted" else []
        if held:
            right, again = (tuple(i for i, index in enumerate(held) if (index, at) in which) for which in (replaced, same - replaced))
            read_so = any(says_the_same(said[index], one) for index in held)
            rows.append(Row(case.name, np.array(beside.features(held, at)), right, again, read_so))
    return rows


def _labelled(case: Case, said: Sequence[PromiseSaid]) -> tuple[set[tuple[int, int]], set[tuple[int, int]]]:
    """By place in `said`, (earlier, later): what a label says took the other's place, in one step or several, and what is one promise."""
    of = {label.id: _saying(case, label.evidence, said) for label in case.brief.promises}
    older = {label.id: label.supersedes for label in case.brief.promises}
    steps: list[tuple[Sequence[int], Sequence[int]]] = []
    for id in older:
        earlier = older[id]
        while earlier:
            steps.append((of[earlier], of[id]))
            earlier = older[earlier]
    for change in case.brief.changes:
        positions = [_saying(case, [step.evidence], said) for step in change.steps]
        steps += [(one, other) for i, one in enumerate(positions) for other in positions[i + 1 :]]
    replaced = {(i, j) for one, other in steps for i in one for j in other if i < j and j not in one}
    return replaced, {(i, j) for places in of.values() for i in places for j in places if i < j}


def _saying(case: Case, evidence: Sequence[Evidence], said: Sequence[PromiseSaid]) -> list[int]:
    named = [case.history.sources_named(one.at.interaction.source.external_id) for one in said]
    return [i for i, one in enumerate(said) if any(stands_for(one.at.text, each.quote, named[i], each.source) for each in evidence)]


# --- fitted

SPREAD, STEPS = 0.003, 400
"""How dearly a large weight of the matter is paid for: of 0.0003 to 0.01 no other did better on deals left out."""
RIDGE = 3.0
OF_DEALS = 5.0
"""What an example of a deal counts for another outcome beside one of the sentences."""


def matter(rows: Sequence[Row]) -> tuple[float, ...]:
    """The likeliest weights of a choice among the earlier statements and none."""
    columns = [NAMES.index(name) for name in MATTER]
    none = np.zeros((1, len(columns) + 1))
    x = np.concatenate([np.vstack([np.c_[row.features[:, columns], np.ones(len(row.features))], none]) for row in rows])
    sizes = np.array([len(row.features) + 1 for row in rows])
    begins = np.cumsum(sizes) - sizes
    wanted = np.zeros(len(x), bool)
    for row, begin in zip(rows, begins, strict=True):
        spoken_of = (*row.right, *row.same)
        wanted[[begin + i for i in spoken_of] if spoken_of else begin + len(row.features)] = True
    of = np.repeat(np.arange(len(rows)), sizes)
    paid = np.array([SPREAD] * len(columns) + [0.0])
    weights, mean, square = np.array([0.0] * len(columns) + [-2.0]), np.zeros(x.shape[1]), np.zeros(x.shape[1])
    for step in range(1, STEPS + 1):  # Adam
        scores = x @ weights
        powers = np.exp(scores - np.maximum.reduceat(scores, begins)[of])
        chances = powers / np.add.reduceat(powers, begins)[of]
        share = np.where(wanted, chances, 0.0)
        share /= np.maximum(np.add.reduceat(share, begins)[of], 1e-12)
        slope = x.T @ (chances - share) / len(rows) + paid * weights
        mean, square = 0.9 * mean + 0.1 * slope, 0.99 * square + 0.01 * slope**2
        size = 0.02 if step > 0.7 * STEPS else 0.1
        weights = weights - size * (mean / (1 - 0.9**step)) / (np.sqrt(square / (1 - 0.99**step)) + 1e-8)
    return tuple(round(float(weight), 3) for weight in weights)


def outcome(rows: Sequence[Row], labels: Sequence[Label], features: Floats) -> tuple[float, ...]:
    """A logistic over pairs about one matter: replaced, against said again or told in more detail."""
    columns = [NAMES.index(name) for name in OUTCOME]
    given = [(one, label == "replaced", 1.0) for one, label in zip(features, labels, strict=True) if label != "other"]
    given += [(row.features[i], i in row.right, OF_DEALS) for row in rows for i in (*row.right, *row.same)]
    x = np.c_[np.array([one for one, _, _ in given])[:, columns], np.ones(len(given))]
    right, counts = np.array([one for _, one, _ in given], float), np.array([one for _, _, one in given])
    weights = logistic(x, right, np.array([RIDGE] * len(columns) + [1e-6]), counts=counts, steps=25)
    return tuple(round(float(weight), 3) for weight in weights)


OF_THREE = 3
"""What a deal of `data/` counts for, as in `eval.fitting`: by once each, the thirteen others cost the three a change that is told."""


@dataclass(frozen=True, slots=True)
class Given:
    """What is fitted on, with vectors or without."""

    rows: Sequence[Row]
    pairs: Sequence[Pair]
    features: Floats

    def fitted(self, but: str = "") -> Weights:
        """Without the deal of this name."""
        rows = [row for row in self.rows if row.deal != but for _ in range(1 if row.deal in DEVELOPMENT else OF_THREE)]
        worked = [i for i, pair in enumerate(self.pairs) if not pair.held_out]
        return Weights(matter(rows), outcome(rows, [self.pairs[i].label for i in worked], self.features[worked]))


# --- printed


@dataclass(frozen=True, slots=True)
class Counts:
    """Links given and right of the rows alone; what briefs with the rules beside come to is in `judged`."""

    rows: int
    given: int
    right: int


def counted(rows: Sequence[Row], weights: Weights) -> Counts:
    given = right = 0
    for row in rows:
        chances = instead.chances(row.features.tolist(), weights)
        best = int(np.argmax(chances))
        if not row.read_so and chances[best] >= instead.ENOUGH:
            given, right = given + 1, right + (best in row.right)
    return Counts(sum(bool(row.right) and not row.read_so for row in rows), given, right)


def judged(case: Case, baton: Baton, weights: Weights) -> JudgedBrief:
    account_id = baton.account_id(case.history.accounts[case.brief.account].name)
    with patch.object(instead, "shipped", lambda with_vectors: weights):
        body = baton.brief(account_id, case.history.deals[case.brief.deal].name)
    return judge_brief(case, given_brief(body, case.history, baton.sources(account_id)))


def line(name: str, brief: JudgedBrief) -> list[str]:
    """Recall of links, links given that are no label's, what is replaced or stands and is shown otherwise, and changes told."""
    linked = [one.supersedes for one in brief.expected_promises if one.supersedes is not None]
    replaced = [one.shown_as_current for one in brief.expected_promises if one.shown_as_current is not None]
    standing = [
        one.given for one in brief.expected_promises
        if one.given and one.shown_as_current is None and one.expected.strength not in ("declined", "retracted")
    ]  # fmt: skip
    told = [one.found for one in brief.expected_changes]
    gone = [not one.current for one in standing]
    return [name, *(f"{sum(each)} of {len(each)}" for each in (linked, replaced, gone, told))]


HEAD = ["each deal weighed without itself", "replaced, linked", "replaced, shown as current", "standing, shown as replaced", "changes told"]


def as_json(weights: Mapping[str, Weights]) -> str:
    def named(names: Sequence[str], values: Sequence[float]) -> dict[str, float]:
        return dict(zip((*names, "bias"), values, strict=True))

    body = {part: {"matter": named(MATTER, one.matter), "outcome": named(OUTCOME, one.outcome)} for part, one in weights.items()}
    return json.dumps(body, indent=1) + "\n"


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m eval.succession", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--write", action="store_true", help=f"put the weights into {instead.FILE.name}")
    parser.add_argument("--home", type=Path, help="read the samples into this folder's homes and keep them")
    chosen = parser.parse_args()
    found = pairs()
    meaning = embedded([place for pair in found for said in (pair.held, pair.one) for place in (said.at, setting(said.at))], load_minilm())
    rows: dict[bool, list[Row]] = {True: [], False: []}
    for baton, cases in may_be_fitted_on(chosen.home):
        for case in cases:
            for with_vectors, those in rows.items():
                those += held_against(case, baton, with_vectors)
    given = {way: Given(rows[way], found, of_pairs(found, meaning if way else None)) for way in rows}
    weights = {"near" if way else "plain": each.fitted() for way, each in given.items()}
    if chosen.write:
        instead.FILE.write_text(as_json(weights), "utf-8")
    for way, each in given.items():
        print(f"sentences {'with' if way else 'without'} vectors, share read as replaced if about one matter: {_on_sentences(each)}")
        counts = [
            counted([row for row in each.rows if row.deal == deal], each.fitted(deal)) for deal in dict.fromkeys(r.deal for r in each.rows)
        ]
        print(f"  deals left out, by weights alone: {sum(c.right for c in counts)} links right of {sum(c.given for c in counts)} given")
    lines = [HEAD]
    for baton, cases in may_be_fitted_on(chosen.home):
        briefs = {case.name: judged(case, baton, given[True].fitted(case.name)) for case in cases}
        lines += [*(line(name, brief) for name, brief in briefs.items()), line("all of these", reduce(add, briefs.values()))]
    print(table(lines))
    return 0


def _on_sentences(given: Given) -> str:
    """Of those held out, by label."""
    weights = given.fitted()
    columns = [NAMES.index(name) for name in OUTCOME]
    said = given.features[:, columns] @ np.array(weights.outcome[:-1]) + weights.outcome[-1] > 0
    of = [(pair.label, bool(one)) for pair, one in zip(given.pairs, said, strict=True) if pair.held_out]
    return ", ".join(
        f"{label} {sum(one for other, one in of if other == label)} of {sum(other == label for other, _ in of)}"
        for label in ("replaced", "restated", "detail")
    )


if __name__ == "__main__":
    sys.exit(main())
