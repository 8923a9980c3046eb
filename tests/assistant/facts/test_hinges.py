"""On which words a promise hangs, wherever they stand."""

from __future__ import annotations

import pytest

from assistant.facts.promises import PromiseSaid
from assistant.facts.reading import read_off
from assistant.ledgers import without
from eval.sentences import parsed


def said(turns: str) -> PromiseSaid:
    """The last promise of an exchange."""
    return read_off(parsed(f"x | call | {turns}").interaction).promises[-1]


@pytest.mark.parametrize(
    ("turns", "hangs_on"),
    [
        (
            "B: When? / S: We load the lot by the third of May, as long as your side can spare a day.",
            "as long as your side can spare a day",
        ),
        ("B: And the price? / S: Signed by the ninth of June, and we can do forty a month.", "Signed by the ninth of June"),
        ("B: When? / S: You're live on the third of May. I need the list from you by the first.", "I need the list from you by the first."),
        (
            "B: If we sign by Friday, is the training free? / S: Then yes, you get the training free.",
            "If we sign by Friday, is the training free?",
        ),
    ],
)
def test_a_condition_is_quoted_from_where_it_stands(turns: str, hangs_on: str) -> None:
    promise = said(turns)
    assert promise.strength == "conditional"
    assert promise.hangs_on is not None
    assert hangs_on in promise.hangs_on.text


@pytest.mark.parametrize(
    "turns",
    [
        "B: When? / S: You're live on the third of May, I have the people booked.",
        "B: And support? / S: We answer every ticket within an hour, day and night.",
        "B: And the bus? / S: First month free if you sign by June. The bus we bring on the third of May at our cost.",
    ],
)
def test_a_plain_yes_hangs_on_nothing_beside_it(turns: str) -> None:
    promise = said(turns)
    assert (promise.strength, promise.hangs_on) == ("firm", None)


def test_a_condition_that_the_grammar_reads_is_not_lost_for_another() -> None:
    promise = said("B: And the price? / S: Signed by the ninth of June, and we can do forty a month, provided you bring the laptops.")
    assert "you bring the laptops" in promise.conditions


def test_a_condition_that_is_withheld_is_told_nowhere() -> None:
    interaction = parsed("x | call | B: If we sign by Friday, is the training free? / S: Then yes, you get the training free.").interaction
    reading = read_off(interaction)
    [told] = [one for one in reading.promises if one.hangs_on]
    assert told.hangs_on is not None
    assert "sign by Friday" in told.conditions
    [left] = without({interaction.source.id: reading}, {interaction.source.id: (told.hangs_on.span,)})[interaction.source.id].promises
    assert (left.hangs_on, left.conditions) == (None, "")
