"""Outcomes with one thing wrong throughout, each to be caught by the measure it is named for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from eval.cases import Case, LabelledQuestion
from eval.outcome import Cited, Given, GivenBrief, Outcome
from tests.eval.floor import floor_outcome
from tests.eval.perfect import changed, perfect, with_quotes

CASES = Path(__file__).resolve().parents[2] / "data" / "cases"


def always_declines(case: Case) -> Outcome:
    return changed(case, lambda case, question, given: Given("declined", confidence=given.confidence))


def never_declines(case: Case) -> Outcome:
    """Whatever was never discussed is answered with the words of the first question's evidence."""
    near = replace(perfect(case).answers[case.questions[0].id], confidence=0.0)
    return changed(case, lambda case, question, given: given if question.answerable else near)


def denies_in_words(case: Case) -> Outcome:
    """What should be declined is answered with a sentence that says so."""
    denial = Given("answered", "There is no record of that in the history.", confidence=0.0)
    return changed(case, lambda case, question, given: given if question.answerable else denial)


def fails_every_third(case: Case) -> Outcome:
    kept = {question.id for number, question in enumerate(case.questions) if number % 3}
    best = perfect(case)
    return replace(best, answers={id: given for id, given in best.answers.items() if id in kept})


def changes_a_letter(case: Case) -> Outcome:
    """The last letter but one of every quote is another."""

    def change(cited: Cited) -> Cited:
        letter = "x" if cited.quote[-2] != "x" else "y"
        return replace(cited, quote=cited.quote[:-2] + letter + cited.quote[-1])

    return changed(case, lambda case, question, given: with_quotes(given, change))


def slips_by_a_character(case: Case) -> Outcome:
    """Every quote begins one character late: still verbatim, and still wrong."""
    return changed(case, lambda case, question, given: with_quotes(given, lambda cited: replace(cited, quote=cited.quote[1:])))


def swaps_speakers(case: Case) -> Outcome:
    """Everything was said by the person after the one who said it."""
    names = [person.name for person in case.history.people.values()]
    after = dict(zip(names, [*names[1:], names[0]], strict=True))

    def change(cited: Cited) -> Cited:
        return replace(cited, speaker=after[cited.speaker]) if cited.speaker else cited

    return changed(case, lambda case, question, given: with_quotes(given, change))


def states_stale_values(case: Case) -> Outcome:
    def change(case: Case, question: LabelledQuestion, given: Given) -> Given:
        return replace(given, text=f"{given.text}. It is {question.must_not[0]}.") if question.must_not and question.answerable else given

    return changed(case, change)


def tells_stale_values_as_history(case: Case) -> Outcome:
    def change(case: Case, question: LabelledQuestion, given: Given) -> Given:
        told = f"{given.text}\n\nWhat changed:\n- 2026-01-01: {question.must_not[0] if question.must_not else ''}"
        return replace(given, text=told) if question.answerable else given

    return changed(case, change)


def cites_foreign_sources(case: Case) -> Outcome:
    """Every answer also cites the first words of each source of another account in the same history."""

    def change(case: Case, question: LabelledQuestion, given: Given) -> Given:
        foreign = {
            part.source: part for part in reversed(case.history.parts) if case.history.origins[part.source].account != question.account
        }
        added = tuple(Cited(part.source, " ".join(part.text.split()[:12])) for part in foreign.values())
        spoilt = given.status == "answered" and not question.as_of  # a foreign source may also be a late one
        return replace(given, citations=given.citations + added) if spoilt else given

    return changed(case, change)


def names_wrong_sources(case: Case) -> Outcome:
    other = case.questions[0].evidence[0].source
    return changed(case, lambda case, question, given: with_quotes(given, lambda cited: replace(cited, source=other)))


def promises_everything(case: Case) -> Outcome:
    """The brief states every trap as a firm promise, beside the true ones with their labels one place off."""
    best = perfect(case)
    turned = [*best.brief.promises[1:], best.brief.promises[0]]
    mixed = tuple(
        replace(promise, strength=other.strength, contract=other.contract, made_by=other.made_by)
        for promise, other in zip(best.brief.promises, turned, strict=True)
    )
    traps = tuple(
        replace(mixed[0], text=label.why, quotes=(label.evidence.quote,), source=label.evidence.source, strength="firm", id="")
        for label in case.brief.not_promises
    )
    return replace(best, brief=replace(best.brief, promises=mixed + traps))


def knows_nothing(case: Case) -> Outcome:
    return Outcome(brief=GivenBrief())


def plain_floor(case: Case) -> Outcome:
    return floor_outcome(case, CASES / f"{case.name}.history.json")


ALL: dict[str, Callable[[Case], Outcome]] = {
    make.__name__: make
    for make in (
        perfect, plain_floor, always_declines, never_declines, denies_in_words, fails_every_third, changes_a_letter,
        slips_by_a_character, swaps_speakers, states_stale_values, tells_stale_values_as_history, cites_foreign_sources,
        names_wrong_sources, promises_everything, knows_nothing,
    )
}  # fmt: skip
