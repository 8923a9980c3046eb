"""Where a fact's words stand among the passages of a room, so that they can be quoted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from assistant.facts.speech import Place
from ingest.archive.rows import StoredPassage
from ingest.records import Span

Placed = tuple[StoredPassage, Span]
"""A passage, and the words in its text."""
Shelf = Mapping[str, Sequence[StoredPassage]]
"""Passages by interaction."""


def placed(place: Place, shelf: Shelf) -> Placed | None:
    """None where the words are no part of one passage: a machine's summary has none."""
    for passage in shelf.get(place.interaction.source.id, ()):
        if passage.span.start <= place.span.start and place.span.end <= passage.span.end:
            return passage, Span(place.span.start - passage.span.start, place.span.end - passage.span.start)
    return None


def all_placed(places: Iterable[Place], shelf: Shelf) -> list[Placed]:
    """Each once, in the order given."""
    return list(dict.fromkeys(one for place in places if (one := placed(place, shelf)) is not None))
