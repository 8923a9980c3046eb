"""`python -m eval.wording`: fits the weights of `assistant.facts.wording`, and says how they tell promises apart in deals left out.

Fitted on the sentences of our side in the labelled deals of `data/cases` and the development deals of `data/fresh` (those that carry a
label of a promise against all others), on `data/sentences/offers.txt` and on the half of `exchanges.txt` that is worked on. The exchanges
are half promises, which talk is not: a feature of their own takes that up, and is left out of what is written.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.facts import wording
from assistant.facts.named_weights import NamedWeights, write_weights
from assistant.facts.promises import answered_turn
from assistant.facts.speech import Statement, statements
from eval.cases import Case
from eval.fresh import may_be_fitted_on
from eval.matching import stands_for
from eval.sentences import FILE, Exchange, exchanges
from eval.subject import Baton
from ingest.archive.scope import EVERYTHING

Floats = NDArray[np.float64]
FEWEST = 3
"""Examples that a feature stands in before it has a weight."""
RIDGE = 6.0
STEPS = 20
SOLVING = 200
ENOUGH = 1e-6
LEAST_WEIGHT = 0.01
OF_EXCHANGES = "of an exchange"


@dataclass(frozen=True, slots=True)
class Seen:
    """A sentence of ours: the deal it is of (empty for an exchange), its features, whether it is a promise."""

    deal: str
    features: frozenset[str]
    promise: bool


def seen_in_deal(case: Case, baton: Baton) -> list[Seen]:
    account = baton.account_id(case.history.accounts[case.brief.account].name)
    found = []
    for interaction in baton.kit.archive.interactions(EVERYTHING.only(account)):
        named = case.history.sources_named(interaction.source.external_id)
        for said in statements(interaction):
            if said.side != "seller" or not said.to_customer or interaction.source.kind == "doc":
                continue
            labels = (label for promise in case.brief.promises for label in promise.evidence)
            right = any(stands_for(said.text, label.quote, named, label.source) for label in labels)
            found.append(Seen(case.name, _features(said), right))
    return found


def seen_in_exchanges(found: Iterable[Exchange]) -> list[Seen]:
    """Those in which one of ours speaks to the customer."""
    seen = []
    for one in found:
        for said in statements(one.interaction):
            judged = said.span.start <= one.judged.start < said.span.end
            if judged and said.side == "seller" and said.to_customer:
                seen.append(Seen("", _features(said) | {OF_EXCHANGES}, one.is_promise))
    return seen


def _features(said: Statement) -> frozenset[str]:
    return wording.features(said.text, answered_turn(said), said.before, said.after)


def fit(seen: Sequence[Seen], ridge: float = RIDGE, fewest: int = FEWEST) -> NamedWeights:
    """A ridge over all features that stand in enough examples, by Newton's steps, each solved by conjugate gradients."""
    counts = Counter(feature for one in seen for feature in one.features)
    names = sorted(feature for feature, count in counts.items() if count >= fewest)
    column = {name: i for i, name in enumerate(names)}
    held = [sorted(column[feature] for feature in one.features if feature in column) for one in seen]
    columns = np.array([i for each in held for i in (*each, len(names))])
    rows = np.repeat(np.arange(len(seen)), [len(each) + 1 for each in held])
    right: Floats = np.array([one.promise for one in seen], float)
    paid: Floats = np.append(np.full(len(names), ridge), 1.0)
    weights: Floats = np.zeros(len(names) + 1)

    def of_rows(one: Floats) -> Floats:
        return np.bincount(rows, one[columns], len(seen)).astype(float)

    def of_columns(one: Floats) -> Floats:
        return np.bincount(columns, one[rows], len(names) + 1).astype(float)

    for _ in range(STEPS):
        chance = 1 / (1 + np.exp(-of_rows(weights)))
        slope, spread = of_columns(chance - right) + paid * weights, chance * (1 - chance)
        step, rest = np.zeros_like(weights), slope.copy()
        way, size = rest.copy(), float(rest @ rest)
        for _ in range(SOLVING):
            bent = of_columns(spread * of_rows(way)) + paid * way
            along = size / float(way @ bent)
            step, rest = step + along * way, rest - along * bent
            before, size = size, float(rest @ rest)
            if size < ENOUGH:
                break
            way = rest + size / before * way
        weights = weights - step
        if float(slope @ slope) < ENOUGH:
            break
    kept = {name: round(float(w), 3) for name, w in zip(names, weights, strict=False) if abs(w) >= LEAST_WEIGHT and name != OF_EXCHANGES}
    return NamedWeights(round(float(weights[-1]), 3), kept)


def order(given: Sequence[float], right: Sequence[bool]) -> float:
    """How often one that is right stands before one that is not (the area under the curve)."""
    good = [one for one, is_right in zip(given, right, strict=True) if is_right]
    bad = np.array([one for one, is_right in zip(given, right, strict=True) if not is_right])
    return float(np.mean([np.mean((one > bad) + 0.5 * (one == bad)) for one in good]))


def everything(home: Path | None) -> list[Seen]:
    found = seen_in_exchanges(exchanges(FILE.with_name("offers.txt")))
    found += seen_in_exchanges(one for one in exchanges() if not one.held_out)
    for baton, cases in may_be_fitted_on(home):
        for case in cases:
            found += seen_in_deal(case, baton)
    return found


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m eval.wording", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--home", type=Path, help="read the samples into this folder's homes and keep them")
    parser.add_argument("--write", action="store_true", help="write the weights where they are read")
    chosen = parser.parse_args()
    seen = everything(chosen.home)
    print(f"{len(seen)} sentences, {sum(one.promise for one in seen)} of them promises")
    for deal in sorted({one.deal for one in seen} - {""}):
        fitted = fit([one for one in seen if one.deal != deal])
        left_out = [one for one in seen if one.deal == deal]
        area = order([fitted.odds(one.features) for one in left_out], [one.promise for one in left_out])
        print(f"  without {deal:12} promises of it before other sentences of it: {area:.3f}")
    fitted = fit(seen)
    if chosen.write:
        write_weights(fitted, wording.FILE)
    print(f"{len(fitted.weights)} weights{' written' if chosen.write else ''}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
