"""Sums as people shorten them beside those of a paper."""

from __future__ import annotations

import pytest

from assistant.facts.short_sums import is_another_in_short, is_said_in_short

PRICE, ROOM = "Subscription: GBP 43,500 per year.", "EUR 8.70 per room per month."


@pytest.mark.parametrize(
    ("promise", "clause", "same", "other"),
    [
        ("For three years it's forty-three and a half.", PRICE, True, False),
        ("It's forty-one.", PRICE, False, True),
        ("It's forty-three days.", PRICE, False, False),
        ("All forty-four operatives are on it.", PRICE, False, False),
        ("What I can do is eight forty a room.", ROOM, False, True),
        ("It comes out at eight seventy.", ROOM, True, False),
        ("One ninety-eight five, then.", "AUD 198,500 per year", True, False),
        ("For you guys, fifty-four.", "$0.57 per return", False, True),
        ("Twelve of you can come.", "Support from 12 to 15 on weekdays.", False, False),
    ],
)
def test_a_sum_without_its_thousands_or_its_comma_is_known_again(promise: str, clause: str, same: bool, other: bool) -> None:
    assert (is_said_in_short(promise, clause), is_another_in_short(promise, clause)) == (same, other)
