"""Turns a draft into an answer: every quote is located in its passage, every figure, address, name and manner of saying stands in it,
the rest is dropped."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from assistant.answers import ASKS_WHICH, Answer, Block, Change, Citation, Claim, Draft, DraftChange, DraftClaim, Question, Quote, Step
from assistant.citations import cite
from assistant.evidence import Evidence
from assistant.finding import receipt
from assistant.instructions import addressed
from assistant.models.point import to_the_point
from assistant.saying import says_no_more
from assistant.words import fold, plain, terms
from ingest.records import Span

NEAREST = 3
"""How many of the closest passages a declined answer shows."""

LEAST_SUPPORT = 0.4
"""A model's sentence of which less stands in its quotes says something else than they do."""

_FIGURE = re.compile(r"\d+(?:[.,]\d+)*")
_ADDRESS = re.compile(r"\bhttps?://[^\s<>\"')]+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+|\b(?:[\w-]+\.)+[a-z]{2,}\b")
"""Of a page or a mailbox: its parts are words of no weight (`com`), and one nobody wrote is worse than a wrong word."""
_NAME = re.compile(r"(?<![.!?:]\s)(?<!^)\b[A-ZÀ-Þ][\w'’-]+")


class Ground(Protocol):
    """What makes answers of drafts."""

    def __call__(
        self, question: Question, draft: Draft, evidence: Evidence, *, model: str, thread_id: str, degraded: tuple[str, ...] = ()
    ) -> Answer: ...


@dataclass(frozen=True, slots=True)
class _Grounded:
    claim: Claim
    citations: tuple[Citation, ...]


def ground(question: Question, draft: Draft, evidence: Evidence, *, model: str, thread_id: str, degraded: tuple[str, ...] = ()) -> Answer:
    """The only maker of answers. Claims that lose all their quotes, or say a figure, name or promise that no quote
    holds, are removed and counted."""
    grounded = [(block, [g for c in block.claims if (g := _grounded(c, evidence, draft.own_words)) is not None]) for block in draft.blocks]
    kept = [g for _, found in grounded for g in found]
    changes = tuple(made for change in draft.changes if kept and (made := _changed(change, evidence)) is not None)
    record = evidence.recorded if draft.reason != "out_of_scope" else None
    people, unknown = (record.known, record.unknown) if record else ((), "")
    told = bool(kept) or bool(record and people and not record.which)
    nearest = () if kept or (record and (people or record.which or unknown)) else _nearest(evidence)
    cited = (*(c for g in kept for c in g.citations), *(c for _, found in changes for c in found), *nearest)
    citations = tuple({c.id: c for c in cited}.values())
    said = [*(g.claim.text for g in kept), *(one.id for one in people)]
    corrects = draft.reason == "false_premise"
    return Answer(
        id=f"ans_{_short_hash(thread_id, question.account_id, question.text, str(question.as_of), *(c.id for c in citations), *said)}",
        thread_id=thread_id,
        status="answered" if told and not corrects else "declined",
        reason="false_premise" if kept and corrects else None if told else (draft.reason or "not_in_history"),
        question=question,
        standalone=evidence.understood.standalone,
        model=model,
        blocks=tuple(Block(b.kind, tuple(g.claim for g in found), b.heading) for b, found in grounded if found),
        citations=citations,
        receipt=receipt(evidence.room, question, tuple(c.id for c in nearest)),
        changes=tuple(change for change, _ in changes),
        removed_claims=sum(len(block.claims) for block in draft.blocks) - len(kept),
        follow_ups=draft.follow_ups if kept or draft.reason in ASKS_WHICH else (),
        degraded=degraded,
        partial=bool(told and draft.unsaid),
        unsaid=draft.unsaid if told else (),
        confidence=draft.confidence,
        model_tokens=draft.model_tokens,
        people=people,
        unknown=unknown,
    )


def _changed(draft: DraftChange, evidence: Evidence) -> tuple[Change, tuple[Citation, ...]] | None:
    """None where fewer than two positions hold: what has one position did not change."""
    steps = [(step, g) for step in draft.steps if (g := _grounded(step.claim, evidence, own_words=False)) is not None]
    if len(steps) < 2:
        return None
    items = tuple(Step(step.on, g.claim.text, g.claim.citations, step.superseded) for step, g in steps)
    return Change(draft.topic, items), tuple(c for _, g in steps for c in g.citations)


def locate(quote: str, passage: str) -> Span | None:
    """Where a quote stands in a passage: to the character, else with white space taken as equal; None where it does not stand."""
    words = quote.split()
    if not words:
        return None
    at = passage.find(quote)
    if at >= 0:
        return Span(at, at + len(quote))
    match = re.search(r"\s+".join(map(re.escape, words)), passage)
    return Span(match.start(), match.end()) if match else None


def _grounded(claim: DraftClaim, evidence: Evidence, own_words: bool) -> _Grounded | None:
    citations = [c for quote in claim.quotes if (c := _cited(quote, evidence)) is not None]
    if not citations or not _figures_addresses_and_names_stand(claim.text, citations) or not says_no_more(claim.text, citations):
        return None
    if own_words and (_support(claim.text, citations) < LEAST_SUPPORT or not to_the_point(citations, evidence)):
        return None
    if own_words:
        claim = replace(claim, text=_attributed(claim.text, citations))
    return _Grounded(
        Claim(
            id=f"clm_{_short_hash(claim.text, *(c.id for c in citations))}",
            text=claim.text,
            citations=tuple(dict.fromkeys(c.id for c in citations)),
            support=_support(claim.text, citations) if claim.support is None else claim.support,
        ),
        tuple(citations),
    )


def _attributed(text: str, citations: Sequence[Citation]) -> str:
    """Words that a model only copies are somebody's and are shown as theirs: what a mail asserts is not what we assert."""
    copied = plain(fold(text))
    for citation in citations:
        said = plain(fold(citation.exact))
        if any(said[at : at + len(copied)] == copied for at in range(len(said) - len(copied) + 1)):
            who = citation.speaker.name if citation.speaker else citation.title
            on = f", {citation.occurred_on.day} {citation.occurred_on:%b %Y}" if citation.occurred_on else ""
            return f"{who}{on}: {text}"
    return text


def _cited(quote: Quote, evidence: Evidence) -> Citation | None:
    """None where the passage was not among what was found or does not hold the words, and for words addressed to a machine."""
    passage = evidence.passage(quote.passage_id)
    where = locate(quote.text, passage.text) if passage else None
    if passage is None or where is None:
        return None
    interaction = evidence.room.interactions[passage.interaction_id]
    there = Span(passage.span.start + where.start, passage.span.start + where.end)
    return None if addressed(interaction.text, there) else cite(interaction, there)


def _figures_addresses_and_names_stand(text: str, citations: Sequence[Citation]) -> bool:
    """Every figure, address and capitalised name of a claim is found in its quotes, or in who said them, when, and under what title."""
    said = fold(" ".join(f"{c.exact} {_setting(c)}" for c in citations))
    figures = {f.replace(",", "").rstrip(".") for f in _FIGURE.findall(said)}
    words = set(plain(said))
    return (
        all(f.replace(",", "").rstrip(".") in figures for f in _FIGURE.findall(text))
        and all(fold(address).rstrip(".,;:!?") in said for address in _ADDRESS.findall(text))
        and all(set(plain(name)) <= words for name in _NAME.findall(text))
    )


def _support(text: str, citations: Sequence[Citation]) -> float:
    """Share of the claim's meaningful words that its quotes and their setting hold."""
    wanted = set(terms(text))
    held = set(terms(" ".join(f"{c.exact} {_setting(c)}" for c in citations)))
    return round(len(wanted & held) / len(wanted), 2) if wanted else 1.0


def _setting(citation: Citation) -> str:
    when = f"{citation.occurred_on.day} {citation.occurred_on:%b %Y %B}" if citation.occurred_on else ""
    return f"{citation.speaker.name if citation.speaker else ''} {when} {citation.title}"


def _nearest(evidence: Evidence) -> tuple[Citation, ...]:
    found = []
    for ranked in evidence.ranked[:NEAREST]:
        interaction = evidence.room.interactions[ranked.passage.interaction_id]
        found.append(cite(interaction, ranked.passage.span))
    return tuple(found)


def _short_hash(*parts: str) -> str:
    return hashlib.sha256("\x1f".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:16]
