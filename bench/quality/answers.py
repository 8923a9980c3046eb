"""The labelled deals as answers: what Baton answers, and what a peer would that quotes the first five things it finds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bench.quality.reading import Found, System
from eval.cases import Case
from eval.given import given_ranking
from eval.measures import Summary, Value, judge_case, pool, summarise
from eval.outcome import Cited, Given, Outcome
from eval.slices import Slice
from eval.subject import Baton
from ingest.archive.scope import EVERYTHING

QUOTED = 5
SHOWN = ("correct", "fact_recall", "evidence_hit", "citation_precision", "false_answer")


@dataclass(frozen=True, slots=True)
class Answers:
    """One system's, over all the deals asked."""

    name: str
    values: Mapping[str, Value | None]
    words: float
    """Per citation."""


def answers_of(name: str, cases: Sequence[Case], outcomes: Sequence[Outcome]) -> Answers:
    summary: Summary = summarise(pool([judge_case(case, outcome) for case, outcome in zip(cases, outcomes, strict=True)]))
    return Answers(name, {measure: summary.questions[measure] for measure in SHOWN}, summary.counts["words_per_citation"])


def quoting(system: System, part: Slice, sources: Mapping[str, str]) -> Outcome:
    """Its answer is the first thing found, its citations are the first five; it never declines. `sources` names the documents."""
    return Outcome({question.id: _given(system.find(question), sources) for question in part.questions})


def source_names(case: Case, part: Slice, baton: Baton) -> dict[str, str]:
    """By the slice's document, what the case's history calls it."""
    names: dict[str, str] = {}
    for account in part.accounts:
        account_id = baton.account_id(account)
        passages = baton.kit.archive.passages(EVERYTHING.only(account_id))
        ranked = given_ranking(passages, case.history, baton.sources(account_id))
        names |= {passage.interaction_id: found.source for passage, found in zip(passages, ranked, strict=True)}
    return names


def _given(found: Found, sources: Mapping[str, str]) -> Given:
    cited = tuple(Cited(sources[unit.document], unit.quote, unit.speaker) for unit in found.units[:QUOTED])
    return Given("answered", cited[0].quote if cited else "", cited)
