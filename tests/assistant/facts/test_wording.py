"""What a sentence sounds like, beside what its phrases are known to do."""

from __future__ import annotations

import pytest

from assistant.facts.promises import DOUBTED, SOUNDS
from assistant.facts.wording import features, sureness


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("What about the travel?", "Flights, hotel, all of that is with us, you won't see a bill."),
        ("Who trains the night shift?", "We send a trainer for the night shift, two nights, and that's in the price."),
        ("When would the second office be live?", "The second office is live by the ninth of March, if we have the list by the first."),
    ],
)
def test_a_promise_in_words_of_its_own_sounds_like_one(asked: str, said: str) -> None:
    assert sureness(said, asked, before="", after="") >= SOUNDS


@pytest.mark.parametrize("said", ["How was your weekend?", "Can you all see my screen?", "Hi Tom, thanks for joining.", "Mm, interesting."])
def test_talk_does_not(said: str) -> None:
    assert sureness(said, "", before="", after="") < DOUBTED


def test_figures_days_sums_and_names_are_told_by_kind_alone() -> None:
    one = features("We load 40,000 files by 3 May for Anna, for $900.", "", before="", after="")
    other = features("We load 12 files by 9 June for Piet, for €75.", "", before="", after="")

    assert {"[number]", "[money]", "[name]"} <= one & other
    assert not {"anna", "piet", "40,000", "900"} & (one | other)


def test_what_it_answers_counts_by_its_last_sentences() -> None:
    asked = "We have nine sites. They are all over the place. Who trains them?"
    assert "asked trains" in features("We do.", asked, before="", after="")
    assert "asked nine" not in features("We do.", asked, before="", after="")


def test_what_stands_beside_it_counts_apart_from_its_own_words() -> None:
    found = features("That's in.", "", before="You asked about travel.", after="No charge.")
    assert {"before travel", "after charge"} <= found
    assert not {"travel", "charge", "opens", "ends"} & found
    assert {"opens", "ends"} <= features("That's in.", "", before="", after="")
