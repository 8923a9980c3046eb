"""What the signed paper says about a promise: which clause is about the same matter, by meaning, and what it makes of what was promised.

Where the account has vectors, the clauses most like a promise are laid beside it (`assistant.laid_beside`), and a fitted choice gives each
reading of each clause a chance against silence. `covered` lets a reader rest, so it asks for most: a high chance, no doubt of a
contradiction, and the rules of `assistant.facts.contract` or words and figures in common. What the rules call contradicted is; what they
call excluded is, unless the meaning speaks of something else. Without vectors the rules decide alone, and of what was refused they always
do: it shares a matter with much that the paper withholds.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from assistant import signed_weights
from assistant.facts.contract import SILENT, ContractStatus, Verdict, verdict
from assistant.facts.paper import Clause
from assistant.facts.promises import PromiseSaid
from assistant.laid_beside import READINGS, Weighed, weighed
from assistant.meaning import Meaning

ENOUGH: Mapping[ContractStatus, float] = {"covered": 0.75, "contradicted": 0.55, "excluded": 0.4}
"""Chance from which a reading is said. On sixteen deals, each left out of the fit, what is not covered has at most .66 of being so; the
other two come to the same from .45 to .65 and from .25 to .45."""
AGAINST_RULE = 0.7
"""For what stands against it, where the rules found words that grant it."""
DOUBT = 0.4
"""Chance of a contradiction above which nothing is called covered."""
ELSEWHERE = 0.05
"""Chance below which what the rules call excluded is about something else."""
MORE_LIKELY = 0.6
"""Chance of being covered from which on it is not excluded."""

Chance = tuple[float, ContractStatus, Weighed]


def on_paper(said: PromiseSaid, paper: Sequence[Clause], meaning: Meaning | None) -> Verdict:
    by_rule = verdict(said, paper)
    if meaning is None or rules_decide(said, by_rule):
        return by_rule
    return _decided(_chances(weighed(said, paper, meaning, by_rule)), by_rule)


def rules_decide(said: PromiseSaid, by_rule: Verdict) -> bool:
    return said.strength == "declined" or by_rule.status in ("no_contract", "contradicted")


def _decided(chances: Sequence[Chance], by_rule: Verdict) -> Verdict:
    total = {one: sum(chance for chance, reading, _ in chances if reading == one) for one in READINGS}
    if by_rule.status == "excluded" and total["excluded"] >= ELSEWHERE and total["covered"] < MORE_LIKELY:
        return by_rule
    likeliest = max(READINGS, key=lambda one: total[one])
    if total[likeliest] < _enough(likeliest, by_rule):
        return SILENT
    best = max((one for one in chances if one[1] == likeliest), key=lambda one: one[0])[2]
    if likeliest == "covered" and (total["contradicted"] > DOUBT or not (by_rule.status == "covered" or best.meets)):
        return SILENT
    return Verdict(likeliest, best.clause)


def _enough(reading: ContractStatus, by_rule: Verdict) -> float:
    if reading == "covered":
        return math.inf if by_rule.status == "excluded" else ENOUGH[reading]
    return max(ENOUGH[reading], AGAINST_RULE) if by_rule.status == "covered" else ENOUGH[reading]


def _chances(candidates: Sequence[Weighed]) -> list[Chance]:
    """Of each reading of each clause; with the chance of silence, whose score is 0, they sum to 1."""
    scored = [
        (sum(weight * feature for weight, feature in zip(signed_weights.WEIGHTS, features, strict=True)), reading, one)
        for one in candidates
        for reading, features in one.readings.items()
    ]
    most = max([0.0, *(score for score, _, _ in scored)])
    powers = [math.exp(score - most) for score, _, _ in scored]
    whole = sum(powers) + math.exp(-most)
    return [(power / whole, reading, one) for power, (_, reading, one) in zip(powers, scored, strict=True)]
