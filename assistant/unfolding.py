"""How what was promised unfolds: said, said again, set right, replaced or taken back, each promise with its state and what it replaced.

Which of two statements takes the other's place is `assistant.succession`'s to say; here they are gone through in the order said.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from assistant.beside import Beside
from assistant.facts.commitment import is_paperwork
from assistant.facts.conditions import condition_of
from assistant.facts.contract import Verdict
from assistant.facts.dates import due
from assistant.facts.figures import figures
from assistant.facts.promises import PromiseSaid, kind_of_promise
from assistant.facts.speech import Place
from assistant.facts.topics import alike, content_words
from assistant.instead import replaced
from assistant.meaning import Meaning
from assistant.promise import Promise
from assistant.succession import (
    SAME,
    STANDING,
    echoes,
    instead_of,
    points_to,
    replaced_figures,
    says_the_same,
    takes_the_place_of,
    without_days,
)  # fmt: skip
from assistant.words import plain

TAKES_BACK = 0.5
MAY_REPLACE = (*STANDING, "declined")


def in_order(said: Sequence[PromiseSaid], meaning: Meaning | None = None) -> list[Promise]:
    ledger: list[Promise] = []
    known = {(each.at.interaction.source.id, each.at.span.end) for each in said}
    beside = Beside(said, meaning)
    told: dict[int, int] = {}
    """Of what was said, where in the ledger it stands."""
    for at, one in enumerate(said):
        if one.strength == "retracted":
            taken = _take_back(ledger, one)
            now = _set_right(one) if taken else None
            if now is not None and (now.at.interaction.source.id, now.at.span.end) not in known:
                ledger.append(Promise(_id(now), now, now.strength, (now.at,), Verdict("silent", None), ledger[max(taken)].id))
            elif not taken and _names_what_was_said(one):
                ledger.append(Promise(_id(one), one, one.strength, (one.at,), Verdict("silent", None), current=False))
            continue
        index = _latest(ledger, one, _same)
        if index is not None:
            ledger[index] = replace(ledger[index], places=(*ledger[index].places, one.at))
            told[at] = index
            continue
        earlier = _latest(ledger, one, _replaced)
        gone = [earlier] if earlier is not None else []
        if not gone and one.strength in MAY_REPLACE:
            found = replaced(beside, at, [i for i, index in told.items() if ledger[index].current and ledger[index].strength in STANDING])
            gone = [index for index in dict.fromkeys(told[i] for i in found) if not _refused_by_another(ledger[index], one)]
        told[at] = len(ledger)
        for index in gone:
            ledger[index] = replace(ledger[index], current=False)
        ledger.append(Promise(_id(one), one, one.strength, (one.at,), Verdict("silent", None), ledger[gone[0]].id if gone else None))
    return ledger


def _refused_by_another(held: Promise, one: PromiseSaid) -> bool:
    """Then the two contradict each other, and which holds is not known (`assistant.conflicts`)."""
    return one.strength == "declined" and one.made_by.id != held.made_by.id


def _latest(ledger: Sequence[Promise], one: PromiseSaid, fits: Callable[[Promise, PromiseSaid], bool]) -> int | None:
    return next((index for index in range(len(ledger) - 1, -1, -1) if fits(ledger[index], one)), None)


def _same(held: Promise, one: PromiseSaid) -> bool:
    return held.strength != "retracted" and (says_the_same(held.said, one) or _confirms(held, one))


CONFIRMED_WITHIN = 3
"""Turns behind a promise in which a few words without a matter of their own repeat it."""


def _confirms(held: Promise, one: PromiseSaid) -> bool:
    """Said right after it, with no matter of its own: `At no charge?` `No charge.`, and `that date we will put into the contract`."""
    last = held.places[-1]
    if (
        last.interaction.source.id != one.at.interaction.source.id
        or held.made_by.side != one.made_by.side
        or last.span.start > one.at.span.start
    ):
        return False
    between = sum(last.span.end <= turn.span.start and turn.span.end <= one.at.span.start for turn in last.interaction.turns)
    return between < CONFIRMED_WITHIN and (points_to(held.said, one) or echoes(held.said, one))


def _replaced(held: Promise, one: PromiseSaid) -> bool:
    """It stood, or was taken back in the very talk that now offers another."""
    if held.strength == "retracted":
        return held.places[-1].interaction is one.at.interaction and instead_of(held.said, one)
    return held.current and takes_the_place_of(held.said, one)


_SAID_BEFORE = re.compile(r"\b(?:said|told|promised|offered|quoted|wrote|mentioned|named|gave you|stand by)\b", re.IGNORECASE)
_OF_WEIGHT = 3


def _names_what_was_said(one: PromiseSaid) -> bool:
    """`I told you the tablets were included; that was my error` stands by itself; `that was wrong, sorry` does not."""
    return _SAID_BEFORE.search(one.text) is not None and len(content_words(one.text)) >= _OF_WEIGHT and not is_paperwork(one.text)


_IS_NOW = re.compile(r"^\W*(?:it is|it's|it’s|that is|that's|that’s|make (?:it|that))\s+(?!not\b)", re.IGNORECASE)


def _set_right(one: PromiseSaid) -> PromiseSaid | None:
    """What the next sentence behind a correction puts in its place: `It's 60,000 a year within the price.`"""
    place = next(iter(one.then), None)
    if place is None or not _IS_NOW.search(place.text) or not figures(place.text):
        return None
    if len(content_words(without_days(place.text))) < SAYS_WHAT_HOLDS:
        return None
    text = " ".join(place.text.split())
    condition = condition_of(text)
    return replace(
        one, text=text, kind=kind_of_promise(text, "firm"), strength="conditional" if condition else "firm", conditions=condition, at=place,
        due=due(text.replace(condition, " ") if condition else text, one.made_on), because=one.at, then=(),
    )  # fmt: skip


SAYS_WHAT_HOLDS = 2
"""Content words of a sentence that says what holds instead: a bare `It's forty-eight` is said again in the next one."""


def _take_back(ledger: list[Promise], one: PromiseSaid) -> list[int]:
    """Marks what a correction speaks of, and gives where that stands; empty where no promise on record is like it."""
    taken: list[int] = []
    words = content_words(one.topic)
    scored = [
        (alike(content_words(held.text), words), index)
        for index, held in enumerate(ledger)
        if held.strength in ("firm", "conditional", "best_effort") and held.made_on and one.made_on and held.made_on < one.made_on
    ]
    scored += [*_quoted(ledger, one), *_recounted(ledger, one)]
    best = max(scored, default=(0.0, -1))
    if best[0] < TAKES_BACK:
        return taken
    for score, index in scored:
        if score == best[0] or (
            score >= TAKES_BACK and alike(content_words(ledger[index].text), content_words(ledger[best[1]].text)) >= SAME
        ):
            held = ledger[index]
            ledger[index] = replace(
                held, strength="retracted", current=False, places=(*held.places, one.at), instead=_instead(held.text, one.then)
            )
            taken.append(index)
    return taken


_QUOTED = re.compile(r"[\"“]([^\"“”]{4,80})[\"”]")
_SAYS_NOTHING = frozenset("a an all and are be by for in is it of on our the to we will you your".split())


def _quoted(ledger: Sequence[Promise], one: PromiseSaid) -> list[tuple[float, int]]:
    """Promises whose own words a correction holds up: `"support is all US" wasn't right`."""
    held_up = [frozenset(plain(words)) - _SAYS_NOTHING for words in _QUOTED.findall(one.text)]
    return [
        (1.0, index)
        for index, held in enumerate(ledger)
        if held.current and held.strength in ("firm", "conditional", "best_effort")
        if any(len(words) >= 2 and words <= frozenset(plain(held.text)) for words in held_up)
    ]


_I_SAID = re.compile(r"\b(?:said|told|promised|offered|quoted|wrote|mentioned|named|gave)\b(?P<rest>.*)", re.IGNORECASE | re.DOTALL)


def _said_wrongly(ledger: Sequence[Promise], one: PromiseSaid) -> list[tuple[float, int]]:
    """The one promise of the figure that a correction repeats, `I said seventy-two hours, that was wrong`; none where several have it."""
    match = _I_SAID.search(one.text)
    said = {(figure.value, figure.unit) for figure in figures(match["rest"]) if figure.unit} if match else set()
    found = [
        index
        for index, held in enumerate(ledger)
        if held.current and held.strength in ("firm", "conditional", "best_effort") and held.made_on and one.made_on
        if held.made_on < one.made_on and said & {(figure.value, figure.unit) for figure in figures(held.text)}
    ]
    return [(1.0, found[0])] if len(found) == 1 else []


_ONE_OF = re.compile(r"\b(?:one|a single) (hour|day|week|month|year)\b", re.IGNORECASE)
"""Which is no figure elsewhere, for `one day` may mean some day."""


def _recounted(ledger: Sequence[Promise], one: PromiseSaid) -> list[tuple[float, int]]:
    """Promises of a figure that a correction says does not hold: `I have to correct that: one week on your floor, not two`."""
    gone, words = replaced_figures(one.text), content_words(one.text)
    units = {figure.unit for figure in figures(one.text) if figure.unit and figure.value not in gone} | {*_ONE_OF.findall(one.text)}
    return _said_wrongly(ledger, one) or [
        (1.0, index)
        for index, held in enumerate(ledger)
        if held.current and held.strength in ("firm", "conditional", "best_effort")
        if any(figure.value in gone and figure.unit in units for figure in figures(held.text)) and words & content_words(held.text)
    ]


def _instead(text: str, behind: Sequence[Place]) -> Place | None:
    words = content_words(text)
    return next((place for place in reversed(behind) if len(words & content_words(place.text)) >= 2), None)


def _id(one: PromiseSaid) -> str:
    """Of the words and where they were said: it stays when other words of the same source change."""
    return "prm_" + hashlib.sha256(f"{one.at.interaction.source.id}:{one.text.casefold()}".encode()).hexdigest()[:16]
