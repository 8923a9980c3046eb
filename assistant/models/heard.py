"""Whether what a question asks for was ever spoken of: `Which payroll provider do they use?` of people who never said a word of payroll.

Such a question matches what they did say of providers and of using things, and evenly so. What tells is the thing it names: a word that
nobody said and that is near to nothing found, the rarer the more so, where it stands behind `which`, `a` or `their`, as things do. From
that, from how near all of its words are to something found, from how many of them nobody ever said, and from how evenly it matches, a
small model makes how likely it is that the history answers (`weights.HEARD`, fitted by `eval.fitting`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import numpy as np

from assistant.evidence import Evidence
from assistant.finding import pieces_of
from assistant.models.sentence_fit import SentenceFit
from assistant.models.strange import is_a_thing
from assistant.models.weights import HEARD
from assistant.vocabulary import related
from assistant.words import terms

LEAST_HEARD = 0.06
"""Fitted on the 23 labelled questions with such a word that the history answers, and on 115 times one that asks for what nobody discussed
in the three deals (`data/never_discussed.txt`): none of 23 is less likely, and 59 of 115; with each deal left out .087 and .496. Of 100
asked of two small deals that had no part in it, it declines about half of the 40 that all else would answer."""
_LED = re.compile(
    r"\b(?:a|an|the|their|our|any|which|what|many|much|of|on|in|for|with|about|his|her|every|some|\w+['’]s)\s+(?:\w+[- ]){0,2}$",
    re.IGNORECASE,
)
_FRAME = frozenset(
    "sale sales deal account customer client handover project role job place thing things history story team side person people".split()
)
"""What a question is framed in by who took a deal over, whether anybody in it ever used the word or not."""
_COMMON, _RAREST = 1_000, 30_000
"""Places in the packaged models' vocabulary, which is in the order of how common a word piece is; a word of several is as rare as any."""


def unheard(seen: Sequence[float] | None) -> bool:
    """Whether it is too unlikely, by its signs, that anybody spoke of it."""
    return seen is not None and HEARD.of(seen) < LEAST_HEARD


def signs(evidence: Evidence, found: Sequence[SentenceFit], sure: float) -> tuple[float, float, float, float] | None:
    """By the names of `weights.HEARD`; None where nothing can be said: the question names no such thing, leans on another, or there are
    words alone to go by."""
    query, asked, rarity = evidence.query, evidence.understood.asked, evidence.room.shelf.rarity
    if query is None or not evidence.by_pieces or not found or evidence.understood.leans_back:
        return None
    near = np.max([sentence.pieces for sentence in found], axis=0)
    unseen = max(rarity.values(), default=1.0)
    worth = {term: rarity.get(term, unseen) for term in dict.fromkeys(evidence.query_terms)}
    nearness: dict[str, float] = {}
    strangest = never = 0.0
    for term in worth:
        mine = pieces_of(asked, query, (term,))
        if mine is None:
            continue
        nearness[term] = float(near[mine].mean())
        begins = int(query.starts[mine][0])
        word, before = asked[begins:].split()[0].strip(".,;:!?()\"'“”"), asked[:begins]
        if term in rarity or word.casefold() in _FRAME or _said_otherwise(word, rarity):
            continue
        never += worth[term]
        if _LED.search(before) and is_a_thing(word, before):
            place = int(query.pieces[mine][0]) if mine.sum() == 1 else _RAREST
            strangest = max(strangest, (1 - nearness[term]) * float(np.log1p(place / _COMMON) / np.log1p(_RAREST / _COMMON)))
    if not strangest:
        return None
    nearest = sum(near * worth[term] for term, near in nearness.items()) / sum(worth[term] for term in nearness)
    return strangest, nearest, never / sum(worth.values()), sure


def _said_otherwise(word: str, rarity: Mapping[str, float]) -> bool:
    """Whether this history has what the field calls it besides: what is the bill to who asks is fees in the contract."""
    others = [set(terms(words)) for words in related(word)]
    return any(len(words & rarity.keys()) >= MOST_OF_THEM * len(words) for words in others)


MOST_OF_THEM = 2 / 3
"""Of the words it is said with; a third of them is in any history."""
