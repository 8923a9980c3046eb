"""How much a sentence sounds like a warning, a reason to buy or a goal: for those that no turn of phrase gives away.

Phrases know what their writer has met, and people in other trades say the same in other words. So each word and pair of words of a
sentence, each word of its neighbours and of our question that it answers, and how it stands in talk and deal (`assistant.facts.standing`)
counts a little for or against, by weights that `python -m eval.likeness` fits on labelled sentences of many trades and on whole deals;
and of what somebody says in one go the neighbours count too, for reasons and worries are told over several sentences. It needs no
vectors: those of whole sentences, of word pieces pooled and of words alone were tried and told no more.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Literal, get_args

from assistant.facts.conditions import written_out
from assistant.facts.speech import Statement
from assistant.facts.standing import place, question_before, shape, standing

Sort = Literal["risk", "why", "goal"]
SORTS: tuple[Sort, ...] = get_args(Sort)
FILE = Path(__file__).with_name("likeness.json")
NEIGHBOURS = 0.3
"""What the likeness of the sentences beside it, above the usual, adds to a sentence's own."""
BESIDE = 0.5
"""What the words beside a sentence count, all of one neighbour together; its own words and pairs count 1."""


@dataclass(frozen=True, slots=True)
class Weights:
    """By sort in the order of `SORTS`: log-odds of a sentence without a word, those of a usual one, and what each feature adds to them."""

    bias: tuple[float, ...]
    usual: tuple[float, ...]
    of: Mapping[str, tuple[float, ...]]

    def own(self, features: Mapping[str, float]) -> tuple[float, ...]:
        """The log-odds of one sentence by itself."""
        sums = list(self.bias)
        for name, value in features.items():
            if (weights := self.of.get(name)) is not None:
                sums = [one + value * weight for one, weight in zip(sums, weights, strict=True)]
        return tuple(sums)


@cache
def shipped() -> Weights:
    body = json.loads(FILE.read_text("utf-8"))
    return Weights(tuple(body["bias"]), tuple(body["usual"]), {name: tuple(weights) for name, weights in body["of"].items()})


def likenesses(said: Sequence[Statement], weights: Weights | None = None) -> list[dict[Sort, float]]:
    """Log-odds by sort for each sentence of an interaction, in the order said."""
    weights = weights or shipped()
    own = [weights.own(features(one.text, one.before, one.after, question_before(one)) | standing(one)) for one in said]
    return [
        dict(zip(SORTS, with_neighbours(own, at, bool(said[at].before), bool(said[at].after), weights.usual), strict=True))
        for at in range(len(said))
    ]


def by_place(share: float, weights: Weights | None = None) -> dict[Sort, float]:
    """What it adds to the log-odds that `share` of the deal's interactions came before: a reading does not know, the ledger does."""
    weights = weights or shipped()
    found = [(value, weights.of[name]) for name, value in place(share).items() if name in weights.of]
    return {sort: math.fsum(value * each[at] for value, each in found) for at, sort in enumerate(SORTS)}


def with_neighbours(own: Sequence[Sequence[float]], at: int, before: bool, after: bool, usual: Sequence[float]) -> tuple[float, ...]:
    """A sentence's log-odds with those of the sentences before and after it, where these were said in the same go."""
    around = ((at - 1, before), (at + 1, after))
    beside = [own[place] for place, same_go in around if same_go and 0 <= place < len(own)]
    if not beside:
        return tuple(own[at])
    return tuple(
        one + NEIGHBOURS * (math.fsum(each[sort] for each in beside) / len(beside) - usual[sort]) for sort, one in enumerate(own[at])
    )


_TOKEN = re.compile(r"[^\W\d_](?:[^\W\d_]|')*|\d[\d.,:]*|[%€$£]")
_MONTHS = frozenset("january february april june july august september october november december".split())
_NUMBERS = frozenset(
    "two three four five six seven eight nine ten eleven twelve fifteen twenty thirty forty fifty sixty seventy eighty ninety hundred "
    "thousand million".split()
)
_OPENS = (". ", "? ", "! ")


@lru_cache(maxsize=4096)  # each sentence is read for itself and for both that it stands between
def words_of(text: str) -> tuple[str, ...]:
    """Its words, with numbers, months, names and abbreviations each as one: which of them it is says nothing."""
    plain, found = written_out(text), []
    for match in _TOKEN.finditer(plain):
        word, before = match.group(), plain[max(0, match.start() - 2) : match.start()]
        small = word.lower().strip("'")
        if small[:1].isdigit() or small in _NUMBERS:
            found.append("#")
        elif small in _MONTHS:
            found.append("@month")
        elif word[0].isupper() and match.start() > 0 and small != "i" and before not in _OPENS:
            found.append("@abbreviation" if word.isupper() else "@name")
        elif small:
            found.append(small)
    return tuple(found)


def features(text: str, before: str = "", after: str = "", asked: str = "") -> dict[str, float]:
    """What of a sentence is weighed: its words and pairs of words, with `<`, `>` and `?` the words before and after it and of the
    question that it answers, and its shape."""
    own = words_of(text)
    ends = ("^", *own, "$")
    names = dict.fromkeys((*own, *(f"{one} {other}" for one, other in pairwise(ends))))
    found = dict.fromkeys(names, 1 / math.sqrt(len(names)))
    for mark, beside in (("<", before), (">", after), ("?", asked)):
        words = dict.fromkeys(words_of(beside)) if beside else {}
        found |= {mark + word: BESIDE / math.sqrt(len(words)) for word in words}
    return found | shape(own, before, after)
