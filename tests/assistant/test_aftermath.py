"""After the signature: what the customer says they were told, and what became of promises by later words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pytest

from assistant.ledger import Ledger, read
from ingest.archive.rows import StoredInteraction
from tests.assistant.facts.history import ANA, MIA, TOM, call, mail

SIGNED = date(2026, 6, 30)
PROMISED = call((MIA, "And the loan scooters?"), (ANA, "The loan scooters for your couriers are free for the first year."), on="2026-06-02")


def ledger(*later: StoredInteraction, signatures: Sequence[date] = (SIGNED,)) -> Ledger:
    return read([PROMISED, *later], signatures=signatures)


def test_what_the_customer_recalls_is_shown_with_the_words_it_goes_back_to() -> None:
    found = ledger(mail(MIA, ANA, "You told us the loan scooters would be free. Is that still so?", on="2026-08-03"))
    [recalled] = found.recalled
    assert recalled.word.at.text == "You told us the loan scooters would be free."
    assert [one.text for one in found.promises if one.id in recalled.promises] == [
        "The loan scooters for your couriers are free for the first year."
    ]


def test_a_promise_that_nobody_made_is_recalled_without_words_to_go_back_to() -> None:
    [recalled] = ledger(mail(MIA, ANA, "We were promised a helicopter pad on the roof.", on="2026-08-03")).recalled
    assert recalled.promises == ()


@pytest.mark.parametrize(
    "words",
    [
        "Didn't you say the loan scooters were free for the first year?",
        "I thought Ana said the loan scooters would be free.",
        "Weren't we getting loan scooters for our couriers?",
        "On the call in June you guys mentioned loan scooters for the couriers.",
        "As agreed, the loan scooters are free.",
        "The loan scooters were supposed to be free.",
        "Wasn't Ana supposed to send the couriers their loan scooters?",
        "My understanding was that the loan scooters come free.",
        "Tom has it in his notes that the loan scooters are free.",
        "According to Ana the loan scooters cost nothing in the first year.",
        "Ana gave us her word on the loan scooters.",
        "Where are the loan scooters? They were part of the deal.",
    ],
)
def test_however_it_is_said_it_leads_back_to_the_promise(words: str) -> None:
    [recalled] = ledger(mail(MIA, ANA, words, on="2026-08-03")).recalled
    assert len(recalled.promises) == 1


@pytest.mark.parametrize(
    "words",
    [
        "Tom promised me he would ride the loan scooters himself.",
        "We told our couriers that the loan scooters are coming.",
        "I was told by our lawyers that loan scooters need a plate.",
        "You said the weather would be awful, and so it was.",
        "We agreed internally to move the loan scooters.",
        "We were supposed to send you the list of couriers for the loan scooters.",
        "Gartner told us the market is shrinking.",
    ],
)
def test_what_goes_back_to_nobody_of_ours_or_to_nothing_on_record_is_not_shown(words: str) -> None:
    there = mail(TOM, ANA, "I ride to work.", on="2026-06-01")
    assert ledger(there, mail(MIA, ANA, words, on="2026-08-03")).recalled == ()


def test_of_two_promises_the_one_that_still_holds_is_named_first() -> None:
    first = mail(ANA, MIA, "We will deliver 40 bicycles for your couriers by 1 August.", on="2026-06-08")
    then = mail(ANA, MIA, "We will deliver 30 bicycles for your couriers by 8 August.", on="2026-06-09")
    found = ledger(first, then, mail(MIA, ANA, "You promised us bicycles for our couriers in August.", on="2026-09-03"))
    assert [one.current for one in found.promises if "bicycles" in one.text] == [False, True]
    [recalled] = found.recalled
    assert [one.text for one in found.promises if one.id == recalled.promises[0]] == [
        "We will deliver 30 bicycles for your couriers by 8 August."
    ]


def test_before_the_signature_nothing_is_watched() -> None:
    early = mail(MIA, ANA, "You told us the loan scooters would be free.", on="2026-06-10")
    assert ledger(early).recalled == ()
    assert ledger(early, signatures=()).recalled == ()


def test_of_several_signatures_the_last_one_counts() -> None:
    """A pilot was signed first: what is said between the two belongs to selling the second."""
    between = mail(MIA, ANA, "You told us the loan scooters would be free.", on="2026-06-20")
    after = mail(MIA, ANA, "You told us the loan scooters would be free.", on="2026-08-03")
    found = ledger(between, after, signatures=(date(2026, 6, 10), SIGNED))
    assert [one.word.said_on for one in found.recalled] == [date(2026, 8, 3)]


def test_a_complaint_puts_a_promise_at_risk_and_a_later_word_keeps_it() -> None:
    complaint = mail(MIA, ANA, "We were billed for the loan scooters of the couriers.", on="2026-08-03")
    [promise] = ledger(complaint).promises
    assert (promise.became.status, promise.became.places[0].text) == ("at_risk", "We were billed for the loan scooters of the couriers.")
    mended = mail(ANA, MIA, "The loan scooters for your couriers have been credited.", on="2026-08-09", title="Credit")
    [promise] = ledger(complaint, mended).promises
    assert (promise.became.status, promise.became.on) == ("kept", date(2026, 8, 9))


def test_what_is_said_of_something_else_changes_nothing() -> None:
    [promise] = ledger(mail(MIA, ANA, "The coffee machine in our office is still not working.", on="2026-08-03")).promises
    assert promise.became.status == "open"
