"""Statements that cannot both hold, each with the words of both sides."""

from __future__ import annotations

import pytest

from assistant.ledger import Ledger, read
from ingest.archive.rows import StoredInteraction
from tests.assistant.facts.history import ANA, MIA, RAJ, TOM, call, interaction, mail, order_form


def _pairs(ledger: Ledger) -> list[tuple[str, str, str, str]]:
    return [(one.kind, one.how, one.one.text, one.other.text) for one in ledger.conflicts]


def _note(words: str, *, on: str = "2026-06-02") -> StoredInteraction:
    return interaction("crm_note", [(ANA, words, "derived")], on=on, title="Recap", internal=True)


def test_a_promise_and_the_paper_that_denies_it_are_a_pair() -> None:
    paper = order_form("Order Form\n\nThe subscription renews automatically every year.\n\nSigned: Mia Berg, 1 July 2026")
    ledger = read([call((MIA, "And at the end?"), (ANA, "We will take the automatic renewal out.")), paper])
    assert _pairs(ledger) == [
        ("contract", "paper", "We will take the automatic renewal out.", "The subscription renews automatically every year.")
    ]


def test_two_of_ours_who_name_two_days_without_knowing_of_each_other_are_a_conflict() -> None:
    ledger = read(
        [
            call((MIA, "When?"), (ANA, "The three plants go live on 1 March 2027."), on="2026-06-02"),
            call((TOM, "When?"), (RAJ, "The three plants go live on 1 May 2027."), on="2026-06-20", title="IT"),
        ]
    )
    assert _pairs(ledger) == [("seller", "day", "The three plants go live on 1 May 2027.", "The three plants go live on 1 March 2027.")]


def test_a_day_that_is_moved_knowingly_is_a_change_and_no_conflict() -> None:
    ledger = read(
        [
            call((MIA, "When?"), (ANA, "The three plants go live on 1 March 2027."), on="2026-06-02"),
            mail(RAJ, MIA, "Ana said March; we have to move that. The three plants go live on 1 May 2027.", on="2026-06-20"),
        ]
    )
    assert [one.current for one in ledger.promises] == [False, True]
    assert ledger.conflicts == ()


def test_one_grants_what_another_refuses() -> None:
    ledger = read(
        [
            call((MIA, "Can we have it?"), (ANA, "Weekend support in Polish is included for all sites.")),
            call(
                (TOM, "Can we have it?"), (RAJ, "No, weekend support in Polish is not included for all sites."), on="2026-06-20", title="IT"
            ),
        ]
    )
    assert [(kind, how) for kind, how, _, _ in _pairs(ledger)] == [("seller", "refused")]


def test_what_the_customer_took_for_agreed_is_held_against_what_was_said() -> None:
    ledger = read(
        [
            call((MIA, "How many?"), (ANA, "You get training for two plants, on site, at no charge.")),
            mail(MIA, ANA, "I understood that the training at no charge is for all six plants.", on="2026-07-02"),
        ]
    )
    assert [(kind, how) for kind, how, _, _ in _pairs(ledger)] == [("customer", "figure")]


def test_two_of_the_customers_people_who_differ_on_where_they_stand_are_shown_both() -> None:
    ledger = read(
        [
            call(
                (MIA, "Today about 15 percent of the orders are late."),
                (ANA, "Hm."),
                (TOM, "No, it is more like 9 percent of the orders today."),
            )
        ]
    )
    assert _pairs(ledger) == [
        (
            "customer",
            "figure",
            "Today about 15 percent of the orders are late.",
            "No, it is more like 9 percent of the orders today.",
        )
    ]


def test_a_machines_summary_that_says_otherwise_is_shown_against_the_talk() -> None:
    talk = call((MIA, "And?"), (ANA, "We will have the interface running within eight weeks."))
    ledger = read([talk, _note("AI summary: Ana promised the interface running within six weeks.")])
    assert _pairs(ledger) == [
        (
            "recap",
            "figure",
            "We will have the interface running within eight weeks.",
            "Ana promised the interface running within six weeks.",
        )
    ]
    assert [one.text for one in ledger.promises] == ["We will have the interface running within eight weeks."]


def test_a_summary_of_what_was_refused_or_taken_back_is_against_the_talk_too() -> None:
    talk = call((MIA, "Can you deliver tablets for the drivers?"), (ANA, "No, we don't deliver tablets for drivers."))
    ledger = read([talk, _note("Gong AI recap: Ana agreed to deliver tablets for all drivers.")])
    assert [(kind, how) for kind, how, _, _ in _pairs(ledger)] == [("recap", "refused")]


def test_a_summary_that_agrees_is_no_conflict_and_never_a_promise() -> None:
    talk = call((MIA, "And?"), (ANA, "We will have the interface running within eight weeks."))
    summary = "AI summary: Ana promised the interface within eight weeks. Ana will pay for the travel of both trainers."
    ledger = read([talk, _note(summary)])
    assert ledger.conflicts == ()
    assert len(ledger.promises) == 1


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("Ana told us the crane is free for all six sites. Your price list says otherwise.", True),
        ("You gave us your word that the crane is free for all six sites, and it is not in the contract.", True),
        ("You said that the crane is free for all six sites, which is lovely.", False),
        ("Rondo told us the crane is free for all six sites. Your price list says otherwise.", False),
        ("You told us the canteen opens at noon. That is not how it is.", False),
    ],
)
def test_what_they_were_told_and_say_is_not_so_stands_beside_our_words(words: str, found: bool) -> None:
    promised = call((MIA, "And the crane?"), (ANA, "You get the crane free of charge for all six sites."), on="2026-06-02")
    later = interaction("email", [(MIA, words)], on="2026-06-20", title="Crane", participants=[MIA, ANA])
    disputed = [one for one in read([promised, later]).conflicts if one.how == "disputed"]
    assert [one.one.text for one in disputed] == (["You get the crane free of charge for all six sites."] if found else [])
