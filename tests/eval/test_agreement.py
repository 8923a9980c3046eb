"""Our measures are the labels' own scorer number for number: on perfect output, on the published floor, on output with faults."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from eval.cases import Case
from eval.measures import judge_case, pool, summarise
from eval.outcome import Outcome
from tests.eval.mutants import ALL, plain_floor
from tests.eval.original import as_original, original_numbers, original_scorer

DATA = Path(__file__).parent / "data"
EXPECTED = json.loads((DATA / "expected.json").read_text("utf-8"))
"""The original scorer's numbers of every outcome in `mutants.ALL`; `python -m tests.eval.original` writes them anew where it is at hand."""


def ours(cases: tuple[Case, ...], make: Callable[[Case], Outcome]) -> dict[str, Any]:
    summary = summarise(pool([judge_case(case, make(case)) for case in cases]))
    numbers: dict[str, Any] = json.loads(json.dumps(as_original(summary)))
    return numbers


@pytest.mark.parametrize("name", ALL)
def test_every_number_equals_the_original_scorers(name: str, cases: tuple[Case, ...]) -> None:
    assert ours(cases, ALL[name]) == EXPECTED[name]


@pytest.mark.slow
@pytest.mark.parametrize("name", ALL)
def test_the_stored_numbers_are_what_the_original_scorer_gives(name: str, cases: tuple[Case, ...]) -> None:
    scorer = original_scorer()
    if scorer is None:
        pytest.skip("../shared/dealbench is not here: compared with its stored numbers only")
    assert original_numbers(scorer, {case.name: ALL[name](case) for case in cases}) == EXPECTED[name]


def test_the_published_floor_is_reproduced_from_our_copy_of_the_deals(cases: tuple[Case, ...]) -> None:
    published = json.loads((DATA / "floor.json").read_text("utf-8"))["summary"]
    del published["latency"]  # seconds of another machine
    assert ours(cases, plain_floor) == published
