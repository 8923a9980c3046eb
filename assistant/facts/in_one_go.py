"""A likely warning or reason with the sentences it is told in: of a talk `I shut Four` says little without `if they go` before it."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from assistant.facts.speech import Place, Statement
from ingest.records import Span

MOST_WORDS = 25
"""Of the sentences together, as many as a row of a brief shows whole; a longer one stands alone."""


def in_one_go(said: Sequence[Statement], odds: Sequence[float], at: int, taken: Collection[Span] = ()) -> Place:
    """The sentence at a place with those of the same turn right beside it, the likelier neighbour first, for as long as they are few
    words together. Sentences that are `taken` stand elsewhere."""
    first = last = at
    words = len(said[at].text.split())
    while True:
        beside = [
            place
            for place in (first - 1, last + 1)
            if 0 <= place < len(said)
            and said[place].turn.position == said[at].turn.position
            and said[place].span not in taken
            and words + len(said[place].text.split()) <= MOST_WORDS
        ]
        if not beside:
            return Place(said[at].interaction, Span(said[first].span.start, said[last].span.end))
        best = max(beside, key=lambda place: odds[place])
        words += len(said[best].text.split())
        first, last = min(first, best), max(last, best)
