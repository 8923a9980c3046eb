"""Judges one answer against its label: facts, evidence, validity and place of citations, speakers, stale values, isolation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from eval.cases import Case, Evidence, LabelledQuestion
from eval.history import History
from eval.matching import asserts, contains, denies, figures, stands_for
from eval.outcome import Cited, Given, Status

FAILED = Given("failed", error="no answer was given")


@dataclass(frozen=True, slots=True)
class JudgedCitation:
    cited: Cited
    valid: bool
    """Verbatim in a source, or figures of the CRM record it names."""
    placed: bool
    """It is verbatim somewhere, and it names a source of the history."""
    misplaced: bool
    """`placed`, but the source it names does not hold it: a quoted tail taken for its mail's own words, say."""
    cut: bool
    """It begins or ends inside a word: a span that slipped."""
    evidence: frozenset[int]
    """Which of the label's evidence it stands for."""
    full_evidence: frozenset[int]
    """Those of them that it cites from their own source, or without saying from where."""
    source_known: bool
    """It stands for evidence and names a source of the history."""
    source_right: bool
    speaker_known: bool
    """It names a speaker, and its words are one person's."""
    speaker_right: bool
    day_known: bool
    """It gives a day and names a source of the history."""
    day_right: bool
    foreign: bool
    """Its source belongs to another account than the question's."""
    late: bool
    """Its source is later than the day the question is asked as of."""


@dataclass(frozen=True, slots=True)
class JudgedQuestion:
    """One row of the evaluation. What does not apply is None: facts of an unanswerable question, stale values where none are labelled."""

    deal: str
    account: str
    """The account's name, where the label has its id."""
    question: LabelledQuestion
    given: Given
    denied: bool
    """Answered, but with a first sentence that says the history does not tell."""
    citations: tuple[JudgedCitation, ...]
    missing: tuple[tuple[str, ...], ...]
    """The fact groups that neither the answer nor its quotes meet."""
    facts: bool | None
    facts_share: float | None
    facts_in_text: bool | None
    evidence: bool | None
    stale: tuple[str, ...] | None
    """The `must_not` values that are stated as holding today."""
    unsupported: frozenset[str]
    """Figures of the answer's text that stand in none of its quotes, nor in the day or title of what it cites."""
    correct: bool

    @property
    def status(self) -> Status:
        return self.given.status

    @property
    def quoted_words(self) -> int:
        return sum(len(cited.quote.split()) for cited in self.given.citations)


def judge_questions(case: Case, answers: dict[str, Given]) -> tuple[JudgedQuestion, ...]:
    """A row for every question of the deal; one that was not answered at all has failed."""
    return tuple(judge(case, question, answers.get(question.id, FAILED)) for question in case.questions)


def judge(case: Case, question: LabelledQuestion, given: Given) -> JudgedQuestion:
    answered = given.status == "answered"
    citations = tuple(judge_citation(case.history, question, cited) for cited in given.citations)
    stale = tuple(value for value in question.must_not if answered and asserts(given.text, value)) if question.must_not else None
    shown = "\n".join([given.text, *(cited.quote for cited in given.citations)])
    missing = _unmet(question.facts, shown)
    facts = evidence = facts_in_text = facts_share = None
    if question.answerable:
        facts = answered and not missing
        facts_share = 1 - len(missing) / len(question.facts) if answered else 0.0
        facts_in_text = answered and not _unmet(question.facts, given.text)
        evidence = answered and _evidence_cited(question, citations)
        correct = bool(facts and evidence and not stale)
    else:
        correct = given.status == "declined"
    return JudgedQuestion(
        deal=case.name,
        account=case.history.accounts[question.account].name,
        question=question,
        given=given,
        denied=answered and denies(given.text),
        citations=citations,
        missing=missing,
        facts=facts,
        facts_share=facts_share,
        facts_in_text=facts_in_text,
        evidence=evidence,
        stale=stale,
        unsupported=_unsupported(case.history, given) if answered else frozenset(),
        correct=correct,
    )


def _unsupported(history: History, given: Given) -> frozenset[str]:
    shown = (figures(cited.quote) | history.setting(cited.source) for cited in given.citations)
    return figures(given.text) - frozenset[str]().union(*shown)


def judge_citation(history: History, question: LabelledQuestion, cited: Cited) -> JudgedCitation:
    named = history.sources_named(cited.source)
    places = history.locate(cited.quote)
    held_in = {place.source for place in places}
    # Words that also stand elsewhere are the author's of the source that is named, where it is among those that hold them.
    authors = {place.author for place in places if place.author and (place.source in named or not named & held_in)}
    evidence = evidence_matched(question.evidence, cited.quote, named)
    own = frozenset(index for index in evidence if not named or question.evidence[index].source in named)
    origins = [history.origins[source] for source in named or held_in]
    return JudgedCitation(
        cited=cited,
        valid=bool(places) or history.holds_record(cited.source, cited.quote),
        placed=bool(places and named),
        misplaced=bool(places and named) and not any(history.holds(source, cited.quote) for source in named),
        cut=history.cuts_a_word(cited.quote),
        evidence=evidence,
        full_evidence=own,
        source_known=bool(evidence and named),
        source_right=bool(named and own),
        speaker_known=bool(authors and cited.speaker),
        speaker_right=bool(cited.speaker) and any(history.is_person(cited.speaker, author) for author in authors),
        day_known=bool(cited.on and named),
        day_right=any(history.origins[source].on == cited.on for source in named),
        foreign=bool(origins) and all(origin.account != question.account for origin in origins),
        late=bool(origins) and question.as_of is not None and all(origin.on > question.as_of for origin in origins),
    )


def evidence_matched(evidence: Sequence[Evidence], quote: str, named: frozenset[str]) -> frozenset[int]:
    return frozenset(index for index, label in enumerate(evidence) if stands_for(quote, label.quote, named, label.source))


def _evidence_cited(question: LabelledQuestion, citations: Sequence[JudgedCitation]) -> bool:
    if not question.evidence_all:
        return any(citation.evidence for citation in citations)
    return len(frozenset[int]().union(*(citation.full_evidence for citation in citations))) == len(question.evidence)


def _unmet(facts: Sequence[tuple[str, ...]], text: str) -> tuple[tuple[str, ...], ...]:
    return tuple(group for group in facts if not any(contains(text, alternative) for alternative in group))
