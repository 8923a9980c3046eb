"""One account as a reader sees it at one time, and what is worth knowing of all of it before anything is asked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from assistant.shelf import LONG, Scores, Shelf
from assistant.words import plain, terms
from ingest.archive.rows import Source, StoredInteraction, StoredPassage
from ingest.records import Kind, Span

SPOKEN: frozenset[Kind] = frozenset({"call", "chat", "meeting"})
"""What is a talk of turns. Of everything else a turn may be pages long."""

_NEGATES = frozenset(
    "not no nor never none cannot don doesn didn isn aren wasn weren won wouldn couldn shouldn hasn haven hadn ain".split()
)


class Said(NamedTuple):
    """What of a passage tells whether another one says the same."""

    stems: tuple[str, ...]
    """Each once, in an order that is the same for all passages."""
    key: tuple[frozenset[str], int]
    """Its figures and how often it negates: what differs in them says something else, however alike the words."""

    @classmethod
    def of(cls, text: str) -> Said:
        stems = tuple(sorted(set(terms(text))))
        figures = frozenset(stem for stem in stems if stem[0].isdigit())
        return cls(stems, (figures, sum(word in _NEGATES for word in plain(text))))


@dataclass(frozen=True)
class Room:
    """One account as one reader sees it at one time: everything that can be searched, ready to score."""

    shelf: Shelf
    interactions: Mapping[str, StoredInteraction]
    sources: tuple[Source, ...]
    unreadable: tuple[str, ...]
    troubles: tuple[str, ...] = ()
    """A sentence for each way in which this account is searched worse than it could be."""
    sentences: dict[int, tuple[Span, ...]] = field(default_factory=dict, init=False, compare=False)
    """By the place of a passage on the shelf, its sentences that may be quoted, within its text; filled by who asks for them first."""
    _said: dict[int, Said] = field(default_factory=dict, init=False, compare=False, repr=False)

    @cached_property
    def searched(self) -> tuple[Mapping[Kind, int], date | None, date | None]:
        """How many sources of each kind there are, and the first and the last day of them."""
        return counted(self.sources)

    @cached_property
    def kinds(self) -> tuple[str, ...]:
        """Of which there is something, in an order of their own."""
        return tuple(sorted({source.kind for source in self.sources}))

    @cached_property
    def kind_of(self) -> NDArray[np.int64]:
        """For each passage the number of its kind among `kinds`."""
        kind = {source.id: self.kinds.index(source.kind) for source in self.sources}
        return np.array([kind[passage.interaction_id] for passage in self.shelf.passages], np.int64)

    @cached_property
    def of_interaction(self) -> Mapping[str, Sequence[StoredPassage]]:
        """The passages of each interaction, in the order of its text."""
        of: dict[str, list[StoredPassage]] = {}
        for passage in self.shelf.passages:
            of.setdefault(passage.interaction_id, []).append(passage)
        return of

    @cached_property
    def asking(self) -> NDArray[np.bool_]:
        """Which passages end in a question."""
        return np.array([passage.text.rstrip().endswith("?") for passage in self.shelf.passages], bool)

    @cached_property
    def spoken(self) -> NDArray[np.bool_]:
        """Which passages are turns of a conversation."""
        return np.isin(self.kind_of, [number for number, kind in enumerate(self.kinds) if kind in SPOKEN])

    @cached_property
    def long_talk(self) -> Scores:
        """For each passage how far the talk it is a part of is long: 0 up to a quarter of an hour and for what is written, 1 from half
        an hour."""
        said = np.concatenate([np.zeros(1), np.cumsum(self.shelf.words)])
        talk = (said[self.shelf.ends] - said[self.shelf.starts]) / LONG
        return np.where(self.spoken, np.clip(2 * talk - 1, 0.0, 1.0), 0.0).astype(np.float32)

    @cached_property
    def titles(self) -> Mapping[frozenset[str], str]:
        """The source that alone bears a title of several words, by these. A CRM record bears the name of what it is a record of."""
        titled: dict[frozenset[str], list[str]] = {}
        for source in self.sources:
            if source.kind != "crm_field" and len(said := frozenset(terms(source.title))) > 1:
                titled.setdefault(said, []).append(source.id)
        return {said: ids[0] for said, ids in titled.items() if len(ids) == 1}

    @cached_property
    def speakers(self) -> NDArray[np.str_]:
        """For each passage who says it; empty where nobody known does."""
        return np.array([self._speaker_id(passage) for passage in self.shelf.passages], np.str_)

    def said(self, index: int) -> Said:
        """Of the passage at this place of the shelf, read off its words once."""
        if (kept := self._said.get(index)) is None:
            kept = self._said[index] = Said.of(self.shelf.passages[index].text)
        return kept

    def _speaker_id(self, passage: StoredPassage) -> str:
        person = self.interactions[passage.interaction_id].turns[passage.turn].person
        return person.id if person else ""


def counted(sources: Iterable[Source]) -> tuple[dict[Kind, int], date | None, date | None]:
    """How many of each kind, and the first and the last day."""
    found = list(sources)
    days = [day for s in found if (day := s.occurred_on)]
    return dict(sorted(Counter(s.kind for s in found).items())), min(days, default=None), max(days, default=None)
