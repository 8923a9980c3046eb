"""What a sentence says of amounts, durations, days, names, places and languages: the values that a person would lay side by side."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from assistant.facts.conditions import written_out
from assistant.facts.dates import dates
from assistant.facts.figures import figures
from assistant.words import stemmed

_HOURS_IN = {
    "minute": 1 / 60,
    "hour": 1.0,
    "day": 24.0,
    "working day": 24.0,
    "business day": 24.0,
    "week": 168.0,
    "month": 730.0,
    "year": 8760.0,
}
_ONE_OF = re.compile(
    r"\b(?:one|a single) (?:working |business |calendar |[a-z]+-[a-z]+ )?(?P<unit>hour|day|week|month|year)\b|\b(?P<half>half an) hour\b",
    re.IGNORECASE,
)
_COUNTED = re.compile(r"\W{0,2}(?:[\w'-]+ ){0,2}?(?P<noun>[a-z]{3,}s)\b", re.IGNORECASE)
"""What a number counts: `six biggest sites`."""
_PART = re.compile(r"\b(?:first|last|next|further|another|other|those|these|of (?:the|your|our))\s+$", re.IGNORECASE)
"""Before a number that is a part of more: `the first two sites` says nothing of how many there are."""
_BEFORE_NO_COUNT = re.compile(r"(?:\bweek |\d[:.]|\bhalf past |\bquarter (?:past|to) )$", re.IGNORECASE)
_AFTER_NO_COUNT = re.compile(
    r"(?:st|nd|rd|th)\b|:\d\d|\s?[ap]\.?m\b| o'clock| (?:past|to) (?=one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)",
    re.IGNORECASE,
)
"""Of a day, a week of the calendar or a time, which are no amounts."""
_PLACED = re.compile(r"\b(?:in|on|inside|outside|within|leaves?|from)(?: of)?(?: the)? (?P<name>[A-Z][\wåäöéü]*)")
_AND_PLACED = re.compile(r"(?:,| and(?: in)?| or(?: in)?) (?P<name>[A-Z][\wåäöéü]*)")
_LANGUAGE = re.compile(
    r"\b(?:English|French|German|Spanish|Italian|Portuguese|Dutch|Flemish|Swedish|Norwegian|Danish|Finnish|Polish|Czech|Slovak|Hungarian"
    r"|Romanian|Greek|Turkish|Russian|Ukrainian|Lithuanian|Latvian|Estonian|Arabic|Hebrew|Hindi|Mandarin|Chinese|Japanese|Korean"
    r"|Vietnamese"
    r"|Tagalog|Welsh|Irish|Gaelic|Catalan|Basque|Maori|Samoan|Tongan)\b"
)
_EVERY_HOUR = re.compile(r"\b(?:24|twenty[- ]four) ?(?:/ ?7|hours a day)\b|\b(?:7|seven) days a week\b", re.IGNORECASE)
_NOT = re.compile(
    r"\b(?:no|not|never|neither|nor|none|nothing|cannot|can't|won't|don't|doesn't|isn't|aren't|without|excluded|excludes"
    r"|remains? with)\b",
    re.IGNORECASE,
)
_NAME = re.compile(r"(?<![.!?:|\"“] )(?<!^)\b[A-Z][\wåäöéü]*(?:\s[A-Z][\wåäöéü]+)*\b")
_NO_NAME = frozenset(
    "i i'm i'll i've i'd we customer supplier client licensee licensor party parties services term initial agreement schedule"
    " order form eur usd gbp aud chf"
    " sek nok january february march april may june july august september october november december"
    " jan feb mar apr jun jul aug sep sept oct nov dec"
    " monday tuesday wednesday thursday friday saturday sunday easter christmas".split()
)


@dataclass(frozen=True, slots=True)
class Slots:
    """Durations in hours; counts by what they count; `bare` are values that count nothing said, a year or a price among them."""

    durations: frozenset[float]
    percents: frozenset[float]
    sums: frozenset[float]
    counts: Mapping[str, frozenset[float]]
    bare: frozenset[float]
    days: frozenset[date]
    names: frozenset[str]
    placed: frozenset[str]
    languages: frozenset[str]
    negates: bool


@lru_cache(maxsize=4096)
def slots(text: str, said_on: date | None) -> Slots:
    plain = written_out(text.replace("’", "'"))
    days = [each for each in dates(text, said_on) if each.on is not None]
    durations, percents, sums, bare = set(), set(), set(), set()
    counts: dict[str, set[float]] = {}
    round_the_clock = [match.span() for match in _EVERY_HOUR.finditer(text)]
    for figure in figures(text):
        if any(start <= figure.span.start < end for start, end in round_the_clock):
            continue
        if any(day.span.start < figure.span.end and figure.span.start < day.span.end for day in days):
            continue
        if _BEFORE_NO_COUNT.search(text[: figure.span.start]) or _AFTER_NO_COUNT.match(text, figure.span.end):
            continue
        counted = _COUNTED.match(text, figure.span.start + len(text[figure.span.start : figure.span.end].split()[0]))
        if figure.unit in _HOURS_IN:
            durations.add(figure.value * _HOURS_IN[figure.unit])
        elif figure.unit == "%":
            percents.add(figure.value)
        elif figure.unit == "money":
            sums.add(figure.value)
        elif counted and _PART.search(text[: figure.span.start]) is None:
            counts.setdefault(stemmed(counted["noun"].casefold()), set()).add(figure.value)
        else:
            bare.add(figure.value)
    for match in _ONE_OF.finditer(text):
        durations.add(0.5 if match["half"] else _HOURS_IN[match["unit"].casefold()])
    return Slots(
        frozenset(durations), frozenset(percents), frozenset(sums), {unit: frozenset(values) for unit, values in counts.items()},
        frozenset(bare), frozenset(day.on for day in days if day.on), _names(text), _placed(text), frozenset(_LANGUAGE.findall(text)),
        _NOT.search(plain) is not None,
    )  # fmt: skip


def _placed(text: str) -> frozenset[str]:
    found = set()
    for match in _PLACED.finditer(text):
        found.add(match["name"].casefold())
        at = match.end()
        while (more := _AND_PLACED.match(text, at)) is not None:
            found.add(more["name"].casefold())
            at = more.end()
    return frozenset(found) - _NO_NAME


def _names(text: str) -> frozenset[str]:
    words = {word for name in _NAME.findall(text) for word in name.casefold().split()}
    return frozenset(word for word in words - _NO_NAME if len(word) > 1)


def values_of(said: Slots) -> frozenset[float | date]:
    counted = frozenset(value for values in said.counts.values() for value in values)
    return said.durations | said.percents | said.sums | said.bare | said.days | counted
