"""Figures and dates as people say them."""

from __future__ import annotations

from datetime import date

import pytest

from assistant.facts.dates import dates, due
from assistant.facts.figures import figures, spoken_number


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("forty-eight", 48),
        ("thirteen thousand two hundred and eighty-five", 13285),
        ("a hundred and eighty-six thousand", 186000),
        ("twenty twenty-seven", 2027),
        ("nineteen ninety-five", 1995),
        ("two hundred and five", 205),
    ],
)
def test_spoken_numbers_are_read(words: str, value: float) -> None:
    assert spoken_number(words) == value


def test_figures_know_what_they_count() -> None:
    found = [(f.value, f.unit) for f in figures("15% off $137,700 a year if we answer within forty-eight hours")]
    assert found == [(15, "%"), (137700, "money"), (48, "hour")]


def test_a_number_half_in_digits_is_one_figure() -> None:
    assert [(f.value, f.unit) for f in figures("We paid 410 thousand euros, 12k of it late")] == [(410000, "money"), (12000, "")]


def test_a_spoken_decimal_is_one_figure() -> None:
    assert [(f.value, f.unit) for f in figures("Last quarter it was eleven point four percent of forty jobs")] == [(11.4, "%"), (40, "job")]


SAID_ON = date(2026, 9, 24)


@pytest.mark.parametrize(
    ("words", "as_said", "on"),
    [
        ("live by 18 January", "18 January", date(2027, 1, 18)),
        ("the eighteenth of January", "the eighteenth of January", date(2027, 1, 18)),
        ("on October nineteenth", "October nineteenth", date(2026, 10, 19)),
        ("by March 31, 2027", "March 31, 2027", date(2027, 3, 31)),
        ("until the thirty-first of October twenty twenty-seven", "the thirty-first of October twenty twenty-seven", date(2027, 10, 31)),
        ("by the end of February", "end of February", date(2027, 2, 28)),
        ("in March", "in March", date(2027, 3, 31)),
        ("by the middle of March", "middle of March", None),
        ("until the end of the year", "end of the year", date(2026, 12, 31)),
        ("by Friday", "by Friday", date(2026, 9, 25)),
        ("the week of 2 November", "the week of 2 November", date(2026, 11, 6)),
        ("in two weeks from now", "in two weeks from now", date(2026, 10, 8)),
        ("ready tomorrow", "tomorrow", date(2026, 9, 25)),
        ("by 25/12/2026", "25/12/2026", date(2026, 12, 25)),
        ("by 12/25/2026", "12/25/2026", date(2026, 12, 25)),
        ("by 03/04/2027", "03/04/2027", None),
        ("by 3.4.2027", "3.4.2027", date(2027, 4, 3)),
        ("within two weeks of signature", "within two weeks of signature", None),
        ("in Q2 2027", "Q2 2027", None),
        ("every Friday from then", "every Friday", None),
    ],
)
def test_a_date_is_resolved_only_where_it_can_mean_one_day(words: str, as_said: str, on: date | None) -> None:
    found = due(words, SAID_ON)
    assert found is not None
    assert (found.as_said, found.on) == (as_said, on)


def test_two_days_in_one_sentence_leave_the_due_date_open() -> None:
    found = due("ready by 1 March, or on 1 April at the latest", SAID_ON)
    assert found is not None
    assert (found.as_said, found.on) == ("1 March", None)


def test_no_day_is_made_up() -> None:
    assert [said.on for said in dates("by 31 November", SAID_ON)] == [None]
    assert dates("it may take some time", SAID_ON) == ()


@pytest.mark.parametrize(
    ("words", "on"),
    [
        ("Under thirty by the end of June next year.", date(2027, 6, 30)),
        ("Live on 3 March next year.", date(2027, 3, 3)),
        ("By the end of June.", date(2026, 6, 30)),
    ],
)
def test_a_day_of_next_year_is_not_the_one_ahead(words: str, on: date) -> None:
    said = due(words, date(2026, 2, 19))
    assert said is not None
    assert said.on == on


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("forty-eight (48) hours", [(48, "hour")]),
        ("2) Users can export", [(2, "")]),
        ("ten (3 of them new) trucks", [(10, ""), (3, "")]),
    ],
)
def test_a_number_in_brackets_says_one_again_and_the_number_of_a_line_counts_nothing(text: str, read: list[tuple[float, str]]) -> None:
    assert [(one.value, one.unit) for one in figures(text)] == read
