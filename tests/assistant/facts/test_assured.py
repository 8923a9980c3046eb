"""Promises told without a plain `we will`, and the paper that says the opposite of them."""

from __future__ import annotations

from datetime import date

import pytest

from assistant.facts.commitment import strength_of
from assistant.facts.dates import due
from assistant.facts.figures import figures
from assistant.facts.opposites import caps_rises_higher, goes_live_later, keeps_weekdays, says_the_opposite


@pytest.mark.parametrize(
    ("text", "strength"),
    [
        ("The labels we can print for you, no charge.", "firm"),
        ("Scanners we can lend you, provided you insure them.", "conditional"),
        ("There's somebody on the phone for you on Sundays.", "firm"),
        ("The discount holds for three years if you sign for three.", "conditional"),
        ("Increases are capped at four percent.", "firm"),
        ("It's nine weeks from signature, if we get the file by May.", "conditional"),
        ("You're live on the third of June.", "firm"),
        ("You can get out after a year if half of them stop using it.", "conditional"),
        ("Then we build the gateway against that.", "firm"),
        ("We could keep the old one running for a year at no charge, if your people give us a server.", "conditional"),
        ("We'd try to move the pictures too.", "best_effort"),
        ("Next week I can call you.", None),
        ("The weather we can talk about.", None),
        ("There is somebody in the next room.", None),
        ("Maybe we could keep it for a year at no charge, if your people want it.", None),
        ("We could do all sorts of things.", None),
        ("Then we go to the next screen.", None),
        ("Could you get out after a year?", None),
    ],
)
def test_an_assurance_has_the_strength_of_its_words(text: str, strength: str | None) -> None:
    assert strength_of(text) == strength


@pytest.mark.parametrize(
    ("promised", "written", "opposite"),
    [
        ("We'll freeze the price for three years.", "The supplier may adjust the price per seat once a year.", True),
        ("You can get out after a year.", "Termination for convenience, including loss of funding, is excluded.", True),
        ("You can get out after a year.", "Either party may terminate at the end of a year.", False),
        ("We'll freeze the price for three years.", "The price is payable once a year.", False),
    ],
)
def test_leaving_and_the_later_price_have_their_opposites(promised: str, written: str, opposite: bool) -> None:
    assert says_the_opposite(promised, written) is opposite


@pytest.mark.parametrize(
    ("written", "later"), [("Go-live: 7 September 2026.", True), ("Go-live: 20 August 2026.", False), ("Fee: 7 May 2026.", False)]
)
def test_a_later_day_in_the_paper_is_the_opposite_of_an_earlier_one(written: str, later: bool) -> None:
    promised, made = "You're live on the twenty-fourth of August.", date(2026, 4, 22)
    assert goes_live_later(promised, due(promised, made), made, written, figures(written)) is later


def test_a_higher_cap_and_hours_of_the_week_are_opposites_too() -> None:
    lower, higher = "Increases are capped at two percent.", "The fee may increase by no more than 3 per cent a year."
    assert caps_rises_higher(lower, higher, figures(higher))
    assert not caps_rises_higher("Increases are capped at four percent.", higher, figures(higher))
    assert keeps_weekdays("There's somebody on the phone on Saturdays.", "Support. Monday to Friday, 08:00 to 17:00.")
    assert not keeps_weekdays("There's somebody on the phone on Saturdays.", "Support. Monday to Saturday, 08:00 to 17:00.")


@pytest.mark.parametrize(
    ("text", "strength"),
    [
        ("I'll take the set-up fee off completely.", "firm"),
        ("Your maps live in our Leeds centre, nowhere else.", "firm"),
        ("A cap at two years' fees works for us.", "firm"),
        ("You'd be up by the tenth of May, so long as we get the keys by April.", "conditional"),
        ("The kit reaches you on 26 May.", "firm"),
        ("It goes in the contract.", "firm"),
        ("Sundays you've got the duty desk, six till six.", "firm"),
        ("That works for us.", None),
        ("Thursday at ten works for us.", None),
        ("I'll take the minutes out of my list.", None),
    ],
)
def test_an_assurance_may_also_be_a_place_a_day_or_a_yes_to_terms(text: str, strength: str | None) -> None:
    assert strength_of(text) == strength
