"""Whether what a question asks for was ever spoken of: `Which reinsurer do they work with?` of people who never said a word of insurance.

Such a question matches what they did say of partners and of working together, and evenly so. What tells is the thing it names: a word that
nobody said and that is near to nothing found, the rarer the more so; but not a word in which one asks for what is said otherwise (`the
supplier`, `launch`, `risk`: `assistant.models.asked_with`). From that, from how much of the question is of such words and how particular
what it asks for is, and from how evenly it matches, a small model makes how likely it is that the history answers (`weights.HEARD`,
fitted by `eval.heard`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from assistant.evidence import Evidence
from assistant.finding import pieces_of
from assistant.models.asked_with import asked_with
from assistant.models.sentence_fit import SentenceFit
from assistant.models.weights import HEARD
from assistant.vocabulary import related
from assistant.words import terms

LEAST_HEARD = 0.37
"""By what was fitted without each deal, the three first ones answer .227 of the 22 questions without an answer and decline .092 of the 98
others; three deals by other hands .25 of 24 and .29 of 69, there mostly by the confidence alone (.261 at any threshold). Of 76 natural
questions for what was never discussed, held out, half are answered yet, and .138 of the 58 discussed are declined."""
_FRAME = frozenset(
    "sale sales deal account customer client handover project role job place thing things history story team side person people".split()
)
"""What a question is framed in by who took a deal over, whether anybody in it ever used the word or not."""
_COMMON, _RAREST = 1_000, 30_000
"""Places in the packaged models' vocabulary, which is in the order of how common a word piece is; a word of several is as rare as any."""
_COMMON_TOO = 0.3
"""What a common word that nobody said counts beside the rarest, which counts this much more than 1."""


class Signs(NamedTuple):
    """By the names of `weights.HEARD`. One strange word in a long question that is matched otherwise says little, so both of the first
    count by the share of such words in the question, by rarity."""

    strangest: float
    """Of the words that nobody said, the one farthest from all that was found, by how rare it is: times the root of their share."""
    particular: float
    """How rare the rarest of all of the question's words is, 0 to 1: times their share."""
    confidence: float


def unheard(seen: Signs | None) -> bool:
    """Whether it is too unlikely, by its signs, that anybody spoke of it."""
    return seen is not None and HEARD.of(seen) < LEAST_HEARD


def signs(evidence: Evidence, found: Sequence[SentenceFit], sure: float) -> Signs | None:
    """None where nothing can be said: the question leans on another, or there are words alone to go by."""
    query, asked, rarity = evidence.query, evidence.understood.asked, evidence.room.shelf.rarity
    if query is None or not evidence.by_pieces or not found or evidence.understood.leans_back:
        return None
    near = np.max([sentence.pieces for sentence in found], axis=0)
    unseen = max(rarity.values(), default=1.0)
    strangest = never = particular = whole = 0.0
    for term in dict.fromkeys(evidence.query_terms):
        mine = pieces_of(asked, query, (term,))
        if mine is None:
            continue
        worth = rarity.get(term, unseen)
        whole += worth
        rare = _rare(int(query.pieces[mine][0]) if mine.sum() == 1 else _RAREST)
        particular = max(particular, rare)
        word = asked[int(query.starts[mine][0]) :].split()[0].strip(".,;:!?()\"'“”")
        if term in rarity or asked_with(term) or word.casefold() in _FRAME or _said_otherwise(word, rarity):
            continue
        never += worth
        strangest = max(strangest, (1 - float(near[mine].mean())) * (rare + _COMMON_TOO))
    share = never / whole if whole else 0.0
    return Signs(strangest * share**0.5, particular * share, sure) if whole else None


def _rare(place: int) -> float:
    return float(np.log1p(place / _COMMON) / np.log1p(_RAREST / _COMMON))


def _said_otherwise(word: str, rarity: Mapping[str, float]) -> bool:
    """Whether this history has what the field calls it besides: what is the bill to who asks is fees in the contract."""
    others = [set(terms(words)) for words in related(word)]
    return any(len(words & rarity.keys()) >= MOST_OF_THEM * len(words) for words in others)


MOST_OF_THEM = 2 / 3
"""Of the words it is said with; a third of them is in any history."""
