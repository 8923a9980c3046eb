"""Questions for promises are answered by the ledger where search has no sure answer, or where all of them are asked for."""

from __future__ import annotations

import pytest

from assistant.answers import Question
from assistant.asking import ask
from assistant.promised import asks_what_is_owed, matter_of
from ingest.archive.scope import EVERYTHING
from tests.conftest import Desk
from tests.exports import DANA, TOM, at, gong, salesforce, under

TALK = {
    **under("salesforce", salesforce()),
    **under(
        "gong",
        gong(
            "7100",
            "Security",
            [
                (TOM, "And our people do not want another password, that has been a nightmare with the old tool."),
                (DANA, "Single sign-on is in your plan, and you will have it working before the first user logs in."),
                (TOM, "Good. And the weather in Malmö, is it as bad as they say?"),
                (DANA, "We will send a trainer to Gothenburg for two days in January."),
            ],
            on=at(9, 24),
        ),
    ),
}


@pytest.mark.parametrize(
    ("question", "matter"),
    [
        ("What did sales promise about SSO?", "SSO"),
        ("What did we promise?", ""),
        ("And what have we committed to regarding the data migration?", "data migration"),
        ("Which promises did Dana make about the API?", "API"),
        ("What was the customer promised on weekend support?", "weekend support"),
        ("What did we promise the customer?", ""),
        ("List the commitments", ""),
        ("Did we promise a refund?", None),
        ("What promise worries them most, and why would it slip?", None),
        ("Why did they buy?", None),
        ("What go-live date did we commit to?", None),
    ],
)
def test_what_a_question_for_promises_is_about(question: str, matter: str | None) -> None:
    assert matter_of(question) == matter


@pytest.fixture
def desk_with_talk(desk: Desk) -> Desk:
    desk.write(TALK)
    desk.ingest()
    return desk


def said(desk: Desk, question: str) -> list[str]:
    with desk.kit() as kit:
        answer = ask(kit, Question(question, kit.archive.accounts(EVERYTHING)[0].id))
        for block in answer.blocks:
            for claim in block.claims:
                quotes = [c for c in answer.citations if c.id in claim.citations]
                assert quotes
                texts = {each.source.id: each.text for each in kit.archive.interactions(EVERYTHING)}
                assert all(texts[c.interaction_id][c.span.start : c.span.end] == c.exact for c in quotes)
        return [claim.text for block in answer.blocks for claim in block.claims]


def test_the_fields_other_name_for_a_matter_finds_the_promise(desk_with_talk: Desk) -> None:
    assert any("Single sign-on is in your plan" in text for text in said(desk_with_talk, "What did sales promise about SSO?"))


def test_what_was_never_promised_stays_unanswered(desk_with_talk: Desk) -> None:
    assert not any("sign-on" in text or "trainer" in text for text in said(desk_with_talk, "What did sales promise about penguins?"))


def test_all_promises_are_told_and_nothing_but_promises(desk_with_talk: Desk) -> None:
    told = said(desk_with_talk, "What did we promise?")
    assert len(told) == 2
    assert not any("weather" in text or "nightmare" in text for text in told)


@pytest.mark.parametrize(
    ("question", "owed"),
    [
        ("What do we still owe them?", True),
        ("What does the AE owe them this month?", True),
        ("What have we still to deliver?", True),
        ("What do they owe us?", False),
        ("What do we owe them an apology for?", False),
    ],
)
def test_what_is_owed_is_asked_for(question: str, owed: bool) -> None:
    assert asks_what_is_owed(question) == owed


def test_what_we_owe_them_is_what_was_promised(desk_with_talk: Desk) -> None:
    assert sorted(said(desk_with_talk, "What do we still owe them?")) == sorted(said(desk_with_talk, "What did we promise?"))


PAPER = """ORDER FORM Q-1
Customer: Halden Freight Group. Supplier: Cartage.
1. Single sign-on (SAML 2.0) is included.
2. The subscription renews automatically for periods of 12 months.
Signed for Halden Freight Group: Marta Lindqvist, 14 October 2026."""


def test_a_promise_asked_for_with_the_contract_is_shown_beside_it(desk: Desk) -> None:
    desk.write({**TALK, **under("docs", {"Order Form Q-1, Halden Freight Group.txt": PAPER})})
    desk.ingest()
    told = said(desk, "What did sales promise about SSO, and is it in the contract?")
    assert any("you will have it working before the first user logs in" in text for text in told)


@pytest.mark.parametrize(
    "question", ["What did sales promise about SSO, and is it in the contract?", "What did sales promise about SSO and when?"]
)
def test_a_second_question_in_the_same_breath_is_no_part_of_the_matter(question: str) -> None:
    assert matter_of(question) == "SSO"
