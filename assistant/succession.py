"""Promises in order: said again, replaced by a later one about the same thing, or taken back; and days that hang on another event."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import lru_cache
from typing import TypeGuard

from assistant.facts.dates import DateSaid
from assistant.facts.figures import figures, spoken_number
from assistant.facts.promises import PromiseSaid
from assistant.facts.topics import alike, concepts, content_words

SAME = 0.6
FEWEST_SHARED = 3
"""Content words that two statements of one promise of different kinds share; where one has fewer, all of them."""
REPLACES = 0.5
STANDING = ("firm", "conditional", "best_effort", "roadmap_statement")

_MONTH = "january|february|march|april|may|june|july|august|september|october|november|december"
_WHEN = re.compile(
    rf"\b(?:(?:by|on|in|until|before|from|within|for|at|the|end of|middle of|mid|early|late) )*(?:{_MONTH}|monday|tuesday|wednesday"
    r"|thursday|friday|saturday|sunday|q[1-4]|\d+(?:st|nd|rd|th)?|20\d\d|(?:twenty|thirty)-?\w*|first|second|third|fourth|fifth|sixth"
    r"|seventh|eighth|ninth|tenth|eleventh|twelfth|\w+(?:teenth|tieth)"
    r"|(?:next|this) (?:week|month|quarter|year))\b",
    re.IGNORECASE,
)
_BY_AN_EVENT = re.compile(r"\b(?:at|before|by|from|after|until) (?:the )?(?:go-?live|launch|kick-?off)\b", re.IGNORECASE)
_AIMS = re.compile(r"\b(?:aim\w*|target\w*|plan\w*|hop\w+|try\w*|date|live)\b", re.IGNORECASE)
_NAME = re.compile(r"(?<![.!?:\"“] )(?<!^)\b[A-Z][a-zåäöéü]+(?:\s[A-Z][a-zåäöéü]+)*\b")
_NO_NAMES = re.compile(rf"^(?:i|we|you|{_MONTH}|monday|tuesday|wednesday|thursday|friday|saturday|sunday)$", re.IGNORECASE)


@lru_cache(maxsize=8_192)
def without_days(text: str) -> str:
    """What is left when days, months and years are taken out."""
    return _WHEN.sub(" ", text)


def says_the_same(held: PromiseSaid, one: PromiseSaid) -> bool:
    """Same strength, most content words shared, no other figure, day, condition, place or language; on a roadmap a thing stands once."""
    if held.strength == one.strength == "roadmap_statement" and _on_one_roadmap(held, one):
        return True
    mine, other = content_words(held.text), content_words(one.text)
    enough = len(mine & other) >= min(FEWEST_SHARED, len(mine), len(other)) or held.kind == one.kind
    alike_words = enough and alike(mine, other) >= SAME and not (_another_condition(held, one) or _another_thing(held, one))
    return held.strength == one.strength and alike_words and not _differ(held, one)


def _on_one_roadmap(held: PromiseSaid, one: PromiseSaid) -> bool:
    return bool(_concepts(held) & _concepts(one)) and not _another_day(held, one)


_TO_PAPER = re.compile(
    r"\b(?:that|this|it|the) ?(?:date|one|number|figure|price|part|all)?\b.{0,24}\b(?:put|write|get|goes|go|have|in)\b.{0,24}"
    r"\b(?:paper|contract|writing|order form|agreement)\b|\b(?:put|write|get) (?:that|this|it)(?: date| one| number)? (?:in|into|down)\b",
    re.IGNORECASE,
)
_OF_PAPER = content_words("paper contract writing order form agreement put write date price figure number word")


def points_to(held: PromiseSaid, one: PromiseSaid) -> bool:
    """It says of the promise before it only that it will stand in the paper."""
    return one.strength == "firm" and _TO_PAPER.search(one.text) is not None and content_words(without_days(one.text)) <= _OF_PAPER


def echoes(held: PromiseSaid, one: PromiseSaid) -> bool:
    """A few words that, with what they answer, say nothing but what was promised."""
    words = content_words(_AIMS.sub(" ", one.topic))
    bare = len(content_words(one.text)) < SAYS_WHAT and one.strength in (held.strength, "firm")
    return bare and bool(words) and words <= content_words(held.text) and not _another_day(held, one)


def takes_the_place_of(held: PromiseSaid, one: PromiseSaid) -> bool:
    """The same matter with another day, figure, condition or firmness: `live in twelve weeks` and, later, `live by 18 January if …`."""
    if one.strength not in STANDING or held.strength not in STANDING or not _changed(held, one):
        return False
    if one.strength == "roadmap_statement" and held.strength in ("firm", "conditional"):
        return False  # that something else is on the roadmap takes nothing away
    return is_about_the_same(held, one)


def is_about_the_same(held: PromiseSaid, one: PromiseSaid) -> bool:
    if _another_thing(held, one) or _stages(held, one):
        return False
    mine, other = _matter(held), _matter(one)
    shared, named = mine & other, _concepts(held) & _concepts(one)
    if (shared or named) and replaced_figures(one.text) & {figure.value for figure in figures(held.text)}:
        return True
    if held.kind == one.kind and alike(content_words(held.text), content_words(one.text)) >= REPLACES and len(shared) >= 2:
        return True
    if held.kind == one.kind == "timeline" and held.due and one.due:
        return bool(shared or "go-live" in named)
    if _is_the_price(held.text) and _is_the_price(one.text):
        return True
    if "timeline" in (held.kind, one.kind) and _COUNTED_FROM_SIGNATURE.search(held.text) and _COUNTED_FROM_SIGNATURE.search(one.text):
        return True
    if held.strength == "roadmap_statement":
        own = shared - _OF_ROADMAPS
        return bool(own and _exact(one.due) and (named or _NAMES_THE_ROADMAP.search(one.text) or len(own) >= 2))
    if (held.kind == "commercial") != (one.kind == "commercial"):
        return False  # what is owed if it fails is not what was to be done
    return bool(named) and len(shared) >= 2 and not (_is_bare(held) and len(named) > MANY_MATTERS)


_COUNTED_FROM_SIGNATURE = re.compile(
    r"\b(?:days?|weeks?|months?) (?:from|after|of) (?:signature|signing|(?:the )?(?:order|contract)|(?:when )?you (?:\w+ )?sign)\b",
    re.IGNORECASE,
)
"""The length of the whole, from one event: two of them are about the same, whatever else they say."""


def replaced_figures(text: str) -> set[float]:
    """Those that it says it stands in the place of: `eight weeks instead of ten`."""
    return {figure.value for match in _IN_PLACE_OF.finditer(text) for figure in figures(match["rest"])[:1]}


_IN_PLACE_OF = re.compile(r"(?:\b(?:instead of|rather than|and not|down from|up from)\b|,\s+not\b)(?P<rest>[^.;]{1,40})", re.IGNORECASE)
_NAMES_THE_ROADMAP = re.compile(r"\broad ?map\b", re.IGNORECASE)
_OF_ROADMAPS = content_words("roadmap plan release version quarter")


def instead_of(held: PromiseSaid, one: PromiseSaid) -> bool:
    """What is offered in the talk that took the earlier one back: it need share less with it than a change that stands alone."""
    if one.strength not in STANDING:
        return False
    return is_about_the_same(held, one) or len(content_words(held.text) & content_words(one.text)) >= SHARED_AFTER


SHARED_AFTER = 2
MANY_MATTERS = 2
"""A sentence understood by what it answers is about one thing; where its setting names more, nobody knows which."""
_PER_UNIT = re.compile(r"\b(?:per|a|each|every) (?:\w+ )?(?:year|month|annum)\b|\blist\b|\bin total\b|\boff\b", re.IGNORECASE)
_TERM = re.compile(r"\b(?:\w+(?:-\w+)?|\d+)[- ](?:months?|years?)\b", re.IGNORECASE)
_LATER = re.compile(
    r"\b(?:renew\w*|hold|locks?|locked|freeze|custom|option\w*|add-?on|hardware|waived?|onboarding|set-?up"
    r"|implementation)\b",
    re.IGNORECASE,
)


def _is_the_price(text: str) -> bool:
    """A sum, what it is counted by and for how long: the offer as a whole; not the price of something besides, or of later."""
    sums = any(f.unit in ("money", "%") or f.value >= 1_000 for f in figures(text))
    return sums and bool(_PER_UNIT.search(text) and _TERM.search(text)) and not _LATER.search(text)


def _stages(held: PromiseSaid, one: PromiseSaid) -> bool:
    """More of the same on a later day: three branches in January and all twenty-two by March are two steps of one plan."""
    counts = [{f.unit: f.value for f in figures(said.text) if f.unit} for said in (held, one)]
    later = bool(held.due and one.due and held.due.on and one.due.on and held.due.on < one.due.on)
    return later and any(counts[0][unit] < counts[1][unit] for unit in counts[0].keys() & counts[1].keys())


def _concepts(said: PromiseSaid) -> frozenset[str]:
    return concepts(_BY_AN_EVENT.sub(" ", _spoken_of(said)))


def _matter(said: PromiseSaid) -> frozenset[str]:
    """The words that say what it is about: not when, and not on which condition unless it says nothing else."""
    text = _BY_AN_EVENT.sub(" ", _AIMS.sub(" ", _spoken_of(said)))
    if said.conditions and not _is_bare(said):
        text = text.replace(said.conditions, " ")
    return content_words(without_days(text))


SAYS_WHAT = 4
"""Content words below which a sentence is understood by what it answers."""


def _spoken_of(said: PromiseSaid) -> str:
    return said.topic if _is_bare(said) else said.text


def _is_bare(said: PromiseSaid) -> bool:
    """It says when and on which condition, and not what: `if those are all, I can commit to the eighteenth`."""
    if len(content_words(said.text)) < SAYS_WHAT:
        return True
    if not said.conditions or said.due is None:
        return False
    return len(content_words(_AIMS.sub(" ", without_days(said.text.replace(said.conditions, " "))))) < 2


def _another_thing(held: PromiseSaid, one: PromiseSaid) -> bool:
    """Both name places, people or products, and none in common, at the head of a sentence either, where every word begins with a capital:
    the two halls of one customer are two matters."""
    mine, other = _names(held.text), _names(one.text)
    if not mine or not other or mine & other:
        return False
    return not any(re.search(rf"\b{re.escape(name)}\b", said.text) for names, said in ((mine, one), (other, held)) for name in names)


def _names(text: str) -> frozenset[str]:
    return frozenset(name for name in _NAME.findall(text) if not _NO_NAMES.match(name))


def _differ(held: PromiseSaid, one: PromiseSaid) -> bool:
    """Not the same statement: another day, or no figure in common."""
    mine, other = ({(f.value, f.unit) for f in figures(said.text)} for said in (held, one))
    return _another_day(held, one) or bool(mine and other and not mine & other)


def _changed(held: PromiseSaid, one: PromiseSaid) -> bool:
    """Another day, another count of the same thing, another condition or firmness; `site 3` and `site 4` are two."""
    counts = [{f.unit: f.value for f in figures(said.text) if f.unit} for said in (held, one)]
    recounted = any(counts[0][unit] != counts[1][unit] for unit in counts[0].keys() & counts[1].keys())
    return (
        _another_day(held, one) or _a_day_at_last(held, one) or _another_condition(held, one) or recounted or held.strength != one.strength
    )


def _another_condition(held: PromiseSaid, one: PromiseSaid) -> bool:
    """`If those two are all`, and later `provided we get the test system`, for the same day."""
    if held.strength != "conditional" or one.strength != "conditional" or not (held.due and one.due and held.due.on == one.due.on):
        return False
    mine, other = content_words(held.conditions), content_words(one.conditions)
    return bool(held.due.on and mine and other) and len(mine & other) < 0.5 * min(len(mine), len(other))


def _another_day(held: PromiseSaid, one: PromiseSaid) -> bool:
    return bool(held.due and one.due and held.due.on and one.due.on and held.due.on != one.due.on)


def _a_day_at_last(held: PromiseSaid, one: PromiseSaid) -> bool:
    """`Within two weeks of when you sign`, and then a day; what is there `at go-live` waits for that and for no day of its own."""
    if held.due and _AT_GO_LIVE.fullmatch(held.due.as_said.strip(" .")):
        return False
    return bool(held.due and one.due and held.due.on is None and one.due.exact and one.due.on)


# --- days that hang on another event

_AT_GO_LIVE = re.compile(r"(?:at|before|by|from) go-?live", re.IGNORECASE)
_OF_SIGNATURE = re.compile(
    r"\bwithin (?P<count>[a-z]+|\d+) (?P<unit>day|week)s? (?:of|from|after) (?:signature|signing|(?:when )?you (?:\w+ )?sign)\b",
    re.IGNORECASE,
)
_DAYS = {"day": 1, "week": 7}


def going_live(said: Sequence[PromiseSaid]) -> date | None:
    """The day that stands for going live: of the last promise of it that names one."""
    days = [one.due.on for one in said if one.strength in ("firm", "conditional") and "go-live" in concepts(one.text) and _exact(one.due)]
    return days[-1] if days else None


def _exact(due: DateSaid | None) -> TypeGuard[DateSaid]:
    return due is not None and due.exact and due.on is not None


def with_events(one: PromiseSaid, live_on: date | None, signed_on: date | None) -> PromiseSaid:
    """`before go-live` is due on the day of going live, `within two weeks of signature` counts from the day it was signed."""
    if one.due is None or one.due.on is not None:
        return one
    if live_on and _AT_GO_LIVE.fullmatch(one.due.as_said.strip(" .")):
        return replace(one, due=replace(one.due, on=live_on))
    counted = _OF_SIGNATURE.search(one.text)
    if signed_on is None or counted is None:
        return one
    count = int(counted["count"]) if counted["count"].isdigit() else int(spoken_number(counted["count"]))
    on = signed_on + timedelta(days=count * _DAYS[counted["unit"].casefold()])
    return replace(one, due=replace(one.due, as_said=counted.group(), on=on)) if count else one
