"""How far the wide scales of search reach, on passages made for it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from assistant.ranking import Weights, bm25, score
from assistant.shelf import LONG, Shelf, mean_near, share_near, shelve
from ingest.archive.rows import Embedding, StoredPassage
from ingest.index.rows import gathered
from ingest.records import Span


def passages(*interactions: Sequence[str]) -> list[StoredPassage]:
    return [
        StoredPassage(f"psg_{number}_{at}", f"int_{number}", "acc", at, at, Span(0, len(text)), text, f"c{number}{at}")
        for number, texts in enumerate(interactions)
        for at, text in enumerate(texts)
    ]


def shelf_of(*interactions: Sequence[str]) -> Shelf:
    made = passages(*interactions)
    return shelve(made, [passage.text for passage in made], None)


LATER = " ".join(["gravel"] * LONG)
"""Makes an interaction a long one."""
FILLER = " ".join(["gravel"] * 10)


def test_a_window_of_words_reaches_over_as_many_turns_as_its_words_take() -> None:
    short, long = ["harbour", *["gravel"] * 40, LATER], ["harbour", *[FILLER] * 40, LATER]
    found = [np.flatnonzero(bm25(shelf_of(texts), ["harbour"], (20, 0))) for texts in (short, long)]
    assert found[0].tolist() == list(range(21))
    assert found[1].tolist() == [0, 1, 2]


def test_what_was_said_before_counts_as_far_as_the_first_number_says_and_what_comes_after_as_the_second() -> None:
    texts = [*["gravel"] * 30, "harbour", *["gravel"] * 30, LATER]
    assert np.flatnonzero(bm25(shelf_of(texts), ["harbour"], (10, 3))).tolist() == list(range(27, 41))


def test_a_passage_longer_than_the_window_is_in_its_own() -> None:
    shelf = shelf_of([f"harbour {FILLER} {FILLER}", f"pier {FILLER} {FILLER}"])
    assert np.flatnonzero(bm25(shelf, ["pier"], (2, 0))).tolist() == [1]


def test_a_window_stays_in_its_interaction() -> None:
    shelf = shelf_of(["gravel", "harbour"], ["gravel", "gravel"])
    assert np.flatnonzero(bm25(shelf, ["harbour"], (LONG, LONG))).tolist() == [0, 1]


def test_a_short_interaction_gets_a_share_of_the_reach() -> None:
    texts = ["harbour", *["gravel"] * (LONG // 10 - 1)]
    assert np.flatnonzero(bm25(shelf_of(texts), ["harbour"], (100, 0))).tolist() == list(range(11))


def test_the_share_of_one_voice_is_by_what_it_says() -> None:
    shelf = shelf_of(["gravel gravel gravel", "harbour"])
    assert share_near(shelf, np.array([True, False]), (LONG, LONG)) == pytest.approx([0.75, 0.75])
    assert share_near(shelf, np.array([False, False]), (LONG, LONG)) == pytest.approx([0.0, 0.0])


def test_a_mean_of_scores_is_by_length_and_stays_in_its_interaction() -> None:
    shelf = shelf_of(["gravel gravel gravel", "harbour"], ["pier"])
    assert mean_near(shelf, np.array([4.0, 0.0, 7.0], np.float32), (LONG, LONG)) == pytest.approx([3, 3, 7])


def test_a_stretch_has_a_word_in_part_where_one_near_it_is_said_and_only_words_of_the_subject_count() -> None:
    made = passages(["pier", *[FILLER] * 3, LATER], [*[FILLER] * 4, LATER], ["gravel", *[FILLER] * 3, LATER])
    other, unlike, near = piece(0, 0, 127), piece(0, 127, 0), piece(100, 78, 0)
    rows = [near, *[unlike] * 4, *[unlike] * 5, other, *[unlike] * 4]
    shelf = shelve(made, [passage.text for passage in made], gathered(rows))
    tokens = np.array([[127, 0, 0], [0, 0, 127]], np.int8)
    asked = Embedding(np.zeros(3, np.float32), tokens, np.array([1, 2], np.int32), np.zeros(2, np.int32))
    both = score(shelf, [], asked, Weights(meant_stretch=1.0))
    first = score(shelf, [], asked, Weights(meant_stretch=1.0), subject=np.array([True, False]))
    assert both[0] > both[5]
    assert both[10] > both[5]
    assert first[0] > first[5]
    assert first[10] == first[5]


def piece(*direction: int) -> Embedding:
    return Embedding(np.zeros(3, np.float32), np.array([direction], np.int8), np.array([sum(direction)], np.int32), np.zeros(1, np.int32))
