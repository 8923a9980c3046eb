"""Outcomes made from the labels: the best a system could give, and the same with one thing wrong."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from eval.cases import Case, Evidence, ExpectedGoal, ExpectedRisk, LabelledQuestion
from eval.outcome import Cited, Given, GivenBrief, GivenPerson, GivenPoint, GivenPromise, Outcome

Change = Callable[[Case, LabelledQuestion, Given], Given]


def perfect(case: Case) -> Outcome:
    brief, people = case.brief, case.history.people
    return Outcome(
        {question.id: perfect_answer(case, question) for question in case.questions},
        GivenBrief(
            promises=tuple(
                GivenPromise(p.text, (p.evidence[0].quote,), p.evidence[0].source, p.strength, p.contract, people[p.made_by].name, p.due)
                for p in brief.promises
            ),
            risks=tuple(map(_point, brief.risks)),
            goals=tuple(map(_point, brief.goals)),
            people=tuple(GivenPerson(people[s.person].name, s.roles, s.stance) for s in brief.stakeholders),
            gaps=brief.gaps,
        ),
    )


def perfect_answer(case: Case, question: LabelledQuestion) -> Given:
    if not question.answerable:
        return Given("declined")
    text = ". ".join(alternatives[0] for alternatives in question.facts)
    return Given("answered", text, tuple(perfect_citation(case, evidence) for evidence in question.evidence))


def perfect_citation(case: Case, evidence: Evidence) -> Cited:
    author = next(place.author for place in case.history.locate(evidence.quote) if place.source == evidence.source)
    return Cited(evidence.source, evidence.quote, case.history.people[author].name if author else None)


def changed(case: Case, change: Change) -> Outcome:
    """The perfect outcome with every answer passed through `change`."""
    best = perfect(case)
    return replace(best, answers={q.id: change(case, q, best.answers[q.id]) for q in case.questions})


def with_quotes(given: Given, change: Callable[[Cited], Cited]) -> Given:
    return replace(given, citations=tuple(map(change, given.citations)))


def _point(label: ExpectedGoal | ExpectedRisk) -> GivenPoint:
    return GivenPoint(label.text, (label.evidence[0].quote,), label.evidence[0].source)
