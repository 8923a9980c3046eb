"""The field's other words for what is asked."""

from __future__ import annotations

import pytest

from assistant.models.asked_with import asked_with
from assistant.vocabulary import related
from eval.asked_with import PAIRS, counted, shipped


def test_where_data_live_is_no_question_for_the_go_live() -> None:
    [words] = related("Where does their data live?")
    assert "hosted" in words


def test_when_they_go_live_is_one() -> None:
    assert any("go-live date" in words for words in related("When do they go live?"))


@pytest.mark.parametrize(("stem", "asks"), [("supplier", True), ("risk", True), ("zeppelin", False)])
def test_words_that_questions_are_put_in(stem: str, asks: bool) -> None:
    assert asked_with(stem) == asks


def test_they_are_counted_where_the_sentence_says_it_otherwise() -> None:
    pairs = ["who is the supplier | Cartage brings it", "does the supplier pay | Cartage does", "who pays the supplier | the supplier pays"]
    assert counted(pairs) == ["supplier"]


def test_the_shipped_words_are_those_that_the_pairs_give() -> None:
    assert shipped().read_text(encoding="utf-8").split() == counted(PAIRS.read_text(encoding="utf-8").splitlines())
