"""What an edit may say: no more than its quotes."""

from __future__ import annotations

from typing import Any

import pytest

from assistant.brief.edit_check import says_more


def quote(words: str, speaker: str = "Marta Lindqvist", title: str = "Commercial alignment") -> dict[str, Any]:
    return {
        "quote": {"exact": words},
        "speaker": {"name": speaker, "title": "VP Operations"},
        "source": {"title": title, "occurred_at": "2026-09-24T12:00:00Z"},
    }


@pytest.mark.parametrize(
    ("edit", "source"),
    [
        ("Trucks wait ninety-four minutes on average.", "Ninety-four minutes on average, that is how long the trucks wait."),
        ("Average wait: 94 minutes.", "Ninety-four minutes is the average wait."),
        ("If those two are the scope, go-live is 18 January.", "If those two are the scope, go-live is the eighteenth of January."),
        ("Marta Lindqvist: two carriers have told us they will leave.", "Two of our carriers have told us they will leave."),
        ("We do not load old slots.", "We don't load the old slots."),
    ],
)  # fmt: skip
def test_other_words_for_the_same_are_supported(edit: str, source: str) -> None:
    assert says_more(edit, [quote(source)]) == ()


@pytest.mark.parametrize(
    ("edit", "source", "what"),
    [
        ("Go-live is 18 January 2027.", "Go-live is the eighteenth of January.", {"figure"}),
        ("Go-live is 18 January.", "If those two are the scope, go-live is the eighteenth of January.", {"condition"}),
        ("We will deliver the connector in March.", "We hope to deliver the connector in March.", {"strength"}),
        ("Jonas Beck signs the order.", "I sign the order.", {"name"}),
        ("The budget was approved after two carriers left.", "Two of our carriers have told us they will leave.", {"word"}),
        ("Support is included.", "Support is not included.", {"negation"}),
    ],
)
def test_more_than_the_source_says_is_named(edit: str, source: str, what: set[str]) -> None:
    assert {more.what for more in says_more(edit, [quote(source)])} == what
