"""One question, one answer: find, draft, ground."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time
from time import perf_counter
from zoneinfo import ZoneInfo

from assistant.answers import Answer, Question
from assistant.evidence import Evidence, Room, find
from assistant.listening import Listener, searched
from assistant.models.port import WritingModel
from assistant.nominating import nominated
from assistant.understand import Understood, understand
from assistant.wiring import Kit
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
        evidence, troubles = _found(kit, question, scope)
    found = perf_counter()
    listener.tell(searched(evidence))
    if isinstance(kit.model, WritingModel):
        answer = written(kit, kit.model, question, evidence, thread_id, listener, troubles)
    else:
        answer = drawn(kit, kit.model, question, evidence, thread_id, listener, troubles)
    return replace(answer, retrieve_ms=_milliseconds(started, found), total_ms=_milliseconds(started, perf_counter()))


def _found(kit: Kit, question: Question, scope: Scope) -> tuple[Evidence, tuple[str, ...]]:
    room = kit.room(scope.only(question.account_id).until(question.as_of))
    understood = understand(question, kit.people(scope.only(question.account_id)))
    return _find(kit, room, question, understood)


def _find(kit: Kit, room: Room, question: Question, understood: Understood) -> tuple[Evidence, tuple[str, ...]]:
    """Also a sentence for each way in which this search is worse than it could be."""
    try:
        return find(room, question, understood, kit.asks, nominated, recipe=kit.recipe), room.troubles
    except EmbedderUnavailable as unavailable:
        blind = find(room, question, understood, None, nominated, recipe=kit.recipe)
        return blind, (*room.troubles, f"this answer comes from words alone: {unavailable}")


def end_of_day(on: date, timezone: str) -> datetime:
    """The last moment of a day in a time zone, in UTC: what `--as-of 2026-09-10` means."""
    return datetime.combine(on, time.max, ZoneInfo(timezone)).astimezone(UTC)


def _milliseconds(start: float, end: float) -> int:
    return round((end - start) * 1000)
