"""Finds the dates in a sentence as they were said, and resolves only those that can mean one day."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, timedelta

from assistant.facts.figures import spoken_number
from assistant.facts.speech import Place, Statement
from assistant.facts.stretches import last_day
from ingest.records import Span

_MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?"
    r"|dec(?:ember)?)\b\.?"
)
_FIRST_TO_NINTH = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth")
_TENTH_ON = (
    *("tenth", "eleventh", "twelfth", "thirteenth", "fourteenth", "fifteenth"),
    *("sixteenth", "seventeenth", "eighteenth", "nineteenth", "twentieth"),
)
_ORDINALS = {
    word: day
    for day, word in enumerate(
        (*_FIRST_TO_NINTH, *_TENTH_ON, *(f"twenty-{word}" for word in _FIRST_TO_NINTH), "thirtieth", "thirty-first"), start=1
    )
}
_ORDINAL = "|".join(sorted(_ORDINALS, key=len, reverse=True))
_DAY = rf"(?:\d{{1,2}}(?:st|nd|rd|th)?\b|(?:{_ORDINAL})\b)"
_SPOKEN_YEAR = r"twenty[ -]twenty[ -](?:one|two|three|four|five|six|seven|eight|nine)\b"
_YEAR = rf"(?:,?\s+(?:of\s+)?(?P<year>20\d\d|{_SPOKEN_YEAR}))?"
_WEEKDAY = r"(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day)"

_EXACT = (
    re.compile(r"\b(?P<iso>20\d\d-\d\d-\d\d)\b"),
    re.compile(r"(?<![\d/.])(?P<one>\d{1,2})(?P<sign>[/.])(?P<two>\d{1,2})(?P=sign)(?P<numeric>(?:20)?\d\d)(?![\d/.]*\d)"),
    # `December first and second`, `12 to 14 May`: until the last of them.
    re.compile(
        rf"\b(?P<month>{_MONTH})\s+(?:the\s+)?{_DAY}\s*(?:and|to|through|thru|until|till"
        rf"|[-–])\s*(?:the\s+)?(?P<day>{_DAY}){_YEAR}",
        re.I,
    ),
    re.compile(
        rf"\b(?:the\s+)?{_DAY}\s*(?:and|to|through|thru|until|till"
        rf"|[-–])\s*(?:the\s+)?(?P<day>{_DAY})\s+(?:of\s+)?(?P<month>{_MONTH}){_YEAR}",
        re.I,
    ),
    re.compile(rf"\b(?:the\s+)?(?P<day>{_DAY})\s+(?:of\s+)?(?P<month>{_MONTH}){_YEAR}", re.IGNORECASE),
    re.compile(rf"\b(?P<month>{_MONTH})\s+(?:the\s+)?(?P<day>{_DAY})(?!\s+(?:of\s+)?{_MONTH}){_YEAR}", re.IGNORECASE),
)
_LOOSE = re.compile(
    rf"\b(?:(?:in|within)\s+(?:\w+\s+){{1,2}}(?:days?|weeks?|months?)(?:['’]?\s+time|\s+from\s+(?:now|today))"
    rf"|(?:the\s+)?week\s+of\s+(?:the\s+)?\d{{1,2}}(?:st|nd|rd|th)?\s+{_MONTH}|tomorrow|(?:end\s+of\s+)?next\s+week"
    rf"|(?:end|middle|start|beginning)\s+of\s+(?:{_MONTH}|Q[1-4]|(?:the|next|this)\s+(?:year|month|quarter))(?:\s+20\d\d)?"
    rf"|(?:Q[1-4]|(?:first|second|third|fourth)\s+quarter)(?:\s+(?:20\d\d|next\s+year))?"
    rf"|(?:{_MONTH})\s+20\d\d|(?:in|by|until|before|for|of|every|each)\s+{_MONTH}"
    rf"|within\s+(?:\w+\s+){{1,2}}(?:days?|weeks?|months?)(?:\s+of\s+(?:signature|signing|when\s+you\s+sign|go-live))?"
    rf"|(?:sometime\s+)?next\s+(?:year|month|quarter|spring|summer|fall|autumn|winter)|(?:by|on|every)\s+{_WEEKDAY}"
    rf"|before\s+(?:Thanksgiving|Christmas|go-live|the\s+summer)|at\s+go-live"
    rf"|by\s+the\s+(?:{_ORDINAL})|the\s+first\s+\w+\s+days|week\s+of\s+\d{{1,2}}\s+{_MONTH})",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class DateSaid:
    as_said: str
    on: date | None
    """Set only where the words can mean one day: a day and a month, with a year or with the nearest one ahead."""
    span: Span
    """In the sentence."""
    exact: bool = False
    """A day and a month were named, with or without a year."""


@dataclass(frozen=True, slots=True)
class Event:
    """A sentence with a hard date."""

    said: DateSaid
    text: str
    at: Place
    also: tuple[Place, ...] = ()
    """Where else the same is said of that day."""


_A_WEEK = re.compile(r"\bweek of (?:the )?$", re.IGNORECASE)


def dates(text: str, said_on: date | None) -> tuple[DateSaid, ...]:
    """Dates in reading order; without `said_on` a date without a year stays unresolved."""
    found: list[DateSaid] = []
    for pattern in _EXACT:
        for match in pattern.finditer(text):
            span, on = _of_next_year(text, Span(*match.span()), _resolved(match, said_on), said_on)
            if _A_WEEK.search(text[: span.start]) is not None:
                continue
            if not any(span.start < other.span.end and other.span.start < span.end for other in found):
                found.append(DateSaid(text[span.start : span.end].strip(" ,"), on, span, exact=True))
    for match in _LOOSE.finditer(text):
        span, on = _of_next_year(text, Span(*match.span()), last_day(match.group(), said_on), said_on)
        if not any(span.start < other.span.end and other.span.start < span.end for other in found):
            found.append(DateSaid(text[span.start : span.end].strip(), on, span))
    return tuple(sorted(found, key=lambda said: said.span))


_NEXT_YEAR = re.compile(r",?\s+(?:of\s+)?next\s+year\b", re.IGNORECASE)


def _of_next_year(text: str, span: Span, on: date | None, said_on: date | None) -> tuple[Span, date | None]:
    """`The end of June next year` is not the June ahead."""
    behind = _NEXT_YEAR.match(text, span.end)
    if behind is None:
        return span, on
    return Span(span.start, behind.end()), _day(said_on.year + 1, on.month, on.day) if on and said_on else None


def due(text: str, said_on: date | None) -> DateSaid | None:
    """The date a commitment runs to: of several things each with its day the first's; a clause with two days decides for neither."""
    found = dates(text, said_on)
    if not found:
        return None
    first = next((part for part in _AND_THEN.split(text) if dates(part, said_on)), text)
    if len(found) > 1 and first != text and text.startswith(first) and len(first.split()) >= OF_ITS_OWN:
        return due(first, said_on)
    hard = [said for said in found if said.exact and said.on] or [said for said in found if said.on]
    if len({said.on for said in hard}) == 1:
        return hard[0]
    return replace(hard[0], on=None) if hard else found[0]


_AND_THEN = re.compile(r",? and (?=(?:i|we|you|he|she|they|it|the|your|our)\b)", re.IGNORECASE)
OF_ITS_OWN = 4
"""Words of a clause that promises something by itself."""


_DATED = re.compile(
    r"\b(?:live|start|end|ends|ending|until|freeze|blackout|upgrade|kick-?off|notice|runs|deadline|due|signed?|deliver"
    r"|order|months from|given|aim\w*|available|retire|out|away|renew|board|meeting|launch|close|closed|expires?|training|phase|login"
    r"|access|ready|work"
    r"|first|complete)",
    re.IGNORECASE,
)


_NEARLY_A_DAY = re.compile(r"\bweek of\b|\bend of (?!the|next|this)\w", re.IGNORECASE)
"""`The week of 2 November` and `the end of March` have a last day that a plan can hold on to; `in March` and `next week` say too little."""
_SIGNATURE = re.compile(r"^\W*(?:signed|completed|issued|executed|for \w+)\b", re.IGNORECASE)
"""Who signed or filled in a document on which day is its history, not the deal's plan."""


def event(statement: Statement) -> Event | None:
    """A sentence that puts something of the deal on a day ahead of it; a CRM's list of stages is no sentence."""
    if statement.interaction.source.kind == "crm_field":
        return None
    said_on = statement.interaction.source.occurred_on
    hard = [
        said
        for said in dates(statement.text, said_on)
        if (said.exact or _NEARLY_A_DAY.search(said.as_said)) and said.on and (said_on is None or said.on >= said_on)
    ]
    if statement.interaction.source.kind == "doc" and _SIGNATURE.search(statement.text):
        return None
    if not hard or statement.text.rstrip().endswith("?") or not _DATED.search(statement.text) or len(statement.text.split()) < 4:
        return None
    return Event(hard[0], statement.text, statement.place)


_GRACE = timedelta(days=60)
"""A date named shortly after it passed is that day, not the one next year."""


def _resolved(match: re.Match[str], said_on: date | None) -> date | None:
    groups = match.groupdict()
    if groups.get("iso"):
        return _day(*(int(part) for part in groups["iso"].split("-")))
    if groups.get("numeric"):
        return _of_numbers(int(groups["one"]), int(groups["two"]), groups["sign"], int(groups["numeric"]) % 100 + 2000)
    month = next(i + 1 for i, name in enumerate(_MONTHS) if name.startswith(groups["month"].casefold().rstrip(".")[:3]))
    word = groups["day"].casefold()
    day = _ORDINALS[word] if word in _ORDINALS else int(re.sub(r"\D", "", word))
    if groups.get("year"):
        year = groups["year"]
        return _day(int(year) if year.isdigit() else int(spoken_number(year)), month, day)
    if said_on is None:
        return None
    this_year = _day(said_on.year, month, day)
    return this_year if this_year is None or this_year >= said_on - _GRACE else _day(said_on.year + 1, month, day)


def _of_numbers(one: int, two: int, sign: str, year: int) -> date | None:
    """With full stops the day stands first; with strokes only where one of them can be no month: 03/04/2027 is nobody's to decide."""
    if sign == "." or one > 12 or one == two:
        return _day(year, two, one)
    return _day(year, one, two) if two > 12 else None


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
