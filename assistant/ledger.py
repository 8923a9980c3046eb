"""The facts of one account in order: every promise with its latest state and what the signed paper says, risks, goals, dates, people.

A promise said twice is one with two places; one taken back is marked so; one said again with another date or figure replaces the
earlier. It is put together from the readings of the interactions (`assistant.facts.reading`), which are kept; nothing in it can be
staler than they are.

For other parts of the house: `Kit.ledger(scope, deal_id)` gives the ledger of an account as a reader may see it, `Ledger.chain` a
promise with what it replaced, first one first, and every fact its `Place`, which `assistant.citations.cite` makes a citation of.
Promises of many accounts at once are in `assistant.portfolio`.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TypeVar

from assistant.aftermath import Recalled, after, fit, sides_by_name
from assistant.conflicts import Conflict, conflicts
from assistant.facts.aftermath import WordLater
from assistant.facts.commitment import is_paperwork
from assistant.facts.conditions import condition_of
from assistant.facts.contract import Clause, Verdict, clauses, contracts
from assistant.facts.dates import Event, due
from assistant.facts.figures import figures
from assistant.facts.goals import BaselineSaid, GoalSaid
from assistant.facts.people import PersonSeen, people
from assistant.facts.promises import PromiseSaid, colleagues_of, kind_of_promise
from assistant.facts.questions import QuestionAsked, left_open
from assistant.facts.reading import Reading, read_off
from assistant.facts.reasons import Remark
from assistant.facts.reliance import RelianceSaid
from assistant.facts.requirements import RequirementSaid, distinct
from assistant.facts.risks import RiskSaid
from assistant.facts.rivals import Rival, gathered
from assistant.facts.speech import Place
from assistant.facts.terms import TermSaid
from assistant.facts.topics import alike, content_words
from assistant.leaning import leanings
from assistant.meaning import Meaning, setting
from assistant.promise import Became, Promise, Status
from assistant.signed import on_paper
from assistant.succession import (
    SAME,
    echoes,
    going_live,
    instead_of,
    points_to,
    replaced_figures,
    says_the_same,
    takes_the_place_of,
    with_events,
    without_days,
)  # fmt: skip
from assistant.words import plain
from ingest.archive.rows import PromiseMark, StoredInteraction, StoredPerson


@dataclass(frozen=True, slots=True)
class Ledger:
    promises: tuple[Promise, ...]
    risks: tuple[RiskSaid, ...]
    goals: tuple[GoalSaid, ...]
    baselines: tuple[BaselineSaid, ...]
    events: tuple[Event, ...]
    remarks: tuple[Remark, ...]
    """Reasons they bought and how it was decided: by `topic`."""
    questions: tuple[QuestionAsked, ...]
    """Of both sides; with `answered` where somebody answered on the spot."""
    open_questions: tuple[QuestionAsked, ...]
    people: tuple[PersonSeen, ...]
    contracts: tuple[StoredInteraction, ...]
    recalled: tuple[Recalled, ...] = ()
    """After the signature: where the customer says what they were promised, with the promises it fits."""
    requirements: tuple[RequirementSaid, ...] = ()
    """Of their systems and their security people, in the order said, each once."""
    terms: tuple[TermSaid, ...] = ()
    """Commercial terms in talk, mail and paper, in the order said: what holds is the paper's."""
    rivals: tuple[Rival, ...] = ()
    """Named alternatives with what was said of them, the most spoken of first."""
    conflicts: tuple[Conflict, ...] = ()
    """Pairs of statements that cannot both hold, the gravest sort first."""
    likely_risks: tuple[RiskSaid, ...] = ()
    """Warnings, reasons and goals by their words alone (`assistant.facts.likeness`), the likeliest first: less sure than those above,
    none of which they say again."""
    likely_reasons: tuple[Remark, ...] = ()
    likely_goals: tuple[GoalSaid, ...] = ()

    def chain(self, last: Promise) -> tuple[Promise, ...]:
        """What a promise replaced, first one first, itself last."""
        by_id = {one.id: one for one in self.promises}
        chain = [last]
        while (earlier := chain[0].supersedes) is not None:
            chain.insert(0, by_id[earlier])
        return tuple(chain)


def read(
    interactions: Sequence[StoredInteraction],
    contacts: Sequence[StoredPerson] = (),
    *,
    closed: bool = False,
    readings: Mapping[str, Reading] | None = None,
    marks: Sequence[PromiseMark] = (),
    signatures: Sequence[date] = (),
    meaning_of: Callable[[Sequence[Place]], Meaning | None] = lambda _: None,
) -> Ledger:
    """The ledger of one account's interactions, oldest first; `closed` when its deal is won, so that the paper on record holds.

    `readings` are those at hand, by interaction; the others are made. `marks` are what people said became of promises. `signatures` are
    the days its deals were won on: a day counted from the signature is known where there is one, and from the last one on words are new
    words about old promises. `meaning_of` gives the vectors of the places it is asked for, None where there are none: then what the paper
    says is read off by rules alone.
    """
    ours = colleagues_of(interactions)
    kept = readings or {}
    read = [kept.get(interaction.source.id) or read_off(interaction, ours) for interaction in interactions]
    paper = contracts(interactions, closed=closed)
    questions = tuple(one for each in read for one in each.questions)
    in_order = _in_order([one for each in read for one in each.promises])
    dated = _dated(in_order, signatures[0] if len(signatures) == 1 else None)
    terms = clauses(paper)
    near = meaning_of(_compared(dated, terms)) if terms else None
    promises = _leant_on(_checked(dated, terms, near), [one for each in read for one in each.reliance])
    requirements = distinct([one for each in read for one in each.requirements])
    baselines = tuple(one for each in read for one in each.baselines)
    risks, remarks = _distinct([one for each in read for one in each.risks]), _said_once([one for each in read for one in each.remarks])
    goals = _distinct_goals([one for each in read for one in each.goals])
    words = after([one for each in read for one in each.later], max(signatures, default=None))
    shown = _speaking_of(words, promises)
    return Ledger(
        promises=tuple(_as_marked(_as_shown(one, shown.get(one.id)), marks) for one in promises),
        risks=risks,
        goals=goals,
        baselines=baselines,
        events=_by_day([one for each in read for one in each.events]),
        remarks=remarks,
        questions=questions,
        open_questions=left_open(questions, interactions),
        people=people(
            contacts,
            interactions,
            [one for each in read for one in each.heard],
            [one for each in read for one in each.mentions],
            [one for each in read for one in each.introduced],
        ),
        contracts=paper,
        recalled=_recalled(words, promises, sides_by_name(contacts, interactions)),
        requirements=requirements,
        terms=_said_once([one for each in read for one in each.terms]),
        rivals=gathered([one for each in read for one in each.rivals], interactions, contacts, [one.text for one in requirements]),
        conflicts=conflicts(
            promises,
            {deal: _of_deal(terms, deal) for deal in dict.fromkeys(document.source.deal_id for document in paper)},
            [one for each in read for one in each.beliefs],
            [one for each in read for one in each.recap],
            baselines,
        ),
        likely_risks=_likeliest([one for each in read for one in each.likely_risks], risks),
        likely_reasons=_likeliest([one for each in read for one in each.likely_reasons], remarks),
        likely_goals=_likeliest([one for each in read for one in each.likely_goals], goals),
    )


FITS = 0.6
"""From here on a later sentence speaks of the promise; of several only the nearest changes its status."""
BESIDE_NEAREST = 0.6
"""Of the nearest one's fit: what fits worse than that is named by chance, beside it."""
REPLACED = 0.8
"""Of the fit of a promise that another took the place of: the one that holds goes before it where both fit alike."""


def _fitting(word: WordLater, promises: Sequence[Promise]) -> tuple[str, ...]:
    scored = sorted(((fit(word, one.said) * (1 if one.current else REPLACED), i) for i, one in enumerate(promises)), reverse=True)
    return tuple(promises[index].id for score, index in scored[:3] if score >= max(FITS, BESIDE_NEAREST * scored[0][0]))


def _recalled(words: Sequence[WordLater], promises: Sequence[Promise], sides: Mapping[str, frozenset[str]]) -> tuple[Recalled, ...]:
    """What goes back to us: not to the customer's own people, and where the words or the name leave it open, to a promise on record."""
    found = []
    for word in words:
        if word.recall is None or (teller := sides.get(word.recall.teller.casefold(), frozenset())) == {"buyer"}:
            continue
        fitting = _fitting(word, promises)
        if fitting or (word.recall.weight == "promised" and (not word.recall.teller or "seller" in teller)):
            found.append(Recalled(word, fitting))
    return tuple(found)


def _speaking_of(words: Sequence[WordLater], promises: Sequence[Promise]) -> dict[str, WordLater]:
    """By the id of a promise the last later word that speaks of it before any other."""
    return {id: word for word in words if word.sign != "recalled" for id in _fitting(word, promises)[:1]}


def _as_shown(one: Promise, last: WordLater | None) -> Promise:
    """Kept or at risk by the last word on it; what was replaced stays as it was."""
    if last is None or not one.current or one.strength in ("declined", "retracted"):
        return one
    return replace(one, became=Became("kept" if last.sign == "kept" else "at_risk", last.said_on, places=(last.at,)))


def _as_marked(one: Promise, marks: Sequence[PromiseMark]) -> Promise:
    """A person's word on what became of it goes before what later words show."""
    standing = [mark for mark in marks if mark.promise_id == one.id and mark.undone_at is None]
    if not standing:
        return one
    last = standing[-1]
    status: Status = last.status  # type: ignore[assignment]  # checked when it was marked
    return replace(one, became=Became(status, last.at.date(), last.because, last.by))


# --- promises in order

TAKES_BACK = 0.5


def _in_order(said: Sequence[PromiseSaid]) -> list[Promise]:
    ledger: list[Promise] = []
    known = {(each.at.interaction.source.id, each.at.span.end) for each in said}
    for one in said:
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
            continue
        earlier = _latest(ledger, one, _replaced)
        if earlier is not None:
            ledger[earlier] = replace(ledger[earlier], current=False)
        ledger.append(
            Promise(_id(one), one, one.strength, (one.at,), Verdict("silent", None), ledger[earlier].id if earlier is not None else None)
        )
    return ledger


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


def _dated(promises: Sequence[Promise], signed_on: date | None) -> list[Promise]:
    live_on = going_live([one.said for one in promises if one.current])
    return [replace(one, said=with_events(one.said, live_on, signed_on)) for one in promises]


def _compared(promises: Sequence[Promise], terms: Sequence[Clause]) -> list[Place]:
    """What is held against the paper, and the paper."""
    return [*(one.at for one in terms), *(place for one in promises for place in (one.said.at, setting(one.said.at)))]


def _checked(promises: Sequence[Promise], terms: Sequence[Clause], near: Meaning | None) -> tuple[Promise, ...]:
    """Each against the paper of its own deal and what belongs to none."""
    return tuple(replace(held, verdict=on_paper(held.said, _of_deal(terms, held.deal_id), near)) for held in promises)


def _leant_on(promises: Sequence[Promise], said: Sequence[RelianceSaid]) -> tuple[Promise, ...]:
    found = leanings(said, [held.said for held in promises], [held.places for held in promises])
    return tuple(replace(held, leaning=leaning) for held, leaning in zip(promises, found, strict=True))


def _of_deal(terms: Sequence[Clause], deal_id: str | None) -> Sequence[Clause]:
    return terms if deal_id is None else [clause for clause in terms if clause.at.interaction.source.deal_id in (None, deal_id)]


def _id(one: PromiseSaid) -> str:
    """Of the words and where they were said: it stays when other words of the same source change."""
    return "prm_" + hashlib.sha256(f"{one.at.interaction.source.id}:{one.text.casefold()}".encode()).hexdigest()[:16]


# --- the rest, said once


SAME_RISK = 0.5
LEAST_SAME = 3
"""Content words that two warnings about one thing share."""


def _distinct(risks: Sequence[RiskSaid]) -> tuple[RiskSaid, ...]:
    """One of each: a warning of the same kind about the same is one with several places, in the words that came first."""
    kept: list[RiskSaid] = []
    for one in risks:
        told = next((i for i, other in enumerate(kept) if one.kind == other.kind and _same_risk(one.text, other.text)), None)
        if told is None:
            kept.append(one)
        else:
            kept[told] = replace(kept[told], again=(*kept[told].again, one.at))
    return tuple(kept)


def _same_risk(one: str, other: str) -> bool:
    words, others = content_words(one), content_words(other)
    return one.casefold() == other.casefold() or (alike(words, others) >= SAME_RISK and len(words & others) >= LEAST_SAME)


def _distinct_goals(goals: Sequence[GoalSaid]) -> tuple[GoalSaid, ...]:
    kept: list[GoalSaid] = []
    for one in goals:
        if not any(alike(content_words(one.text), content_words(other.text)) >= 0.75 for other in kept):
            kept.append(one)
    return tuple(kept)


Likely = TypeVar("Likely", RiskSaid, Remark, GoalSaid)


LIKELIEST = 100
"""Kept of each sort: of an account of many years thousands would be held against each other, and nobody reads so far."""


def _likeliest(likely: Sequence[Likely], known: Sequence[Likely]) -> tuple[Likely, ...]:
    """Best first, each once, without what says the same as one that is known."""
    kept = [one.text for one in known]
    found: list[Likely] = []
    for one in sorted(likely, key=lambda each: -each.likeness):
        if len(found) == LIKELIEST:
            break
        if not any(_same_risk(one.text, other) for other in kept):
            kept.append(one.text)
            found.append(one)
    return tuple(found)


Said = TypeVar("Said", Remark, RequirementSaid, TermSaid)


def _said_once(remarks: Sequence[Said]) -> tuple[Said, ...]:
    return tuple({one.text: one for one in reversed(remarks)}.values())[::-1]


def _by_day(events: Sequence[Event]) -> tuple[Event, ...]:
    """By the day named; what is said twice of a day stands once, in the words that came first, with its other places."""
    kept: list[Event] = []
    for one in sorted(events, key=lambda found: found.said.on or date.max):
        told = next((i for i, other in enumerate(kept) if _same_day(one, other)), None)
        if told is None:
            kept.append(one)
        elif one.text != kept[told].text:
            kept[told] = replace(kept[told], also=(*kept[told].also, one.at))
    return tuple(kept)


def _same_day(one: Event, other: Event) -> bool:
    return one.said.on == other.said.on and alike(content_words(one.text), content_words(other.text)) >= 0.5
