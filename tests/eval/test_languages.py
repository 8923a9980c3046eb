"""The own set of languages is whole, and a question finds what an embedding holds to be the same."""

from __future__ import annotations

import json

from eval.languages import ITEMS, LANGUAGES, found
from tests.conftest import HashedTerms


def test_every_question_has_its_answer_in_every_language() -> None:
    items = json.loads(ITEMS.read_text("utf-8"))
    assert len(items) == 10
    assert all(set(item) == {"asked", *LANGUAGES} and all(item.values()) for item in items)


def test_a_question_finds_the_sentence_that_shares_its_words() -> None:
    items = [
        {"asked": "red harbour", "en": "The harbour is red.", "de": "x"},
        {"asked": "blue gate", "en": "The gate at the harbour is blue.", "de": "y"},
    ]
    assert found(HashedTerms(), items, "en", "en") == 1.0
    assert found(HashedTerms(), items, "de", "en") == 0.0
