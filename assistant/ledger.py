"""The facts of one account in order: every promise with its latest state and what the signed paper says, risks, goals, dates, people.

A promise said twice is one with two places; one taken back is marked so; one said again with another date or figure replaces the
earlier. It is put together from the readings of the interactions (`assistant.facts.reading`), which are kept; nothing in it can be
staler than they are.

For other parts of the house: `Kit.ledger(scope, deal_id)` gives the ledger of an account as a reader may see it, `Ledger.chain` a
promise with what it replaced, first one first, and every fact its `Place`, which `assistant.citations.cite` makes a citation of.
Promises of many accounts at once are in `assistant.portfolio`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from assistant.aftermath import Recalled, after, fit, sides_by_name
from assistant.conflicts import Conflict, conflicts
from assistant.facts.aftermath import WordLater
from assistant.facts.dates import Event
from assistant.facts.goals import BaselineSaid, GoalSaid
from assistant.facts.likeness import by_place
from assistant.facts.paper import Clause, clauses, contracts
from assistant.facts.people import PersonSeen, people
from assistant.facts.promises import PromiseSaid, colleagues_of
from assistant.facts.questions import QuestionAsked, left_open
from assistant.facts.reading import Reading, read_off
from assistant.facts.reasons import Remark
from assistant.facts.reliance import RelianceSaid
from assistant.facts.requirements import RequirementSaid, distinct
from assistant.facts.risks import RiskSaid
from assistant.facts.rivals import Rival, gathered
from assistant.facts.speech import Place
from assistant.facts.terms import TermSaid
from assistant.leaning import leanings
from assistant.meaning import Meaning, setting
from assistant.promise import Became, Promise, Status
from assistant.said_once import by_day, distinct_goals, distinct_risks, likeliest, placed, said_once
from assistant.signed import on_paper
from assistant.succession import going_live, with_events
from assistant.unfolding import in_order
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
    said = [one for each in read for one in each.promises]
    terms = clauses(paper)
    near = meaning_of(_compared(said, terms)) if said else None
    dated = _dated(in_order(said, near), signatures[0] if len(signatures) == 1 else None)
    promises = _leant_on(_checked(dated, terms, near), [one for each in read for one in each.reliance])
    requirements = distinct([one for each in read for one in each.requirements])
    baselines = tuple(one for each in read for one in each.baselines)
    read_at = [(each, by_place(at / max(1, len(read) - 1))) for at, each in enumerate(read)]
    risks = distinct_risks([one for each, more in read_at for one in placed(each.risks, more["risk"])])
    remarks = said_once([one for each, more in read_at for one in placed(each.remarks, more["why"])])
    goals = distinct_goals([one for each, more in read_at for one in placed(each.goals, more["goal"])])
    words = after([one for each in read for one in each.later], max(signatures, default=None))
    shown = _speaking_of(words, promises)
    return Ledger(
        promises=tuple(_as_marked(_as_shown(one, shown.get(one.id)), marks) for one in promises),
        risks=risks,
        goals=goals,
        baselines=baselines,
        events=by_day([one for each in read for one in each.events]),
        remarks=remarks,
        questions=questions,
        open_questions=left_open(questions, interactions),
        people=people(
            contacts,
            interactions,
            [one for each in read for one in each.heard],
            [one for each in read for one in each.mentions],
            [one for each in read for one in each.introduced],
            [one for each in read for one in each.telling],
        ),
        contracts=paper,
        recalled=_recalled(words, promises, sides_by_name(contacts, interactions)),
        requirements=requirements,
        terms=said_once([one for each in read for one in each.terms]),
        rivals=gathered([one for each in read for one in each.rivals], interactions, contacts, [one.text for one in requirements]),
        conflicts=conflicts(
            promises,
            {deal: _of_deal(terms, deal) for deal in dict.fromkeys(document.source.deal_id for document in paper)},
            [one for each in read for one in each.beliefs],
            [one for each in read for one in each.recap],
            baselines,
        ),
        likely_risks=likeliest([one for each, more in read_at for one in placed(each.likely_risks, more["risk"])], risks),
        likely_reasons=likeliest([one for each, more in read_at for one in placed(each.likely_reasons, more["why"])], remarks),
        likely_goals=likeliest([one for each, more in read_at for one in placed(each.likely_goals, more["goal"])], goals),
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


def _dated(promises: Sequence[Promise], signed_on: date | None) -> list[Promise]:
    live_on = going_live([one.said for one in promises if one.current])
    return [replace(one, said=with_events(one.said, live_on, signed_on)) for one in promises]


def _compared(said: Sequence[PromiseSaid], terms: Sequence[Clause]) -> list[Place]:
    """What is held against each other and against the paper, and the paper."""
    return [*(one.at for one in terms), *(place for one in said for place in (one.at, setting(one.at)))]


def _checked(promises: Sequence[Promise], terms: Sequence[Clause], near: Meaning | None) -> tuple[Promise, ...]:
    """Each against the paper of its own deal and what belongs to none."""
    return tuple(replace(held, verdict=on_paper(held.said, _of_deal(terms, held.deal_id), near)) for held in promises)


def _leant_on(promises: Sequence[Promise], said: Sequence[RelianceSaid]) -> tuple[Promise, ...]:
    found = leanings(said, [held.said for held in promises], [held.places for held in promises])
    return tuple(replace(held, leaning=leaning) for held, leaning in zip(promises, found, strict=True))


def _of_deal(terms: Sequence[Clause], deal_id: str | None) -> Sequence[Clause]:
    return terms if deal_id is None else [clause for clause in terms if clause.at.interaction.source.deal_id in (None, deal_id)]
