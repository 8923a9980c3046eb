"""The judge that needs nothing: it counts words. It knows no paraphrase, so it errs to the strict side; its standing says how much."""

from __future__ import annotations

from functools import lru_cache

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
        return _share(statement, text) if figures(statement) <= figures(text) else 0.0

    def states(self, point: str, summary: str) -> float:
        """In one line of the summary: words gathered from several of them say something else."""
        return max((_share(point, line) for line in summary.splitlines() if line.strip()), default=0.0)


def _share(wanted: str, text: str) -> float:
    """How many of the words that carry the meaning of one are in the other, in any form; all, where there are none such."""
    sought = _stems(wanted)
    return len(sought & _stems(text)) / len(sought) if sought else float(words(wanted) == words(text))


@lru_cache(maxsize=1 << 12)
def _stems(text: str) -> frozenset[str]:
    return frozenset(word if not word.isalpha() else word.removesuffix("s")[:_LONGEST_STEM] for word in telling(text))
