"""What is told to say the same is what shares so many words, however few of them are looked up to find it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from assistant.choosing import COPY, LEAST_COPIED, LEAST_VARIED, VARIATION, _Alike
from assistant.room import Said

WORDS = st.frozensets(st.sampled_from([f"w{number:02}" for number in range(16)]), min_size=1)


def said(words: frozenset[str]) -> Said:
    return Said(tuple(sorted(words)), (frozenset(), 0))


@given(st.lists(WORDS, max_size=12), WORDS)
def test_what_shares_enough_words_is_found_whichever_they_are(earlier: list[frozenset[str]], words: frozenset[str]) -> None:
    for share, least in ((COPY, LEAST_COPIED), (VARIATION, LEAST_VARIED)):
        alike = _Alike(share, least)
        for each in earlier:
            alike.add(said(each))
        expected = [
            said(each)
            for each in earlier
            if min(len(each), len(words)) >= least and len(each & words) >= share * len(each | words)
        ]  # fmt: skip
        assert sorted(alike.to(said(words))) == sorted(expected)
