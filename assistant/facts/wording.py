"""How much a sentence of ours sounds like an undertaking: a second opinion beside the grammar of commitments, from its words alone.

A logistic over the words and pairs of neighbouring words of a sentence, the words of the sentences beside it and the last words of what it
answers, with figures, days, months, sums and names each put down as one word, so that nothing of a trade or a customer stays in it. The
weights lie in `wording.json`: `bias` and `weights`, by feature, fitted by `python -m eval.wording` on invented talk of ours alone. On deals
of other hands that it was not fitted on it tells promises better than the phrases of the grammar, so it has the last word on most of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

from assistant.facts.conditions import condition_of, written_out
from assistant.facts.named_weights import named_weights

FILE = Path(__file__).with_name("wording.json")
MONTH = r"jan(?:uary)?|feb(?:ruary)?|march|april|june|july|august|sept(?:ember)?|october|november|december"
_ORDINAL = (
    r"(?:twenty-|thirty-)?(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth|\w+teenth)"
    r"|twentieth|thirtieth"
)
_NUMBER = (
    r"(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)(?:-\w+)?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve"
    r"|(?:thir|four|fif|six|seven|eigh|nine)teen|hundred|thousand"
)
_CLASSES = re.compile(
    rf"(?P<month>{MONTH})|(?P<weekday>(?:mon|tues|wednes|thurs|fri|satur|sun)days?)|(?P<ordinal>{_ORDINAL})|(?P<number>{_NUMBER})",
    re.IGNORECASE,
)
_PIECE = re.compile(r"[$€£]|\b(?:USD|EUR|GBP|CHF|AUD|CAD)\b|\d[\d.,:]*(?:st|nd|rd|th)?|[A-Za-z][\w'’-]*|[?!:;,.]")
_MONEY = frozenset(("$", "€", "£", "USD", "EUR", "GBP", "CHF", "AUD", "CAD"))
_ENDS = "?!.:"
ASKED_LAST = 16
"""Words of what is answered that count, from its end."""
MOST_LENGTHS = 6
LENGTH = 5
"""Words that make one step of a sentence's length."""
_SENTENCE = re.compile(r"(?<=[.!?])\s+")


def sureness(text: str, prompt: str, before: str, after: str) -> float:
    """0 to 1: how likely a sentence of ours undertakes, qualifies, refuses or takes back something.

    `prompt` is the customer's turn before it, empty where there is none; `before` and `after` are the sentences beside it in its turn.
    """
    return named_weights(FILE).chance(features(text, prompt, before, after))


def features(text: str, prompt: str, before: str, after: str) -> frozenset[str]:
    words = ["<", *words_of(text), ">"]
    asked = words_of(" ".join(_SENTENCE.split(prompt.strip())[-2:]))[-ASKED_LAST:]
    found = {*words, *(f"{one} {other}" for one, other in pairwise(words))}
    found |= {f"asked {word}" for word in asked} or {"asked nothing"}
    found |= {f"before {word}" for word in words_of(before)} or {"opens"}
    found |= {f"after {word}" for word in words_of(after)} or {"ends"}
    found.add(f"length {min(MOST_LENGTHS, len(words) // LENGTH)}")
    if condition_of(written_out(text)):
        found.add("condition")
    return frozenset(found)


@lru_cache(maxsize=4096)  # each sentence is read for itself and for both that it stands between
def words_of(text: str) -> tuple[str, ...]:
    """In lower case, what is counted or named as its class: `by [month] [ordinal]`."""
    return tuple(_classed(text))


def _classed(text: str) -> Iterator[str]:
    begins = True
    for match in _PIECE.finditer(written_out(text)):
        piece = match.group()
        if piece in _MONEY:
            yield "[money]"
        elif piece[0].isdigit():
            yield "[number]"
        elif kind := _CLASSES.fullmatch(piece):
            yield f"[{kind.lastgroup}]"
        elif piece[0].isupper() and not begins and piece != "I":
            yield "[name]"
        else:
            yield piece.casefold()
        begins = piece in _ENDS
