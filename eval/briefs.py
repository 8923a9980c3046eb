"""Judges one brief against its labels: which promises, changes, risks, goals, people and gaps it found, and which traps it fell into."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from eval.cases import (
    Case,
    ChangeStep,
    Evidence,
    ExpectedBrief,
    ExpectedChange,
    ExpectedGap,
    ExpectedPoint,
    ExpectedPromise,
    ExpectedStakeholder,
)
from eval.history import History
from eval.matching import contains, holds_most, labelled, overlap, stands_for
from eval.outcome import GivenBrief, GivenGap, GivenPerson, GivenPoint, GivenPromise, GivenStep

RIGHT_SOURCE = 0.25
"""What naming the right source adds to a quote's overlap, so that a promise cited from the mail that merely quotes it is a trap."""
NOT_ASSERTED = frozenset({"hypothetical", "declined", "retracted", "roadmap_statement"})


@dataclass(frozen=True, slots=True)
class JudgedPromise:
    """A promise that the brief states."""

    deal: str
    given: GivenPromise
    right: bool
    trap: int | None
    """Index of the label in `not_promises` it fell for."""
    asserted: bool
    valid: bool


@dataclass(frozen=True, slots=True)
class FoundPromise:
    """A promise that was made. `given` is its best statement in the brief, None where it has none; the attributes are judged on it.

    An attribute is None where it does not apply: nothing was found, or the label has no such thing.
    """

    deal: str
    expected: ExpectedPromise
    given: GivenPromise | None
    strength: bool | None = None
    contract: bool | None = None
    made_by: bool | None = None
    made_on: bool | None = None
    due: bool | None = None
    conditions: bool | None = None
    supersedes: bool | None = None
    """Whether the brief says which earlier promise this one replaced; False too where this one was not found."""
    shown_as_current: bool | None = None
    """Of a promise that a later one replaced: whether any statement of it is shown as holding today."""

    @property
    def found(self) -> bool:
        return self.given is not None

    @property
    def right(self) -> bool:
        judged = (self.strength, self.contract, self.made_by, self.made_on, self.due, self.conditions, self.supersedes)
        return self.found and False not in judged and not self.shown_as_current


@dataclass(frozen=True, slots=True)
class Trap:
    deal: str
    why: str
    quote: str
    given: GivenPromise | None
    """A statement that fell for it, an asserted one before others."""
    asserted: bool

    @property
    def hit(self) -> bool:
        return self.given is not None


@dataclass(frozen=True, slots=True)
class Found:
    """A labelled risk, goal, change or gap, or a point of the kind that is named."""

    deal: str
    text: str
    found: bool
    kind: str = ""
    evidence: tuple[Evidence, ...] = ()
    under: str = ""
    """Of what was missed, what else the brief shows its words as: they are there, under another head."""


@dataclass(frozen=True, slots=True)
class JudgedPoint:
    """A risk or goal that the brief states, or a point of the kind that is named."""

    text: str
    right: bool
    kind: str = ""


@dataclass(frozen=True, slots=True)
class JudgedGap:
    """A question that the brief asks. `answered` when the labels hold its answer, so that nobody need have been asked."""

    deal: str
    question: str
    answered: bool


@dataclass(frozen=True, slots=True)
class FoundPerson:
    deal: str
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
    expected_changes: tuple[Found, ...]
    expected_gaps: tuple[Found, ...]
    gaps: tuple[JudgedGap, ...]
    words: int
    expected_points: tuple[Found, ...] = ()
    """Labelled reasons, requirements, terms and dates, by kind."""
    points: tuple[JudgedPoint, ...] = ()

    def __add__(self, other: JudgedBrief) -> JudgedBrief:
        return JudgedBrief(
            self.expected_promises + other.expected_promises, self.promises + other.promises, self.traps + other.traps,
            self.expected_risks + other.expected_risks, self.risks + other.risks, self.expected_goals + other.expected_goals,
            self.goals + other.goals, self.people + other.people, self.expected_changes + other.expected_changes,
            self.expected_gaps + other.expected_gaps, self.gaps + other.gaps, self.words + other.words,
            self.expected_points + other.expected_points, self.points + other.points,
        )  # fmt: skip


def judge_brief(case: Case, brief: GivenBrief) -> JudgedBrief:
    history, expected, deal = case.history, case.brief, case.name
    promises = tuple(_judge_promise(case, given) for given in brief.promises)
    return JudgedBrief(
        expected_promises=_find_promises(case, [judged.given for judged in promises if judged.right], brief.promises),
        promises=promises,
        traps=tuple(_trap(case, index, promises) for index in range(len(expected.not_promises))),
        expected_risks=tuple(_find_point(case, risk.text, risk.evidence, brief, "risk") for risk in expected.risks),
        risks=tuple(JudgedPoint(r.text, any(match(history, r, label.evidence) for label in expected.risks)) for r in brief.risks),
        expected_goals=tuple(_find_point(case, goal.text, goal.evidence, brief, "goal") for goal in expected.goals),
        goals=tuple(JudgedPoint(g.text, any(match(history, g, label.evidence) for label in expected.goals)) for g in brief.goals),
        people=tuple(_find_person(case, label, brief.people) for label in expected.stakeholders),
        expected_changes=tuple(
            Found(
                deal, one.topic, any(_tells(history, one, steps) for steps in brief.changes), "", tuple(step.evidence for step in one.steps)
            )
            for one in expected.changes
        ),
        expected_gaps=tuple(Found(deal, gap.text, any(_is_gap(gap, given) for given in brief.gaps)) for gap in expected.gaps),
        gaps=tuple(JudgedGap(deal, given.question, _is_answered(case, given)) for given in brief.gaps),
        words=brief.words,
        expected_points=tuple(
            replace(_find_point(case, label.text, label.evidence, brief, kind), kind=kind)
            for kind, labels, _ in _points(expected, brief)
            for label in labels
        ),
        points=tuple(
            JudgedPoint(point.text, any(match(history, point, label.evidence) for label in labels), kind)
            for kind, labels, given in _points(expected, brief)
            for point in given
        ),
    )


POINT_KINDS = ("reason", "requirement", "term", "date")


def _points(expected: ExpectedBrief, brief: GivenBrief) -> Iterable[tuple[str, Sequence[ExpectedPoint], Sequence[GivenPoint]]]:
    """By kind: what is labelled with evidence, and what was given."""
    labels = (expected.why_bought, expected.technical, expected.commercials, expected.timeline)
    given = (brief.reasons, brief.requirements, brief.terms, brief.dates)
    for kind, of_kind, said in zip(POINT_KINDS, labels, given, strict=True):
        yield kind, [label for label in of_kind if label.evidence], said


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
        case.name,
        given,
        right=good > 0 and not trapped,
        trap=bad.index(worst) if trapped else None,
        asserted=labelled(given.strength) not in NOT_ASSERTED,
        valid=any(history.locate(quote) for quote in given.quotes),
    )


def _trap(case: Case, index: int, promises: Sequence[JudgedPromise]) -> Trap:
    label = case.brief.not_promises[index]
    fell = sorted((judged for judged in promises if judged.trap == index), key=lambda judged: not judged.asserted)
    given, asserted = (fell[0].given, fell[0].asserted) if fell else (None, False)
    return Trap(case.name, label.why, label.evidence.quote, given, asserted)


def _find_promises(case: Case, right: Sequence[GivenPromise], all_given: Sequence[GivenPromise]) -> tuple[FoundPromise, ...]:
    """`right` are the statements of a promise, `all_given` also those that are none: a link may lead through them."""
    history, expected = case.history, case.brief.promises
    scores = [[match(history, given, promise.evidence) for given in right] for promise in expected]
    nearest = [max(of_given) for of_given in zip(*scores, strict=True)]
    replaced = {promise.supersedes for promise in expected}
    by_id = {promise.id: promise for promise in expected}
    return tuple(
        _find_promise(
            case,
            promise,
            best=right[row.index(max(row))] if any(row) else None,
            earlier=by_id[promise.supersedes] if promise.supersedes else None,
            # A statement that is nearer to another promise is that promise's, and may be current.
            replaced=[given for given, score, best in zip(right, row, nearest, strict=True) if score and score == best]
            if promise.id in replaced
            else [],
            all_given=all_given,
        )
        for promise, row in zip(expected, scores, strict=True)
    )


def _find_promise(
    case: Case,
    expected: ExpectedPromise,
    best: GivenPromise | None,
    earlier: ExpectedPromise | None,
    replaced: Sequence[GivenPromise],
    all_given: Sequence[GivenPromise],
) -> FoundPromise:
    if best is None:
        return FoundPromise(case.name, expected, None, supersedes=False if earlier else None)
    return FoundPromise(
        case.name,
        expected,
        best,
        strength=labelled(best.strength) == expected.strength,
        contract=labelled(best.contract) == expected.contract,
        made_by=case.history.is_person(best.made_by, expected.made_by),
        made_on=best.made_on == expected.made_on,
        due=best.due_date == expected.due_date if expected.due_date else None,
        conditions=holds_most(best.conditions, expected.conditions) if expected.conditions else None,
        supersedes=_replaces(case.history, best, earlier, all_given) if earlier else None,
        shown_as_current=any(given.current for given in replaced) if replaced else None,
    )


def _replaces(history: History, given: GivenPromise, earlier: ExpectedPromise, all_given: Sequence[GivenPromise]) -> bool:
    """Whether `supersedes` leads from the statement, in one step or several, to a statement of the earlier promise."""
    by_id = {other.id: other for other in all_given if other.id}
    seen = {given.id}
    while (step := by_id.get(given.supersedes or "")) is not None and step.id not in seen:
        if match(history, step, earlier.evidence):
            return True
        seen.add(step.id)
        given = step
    return False


def _find_point(case: Case, text: str, evidence: Sequence[Evidence], brief: GivenBrief, kind: str) -> Found:
    heads: dict[str, Sequence[GivenPoint | GivenPromise]] = {
        "goal": brief.goals, "risk": brief.risks, "reason": brief.reasons, "requirement": brief.requirements, "term": brief.terms,
        "date": brief.dates, "promise": brief.promises,
    }  # fmt: skip
    shown = [head for head, points in heads.items() if any(match(case.history, point, evidence) for point in points)]
    found = kind in shown
    return Found(case.name, text, found, "", tuple(evidence), "" if found else ", ".join(shown))


def _tells(history: History, expected: ExpectedChange, steps: Sequence[GivenStep]) -> bool:
    """Whether the steps show the last position as standing and an earlier one as replaced."""
    *earlier, last = expected.steps
    stands = any(not step.superseded and _cites(history, step, last) for step in steps)
    return stands and any(step.superseded and _cites(history, step, label) for step in steps for label in earlier)


def _cites(history: History, step: GivenStep, label: ChangeStep) -> bool:
    return any(
        stands_for(cited.quote, label.evidence.quote, history.sources_named(cited.source), label.evidence.source)
        for cited in step.citations
    )


def _is_gap(expected: ExpectedGap, given: GivenGap) -> bool:
    shown = "\n".join([given.question, given.why, *given.quotes])
    return all(any(contains(shown, term) for term in group) for group in expected.terms)


_ASKS_FOR = {
    "baseline": re.compile(r"\b(?:stand today|starting (?:value|point)|baseline)\b", re.IGNORECASE),
    "metric": re.compile(r"\bmeasured\b", re.IGNORECASE),
    "due": re.compile(r"\b(?:(?:which|what) date|by when)\b", re.IGNORECASE),
}
_ROLE_ASKED = re.compile(r"^Who is the (?P<role>[\w -]+)\?", re.IGNORECASE)


def _is_answered(case: Case, given: GivenGap) -> bool:
    """A role that a labelled person has, what a labelled goal says of itself, or a position that a labelled change left behind."""
    expected = case.brief
    if role := _ROLE_ASKED.match(given.question):
        return any(labelled(role["role"]) in map(labelled, person.roles) for person in expected.stakeholders)
    for goal in expected.goals:
        told = {part for part in _ASKS_FOR if getattr(goal, part) and not getattr(goal, part).startswith("disputed")}
        if any(_ASKS_FOR[part].search(given.question) for part in told) and _quotes(given, goal.evidence):
            return True
    return any(
        _quotes(given, [step.evidence for step in c.steps[:-1]]) and not _quotes(given, [c.steps[-1].evidence]) for c in expected.changes
    )


def _quotes(given: GivenGap, evidence: Sequence[Evidence]) -> bool:
    return any(overlap(quote, label.quote) >= QUOTED for quote in given.quotes for label in evidence)


QUOTED = 0.8
"""Share of a label's words that a question must quote to be about it."""


def _find_person(case: Case, expected: ExpectedStakeholder, people: Sequence[GivenPerson]) -> FoundPerson:
    name = case.history.people[expected.person].name
    given = next((person for person in people if case.history.is_person(person.name, expected.person)), None)
    if given is None:
        return FoundPerson(case.name, name, found=False)
    return FoundPerson(
        case.name,
        name,
        found=True,
        role=bool(set(map(labelled, given.roles)) & set(map(labelled, expected.roles))),
        stance=labelled(given.stance) == labelled(expected.stance),
    )
