"""Whether what a question asks for was ever spoken of: `Which reinsurer do they work with?` of people who never said a word of insurance.

No score of a search tells. What was never discussed is asked for in the words of what was, and near misses match better than a true
paraphrase does; a question in passing for what nobody touched matches nothing at all. So several signs are held together: how evenly the
best sentences match, what the question names that nobody said and that is near to nothing found (but for words in which one asks for what
is said otherwise, `the supplier`, `launch`, `risk`: `assistant.models.asked_with`), how much of it stands in one sentence, in one passage,
with what stands beside it, anywhere in the history, and how it is put. From these small decision trees make how likely it is that the
history answers (`heard.json`, fitted by `eval.heard`): a sign counts one way beside some others and the other way beside others, which a
sum cannot say.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

import numpy as np

from assistant.evidence import Evidence
from assistant.finding import pieces_of
from assistant.models.asked_with import asked_with
from assistant.models.sentence_fit import SentenceFit
from assistant.vocabulary import related
from assistant.words import terms

LEAST_HEARD = 0.39
"""By what was fitted without each deal the three first ones answer .32 of the 22 questions without an answer and decline .08 of the 98
others; thirteen deals by other hands .35 of 147 and .19 of 366. Of natural questions there, .44 of the 595 never discussed are answered and
.16 of the 526 discussed are declined."""
_FRAME = frozenset(
    "sale sales deal account customer client handover project role job place thing things history story team side person people".split()
)
"""What a question is framed in by who took a deal over, whether anybody in it ever used the word or not."""
_COMMON, _RAREST = 1_000, 30_000
"""Places in the packaged models' vocabulary, which is in the order of how common a word piece is; a word of several is as rare as any."""
_COMMON_TOO = 0.3
"""What a common word that nobody said counts beside the rarest, which counts this much more than 1."""
_HOW_MANY = re.compile(r"how (?:many|much|long|often)", re.IGNORECASE)
_WHETHER = re.compile(r"(?:did|do|does|have|has|is|are|can|will|was|were)\b", re.IGNORECASE)
_WHO = re.compile(r"who", re.IGNORECASE)
_WHY = re.compile(r"(?:\S+ )?why\b", re.IGNORECASE)
_NAMED = re.compile(r"(?<!^)\b[A-Z][a-z]+")


class Signs(NamedTuple):
    """What the trees ask about. One strange word in a long question that is matched otherwise says little, so `strangest` and `particular`
    count by the share of such words in the question, by rarity; both are 0 of a question that leans on the one before."""

    even: float
    """`assistant.models.refusal.evenness`."""
    strangest: float
    """Of the words that nobody said, the one farthest from all that was found, by how rare it is: times the root of their share."""
    particular: float
    """How rare the rarest of all of the question's words is, 0 to 1: times their share."""
    fit: float
    """Of the best sentence among those found first."""
    weakest: float
    """The mean of the third of the question's pieces that match worst, of the sentence where that is best."""
    pieces: float
    """The question's pieces each at its best anywhere among these sentences, by rarity."""
    least: float
    """The worst of them."""
    in_a_sentence: float
    """Share of the question's words, by rarity, that one of these sentences holds."""
    in_a_passage: float
    in_history: float
    words: float
    """Different ones that mean something."""
    length: float
    """The logarithm of how many words it has."""
    names: float
    """Words written as names are, after the first."""
    how_many: float
    """1 or 0 for how it is put, as the three next."""
    whether: float
    who: float
    why: float
    rarest: float
    """Share of the question's words, by rarity, that the rarest of them is: how much hangs on one."""
    leans: float
    """1 for a question that leans on the one before, else 0: what was just answered is seldom the end of it."""
    in_reach: float
    """Share of the question's words, by rarity, that a passage found holds together with those found right beside it."""


class Tree(NamedTuple):
    """Where `sign[split] <= at` what `low` says, else what `high` does: a value, or a tree that asks once more."""

    split: int
    at: float
    low: Tree | float
    high: Tree | float

    def of(self, seen: Sequence[float]) -> float:
        found = self.low if seen[self.split] <= self.at else self.high
        return found.of(seen) if isinstance(found, Tree) else found


class Trees(NamedTuple):
    start: float
    trees: tuple[Tree, ...]

    def of(self, seen: Sequence[float]) -> float:
        """The chance, 0 to 1."""
        return 1 / (1 + math.exp(-(self.start + sum(tree.of(seen) for tree in self.trees))))


@cache
def heard() -> Trees:
    kept = json.loads(files("assistant.models").joinpath("heard.json").read_text(encoding="utf-8"))
    return Trees(kept["start"], tuple(_tree(*tree) for tree in kept["trees"]))


def _tree(split: int, at: float, low: Any, high: Any) -> Tree:
    return Tree(split, at, *(_tree(*branch) if isinstance(branch, list) else branch for branch in (low, high)))


def signs(evidence: Evidence, found: Sequence[SentenceFit], near: Sequence[SentenceFit], even: float) -> Signs | None:
    """None where there are words alone to go by. `near` are those of the sentences found that stand in the first passages."""
    query, rarity = evidence.query, evidence.room.shelf.rarity
    if query is None or not evidence.by_pieces or not near:
        return None
    pieces = np.array([sentence.pieces for sentence in near])
    best = pieces.max(axis=0)
    third = max(1, pieces.shape[1] // 3)
    strangest, particular = (0.0, 0.0) if evidence.understood.leans_back else _strange(evidence, found)
    worth = evidence.worth()
    whole = math.fsum(worth.values()) or 1.0

    def held(texts: Sequence[str]) -> float:
        return max((math.fsum(worth[term] for term in worth.keys() & terms(text)) for text in texts), default=0.0) / whole

    text = evidence.understood.asked
    return Signs(
        even=even,
        strangest=strangest,
        particular=particular,
        fit=max(sentence.fit for sentence in near),
        weakest=float(np.sort(pieces, axis=1)[:, :third].mean(axis=1).max()),
        pieces=float(best @ evidence.room.shelf.piece_weights(query)),
        least=float(best.min()),
        in_a_sentence=held([sentence.text for sentence in near]),
        in_a_passage=held([*dict.fromkeys(sentence.passage.text for sentence in near)]),
        in_history=math.fsum(worth[term] for term in worth.keys() & rarity.keys()) / whole,
        words=float(len(worth)),
        length=math.log(max(len(text.split()), 1)),
        names=float(len(_NAMED.findall(text))),
        how_many=float(bool(_HOW_MANY.search(text))),
        whether=float(bool(_WHETHER.match(text))),
        who=float(bool(_WHO.match(text))),
        why=float(bool(_WHY.match(text))),
        rarest=max(worth.values(), default=0.0) / whole,
        leans=float(evidence.understood.leans_back),
        in_reach=_in_reach(evidence, found, worth) / whole,
    )


def _in_reach(evidence: Evidence, found: Sequence[SentenceFit], worth: Mapping[str, float]) -> float:
    """Of the question's words the most, by rarity, that one of the passages found holds with those right beside it that were found too."""
    read = {sentence.passage.id for sentence in found}
    said = {one.index: evidence.room.said(one.index).stems for one in evidence.ranked if one.passage.id in read}

    def held(index: int) -> float:
        around = {stem for place in (index - 1, index, index + 1) for stem in said.get(place, ())}
        return math.fsum(worth[term] for term in worth if term in around)

    return max(map(held, said), default=0.0)


def _strange(evidence: Evidence, found: Sequence[SentenceFit]) -> tuple[float, float]:
    query, asked, rarity = evidence.query, evidence.understood.asked, evidence.room.shelf.rarity
    assert query is not None
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
    return strangest * share**0.5, particular * share


def _rare(place: int) -> float:
    return float(np.log1p(place / _COMMON) / np.log1p(_RAREST / _COMMON))


def _said_otherwise(word: str, rarity: Mapping[str, float]) -> bool:
    """Whether this history has what the field calls it besides: what is the bill to who asks is fees in the contract."""
    others = [set(terms(words)) for words in related(word)]
    return any(len(words & rarity.keys()) >= MOST_OF_THEM * len(words) for words in others)


MOST_OF_THEM = 2 / 3
"""Of the words it is said with; a third of them is in any history."""
