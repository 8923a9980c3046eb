"""Promises in sentences of many trades: what is held, on the half that rules were written with and on the half that was held out."""

from __future__ import annotations

import pytest

from eval.sentences import Score, exchanges, judge, score


@pytest.fixture(scope="module", params=[False, True], ids=["worked on", "held out"])
def half(request: pytest.FixtureRequest) -> Score:
    return score(judge(one for one in exchanges() if one.held_out is request.param))


def test_the_halves_are_about_as_large_and_each_has_every_strength() -> None:
    strengths = {"firm", "conditional", "best_effort", "roadmap_statement", "declined", "retracted"}
    for held_out in (False, True):
        labels = [one.label for one in exchanges() if one.held_out is held_out]
        assert len(labels) > 180
        assert strengths <= set(labels)


def test_most_promises_are_found_and_few_that_are_none(half: Score) -> None:
    assert half.recall >= 0.70
    assert half.precision >= 0.85
    assert half.fell_for <= 0.10


def test_a_promise_with_a_reservation_is_hardly_ever_shown_as_firm(half: Score) -> None:
    assert half.strength >= 0.80
    assert half.hedged_as_firm / half.hedged <= 0.05
