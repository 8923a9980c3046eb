"""Which sentences commit the seller, and how strongly."""

from __future__ import annotations

from datetime import date

import pytest

from assistant.facts.promises import PromiseSaid, promise
from assistant.facts.speech import statements
from ingest.archive.rows import StoredInteraction
from tests.assistant.facts.history import ANA, MIA, RAJ, TOM, call, interaction, mail


def promises_in(*interactions: StoredInteraction) -> list[PromiseSaid]:
    return [made for one in interactions for statement in statements(one) if (made := promise(statement))]


@pytest.mark.parametrize(
    ("words", "strength"),
    [
        ("We'll migrate your historical tickets before the first user logs in.", "firm"),
        ("Phone support is included in the Business plan, there's no extra charge for it.", "firm"),
        ("You will get a named consultant for the whole term.", "firm"),
        ("I'll hold that price for you until the end of the year.", "firm"),
        ("Two days of training on site, and we won't charge you for them.", "firm"),
        ("Our onboarding team will configure the first three plants.", "firm"),
        ("We delete your data within 30 days and send you a certificate.", "firm"),
        ("You can count on that for the Norwegian screens.", "firm"),
        ("I will send you the audit report by July 3, as you asked.", "firm"),
        ("I can give you a 10% discount on the three-year term.", "firm"),
        ("If you sign by the end of June, I'll make the first month free.", "conditional"),
        ("We will be live on 4 May, provided the test system is there by 1 April.", "conditional"),
        ("The plants go live Monday as long as the firewall is open.", "conditional"),
        ("We're aiming for the end of February with all four sites.", "best_effort"),
        ("We'll try to have the export ready in March for your team.", "best_effort"),
        ("Audit logs are on the roadmap for the second quarter.", "roadmap_statement"),
        ("We don't offer customer-managed keys.", "declined"),
        ("I can't give you a right to leave after the first year.", "declined"),
        ("Polish will not be there for the first release.", "declined"),
    ],
)
def test_what_the_seller_says_to_the_customer_is_a_promise_of_that_strength(words: str, strength: str) -> None:
    found = promises_in(call((MIA, "And what about us?"), (ANA, words)))
    assert [(made.strength, made.made_by.name) for made in found] == [(strength, "Ana Silva")]


@pytest.mark.parametrize(
    "words",
    [
        "I'll send you the deck after this.",
        "I'll share my screen now.",
        "We'll talk on Thursday then.",
        "I'll add that to the recap.",
        "Let me come back to you on that one.",
        "I'm not going to promise it today.",
        "I don't want to say yes before I've seen the data.",
        "If we had direct access we could have it running in six weeks.",
        "I could probably get that down to thirty.",
        "I'd guess you'd be looking at sixty a user.",
        "Should we include the second plant in the price?",
        "They guarantee six weeks, their words.",
        "I've got customers that dropped by half.",
        "Here's the page, and on the right you see the list.",
        "No promises.",
    ],
)
def test_errands_hypotheses_hedges_and_questions_are_no_promises(words: str) -> None:
    assert promises_in(call((MIA, "And what about us?"), (ANA, words))) == []


COMMITMENT = "We will include the migration at no charge."


def test_the_customers_own_undertakings_are_no_promises() -> None:
    assert promises_in(call((MIA, COMMITMENT), (ANA, "Thank you."))) == []


def test_an_inline_quotation_or_a_tail_is_not_said_again() -> None:
    quoting = interaction("email", [(ANA, "See below."), (ANA, COMMITMENT, "quoted")], participants=[ANA, MIA])
    assert promises_in(quoting) == []


def test_talk_among_ourselves_is_no_promise() -> None:
    among_us = mail(ANA, RAJ, COMMITMENT)
    marked = interaction("call", [(MIA, "Hello."), (ANA, COMMITMENT), (MIA, "Fine.")], internal=True)
    assert promises_in(among_us, marked) == []


def test_what_is_said_after_the_customer_left_the_call_is_no_promise() -> None:
    after = interaction(
        "call", [(ANA, "Hello."), (MIA, "Bye."), (ANA, "Bye."), (RAJ, "Bye."), (ANA, "Okay, just us now."), (RAJ, COMMITMENT)]
    )
    assert promises_in(after) == []


def test_a_machines_recap_is_no_promise_and_neither_is_a_crm_note() -> None:
    recap = interaction("email", [(ANA, f"AI meeting summary. {COMMITMENT}")], participants=[ANA, MIA])
    note = interaction("crm_note", [(ANA, COMMITMENT)], participants=[ANA])
    assert promises_in(recap, note) == []


def test_a_plain_no_to_a_request_is_a_refusal() -> None:
    answer = interaction(
        "email", [(TOM, "> We require 24 hours.", "quoted"), (ANA, "No, our standard notice applies.")], participants=[ANA, TOM]
    )
    assert [made.strength for made in promises_in(answer)] == ["declined"]


def test_a_promise_knows_its_condition_its_due_date_and_whom_it_was_made_to() -> None:
    [made] = promises_in(call((TOM, "When?"), (ANA, "We will be live by 18 January, provided the test system is there by 30 November.")))
    assert made.conditions == "provided the test system is there by 30 November"
    assert made.made_to == TOM
    assert made.kind == "timeline"
    assert made.due is not None
    assert (made.due.as_said, made.due.on) == ("18 January", date(2027, 1, 18))


def test_a_quote_too_short_to_stand_alone_takes_the_sentence_before_it_along() -> None:
    [made] = promises_in(call((MIA, "How fast?"), (ANA, "Seventy-two hours after it is confirmed. That's our standard.")))
    assert made.at.text == "Seventy-two hours after it is confirmed. That's our standard."


@pytest.mark.parametrize(
    ("asked", "answer", "strength"),
    [
        ("And you migrate the archive, too?", "Yes, we'll do that.", "firm"),
        ("I need the meters read by the fifteenth, every month.", "By the fifteenth, every month. No problem.", "firm"),
        ("Could we skip the annual inspection?", "The inspection can't be skipped, it's the law.", "declined"),
        ("Would you install on a bank holiday?", "Sure, as long as somebody lets us in, we'll do that.", "conditional"),
    ],
)
def test_an_answer_takes_over_what_was_asked_for(asked: str, answer: str, strength: str) -> None:
    talk = call((MIA, asked), (ANA, answer))
    found = [one for each in statements(talk) if (one := promise(each))]
    assert [one.strength for one in found][:1] == [strength]


@pytest.mark.parametrize(
    ("asked", "answer"),
    [
        ("Can you hear me now?", "Yes, I can."),
        ("Is that the dashboard?", "Yes, that's it."),
        ("Do you remember the old system?", "Sure, we do."),
        ("Can you see my screen?", "We can, no problem."),
    ],
)
def test_an_answer_to_who_only_wants_to_know_promises_nothing(asked: str, answer: str) -> None:
    talk = call((MIA, asked), (ANA, answer))
    assert [one for each in statements(talk) if (one := promise(each))] == []
