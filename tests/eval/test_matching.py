"""When two texts count as the same words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.matching import asserts, contains, denies, figures, holds_most, overlap, spelled, stands_for

GOLD = "I will send you the penetration test summary by July 3, once our auditor has signed it off"


@pytest.mark.parametrize(
    ("text", "part", "found"),
    [
        ("the fee is $800.", "800", True), ("the fee is $1800", "800", False), ("8000", "800", False), ("net 30 days", "Net 30", True),
        ("it’s done", "it's done", True), ("an em — dash", "em - dash", True), ("anything", "", False),
    ],
)  # fmt: skip
def test_a_part_is_found_whatever_its_case_but_never_inside_a_figure(text: str, part: str, found: bool) -> None:
    assert contains(text, part) is found


@pytest.mark.parametrize(
    ("text", "stated"),
    [
        ("Go-live is July 20.", True), ("August 3. It was originally July 20.", False), ("August 3 (moved from July 20).", False),
        ("August 3.\n\nWhat changed:\n- July 20, set in June", False), ("It isn't July 20.", False), ("July 2026.", False),
        ("August 3.\n\nHistory\nJuly 20\n\nThe team starts July 20.", True),
    ],
)  # fmt: skip
def test_a_value_is_asserted_unless_its_sentence_or_section_says_it_changed(text: str, stated: bool) -> None:
    assert asserts(text, "July 20") is stated


@pytest.mark.parametrize(
    ("quote", "sources", "stands"),
    [
        ("I will send you the penetration test summary by July 3", {"e2"}, True),
        ("Bo: " + GOLD + " — promised. And more words follow here to make it long", {"e2"}, True),
        ("we will send it to you once it is done by our team in July", {"e2"}, False),
        ("I will send", {"e2"}, False),
        (GOLD, {"e7"}, True),
        ("I will send you the penetration test summary in July, maybe later", {"e7"}, False),
        ("I will send you the penetration test summary in July, maybe later", {"e2"}, True),
        ("I will send you the penetration test summary in July, maybe later", set(), True),
    ],
)
def test_a_quote_stands_for_another_by_shared_runs_and_by_more_of_them_from_elsewhere(quote: str, sources: set[str], stands: bool) -> None:
    assert stands_for(quote, GOLD, sources, "e2") is stands


@pytest.mark.parametrize(
    ("text", "held"),
    [
        ("If the crane is inspected by the thirtieth of April", True), ("once it's inspected, April 30th", True),
        ("inspection: 30/04", False),
        ("provided the paint is dry", False), ("", False), ("the crane in April", True), ("twenty-four cranes", False),
    ],
)  # fmt: skip
def test_a_condition_is_held_by_half_of_its_telling_words_in_any_form(text: str, held: bool) -> None:
    assert holds_most(text, "The crane is inspected by April 30, 2027 (met on the day).") is held


def test_numbers_are_the_same_in_words_and_figures() -> None:
    assert holds_most("on a twenty-four-month term", "24 months")
    assert not holds_most("on a twenty-month term", "24 days")


def test_a_denial_is_read_off_the_first_sentence() -> None:
    assert denies("There is no record of a discount. They pay 285.")
    assert not denies("They pay 285. There is no record of a discount.")


def test_figures_are_bare_digits() -> None:
    assert figures("USD 48,000.00 on 2026-08-31, item A") == {"4800000", "2026", "08", "31"}


@given(st.text(), st.text())
def test_overlap_is_the_same_both_ways_round_and_within_bounds(one: str, other: str) -> None:
    assert 0.0 <= overlap(one, other) == overlap(other, one) <= 1.0


@given(st.text())
def test_spelling_twice_changes_nothing_more(text: str) -> None:
    assert spelled(spelled(text)) == spelled(text)
