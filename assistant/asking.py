"""One question, one answer: find, draft, ground."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time
from time import perf_counter
from zoneinfo import ZoneInfo

from assistant.answers import Answer, Question
from assistant.deals import named_deal, speaks_of_a_deal
from assistant.evidence import FOUND, LOOKED_AT, Evidence, with_prompts
from assistant.finding import Asks, find
from assistant.listening import Listener, searched
from assistant.models.port import WritingModel
from assistant.nominating import nominated
from assistant.on_record.answering import with_record
from assistant.promised import with_promises
from assistant.recorded import with_facts
from assistant.room import Room
from assistant.sides import with_sides
from assistant.standing import with_corrections
from assistant.understand import Understood, understand
from assistant.vocabulary import related
from assistant.wiring import Kit
from assistant.within import named_part
from assistant.writing import drawn, written
from ingest.archive.scope import EVERYTHING, Scope
from ingest.index.embedder import EmbedderUnavailable


def ask(kit: Kit, question: Question, *, scope: Scope = EVERYTHING, thread_id: str = "", listener: Listener | None = None) -> Answer:
    """The checked answer from one account's own words. Apart from its timing, the same question on the same data gives the same answer
    while no language model is asked.

    `listener` is told what is found and each claim as it is checked. Raises `Stopped` when it says so.
    """
    started = perf_counter()
    listener = listener or Listener()
    with kit.answering:
        evidence = gather(kit, question, scope)
        found = perf_counter()
        listener.tell(searched(evidence))
        asked = replace(question, text=evidence.understood.asked)
        if not isinstance(kit.model, WritingModel):  # within the same turn: who has begun need not queue again
            answer = drawn(kit, kit.model, asked, evidence, thread_id, listener, evidence.room.troubles)
    if isinstance(kit.model, WritingModel):
        answer = written(kit, kit.model, asked, evidence, thread_id, listener, evidence.room.troubles)
    return replace(answer, question=question, retrieve_ms=_milliseconds(started, found), total_ms=_milliseconds(started, perf_counter()))


def gather(kit: Kit, question: Question, scope: Scope = EVERYTHING) -> Evidence:
    """What an answer is made from: what search finds, what stands beside it, and what the ledger knows of it.

    A question that says the whole name of one of several deals is asked of that deal.
    """
    account = scope.only(question.account_id).until(question.as_of)
    deals = [(deal.id, deal.name) for deal in kit.around(account).deals] if question.deal_id is None else []
    named = named_deal(understand(question, kit.people(account)).asked if question.earlier else question.text, deals)
    question = replace(question, deal_id=named) if named else question
    evidence = with_prompts(search(kit, question, scope, LOOKED_AT))
    ledger = kit.ledger(scope.only(question.account_id).until(question.as_of), question.deal_id)
    open_deals = () if named or speaks_of_a_deal(question.text, deals) else tuple(deals) if len(deals) > 1 else ()
    known = with_promises(with_facts(with_corrections(evidence, ledger), ledger), ledger, question)
    beside = with_sides(known, ledger, question.kinds)
    return replace(with_record(beside, ledger, question.kinds, kit.people(account)), deals=open_deals)


def search(kit: Kit, question: Question, scope: Scope = EVERYTHING, limit: int = FOUND) -> Evidence:
    """What an answer is drafted from: the passages that may answer, best first, of the part of the history that the question names.

    Its room's `troubles` say in which ways this search is worse than it could be.
    """
    reach = scope.only(question.account_id)
    room = kit.room(reach.until(question.as_of))
    understood = understand(question, kit.people(reach))
    question = replace(question, text=understood.asked)
    try:
        evidence = _found(kit, room, question, understood, kit.asks, limit)
        said = related(question.text) if kit.asks and kit.recipe.related and evidence.query else ()
        return replace(evidence, said=tuple(kit.asks.query(words) for words in said)) if kit.asks else evidence
    except EmbedderUnavailable as unavailable:
        blind = replace(room, troubles=(*room.troubles, f"this answer comes from words alone: {unavailable}"))
        return _found(kit, blind, question, understood, None, limit)


def _found(kit: Kit, room: Room, question: Question, understood: Understood, asks: Asks | None, limit: int) -> Evidence:
    part = named_part(understood, question.text, room.sources, room.interactions)
    if part is None:
        return find(room, question, understood, asks, nominated, limit, kit.recipe)
    # Ranked whole and cut afterwards: what stands in the part named is seldom among the best of everything.
    evidence = find(room, question, understood, asks, None, len(room.shelf), kit.recipe)
    inside = tuple(ranked for ranked in evidence.ranked if part.holds(ranked.passage, room.interactions))[:limit]
    return replace(evidence, ranked=inside or evidence.ranked[:limit])


def end_of_day(on: date, timezone: str) -> datetime:
    """The last moment of a day in a time zone, in UTC: what `--as-of 2026-09-10` means."""
    return datetime.combine(on, time.max, ZoneInfo(timezone)).astimezone(UTC)


def _milliseconds(start: float, end: float) -> int:
    return round((end - start) * 1000)
