"""The events an answer is told in while it is made, and a brief part by part."""

from __future__ import annotations

from typing import Any, Literal

from api.shapes.answers import AnswerShape
from api.shapes.base import Given, ProblemBody
from api.shapes.briefs import BriefShape
from api.shapes.evidence import CitationShape
from ingest.records import Kind


class EventShape(Given):
    """One event of a stream; its name on the wire is its `type`, its id there its `seq`."""

    seq: int


class SearchedSource(Given):
    id: str
    kind: Kind
    title: str
    occurred_at: str | None


class AnswerStarted(EventShape):
    type: Literal["answer.started"]
    answer_id: str
    """With it the answer can be read, heard again and stopped while it is made and for five minutes after. The whole answer has an id of
    its own, which lasts."""
    thread_id: str
    number_of_sources: int


class AnswerSearch(EventShape):
    type: Literal["answer.search"]
    read: int
    total: int
    sources: list[SearchedSource]


class AnswerDelta(EventShape):
    """A claim that was checked, whole."""

    type: Literal["answer.delta"]
    block: int
    claim: str
    text: str


class AnswerCitation(EventShape):
    type: Literal["answer.citation"]
    claim: str
    citation: CitationShape


class AnswerCheck(EventShape):
    """`removed`: the claim was told and stands no longer."""

    type: Literal["answer.check"]
    claim: str
    check: Literal["supported", "weak", "removed"]


class AnswerCompleted(EventShape):
    """The whole answer; all events before may be ignored."""

    type: Literal["answer.completed", "answer.declined"]
    answer: AnswerShape


class AnswerFollowUps(EventShape):
    type: Literal["answer.followups"]
    items: list[str]


class AnswerError(EventShape):
    """The stream ends with it."""

    type: Literal["error"]
    problem: ProblemBody


class BriefSection(EventShape):
    """One part of a version, with its lines as the version has them."""

    type: Literal["brief.section"]
    section: str
    claims: list[Any]


class BriefCompleted(EventShape):
    """The whole version; all events before may be ignored."""

    type: Literal["brief.completed"]
    brief: BriefShape


BRIEF_EVENTS = (BriefSection, BriefCompleted)
EVENTS = (AnswerStarted, AnswerSearch, AnswerDelta, AnswerCitation, AnswerCheck, AnswerCompleted, AnswerFollowUps, AnswerError)
