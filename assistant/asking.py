"""One question, one answer: find, draft, ground."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time
from time import perf_counter
from zoneinfo import ZoneInfo

from assistant.answers import Answer, Question
from assistant.evidence import Evidence, Room, find
from assistant.nominating import nominated
from assistant.understand import Understood, understand
from assistant.wiring import Kit
from ingest.archive.scope import EVERYTHING, Scope
from ingest.index.embedder import EmbedderUnavailable


def ask(kit: Kit, question: Question, *, scope: Scope = EVERYTHING, thread_id: str = "") -> Answer:
    """The checked answer from one account's own words. Apart from its timing, the same question on the same data gives the same answer."""
    started = perf_counter()
    with kit.answering:
        return _asked(kit, question, scope, thread_id, started)


def _asked(kit: Kit, question: Question, scope: Scope, thread_id: str, started: float) -> Answer:
    room = kit.room(scope.only(question.account_id).until(question.as_of))
    understood = understand(question, kit.people(scope.only(question.account_id)))
    evidence, troubles = _find(kit, room, question, understood)
    found = perf_counter()
    draft = kit.model.draft(question, evidence)
    answer = kit.ground(question, draft, evidence, model=kit.model.name, thread_id=thread_id, degraded=(*kit.degraded, *troubles))
    return replace(answer, retrieve_ms=_milliseconds(started, found), total_ms=_milliseconds(started, perf_counter()))


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
