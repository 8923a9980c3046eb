"""Risks, reasons, decisions and goals are read off in the words of many trades, and small talk is none of them."""

from __future__ import annotations

from collections import Counter

import pytest

from eval.sorts import NONE, SORTS, TALKS, Score, labelled, score

HALVES = [score([one for one in labelled() if one.held_out is held]) for held in (False, True)]


def test_each_half_has_every_sort_and_much_that_is_none() -> None:
    for held in (False, True):
        counted = Counter(one.sort for one in labelled() if one.held_out is held)
        assert set(counted) == {*SORTS, NONE}
        assert min(counted.values()) >= 20
    assert len({one.text for one in labelled()}) == len(labelled())


@pytest.mark.parametrize("half", HALVES, ids=["worked on", "held out"])
def test_most_of_what_says_something_is_read_and_little_that_says_nothing(half: Score) -> None:
    assert half.any_found / half.something >= 0.55
    assert half.found["risk"] / half.there["risk"] >= 0.70
    assert half.invented / half.nothing <= 0.06


def test_of_what_customers_say_in_whole_deals_most_is_read_and_little_that_says_nothing() -> None:
    talks = labelled(TALKS)
    read = score(talks)
    assert len({one.text for one in talks} | {one.text for one in labelled()}) == len(talks) + len(labelled())
    assert {one.sort for one in talks} == {*SORTS, NONE}
    assert read.any_found / read.something >= 0.70
    assert read.invented / read.nothing <= 0.15
