"""Turns what Baton gives, answers and briefs, into the neutral shape that the measures judge."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from pydantic import BaseModel, Field

from assistant.answers import Answer, Change, Citation
from assistant.writing import WITHOUT
from eval.history import History
from eval.outcome import Cited, Given, GivenBrief, GivenGap, GivenPerson, GivenPoint, GivenPromise, GivenStep, Ranked
from ingest.archive.rows import Source, StoredPassage

Sources = Mapping[str, Source]
"""The account's interactions by id."""


def given_answer(answer: Answer, history: History, sources: Sources, seconds: float) -> Given:
    support = {id: claim.support for block in answer.blocks for claim in block.claims for id in claim.citations[:1]}
    cited = tuple(replace(_cited(c, history, sources), support=support.get(c.id)) for c in shown_citations(answer))
    instead = next((part for part in answer.degraded if part.startswith(WITHOUT)), "")
    text = text_of_answer(answer)
    return Given(answer.status, text, cited, seconds, model_tokens=answer.model_tokens, confidence=answer.confidence, instead=instead)


def shown_citations(answer: Answer) -> tuple[Citation, ...]:
    """Those under the answer's claims and changes; what a receipt calls near is not claimed to answer anything."""
    shown = {id for block in answer.blocks for claim in block.claims for id in claim.citations}
    shown |= {id for change in answer.changes for step in change.items for id in step.citations}
    return tuple(citation for citation in answer.citations if citation.id in shown)


def text_of_answer(answer: Answer) -> str:
    """The claims, a paragraph a block; then what changed, under its own heading."""
    paragraphs = [(" " if block.kind == "paragraph" else "\n").join(claim.text for claim in block.claims) for block in answer.blocks]
    return "\n\n".join([*paragraphs, *map(_changed, answer.changes)])


def given_ranking(passages: Sequence[StoredPassage], history: History, sources: Sources) -> tuple[Ranked, ...]:
    return tuple(Ranked(_name(p.interaction_id, p.interaction_id, history, sources), p.text) for p in passages)


def given_brief(brief: Mapping[str, Any], history: History, sources: Sources) -> GivenBrief:
    """A brief from its public JSON, so that what is judged is what other programs are given."""
    read = _Brief.model_validate(brief)
    cited = {c.id: Cited(_name(c.source.id, c.source.external_id, history, sources), c.quote.exact) for c in read.citations}

    def words(point: _Point) -> tuple[tuple[str, ...], str]:
        found = [cited[id] for id in point.citations]
        return tuple(one.quote for one in found), found[0].source if found else ""

    return GivenBrief(
        promises=tuple(
            GivenPromise(
                p.text,
                *words(p),
                strength=p.strength,
                contract=p.contract,
                made_by=p.made_by.name if p.made_by else "",
                due=p.due.as_said if p.due else "",
                due_date=p.due.on if p.due else None,
                made_on=p.made_on,
                conditions=p.conditions,
                id=p.id,
                supersedes=p.supersedes,
                current=p.current,
            )
            for p in read.promises
        ),
        risks=tuple(GivenPoint(risk.text, *words(risk)) for risk in read.risks),
        goals=tuple(GivenPoint(goal.text, *words(goal)) for goal in read.goals),
        # Why not the others is told where it is told how they decided.
        reasons=tuple(GivenPoint(claim.text, *words(claim)) for claim in (*read.why, *read.decision)),
        requirements=tuple(GivenPoint(claim.text, *words(claim)) for claim in read.requirements),
        terms=tuple(GivenPoint(term.value, *words(claim)) for term in read.commercials for claim in term.claims),
        dates=tuple(GivenPoint(day.text, *words(day)) for day in read.timeline),
        people=tuple(GivenPerson(person.name, tuple(person.roles), person.stance) for person in read.people),
        changes=tuple(
            tuple(GivenStep(tuple(cited[id] for id in step.citations), step.superseded) for step in change.items) for change in read.changes
        ),
        gaps=tuple(GivenGap(gap.question, gap.why, tuple(cited[id].quote for id in gap.receipt.nearest)) for gap in read.gaps),
        words=read.words,
    )


class _Quote(BaseModel):
    exact: str


class _SourceId(BaseModel):
    id: str
    external_id: str


class _Citation(BaseModel):
    id: str
    source: _SourceId
    quote: _Quote


class _Point(BaseModel):
    text: str
    citations: list[str]


class _Name(BaseModel):
    name: str


class _Due(BaseModel):
    as_said: str = ""
    on: date | None = Field(None, alias="date")


class _Promise(_Point):
    id: str = ""
    strength: str
    contract: str
    made_by: _Name | None = None
    made_on: date | None = None
    due: _Due | None = None
    conditions: str = ""
    supersedes: str | None = None
    current: bool = True


class _Person(BaseModel):
    name: str
    roles: list[str] = []
    stance: str = "unknown"


class _Step(BaseModel):
    citations: list[str]
    superseded: bool


class _Change(BaseModel):
    items: list[_Step]


class _Receipt(BaseModel):
    nearest: list[str] = []


class _Gap(BaseModel):
    question: str
    why: str = ""
    receipt: _Receipt = _Receipt()


class _Commercial(BaseModel):
    value: str = ""
    claims: list[_Point] = []


class _Brief(BaseModel):
    words: int = 0
    why: list[_Point] = []
    decision: list[_Point] = []
    requirements: list[_Point] = []
    commercials: list[_Commercial] = []
    timeline: list[_Point] = []
    promises: list[_Promise] = []
    risks: list[_Point] = []
    goals: list[_Point] = []
    people: list[_Person] = []
    changes: list[_Change] = []
    gaps: list[_Gap] = []
    citations: list[_Citation] = []


def _cited(citation: Citation, history: History, sources: Sources) -> Cited:
    name = _name(citation.interaction_id, citation.external_id, history, sources)
    return Cited(name, citation.exact, citation.speaker.name if citation.speaker else None, citation.occurred_on, kind=citation.kind)


def _name(interaction_id: str, external_id: str, history: History, sources: Sources) -> str:
    """What is cited from outside the account keeps the id it came with, so that it is judged, and seen as foreign."""
    return _known_name(sources[interaction_id], history) if interaction_id in sources else external_id


def _known_name(source: Source, history: History) -> str:
    """The first of a source's names that the history knows: a loose document's id is Baton's own, its path is not."""
    names = [source.external_id, source.file, source.title, source.url]
    return next((name for name in names if name and history.knows(name)), source.external_id)


def _changed(change: Change) -> str:
    """Under a heading of its own, without a blank line, so that what was true before is not read as asserted."""
    return "\n".join(["What changed:", *(f"- {step.on}: {step.text}" for step in change.items)])
