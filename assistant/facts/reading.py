"""Everything read off one interaction, once: its facts in their types, each with the words it was read from."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import TypeVar

from assistant.facts.aftermath import WordLater, word_later
from assistant.facts.dates import Event, event
from assistant.facts.goals import BaselineSaid, GoalSaid, baseline, goal, likely_goal
from assistant.facts.in_one_go import in_one_go
from assistant.facts.introduced import Introduced, introduced
from assistant.facts.likeness import Sort, likenesses
from assistant.facts.named_roles import Mention, mentions
from assistant.facts.own_words import Heard, heard
from assistant.facts.promises import PromiseSaid, only_sounds, promise
from assistant.facts.questions import QuestionAsked, questions
from assistant.facts.reasons import Remark, likely_reason, remark
from assistant.facts.recaps import Belief, RecapLine, beliefs, recap
from assistant.facts.reliance import RelianceSaid, reliance
from assistant.facts.requirements import RequirementSaid, requirement
from assistant.facts.risks import RiskSaid, likely_risk, risk
from assistant.facts.rivals import RivalSaid, rivals
from assistant.facts.speech import Statement, says_of_them, statements
from assistant.facts.telling import Telling, telling
from assistant.facts.terms import TermSaid, term
from ingest.archive.rows import StoredInteraction


@dataclass(frozen=True, slots=True)
class Reading:
    """The facts of one interaction, each kind in the order said."""

    promises: tuple[PromiseSaid, ...] = ()
    goals: tuple[GoalSaid, ...] = ()
    baselines: tuple[BaselineSaid, ...] = ()
    remarks: tuple[Remark, ...] = ()
    risks: tuple[RiskSaid, ...] = ()
    events: tuple[Event, ...] = ()
    questions: tuple[QuestionAsked, ...] = ()
    heard: tuple[Heard, ...] = ()
    mentions: tuple[Mention, ...] = ()
    introduced: tuple[Introduced, ...] = ()
    telling: tuple[Telling, ...] = ()
    """What shows best what part somebody plays."""
    later: tuple[WordLater, ...] = ()
    """Sentences that may speak of a promise made before."""
    requirements: tuple[RequirementSaid, ...] = ()
    terms: tuple[TermSaid, ...] = ()
    rivals: tuple[RivalSaid, ...] = ()
    """Candidates: which names are rivals is seen over the whole account."""
    reliance: tuple[RelianceSaid, ...] = ()
    beliefs: tuple[Belief, ...] = ()
    recap: tuple[RecapLine, ...] = ()
    """What a machine wrote of it: held against the others, never one of them."""
    likely_risks: tuple[RiskSaid, ...] = ()
    """Warnings, reasons and goals by their words alone: less sure than those above, and none of them."""
    likely_reasons: tuple[Remark, ...] = ()
    likely_goals: tuple[GoalSaid, ...] = ()


def read_off(interaction: StoredInteraction, colleagues: frozenset[str] = frozenset()) -> Reading:
    """`colleagues` are the names, in lower case, of our own people who need not be in the room to be spoken for."""
    said = statements(interaction)
    made = _once(_whole([(each, promise(each, colleagues)) for each in said]))
    plain = [each for each, one in made if one is None or one.strength == "declined"]
    every = list(zip(said, likenesses(said), strict=True))
    # What we promise is no warning, though it may name what somebody fears.
    committed = {each.span for each, one in made if one is not None and one.strength in ("firm", "conditional", "roadmap_statement")}
    unpromised = [(each, odds) for each, odds in every if each.span not in committed]
    risks, remarks, goals = _weighed(unpromised, "risk", risk), _weighed(every, "why", remark), _weighed(every, "goal", goal)
    met = introduced(interaction, said)
    return Reading(
        promises=tuple(one for _, one in made if one is not None),
        goals=goals,
        baselines=_found(said, baseline),
        remarks=remarks,
        risks=risks,
        events=_found(said, event),
        questions=questions(said),
        heard=heard(said),
        mentions=mentions(said),
        introduced=met,
        telling=telling(said, met),
        later=_found(said, word_later),
        # What we promise about their systems is a promise, and stands there.
        requirements=_found(plain, requirement),
        terms=_found(said, term),
        rivals=rivals(said),
        reliance=reliance(said),
        beliefs=beliefs(said),
        recap=recap(interaction),
        likely_risks=_in_one_go(_likely(unpromised, "risk", likely_risk, risks), every, "risk", risks),
        likely_reasons=_in_one_go(_likely(every, "why", likely_reason, remarks), every, "why", remarks),
        likely_goals=_likely(every, "goal", likely_goal, goals),
    )


LIKELY_FROM = -2.5
"""Log-odds from which on words alone make a fact: a chance of .08 and, of deals left out of the fit, right in about .1 at that. It is
low because the ledger, which knows where in the deal it was said, keeps only the likeliest."""


UNWEIGHED = -1.0
"""Log-odds of what a phrase tells, where nothing else speaks for or against it: about one in three is right."""


def _whole(made: Sequence[tuple[Statement, PromiseSaid | None]]) -> list[tuple[Statement, PromiseSaid | None]]:
    """`We aim for May. It's a target, not carved into anything.` is one promise: what only sounds like one belongs to the one beside it."""
    only = [one is not None and only_sounds(each) for each, one in made]

    def beside(at: int) -> bool:
        same_turn = ((at - 1, made[at][0].before), (at + 1, made[at][0].after))
        return any(words and 0 <= i < len(made) and made[i][1] is not None and not only[i] for i, words in same_turn)

    return [(each, None if only[at] and beside(at) else one) for at, (each, one) in enumerate(made)]


def _once(made: Sequence[tuple[Statement, PromiseSaid | None]]) -> list[tuple[Statement, PromiseSaid | None]]:
    """`We send two people. That's on us.` is one promise: of two whose words lie one within the other the longer one stands."""
    whole = [one for _, one in made if one is not None]

    def is_part(one: PromiseSaid) -> bool:
        return any(
            other is not one and other.strength == one.strength and other.at.span.start <= one.at.span.start
            and one.at.span.end <= other.at.span.end and len(other.text) > len(one.text)
            for other in whole
        )  # fmt: skip

    return [(each, None if one is not None and is_part(one) else one) for each, one in made]


Fact = TypeVar("Fact")


Weighed = TypeVar("Weighed", RiskSaid, Remark, GoalSaid)
Told = TypeVar("Told", RiskSaid, Remark)
Odds = Mapping[Sort, float]


def _weighed(said: Sequence[tuple[Statement, Odds]], sort: Sort, read: Callable[[Statement], Weighed | None]) -> tuple[Weighed, ...]:
    """What phrases tell, with how likely it is by its words; of what others than the customer say their words were never weighed."""
    return tuple(
        replace(one, likeness=odds[sort] if says_of_them(each) else UNWEIGHED) for each, odds in said if (one := read(each)) is not None
    )


def _likely(
    said: Sequence[tuple[Statement, Odds]], sort: Sort, read: Callable[[Statement, float], Weighed | None], known: Sequence[Weighed]
) -> tuple[Weighed, ...]:
    """What words alone tell, of the sentences of which no phrase has made such a fact."""
    taken = {one.at.span for one in known}
    new = [(each, odds[sort]) for each, odds in said if odds[sort] >= LIKELY_FROM and each.span not in taken]
    return tuple(one for each, odds in new if (one := read(each, odds)) is not None)


def _in_one_go(likely: Sequence[Told], every: Sequence[tuple[Statement, Odds]], sort: Sort, known: Sequence[Told]) -> tuple[Told, ...]:
    """Each with the words it is told in."""
    said, odds = [each for each, _ in every], [each[sort] for _, each in every]
    by_span = {each.span: place for place, each in enumerate(said)}
    taken = {one.at.span for one in known}
    found = [(one, in_one_go(said, odds, by_span[one.at.span], taken)) for one in likely]
    return tuple(replace(one, at=at, text=" ".join(at.text.split())) for one, at in found)


def _found(said: Sequence[Statement], read: Callable[[Statement], Fact | None]) -> tuple[Fact, ...]:
    return tuple(one for each in said if (one := read(each)) is not None)


def stamp(interaction: StoredInteraction, colleagues: Collection[str]) -> str:
    """Of all that a reading depends on: the words, who said them and on which side they are, and the reader itself."""
    people = {turn.person.id: turn.person for turn in interaction.turns if turn.person} | {p.id: p for p in interaction.participants}
    folded = interaction.text.casefold()
    source = interaction.source
    told = [
        reader_version(),
        source.text_sha256, source.title, source.kind, source.internal, source.occurred_on and source.occurred_on.isoformat(),
        [(turn.role, turn.span, turn.person.id if turn.person else "", turn.heading) for turn in interaction.turns],
        [(p.id, p.name, p.email, p.title, p.side) for p in people.values()],
        sorted(name for name in colleagues if name in folded),
    ]  # fmt: skip
    return hashlib.sha256(json.dumps(told, ensure_ascii=False).encode("utf-8", "replace")).hexdigest()[:32]


@cache
def reader_version() -> str:
    """Of the grammar itself: whatever changes in this package, what it read before is read again."""
    package = Path(__file__).parent
    return _hash_of([*sorted(package.glob("*")), package.parent / "instructions.py"])


def _hash_of(files: Sequence[Path]) -> str:
    digest = hashlib.sha256()
    for file in files:
        if file.is_file():
            digest.update(file.name.encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()[:16]
