"""What the signed paper says about a promise: which clause is about the same matter, by meaning, and what it makes of what was promised.

Where the account has vectors, every clause is weighed by how near it is to the promise and by what both say of amounts, days, hours,
charges and limits (`assistant.facts.comparing`); a probability for each reading stands against that of silence. A clause can contradict
only where something in it says otherwise, exclude only where it rules out, cover only where nothing in it says otherwise and the figures
promised stand in the paper. `covered` lets a reader rest, so it is said only where the rules of `assistant.facts.contract` say it too;
contradicted and excluded where either is sure. Without vectors the rules decide alone, and of what was refused they always do: it shares
a matter with much that the paper withholds.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from assistant import signed_weights
from assistant.facts.comparing import CLASHES, COMPARED, compared
from assistant.facts.conditions import written_out
from assistant.facts.contract import SILENT, ContractStatus, Verdict, is_sold, says_otherwise, verdict
from assistant.facts.nearness import LARGE
from assistant.facts.paper import Clause
from assistant.facts.promises import PromiseSaid
from assistant.facts.slots import slots, values_of
from assistant.facts.topics import concepts, content_words
from assistant.meaning import Meaning, Near, setting

READINGS: tuple[ContractStatus, ...] = ("covered", "contradicted", "excluded")
LOOKED_AT = 12
"""Clauses a promise is held against, those most like it first."""

ABOUT = ("there", "back", "whole", "setting", "shared", "heading", "concept", "counted", "value")
"""How much a clause is about a promise's matter; the same for all readings."""
SLOTS = (*COMPARED, "by rule covered", "by rule contradicted", "by rule excluded", "opposite", "excludes", "limits")
OF_READING: Mapping[ContractStatus, tuple[str, ...]] = {
    "covered": ("by rule covered", "same value", "better value", "same day", "opposed", "named", "unnamed", "unmet"),
    "contradicted": ("by rule contradicted", *CLASHES, "opposite"),
    "excluded": ("by rule excluded", "excludes", "negates", "limits"),
}
"""Of which slots a reading depends."""

NAMES = (*ABOUT, *(name for one in READINGS for name in (one, *(f"{one}: {slot}" for slot in OF_READING[one]))))

ENOUGH: Mapping[ContractStatus, float] = {"covered": 0.7, "contradicted": 0.6, "excluded": 0.45}
"""Chance from which a reading is said: of those tried, the one with nothing falsely covered on made-up papers and on labelled deals that
had no part in the fit, and fewest falsely contradicted or excluded without losing right ones on the papers left out. The bounds below were
chosen by hand with all of these in sight."""
AGAINST_RULE = 0.7
"""For what stands against it, where the rules found words that grant it."""
DOUBT = 0.4
"""Chance of a contradiction above which nothing is called covered."""
OWN_THERE, OWN_BACK = 0.2, 0.15
"""Nearness below which a promise's own words are about something else, whatever its setting is about."""
TOUCHED = 0.28
"""How much of a clause is to be found in what is said, with its setting where that counts, before it may stand against it."""
COUNTS_THE_SAME = 0.3
"""Nearness from which on another number or a later day is one for the same thing."""
_TELLING = ("opposite", "charged", "limited", "elsewhere", "hours", "language")
"""What says otherwise by its words, where numbers and days need words of one matter around them."""

_NOT_DONE = re.compile(
    r"\b(?:is|are) not (?:\w+ )?(?:included|supplied|provided|migrated|covered|part|delivered|supported|offered)\b"
    r"|\b(?:remains?|rests?|lies?) with the (?:customer|client|buyer)\b"
    r"|\b(?:carried out|performed|provided|done|supplied|installed) by the (?:customer|client|buyer)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Weighed:
    """A clause beside a promise: what it may mean for it, and the features of `NAMES` for each such reading."""

    clause: Clause
    readings: Mapping[ContractStatus, tuple[float, ...]]


def on_paper(said: PromiseSaid, paper: Sequence[Clause], meaning: Meaning | None) -> Verdict:
    by_rule = verdict(said, paper)
    if meaning is None or said.strength == "declined" or by_rule.status in ("no_contract", "contradicted", "excluded"):
        return by_rule
    return _decided(_chances(weighed(said, paper, meaning, by_rule)), by_rule)


def _decided(chances: Sequence[tuple[float, ContractStatus, Clause]], by_rule: Verdict) -> Verdict:
    total = {one: sum(chance for chance, reading, _ in chances if reading == one) for one in READINGS}
    likeliest = max(READINGS, key=lambda one: total[one])
    enough = ENOUGH[likeliest]
    if likeliest == "covered":
        if by_rule.status != "covered" or total["contradicted"] > DOUBT:
            return SILENT
    elif by_rule.status == "covered":
        enough = max(enough, AGAINST_RULE)
    if total[likeliest] < enough:
        return SILENT
    return Verdict(likeliest, max((one for one in chances if one[1] == likeliest), key=lambda one: one[0])[2])


def _chances(candidates: Sequence[Weighed]) -> list[tuple[float, ContractStatus, Clause]]:
    """Of each reading of each clause; with the chance of silence, whose score is 0, they sum to 1."""
    scored = [
        (sum(weight * feature for weight, feature in zip(signed_weights.WEIGHTS, features, strict=True)), reading, one.clause)
        for one in candidates
        for reading, features in one.readings.items()
    ]
    most = max([0.0, *(score for score, _, _ in scored)])
    powers = [math.exp(score - most) for score, _, _ in scored]
    whole = sum(powers) + math.exp(-most)
    return [(power / whole, reading, clause) for power, (_, reading, clause) in zip(powers, scored, strict=True)]


def weighed(said: PromiseSaid, paper: Sequence[Clause], meaning: Meaning, by_rule: Verdict) -> list[Weighed]:
    """The clauses most like the promise, with what each may mean for it."""
    places = [clause.at for clause in paper]
    near, around = meaning.near(said.at, places), meaning.near(setting(said.at), places)
    about = _about(said, paper, near, around)
    order = sorted(range(len(paper)), key=lambda i: -sum(w * x for w, x in zip(signed_weights.WEIGHTS, about[i], strict=False)))[:LOOKED_AT]
    everything = _everything(paper, said.made_on)
    mine = slots(said.text, said.made_on)
    strange = bool(mine.names) and not mine.names & frozenset().union(*(slots(clause.text, said.made_on).names for clause in paper))
    strange = strange or any(value >= LARGE and value not in everything for value in mine.sums)
    found = []
    for i in order:
        values = _slots(said, paper[i], by_rule, everything)
        readings = {
            one: (*about[i], *(x for other in READINGS for x in _of(other, values, other == one)))
            for one in READINGS
            if _may_be(one, said, paper[i], near[i], about[i], values, strange)
        }
        if readings:
            found.append(Weighed(paper[i], readings))
    return found


def _everything(paper: Sequence[Clause], said_on: date | None) -> frozenset[float | date]:
    return frozenset().union(*(values_of(slots(clause.text, said_on)) for clause in paper))


def _of(reading: ContractStatus, values: Mapping[str, float], this: bool) -> tuple[float, ...]:
    return (float(this), *(values[name] * this for name in OF_READING[reading]))


MOST_SHARED = 6.0
"""Rarity-weighted words in common from which on more of them say no more."""
SAYS_LITTLE = 3
"""Content words up to which the setting of a promise counts in full."""


def _about(said: PromiseSaid, paper: Sequence[Clause], near: Sequence[Near], around: Sequence[Near]) -> list[tuple[float, ...]]:
    own = content_words(said.text)
    headed = [clause.words | content_words(clause.heading) for clause in paper]
    counts = Counter(word for words in headed for word in words)
    little = min(1.0, SAYS_LITTLE / (1 + len(own)))
    mine = slots(said.text, said.made_on)
    named = concepts(said.text)
    found: list[tuple[float, ...]] = []
    for clause, one, setting_ in zip(paper, near, around, strict=True):
        shared = sum(math.log(1 + len(paper) / counts[word]) for word in own & clause.words)
        theirs = slots(clause.text, said.made_on)
        found.append((
            one.there, one.back, one.whole, setting_.back * little, min(shared, MOST_SHARED) / MOST_SHARED,
            float(bool(own & content_words(clause.heading))), float(bool(named & clause.concepts)),
            float(bool(mine.counts.keys() & theirs.counts.keys()) or bool(mine.durations and theirs.durations)),
            float(bool(values_of(mine) & values_of(theirs))),
        ))  # fmt: skip
    return found


def _slots(said: PromiseSaid, clause: Clause, by_rule: Verdict, everything: frozenset[float | date]) -> dict[str, float]:
    rule = by_rule.status if by_rule.clause is clause else ""
    return dict(
        zip(
            SLOTS,
            (
                *compared(said.text, clause.text, said.made_on, everything),
                *(float(rule == one) for one in READINGS),
                float(says_otherwise(said, clause)),
                float(clause.excludes or _NOT_DONE.search(clause.text) is not None),
                float(clause.limits),
            ),
            strict=True,
        )
    )


def _may_be(
    reading: ContractStatus,
    said: PromiseSaid,
    clause: Clause,
    near: Near,
    about: tuple[float, ...],
    values: Mapping[str, float],
    strange: bool,
) -> bool:
    """`strange`: it names what stands nowhere in the paper, or a sum that does not."""
    if reading != "covered" and values[f"by rule {reading}"]:
        return True
    if reading != "covered" and not content_words(said.text):
        return False  # `You'll have the first one next week` says nothing that a paper could deny
    if reading != "covered" and max(near.back, about[ABOUT.index("setting")]) < TOUCHED and not about[ABOUT.index("concept")]:
        return False
    if reading == "contradicted" and not any(values[name] for name in _TELLING) and min(near.there, near.whole) < COUNTS_THE_SAME:
        return False
    clashes = values["opposite"] or any(values[name] for name in CLASHES)
    if said.strength == "declined":
        ruled_out = values["excludes"] or values["negates"] or values["limits"] or values["other value"]
        return reading == "excluded" and bool(ruled_out or concepts(said.topic) & clause.concepts)
    if reading == "excluded" or values["excludes"]:
        return reading == "excluded" and bool(values["excludes"]) and said.strength != "roadmap_statement" and not is_sold(said)
    if reading == "contradicted":
        return bool(clashes)
    if values["gift unwritten"] or strange or (said.strength == "roadmap_statement" and not values["same day"]):
        return False
    met = values["by rule covered"] or not values["unmet"]
    same = values["same value"] or values["better value"] or values["same day"]
    if not same and (_denies(said.text, clause.text) or _lists_others(said, clause)):
        return False
    return not clashes and bool(met) and near.there > OWN_THERE and near.back > OWN_BACK


_NOT_IN_IT = re.compile(r"\b(?:is|are) not (?:in|part|included|coming)\b", re.IGNORECASE)


def _denies(said: str, written: str) -> bool:
    """`They aren't in what goes live`, of what the clause names without a word of that."""
    return _NOT_IN_IT.search(written_out(said)) is not None and not slots(written, None).negates


MANY_NAMES = 0.25
"""Share of a clause's words."""


def _lists_others(said: PromiseSaid, clause: Clause) -> bool:
    """The clause is a list of systems, say, and none of them was spoken of."""
    names = slots(clause.text, None).names
    listed = len(names) > 1 and len(names) >= MANY_NAMES * len(clause.words)
    return listed and not names & frozenset(re.findall(r"\w+", said.topic.casefold()))
