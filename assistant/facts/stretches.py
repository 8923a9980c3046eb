"""The last day of what people name instead of a day: the end of a month, next week, ten days from now, before Christmas.

Who promises `by the end of March` has until the thirty-first; who says `in March` too. What depends on the country, the order of day and
month, or an event that no calendar knows is not resolved; nor is `in two weeks`, which may be how long it takes.
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, timedelta

from assistant.facts.figures import spoken_number

MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
_MONTH = rf"(?P<month>{'|'.join(name[:3] + rf'(?:{name[3:]})?' for name in MONTHS)}|sept)\b\.?"
_YEAR = r"(?:,? (?:of )?(?P<year>20\d\d|next year))?"
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_COUNT = r"(?P<count>\d{1,3}|an?|[a-z]+(?:-[a-z]+)?)"

_OF_MONTH = re.compile(rf"(?:(?P<part>end|middle|mid|start|beginning|early|late)[ -](?:of |in )?)?{_MONTH}{_YEAR}", re.IGNORECASE)
_OF_QUARTER = re.compile(
    r"end of (?:Q(?P<quarter>[1-4])|the (?P<nth>first|second|third|fourth) quarter)(?: of)?(?: (?P<year>20\d\d))?", re.IGNORECASE
)
_OF_PERIOD = re.compile(r"(?P<part>end of )?(?P<which>the|this|next) (?P<period>week|month|quarter|year)", re.IGNORECASE)
_WEEK_OF = re.compile(rf"week of (?:the )?(?P<day>\d{{1,2}})(?:st|nd|rd|th)? {_MONTH}", re.IGNORECASE)
_FROM_NOW = re.compile(
    rf"(?:in|within) (?:the next )?{_COUNT} (?P<unit>day|week|month)s?(?: from (?:now|today)|(?:'|’|s'|s’)? time)", re.IGNORECASE
)
_WEEKDAY = re.compile(rf"(?:by|on|before|until|this|next) (?:(?P<next>next) )?(?P<weekday>{'|'.join(_WEEKDAYS)})", re.IGNORECASE)
_NAMED = (("before christmas", (12, 24)), ("by christmas", (12, 24)), ("by the end of the year", (12, 31)), ("by year end", (12, 31)))


def last_day(words: str, said_on: date | None) -> date | None:
    """None where the words can mean more than one stretch of days, or the day they were said is not known."""
    plain = " ".join(words.casefold().split()).strip(" .,;")
    if said_on is None:
        dated = _OF_MONTH.search(plain)
        return _month_end(dated, None) if dated else None
    if plain.endswith("tomorrow"):
        return said_on + timedelta(days=1)
    for name, (month, day) in _NAMED:
        if name in plain:
            return _ahead(said_on, month, day)
    if week := _WEEK_OF.search(plain):
        begins = _ahead(said_on, _month_number(week["month"]), int(week["day"]))
        return begins + timedelta(days=(4 - begins.weekday()) % 7)
    if now := _FROM_NOW.fullmatch(plain):
        return _from_now(now, said_on)
    if weekday := _WEEKDAY.search(plain):
        days = (_WEEKDAYS.index(weekday["weekday"]) - said_on.weekday()) % 7 or 7
        ambiguous = weekday["next"] or plain.startswith("next")  # next Friday: this week's, or the one after
        return None if ambiguous else said_on + timedelta(days=days)
    if quarter := _OF_QUARTER.search(plain):
        nth = int(quarter["quarter"]) if quarter["quarter"] else ("first", "second", "third", "fourth").index(quarter["nth"]) + 1
        month = 3 * nth
        return _end(int(quarter["year"]), month) if quarter["year"] else _ahead(said_on, month, 31)
    if period := _OF_PERIOD.search(plain):
        return _period(period, said_on)
    dated = _OF_MONTH.search(plain)
    return _month_end(dated, said_on) if dated else None


def _month_end(match: re.Match[str], said_on: date | None) -> date | None:
    month = _month_number(match["month"])
    part = (match["part"] or "").casefold()
    year_said = match["year"] or ""
    if year_said.isdigit():
        year = int(year_said)
    elif said_on is None:
        return None
    elif year_said:
        year = said_on.year + 1
    else:
        year = said_on.year if month >= said_on.month else said_on.year + 1
    return _end(year, month) if part in ("", "end", "late") else None


def _period(match: re.Match[str], said_on: date) -> date | None:
    coming = match["which"].casefold() == "next"
    if not (coming or match["part"]):
        return None
    match match["period"].casefold():
        case "week":
            return said_on + timedelta(days=4 - said_on.weekday() + 7 * coming)
        case "month":
            month = said_on.month + coming
            return _end(said_on.year + (month > 12), (month - 1) % 12 + 1)
        case "quarter":
            month = 3 * ((said_on.month - 1) // 3 + 1 + coming)
            return _end(said_on.year + (month > 12), (month - 1) % 12 + 1)
        case _:
            return date(said_on.year + coming, 12, 31) if match["part"] else None


def _from_now(match: re.Match[str], said_on: date) -> date | None:
    word = match["count"]
    count = 1 if word in ("a", "an") else int(word) if word.isdigit() else int(spoken_number(word))
    if not 1 <= count <= 400:
        return None
    match match["unit"]:
        case "day":
            return said_on + timedelta(days=count)
        case "week":
            return said_on + timedelta(weeks=count)
        case _:
            month = said_on.month - 1 + count
            year, month = said_on.year + month // 12, month % 12 + 1
            return date(year, month, min(said_on.day, monthrange(year, month)[1]))


def _month_number(name: str) -> int:
    return next(number for number, full in enumerate(MONTHS, 1) if full.startswith(name[:3].casefold()))


def _end(year: int, month: int) -> date:
    return date(year, month, monthrange(year, month)[1])


def _ahead(said_on: date, month: int, day: int) -> date:
    this = date(said_on.year, month, min(day, monthrange(said_on.year, month)[1]))
    return this if this >= said_on else date(said_on.year + 1, month, min(day, monthrange(said_on.year + 1, month)[1]))
