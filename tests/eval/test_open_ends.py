"""What was left open in sentences of many trades: what is held, on the half that rules were written with and on the half held out."""

from __future__ import annotations

import pytest

from eval.open_ends import LATER, SETTLED, Score, exchanges, judge, score


@pytest.fixture(scope="module", params=[False, True], ids=["worked on", "held out"])
def half(request: pytest.FixtureRequest) -> Score:
    return score(judge(one for one in exchanges() if one.held_out is request.param))


def test_each_half_has_every_way_of_leaving_a_matter_open_and_settled_ones_beside_them() -> None:
    ways = {"put_off", "unowned", "away", "unanswered", "unsettled", SETTLED}
    for held_out in (False, True):
        labels = [one.label for one in exchanges() if one.held_out is held_out]
        assert set(labels) == ways
        assert labels.count(SETTLED) >= 14
        assert len(labels) - labels.count(SETTLED) >= 25


def test_most_of_what_was_left_open_is_seen_and_little_that_was_settled(half: Score) -> None:
    assert half.recall >= 0.62
    assert half.precision >= 0.85
    assert half.asked_all_the_same <= 3


def test_what_was_written_later_is_not_asked_about_where_it_is_settled() -> None:
    found = score(judge(exchanges(LATER)))
    assert (found.left_open, found.settled) == (16, 8)
    assert found.asked_all_the_same == 0
    assert found.seen >= 4
