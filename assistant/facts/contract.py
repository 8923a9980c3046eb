"""Holds a promise against the signed paper: covered, contradicted, excluded, silent, or no contract to hold it against."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from assistant.facts.charges import CHARGED, FREE, GIFT
from assistant.facts.dates import dates
from assistant.facts.figures import Figure, figures, may_be_year
from assistant.facts.hours import ALWAYS
from assistant.facts.nearness import LARGE, matters, nearness, rarity
from assistant.facts.opposites import caps_rises_higher, goes_live_later, keeps_weekdays, says_the_opposite
from assistant.facts.paper import Clause
from assistant.facts.promises import PromiseSaid
from assistant.facts.topics import concepts, content_words

ContractStatus = Literal["covered", "contradicted", "silent", "excluded", "no_contract"]


@dataclass(frozen=True, slots=True)
class Verdict:
    status: ContractStatus
    clause: Clause | None
    """Set for covered, contradicted and excluded; those are never said without the words of the contract."""


NO_CONTRACT = Verdict("no_contract", None)
SILENT = Verdict("silent", None)


ALIKE = 0.34
"""From here on a clause speaks of the same thing as the promise: measured on the development deals, between noise and paraphrase."""


def verdict(promise: PromiseSaid, paper: Sequence[Clause]) -> Verdict:
    """What the paper says about a promise; silent unless a clause speaks of the same thing."""
    if not paper:
        return NO_CONTRACT
    against = next((c for c in paper if _opposite(promise, c) or _charges(promise, c)), None)
    if against:
        return Verdict("contradicted", against)
    found = _by_likeness(promise, paper)
    return found if found.clause else _by_nearness(promise, paper)


def _by_likeness(promise: PromiseSaid, paper: Sequence[Clause]) -> Verdict:
    """Where promise and clause share their words."""
    ranked = sorted(paper, key=lambda clause: -likeness(promise, clause))
    if promise.strength == "declined":
        return next((Verdict("excluded", clause) for clause in ranked if _rules_out(promise, clause)), SILENT)
    clause = ranked[0]
    if likeness(promise, clause) < ALIKE or not _own_words_meet(promise, clause):
        return SILENT
    if clause.excludes:
        return SILENT if is_sold(promise) else Verdict("excluded", clause)
    if _of_another_version(promise, clause):
        return SILENT
    if (_differs(promise, clause) and not _grants_more(promise, clause)) or _keeps_hours(promise, clause):
        return Verdict("contradicted", clause)
    met = _grants_more(promise, clause) or not _unmet(promise, clause)
    covers = _grants(promise, clause) and met and not _free_of_more(promise, clause)
    return Verdict("covered", clause) if covers else SILENT


NEAR = 0.05
"""From here on the nearest clause may speak against a promise, if it says something else of it."""
NEAR_ENOUGH = 0.4
"""From here on it may cover it: that needs more, for a reader relies on it. Both chosen on the development deals."""


def _by_nearness(promise: PromiseSaid, paper: Sequence[Clause]) -> Verdict:
    """Where they share few words and one clause is nearer than all others."""
    if promise.strength == "roadmap_statement":
        return SILENT
    rare = rarity(paper)
    ranked = sorted(((nearness(promise, one, rare), i) for i, one in enumerate(paper)), reverse=True)
    near, clause = ranked[0][0], paper[ranked[0][1]]
    if (priced := next((one for one in paper if _same_sum(promise, one)), None)) is not None:
        near, clause = 1.0, priced
    if promise.strength == "declined":
        refusing = (paper[i] for close, i in ranked[:MOST_NEAR] if close >= LEAST_NEAR and _withholds(paper[i]))
        return next((Verdict("excluded", one) for one in refusing if _in_common(promise, one) or _one_matter(promise, one)), SILENT)
    if near < NEAR or not (_in_common(promise, clause) or _same_figures(promise, clause) or _one_matter(promise, clause)):
        return SILENT
    if clause.excludes:
        if is_sold(promise) or promise.strength == "retracted":
            return SILENT
        return Verdict("excluded", clause) if _in_common(promise, clause) or near >= NEAR_ENOUGH else SILENT
    if _of_another_version(promise, clause):
        return SILENT
    charged = next((paper[i] for close, i in ranked[:MOST_NEAR] if close >= NEAR and _limits(promise, paper[i])), None)
    if charged is not None:
        return Verdict("contradicted", charged)
    if _keeps_hours(promise, clause) or (_differs(promise, clause) and not _grants_more(promise, clause)) or _later(promise, clause):
        return Verdict("contradicted", clause)
    sure = promise.strength in ("firm", "conditional") and (near >= NEAR_ENOUGH or _same_counts(promise, clause))
    granted = _same_sum(promise, clause) or _grants(promise, clause)
    met = _grants_more(promise, clause) or not _unmet(promise, clause)
    covers = sure and granted and met and not _free_of_more(promise, clause) and _matter_meets(promise, clause)
    return Verdict("covered", clause) if covers else SILENT


MOST_NEAR = 3
LEAST_NEAR = 0.025
"""Of a clause that withholds, for what was refused: both say no, and of few things."""


def _withholds(clause: Clause) -> bool:
    return clause.excludes or clause.limits or _WITHHELD.search(clause.text) is not None


def _one_matter(promise: PromiseSaid, clause: Clause) -> bool:
    return bool(matters(promise.text) & matters(f"{clause.heading}. {clause.text}"))


def _unmet(promise: PromiseSaid, clause: Clause) -> bool:
    """It counts something, and the clause has none of its figures, though some of its own."""
    undertaken = promise.text.replace(promise.conditions, " ") if promise.conditions else promise.text
    said = {f.value for f in figures(undertaken) if f.unit or f.value >= LARGE}
    written = {f.value for f in clause.figures}
    days = [[day.on for day in dates(text, promise.made_on) if day.on] for text in (undertaken, clause.text)]
    if days[0] and days[1] and not any(on <= max(days[0]) for on in days[1]):
        return True
    return bool(said and written) and not said & written


_WITHHELD = re.compile(
    r"\b(?:does|do|shall|will|is|are) not\b|\bthere (?:is|are) no\b|\bno (?:right|obligation|warranty)\b|\bnot possible\b|\bthen current\b",
    re.IGNORECASE,
)
_WITHOUT_LIMIT = re.compile(
    r"\bunlimited\b|\bas (?:many|much|often) as\b|\bhowever (?:many|much|often)\b|\bno (?:\w+ )?(?:limit|cap)\b|\b(?:do|does|don't"
    r"|doesn't) ?(?:not )?"
    r"(?:count|pay|charge|bill)\b|\bnever (?:pay|count|charge)",
    re.IGNORECASE,
)
_WITHIN_LIMIT = re.compile(r"\b(?:includes?|up to|at most|no more than|limited to|maximum)\b[^.;]{0,30}\d", re.IGNORECASE)


def _limits(promise: PromiseSaid, clause: Clause) -> bool:
    """A limit to what was promised without one, money for what was free."""
    if clause.excludes or not (_in_common(promise, clause) or _one_matter(promise, clause)):
        return False
    if _WITHOUT_LIMIT.search(promise.text) and _WITHIN_LIMIT.search(clause.text):
        return True
    return GIFT.search(promise.text) is not None and CHARGED.search(clause.text) is not None and not FREE.search(clause.text)


def _later(promise: PromiseSaid, clause: Clause) -> bool:
    """A day of the roll-out, and the paper plans another: where the promise has its own day and the clause none as early."""
    if not _ROLLS_OUT.search(f"{clause.heading}. {clause.text}"):
        return False
    said = [promise.due] if promise.due else list(dates(promise.text.replace(promise.conditions, " "), promise.made_on))
    ours = [day.on for day in said if day.on and day.exact]
    written = [day.on for day in dates(clause.text, promise.made_on) if day.on]
    return bool(ours and written) and all(max(ours) < on for on in written)


_ROLLS_OUT = re.compile(
    r"\b(?:go(?:es)?[- ]live|live|roll-?out|implementation|deployment|launch|cut-?over|phase|wave|patch)\b", re.IGNORECASE
)


def _same_figures(promise: PromiseSaid, clause: Clause) -> bool:
    return bool({f.value for f in figures(promise.text)} & {f.value for f in clause.figures})


def _same_counts(promise: PromiseSaid, clause: Clause) -> bool:
    """The same number of the same: forty-eight hours, twelve per cent."""
    return bool({(f.value, f.unit) for f in figures(promise.text) if f.unit} & {(f.value, f.unit) for f in clause.figures})


def _same_sum(promise: PromiseSaid, clause: Clause) -> bool:
    said, written = (
        {f.value for f in found if f.value >= LARGE and not _is_year(f, text)}
        for text, found in ((promise.text, figures(promise.text)), (clause.text, clause.figures))
    )
    return bool(said & written)


def _is_year(figure: Figure, text: str) -> bool:
    """`1,995` and `$2,050` are none."""
    return may_be_year(figure.value) and figure.unit != "money" and "," not in text[figure.span.start : figure.span.end]


_HYPHENED = re.compile(r"\w+(?:-\w+)+")


def _in_common(promise: PromiseSaid, clause: Clause) -> frozenset[str]:
    """Words of the matter; `Text-to-Pay` is one word, and texts are another thing."""
    return (content_words(_HYPHENED.sub(" ", promise.text)) & content_words(_HYPHENED.sub(" ", clause.text))) - CALENDAR


CALENDAR = content_words(
    "January February March April May June July August September October November December"
    " Monday Tuesday Wednesday Thursday Friday Saturday Sunday"
)
"""Two things on days of one month have nothing in common."""


def _matter_meets(promise: PromiseSaid, clause: Clause) -> bool:
    """Two words of the matter in common, or one with a figure; what is only in the same town is another thing."""
    names = frozenset().union(*(content_words(name) for name in _NAMED.findall(promise.text)))
    shared = len(_in_common(promise, clause) - names)
    undertaken = content_words(promise.text.replace(promise.conditions, " ")) - names
    if promise.conditions and not (undertaken & clause.words or _same_figures(promise, clause)):
        return False  # the two have but the condition in common
    return shared + _one_matter(promise, clause) + 2 * _same_sum(promise, clause) + _same_counts(promise, clause) >= LEAST_MATTER


_NAMED = re.compile(r"(?<=[a-z,] )[A-Z][\w'’-]+")
LEAST_MATTER = 2


def _free_of_more(promise: PromiseSaid, clause: Clause) -> bool:
    """Promised for nothing, and the clause says nothing of that: it does not cover the whole."""
    return GIFT.search(promise.text) is not None and not (FREE.search(clause.text) or _PART_OF_IT.search(clause.text))


_PART_OF_IT = re.compile(
    r"\b(?:included?|includes|part of|covered|comes? with|provides?|receives?|suspended|credited)\b|\b0(?:\.00)?\b", re.IGNORECASE
)


def _own_words_meet(promise: PromiseSaid, clause: Clause) -> bool:
    """The promise's own sentence speaks of the clause's matter; its setting alone never makes a promise covered."""
    return bool(concepts(promise.text) & clause.concepts) or len(content_words(promise.text) & clause.words) >= 2


def _rules_out(promise: PromiseSaid, clause: Clause) -> bool:
    """The paper refuses what was refused: it excludes or forbids it, or grants another number of it."""
    if clause.excludes or clause.limits:
        return bool(concepts(promise.topic) & clause.concepts) or likeness(promise, clause) >= ALIKE
    return likeness(promise, clause) >= ALIKE and _differs(promise, clause)


def likeness(promise: PromiseSaid, clause: Clause) -> float:
    """Shared concepts and rare words of the promise found in the clause, the promise's own sentence before its setting."""
    own = content_words(promise.text)
    setting = content_words(promise.topic) - own
    shared_concepts = concepts(promise.text) & clause.concepts
    shared = len(own & clause.words) + 0.3 * min(3, len(setting & clause.words))
    size = min(len(own), 9) or 1
    figures_shared = len({(f.value, f.unit) for f in figures(promise.text)} & {(f.value, f.unit) for f in clause.figures})
    topic_concepts = concepts(promise.topic) & clause.concepts - shared_concepts
    return (
        0.45 * shared / size
        + 0.3 * min(1, len(shared_concepts))
        + 0.12 * bool(len(shared_concepts) > 1)
        + 0.12 * min(2, figures_shared)
        + 0.08 * bool(topic_concepts)
    )


_LASTING = ("hour", "day", "month", "week", "%")


def _differs(promise: PromiseSaid, clause: Clause) -> bool:
    """The same kind of thing is counted, with another number."""
    for unit in _LASTING:
        said = {f.value for f in figures(promise.text) if f.unit == unit}
        written = {f.value for f in clause.figures if f.unit == unit}
        if said and written and not said & written:
            return True
    return False


_HOURS = re.compile(
    r"\b(?:on )?(?:weekdays|working days|business days|business hours|office hours)\b|\bmon(?:day)?s? (?:to|through|[-–]) (?:fri|sat)"
    r"|\bfrom \d{1,2}(?:[:.]\d\d)?\s*(?:[ap]m)? (?:to|until|till) \d",
    re.IGNORECASE,
)
_PARTS = re.compile(r"[,;]\s+|\s+(?:and|but)\s+")


def _keeps_hours(promise: PromiseSaid, clause: Clause) -> bool:
    """Promised at all hours, and the paper keeps hours for that very thing: `24/7 in English, in Swedish on weekdays`."""
    if not ALWAYS.search(promise.text):
        return False
    said = content_words(promise.text)
    parts = _PARTS.split(clause.text)
    free = frozenset().union(*(content_words(part) for part in parts if not _HOURS.search(part)))
    bound = frozenset().union(*(content_words(part) for part in parts if _HOURS.search(part))) - free
    if not bound:
        return False
    return bool(said & bound) and not _HOURS.search(promise.text)


def says_otherwise(promise: PromiseSaid, clause: Clause) -> bool:
    """Opposite words, or hours kept for what was promised at all hours; whether both are about the same matter is not asked."""
    return _opposite(promise, clause) or _keeps_hours(promise, clause)


def _opposite(promise: PromiseSaid, clause: Clause) -> bool:
    """Opposite words in the matters that hurt most, whatever else the two have in common."""
    if promise.strength in ("declined", "retracted"):
        return False
    return (
        says_the_opposite(promise.text, clause.text)
        or caps_rises_higher(promise.text, clause.text, clause.figures)
        or goes_live_later(promise.text, promise.due, promise.made_on, clause.text, clause.figures)
        or keeps_weekdays(promise.text, f"{clause.heading}. {clause.text}")
    )


_PAID = re.compile(r"\bpaid\b|\bcosts?\b|\bextra\b|\bprice\b|\bper \w+\b", re.IGNORECASE)


def is_sold(promise: PromiseSaid) -> bool:
    """Offered for money of its own: that the order does not include it takes nothing from that."""
    return bool(figures(promise.text)) and bool(_PAID.search(promise.text)) and not GIFT.search(promise.text)


SAME_CHARGE = 0.4
"""Share of a clause's words that a promise must hold to be about what the clause charges."""


def _charges(promise: PromiseSaid, clause: Clause) -> bool:
    """Promised for nothing, and the paper takes money for that very thing."""
    if promise.strength in ("declined", "retracted") or not GIFT.search(promise.text):
        return False
    if not CHARGED.search(clause.text) or FREE.search(clause.text):
        return False
    shared = content_words(promise.text) & clause.words
    return len(shared) >= 2 and len(shared) >= SAME_CHARGE * len(clause.words)


_VERSION = re.compile(
    r"\b(?:version|release|v\.?)\s?(?P<named>\d+(?:\.\d+)*)\b|(?<![\d.,$€£])(?P<dotted>\d{1,2}\.\d{1,2})(?![\d.,]|\s?(?:%|percent))"
)


def _of_another_version(promise: PromiseSaid, clause: Clause) -> bool:
    """The paper names versions of the thing, and none of them is the promised one."""
    said, written = ({match["named"] or match["dotted"] for match in _VERSION.finditer(text)} for text in (promise.text, clause.text))
    return bool(said and written) and not said & written


_TO_ACT = re.compile(r"\b(?:within|respon\w+|notif\w+|answer\w*|reply|replies|delete\w*|restor\w+|resol\w+|notice)\b", re.IGNORECASE)


def _grants_more(promise: PromiseSaid, clause: Clause) -> bool:
    """A shorter time to act than was promised grants at least as much; a shorter time that something lasts does not."""
    if not _TO_ACT.search(clause.text):
        return False
    for unit in ("hour", "day"):
        said = [f.value for f in figures(promise.text) if f.unit == unit]
        written = [f.value for f in clause.figures if f.unit == unit]
        if said and written and min(written) < min(said):
            return True
    return False


def _grants(promise: PromiseSaid, clause: Clause) -> bool:
    """A promise for a day is covered only by paper that names that day or an earlier one."""
    if promise.due and promise.due.on and promise.kind == "timeline":
        written = [d.on for d in dates(clause.text, promise.made_on) if d.on]
        return any(on <= promise.due.on for on in written)
    if promise.kind == "timeline" and promise.due and not promise.due.as_said.casefold().endswith("go-live"):
        return False
    return not clause.limits or bool(concepts(promise.text) & clause.concepts)
