"""Finds the passages of one account that may answer a question, best first, and says what was searched."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from assistant.answers import Exchange, Question, Receipt
from assistant.ranking import Chosen, Scores, Shelf, Weights, score
from assistant.recipe import RECIPE, Recipe
from assistant.understand import Understood, date_match
from assistant.vocabulary import related
from assistant.words import terms
from ingest.archive.rows import Embedding, Source, StoredInteraction, StoredPassage
from ingest.records import Span

LEAST_SAID = 3
"""A call turn with fewer meaningful words ("Bye. Bye now.") answers nothing by itself."""
FOUND = 20
"""Passages that an answer is drafted from."""


class Asks(Protocol):
    """The part of an embedder that a question needs."""

    def query(self, text: str) -> Embedding: ...


Nominate = Callable[[Shelf, str, Embedding | None], Chosen | None]
"""(shelf, question, its embedding) → the passages worth matching token by token; None for all of them."""


@dataclass(frozen=True)
class Room:
    """One account as one reader sees it at one time: everything that can be searched, ready to score."""

    shelf: Shelf
    interactions: Mapping[str, StoredInteraction]
    sources: tuple[Source, ...]
    unreadable: tuple[str, ...]
    troubles: tuple[str, ...] = ()
    """A sentence for each way in which this account is searched worse than it could be."""

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
    def asking(self) -> NDArray[np.bool_]:
        """Which passages end in a question."""
        return np.array([passage.text.rstrip().endswith("?") for passage in self.shelf.passages], bool)


@dataclass(frozen=True, slots=True)
class Ranked:
    passage: StoredPassage
    score: float
    index: int
    """Its place on the room's shelf."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """`ranked` best first."""

    ranked: tuple[Ranked, ...]
    room: Room
    understood: Understood
    query_terms: tuple[str, ...]
    query: Embedding | None
    beside: tuple[StoredPassage, ...] = ()
    """What stands before a passage found and was answered by it, or took it back; quoted only together with it."""
    withdrawn: Mapping[str, tuple[tuple[Span, str], ...]] = field(default_factory=dict)
    """Of passages found, the stretches of them that were taken back later, each with the id of the passage that does so."""

    def passage(self, id: str) -> StoredPassage | None:
        """Of what was found, and what stands beside it."""
        return next((p for p in (*(r.passage for r in self.ranked), *self.beside) if p.id == id), None)

    @property
    def by_pieces(self) -> bool:
        """Whether single word pieces can be compared: there is an embedding, and it has a vector a piece."""
        return self.query is not None and self.room.shelf.tokens is not None


def find(
    room: Room,
    question: Question,
    understood: Understood,
    embedder: Asks | None,
    nominate: Nominate | None,
    limit: int = FOUND,
    recipe: Recipe = RECIPE,
) -> Evidence:
    query_terms = tuple(terms(question.text))
    asked = embedder if recipe.meaning and len(room.shelf) else None
    query = asked.query(question.text) if asked else None
    total = _fused(room, question, understood, asked, query, nominate, recipe)
    total += recipe.speaker * _spoken_by(room, understood) + recipe.date * _dated(room, understood) + _manner(room, recipe)
    ranked: list[Ranked] = []
    shown: set[str] = set()
    for index in np.argsort(-total, kind="stable"):
        passage = room.shelf.passages[int(index)]
        source = room.interactions[passage.interaction_id].source
        small_talk = source.kind == "call" and room.shelf.lengths[int(index)] < LEAST_SAID
        words = " ".join(passage.text.casefold().split())
        # The same words again are a note pasted twice, a mail kept in two tools.
        if _asked_of(source, question) and not small_talk and words not in shown:
            shown.add(words)
            ranked.append(Ranked(passage, round(float(total[index]), 4), int(index)))
        if len(ranked) == limit:
            break
    return Evidence(tuple(ranked), room, understood, query_terms, query)


def with_prompts(evidence: Evidence) -> Evidence:
    """With the turn before each turn of a call or chat that was found: `yes, we'll do that` says what only together with its question."""
    shelf, talk = evidence.room.shelf, ("call", "chat", "meeting")
    spoken = [r for r in evidence.ranked if evidence.room.interactions[r.passage.interaction_id].source.kind in talk]
    before = (shelf.passages[r.index - 1] for r in spoken if r.index > int(shelf.starts[r.index]))
    return replace(evidence, beside=tuple({p.id: p for p in before}.values()))


def receipt(room: Room, question: Question, nearest: tuple[str, ...] = ()) -> Receipt:
    sources = [s for s in room.sources if _asked_of(s, question)]
    dated = [s.occurred_on for s in sources if s.occurred_on]
    searched = Counter(s.kind for s in sources)
    return Receipt(dict(sorted(searched.items())), min(dated, default=None), max(dated, default=None), room.unreadable, nearest)


def _fused(
    room: Room,
    question: Question,
    understood: Understood,
    embedder: Asks | None,
    query: Embedding | None,
    nominate: Nominate | None,
    recipe: Recipe,
) -> Scores:
    """The question's own scores; for one that leans back also those of the questions before it and a lift of what was cited then."""
    weights = recipe.broad if understood.broad else recipe.point
    only = nominate(room.shelf, question.text, query) if nominate else None
    total = score(room.shelf, terms(question.text), query, weights, only)
    total += recipe.related * _said(room, question.text, embedder, recipe.said, only)
    for step, earlier in enumerate(understood.earlier if recipe.history else ()):
        total += recipe.history ** (step + 1) * _scored(room, earlier, embedder, weights, only)
        total += recipe.history ** (step + 1) * recipe.related * _said(room, earlier, embedder, recipe.said, only)
    if understood.leans_back and question.earlier:
        total += recipe.cited_before * _near_cited(room, question.earlier[-1])
    return total


def _said(room: Room, question: str, embedder: Asks | None, weights: Weights, only: Chosen | None) -> Scores:
    """How well a passage says one of the things the question asks: the best of its concepts, for an answer is about one of them."""
    scores = [_scored(room, words, embedder, weights, only) for words in related(question)]
    return np.max(scores, axis=0) if scores else np.zeros(len(room.shelf), np.float32)


def _scored(room: Room, text: str, embedder: Asks | None, weights: Weights, only: Chosen | None) -> Scores:
    return score(room.shelf, terms(text), embedder.query(text) if embedder else None, weights, only)


def _near_cited(room: Room, earlier: Exchange) -> Scores:
    """1 for a passage that the earlier answer quoted, less for the two on each side of it."""
    lift = np.zeros(len(room.shelf), np.float32)
    places: dict[str, list[int]] = {}
    for index, passage in enumerate(room.shelf.passages):
        places.setdefault(passage.interaction_id, []).append(index)
    for interaction_id, span in earlier.cited:
        here = places.get(interaction_id, [])
        for index in here:
            at = room.shelf.passages[index].span
            if at.start < span.end and span.start < at.end:
                for near in range(max(here[0], index - 2), min(here[-1], index + 2) + 1):
                    lift[near] = max(lift[near], 1 - abs(near - index) / 3)
    return lift


def _spoken_by(room: Room, understood: Understood) -> Scores:
    if not understood.people:
        return np.zeros(len(room.shelf), np.float32)
    return np.array([_speaker_id(room, p) in understood.people for p in room.shelf.passages], np.float32)


def _dated(room: Room, understood: Understood) -> Scores:
    if understood.month is None:
        return np.zeros(len(room.shelf), np.float32)
    on = {s.id: date_match(understood, s.occurred_on) for s in room.sources}
    return np.array([on[p.interaction_id] for p in room.shelf.passages], np.float32)


def _manner(room: Room, recipe: Recipe) -> Scores:
    lift = {"email": recipe.written, "doc": recipe.written, "crm_field": recipe.fields}
    lifts = np.array([lift.get(kind, 0.0) for kind in room.kinds], np.float32)
    return np.asarray(lifts[room.kind_of] + np.float32(recipe.asks) * room.asking, np.float32)


def _speaker_id(room: Room, passage: StoredPassage) -> str | None:
    person = room.interactions[passage.interaction_id].turns[passage.turn].person
    return person.id if person else None


def _asked_of(source: Source, question: Question) -> bool:
    """Of the kinds asked for, and not of another deal than the one asked about."""
    of_kind = question.kinds is None or source.kind in question.kinds
    return of_kind and (question.deal_id is None or source.deal_id in (question.deal_id, None))
