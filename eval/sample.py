"""A part of the labelled questions, for what is too slow or too dear to be asked them all; the same part every time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from eval.cases import Case


def sampled(cases: Sequence[Case], questions: int) -> list[Case]:
    """About so many questions spread evenly over all deals, each with those it follows; all of them where there are no more."""
    every = [(case.name, label.id) for case in cases for label in case.questions]
    chosen = {every[number * len(every) // questions] for number in range(questions)} if questions < len(every) else set(every)
    return [_with_threads(case, {name for deal, name in chosen if deal == case.name}) for case in cases]


def _with_threads(case: Case, chosen: set[str]) -> Case:
    kept = chosen | {earlier.id for label in case.questions if label.id in chosen for earlier in case.thread(label)}
    return replace(case, questions=tuple(label for label in case.questions if label.id in kept))
