"""Judges one brief against its labels: which promises, risks, goals and people it found, and which traps it fell into."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from eval.cases import Case, Evidence, ExpectedPromise, ExpectedStakeholder
from eval.history import History
from eval.matching import labelled, overlap, stands_for
from eval.outcome import GivenBrief, GivenPerson, GivenPoint, GivenPromise

RIGHT_SOURCE = 0.25
"""What naming the right source adds to a quote's overlap, so that a promise cited from the mail that merely quotes it is a trap."""
NOT_ASSERTED = frozenset({"hypothetical", "declined", "retracted", "roadmap_statement"})


@dataclass(frozen=True, slots=True)
class JudgedPromise:
    """A promise that the brief states."""

    given: GivenPromise
    right: bool
    trap: int | None
    """Index of the label in `not_promises` it fell for."""
    asserted: bool
    valid: bool


@dataclass(frozen=True, slots=True)
class FoundPromise:
    """A promise that was made; the attributes are judged on its best statement in the brief, and None where it has none."""

    expected: ExpectedPromise
    found: bool
    strength: bool | None = None
    contract: bool | None = None
    made_by: bool | None = None


@dataclass(frozen=True, slots=True)
class Trap:
    why: str
    quote: str
    hit: bool
    asserted: bool


@dataclass(frozen=True, slots=True)
class Found:
    """A labelled risk or goal."""

    text: str
    found: bool


@dataclass(frozen=True, slots=True)
class JudgedPoint:
    """A risk or goal that the brief states."""

    text: str
    right: bool


@dataclass(frozen=True, slots=True)
class FoundPerson:
    name: str
    found: bool
    role: bool | None = None
    stance: bool | None = None


@dataclass(frozen=True, slots=True)
class JudgedBrief:
    """The rows of one brief, or of several laid together."""

    expected_promises: tuple[FoundPromise, ...]
    promises: tuple[JudgedPromise, ...]
    traps: tuple[Trap, ...]
    expected_risks: tuple[Found, ...]
    risks: tuple[JudgedPoint, ...]
    expected_goals: tuple[Found, ...]
    goals: tuple[JudgedPoint, ...]
    people: tuple[FoundPerson, ...]
    words: int

    def __add__(self, other: JudgedBrief) -> JudgedBrief:
        return JudgedBrief(
            self.expected_promises + other.expected_promises, self.promises + other.promises, self.traps + other.traps,
            self.expected_risks + other.expected_risks, self.risks + other.risks, self.expected_goals + other.expected_goals,
            self.goals + other.goals, self.people + other.people, self.words + other.words,
        )  # fmt: skip


def judge_brief(case: Case, brief: GivenBrief) -> JudgedBrief:
    history, expected = case.history, case.brief
    promises = tuple(_judge_promise(case, given) for given in brief.promises)
    right = [judged.given for judged in promises if judged.right]
    return JudgedBrief(
        expected_promises=tuple(_find_promise(history, promise, right) for promise in expected.promises),
        promises=promises,
        traps=tuple(
            Trap(
                label.why,
                label.evidence.quote,
                hit=any(judged.trap == index for judged in promises),
                asserted=any(judged.trap == index and judged.asserted for judged in promises),
            )
            for index, label in enumerate(expected.not_promises)
        ),
        expected_risks=tuple(Found(risk.text, _is_among(history, risk.evidence, brief.risks)) for risk in expected.risks),
        risks=tuple(JudgedPoint(r.text, any(match(history, r, label.evidence) for label in expected.risks)) for r in brief.risks),
        expected_goals=tuple(Found(goal.text, _is_among(history, goal.evidence, brief.goals)) for goal in expected.goals),
        goals=tuple(JudgedPoint(g.text, any(match(history, g, label.evidence) for label in expected.goals)) for g in brief.goals),
        people=tuple(_find_person(history, label, brief.people) for label in expected.stakeholders),
        words=brief.words,
    )


def match(history: History, given: GivenPromise | GivenPoint, evidence: Sequence[Evidence]) -> float:
    """How well a statement's quotes meet any of the evidence; 0 is no match, above 1 the whole words from the right source."""
    named = history.sources_named(given.source)
    return max(
        (
            overlap(quote, label.quote) + RIGHT_SOURCE * (label.source in named)
            for label in evidence
            for quote in given.quotes
            if stands_for(quote, label.quote, named, label.source)
        ),
        default=0.0,
    )


def _judge_promise(case: Case, given: GivenPromise) -> JudgedPromise:
    history, expected = case.history, case.brief
    good = max((match(history, given, promise.all_evidence) for promise in expected.promises), default=0.0)
    bad = [match(history, given, [label.evidence]) for label in expected.not_promises]
    worst = max(bad, default=0.0)
    trapped = worst > good
    return JudgedPromise(
        given,
        right=good > 0 and not trapped,
        trap=bad.index(worst) if trapped else None,
        asserted=labelled(given.strength) not in NOT_ASSERTED,
        valid=any(history.locate(quote) for quote in given.quotes),
    )


def _find_promise(history: History, expected: ExpectedPromise, right: Sequence[GivenPromise]) -> FoundPromise:
    scores = [match(history, given, expected.evidence) for given in right]
    best = max(scores, default=0.0)
    if not best:
        return FoundPromise(expected, found=False)
    given = right[scores.index(best)]
    return FoundPromise(
        expected,
        found=True,
        strength=labelled(given.strength) == expected.strength,
        contract=labelled(given.contract) == expected.contract,
        made_by=history.is_person(given.made_by, expected.made_by),
    )


def _is_among(history: History, evidence: Sequence[Evidence], given: Sequence[GivenPoint]) -> bool:
    return any(match(history, point, evidence) for point in given)


def _find_person(history: History, expected: ExpectedStakeholder, people: Sequence[GivenPerson]) -> FoundPerson:
    name = history.people[expected.person].name
    given = next((person for person in people if history.is_person(person.name, expected.person)), None)
    if given is None:
        return FoundPerson(name, found=False)
    return FoundPerson(
        name,
        found=True,
        role=bool(set(map(labelled, given.roles)) & set(map(labelled, expected.roles))),
        stance=labelled(given.stance) == labelled(expected.stance),
    )
