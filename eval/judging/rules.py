"""The judge that needs nothing: it counts words, and words that follow each other. It knows no paraphrase, so it errs to the strict side;
its standing says how much.

Whether a text supports a statement is told by its pairs of neighbouring words rather than by its words: who did what to whom is in how
words stand together, and a wrong statement is mostly made of the text's own words.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import pairwise

from eval.matching import figures, telling, words

_LONGEST_STEM = 6
"""Letters by which two forms of one word are taken for the same, in long texts where each with each would take too long."""


class Rules:
    name = "rules"

    def same_fact(self, question: str, reference: str, answer: str) -> float:
        if words(reference) == words(answer):
            return 1.0
        return _share(reference, answer) if figures(reference) <= figures(answer) else 0.0

    def supported(self, statement: str, text: str) -> float:
        """None of its figures may be strange to the text."""
        return _together(statement, text) if figures(statement) <= figures(text) else 0.0

    def states(self, point: str, summary: str) -> float:
        """In one line of the summary: words gathered from several of them say something else."""
        return max((_together(point, line) for line in summary.splitlines() if line.strip()), default=0.0)


def _share(wanted: str, text: str) -> float:
    """How many of the words that carry the meaning of one are in the other, in any form; all, where there are none such."""
    sought = _stems(wanted)
    return len(sought & _stems(text)) / len(sought) if sought else float(words(wanted) == words(text))


def _together(wanted: str, text: str) -> float:
    """How many of the pairs of neighbouring words of one are in the other; of a single word, whether it is."""
    pairs = _pairs(wanted)
    return sum(pair in _pairs(text) for pair in pairs) / len(pairs) if pairs else _share(wanted, text)


@lru_cache(maxsize=1 << 12)
def _pairs(text: str) -> frozenset[tuple[str, str]]:
    return frozenset(pairwise(map(_stem, words(text))))


@lru_cache(maxsize=1 << 12)
def _stems(text: str) -> frozenset[str]:
    return frozenset(map(_stem, telling(text)))


def _stem(word: str) -> str:
    return word.removesuffix("s")[:_LONGEST_STEM] if word.isalpha() else word
