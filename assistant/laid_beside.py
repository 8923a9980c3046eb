"""A clause of the signed paper laid beside a promise: what may be said of the two at all, and what speaks for each reading of it.

What the numbers weigh is fitted (`assistant.signed_weights`). Hard bounds stand here: a clause can contradict only where something in it
says otherwise, exclude only where it rules out, and cover only where nothing in it says otherwise and what is undertaken, its figures and
its names stand in the paper.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from assistant import signed_weights
from assistant.facts.comparing import CLASHES, COMPARED, compared, is_of_another_period
from assistant.facts.conditions import written_out
from assistant.facts.contract import CALENDAR, ContractStatus, Verdict, is_sold, says_otherwise
from assistant.facts.figures import may_be_year
from assistant.facts.nearness import LARGE, matters
from assistant.facts.paper import Clause
from assistant.facts.promises import PromiseSaid
from assistant.facts.short_sums import is_another_in_short, is_said_in_short
from assistant.facts.slots import Slots, slots, values_of
from assistant.facts.topics import concepts, content_words
from assistant.meaning import Meaning, Near
from assistant.one_matter import (
    ABOUT,
    about,
    is_about_going_live,
    is_bare,
    meet_in_a_large_sum,
    meet_on_a_day,
    plans_going_live,
    undertaken,
)

READINGS: tuple[ContractStatus, ...] = ("covered", "contradicted", "excluded")
LOOKED_AT = 12
"""Clauses a promise is held against, those most like it first."""
OF_READING: Mapping[ContractStatus, tuple[str, ...]] = {
    "covered": (
        "by rule covered", "same value", "very day", "large sum", "named", "opposed", "unnamed", "unmet", "limits", "unsure", "bare",
        "says more", "other matter",
    ),
    "contradicted": (*CLASHES, "opposite", "live later", "other in short", "all of it", "unsure", "bare"),
    "excluded": ("by rule excluded", "negates", "limits"),
}  # fmt: skip
"""What each reading depends on besides."""
NAMES = (*ABOUT, *(name for one in READINGS for name in (one, *(f"{one}: {slot}" for slot in OF_READING[one]))))
AGAINST = frozenset(
    (
        *(f"covered: {slot}" for slot in ("opposed", "unnamed", "unmet", "limits", "unsure", "bare", "says more", "other matter")),
        "contradicted: unsure",
        "contradicted: bare",
    )
)
"""What may only speak against its reading; all else may only speak for it."""

OWN_THERE, OWN_BACK = 0.2, 0.15
"""Nearness below which a promise's own words are about something else, whatever its setting is about."""
HALF_THERE = 0.5
"""Nearness below which a promise says more than the clause."""
LATE = 300
"""Days beyond which two days of going live are not of one plan."""

_NOT_DONE = re.compile(
    r"\b(?:is|are) not (?:\w+ )?(?:included|supplied|provided|migrated|covered|part|delivered|supported|offered)\b"
    r"|\b(?:remains?|rests?|lies?) with the (?:customer|client|buyer)\b"
    r"|\b(?:carried out|performed|provided|done|supplied|installed) by the (?:customer|client|buyer)\b",
    re.IGNORECASE,
)
_ALL_OF_IT = re.compile(
    r"\b(?:all|every(?:thing|one|body)?|any|always|never|whole|entire|nothing|nobody|unlimited|no limit)\b", re.IGNORECASE
)
_ALL_THE = re.compile(r"\b(?:all|every(?:thing|one|body)?|always|never|whole|entire|both)\b", re.IGNORECASE)
_PART_OF_IT = re.compile(
    r"\b(?:pilots?|first|initial(?:ly)?(?! term\b)|phase|wave|stage|year one|one of|some|selected|chosen|remaining|other than)\b",
    re.IGNORECASE,
)
"""For fewer, or for a while."""
_MONEY = re.compile(
    r"\b(?:price|fees?|costs?|pay\w*|rate|quote|set-?up|per \w+|thousand|grand|dollars?|euros?|pounds?|francs?|cents?|(?:come|go) down"
    r"|yearly|discount|do|a (?:year|month|room|site|seat|lab|return|user|piece|head))\b|[$€£]",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Weighed:
    """A clause beside a promise: what it may mean for it, and the features of `NAMES` for each such reading."""

    clause: Clause
    readings: Mapping[ContractStatus, tuple[float, ...]]
    meets: bool
    """They share words of the matter, or one and a figure, or a day of going live: what `covered` asks for where no rule says it."""


def weighed(said: PromiseSaid, paper: Sequence[Clause], meaning: Meaning, by_rule: Verdict) -> list[Weighed]:
    """The clauses most like the promise, with what each may mean for it."""
    near = meaning.near(said.at, [clause.at for clause in paper])
    of_it = about(said, paper, near, meaning)
    order = sorted(range(len(paper)), key=lambda i: -sum(w * x for w, x in zip(signed_weights.WEIGHTS, of_it[i], strict=False)))[:LOOKED_AT]
    everything = frozenset[float | date]().union(*(values_of(slots(clause.text, said.made_on)) for clause in paper))
    strange = _is_strange(said, paper, everything)
    found = []
    for i in order:
        values = _values(said, paper[i], by_rule, everything, near[i])
        share = max(0.0, min(1.0, near[i].there + of_it[i][ABOUT.index("setting")]))
        readings = {
            one: (*of_it[i], *(x for other in READINGS for x in _of(other, values, other == one, share)))
            for one in READINGS
            if _may_be(one, said, paper[i], near[i], values, strange)
        }
        if readings:
            found.append(Weighed(paper[i], readings, _meets(said, paper[i], values, of_it[i])))
    return found


def _of(reading: ContractStatus, values: Mapping[str, float], this: bool, share: float) -> tuple[float, ...]:
    """Another number says otherwise as far as the clause is about the same matter."""
    part = this * (share if reading == "contradicted" else 1.0)
    return (float(this), *(values[name] * part for name in OF_READING[reading]))


def _is_strange(said: PromiseSaid, paper: Sequence[Clause], everything: frozenset[float | date]) -> bool:
    """It names what stands nowhere in the paper, or a sum that does not."""
    mine = slots(said.text, said.made_on)
    if mine.names and not mine.names & frozenset().union(*(slots(clause.text, said.made_on).names for clause in paper)):
        return True
    sums = mine.sums | frozenset(value for value in mine.bare if not may_be_year(value))
    return any(value >= LARGE and value not in everything for value in sums)


def _values(said: PromiseSaid, clause: Clause, by_rule: Verdict, everything: frozenset[float | date], near: Near) -> dict[str, float]:
    rule = by_rule.status if by_rule.clause is clause else ""
    promised = undertaken(said)
    mine, theirs = slots(promised, said.made_on), slots(clause.text, said.made_on)
    values = dict(zip(COMPARED, compared(promised, clause.text, said.made_on, everything), strict=True))
    money = said.kind == "commercial" or _MONEY.search(said.topic) is not None
    if money and is_said_in_short(promised, clause.text):
        values |= {"other value": 0.0, "other count": 0.0}
    matter, of_it = matters(_without_condition(said)), matters(f"{clause.heading}. {clause.text}")
    return values | {
        "by rule covered": float(rule == "covered"),
        "by rule excluded": float(rule == "excluded"),
        "opposite": float(says_otherwise(said, clause)),
        "excludes": float(clause.excludes or _NOT_DONE.search(clause.text) is not None),
        "limits": float(clause.limits),
        "very day": float(meet_on_a_day(said, clause, mine, theirs)),
        "large sum": float(meet_in_a_large_sum(mine, theirs)),
        "other in short": float(money and is_another_in_short(promised, clause.text) and not values["same value"]),
        "live later": float(_is_live_later(said, clause, mine, theirs, everything)),
        "all of it": float(_ALL_OF_IT.search(said.text) is not None),
        "unsure": float(said.strength in ("best_effort", "roadmap_statement")),
        "bare": float(is_bare(said)),
        "other matter": len(matter - of_it) / len(matter) if matter else 0.0,
        "says more": max(0.0, HALF_THERE - near.there),
    }


def _is_live_later(said: PromiseSaid, clause: Clause, mine: Slots, theirs: Slots, everything: frozenset[float | date]) -> bool:
    if not (mine.days and theirs.days and is_about_going_live(said) and plans_going_live(clause)):
        return False
    return not mine.days & everything and 0 < (max(theirs.days) - max(mine.days)).days < LATE


def _may_be(reading: ContractStatus, said: PromiseSaid, clause: Clause, near: Near, values: Mapping[str, float], strange: bool) -> bool:
    """`strange`: it names what stands nowhere in the paper, or a sum that does not."""
    if reading != "covered" and not content_words(undertaken(said)):
        return False  # `You'll have the first one next week` says nothing that a paper could deny
    if reading == "excluded" or values["excludes"]:
        return reading == "excluded" and bool(values["excludes"]) and said.strength != "roadmap_statement" and not is_sold(said)
    clashes = any(values[name] for name in ("opposite", "live later", "other in short", *CLASHES) if name != "later day")
    if reading == "contradicted":
        return clashes
    if clashes or values["later day"] or values["gift unwritten"] or strange or is_of_another_period(said.text, clause.text):
        return False
    if said.strength == "roadmap_statement" and not values["same day"]:
        return False
    if values["unmet"] and not (values["by rule covered"] or values["very day"]):
        return False
    if values["unmet"] == 1 and _counts(slots(undertaken(said), said.made_on)):
        return False
    if _ALL_THE.search(said.text) and _PART_OF_IT.search(clause.text) and not _PART_OF_IT.search(said.text):
        return False
    same = values["same value"] or values["better value"] or values["same day"]
    if not same and (_denies(said.text, clause.text) or _lists_others(said, clause)):
        return False
    return _undertakes(said, clause) and near.there > OWN_THERE and near.back > OWN_BACK


FEW = 100


def _counts(said: Slots) -> bool:
    """A sum that a paper waives need not stand in it, nor the day something was said on; how long and how many must."""
    return bool(said.durations or said.percents or said.counts or any(value < FEW for value in said.bare))


def _without_condition(said: PromiseSaid) -> str:
    return undertaken(said).replace(said.conditions, " ") if said.conditions else undertaken(said)


def _undertakes(said: PromiseSaid, clause: Clause) -> bool:
    """The clause speaks of what is undertaken, not of its condition alone: `if it is not live by the first, you may leave`."""
    if not said.conditions:
        return True
    main = _without_condition(said)
    shared = (content_words(main) - content_words(said.conditions)) & clause.words
    values = values_of(slots(main, said.made_on)) - values_of(slots(said.conditions, said.made_on))
    return bool(shared or values & values_of(slots(clause.text, said.made_on)) or concepts(main) & clause.concepts)


_IF = re.compile(r"^\W*(?:[\d.]+|\(?[a-z]\))?\W*(?:if|unless|where|should)\b", re.IGNORECASE)
_UNITS = content_words("minutes hours days weeks months years percent parts")


def _meets(said: PromiseSaid, clause: Clause, values: Mapping[str, float], of_it: tuple[float, ...]) -> bool:
    if _IF.search(clause.text) and not said.conditions:
        return False
    if values["very day"] and of_it[ABOUT.index("goes live")]:
        return True
    names = frozenset(word for name in slots(said.text, said.made_on).names for word in content_words(name))
    shared = (content_words(said.text) & (clause.words | content_words(clause.heading))) - CALENDAR - _UNITS
    value = bool(values["very day"] or values["same value"] or values["large sum"])
    return bool(shared and value) or (len(shared) > 1 and bool(shared - names))


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
