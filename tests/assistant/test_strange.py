"""A question that takes for granted what nobody spoke of, or what somebody denied, is not answered with what is nearest."""

from __future__ import annotations

import pytest

from assistant.answers import Question
from assistant.asking import ask
from assistant.models.strange import numbered
from ingest.archive.scope import EVERYTHING
from tests.conftest import Desk
from tests.exports import DANA, MARTA, at, gong, salesforce, under


@pytest.mark.parametrize(
    ("text", "things"),
    [
        ("When does phase three begin?", {("phase", 3)}),
        ("the second wave and Tier 4", {("wave", 2), ("tier", 4)}),
        ("three phases in 2027", set()),
        ("our first meeting", set()),
    ],
)
def test_things_with_a_number_are_told_from_numbers_of_things(text: str, things: set[tuple[str, int]]) -> None:
    assert numbered(text) == things


def said(desk: Desk, last: str, question: str) -> tuple[str | None, str]:
    talk = [
        (DANA, "Phase one is live on the first of December 2026, with sixty people in Gothenburg."),
        (MARTA, "And phase two, with the marketing people, begins on the first of March 2027."),
        (DANA, last),
    ]
    desk.write({**under("salesforce", salesforce()), **under("gong", gong("7100", "Plan", talk, on=at(9, 2)))})
    desk.ingest()
    with desk.kit() as kit:
        answer = ask(kit, Question(question, kit.archive.account(EVERYTHING, "Halden").id))
    return answer.reason, " ".join(claim.text for block in answer.blocks for claim in block.claims)


def test_the_third_of_things_of_which_there_are_two_is_declined(desk: Desk) -> None:
    reason, text = said(desk, "That is the whole plan, and I like it.", "When does phase three begin with the marketing people?")
    assert (reason, text) == ("false_premise", "")


def test_where_somebody_denied_it_their_words_correct_the_question(desk: Desk) -> None:
    reason, text = said(desk, "There is no phase three.", "When does phase three begin with the marketing people?")
    assert (reason, text) == ("false_premise", "Dana Okafor, 2 Sep 2026: There is no phase three.")


def test_the_second_of_two_is_answered(desk: Desk) -> None:
    reason, text = said(desk, "There is no phase three.", "When does phase two begin with the marketing people?")
    assert reason is None
    assert "first of March 2027" in text
