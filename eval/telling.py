"""Fits the weights of `assistant.facts.telling`, and says how often the words shown for a role are those that labels give for it.

`python -m eval.telling` fits on `data/sentences/roles.txt` and on the quotes that the labels of the deals that may be fitted on give for
people, each deal left out in turn; `--write` puts weights fitted on all of it into place. A fifth of the sentences is held out: how often
the likeliest role of one of these is the right one is printed, and no more of them.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import sys
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.facts.introduced import introduced
from assistant.facts.likeness import words_of
from assistant.facts.people import called, meant
from assistant.facts.role_choice import ROLES
from assistant.facts.speech import statements
from assistant.facts.telling import FILE, Candidate, candidates, features, odds
from eval.cases import Case
from eval.command import DATA
from eval.fresh import may_be_fitted_on
from eval.matching import stands_for
from eval.sentences import spoken
from eval.subject import Baton
from ingest.archive.rows import StoredInteraction
from ingest.archive.scope import EVERYTHING

SENTENCES = DATA / "sentences" / "roles.txt"
Floats = NDArray[np.float64]
RIDGE = 1.0
ROLE_RIDGE = 0.25
STEPS = 5
FEWEST = 3
PLACES = 1
LEAST_WEIGHT = 0.1
PART = 0.6
"""What the likeness to one role counts beside that of telling anything of anybody."""
OTHERS = 8
"""Sentences a person that no label quotes, chosen by a hash: most of what somebody says tells nothing."""
_OWN = re.compile(r"(?P<name>[A-ZÀ-Þ][\w’'-]+(?: [A-ZÀ-Þ][\w’'-]+)?): (?P<words>.+)")


@dataclass(frozen=True, slots=True)
class Example:
    """`deal` is empty for a sentence of the file, `who` says whom of the deal it is of."""

    deal: str
    who: str
    roles: tuple[str, ...]
    features: Mapping[str, float]
    tells: bool
    held_out: bool = False


def of_file() -> Iterator[Example]:
    for line in SENTENCES.read_text("utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            role, _, text = line.split(" | ", 2)
            held_out = hashlib.sha256(text.encode()).digest()[0] % 5 == 0
            yield Example("", "", (role,) if role != "none" else (), _features(text), role != "none", held_out)


def _features(text: str) -> dict[str, float]:
    """As read in a mail of these words alone; where several names stand in it, of the last: `Head teller Roswitha`."""
    own = _OWN.fullmatch(text)
    mail = spoken(own["words"] if own else text)
    said = statements(mail)
    found = [one for one in candidates(said, introduced(mail, said)) if (one.person is not None) == bool(own)]
    return dict(found[-1 if own is None else 0].features) if found else features(words_of(text), "email", own=False, opens=False)


def _candidates(interaction: StoredInteraction) -> Iterator[Candidate]:
    said = statements(interaction)
    yield from candidates(said, introduced(interaction, said))


def of_deal(case: Case, baton: Baton) -> Iterator[Example]:
    """All that people whom a label quotes say, and all that names them."""
    account = baton.account_id(case.history.accounts[case.brief.account].name)
    interactions = baton.kit.archive.interactions(EVERYTHING.only(account))
    people = {person.id: person for one in interactions for person in one.participants} | {
        person.id: person for person in baton.kit.archive.people(EVERYTHING.only(account))
    }
    theirs = [person for person in people.values() if person.side != "seller" and person.name]
    by_person = meant(called(theirs), [one for each in interactions for one in _candidates(each)])
    for person in theirs:
        label = next((one for one in case.brief.stakeholders if case.history.is_person(person.name, one.person)), None)
        if label is None:
            continue
        for one in by_person.get(person.id, []):
            named = case.history.sources_named(one.at.interaction.source.external_id)
            tells = any(stands_for(one.at.text, each.quote, named, each.source) for each in label.evidence)
            yield Example(case.name, person.name, label.roles, one.features, tells)


def sampled(given: Sequence[Example]) -> list[Example]:
    """All that tell, and a few others of each person."""
    kept: list[Example] = []
    seen: Counter[tuple[str, str]] = Counter()
    for one in sorted(given, key=lambda one: hashlib.sha256(repr(sorted(one.features)).encode()).digest()):
        if one.tells or not one.deal or seen[one.deal, one.who] < OTHERS:
            kept.append(one)
            seen[one.deal, one.who] += not one.tells
    return kept


def fit(given: Sequence[Example]) -> dict[str, tuple[float, ...]]:
    """How much each feature tells at all, and on top of it for each role."""
    counts = Counter(name for one in given for name in one.features)
    names = sorted(name for name, count in counts.items() if count >= FEWEST)
    telling = _ridge(given, names, [[one.tells] for one in given], RIDGE)
    shown = [one for one in given if one.tells or not one.deal]
    by_role = _ridge(shown, names, [[role in one.roles and one.tells for role in ROLES] for one in shown], ROLE_RIDGE)
    weights = np.round(telling + PART * by_role, PLACES) + 0.0
    return {name: tuple(map(float, row)) for name, row in zip(names, weights, strict=True) if np.abs(row).max() >= LEAST_WEIGHT}


def _ridge(given: Sequence[Example], names: Sequence[str], right: Sequence[Sequence[bool]], ridge: float) -> Floats:
    """Logistic, by Newton's steps in the space of the examples; a column a question."""
    column = {name: at for at, name in enumerate(names)}
    x: Floats = np.zeros((len(given), len(names)))
    for at, one in enumerate(given):
        for name, value in one.features.items():
            if name in column:
                x[at, column[name]] = value
    kernel, wanted = x @ x.T / ridge + 1.0, np.array(right, np.float64)
    found = np.zeros((len(names), wanted.shape[1]))
    for each in range(wanted.shape[1]):
        dual: Floats = np.zeros(len(given))
        sums: Floats = np.zeros(len(given))
        for _ in range(STEPS):
            chance = 1 / (1 + np.exp(-np.clip(sums, -30, 30)))
            spread = chance * (1 - chance) + 1e-6
            dual[:] = np.linalg.solve(kernel + np.diag(1 / spread), sums + (wanted[:, each] - chance) / spread)
            sums[:] = kernel @ dual
        found[:, each] = x.T @ dual / ridge
    return found


def quoted(given: Sequence[Example], weights: Mapping[str, Sequence[float]]) -> list[bool]:
    """By person with such words, whether the words that rank first for their roles are among those of the label."""
    people: dict[tuple[str, str], list[tuple[float, bool]]] = {}
    for one in given:
        told = odds(one.features, weights)
        people.setdefault((one.deal, one.who), []).append((max(told[ROLES.index(role)] for role in one.roles), one.tells))
    return [max(found)[1] for found in people.values() if any(tells for _, tells in found)]


def named_right(given: Collection[Example], weights: Mapping[str, Sequence[float]]) -> float:
    found = [(odds(one.features, weights), one.roles) for one in given if one.roles]
    return float(np.mean([ROLES[int(np.argmax(told))] in roles for told, roles in found]))


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m eval.telling", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--home", type=Path, help="read the samples into this folder's homes and keep them")
    parser.add_argument("--write", action="store_true", help=f"put the weights into {FILE.name}")
    chosen = parser.parse_args()
    sentences = list(of_file())
    of_deals = [one for baton, cases in may_be_fitted_on(chosen.home) for case in cases for one in of_deal(case, baton)]
    fitted_on = [one for one in sentences if not one.held_out]
    sample = sampled(of_deals)
    weights = fit([*fitted_on, *sample])
    print(
        f"{len(weights)} features; role right of the sentences held out: {named_right([s for s in sentences if s.held_out], weights):.3f}"
    )
    found: list[bool] = []
    for deal in sorted({one.deal for one in of_deals}):
        without = fit([*fitted_on, *(one for one in sample if one.deal != deal)])
        found += quoted([one for one in of_deals if one.deal == deal], without)
    print(f"words shown first are a label's, deal left out: {sum(found) / len(found):.3f} of {len(found)} people")
    if chosen.write:
        lines = (f"{json.dumps(name, ensure_ascii=False)}: {json.dumps(each)}" for name, each in sorted(weights.items()))
        FILE.write_text("{\n" + ",\n".join(lines) + "\n}\n", "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
