"""What a promise and a clause say of amounts, days, hours and charges, held side by side."""

from __future__ import annotations

from datetime import date

import pytest

from assistant.facts.comparing import COMPARED, compared

SAID_ON = date(2026, 10, 7)


@pytest.mark.parametrize(
    ("promise", "clause", "is_so", "is_not"),
    [
        ("It runs ninety-six hours without a link.", "Runs without a connection for up to 48 hours.", "other value", "better value"),
        ("You hear from us within three days.", "Customer is notified within 24 hours.", "better value", "other value"),
        ("Live on the eighth of February.", "Planned go-live: 22 February 2027.", "later day", "same day"),
        ("Live on the first of March.", "Planned go-live: 22 February 2027.", "same day", "later day"),
        ("We start in February, on the first.", "The term is 36 months and ends on 1 March 2029.", "", "later day"),
        (
            "Texts are unlimited.",
            "The fee includes 40,000 messages; further ones are charged at 4 pence.",
            "limited",
            "other count",
        ),
        ("The export is free of charge.", "Exports are charged by effort.", "charged", "same value"),
        ("The export is free of charge.", "Exports are free of charge.", "", "gift unwritten"),
        ("Somebody picks up at half past four in the morning.", "Telephone support from 08:00 to 18:00.", "hours", "language"),
        ("Somebody picks up at nine in the morning.", "Telephone support from 08:00 to 18:00.", "", "hours"),
        (
            "Somebody picks up on Sundays, all the year.",
            "From 1 April to 30 September the desk is staffed on Sundays.",
            "hours",
            "language",
        ),
        ("Somebody picks up on Sundays from April to September.", "From 1 April to 30 September, Sundays too.", "", "hours"),
        ("All of it stays in Norway.", "Backups are kept in Norway and in Ireland.", "named", "elsewhere"),
        ("All of it stays in Norway.", "Backups are kept in Ireland.", "elsewhere", "named"),
        ("It holds seventy-two hours.", "Stored for up to forty-eight (48) hours.", "other value", "same value"),
        ("We start in week forty-two.", "Support for 38 weeks.", "", "other count"),
        ("You have it on Friday the 26th.", "The desk is open 08:00 to 18:00.", "", "other count"),
        ("The screens are in Welsh.", "The screens are in English and French.", "language", "hours"),
        ("The screens are in French.", "The screens are in English and French.", "named", "language"),
    ],
)
def test_what_differs_between_a_promise_and_a_clause_is_named_and_nothing_else(promise: str, clause: str, is_so: str, is_not: str) -> None:
    found = dict(zip(COMPARED, compared(promise, clause, SAID_ON), strict=True))
    assert found[is_not] == 0
    assert not is_so or found[is_so] > 0


def test_a_condition_on_the_signature_is_met_where_there_is_a_signed_paper() -> None:
    found = dict(zip(COMPARED, compared("Ten percent off if you sign by 30 October.", "Discount: 10%.", SAID_ON), strict=True))
    assert (found["same value"], found["unmet"]) == (1.0, 0.0)


def test_what_the_paper_says_elsewhere_counts_as_said() -> None:
    promise, clause = "Ten percent off on a term of 36 months.", "Discount: 10%."
    alone = dict(zip(COMPARED, compared(promise, clause, SAID_ON), strict=True))
    beside = dict(zip(COMPARED, compared(promise, clause, SAID_ON, frozenset({36 * 730.0})), strict=True))
    assert (alone["unmet"], beside["unmet"]) == (0.5, 0.0)


def test_a_day_that_stands_elsewhere_in_the_paper_is_not_put_off() -> None:
    held = {"alone": frozenset[float | date](), "met": frozenset[float | date]({date(2027, 2, 8)})}
    found = {
        name: compared("Live on the eighth of February.", "The rest follows by 22 March 2027.", SAID_ON, paper)
        for name, paper in held.items()
    }
    assert {name: values[COMPARED.index("later day")] for name, values in found.items()} == {"alone": 1.0, "met": 0.0}
