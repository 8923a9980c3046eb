"""Which earlier promise a later statement takes the place of, without vectors."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from assistant.beside import NAMES, Beside
from assistant.facts.promises import PromiseSaid
from assistant.facts.speech import Place
from assistant.instead import Weights, chances, replaced, shipped
from eval.papers import SAID_ON, interaction, promise_at


def _said(*words: str) -> list[PromiseSaid]:
    """A talk each, a week apart."""
    found = []
    for week, text in enumerate(words):
        told = interaction(text, "call", [("S", "", text), ("B", "", "Thanks, bye.")])
        found.append(replace(promise_at(Place(told, told.turns[0].span)), made_on=SAID_ON + timedelta(weeks=week)))
    return found


def test_a_later_day_for_the_same_takes_the_place_of_the_nearest_and_of_nothing_else() -> None:
    said = _said(
        "The night shift gets its own trainer for three days.",
        "We will have both bakeries live on 4 October 2027.",
        "We will have both bakeries live on 8 November 2027 instead, if the ovens are in.",
    )
    assert replaced(Beside(said, None), 2, [0, 1]) == [1]


def test_what_is_about_something_else_replaces_nothing() -> None:
    said = _said("We will have both bakeries live on 4 October 2027.", "The invoices go to your office in Ghent from the first month on.")
    assert replaced(Beside(said, None), 1, [0]) == []


def test_earlier_statements_stand_against_each_other_and_against_none() -> None:
    said = _said("Ten scanners are in the price.", "Ten scanners are in the price.", "Six scanners are in the price.")
    beside = Beside(said, None)
    one, two = (chances(beside.features(held, 2), shipped(with_vectors=False)) for held in ([0], [0, 1]))
    assert two[0] == two[1] < one[0]
    assert sum(two) > one[0]


def test_there_is_a_weight_for_every_feature_that_is_asked_for() -> None:
    for with_vectors in (True, False):
        weights = shipped(with_vectors)
        assert isinstance(weights, Weights)
    said = _said("Ten scanners are in the price.", "Six scanners are in the price.")
    assert [len(one) for one in Beside(said, None).features([0], 1)] == [len(NAMES)]
