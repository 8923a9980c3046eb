"""The same word has the same stem, whoever else is stemming."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from assistant.vocabulary import related
from assistant.words import places, stemmed, terms

ENDINGS = ("", "s", "ed", "ing", "ment")
WORDS = [f"{stem}{ending}" for stem in ("commit", "invoice", "thank", "train", "depot", "promis") for ending in ENDINGS]


@pytest.fixture
def eager_switches() -> Iterator[None]:
    """Threads take turns so often that shared fields would be seen half written."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)
    stemmed.cache_clear()


def test_threads_do_not_spoil_each_others_stems(eager_switches: None) -> None:
    expected = [stemmed.__wrapped__(word) for word in WORDS]
    start = Barrier(4)

    def stem_all(turn: int) -> list[list[str]]:
        start.wait(timeout=30)
        return [[stemmed.__wrapped__(word) for word in WORDS[turn:] + WORDS[:turn]] for _ in range(40)]

    with ThreadPoolExecutor(4) as pool:
        for turn, runs in enumerate(pool.map(stem_all, range(4))):
            assert all(run == expected[turn:] + expected[:turn] for run in runs)


def test_terms_are_stems_without_what_carries_no_meaning() -> None:
    assert terms("They're invoicing $6,000 to the depots") == ["invoic", "6000", "depot"]


def test_a_words_place_is_told_in_the_text_as_it_is_written() -> None:
    text = "Café-Preise: what the cafés’ prices were"
    assert [text[start:end] for start, end in places(text, {"cafe", "price"})] == ["Café", "cafés", "prices"]
    assert places(text, set()) == []


def test_a_concept_is_touched_by_its_words_one_after_the_other_in_any_form() -> None:
    assert related("Who takes over while the deputies are away?") == ("backup deputy stands in while away takes over",)
    assert related("Can they be logging in?") == ("single sign-on SSO SAML OIDC Entra Okta identity",)
    assert related("Is a log kept of it?") == ()
