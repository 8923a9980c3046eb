"""One question, one answer: find, draft, ground."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time
from time import perf_counter
from zoneinfo import ZoneInfo

from assistant.answers import Answer, Question
from assistant.evidence import find
from assistant.understand import understand
from assistant.wiring import Kit
from ingest.archive.scope import EVERYTHING, Scope


def ask(kit: Kit, question: Question, *, scope: Scope = EVERYTHING, thread_id: str = "") -> Answer:
    """The checked answer from one account's own words. Apart from its timing, the same question on the same data gives the same answer."""
    started = perf_counter()
    with kit.answering:
        return _asked(kit, question, scope, thread_id, started)


def _asked(kit: Kit, question: Question, scope: Scope, thread_id: str, started: float) -> Answer:
    room = kit.room(scope.only(question.account_id).until(question.as_of))
    understood = understand(question, kit.people(scope.only(question.account_id)))
    evidence = find(room, question, understood, kit.asks, kit.nominator(question.account_id), recipe=kit.recipe)
    found = perf_counter()
    draft = kit.model.draft(question, evidence)
    answer = kit.ground(question, draft, evidence, model=kit.model.name, thread_id=thread_id, degraded=(*kit.degraded, *room.troubles))
    return replace(answer, retrieve_ms=_milliseconds(started, found), total_ms=_milliseconds(started, perf_counter()))


def end_of_day(on: date, timezone: str) -> datetime:
    """The last moment of a day in a time zone, in UTC: what `--as-of 2026-09-10` means."""
    return datetime.combine(on, time.max, ZoneInfo(timezone)).astimezone(UTC)


def _milliseconds(start: float, end: float) -> int:
    return round((end - start) * 1000)
