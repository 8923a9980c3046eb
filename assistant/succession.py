"""Promises in order: said again, replaced by a later one about the same thing, or taken back; and days that hang on another event."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import lru_cache
from typing import TypeGuard

from assistant.facts.dates import DateSaid, dates
from assistant.facts.figures import Figure, figures, spoken_number
from assistant.facts.promises import PromiseSaid, kind_of_promise
from assistant.facts.topics import alike, concepts, content_words

SAME = 0.6
FEWEST_SHARED = 3
"""Content words that two statements of one promise of different kinds share; where one has fewer, all of them."""
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
    if held.strength == one.strength == "conditional" and _same_terms(held, one):
        return True
    enough = len(mine & other) >= min(FEWEST_SHARED, len(mine), len(other)) or held.kind == one.kind
    alike_words = enough and alike(mine, other) >= SAME and not (_another_condition(held, one) or _another_thing(held, one))
    return held.strength == one.strength and alike_words and not _differ(held, one)


def _same_terms(held: PromiseSaid, one: PromiseSaid) -> bool:
    """One day on one condition that names a day too, said again in other words: `the east side on the 22nd, so long as …`."""
    days = [{day.on for day in dates(said.text, said.made_on) if day.on} for said in (held, one)]
    return days[0] == days[1] and len(days[0]) > 1 and len(_matter(held) & _matter(one)) >= 1 and not _another_thing(held, one)


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
    if _sets_right(held, one) and _is_named_in(held, one):
        return True
    if _another_thing(held, one):
        return False
    shared = bool(_matter(held) & _matter(one) or _concepts(held) & _concepts(one))
    discounts = _is_the_discount(held.text) and _is_the_discount(one.text)
    return (
        discounts
        or _goes_live_that_day(held, one)
        or (shared and (_sets_right(held, one) or _another_condition(held, one)))
        or _splits(held, one)
    )


def _goes_live_that_day(held: PromiseSaid, one: PromiseSaid) -> bool:
    """One day for going live, said once more on other terms."""
    both = _concepts(held) & _concepts(one) if held.kind == one.kind == "timeline" else frozenset()
    return "go-live" in both and _exact(held.due) and _exact(one.due) and held.due.on == one.due.on


@lru_cache(maxsize=8_192)
def replaced_figures(text: str) -> frozenset[float]:
    """Those that it says it stands in the place of: `eight weeks instead of ten`."""
    gone = {figure.value for match in _IN_PLACE_OF.finditer(text) for figure in figures(match["rest"])[:1]}
    return frozenset(gone | {figure.value for match in _WILL_NOT_DO.finditer(text) for figure in figures(match["rest"])[-1:]})


_WILL_NOT_DO = re.compile(
    r"(?P<rest>\b[\w-]+(?: [a-z]+s)?)(?:'s|’s| is| are| was| were) (?:no good|not enough|too (?:few|little|short|many|long)|wrong)\b",
    re.IGNORECASE,
)
"""`Two's no good, I'll do five.`"""
_A_COUPLE = re.compile(r"\b(?:a )?couple (?:of )?(?P<unit>[a-z]+)s\b", re.IGNORECASE)


def _sets_right(held: PromiseSaid, one: PromiseSaid) -> bool:
    """It says of a figure of the earlier one that it holds no longer."""
    if not replaced_figures(one.text):
        return False
    said = {figure.value for figure in figures(held.text)} | ({2.0} if _A_COUPLE.search(held.text) else set())
    return bool(replaced_figures(one.text) & said)


def _is_named_in(held: PromiseSaid, one: PromiseSaid) -> bool:
    """Who speaks now is whom the earlier one promised: `we can have our trainer there`, and then the trainer's own `I'll do five`."""
    first = one.made_by.name.partition(" ")[0]
    return held.made_by.id != one.made_by.id and len(first) > 2 and re.search(rf"\b{re.escape(first)}\b", held.text) is not None


_THE_WHOLE = re.compile(
    r"\b(?:the lot|(?:all|both)(?: (?:of )?(?:them|you|\w+))?|every(?:one|body|thing)|in one go|pencil\w*|at once)\b", re.IGNORECASE
)
_A_PART = re.compile(
    r"\b(?:side|patch|part|half|phase|wave|group|stage) (?:\w+ )?(?:first|one|1)\b|\bfirst (?:the|phase|wave|group|half)\b", re.IGNORECASE
)
_SPLITS = re.compile(r"\b(?:split|stagger|in (?:two|three) (?:steps|waves|phases|stages|parts)|phased?)\b", re.IGNORECASE)


def _splits(held: PromiseSaid, one: PromiseSaid) -> bool:
    """A day somebody hoped for, for all of it and of nothing else by name, and later a firm day for the first part."""
    if held.strength != "best_effort" or one.strength not in ("firm", "conditional") or not (_exact(held.due) and _exact(one.due)):
        return False
    own = content_words(without_days(_spoken(_THE_WHOLE.sub(" ", _AIMS.sub(" ", held.text)))))
    main = one.text.replace(one.conditions, " ") if one.conditions else one.text
    stepwise = bool(_A_PART.search(main)) or bool(_SPLITS.search(one.topic))
    return _THE_WHOLE.search(held.text) is not None and not own and stepwise and kind_of_promise(main, one.strength) == "timeline"


def _spoken(text: str) -> str:
    """Without the figures, however they are written."""
    for figure in reversed(figures(text)):
        text = f"{text[: figure.span.start]} {text[figure.span.end :]}"
    return text


_IN_PLACE_OF = re.compile(r"(?:\b(?:instead of|rather than|and not|down from|up from)\b|,\s+not\b)(?P<rest>[^.;]{1,40})", re.IGNORECASE)


def instead_of(held: PromiseSaid, one: PromiseSaid) -> bool:
    """What is offered in the talk that took the earlier one back: it need share less with it than a change that stands alone."""
    if one.strength not in STANDING:
        return False
    return is_about_the_same(held, one) or len(content_words(held.text) & content_words(one.text)) >= SHARED_AFTER


SHARED_AFTER = 2


_TERM = re.compile(r"\b(?:\w+(?:-\w+)?|\d+)[- ](?:months?|years?)\b", re.IGNORECASE)
_LATER = re.compile(
    r"\b(?:renew\w*|hold|locks?|locked|freeze|custom|option\w*|add-?on|hardware|waived?|onboarding|set-?up"
    r"|implementation)\b",
    re.IGNORECASE,
)


_OFF = re.compile(r"\bdiscounts?\b|\boff\b|\b(?:give|do|offer|get)\b|\bon (?:a |an |the )?(?:\w+[- ])months?\b", re.IGNORECASE)
_OF_ANOTHER_SHARE = re.compile(
    r"\b(?:cap\w*|uplift|index\w*|increas\w+|rises?|uptime|availab\w+|rate|accura\w+|credits?|penalt\w+|refund\w*|interest|deposit"
    r"|upfront|advance|used|adoption|guarantee\w*|growth|tax|vat)\b",
    re.IGNORECASE,
)


@lru_cache(maxsize=8_192)
def _is_the_discount(text: str) -> bool:
    """A share off the price for a term, `8% on 24 months`; not a cap, a rate or a share of something else."""
    share = any(figure.unit == "%" for figure in figures(text))
    return share and bool(_TERM.search(text) and _OFF.search(text)) and not (_OF_ANOTHER_SHARE.search(text) or _LATER.search(text))


def are_two_matters(held: PromiseSaid, one: PromiseSaid) -> bool:
    """Of two places or parts, of two steps of one plan, what was to be done and what is owed if it fails, a price now and one of later, a
    day and a stretch of time that says less."""
    vaguer = bool(held.due and one.due and held.due.exact and not one.due.exact)
    owed = (held.kind == "commercial") != (one.kind == "commercial")
    of_later = (_LATER.search(held.text) is None) != (_LATER.search(one.text) is None)
    return vaguer or owed or of_later or _another_thing(held, one) or _stages(held, one)


def _stages(held: PromiseSaid, one: PromiseSaid) -> bool:
    """More of the same on a later day: three branches in January and all twenty-two by March are two steps of one plan."""
    counts = [{f.unit: f.value for f in figures(said.text) if f.unit} for said in (held, one)]
    later = bool(held.due and one.due and held.due.on and one.due.on and held.due.on < one.due.on)
    return later and any(counts[0][unit] < counts[1][unit] for unit in counts[0].keys() & counts[1].keys())


_RUNNING = re.compile(r"\bup and running\b|\blive\b|\b(?:works?|working) with it\b", re.IGNORECASE)


def _concepts(said: PromiseSaid) -> frozenset[str]:
    text = _BY_AN_EVENT.sub(" ", _spoken_of(said))
    return concepts(text) | ({"go-live"} if said.kind == "timeline" and _RUNNING.search(text) else frozenset())


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
    parts = parts_of(held.text), parts_of(one.text)
    if parts[0] and parts[1] and not parts[0] & parts[1]:
        return True
    mine, other = _names(held.text), _names(one.text)
    if not mine or not other or mine & other:
        return False
    return not any(re.search(rf"\b{re.escape(name)}\b", said.text) for names, said in ((mine, one), (other, held)) for name in names)


_STEP = r"(?:phase|wave|stage|step|group|batch|half|patch|side|site|hall|plant|depot|office|branch|floor|building|shift|team|line)"
_WHICH = (("1", "one|1|first"), ("2", "two|2|second"), ("3", "three|3|third"), ("4", "four|4|fourth"), ("rest", "rest|others?|remain\\w+"))
_PART_OF = tuple(
    (name, re.compile(rf"\b(?:{_STEP} (?:{words})|(?:{words}) {_STEP})\b" if name != "rest" else rf"\bthe (?:{words})\b", re.IGNORECASE))
    for name, words in _WHICH
) + tuple((name, re.compile(rf"\b{name}(?:ern)?\b", re.IGNORECASE)) for name in ("east", "west", "north", "south"))


@lru_cache(maxsize=8_192)
def parts_of(text: str) -> frozenset[str]:
    """Which part of the whole is meant, by number or by where it lies: `wave two`, `the west`, `the other sites`, `site 105`."""
    return frozenset((*(name for name, pattern in _PART_OF if pattern.search(text)), *_NUMBERED.findall(text)))


_NUMBERED = re.compile(rf"\b{_STEP} (?:no\.? ?)?(\d+)\b", re.IGNORECASE)


@lru_cache(maxsize=8_192)
def _names(text: str) -> frozenset[str]:
    found = [match for match in _NAME.finditer(text) if not _NO_NAMES.match(match.group())]
    return frozenset(match.group() for match in found if not _IS_A_PERSON.match(text, match.end()))


_IS_A_PERSON = re.compile(r", (?:our|my|she's|he's|she’s|he’s|who|your)\b", re.IGNORECASE)
"""`Siobhan, our engineer`: who does it is not what it is about."""


def _differ(held: PromiseSaid, one: PromiseSaid) -> bool:
    """Not the same statement: another day, or no figure in common."""
    mine, other = (figures(said.text) for said in (held, one))
    return _another_day(held, one) or bool(mine and other and not any(_equal(one, two) for one in mine for two in other))


def _equal(one: Figure, other: Figure) -> bool:
    """`Six sites` and `the six biggest sites`: what is counted need not stand right behind the number."""
    return one.value == other.value and (one.unit == other.unit or not (one.unit and other.unit))


def _changed(held: PromiseSaid, one: PromiseSaid) -> bool:
    """Another day, another count of the same thing, another condition or firmness; `site 3` and `site 4` are two."""
    counts = [{f.unit: f.value for f in figures(said.text) if f.unit} for said in (held, one)]
    recounted = any(counts[0][unit] != counts[1][unit] for unit in counts[0].keys() & counts[1].keys())
    return (
        _another_day(held, one)
        or _a_day_at_last(held, one)
        or _another_condition(held, one)
        or recounted
        or held.strength != one.strength
        or _sets_right(held, one)
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
