"""Promises in order: said twice, replaced, taken back."""

from __future__ import annotations

from datetime import date

from assistant.ledger import read
from tests.assistant.facts.history import ANA, MIA, call, mail, order_form


def test_a_promise_said_twice_is_one_with_two_places() -> None:
    ledger = read(
        [
            call((MIA, "Is it extra?"), (ANA, "The vessel feed for both ports is included in Enterprise, no add-on.")),
            mail(ANA, MIA, "The vessel feed for both ports is included in Enterprise."),
        ]
    )
    [one] = ledger.promises
    assert [place.interaction.source.kind for place in one.places] == ["call", "email"]


def test_a_later_date_replaces_the_earlier_and_names_it() -> None:
    ledger = read(
        [
            call((MIA, "When?"), (ANA, "The first two plants go live on 1 March 2027."), on="2026-06-02"),
            call((MIA, "When now?"), (ANA, "The first two plants go live on 1 April 2027."), on="2026-07-02", title="Later"),
        ]
    )
    first, second = ledger.promises
    assert (first.current, second.current, second.supersedes) == (False, True, first.id)


def test_a_promise_taken_back_is_retracted_and_keeps_both_quotes() -> None:
    ledger = read(
        [
            call((MIA, "At night too?"), (ANA, "With Enterprise you get phone support in Swedish around the clock."), on="2026-06-02"),
            mail(
                ANA,
                MIA,
                "I said you would get phone support in Swedish around the clock. That was wrong, please forget it.",
                on="2026-06-10",
            ),
        ]
    )
    [one] = ledger.promises
    assert (one.strength, one.current) == ("retracted", False)
    assert one.places[-1].text == "That was wrong, please forget it."


def test_a_correction_of_what_nobody_promised_changes_nothing() -> None:
    ledger = read([mail(ANA, MIA, "I gave you the wrong dial-in. That was wrong, sorry.")])
    assert ledger.promises == ()


def test_covered_is_never_said_without_the_words_of_the_contract() -> None:
    paper = order_form("Order Form\n\nSingle sign-on is included for all users.\n\nSigned: Mia Berg, 1 July 2026")
    ledger = read([call((MIA, "And sign-on?"), (ANA, "Single sign-on is included. You will get a trainer in each plant.")), paper])
    statuses = [(one.verdict.status, one.verdict.clause is not None) for one in ledger.promises]
    assert statuses == [("covered", True), ("silent", False)]


def test_a_retraction_that_says_what_it_takes_back_stands_by_itself() -> None:
    ledger = read([mail(ANA, MIA, "I told you the loan scooters were included for every courier; that was my error.")])
    [one] = ledger.promises
    assert (one.strength, one.current) == ("retracted", False)


def test_a_date_that_moved_twice_is_one_chain_and_only_the_last_stands() -> None:
    ledger = read(
        [
            mail(ANA, MIA, "We're aiming to have all nine warehouses scanning by 1 March 2027.", on="2026-06-02"),
            mail(ANA, MIA, "We will have all nine warehouses scanning by 15 March 2027.", on="2026-06-20"),
            mail(ANA, MIA, "We will have all nine warehouses scanning by 2 April 2027.", on="2026-07-20"),
        ]
    )
    first, second, third = ledger.promises
    assert [(one.supersedes, one.current) for one in ledger.promises] == [(None, False), (first.id, False), (second.id, True)]
    assert third.strength == "firm"


def test_a_count_of_weeks_and_later_a_day_are_one_chain() -> None:
    ledger = read(
        [
            call((MIA, "How long?"), (ANA, "The two bakeries will be live within two weeks of signature."), on="2026-06-02"),
            call((MIA, "Still?"), (ANA, "The two bakeries will be live on 20 July 2026."), on="2026-06-20", title="Later"),
        ],
        signed_on=date(2026, 6, 25),
    )
    first, second = ledger.promises
    assert (first.current, second.supersedes) == (False, first.id)
    assert first.due is not None
    assert first.due.on == date(2026, 7, 9)


def test_two_places_and_two_steps_of_one_plan_replace_nothing() -> None:
    ledger = read(
        [
            call(
                (MIA, "When?"),
                (ANA, "Yes, the plant in Bergen goes live on 1 March 2027."),
                (MIA, "And the others?"),
                (ANA, "Yes, the plant in Tromso goes live on 1 April 2027."),
                (MIA, "Schools?"),
                (ANA, "We connect three halls by the end of January. We connect all twenty halls by the end of May."),
            )
        ]
    )
    assert [one.supersedes for one in ledger.promises] == [None] * 4


def test_what_is_due_before_go_live_is_due_on_the_day_that_stands_for_it() -> None:
    ledger = read(
        [
            call((MIA, "And training?"), (ANA, "We train both shifts for free before go-live."), on="2026-06-02"),
            call((MIA, "When?"), (ANA, "We will go live on 18 January 2027."), on="2026-06-20", title="Later"),
        ]
    )
    assert [one.due.on if one.due else None for one in ledger.promises] == [date(2027, 1, 18)] * 2


def test_a_new_offer_in_the_talk_that_took_the_old_one_back_names_it() -> None:
    ledger = read(
        [
            call((MIA, "At night too?"), (ANA, "With Enterprise you get phone support in Swedish around the clock."), on="2026-06-02"),
            mail(
                ANA,
                MIA,
                "I said you would get phone support in Swedish around the clock. That was wrong, please forget it. "
                "With Enterprise you get phone support in Swedish on weekdays.",
                on="2026-06-10",
            ),
        ]
    )
    first, second = ledger.promises
    assert (first.strength, second.supersedes) == ("retracted", first.id)
