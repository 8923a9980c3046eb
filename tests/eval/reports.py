"""Reports of made-up outcomes: what a run over them would give, without asking anything."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from eval.cases import Case
from eval.items import items_of
from eval.measures import judge_case, pool, summarise
from eval.outcome import Given, Outcome
from eval.report import Report, Timing
from eval.stamp import Stamp
from tests.eval.perfect import perfect

STAMP = Stamp("3a340a1f00d5" + 28 * "0", True, datetime(2026, 11, 22, 14, 5, tzinfo=UTC), "3.11.9", "Linux")
LABELS = "d1"


def report_of(cases: Sequence[Case], make: Callable[[Case], Outcome], **changes: Any) -> Report:
    judged = {case.name: judge_case(case, make(case)) for case in cases}
    rows = pool(list(judged.values()))
    items = tuple(item for deal, of_deal in judged.items() for item in items_of(deal, of_deal))
    report = Report(tuple(judged), LABELS, rows, summarise(rows), items, None, (), STAMP, Timing(0, 0, 0, 0))
    return replace(report, **changes)


def perfect_but(**given: Given) -> Callable[[Case], Outcome]:
    """The perfect outcome with other answers to some questions."""

    def make(case: Case) -> Outcome:
        best = perfect(case)
        return replace(best, answers=best.answers | given)

    return make
