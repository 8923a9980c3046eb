"""How near words of an account are to other words of it in meaning, from the vectors stored with its passages.

Each word piece of one side takes its best match on the other, weighted by how rare it is (token-level MaxSim). Vectors of other models
than the packaged one are not used, for what is made of the numbers was fitted on that one's.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple, Protocol

from assistant.facts.speech import Place
from ingest.archive.rows import Embedding, StoredInteraction, StoredPassage
from ingest.archive.scope import Scope
from ingest.index.embedder import MINILM_FAST, MODEL
from ingest.passages import searched_text

if TYPE_CHECKING:  # slow to load: only who has vectors waits for it
    import numpy as np
    from numpy.typing import NDArray

MODELS = (MODEL, MINILM_FAST)
"""One model in two precisions."""


class Near(NamedTuple):
    """Cosines, about 0 to 1: of the first's word pieces in the second, of the second's in the first, of the two as wholes."""

    there: float
    back: float
    whole: float


FAR = Near(0.0, 0.0, 0.0)


@dataclass(frozen=True, slots=True, eq=False)
class Pieces:
    """Unit vectors of the word pieces of a place, and what each counts; `mean` is the unit vector of them all."""

    tokens: NDArray[np.float32]
    weights: NDArray[np.float32]
    mean: NDArray[np.float32]


class HasEmbeddings(Protocol):
    def passages(self, scope: Scope) -> list[StoredPassage]: ...
    def embeddings_of(self, contents: Sequence[str], model: str) -> dict[str, Embedding]: ...


@dataclass(slots=True)
class Meaning:
    """Of the places that were asked for when it was made, and of any other in the same passages."""

    _passages: Mapping[str, Sequence[StoredPassage]]
    _embeddings: Mapping[str, Embedding]
    _rarity: Mapping[int, float]
    _kept: dict[tuple[str, int, int], Pieces | None] = field(default_factory=dict)

    def pieces(self, place: Place) -> Pieces | None:
        """None where no stored vector begins in those words: stop words, or words that are not embedded."""
        key = (place.interaction.source.id, *place.span)
        if key not in self._kept:
            self._kept[key] = self._read(place)
        return self._kept[key]

    def near(self, one: Place, others: Sequence[Place]) -> list[Near]:
        import numpy as np

        mine, theirs = self.pieces(one), [self.pieces(other) for other in others]
        known = [each for each in theirs if each is not None]
        if mine is None or not known:
            return [FAR] * len(others)
        cosines = mine.tokens @ np.concatenate([each.tokens for each in known]).T
        begins = np.cumsum([0, *(len(each.tokens) for each in known)])
        there = mine.weights @ np.maximum.reduceat(cosines, begins[:-1], axis=1)
        best = cosines.max(axis=0)
        found = iter(
            Near(float(there[i]), float(best[begins[i] : begins[i + 1]] @ each.weights), float(mine.mean @ each.mean))
            for i, each in enumerate(known)
        )
        return [FAR if each is None else next(found) for each in theirs]

    def _read(self, place: Place) -> Pieces | None:
        import numpy as np

        tokens, weights = [], []
        for passage in self._passages.get(place.interaction.source.id, ()):
            embedding = self._embeddings.get(passage.content)
            if embedding is None or not (passage.span.start < place.span.end and place.span.start < passage.span.end):
                continue
            turn = place.interaction.turns[passage.turn]
            lead = len(searched_text(turn.speaker_name, turn.heading, passage.text)) - len(passage.text)
            at = embedding.starts - lead + passage.span.start
            inside = (embedding.starts >= lead) & (at >= place.span.start) & (at < place.span.end)
            tokens.append(embedding.tokens[inside].astype(np.float32) / 127.0)
            weights += [self._rarity[piece] for piece in embedding.pieces[inside].tolist()]
        if not weights:
            return None
        rows, counted = np.concatenate(tokens), np.array(weights, np.float32)
        mean = counted @ rows
        return Pieces(rows, counted / max(float(counted.sum()), 1e-6), mean / max(float(np.linalg.norm(mean)), 1e-6))


def meaning(passages: Iterable[StoredPassage], places: Iterable[Place], embeddings_of: Mapping[str, Embedding]) -> Meaning | None:
    """None without vectors of word pieces. What is rare is so among the passages of these places."""
    of: dict[str, list[StoredPassage]] = {}
    for passage in passages:
        of.setdefault(passage.interaction_id, []).append(passage)
    contents = {one.content for place in places for one in _around(of, place)}
    found = {content: embeddings_of[content] for content in contents if content in embeddings_of and len(embeddings_of[content].tokens)}
    if not found:
        return None
    counts = Counter(piece for each in found.values() for piece in set(each.pieces.tolist()))
    rarity = {piece: math.log(1 + (len(found) - n + 0.5) / (n + 0.5)) for piece, n in counts.items()}
    return Meaning(of, found, rarity)


def _around(of: Mapping[str, Sequence[StoredPassage]], place: Place) -> list[StoredPassage]:
    return [p for p in of.get(place.interaction.source.id, ()) if p.span.start < place.span.end and place.span.start < p.span.end]


def meaning_of(archive: HasEmbeddings, scope: Scope, places: Sequence[Place]) -> Meaning | None:
    """From what is on record; None where the places are not embedded by the packaged model."""
    if not places:
        return None
    passages = archive.passages(scope)
    of: dict[str, list[StoredPassage]] = {}
    for passage in passages:
        of.setdefault(passage.interaction_id, []).append(passage)
    contents = sorted({one.content for place in places for one in _around(of, place)})
    for model in MODELS:
        if found := archive.embeddings_of(contents, model):
            return meaning(passages, places, found)
    return None


SETTING = 240
"""Characters of what a sentence answers that count as its setting."""


def setting(place: Place) -> Place:
    """What a sentence answers: the words of its own turn before it, and the end of the turn before."""
    interaction: StoredInteraction = place.interaction
    index = next((i for i, turn in enumerate(interaction.turns) if turn.span.start <= place.span.start < turn.span.end), 0)
    start = max(interaction.turns[index - 1].span.start, interaction.turns[index - 1].span.end - SETTING) if index else 0
    return Place(interaction, place.span._replace(start=start, end=place.span.start) if place.span.start > start else place.span)
