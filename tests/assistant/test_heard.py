"""The signs by which it is told whether a thing was ever spoken of."""

from __future__ import annotations

import pytest

from assistant.answers import Exchange, Question
from assistant.asking import gather
from assistant.models.extractive import sureness
from assistant.models.heard import Signs
from assistant.models.sentence_fit import fits
from ingest.archive.scope import EVERYTHING
from tests.conftest import Desk
from tests.exports import DANA, MARTA, at, gong, salesforce, under

TALK = [
    (MARTA, "And the vessel feed for the northern terminals, what about that?"),
    (DANA, "We connect it in November together with your customs broker."),
    (MARTA, "Good, our ships need that badly."),
    (DANA, "Then it stands for the whole winter, as we said."),
]


def seen(desk: Desk, question: str, *earlier: Exchange) -> Signs:
    desk.write({**under("salesforce", salesforce()), **under("gong", gong("7100", "Feed", TALK, on=at(9, 2)))})
    desk.ingest()
    with desk.kit() as kit:
        evidence = gather(kit, Question(question, kit.archive.account(EVERYTHING, "Halden").id, earlier=earlier))
        signs = sureness(evidence, fits(evidence, 10)).seen
    assert signs is not None
    return signs


def test_words_that_a_turn_and_the_one_before_it_hold_between_them_are_in_reach(desk: Desk) -> None:
    signs = seen(desk, "Is the vessel feed there in November?")
    assert signs.in_a_passage < 1
    assert signs.in_reach == pytest.approx(1)


def test_words_three_turns_away_are_not_in_reach(desk: Desk) -> None:
    assert seen(desk, "Is the vessel feed there in winter?").in_reach < 1


def test_much_hangs_on_one_word_where_the_question_has_few(desk: Desk) -> None:
    assert seen(desk, "Where is the broker?").rarest > 2 * seen(desk, "Is the vessel feed there in November with the broker?").rarest


def test_a_question_after_another_one_leans_on_it(desk: Desk) -> None:
    before = Exchange("When is the vessel feed connected?", "When is the vessel feed connected?", "In November.")
    assert (seen(desk, "And why do they need it?", before).leans, seen(desk, "Why do they need ships?").leans) == (1, 0)
