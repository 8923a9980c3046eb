"""The facts of one account in order: every promise with its latest state and what the signed paper says, risks, goals, dates, people.

Simple for now: a promise said twice is one with two places; one taken back is marked so; one said again with another date or figure
replaces the earlier. Everything is computed from the interactions each time, so nothing can be stale.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from assistant.facts.commitment import Strength, is_paperwork
from assistant.facts.contract import Verdict, clauses, contracts, verdict
from assistant.facts.dates import DateSaid, Event, event
from assistant.facts.figures import figures
from assistant.facts.goals import BaselineSaid, GoalSaid, baseline, goal
from assistant.facts.people import PersonSeen, people
from assistant.facts.promises import PromiseKind, PromiseSaid, colleagues_of, promise
from assistant.facts.questions import QuestionAsked, left_open
from assistant.facts.reasons import Remark, remark
from assistant.facts.risks import RiskSaid, risk
from assistant.facts.speech import Place, statements
from assistant.facts.topics import alike, content_words
from ingest.archive.rows import StoredInteraction, StoredPerson


@dataclass(frozen=True, slots=True)
class Promise:
    id: str
    said: PromiseSaid
    strength: Strength
    places: tuple[Place, ...]
    """Where it was said, first time first; a retraction stands last."""
    verdict: Verdict
    supersedes: str | None = None
    current: bool = True

    @property
    def text(self) -> str:
        return self.said.text

    @property
    def kind(self) -> PromiseKind:
        return self.said.kind

    @property
    def made_by(self) -> StoredPerson:
        return self.said.made_by

    @property
    def made_on(self) -> date | None:
        return self.said.made_on

    @property
    def due(self) -> DateSaid | None:
        return self.said.due


@dataclass(frozen=True, slots=True)
class Ledger:
    promises: tuple[Promise, ...]
    risks: tuple[RiskSaid, ...]
    goals: tuple[GoalSaid, ...]
    baselines: tuple[BaselineSaid, ...]
    events: tuple[Event, ...]
    remarks: tuple[Remark, ...]
    open_questions: tuple[QuestionAsked, ...]
    people: tuple[PersonSeen, ...]
    contracts: tuple[StoredInteraction, ...]


def read(interactions: Sequence[StoredInteraction], contacts: Sequence[StoredPerson] = (), *, closed: bool = False) -> Ledger:
    """The ledger of one account's interactions, oldest first; `closed` when its deal is won, so that the paper on record holds."""
    said = [statement for interaction in interactions for statement in statements(interaction)]
    paper = contracts(interactions, closed=closed)
    ours = colleagues_of(interactions)
    return Ledger(
        promises=_checked(_in_order([one for one in (promise(statement, ours) for statement in said) if one]), paper),
        risks=_distinct([one for one in map(risk, said) if one]),
        goals=_distinct_goals([one for one in map(goal, said) if one]),
        baselines=tuple(one for one in map(baseline, said) if one),
        events=_by_day([one for one in map(event, said) if one]),
        remarks=_said_once([one for one in map(remark, said) if one]),
        open_questions=left_open(said),
        people=people(contacts, interactions, said),
        contracts=paper,
    )


# --- promises in order

SAME = 0.6
TAKES_BACK = 0.5
REPLACES = 0.5


def _in_order(said: Sequence[PromiseSaid]) -> list[Promise]:
    ledger: list[Promise] = []
    for one in said:
        if one.strength == "retracted":
            if not _take_back(ledger, one) and _names_what_was_said(one):
                ledger.append(Promise(_id(one), one, one.strength, (one.at,), Verdict("silent", None), current=False))
            continue
        index = _same(ledger, one)
        if index is not None:
            ledger[index] = replace(ledger[index], places=(*ledger[index].places, one.at))
            continue
        earlier = _replaced(ledger, one)
        if earlier is not None:
            ledger[earlier] = replace(ledger[earlier], current=False)
        ledger.append(
            Promise(_id(one), one, one.strength, (one.at,), Verdict("silent", None), ledger[earlier].id if earlier is not None else None)
        )
    return ledger


def _same(ledger: Sequence[Promise], one: PromiseSaid) -> int | None:
    """The latest promise that says the same: same strength, most content words shared, no other figure and no other date."""
    words = content_words(one.text)
    for index in range(len(ledger) - 1, -1, -1):
        held = ledger[index]
        if held.strength == one.strength and alike(words, content_words(held.text)) >= SAME and not _differ(held.said, one):
            return index
    return None


def _replaced(ledger: Sequence[Promise], one: PromiseSaid) -> int | None:
    """The latest promise about the same thing whose date, figure or firmness this one changes."""
    words = content_words(one.text)
    for index in range(len(ledger) - 1, -1, -1):
        held = ledger[index]
        if held.current and held.kind == one.kind and alike(words, content_words(held.text)) >= REPLACES and _changed(held.said, one):
            return index
    return None


_SAID_BEFORE = re.compile(r"\b(?:said|told|promised|offered|quoted|wrote|mentioned|named|gave you|stand by)\b", re.IGNORECASE)
_OF_WEIGHT = 3


def _names_what_was_said(one: PromiseSaid) -> bool:
    """`I told you the tablets were included; that was my error` stands by itself; `that was wrong, sorry` does not."""
    return _SAID_BEFORE.search(one.text) is not None and len(content_words(one.text)) >= _OF_WEIGHT and not is_paperwork(one.text)


def _take_back(ledger: list[Promise], one: PromiseSaid) -> bool:
    """Marks what a correction speaks of; false where no promise on record is like it."""
    words = content_words(one.topic)
    scored = [
        (alike(content_words(held.text), words), index)
        for index, held in enumerate(ledger)
        if held.strength in ("firm", "conditional", "best_effort") and held.made_on and one.made_on and held.made_on < one.made_on
    ]
    best = max(scored, default=(0.0, -1))
    if best[0] < TAKES_BACK:
        return False
    for score, index in scored:
        if score == best[0] or (
            score >= TAKES_BACK and alike(content_words(ledger[index].text), content_words(ledger[best[1]].text)) >= SAME
        ):
            ledger[index] = replace(ledger[index], strength="retracted", current=False, places=(*ledger[index].places, one.at))
    return True


def _differ(held: PromiseSaid, one: PromiseSaid) -> bool:
    """Not the same statement: another day, or no figure in common."""
    mine, other = ({(f.value, f.unit) for f in figures(said.text)} for said in (held, one))
    return _another_day(held, one) or bool(mine and other and not mine & other)


def _changed(held: PromiseSaid, one: PromiseSaid) -> bool:
    """The same matter, another value: another day, another count of the same thing, another firmness; `site 3` and `site 4` are two."""
    counts = [{f.unit: f.value for f in figures(said.text) if f.unit} for said in (held, one)]
    recounted = any(counts[0][unit] != counts[1][unit] for unit in counts[0].keys() & counts[1].keys())
    return _another_day(held, one) or recounted or held.strength != one.strength


def _another_day(held: PromiseSaid, one: PromiseSaid) -> bool:
    return bool(held.due and one.due and held.due.on and one.due.on and held.due.on != one.due.on)


def _checked(promises: Sequence[Promise], paper: Sequence[StoredInteraction]) -> tuple[Promise, ...]:
    terms = clauses(paper)
    return tuple(replace(held, verdict=verdict(held.said, terms)) for held in promises)


def _id(one: PromiseSaid) -> str:
    return "prm_" + hashlib.sha256(f"{one.at.interaction.source.id}:{one.at.span.start}:{one.at.span.end}".encode()).hexdigest()[:16]


# --- the rest, said once


def _distinct(risks: Sequence[RiskSaid]) -> tuple[RiskSaid, ...]:
    """One of each: a warning repeated in other words of the same kind is kept once, where it was first said."""
    kept: list[RiskSaid] = []
    for one in risks:
        words = content_words(one.text)
        if not any(one.kind == other.kind and alike(words, content_words(other.text)) >= 0.75 for other in kept):
            kept.append(one)
    return tuple(kept)


def _distinct_goals(goals: Sequence[GoalSaid]) -> tuple[GoalSaid, ...]:
    kept: list[GoalSaid] = []
    for one in goals:
        if not any(alike(content_words(one.text), content_words(other.text)) >= 0.75 for other in kept):
            kept.append(one)
    return tuple(kept)


def _said_once(remarks: Sequence[Remark]) -> tuple[Remark, ...]:
    return tuple({one.text: one for one in reversed(remarks)}.values())[::-1]


def _by_day(events: Sequence[Event]) -> tuple[Event, ...]:
    """By the day named; the same day told in the same words only once, by whoever said it first."""
    kept: list[Event] = []
    for one in sorted(events, key=lambda found: found.said.on or date.max):
        if not any(one.said.on == other.said.on and alike(content_words(one.text), content_words(other.text)) >= 0.5 for other in kept):
            kept.append(one)
    return tuple(kept)
