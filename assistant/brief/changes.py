"""What changed in a deal, as the steps it went through: promises replaced, taken back or given after a doubt, and whom to talk to."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date

from assistant.answers import Change, Step
from assistant.brief.gaps.talk import Talk
from assistant.facts.people import PersonSeen
from assistant.facts.speech import Place, Statement
from assistant.facts.topics import content_words
from assistant.ledger import Ledger
from assistant.promise import Promise
from assistant.succession import without_days
from ingest.archive.rows import StoredPerson

Cite = Callable[[Iterable[Place]], tuple[str, ...]]


def changes(ledger: Ledger, talk: Talk, cite: Cite) -> tuple[Change, ...]:
    return (*_promises(ledger, talk, cite), *_handovers(ledger.people, talk, cite))


def _promises(ledger: Ledger, talk: Talk, cite: Cite) -> Iterator[Change]:
    replaced = {one.supersedes for one in ledger.promises if one.supersedes}
    for last in ledger.promises:
        if last.id in replaced:
            continue
        chain = ledger.chain(last)
        doubt = _doubt(last, talk) if len(chain) == 1 else None
        if len(chain) == 1 and last.strength != "retracted" and doubt is None:
            continue
        steps = [Step(_day(doubt.said_on), " ".join(doubt.text.split()), cite([doubt.place]), True)] if doubt else []
        steps += [Step(_day(one.made_on), one.text, cite(one.places), not one.current) for one in chain]
        steps += [_said(place, cite) for place in _after(last, talk)]
        if len(chain) > 1 and last.current and last.verdict.status == "contradicted" and last.verdict.clause:
            steps.append(_said(last.verdict.clause.at, cite))
        yield Change(f"{last.kind} promise of {last.made_by.name or last.made_by.email}", tuple(steps))


def _after(last: Promise, talk: Talk) -> Iterator[Place]:
    """The words that took it back with what holds instead; else those that say how far the last position goes."""
    if last.strength == "retracted":
        yield last.places[-1]
        if last.instead:
            yield last.instead
    elif last.current and (bound := _bound(last.places[0], talk)) is not None:
        yield bound


def _said(place: Place, cite: Cite) -> Step:
    return Step(_day(place.interaction.source.occurred_on), " ".join(place.text.split()), cite([place]), False)


# --- how far it goes

WITHIN = 4
"""Sentences behind a promise, in its own turn, in which it may be bounded."""
_BOUNDS = re.compile(
    r"^\W*(?:(?:and|but|so) )?(?:those|these|that|this|it)\b.{0,40}\b(?:is|are|will be)\b.{0,20}"
    r"\b(?:all(?! (?:right|good|fine|set|clear)\b)|everything|the (?:whole|limit|only)|only|nothing (?:else|more)|no more)\b",
    re.IGNORECASE,
)
"""`Those two are all of phase one.`, `That is everything before Easter.`"""


def _bound(place: Place, talk: Talk) -> Place | None:
    said = [each for each in talk.said if each.interaction.source.id == place.interaction.source.id]
    own = next((each for each in said if each.span.start <= place.span.start < each.span.end), None)
    behind = [each for each in said if own is not None and each.turn.position == own.turn.position and each.span.start >= place.span.end]
    return next((each.place for each in behind[:WITHIN] if _BOUNDS.search(each.text) and not each.text.rstrip().endswith("?")), None)


# --- promised after a doubt

_DOUBTS = re.compile(
    r"\b(?:do not|don't|can't|cannot) (?:think|believe|see)\b.{0,60}"
    r"\b(?:let|allow|agree|approve|accept|manage|able|can|could|will|would|'ll)\b"
    r"|\b(?:doubt|not sure|unsure|can't say|cannot say|don't know|do not know)\b.{0,12}\b(?:if|whether|that|we|they|I|it)\b"
    r"|\b(?:unlikely|probably not|rather not|more likely no)\b",
    re.IGNORECASE,
)
"""`I don't think they'll let me`: no refusal yet, and no promise."""
_OF_MIND = content_words(
    "think believe see let allow agree approve accept manage able doubt sure say know likely probably rather ask answer"
)
LEAST_IN_COMMON = 2


def _doubt(promise: Promise, talk: Talk) -> Statement | None:
    """What we said of the same matter in an earlier talk when we did not know yet whether we could; the last such words."""
    if promise.strength not in ("firm", "conditional") or promise.made_on is None:
        return None
    words = _matter(promise.text)
    found = [
        each
        for each in talk.said
        if each.side == "seller"
        and each.to_customer
        and each.said_on is not None
        and each.said_on < promise.made_on
        and _DOUBTS.search(each.text)
        and words & _matter(each.text)
        and len(words & _matter(f"{each.prompt[-240:]} {each.before} {each.text}")) >= LEAST_IN_COMMON
    ]
    return found[-1] if found else None


def _matter(text: str) -> frozenset[str]:
    return content_words(without_days(text)) - _OF_MIND


# --- whom to talk to

_ROLE = (
    r"(?:main contact|(?:day-to-day |project )?lead|(?:exec(?:utive)? )?sponsor|champion|project manager|point of contact|contact person"
    r"|contact)"
)
_IS_NOW = re.compile(
    rf"(?:'s| is| will be| becomes?| became)? ?(?:now|from now on|as of \w+(?: \w+)?)?,? ?(?:the|our|your|their|my)? ?(?:new )?{_ROLE}\b",
    re.IGNORECASE,
)
"""What follows the name of who comes: `Arjun is now main contact`."""
_TAKES_OVER = re.compile(
    r",? (?:has |have |is |will )?(?:taken|takes?|taking|took) over\b"
    r"|,? (?:is |will be )?(?:replac(?:es?|ing)|succeed(?:s|ing)?|steps? in for)\b",
    re.IGNORECASE,
)
_I_TOOK_OVER = re.compile(
    r"\bI(?:'ve| have|'m| am|'ll| will)? (?:taken|take|taking|took) over\b|\bI(?:'m| am) (?:now )?replacing\b", re.IGNORECASE
)
_GOES = re.compile(
    r"(?:'s| is| has)? ?(?:left|leaving|gone|retir\w+|moved on|no longer|off (?:the|this) project|on (?:parental|maternity|sick) leave)\b",
    re.IGNORECASE,
)
_AFTER_FROM = re.compile(r"\b(?:from|for|of|replac\w+|succeed\w*|instead of)\s+(?:our |my )?(?:colleague )?$", re.IGNORECASE)


def _handovers(people: Sequence[PersonSeen], talk: Talk, cite: Cite) -> Iterator[Change]:
    """Where a sentence or its neighbour names who goes and who comes: their first words on record, and the words that say so."""
    named = _called([one.person for one in people])
    told: set[tuple[str, str]] = set()
    for statement in talk.said:
        pair = _handover(statement, named)
        if pair is None or pair in told:
            continue
        told.add(pair)
        goes, comes = (next(one.person for one in people if one.person.id == id) for id in pair)
        first = _first_named(goes, named[goes.id], talk)
        if first is None or first.interaction.source.id == statement.interaction.source.id:
            continue
        now = Step(_day(statement.said_on), " ".join(statement.text.split()), cite([statement.place]), False)
        then = Step(_day(first.said_on), " ".join(first.text.split()), cite([first.place]), True)
        yield Change(f"{comes.name} in place of {goes.name}", (then, now))


def _handover(statement: Statement, named: dict[str, list[str]]) -> tuple[str, str] | None:
    """(who goes, who comes) by id, where this sentence says who comes."""
    comes = next(
        (id for id, names in named.items() if _follows(names, statement.text, _IS_NOW) or _follows(names, statement.text, _TAKES_OVER)),
        None,
    )
    if comes is None and _I_TOOK_OVER.search(statement.text) and statement.turn.person and statement.turn.person.id in named:
        comes = statement.turn.person.id
    if comes is None:
        return None
    around = f"{_turn_before(statement)} {statement.text}"
    goes = next(
        (id for id, names in named.items() if id != comes and (_follows(names, around, _GOES) or _stands_behind(names, statement.text))),
        None,
    )
    return (goes, comes) if goes else None


def _turn_before(statement: Statement) -> str:
    return statement.interaction.text[statement.turn.span.start : statement.span.start]


def _follows(names: Sequence[str], text: str, pattern: re.Pattern[str]) -> bool:
    """Whether right behind one of the names stands what the pattern begins with."""
    return any(pattern.match(text, m.end()) for name in names for m in re.finditer(rf"\b{re.escape(name)}\b", text))


def _stands_behind(names: Sequence[str], text: str) -> bool:
    """`takes over from Greg Tanner`."""
    return any(_AFTER_FROM.search(text[: m.start()]) for name in names for m in re.finditer(rf"\b{re.escape(name)}\b", text))


def _called(people: Sequence[StoredPerson]) -> dict[str, list[str]]:
    """By the whole name, and by a first name that nobody else has."""
    firsts = [person.name.partition(" ")[0] for person in people]
    return {
        person.id: [person.name, *([first] if first != person.name and len(first) > 2 and firsts.count(first) == 1 else [])]
        for person in people
        if person.name and (first := person.name.partition(" ")[0])
    }


def _first_named(person: StoredPerson, names: Sequence[str], talk: Talk) -> Statement | None:
    """The first sentence that names them in full, else their own first words."""
    whole = re.compile(rf"\b{re.escape(names[0])}\b")
    return next(
        (each for each in talk.said if whole.search(each.text) or (each.turn.person is not None and each.turn.person.id == person.id)), None
    )


def _day(on: date | None) -> str:
    return on.isoformat() if on else ""
