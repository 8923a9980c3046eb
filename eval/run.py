"""Asks every question of the labelled deals in order, follow-ups within their thread, and composes each deal's brief."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from time import perf_counter

from assistant.answers import Exchange, Question
from assistant.asking import end_of_day
from assistant.conversation import exchange
from assistant.render import answer_json
from eval.cases import Case, LabelledQuestion
from eval.given import given_answer, given_brief, given_ranking
from eval.outcome import Given, GivenBrief, Outcome
from eval.retrieval import DEEPEST
from eval.subject import Subject

Progress = Callable[[str, int, int], None]
"""(deal, questions done, questions in all)"""


@dataclass(frozen=True, slots=True)
class Ran:
    """What one deal gave. Seconds differ from run to run; the rest does not."""

    outcome: Outcome
    brief_s: float
    brief_error: str


def run(cases: Sequence[Case], subject: Subject, progress: Progress) -> dict[str, Ran]:
    return {case.name: run_case(case, subject, progress) for case in cases}


def run_case(case: Case, subject: Subject, progress: Progress) -> Ran:
    outcome = Outcome()
    exchanges: dict[str, Exchange] = {}
    for done, label in enumerate(case.questions):
        progress(case.name, done, len(case.questions))
        question = _question(case, label, subject, exchanges)
        given, exchange = _ask(case, question, subject)
        exchanges[label.id] = exchange
        outcome = replace(outcome, answers=outcome.answers | {label.id: given})
        sources = subject.sources(question.account_id)
        ranked = given_ranking(subject.find(question, DEEPEST), case.history, sources)
        outcome = replace(outcome, ranked=outcome.ranked | {label.id: ranked})
    progress(case.name, len(case.questions), len(case.questions))
    brief, seconds, error = _compose(case, subject)
    return Ran(replace(outcome, brief=brief), seconds, error)


def _question(case: Case, label: LabelledQuestion, subject: Subject, exchanges: dict[str, Exchange]) -> Question:
    return Question(
        text=label.text,
        account_id=subject.account_id(case.history.accounts[label.account].name),
        as_of=end_of_day(label.as_of, "UTC") if label.as_of else None,
        earlier=tuple(exchanges[earlier.id] for earlier in case.thread(label)),
    )


def _ask(case: Case, question: Question, subject: Subject) -> tuple[Given, Exchange]:
    """A crash is a result (failed, with its reason) and not the end of the run: the other answers are still worth seeing."""
    begun = perf_counter()
    try:
        answer = subject.ask(question)
    except Exception as error:
        failed = Given("failed", seconds=perf_counter() - begun, error=f"{type(error).__name__}: {error}")
        return failed, Exchange(question.text, question.text, "")
    seconds = perf_counter() - begun
    return given_answer(answer, case.history, subject.sources(question.account_id), seconds), exchange(answer_json(answer))


def _compose(case: Case, subject: Subject) -> tuple[GivenBrief, float, str]:
    if not case.brief.labelled:
        return GivenBrief(), 0.0, ""
    account_id = subject.account_id(case.history.accounts[case.brief.account].name)
    begun = perf_counter()
    try:
        brief = subject.brief(account_id, case.history.deals[case.brief.deal].name)
    except Exception as error:
        return GivenBrief(), perf_counter() - begun, f"{type(error).__name__}: {error}"
    seconds = perf_counter() - begun
    return given_brief(brief, case.history, subject.sources(account_id)), seconds, ""
