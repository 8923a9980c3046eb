"""Sentences that look like a promise, a refusal or a day and are none, and days that several things hang on."""

from __future__ import annotations

from datetime import date

import pytest

from assistant.facts.dates import due
from assistant.facts.reading import read_off
from tests.assistant.facts.history import ANA, MIA, RAJ, TOM, call, interaction, mail


@pytest.mark.parametrize(
    "words",
    [
        "The open points are with the people who own them.",
        "I gather you were told something else.",
        "Our estimate says two hundred for your site.",
        "SAML is standard for us.",
        "She is all yours.",
        "I'd like to have that conversation with you in the room.",
        "We don't copy the database.",
        "The tickets (access, finding 4) are with your colleagues.",
    ],
)
def test_what_is_only_told_is_no_promise_and_no_refusal(words: str) -> None:
    assert read_off(call((MIA, "And then?"), (ANA, words))).promises == ()


def test_a_no_to_how_it_works_refuses_nothing_and_a_no_to_a_wish_does() -> None:
    works = call((TOM, "Do you make a copy?"), (RAJ, "No. We query it where it stands."))
    wish = call((TOM, "We need it on our own machines."), (RAJ, "No. We run it as a service."))
    assert read_off(works).promises == ()
    assert [one.strength for one in read_off(wish).promises] == ["declined"]


def test_that_there_is_none_of_something_else_refuses_nothing() -> None:
    other = call((TOM, "Can a driver see why he waits?"), (RAJ, "It shows the reason. There is no magic formula behind the score."))
    asked = call((TOM, "Can we have a live feed for the barges?"), (RAJ, "There is no feed for barges."))
    assert read_off(other).promises == ()
    assert [one.strength for one in read_off(asked).promises] == ["declined"]


def test_a_quoted_word_says_nothing_of_the_sentence_around_it() -> None:
    [one] = read_off(mail(ANA, MIA, 'Instead of the "next quarter" we will have it live for you by 1 May 2027.')).promises
    assert one.strength == "firm"


@pytest.mark.parametrize(
    ("words", "on"),
    [
        ("We will be with you on March third and fourth.", date(2027, 3, 4)),
        ("We will be with you from the 12th to 14th of May.", date(2027, 5, 14)),
        ("The plan is done by 3 March, and you will have the letter by 9 March.", date(2027, 3, 3)),
        ("You will get a fresh report every April.", date(2027, 4, 30)),
        ("It is live on 3 March or on 4 April.", None),
    ],
)
def test_the_day_of_a_promise_with_more_than_one_in_it(words: str, on: date | None) -> None:
    said = due(words, date(2026, 8, 1))
    assert said is not None
    assert said.on == on


def test_internal_talk_of_ours_is_read_for_no_kind_of_commitment() -> None:
    note = interaction("crm_note", [(ANA, "We will waive the set-up fee of EUR 900.")], internal=True)
    reading = read_off(note)
    assert (reading.promises, reading.terms, reading.reliance) == ((), (), ())


@pytest.mark.parametrize(
    "words",
    [
        "Half of our tenants leave within the first year.",
        "The complaints started after the merger.",
        "She went to another clinic because of it.",
        "Two dealers have told us they will stop ordering.",
        "Either it is running in May or it has to wait for the next season.",
    ],
)
def test_what_sets_it_off_and_what_is_lost_is_a_reason_to_buy(words: str) -> None:
    assert [one.topic for one in read_off(call((MIA, words))).remarks] == ["why"]


@pytest.mark.parametrize("words", ["We started at nine today.", "Half of us have lunch now.", "She went to get coffee."])
def test_small_talk_is_no_reason(words: str) -> None:
    assert read_off(call((MIA, words))).remarks == ()
