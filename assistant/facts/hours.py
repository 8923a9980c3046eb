"""At which hours, on which days and in which months something is promised, and whether a clause keeps to others."""

from __future__ import annotations

import re

ALWAYS = re.compile(
    r"\b(?:24|twenty[- ]four)\s*(?:/|x|×|[- ]?(?:by|times)[- ]?|[- ])\s*(?:7|seven)\b|\b(?:round|around) the clock\b"
    r"|\b(?:24|twenty[- ]four) hours (?:a|per|every) day\b|\b(?:at )?(?:any|all) (?:times?|hours?)\b|\bevery hour\b"
    r"|\bday (?:and|or) night\b|\bnight and day\b",
    re.IGNORECASE,
)
_RANGE = re.compile(
    r"(?P<from>\d{1,2}(?:[:.]\d\d)?)\s*(?P<am>[ap]\.?m\b\.?)?\s*(?:to|until|till|-"
    r"|–)\s*(?P<to>\d{1,2}(?:[:.]\d\d)?)\s*(?P<pm>[ap]\.?m\b\.?)?(?!\d)",
    re.IGNORECASE,
)
_CLOCK = re.compile(
    r"\b(?P<hour>\d{1,2})(?:[:.](?P<minute>\d\d))?\s*(?P<half>[ap])\.?m\b|\b(?P<at>\d{1,2}):(?P<past>\d\d)\b", re.IGNORECASE
)
_SPOKEN_CLOCK = re.compile(
    r"\b(?P<half>half past )?(?P<hour>one|two|three|four|five|six|seven|eight|nine|ten|eleven"
    r"|twelve)(?: o'clock)? (?P<part>in the (?:morning|evening|afternoon)|at night|[ap]\.?m)\b",
    re.IGNORECASE,
)
_SPOKEN_HOURS = {w: i for i, w in enumerate("one two three four five six seven eight nine ten eleven twelve".split(), 1)}
_WEEKEND = re.compile(r"\b(?:saturday|sunday|weekend)s?\b", re.IGNORECASE)
_WEEKDAYS = re.compile(
    r"\b(?:weekdays|working days|business days|business hours|office hours|school days)\b|\bmon(?:day)?s?\.? (?:to|through"
    r"|[-–]) (?:fri|thu)",
    re.IGNORECASE,
)
_ALL_YEAR = re.compile(
    r"\b(?:all|the whole) (?:the )?year\b|\ball year round\b|\byear-round\b|\bevery (?:month|week|weekend)\b", re.IGNORECASE
)
_MONTH = r"(?:jan|feb|mar|apr|may|june?|july?|aug|sep|oct|nov|dec)[a-z]*"
_SEASON = re.compile(
    rf"\b(?:from|between) (?:\d{{1,2}} )?{_MONTH}(?: \d{{1,2}})? (?:to|until|till|and|through) (?:\d{{1,2}} )?{_MONTH}\b", re.IGNORECASE
)


def outside_hours(promise: str, clause: str) -> bool:
    """At all hours, at the weekend or at a time of day, where the clause keeps to other hours."""
    bound = [*_RANGE.finditer(clause)]
    hours = [
        (_hour(m["from"], m["am"]), _hour(m["to"], m["pm"])) for m in bound if ":" in m.group() or "." in m.group() or m["am"] or m["pm"]
    ]
    hours = [(a, b) for a, b in hours if a < b <= 24]
    if ALWAYS.search(clause):
        return False
    if _ALL_YEAR.search(promise) and _SEASON.search(clause) and not _SEASON.search(promise):
        return True
    if _WEEKDAYS.search(clause) and (_WEEKEND.search(promise) or ALWAYS.search(promise)) and not _WEEKEND.search(clause):
        return True
    times = [_hour(f"{m['hour'] or m['at']}:{m['minute'] or m['past'] or '00'}", m["half"]) for m in _CLOCK.finditer(promise)]
    for m in _SPOKEN_CLOCK.finditer(promise):
        late = m["part"].casefold() in ("in the evening", "in the afternoon", "at night", "pm", "p.m")
        times.append(_SPOKEN_HOURS[m["hour"].casefold()] % 12 + (0.5 if m["half"] else 0) + (12 if late else 0))
    return bool(hours) and (ALWAYS.search(promise) is not None or any(all(not a <= t <= b for a, b in hours) for t in times))


def _hour(written: str, half: str | None) -> float:
    hour, _, minute = written.replace(".", ":").partition(":")
    late = bool(half) and (half or "").casefold().startswith("p")
    return (int(hour) % 12 + 12 * late if half else int(hour)) + (int(minute) / 60 if minute else 0)
