"""The outcome made from the labels: the best a system could give."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from eval.cases import Case, ChangeStep, Evidence, ExpectedGoal, ExpectedPoint, ExpectedPromise, ExpectedRisk, LabelledQuestion
from eval.matching import contains, stands_for
from eval.outcome import Cited, Given, GivenBrief, GivenGap, GivenPerson, GivenPoint, GivenPromise, GivenStep, Outcome, Ranked

Change = Callable[[Case, LabelledQuestion, Given], Given]


def perfect(case: Case) -> Outcome:
    brief, people = case.brief, case.history.people
    return Outcome(
        {question.id: perfect_answer(case, question) for question in case.questions},
        GivenBrief(
            promises=tuple(_promise(case, promise) for promise in brief.promises),
            risks=tuple(map(_point, brief.risks)),
            goals=tuple(map(_point, brief.goals)),
            people=tuple(GivenPerson(people[s.person].name, s.roles, s.stance) for s in brief.stakeholders),
            changes=tuple(tuple(_step(step, change.steps[-1]) for step in change.steps) for change in brief.changes),
            gaps=tuple(GivenGap(gap.text) for gap in brief.gaps),
            reasons=tuple(_point(label) for label in brief.why_bought if label.evidence),
            requirements=tuple(_point(label) for label in brief.technical if label.evidence),
            terms=tuple(_point(label) for label in brief.commercials if label.evidence),
            dates=tuple(_point(label) for label in brief.timeline if label.evidence),
        ),
        {question.id: tuple(perfect_ranking(question)) for question in case.questions},
    )


def perfect_answer(case: Case, question: LabelledQuestion) -> Given:
    if not question.answerable:
        return Given("declined", confidence=0.0)
    quoted = "\n".join(evidence.quote for evidence in question.evidence)
    facts = [next((fact for fact in group if contains(quoted, fact)), group[0]) for group in question.facts]
    text = ". ".join(facts)
    return Given("answered", text, tuple(perfect_citation(case, evidence) for evidence in question.evidence), confidence=1.0)


def perfect_ranking(question: LabelledQuestion) -> list[Ranked]:
    """The evidence and nothing else; what says the same as words before it in the same source is not shown again."""
    shown: list[Ranked] = []
    for label in question.evidence:
        before = [ranked for ranked in shown if ranked.source == label.source]
        if not any(stands_for(label.quote, ranked.text, {label.source}, label.source) for ranked in before):
            shown.append(Ranked(label.source, label.quote))
    return shown


def perfect_citation(case: Case, evidence: Evidence) -> Cited:
    author = next(place.author for place in case.history.locate(evidence.quote) if place.source == evidence.source)
    on = case.history.origins[evidence.source].on
    return Cited(evidence.source, evidence.quote, case.history.people[author].name if author else None, on)


def changed(case: Case, change: Change) -> Outcome:
    """The perfect outcome with every answer passed through `change`."""
    best = perfect(case)
    return replace(best, answers={q.id: change(case, q, best.answers[q.id]) for q in case.questions})


def with_quotes(given: Given, change: Callable[[Cited], Cited]) -> Given:
    return replace(given, citations=tuple(map(change, given.citations)))


def _point(label: ExpectedGoal | ExpectedPoint | ExpectedRisk) -> GivenPoint:
    return GivenPoint(label.text, (label.evidence[0].quote,), label.evidence[0].source)


def _promise(case: Case, label: ExpectedPromise) -> GivenPromise:
    return GivenPromise(
        label.text,
        (label.evidence[0].quote,),
        label.evidence[0].source,
        label.strength,
        label.contract,
        case.history.people[label.made_by].name,
        label.due,
        label.due_date,
        label.made_on,
        label.conditions,
        label.id,
        label.supersedes,
        current=label.id not in {other.supersedes for other in case.brief.promises},
    )


def _step(step: ChangeStep, last: ChangeStep) -> GivenStep:
    return GivenStep((Cited(step.evidence.source, step.evidence.quote),), superseded=step != last)
