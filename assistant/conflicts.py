"""Two statements that cannot both hold, with the words of each: ours against ours, against the paper, against what the customer
believes, and against what a machine wrote down.

A later word that knowingly replaces an earlier one is no conflict but a change; one that somebody else says without a sign of knowing
the earlier is both, for the customer may remember either. Nothing here decides who is right.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

from assistant.facts.conditions import written_out
from assistant.facts.contract import verdict
from assistant.facts.dates import due
from assistant.facts.figures import figures
from assistant.facts.goals import BaselineSaid
from assistant.facts.paper import Clause
from assistant.facts.promises import PromiseSaid, kind_of_promise
from assistant.facts.recaps import Belief, RecapLine
from assistant.facts.speech import Place
from assistant.facts.topics import concepts, content_words
from assistant.promise import Promise
from assistant.succession import without_days
from assistant.words import stemmed
from ingest.records import Span

ConflictKind = Literal["seller", "contract", "customer", "recap"]
How = Literal["day", "figure", "refused", "taken back", "paper", "disputed"]
"""`disputed`: the customer says what they were told, and that it is not so."""


@dataclass(frozen=True, slots=True)
class Conflict:
    """`seller`: two of ours said otherwise; `contract`: the signed paper does; `customer`: the customer believes otherwise, or two of them
    disagree; `recap`: a machine's summary does, which is secondary and never right against the talk.

    `one` is the promise where there is one, `other` what stands against it.
    """

    kind: ConflictKind
    how: How
    one: Place
    other: Place
    promise: str | None
    """Id of the promise it is about."""


def conflicts(
    promises: Sequence[Promise],
    terms: Mapping[str | None, Sequence[Clause]],
    beliefs: Iterable[Belief],
    recaps: Iterable[RecapLine],
    baselines: Sequence[BaselineSaid],
) -> tuple[Conflict, ...]:
    """The gravest sort first: paper, then the customer, then ourselves, then machines. `terms` are the clauses by deal id."""
    found = [
        *_with_paper(promises),
        *(one for belief in beliefs if (one := _believed(belief, promises, terms)) is not None),
        *_among_customers(baselines),
        *_among_ours(promises),
        *(one for line in recaps if (one := _recapped(line, promises)) is not None),
    ]
    return tuple({(_key(one.one), _key(one.other)): one for one in found}.values())


def _key(place: Place) -> tuple[str, Span]:
    return place.interaction.source.id, place.span


def _with_paper(promises: Sequence[Promise]) -> Iterable[Conflict]:
    for held in promises:
        clause = held.verdict.clause
        if clause and held.current and held.strength in ("firm", "conditional") and held.verdict.status in ("contradicted", "excluded"):
            yield Conflict("contract", "paper", held.places[0], clause.at, held.id)


# --- ours against ours

_KNOWS = re.compile(
    r"\b(?:instead|now\b|correct(?:ion|ing|ed)?|chang\w+|updat\w+|no longer|wrong|sorry|moved|actually|still|rather than|not what"
    r"|earlier|before"
    r"|previous\w*|as of today|new (?:date|price|number|figure)|said|told|wrote|mistake|after all|from .{1,30} to\b|begged|manager)\b",
    re.IGNORECASE,
)


def _among_ours(promises: Sequence[Promise]) -> Iterable[Conflict]:
    by_id = {held.id: held for held in promises}
    for held in promises:
        earlier = by_id.get(held.supersedes or "")
        if earlier is None or earlier.strength == "retracted" or earlier.made_by.id == held.made_by.id:
            continue
        around = f"{held.said.topic} {held.said.because.text if held.said.because else ''}"
        how = differs(held.said, earlier.said)
        if how is not None and not _KNOWS.search(around):
            yield Conflict("seller", how, held.places[0], earlier.places[-1], held.id)
    standing = [held for held in promises if held.current]
    for index, held in enumerate(standing):
        for other in standing[index + 1 :]:
            if {held.strength, other.strength} == {"firm", "declined"} and held.made_by.id != other.made_by.id and _refuses_it(held, other):
                yes, no = (held, other) if held.strength == "firm" else (other, held)
                yield Conflict("seller", "refused", yes.places[0], no.places[0], yes.id)


def _refuses_it(held: Promise, other: Promise) -> bool:
    """One grants and the other refuses the same thing: nearly all that the shorter says, and the matter named in both."""
    mine, theirs = content_words(held.text), content_words(other.text)
    smaller = min(len(mine), len(theirs))
    return smaller >= 3 and len(mine & theirs) >= max(3, 0.7 * smaller)


# --- against what the customer believes


def _believed(belief: Belief, promises: Sequence[Promise], terms: Mapping[str | None, Sequence[Clause]]) -> Conflict | None:
    as_said = _as_promise(belief)
    speaks = [
        (score, index)
        for index, held in enumerate(promises)
        if held.current
        and held.said.made_on
        and belief.said_on
        and held.said.made_on <= belief.said_on
        and (score := nearness(belief.text, held.said)) > 0
    ]
    if speaks:
        held = promises[max(speaks)[1]]
        how: How | None = "refused" if held.strength == "declined" and not _denies(belief.text) else differs(as_said, held.said)
        if how is not None:
            return Conflict("customer", how, held.places[-1], belief.at, held.id)
    for clauses in terms.values():
        found = verdict(as_said, clauses)
        if found.status == "contradicted" and found.clause:
            return Conflict("customer", "paper", belief.at, found.clause.at, None)
    return _disputed(belief, promises) if belief.disputed else None


BESIDE = 0.8
"""What a likeness counts that needs the sentences beside it."""


def _disputed(belief: Belief, promises: Sequence[Promise]) -> Conflict | None:
    """`You told us …, and your price list says otherwise`: beside the promise it goes back to; none where nothing like it is on record."""
    givers = {word.casefold() for held in promises for word in held.made_by.name.split()}
    if belief.told_by and belief.told_by.casefold() not in givers:
        return None
    before = [
        (max(nearness(belief.text, held.said), BESIDE * nearness(belief.disputed, held.said)), index)
        for index, held in enumerate(promises)
        if held.said.made_on and belief.said_on and held.said.made_on <= belief.said_on and held.strength != "declined"
    ]
    score, index = max(before, default=(0.0, 0))
    if score <= 0:
        return None
    held = promises[index]
    return Conflict("customer", "disputed", held.places[0], belief.at, held.id)


def _as_promise(belief: Belief) -> PromiseSaid:
    """The belief in the form of a promise, so that it is held against paper and promises by the same rules."""
    return PromiseSaid(
        text=belief.text, kind=kind_of_promise(belief.text, "firm"), strength="firm", conditions="", made_by=belief.by, made_to=None,
        made_on=belief.said_on, due=due(belief.text, belief.said_on), at=belief.at, because=None, then=(), topic=belief.topic,
    )  # fmt: skip


_DENIAL = re.compile(r"\b(?:not|never|no|nobody|none|nothing)\b", re.IGNORECASE)


def _denies(text: str) -> bool:
    return _DENIAL.search(written_out(text)) is not None


CLOSE = 6
"""Turns between two people of the customer's who name two values for the same."""
_CORRECTS = re.compile(
    r"\b(?:more like|no,|not (?:\w+ )?(?:that|so)|actually|rather|closer to|depends|that is not"
    r"|honestly)\b",
    re.IGNORECASE,
)


def _among_customers(baselines: Sequence[BaselineSaid]) -> Iterable[Conflict]:
    """Two of them name two values of today for the same unit in one talk, the second one setting the first right."""
    for index, one in enumerate(baselines):
        for other in baselines[index + 1 :]:
            here, there = one.at.interaction, other.at.interaction
            if here.source.id != there.source.id or one.unit != other.unit or one.figure == other.figure:
                continue
            first, second = _turn(one.at), _turn(other.at)
            speakers = {here.turns[first].person, there.turns[second].person}
            if len(speakers) == 2 and 0 < second - first <= CLOSE and _CORRECTS.search(written_out(other.text)):
                yield Conflict("customer", "figure", one.at, other.at, None)


def _turn(place: Place) -> int:
    return next(turn.position for turn in place.interaction.turns if turn.span.start <= place.span.start < turn.span.end)


# --- against a machine's summary

SOON = timedelta(days=3)
"""A summary is of a talk of these days; what was said much later is not in it."""


def _recapped(line: RecapLine, promises: Sequence[Promise]) -> Conflict | None:
    before = line.said_on + SOON if line.said_on else date.max
    speaks = [
        (score, index)
        for index, held in enumerate(promises)
        if held.said.made_on and held.said.made_on <= before and (score := nearness(line.text, held.said)) > 0
    ]
    near = [promises[index] for _, index in sorted(speaks, reverse=True)[:MOST_COMPARED]]
    if any(_bears_out(line.text, held.text) for held in near if held.strength not in ("declined", "retracted")):
        return None
    for held in near:
        how = _against(line, held)
        if how is not None:
            place = held.places[-1] if how == "taken back" else held.places[0]
            return Conflict("recap", how, place, line.at, held.id)
    return None


MOST_COMPARED = 5
"""Promises that a line of a summary is held against, the nearest first."""
REFUSES_IT = 2
"""Content words that a refusal shares with what a summary says was granted."""


def _bears_out(line: str, said: str) -> bool:
    """The talk names the same number of the same thing."""
    mine, theirs = _counts(line), _counts(said)
    return any(mine[noun] & theirs[noun] for noun in mine.keys() & theirs.keys())


def _against(line: RecapLine, held: Promise) -> How | None:
    if held.strength in ("declined", "retracted"):
        if _denies(line.text) or len(_matter(line.text) & _matter(held.text)) < REFUSES_IT:
            return None
        return "refused" if held.strength == "declined" else "taken back"
    return differs(replace(held.said, text=line.text, due=due(line.text, line.said_on)), held.said)


# --- when two statements are about the same and differ

_LASTING = ("hour", "day", "week", "month", "%", "money")
_COUNTED = re.compile(r"\W*(?:[\w'-]+ ){0,2}?(?P<noun>[a-z]{3,}s)\b", re.IGNORECASE)


LEAST_SHARED = 2.0


def nearness(text: str, said: PromiseSaid) -> float:
    """How much a sentence is about what was promised, from 0: words and matters both name, half as much for words of the setting, and a
    day that both name. 0 where that is too little."""
    words, promised, around = _matter(text), _matter(said.text), _matter(said.topic)
    named = concepts(text) & concepts(said.topic)
    shared = len(words & promised) + 0.5 * min(2, len(words & around - promised)) + len(named)
    if not (words & promised or named):
        return 0.0
    day = due(text, said.made_on)
    same_day = day is not None and said.due is not None and day.on is not None and day.on == said.due.on
    return (shared + same_day) / max(3, min(len(words), len(promised), 6)) if shared + same_day >= LEAST_SHARED else 0.0


def _matter(text: str) -> frozenset[str]:
    return content_words(without_days(text))


def differs(one: PromiseSaid, other: PromiseSaid) -> How | None:
    """Another day, or another number of the same thing."""
    if _counts_differ(one.text, other.text):
        return "figure"
    if one.due and other.due and one.due.on and other.due.on and one.due.exact and other.due.exact and one.due.on != other.due.on:
        return "day"
    return None


def _counts_differ(one: str, other: str) -> bool:
    mine, theirs = _counts(one), _counts(other)
    same = mine.keys() & theirs.keys()
    return any(not mine[noun] & theirs[noun] for noun in same)


def _counts(text: str) -> dict[str, set[float]]:
    """Numbers by what they count: `all seven offices` and `the five Dentrix offices` both count offices."""
    found: dict[str, set[float]] = {}
    for figure in figures(text):
        if figure.unit in _LASTING:
            found.setdefault(figure.unit, set()).add(figure.value)
            continue
        counted = _COUNTED.match(text, figure.span.start + len(text[figure.span.start : figure.span.end].split()[0]))
        if counted and figure.value < 1000:
            found.setdefault(stemmed(counted["noun"].casefold()), set()).add(figure.value)
    return found
