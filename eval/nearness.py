"""`python -m eval.nearness`: fits the weights of `assistant.facts.nearness`, and how often the right clause of a deal left out is first.

An example is a statement of a promise with a clause of the paper, right where the label of the promise names that clause. Of the labelled
deals of `data/cases` and the development deals of `data/fresh`; prints what to put into the file.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.facts.nearness import in_common, rarity
from assistant.facts.paper import clauses
from eval.cases import Case
from eval.fresh import may_be_fitted_on
from eval.matching import overlap, stands_for
from eval.newton import logistic
from eval.subject import Baton
from ingest.archive.scope import EVERYTHING

Floats = NDArray[np.float64]
RIDGE = 0.3
STEPS = 15
SAME_CLAUSE = 0.6


@dataclass(frozen=True, slots=True)
class Pair:
    deal: str
    promise: str
    features: tuple[float, ...]
    right: bool


def pairs(case: Case, baton: Baton) -> list[Pair]:
    """Of every statement that a label knows: a statement of none says nothing of clauses."""
    account = baton.account_id(case.history.accounts[case.brief.account].name)
    scope = EVERYTHING.only(account)
    deals = {deal.name: deal.id for deal in baton.kit.archive.deals(scope)}
    ledger = baton.kit.ledger(scope, deals[case.history.deals[case.brief.deal].name])
    paper = clauses(ledger.contracts)
    rare = rarity(paper)
    found = []
    for one in ledger.promises:
        at = one.places[0]
        named = case.history.sources_named(at.interaction.source.external_id)
        for label in case.brief.promises:
            if not any(stands_for(at.text, words.quote, named, words.source) for words in label.evidence):
                continue
            told = label.contract_evidence.quote if label.contract_evidence else ""
            found += [
                Pair(case.name, one.id, in_common(one.said, term, rare), bool(told) and overlap(term.text, told) > SAME_CLAUSE)
                for term in paper
            ]
            break
    return found


def fit(found: Sequence[Pair]) -> Floats:
    """Weights, and the bias last."""
    rows, right = _rows(found), np.array([one.right for one in found], float)
    return logistic(rows, right, np.array([RIDGE] * (rows.shape[1] - 1) + [0.0]), steps=STEPS)


def _rows(found: Sequence[Pair]) -> Floats:
    return np.array([(*one.features, 1.0) for one in found])


def first(found: Sequence[Pair], weights: Floats) -> tuple[int, int]:
    """How many promises have their clause before all others, of those that have one."""
    given = dict.fromkeys(one.promise for one in found if one.right)
    odds = _rows(found) @ weights
    hits = 0
    for promise in given:
        best = max((value, one.right) for value, one in zip(odds, found, strict=True) if one.promise == promise)
        hits += best[1]
    return hits, len(given)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m eval.nearness", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--home", type=Path, help="read the samples into this folder's homes and keep them")
    chosen = parser.parse_args()
    found: list[Pair] = []
    for baton, cases in may_be_fitted_on(chosen.home):
        for case in cases:
            found += pairs(case, baton)
    for deal in sorted({one.deal for one in found}):
        weights = fit([one for one in found if one.deal != deal])
        hits, of = first([one for one in found if one.deal == deal], weights)
        print(f"without {deal:12} the clause comes first: {hits} of {of}")
    weights = fit(found)
    print("WEIGHTS =", tuple(round(float(weight), 2) for weight in weights[:-1]))
    print("BIAS =", round(float(weights[-1]), 2))
    return 0


if __name__ == "__main__":
    sys.exit(main())
