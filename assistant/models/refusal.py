"""How evenly what was found matches a question, and whether it holds what was asked for: the first sign of `assistant.models.heard`.

How well the best passage matches says little: a question about something never discussed is asked in the words of what was, and
often matches better than a true paraphrase. Two things do tell. A near miss matches part of the question strongly and the rest not
at all, an answer matches it evenly. And a question for a figure, an amount, a date or a length of time wants a sentence that holds
one and fits about as well as the best sentence does. The weights of the two were chosen on the three development deals.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assistant.models.sentence_fit import SentenceFit
from assistant.understand import Wanted
from assistant.words import STOP, plain
from ingest.index.stopwords import STOPWORDS

RATIO = 0.5
SPECIFIC = 0.2
"""A question for something specific has to be matched better by this much."""
UNHEARD, FAINT = 2 / 3, 0.35
"""A question in words that are strange to the history is matched evenly too, by nothing in particular: there the match itself must
be more than faint. On the development deals paraphrases that share no word with the history fit by .36 and more, nonsense by less than
.33."""
ENOUGH_WORDS = 0.2
"""Without vectors: the share of the question, by rarity, that one sentence must hold."""

_FIGURE = re.compile(
    r"\d|\b(?:zero|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\w+teen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety"
    r"|hundred|thousand|million|half|third|quarter|dozen|none|no)\b",
    re.I,
)
_MONEY = re.compile(
    r"[$€£%]|\d+ ?k\b|\b(?:usd|eur|gbp|sek|nok|dkk|dollars?|euros?|pounds?|kron\w+|percent|per cent|free|charge\w*|price\w*|cost\w*"
    r"|fees?|discount\w*)\b",
    re.I,
)
_DATE = re.compile(
    r"\b(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)(?:uary|ruary|ch|il|ust|ember|ober)?\b|\b(?:mon|tues|wednes|thurs|fri|satur|sun)days?\b"
    r"|\b(?:days?|weeks?|months?|quarters?|years?|today|tomorrow|tonight|christmas|easter|q[1-4]|20\d\d|\d{1,2}[/.]\d{1,2})\b",
    re.I,
)
_DURATION = re.compile(r"\b(?:seconds?|minutes?|mins?|hours?|hrs?|days?|weeks?|wks?|months?|years?|yrs?)\b", re.I)
_HOLDS: dict[Wanted, tuple[re.Pattern[str], ...]] = {
    "number": (_FIGURE,),
    "money": (_MONEY, _FIGURE),
    "date": (_DATE,),
    "duration": (_DURATION, _FIGURE),
}


def holds(wanted: Wanted, text: str) -> bool:
    """Whether a sentence has what was asked for in it: an amount, a day, a number; anything holds anything."""
    return all(pattern.search(text) for pattern in _HOLDS.get(wanted, ()))


@dataclass(frozen=True, slots=True)
class Part:
    """One of the questions asked in a breath: what it wants, and which of the question's word pieces are its own."""

    wanted: Wanted
    pieces: slice | None = None
    """None for all."""


def evenness(parts: Sequence[Part], sentences: Sequence[SentenceFit], *, by_vectors: bool, unheard: float = 0.0) -> float:
    """How sure it is that one of the sentences answers: about 0.2 to 1.3, by words alone 0 to 1, and 0 where nothing was found.

    Of a question in several parts the surest part counts: no sentence matches all of it evenly. `sentences` are those of the best
    passages; `unheard` is the share of the question's terms that nobody in this history ever used.
    """
    if not sentences or not len(sentences[0].pieces):
        return 0.0
    best = max(max(s.fit for s in sentences), 1e-6)
    if not by_vectors:
        return best
    if unheard >= UNHEARD and best < FAINT:
        return 0.0
    return max(_evenness(part, sentences, best) for part in parts)


def _evenness(part: Part, sentences: Sequence[SentenceFit], best: float) -> float:
    mine = [s.pieces[part.pieces or slice(None)] for s in sentences]
    matched = best if part.pieces is None else max(best, *(float(pieces.mean()) for pieces in mine))
    even = max(_weakest_third(pieces) for pieces in mine) / matched
    holding = [s.fit for s in sentences if holds(part.wanted, s.text)]
    ratio = max(holding, default=0.0) / best
    return even + RATIO * ratio - (SPECIFIC if part.wanted != "anything" else 0.0)


def asks_something(question: str) -> bool:
    """Whether a word in it has letters and a meaning of its own: `-1`, `?!` and `the of and` ask nothing."""
    return any(word.isalpha() and word not in STOP and word not in STOPWORDS for word in plain(question))


def _weakest_third(pieces: NDArray[np.float32]) -> float:
    lowest = np.sort(pieces)[: max(1, len(pieces) // 3)]
    return float(lowest.mean())
