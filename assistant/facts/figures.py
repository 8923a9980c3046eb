"""Reads the figures in a sentence, in digits or in words, with what they count: `forty-eight hours` is 48 hours."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from ingest.records import Span

_UNITS = dict(
    zip(
        [
            "zero",
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
            "thirteen",
            "fourteen",
            "fifteen",
            "sixteen",
            "seventeen",
            "eighteen",
            "nineteen",
        ],
        range(20),
        strict=True,
    )
)
_TENS = {word: (i + 2) * 10 for i, word in enumerate(["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"])}
_SCALES = {"hundred": 100, "thousand": 1000, "million": 1_000_000, "grand": 1000}
_NUMBER_WORD = "|".join([*_UNITS, *_TENS, *_SCALES])
_SPOKEN = re.compile(rf"\b(?:(?:{_NUMBER_WORD})(?:[\s-]+(?:and[\s-]+)?(?=(?:{_NUMBER_WORD})\b))?)+(?![\w-])", re.IGNORECASE)
_SPOKEN_DECIMAL = re.compile(rf"\s+point\s+((?:{'|'.join(_UNITS)})(?:\s+(?:{'|'.join(_UNITS)}))?)\b", re.IGNORECASE)
_WRITTEN = re.compile(r"(?<![\w.])(\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)(\s?(?:[kKmM]|thousand|million|hundred)\b)?")
_UNIT = re.compile(
    r"\s*-?\s*(%|per ?cent|percent|working days?|business days?|minutes?|mins?|hours?|hrs?|days?|weeks?|months?|years?"
    r"|dollars|euros?|kronor|pounds|bucks|users?|seats?|[a-z]+s)\b"
    r"|\s*(%)",
    re.IGNORECASE,
)
_SAID_AGAIN = re.compile(r"\s*\(\d[\d,.]*\)")
"""`Forty-eight (48) hours`, as lawyers write it, is one figure: the one in digits."""
_CURRENCY = re.compile(
    r"(?:\b(?:USD|EUR|GBP|CAD|AUD|NZD|CHF|SEK|NOK|DKK|PLN|CZK|HUF|RON|INR|SGD|HKD|JPY|AED|ZAR|BRL|MXN|TRY)|[$€£₹¥])\s?$", re.IGNORECASE
)
_SAME_UNIT = {
    "percent": "%",
    "per cent": "%",
    "min": "minute",
    "hr": "hour",
    "buck": "money",
    "dollar": "money",
    "euro": "money",
    "kronor": "money",
    "pound": "money",
}


@dataclass(frozen=True, slots=True)
class Figure:
    """`value` counts `unit` (`%`, `money`, `hour`, a plural noun without its s, or empty); `span` is in the sentence."""

    value: float
    unit: str
    span: Span


def may_be_year(value: float) -> bool:
    """Of our time."""
    return 1990 <= value <= 2100


@lru_cache(maxsize=4096)
def figures(text: str) -> tuple[Figure, ...]:
    found: list[Figure] = []
    for match in _WRITTEN.finditer(text):
        scale = ({"k": 1000, "m": 1_000_000} | _SCALES).get((match[2] or "").strip().casefold(), 1)
        found.append(_figure(text, Span(*match.span()), float(match[1].replace(",", "")) * scale))
    written = [figure.span for figure in found]
    for match in _SPOKEN.finditer(text):
        if any(span.start <= match.start() < span.end for span in (*written, *(figure.span for figure in found))):
            continue
        if _SAID_AGAIN.match(text, match.end()):
            continue
        decimal = _SPOKEN_DECIMAL.match(text, match.start() + len(match.group().rstrip(" -")))
        if decimal:
            digits = "".join(str(_UNITS[word]) for word in decimal[1].casefold().split())
            value = float(f"{int(spoken_number(match.group()))}.{digits}")
            found.append(_figure(text, Span(match.start(), decimal.end()), value))
            continue
        if match.group().strip(" -").casefold() not in ("one", "zero"):
            found.append(_figure(text, Span(match.start(), match.start() + len(match.group().rstrip(" -"))), spoken_number(match.group())))
    return tuple(sorted(found, key=lambda figure: figure.span))


def spoken_number(words: str) -> float:
    """`thirteen thousand two hundred and eighty-five` is 13285, `twenty twenty-seven` 2027, `nineteen ninety-five` 1995."""
    total, current, groups = 0, 0, []
    for word in re.findall(r"[a-z]+", words.casefold()):
        if word in _SCALES:
            current = (current or 1) * _SCALES[word]
            if _SCALES[word] >= 1000:
                total, current = total + current, 0
        elif word in _TENS or word in _UNITS:
            value = _TENS.get(word, _UNITS.get(word, 0))
            fits = current == 0 or current % 100 == 0 or (current % 100 >= 20 and current % 10 == 0 and value < 10)
            if not fits:
                groups.append(total + current)
                total, current = 0, 0
            current += value
    groups.append(total + current)
    return float(groups[0] * 100 + groups[1]) if len(groups) == 2 and 10 <= groups[0] <= 99 and 10 <= groups[1] <= 99 else float(groups[-1])


def _figure(text: str, span: Span, value: float) -> Figure:
    if _CURRENCY.search(text[: span.start]):
        return Figure(value, "money", span)
    bracketed = text[span.end : span.end + 1] == ")" and text[: span.start].endswith("(")
    unit = _UNIT.match(text, span.end + bracketed)
    name = (unit[1] or unit[2]).casefold() if unit else ""
    name = name if name in ("%", "kronor") else name.removesuffix("s")
    return Figure(value, _SAME_UNIT.get(name, name), Span(span.start, unit.end() if unit else span.end))
