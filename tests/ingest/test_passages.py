"""Passages are exact slices that hold every word said, and sentences end where a reader would end them."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import get_args

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ingest.passages import MOST_CHARACTERS, MOST_WORDS, sentences, split
from ingest.records import Role, Turn, text_of
from tests.ingest.making import call

WORDS = st.text(st.sampled_from("abZ é0.!?:,-\n\n\"'()1 Mr"), max_size=400)
LONG = st.integers(1, 3000).map(lambda n: "word " * n) | st.integers(1, 5000).map(lambda n: "x" * n)
TURNS = st.lists(st.builds(Turn, WORDS | LONG, role=st.sampled_from(get_args(Role))), max_size=4)


@given(TURNS)
@example([Turn("a " * 300 + "\n\n" + "b " * 50)])
def test_a_passage_is_a_slice_of_one_turn_and_no_word_is_lost(turns: list[Turn]) -> None:
    talk = replace(call("c"), turns=tuple(turns))
    text = text_of(talk)
    for passage in split(talk):
        assert text[passage.span.start : passage.span.end] == passage.text
        assert passage.text in turns[passage.turn].text
    for number, turn in enumerate(turns):
        said = "".join("".join(p.text.split()) for p in split(talk) if p.turn == number)
        assert said == ("".join(turn.text.split()) if turn.role == "said" else "")


@given(TURNS)
def test_a_passage_is_never_larger_than_what_can_be_quoted_and_embedded_whole(turns: list[Turn]) -> None:
    for passage in split(replace(call("c"), turns=tuple(turns))):
        assert len(passage.text) <= MOST_CHARACTERS
        assert len(passage.text.split()) <= MOST_WORDS


@given(WORDS)
def test_sentences_hold_every_word_in_order_and_do_not_overlap(text: str) -> None:
    found = sentences(text)
    assert all(a.end <= b.start for a, b in pairwise(found))
    assert [word for s in found for word in text[s.start : s.end].split()] == text.split()
    assert all(text[s.start : s.end] == text[s.start : s.end].strip() for s in found)


@pytest.mark.parametrize(
    "expected",
    [
        ["We agreed on May 4.", "It holds."],
        ["Dr. Paul and Mr. Ek met J. Beck.", "They left."],
        ["It is approx. 40 docks, i.e. Two yards."],
        ["See No. 5 of the schedule."],
        ["Is that included?", "No.", "We charge for it."],
        ["He said “we sign.”", "Then he left."],
        ["It costs 6.50 a dock."],
        ["Wait…", "What?"],
    ],
)
def test_sentences_end_where_a_reader_would_end_them(expected: list[str]) -> None:
    assert cut(" ".join(expected)) == expected


@pytest.mark.parametrize(
    "expected",
    [
        ["Scope:", "1. Two depots", "2. The rest by May"],
        ["- SAP test system is there by the end of November, which is Tom's word,", "- camera stream"],
        ["Stage: Closed Won, and a few more words to fill the line to its end now", "Amount: 186000"],
        ["Hi Marta,", "thanks for the call", "Dana"],
        ["First paragraph that is as long as a line in a wrapped mail is, without", "second paragraph"],
        ["Short line of a poem", "and the next one"],
    ],
)
def test_lines_that_stand_for_themselves_are_sentences(expected: list[str]) -> None:
    joint = "\n\n" if "paragraph" in expected[0] else "\n"
    assert cut(joint.join(expected)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "We have the first two depots live by the end of January, as long as\nHalden gives us the SAP system. Then\nwe go on.",
            [
                "We have the first two depots live by the end of January, as long as\nHalden gives us the SAP system.",
                "Then",
                "we go on.",
            ],
        ),
        (
            "The price is held for twelve months from the day of the agreement, in\nwhich 4,200 a year is agreed."
            " The offer of free support in Swedish\nstands.",
            [
                "The price is held for twelve months from the day of the agreement, in\nwhich 4,200 a year is agreed.",
                "The offer of free support in Swedish\nstands.",
            ],
        ),
        (
            "This line is wrapped and closes a sentence right at its margin, see here.\nThe next one begins here.",
            ["This line is wrapped and closes a sentence right at its margin, see here.", "The next one begins here."],
        ),
        (
            "This line is wrapped right behind the short form of a man's title, so Mr.\nBeck is not torn apart.",
            ["This line is wrapped right behind the short form of a man's title, so Mr.\nBeck is not torn apart."],
        ),
    ],
)
def test_a_line_break_that_only_keeps_a_mail_narrow_ends_no_sentence(text: str, expected: list[str]) -> None:
    assert cut(text) == expected


def cut(text: str) -> list[str]:
    return [text[s.start : s.end] for s in sentences(text)]
