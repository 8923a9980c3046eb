"""Values of a promise held against those of a clause: same, other, better, later, charged, limited, somewhere else or at other hours.

Nothing here knows whether the two are about the same matter.
"""

from __future__ import annotations

import re
from datetime import date

from assistant.facts.figures import figures
from assistant.facts.slots import Slots, slots, values_of
from assistant.facts.topics import content_words

SAME = 0.02
"""Of a value, by which two ways to say it may differ: `eight weeks` and `56 days`."""
_SPENT = re.compile(
    r"[,(]?\s*\b(?:if|provided|as long as|when|once)\b[^,.;]{0,40}\b(?:sign(?:s|ed)?|order(?:s|ed)?"
    r"|countersigned)\b[^,.;]{0,40}(?:, \w+ \d+)?",
    re.IGNORECASE,
)
"""A condition on the signature, which is met where there is a signed paper: `if you sign by the thirtieth`."""
FREE = re.compile(
    r"\bfree\b(?! (?:of|from) (?!charge)| text)|\b(?:no|without|not) (?:\w+ )?(?:charge|cost|fee|bill|invoice|cent)s?\b|\bnothing extra\b"
    r"|\b(?:on|at) (?:us|the house|our expense)\b|\bfor nothing\b|\bwaived?\b|\bthrow (?:that|it|this|\w+(?: \w+)?) in\b"
    r"|\b(?:don't|do not|doesn't|does not|won't|never|not) (?:\w+ ){0,2}(?:pay|charge|cost|bill|invoice)\b|\b(?:is|are|it's"
    r"|that's|was) (?:all )?in"
    r"(?: the| that)? (?:price|fee|licen[cs]e|package|subscription)\b|\bincluded?\b|\bcosts? (?:you )?nothing\b|\b(?:EUR|USD|GBP"
    r"|AUD|CHF|[$€£]) ?0\b",
    re.IGNORECASE,
)
GIFT = re.compile(
    r"\bfor free\b|\bfree of charge\b|\b(?:is|are|be|it's|that's) free\b|\b(?:no|without|not a) (?:\w+ )?(?:charge|cost|fee|bill"
    r"|cent)s?\b"
    r"|\b(?:on|at) (?:us|the house|our expense)\b|\bfor nothing\b|\bwaived?\b|\b(?:don't|won't|doesn't|never) (?:\w+ )?(?:charge"
    r"|bill|cost)\b"
    r"|\bcosts? (?:you )?nothing\b",
    re.IGNORECASE,
)
"""Given for nothing, in so many words; what is `included` may be paid for with the rest."""
_CHARGED = re.compile(
    r"\b(?:charged?|billed|invoiced|rented|payable|borne)\b(?! (?:in advance|with the|annually|yearly|quarterly|monthly|on|within))"
    r"|\bat (?:cost|\w+ (?:pence|cents?))\b",
    re.IGNORECASE,
)
_PRICED = re.compile(r"(?:\b(?:EUR|USD|GBP|AUD|CAD|CHF|SEK|NOK|DKK|SGD|INR)|[$€£]) ?[1-9][\d,.]*")
A_PRICE_LINE = 6
"""Content words up to which a line with a sum is the price of what it names; in a longer one the sum may be of something else."""


def _is_charged(clause: str) -> bool:
    return _CHARGED.search(clause) is not None or (_PRICED.search(clause) is not None and len(content_words(clause)) <= A_PRICE_LINE)


_NO_LIMIT = re.compile(
    r"\bunlimited\b|\bas (?:many|much|often) as\b|\b(?:however|whatever) (?:many|much)\b|\bno (?:cap|limit|ceiling|maximum)\b"
    r"|\bany number\b"
    r"|\bwhat(?:ever)? you (?:want|like|need)\b|\bdoesn't matter how (?:many|much)\b|\ball of them\b",
    re.IGNORECASE,
)
_LIMIT = re.compile(
    r"\bup to\b|\bincludes?\b|\bat most\b|\bmaximum\b|\blimited to\b|\b(?:further|additional|each|extra|more|above)\b.{0,40}\bcharged\b"
    r"|\bare included\b|\bnot (?:more|exceed)",
    re.IGNORECASE,
)
_ALL = re.compile(r"\b(?:all|everything|nothing|none|only|never|always|whole|entire(?:ly)?|also)\b", re.IGNORECASE)
_ALWAYS = re.compile(
    r"\b(?:24|twenty[- ]four)\s*(?:/|x|×|[- ]?(?:by|times)[- ]?|[- ])\s*(?:7|seven)\b|\b(?:round|around) the clock\b"
    r"|\b24 hours\b|\b(?:at )?(?:any|all) (?:times?|hours?)\b|\bday (?:and|or) night\b|\bnight and day\b",
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
_LATEST = re.compile(
    r"\bwithin\b|\bat the latest\b|\binside\b|\brespon[ds]|\banswer|\bnotif|\bdelet|\bresol|\bfix|\bready\b|\bon site\b|\blive\b"
    r"|\bbegin|\bhear\b",
    re.IGNORECASE,
)
_AT_LEAST = re.compile(
    r"\bup to\b|\bpay(?:able|ment)?\b|\bnet \d|\boffline\b|\bwithout (?:a|any)\b|\bguarantee|\bwarrant|\bkeep|\bkept\b|\bretain"
    r"|\bhold|\bvalid\b|\bfixed\b|\breplaced\b|\binclud|\bfree\b",
    re.IGNORECASE,
)


def _outside_hours(promise: str, clause: str) -> bool:
    """At all hours, at the weekend or at a time of day, where the clause keeps to other hours."""
    bound = [*_RANGE.finditer(clause)]
    hours = [
        (_hour(m["from"], m["am"]), _hour(m["to"], m["pm"])) for m in bound if ":" in m.group() or "." in m.group() or m["am"] or m["pm"]
    ]
    hours = [(a, b) for a, b in hours if a < b <= 24]
    if _ALWAYS.search(clause):
        return False
    if _ALL_YEAR.search(promise) and _SEASON.search(clause) and not _SEASON.search(promise):
        return True
    if _WEEKDAYS.search(clause) and (_WEEKEND.search(promise) or _ALWAYS.search(promise)) and not _WEEKEND.search(clause):
        return True
    times = [_hour(f"{m['hour'] or m['at']}:{m['minute'] or m['past'] or '00'}", m["half"]) for m in _CLOCK.finditer(promise)]
    for m in _SPOKEN_CLOCK.finditer(promise):
        late = m["part"].casefold() in ("in the evening", "in the afternoon", "at night", "pm", "p.m")
        times.append(_SPOKEN_HOURS[m["hour"].casefold()] % 12 + (0.5 if m["half"] else 0) + (12 if late else 0))
    return bool(hours) and (_ALWAYS.search(promise) is not None or any(all(not a <= t <= b for a, b in hours) for t in times))


def _hour(written: str, half: str | None) -> float:
    hour, _, minute = written.replace(".", ":").partition(":")
    late = bool(half) and (half or "").casefold().startswith("p")
    return (int(hour) % 12 + 12 * late if half else int(hour)) + (int(minute) / 60 if minute else 0)


COMPARED = (
    "same value", "other value", "other count", "better value", "same day", "later day", "charged", "limited", "elsewhere", "hours",
    "language", "opposed", "negates", "named", "unnamed", "unmet", "gift unwritten",
)  # fmt: skip
CLASHES = ("other value", "other count", "later day", "charged", "limited", "elsewhere", "hours", "language")
"""Of these, what says otherwise than was promised."""


def compared(promise: str, clause: str, said_on: date | None, everything: frozenset[float | date] = frozenset()) -> tuple[float, ...]:
    """In the order of `COMPARED`, each 0 or 1, `unnamed` and `unmet` a share. `everything` are the values of the whole paper."""
    promise = _SPENT.sub(" ", promise)
    said, written = slots(promise, said_on), slots(clause, said_on)
    free, granted = FREE.search(promise) is not None, FREE.search(clause) is not None
    same, other, better = _values(said, written, promise, clause, GIFT.search(promise) is not None)
    # a day that stands elsewhere in the paper is met there
    later = (
        bool(said.days and written.days)
        and min(written.days) > max(said.days)
        and not (said.days <= everything or _OF_THE_TERM.search(clause))
    )
    earlier = bool(said.days and written.days) and min(written.days) <= max(said.days)
    values = values_of(said)
    met = (
        len(values & (everything | values_of(written)))
        + better
        + (sum(day >= min(written.days) for day in said.days - everything) if earlier else 0)
    )
    return (
        float(same > 0),
        float(other > 0 and not same),
        float(not same and not other and not better and _counts_otherwise(said, written)),
        float(better > 0 and not same and not other),
        float(earlier),
        float(later),
        float(free and _is_charged(clause) and not granted),
        float(_NO_LIMIT.search(promise) is not None and _LIMIT.search(clause) is not None and bool(figures(clause))),
        float(_ALL.search(promise) is not None and bool(said.placed - written.placed) and bool(written.placed - said.placed)),
        float(_outside_hours(promise, clause)),
        float(bool(said.languages and written.languages and not said.languages & written.languages)),
        float(said.negates != written.negates),
        float(written.negates),
        float(bool(said.names & written.names)),
        len(said.names - written.names) / max(1, len(said.names)),
        max(0.0, 1 - met / len(values)) if values else 0.0,
        float(GIFT.search(promise) is not None and not granted),
    )


def _is_better(mine: frozenset[float], theirs: frozenset[float], promise: str, clause: str) -> bool:
    """Sooner, where the clause says by when; longer, where both say for how long."""
    if _AT_LEAST.search(clause):
        return _AT_LEAST.search(promise) is not None and min(theirs) > max(mine)
    return _LATEST.search(clause) is not None and max(theirs) < min(mine)


MUCH = 10
"""From here on a number without a noun is an amount of something; `one`, `two` and `three` may count anything in a sentence."""
FAR_OFF = 8
"""Times by which two numbers for one thing may differ; beyond it they count two things."""


def _counts_otherwise(said: Slots, written: Slots) -> bool:
    """Each names one amount of whatever it is, of about one size, and not the same: `ten thousand words`, and `5,000 terms`."""
    mine, theirs = (
        {v for v in (*one.bare, *(v for values in one.counts.values() for v in values)) if v >= MUCH} for one in (said, written)
    )
    if len(mine) != 1 or not theirs or mine & theirs:
        return False
    (value,) = mine
    return any(value / FAR_OFF <= other <= value * FAR_OFF for other in theirs)


_OF_THE_TERM = re.compile(
    r"\b(?:term|subscription|agreement|contract|renew\w*|until|ends?|ending|invoic\w+|version|signed|dated|schedule \d)\b", re.IGNORECASE
)
_HOW_LONG = re.compile(r"\b(?:term|renew\w*|months? from|years? from|notice|initial)\b", re.IGNORECASE)
_OF_HOW_LONG = re.compile(
    r"\b(?:term|contract|renew\w*|cancel\w*|leave|walk|out|break|commit\w*|notice|lock\w*|fixed|price|rate|discount|sign|deal|%"
    r"|per ?cent)\b",
    re.IGNORECASE,
)
_TO_PAY = re.compile(r"\b(?:invoic\w+|payable|payment)\b", re.IGNORECASE)
_OF_PAYING = re.compile(r"\b(?:pay\w*|invoic\w+|bill\w*|net)\b", re.IGNORECASE)


def _may_last(promise: str, clause: str) -> bool:
    """How long the term is and when is paid is compared with what is said of these alone."""
    if _HOW_LONG.search(clause) and not _OF_HOW_LONG.search(promise):
        return False
    return not _TO_PAY.search(clause) or _OF_PAYING.search(promise) is not None


def _values(said: Slots, written: Slots, promise: str, clause: str, gift: bool) -> tuple[int, int, int]:
    """How many kinds of value both name with the same, with another, and with a better outcome for who was promised."""
    same = other = better = 0
    lasting = written.durations if _may_last(promise, clause) else frozenset()
    pairs = [(said.durations, lasting, True), (said.percents, written.percents, False)]
    pairs += [] if gift else [(said.sums, written.sums, False)]
    pairs += [(said.counts[unit], written.counts[unit], False) for unit in said.counts.keys() & written.counts.keys()]
    for mine, theirs, lasts in pairs:
        if not mine or not theirs:
            continue
        if any(abs(a - b) <= SAME * max(a, b) for a in mine for b in theirs):
            same += 1
        elif lasts and _is_better(mine, theirs, promise, clause):
            better += 1
        else:
            other += 1
    rest = (said.bare | said.sums) & (written.bare | written.sums | frozenset(v for values in written.counts.values() for v in values))
    return same + bool(rest and not same), other, better
