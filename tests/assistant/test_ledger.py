"""Promises in order: said twice, replaced, taken back."""

from __future__ import annotations

from datetime import date

import pytest

from assistant.ledger import read
from tests.assistant.facts.history import ANA, MIA, RAJ, TOM, call, mail, order_form


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
        signatures=[date(2026, 6, 25)],
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


def test_a_correction_that_says_what_holds_instead_is_the_new_promise() -> None:
    ledger = read(
        [
            call((MIA, "When can we have the portal?"), (ANA, "The portal is on our roadmap for Q3 2027."), on="2026-06-02"),
            mail(ANA, MIA, 'Forget the "Q3 roadmap" answer: you will have the portal by 15 March 2027.', on="2026-06-20"),
        ]
    )
    first, second = ledger.promises
    assert (first.current, second.strength, second.supersedes) == (False, "firm", first.id)


def test_what_is_on_the_roadmap_stands_there_once_however_often_it_is_said() -> None:
    ledger = read(
        [
            mail(ANA, MIA, "SCIM is on our roadmap for Q2 2027.", on="2026-06-02"),
            call((TOM, "SCIM?"), (RAJ, "SCIM we don't have yet. It's on the roadmap for the second quarter."), on="2026-06-10"),
        ]
    )
    assert [len(one.places) for one in ledger.promises] == [2]


def test_a_day_with_nothing_to_it_is_understood_by_what_it_answers() -> None:
    ledger = read(
        [
            call((MIA, "When?"), (ANA, "We are aiming for the end of March for both warehouses."), on="2026-06-02"),
            call(
                (MIA, "Both warehouses have to be running in February."),
                (ANA, "If that is the whole scope, I can commit to the tenth of February."),
                on="2026-06-20",
                title="Later",
            ),
        ]
    )
    first, second = ledger.promises
    assert (first.current, second.current, second.supersedes) == (False, True, first.id)


def test_a_place_at_the_head_of_a_sentence_is_the_same_place() -> None:
    """Every sentence begins with a capital, so a name there is none by itself; beside another name it seemed to be of elsewhere."""
    first = call((MIA, "When?"), (ANA, "With that, Lindau goes live on the fourteenth of September."), on="2026-05-12")
    then = call(
        (MIA, "And now?"), (ANA, "Lindau is live on 5 October if I have the export from Oldbase on 31 July."), on="2026-07-03", title="2"
    )
    one, other = read([first, then]).promises
    assert (one.current, other.current, other.supersedes) == (False, True, one.id)


def test_another_condition_for_the_same_day_is_a_change() -> None:
    ledger = read(
        [
            call((MIA, "When?"), (ANA, "If the scope stays as it is, both warehouses go live on 1 March 2027."), on="2026-06-02"),
            mail(ANA, MIA, "Both warehouses go live on 1 March 2027, provided your network is ready by 1 February 2027.", on="2026-06-20"),
        ]
    )
    first, second = ledger.promises
    assert second.supersedes == first.id
    assert "network" in second.said.conditions


def test_a_new_offer_replaces_the_price_and_a_price_of_later_does_not() -> None:
    ledger = read(
        [
            mail(ANA, MIA, "Price: list, EUR 9,000 per site per year, 24 months.", on="2026-06-02"),
            mail(ANA, MIA, "We can do 10% on a 36-month term, which makes EUR 97,200 a year.", on="2026-06-10"),
            mail(ANA, MIA, "We hold the price of EUR 8,100 a year for two more sites until 1 May 2027.", on="2026-06-20"),
        ]
    )
    first, second, third = ledger.promises
    assert (first.current, second.supersedes, third.supersedes) == (False, first.id, None)


def test_what_is_owed_if_it_fails_does_not_replace_what_was_to_be_done() -> None:
    ledger = read(
        [
            call((MIA, "When?"), (ANA, "If your export is there, phase one is live on 1 March 2027."), on="2026-06-02"),
            call(
                (MIA, "And if not?"),
                (ANA, "If phase one isn't live by 1 May 2027, you can terminate and we refund everything you paid."),
                on="2026-06-20",
                title="Terms",
            ),
        ]
    )
    assert [one.current for one in ledger.promises] == [True, True]


def test_words_that_only_repeat_a_promise_are_a_second_place_of_it() -> None:
    ledger = read(
        [
            call(
                (MIA, "And the adapter?"),
                (ANA, "We will build the adapter for you at no charge."),
                (MIA, "No charge?"),
                (ANA, "No charge. And that we'll put in the contract."),
            )
        ]
    )
    assert [len(one.places) for one in ledger.promises] == [3]


def test_a_correction_that_holds_up_the_old_words_takes_them_back() -> None:
    ledger = read(
        [
            call((MIA, "Where?"), (ANA, "All your data and its backups stay in Norway only."), on="2026-06-02"),
            call((TOM, "Really?"), (RAJ, 'So "all data stay in Norway" was not right.'), on="2026-06-20", title="Security"),
        ]
    )
    assert [one.strength for one in ledger.promises] == ["retracted"]


def test_what_holds_instead_of_a_promise_taken_back_is_kept_with_it() -> None:
    ledger = read(
        [
            call((MIA, "And reports?"), (ANA, "We will build the custom stock report for you, free of charge."), on="2026-06-02"),
            mail(
                ANA,
                MIA,
                "I said we would build the custom stock report free of charge. That was wrong. A custom stock report is a paid project.",
                on="2026-06-10",
            ),
        ]
    )
    [one] = ledger.promises
    assert one.strength == "retracted"
    assert one.instead is not None
    assert one.instead.text == "A custom stock report is a paid project."


def test_the_same_words_about_another_language_are_another_promise() -> None:
    ledger = read(
        [
            mail(ANA, MIA, "Phone support in Swedish is free of charge.", on="2026-06-02"),
            mail(ANA, MIA, "Phone support in Norwegian is free of charge.", on="2026-06-10"),
        ]
    )
    assert [one.current for one in ledger.promises] == [True, True]


def test_what_is_said_twice_of_a_day_stands_once_with_both_places() -> None:
    ledger = read(
        [
            call((MIA, "The stock freeze begins on 11 December 2026."), on="2026-06-02"),
            mail(MIA, ANA, "Please note that the stock freeze begins on 11 December 2026.", on="2026-06-10"),
        ]
    )
    [one] = ledger.events
    assert [place.interaction.source.kind for place in (one.at, *one.also)] == ["call", "email"]


def test_a_week_and_the_end_of_a_month_can_be_planned_with_and_a_bare_month_cannot() -> None:
    ledger = read(
        [
            mail(MIA, ANA, "Kick-off is in the week of 2 November.", on="2026-06-02"),
            mail(MIA, ANA, "Training is done by the end of March.", on="2026-06-03"),
            mail(MIA, ANA, "Training is in May.", on="2026-06-04"),
        ]
    )
    assert [one.said.on for one in ledger.events] == [date(2026, 11, 6), date(2027, 3, 31)]


def test_a_figure_that_stands_in_the_place_of_another_replaces_its_promise_and_the_day_of_the_condition_is_not_ours() -> None:
    ledger = read(
        [
            mail(ANA, MIA, "We can have you live in ten weeks from signature.", on="2026-02-10"),
            mail(ANA, MIA, "We'll have you live in eight weeks instead of ten, if we get the keys by the fifth of April.", on="2026-02-20"),
        ]
    )
    first, second = ledger.promises
    assert (first.current, second.current, second.supersedes) == (False, True, first.id)
    assert (second.strength, second.due) == ("conditional", None)


def test_a_correction_of_a_figure_takes_back_the_promise_that_has_it() -> None:
    ledger = read(
        [
            call((MIA, "Help?"), (ANA, "Then I'll put two people on your floor for two weeks. That's on us."), on="2026-05-06"),
            mail(ANA, MIA, "I have to correct the training: the people can be on your floor for one week, not two.", on="2026-05-20"),
        ]
    )
    [promise] = ledger.promises
    assert (promise.strength, promise.current, len(promise.places)) == ("retracted", False, 2)
    assert promise.text.endswith("That's on us.")


def linked(earlier: str, later: str) -> bool:
    """Whether the later of two statements on our side stands in the place of the earlier."""
    ledger = read([mail(ANA, MIA, earlier, on="2026-06-02"), mail(ANA, MIA, later, on="2026-07-02")])
    assert len(ledger.promises) == 2
    first, second = ledger.promises
    assert first.current == (second.supersedes is None)
    return second.supersedes == first.id


@pytest.mark.parametrize(
    ("earlier", "later"),
    [
        ("We will give you 8% on a 24-month term.", "We will do 12% if you take thirty-six months."),
        ("We aim to have your six biggest yards up and running by 1 March 2027.", "We will have Kiel and Bremen live on 8 February 2027."),
        (
            "We'd aim for 1 February 2027 for the lot, all fifty-eight.",
            "We will do the east side first, the twenty-four, on 22 February 2027 if we have the list by 8 January.",
        ),
    ],
)
def test_what_is_offered_anew_in_other_words_is_one_chain(earlier: str, later: str) -> None:
    assert linked(earlier, later)


@pytest.mark.parametrize(
    ("earlier", "later"),
    [
        ("The east patch goes live on 1 March 2027.", "The west patch goes live on 12 February 2027."),
        ("Wave one is live on 1 March 2027.", "Wave two is live on 12 February 2027."),
        ("We will have the first group live on 1 March 2027.", "We will have the others live on 12 February 2027."),
        ("We will give you 8% on a 24-month term.", "We will cap the increase at 3% for thirty-six months."),
        (
            "We'd aim to have Tom, our engineer, look and all six yards up and running by 1 March 2027.",
            "I'll set up Mia and Tom for the week of 7 September.",
        ),
    ],
)
def test_two_parts_of_one_plan_and_two_shares_of_one_price_are_two_matters(earlier: str, later: str) -> None:
    assert not linked(earlier, later)


def test_a_figure_that_was_said_wrongly_takes_back_the_one_promise_of_it() -> None:
    said = call((MIA, "How long without a link?"), (ANA, "You'll have seventy-two hours without a connection."), on="2026-06-02")
    right = "I have to fix something, I said seventy-two hours and that was wrong."
    [old, new] = read([said, mail(ANA, MIA, f"{right} It's 48 hours without a connection, then it goes amber.", on="2026-06-10")]).promises
    assert (old.strength, old.current, new.current, new.supersedes) == ("retracted", False, True, old.id)


def test_a_figure_that_two_promises_have_is_taken_back_from_neither() -> None:
    said = call(
        (MIA, "And then?"),
        (ANA, "You'll have seventy-two hours without a connection."),
        (MIA, "And a spare reader?"),
        (ANA, "We will replace a reader within seventy-two hours."),
        on="2026-06-02",
    )
    wrong = "I have to fix something, I said seventy-two hours and that was wrong."
    assert all(one.current for one in read([said, mail(ANA, MIA, wrong, on="2026-06-10")]).promises if one.strength == "firm")


def test_who_was_promised_may_say_that_it_will_be_longer() -> None:
    ledger = read(
        [
            mail(RAJ, MIA, "We will have Ana up there for a couple of days when you go live.", on="2026-06-02"),
            call(
                (MIA, "Two days are short."),
                (ANA, "I've been looking at the shifts and two's no good, I'll do five, Sunday to Thursday, two of them on nights."),
                on="2026-07-02",
            ),
        ]
    )
    [old, new] = ledger.promises
    assert (old.current, new.supersedes) == (False, old.id)
