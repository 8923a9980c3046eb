"""Sums as people shorten them: `fifty-eight` for 58,000, `forty-three and a half` for 43,500, `eight forty` for 8.40."""

from __future__ import annotations

import re
from functools import lru_cache

from assistant.facts.figures import figures

_TEENS = "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split()
_ONES = "one two three four five six seven eight nine".split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_DIGITS = {
    **{word: str(i) for i, word in enumerate(_ONES, 1)},
    **{word: str(i) for i, word in enumerate(_TEENS, 10)},
    **{word: str(10 * i) for i, word in enumerate(_TENS, 2)},
    **{f"{ten}{join}{one}": str(10 * i + j) for i, ten in enumerate(_TENS, 2) for j, one in enumerate(_ONES, 1) for join in "- "},
}
_WORD = "|".join(sorted(_DIGITS, key=len, reverse=True))
_COUNTS = r"(?!euros|dollars|pounds|francs|bucks|cents)[a-z]{2,}s\b|people\b|minute|hour|day|week|month|year|working|business"
_SPOKEN = re.compile(
    rf"(?<![\w-])(?P<words>(?:{_WORD})(?:[ ,]+(?:{_WORD})){{0,2}})(?P<half> and a half)?"
    rf"(?![\w-]| (?:hundred|thousand|million|grand|per ?cent|o'clock|of (?:the|them|those|you)|{_COUNTS}))",
    re.IGNORECASE,
)
_WRITTEN = re.compile(rf"(?<![\w.,/:-])(?P<value>\d{{2,3}}(?:\.\d)?)(?![\w%/:-]|[.,]\d| ?(?:percent|{_COUNTS}))")
OF_A_SUM = (1_000.0, 1.0, 0.01)
"""What a shortened number may leave out."""
LEAST = 10
"""Shorter ones count anything."""


@lru_cache(maxsize=4096)
def shortened(text: str) -> frozenset[float]:
    """Numbers that count nothing said and may be a sum without its thousands, or with its cents behind."""
    found = set()
    for match in _SPOKEN.finditer(text):
        parts = [_DIGITS[word.casefold()] for word in re.findall(rf"(?:{_WORD})(?![\w-])", match["words"], re.IGNORECASE)]
        if len(parts) == 3:
            found.add(float(f"{parts[0]}{parts[1]}.{parts[2]}"))
        else:
            found.add(float("".join(parts)) + (0.5 if match["half"] else 0.0))
    found |= {float(match["value"]) for match in _WRITTEN.finditer(text)}
    return frozenset(value for value in found if value >= LEAST)


def sums_of(clause: str) -> frozenset[float]:
    return frozenset(each.value for each in figures(clause) if each.unit == "money" and each.value > 0)


def is_said_in_short(promise: str, clause: str) -> bool:
    written = sums_of(clause)
    return any(abs(value * times - s) < 0.001 * s for value in shortened(promise) for times in OF_A_SUM for s in written)


ABOUT_AS_MUCH = 0.25


def is_another_in_short(promise: str, clause: str) -> bool:
    """About as much, and not the same."""
    written = sums_of(clause)
    near = any(
        0.001 * s < abs(value * times - s) <= ABOUT_AS_MUCH * s for value in shortened(promise) for times in OF_A_SUM for s in written
    )
    return near and not is_said_in_short(promise, clause)
