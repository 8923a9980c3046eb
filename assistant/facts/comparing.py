"""Values of a promise held against those of a clause: same, other, better, later, charged, limited, somewhere else or at other hours.

Nothing here knows whether the two are about the same matter.
"""

from __future__ import annotations

import re
from datetime import date

from assistant.facts.charges import FREE, GIFT, is_charged
from assistant.facts.figures import figures
from assistant.facts.hours import outside_hours
from assistant.facts.slots import Slots, slots, values_of

SAME = 0.02
"""Of a value, by which two ways to say it may differ: `eight weeks` and `56 days`."""
_SPENT = re.compile(
    r"[,(]?\s*\b(?:if|provided|as long as|when|once)\b[^,.;]{0,40}\b(?:sign(?:s|ed)?|order(?:s|ed)?"
    r"|countersigned)\b[^,.;]{0,40}(?:, \w+ \d+)?",
    re.IGNORECASE,
)
"""A condition on the signature, which is met where there is a signed paper: `if you sign by the thirtieth`."""
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
    elsewhere = everything - values_of(written)
    same, other, better = _values(said, written, promise, clause, GIFT.search(promise) is not None, elsewhere)
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
        float(not same and not other and not better and _counts_otherwise(said, written, elsewhere)),
        float(better > 0 and not same and not other),
        float(earlier),
        float(later),
        float(free and is_charged(clause) and not granted),
        float(_NO_LIMIT.search(promise) is not None and _LIMIT.search(clause) is not None and bool(figures(clause))),
        float(_ALL.search(promise) is not None and bool(said.placed - written.placed) and bool(written.placed - said.placed)),
        float(outside_hours(promise, clause)),
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


_SUM_A = re.compile(
    r"(?P<sum>\d[\d,.]*\d|\d)k?(?: (?:dollars|euros|pounds|francs|kronor))?(?: \w+){0,2}?,?"
    r" (?:per|a|an|each|every) (?P<period>month|year|quarter|week|day)\b",
    re.IGNORECASE,
)


def is_of_another_period(promise: str, clause: str) -> bool:
    """The same sum a month here and a year there."""
    said, written = (
        {m["sum"].replace(",", "").removesuffix(".00"): m["period"].casefold() for m in _SUM_A.finditer(t)} for t in (promise, clause)
    )
    return any(said[value] != written[value] for value in said.keys() & written.keys())


MUCH = 4
"""From here on a number without a noun is an amount of something; `one`, `two` and `three` may count anything in a sentence."""
FAR_OFF = 8
"""Times by which two numbers for one thing may differ; beyond it they count two things."""


def _counts_otherwise(said: Slots, written: Slots, elsewhere: frozenset[float | date]) -> bool:
    """Each names one amount of whatever it is, of about one size, and not the same: `ten thousand words`, and `5,000 terms`. What stands
    `elsewhere` in the paper is met there."""
    mine, theirs = (
        {v for v in (*one.bare, *(v for values in one.counts.values() for v in values)) if v >= MUCH} for one in (said, written)
    )
    if len(mine) != 1 or not theirs or mine & theirs:
        return False
    (value,) = mine
    return value not in elsewhere and any(value / FAR_OFF <= other <= value * FAR_OFF for other in theirs)


_OF_THE_TERM = re.compile(
    r"\b(?:term|subscription|agreement|contract|renew\w*|until|ends?|ending|invoic\w+|version|signed|dated|schedule \d)\b", re.IGNORECASE
)
_HOW_LONG = re.compile(r"\b(?:term|renew\w*|months? from|years? from|notice|initial)\b", re.IGNORECASE)
_OF_HOW_LONG = re.compile(
    r"\b(?:term|contract|renew\w*|cancel\w*|leave|walk|out|break|commit\w*|notice|lock\w*|fixed|price|rate|discount|sign|deal|%"
    r"|per ?cent)\b",
    re.IGNORECASE,
)
_BY_WHEN = re.compile(r"\bwithin\b|\bno later than\b", re.IGNORECASE)
_TO_PAY = re.compile(r"\b(?:invoic\w+|payable|payment)\b", re.IGNORECASE)
_OF_PAYING = re.compile(r"\b(?:pay\w*|invoic\w+|bill\w*|net)\b", re.IGNORECASE)


def _may_last(promise: str, clause: str) -> bool:
    """How long the term is and when is paid is compared with what is said of these alone."""
    if _HOW_LONG.search(clause) and not _BY_WHEN.search(clause) and not _OF_HOW_LONG.search(promise):
        return False
    return not _TO_PAY.search(clause) or _OF_PAYING.search(promise) is not None


def _values(said: Slots, written: Slots, promise: str, clause: str, gift: bool, elsewhere: frozenset[float | date]) -> tuple[int, int, int]:
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
        elif theirs is not written.sums or not mine <= elsewhere:
            other += 1
    rest = (said.bare | said.sums) & (written.bare | written.sums | frozenset(v for values in written.counts.values() for v in values))
    return same + bool(rest and not same), other, better
