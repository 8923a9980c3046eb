"""Fits the weights of `assistant.facts.role_choice`, and says how they tell people's roles on deals that had no part in it.

`python -m eval.roles` reads the labelled deals of `data/cases` and the development deals of `data/fresh`, and prints for each group of
deals how often a labelled person has one of their roles, how many roles are shown and how many of these are right: by rules alone, and
with each deal weighed by what was fitted on the others. `--write` puts weights fitted on all of them into place.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.facts.people import PersonSeen
from assistant.facts.role_choice import FILE, ROLES, STANCES, Weights, chances, features, stance_features, stance_weighed, weighed
from eval.cases import Case, ExpectedStakeholder
from eval.command import DATA
from eval.fresh import may_be_fitted_on
from eval.newton import logistic
from eval.report import table
from eval.subject import Baton
from ingest.archive.scope import EVERYTHING

Floats = NDArray[np.float64]
RIDGE = 1.0
STANCE_RIDGE = 3.0
STEPS = 15
PLACES = 2


@dataclass(frozen=True, slots=True)
class Labelled:
    """Somebody on record of a labelled deal; `roles` are empty where no label names them."""

    deal: str
    ours: bool
    """Of the deals that rules were written for."""
    seen: PersonSeen
    roles: tuple[str, ...]
    stance: str


def people_of(case: Case, baton: Baton, ours: bool) -> list[Labelled]:
    account = baton.account_id(case.history.accounts[case.brief.account].name)
    found = []
    for seen in baton.kit.ledger(EVERYTHING.only(account)).people:
        label = _label(case, seen)
        found.append(Labelled(case.name, ours, seen, label.roles if label else (), label.stance if label else ""))
    return found


def _label(case: Case, seen: PersonSeen) -> ExpectedStakeholder | None:
    called = (name for name in (seen.person.name, seen.person.email) if name)
    return next((one for name in called for one in case.brief.stakeholders if case.history.is_person(name, one.person)), None)


def fit(given: Sequence[Labelled]) -> Weights:
    """How people lean is fitted with the roles as they look on a deal left out, for so they will look."""
    roles = fit_roles(given)
    without = {deal: fit_roles([one for one in given if one.deal != deal]) for deal in dict.fromkeys(one.deal for one in given)}
    leaning = [one for one in given if one.stance in STANCES]
    rows = [stance_features(one.seen.traits, stance, chances(one.seen.traits, without[one.deal])) for one in leaning for stance in STANCES]
    return Weights(roles, _logistic(rows, [stance == one.stance for one in leaning for stance in STANCES], STANCE_RIDGE))


def fit_roles(given: Sequence[Labelled]) -> dict[str, float]:
    """Over all pairs of a person and a role."""
    return _logistic(
        [features(one.seen.traits, role) for one in given for role in ROLES], [role in one.roles for one in given for role in ROLES], RIDGE
    )


def _logistic(rows: Sequence[Mapping[str, float]], given: Sequence[bool], ridge: float) -> dict[str, float]:
    """Over features by name, without a bias."""
    right: Floats = np.array(given, np.float64)
    names = sorted({name for row in rows for name in row})
    column = {name: at for at, name in enumerate(names)}
    x: Floats = np.zeros((len(rows), len(names)))
    for at, row in enumerate(rows):
        x[at, [column[name] for name in row]] = list(row.values())
    b = logistic(x, right, np.full(len(names), ridge), steps=STEPS)
    return {name: float(weight) for name, weight in zip(names, np.round(b, PLACES), strict=True) if weight}


def left_out(given: Sequence[Labelled]) -> Mapping[str, Weights]:
    """By deal the weights that were fitted on all others."""
    return {deal: fit([one for one in given if one.deal != deal]) for deal in dict.fromkeys(one.deal for one in given)}


def score(given: Iterable[Labelled], roles: Callable[[Labelled], Sequence[str]], stance: Callable[[Labelled], str]) -> list[str]:
    """Of labelled people: one of their roles shown, roles shown of each, how many of these are theirs, and the stance right."""
    given = [one for one in given if one.roles]
    shown = [(set(roles(one)), set(one.roles)) for one in given]
    right, many = sum(bool(mine & theirs) for mine, theirs in shown), sum(len(mine) for mine, _ in shown)
    hit = sum(len(mine & theirs) for mine, theirs in shown)
    return [
        f"{right / len(shown):.3f} of {len(shown)}",
        f"{many / len(shown):.2f}",
        f"{hit / max(1, many):.3f}",
        f"{np.mean([stance(one) == one.stance for one in given]):.3f}",
    ]


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m eval.roles", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--home", type=Path, help="read the samples into this folder's homes and keep them")
    parser.add_argument("--write", action="store_true", help=f"put the weights into {FILE.name}")
    chosen = parser.parse_args()
    tuned = {file.stem for file in (DATA / "cases").glob("*.yaml")}
    given = [one for baton, cases in may_be_fitted_on(chosen.home) for case in cases for one in people_of(case, baton, case.name in tuned)]
    without = left_out(given)
    rows = [["", "role right", "roles shown each", "of these right", "stance right"]]
    for name, group in (("written for", [one for one in given if one.ours]), ("by other hands", [one for one in given if not one.ours])):
        rows.append([f"{name}, by rules alone", *score(group, lambda one: one.seen.traits.by_rule, lambda one: one.seen.traits.stance)])
        unseen = score(
            group,
            lambda one: weighed(one.seen.traits, without[one.deal].roles),
            lambda one: stance_weighed(one.seen.traits, without[one.deal]),
        )
        rows.append([f"{name}, weighed, deal left out", *unseen])
    print(table(rows))
    if chosen.write:
        FILE.write_text(json.dumps(asdict(fit(given)), indent=0, ensure_ascii=False) + "\n", "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
