"""What the signed paper says about a promise."""

from __future__ import annotations

import pytest

from assistant.facts.contract import verdict
from assistant.facts.hours import outside_hours
from assistant.facts.paper import clauses, contracts
from assistant.facts.promises import promise
from assistant.facts.speech import statements
from tests.assistant.facts.history import ANA, MIA, call, interaction, order_form

PAPER = """Order Form 12

1. Subscription. Single sign-on is included for all named users.

2. Term. The subscription may not be cancelled during the initial term. It renews automatically for terms of 12 months.

3. Data. Supplier deletes Customer data within 90 days after the end of the term. Supplier notifies Customer of an incident within 48 hours.

4. Not included. Hardware, including tablets. Custom reports.

Signatures

For Buyer: Mia Berg, 1 July 2026"""


def status(words: str, paper: str | None = PAPER) -> tuple[str, str]:
    [made] = [m for s in statements(call((MIA, "And this?"), (ANA, words))) if (m := promise(s))]
    terms = clauses(contracts([order_form(paper)] if paper else []))
    found = verdict(made, terms)
    return found.status, found.clause.at.text if found.clause else ""


@pytest.mark.parametrize(
    ("words", "expected", "clause"),
    [
        ("Single sign-on is included, there's no extra charge.", "covered", "Single sign-on is included for all named users."),
        ("We notify you of an incident within seventy-two hours.", "covered", "Supplier notifies Customer of an incident within 48 hours."),
        ("If you hate it you can walk after sixty days.", "contradicted", "The subscription may not be cancelled during the initial term."),
        ("We'll take the automatic renewal out.", "contradicted", "It renews automatically for terms of 12 months."),
        (
            "We delete your data within thirty days.",
            "contradicted",
            "Supplier deletes Customer data within 90 days after the end of the term.",
        ),
        ("We'll send you two tablets, no cost, you keep them.", "excluded", "Hardware, including tablets."),
        ("We don't do hardware, so no tablets.", "excluded", "Hardware, including tablets."),
        ("I will visit each plant every week for a month.", "silent", ""),
    ],
)
def test_a_promise_is_held_against_the_clause_that_speaks_of_it(words: str, expected: str, clause: str) -> None:
    assert status(words) == (expected, clause)


FEW_WORDS = """Order Form 13

1. Support
Telephone support is available from 08:00 to 18:00, Monday to Friday.

2. Messages
The annual fee includes 40,000 messages per year; further messages are charged at 4 pence each.

3. Operation
Gates operate without a network connection for up to 48 hours.

4. Not included
Fatigue management. Conversion of historic certificates.

Signatures

For Buyer: Mia Berg, 1 July 2026"""


@pytest.mark.parametrize(
    ("words", "expected", "clause"),
    [
        ("The gate keeps going for forty-eight hours with no network.", "covered", "for up to 48 hours"),
        ("The gate keeps going for seventy-two hours with no network.", "contradicted", "for up to 48 hours"),
        ("We'll load the old certificates for you, no charge.", "excluded", "historic certificates"),
        ("We don't do fatigue and we won't build it.", "excluded", "Fatigue management."),
        ("We pay the flights for both trainers.", "silent", ""),
    ],
)
def test_one_rare_word_in_common_tells_the_clause_of_a_short_paper(words: str, expected: str, clause: str) -> None:
    told, where = status(words, FEW_WORDS)
    assert told == expected
    assert clause in where


def test_a_short_line_of_what_is_not_included_is_no_heading() -> None:
    terms = {clause.text: clause.excludes for clause in clauses([order_form(FEW_WORDS)])}
    assert terms["Fatigue management."]
    assert terms["Conversion of historic certificates."]


def test_without_a_contract_nothing_is_covered() -> None:
    assert status("Single sign-on is included, there's no extra charge.", None) == ("no_contract", "")


def test_an_unsigned_order_form_holds_only_once_the_deal_is_closed() -> None:
    unsigned = order_form("Order Form 12\n\nSingle sign-on is included for all named users.")
    assert contracts([unsigned]) == ()
    assert contracts([unsigned], closed=True) == (unsigned,)


def test_a_questionnaire_counts_only_where_the_order_form_makes_it_a_schedule() -> None:
    answers = interaction("doc", [(None, "Data stays in the EU.")], title="Security questionnaire v2")
    scheduled = order_form("Order Form 12\n\nSchedule 1: Security questionnaire of 1 June 2026.\n\nSignatures: Mia Berg, 1 July 2026")
    informed = order_form("Order Form 12\n\nSecurity questionnaires are for information.\n\nSignatures: Mia Berg, 1 July 2026")
    assert contracts([scheduled, answers]) == (scheduled, answers)
    assert contracts([informed, answers]) == (informed,)


def test_an_exclusion_in_a_line_of_its_own_covers_nothing() -> None:
    paper = "Order Form 12\n\nOut of scope: custom reports for the harbour.\n\nSigned: Mia Berg, 1 July 2026"
    assert status("We will build custom reports for the harbour.", paper) == ("excluded", "Out of scope: custom reports for the harbour.")


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("You get support by phone in Danish around the clock.", "contradicted"),
        ("You get support by phone in English around the clock.", "covered"),
        ("You get support by phone in Danish on weekdays.", "covered"),
    ],
)
def test_paper_that_keeps_hours_covers_no_promise_of_all_hours(words: str, expected: str) -> None:
    hours = "Support by phone is given 24 hours a day in English, and on weekdays from 8:00 to 17:00 in Danish."
    assert status(words, f"Order Form 3\n\n{hours}\n\nFor Buyer: 1 July 2026")[0] == expected


def test_what_is_sold_for_money_of_its_own_is_not_ruled_out_by_not_being_included() -> None:
    assert status("We will build custom reports for you at a price of nine thousand euros.")[0] == "silent"
    assert status("We will build two custom reports for you, no extra charge.")[0] == "excluded"


OTHER_PAPER = """Order Form 31

1. Implementation: twelve weeks from the effective date.

2. Included: the archive connector (version 10 and later).

3. Term. Termination for convenience is excluded during the subscription term.

Signatures

For Buyer: Mia Berg, 1 July 2026"""


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("We'll have you live in eight weeks.", "contradicted"),
        ("We'll have you live in fourteen weeks.", "silent"),
        ("We will give you the archive connector for 9.3 free of charge.", "silent"),
        ("We will give you the archive connector for version 10 free of charge.", "covered"),
        ("We can offer you a break after twelve months.", "contradicted"),
    ],
)
def test_later_weeks_another_version_and_no_way_out_cover_nothing(words: str, expected: str) -> None:
    assert status(words, OTHER_PAPER)[0] == expected


SIGNED_AT_ITS_HEAD = """Order Form: Corrales
Signed 23 October 2026.
1 Scope
1.1 Corrales for nine ranches.
2 Exclusions
2.1 Ear tags.
"""


def test_what_stands_below_the_day_of_the_signature_are_terms_under_their_own_headings() -> None:
    terms = {clause.text: (clause.heading, clause.excludes) for clause in clauses([order_form(SIGNED_AT_ITS_HEAD)])}
    assert terms["1.1 Corrales for nine ranches."] == ("Scope", False)
    assert terms["2.1 Ear tags."] == ("Exclusions", True)


def test_two_things_on_days_of_one_month_have_nothing_in_common() -> None:
    paper = "# Order form\n\nSigned 4 March 2026\n\n## Not included\n\nLoading of records before 1 January 2022.\n"
    assert status("Live on Monday, the eighteenth of January.", paper) == ("silent", "")


@pytest.mark.parametrize(
    ("words", "clause", "expected"),
    [
        ("We answer tickets within 24 hours.", "Tickets are answered within 24 hours on working days.", "covered"),
        (
            "We give you the training at no charge.",
            "Training of dispatchers is included in the price, further days are charged.",
            "covered",
        ),
    ],
)
def test_a_stretch_of_time_is_no_service_round_the_clock_and_what_is_included_is_no_charge(words: str, clause: str, expected: str) -> None:
    assert status(words, f"Order Form\n\n1. Service: {clause}\n\nSignatures\n\nFor Buyer: Mia Berg, 1 July 2026")[0] == expected
    assert outside_hours("We answer tickets 24 hours a day.", "Tickets are answered on working days.")
