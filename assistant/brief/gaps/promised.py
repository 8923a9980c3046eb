"""What a handoff must ask about promises: denied by the paper, hedged among ourselves, without a day."""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.brief.gaps.matters import Matter
from assistant.brief.gaps.talk import Talk, subjects
from assistant.brief.gaps.wording import name_of, on_day, told
from assistant.brief.paper import day_words, shortened
from assistant.facts.figures import figures
from assistant.facts.paper import clauses
from assistant.facts.speech import Place, Statement
from assistant.facts.topics import concepts
from assistant.ledger import Ledger
from assistant.promise import Promise
from ingest.archive.rows import StoredPerson

NEAR = 0.4
"""Share of a sentence's weight that a clause, or a promise, must hold to speak of the same thing."""
BEARS = 0.3
"""The same for a note of ours, which is short and names its people."""
STANDING = ("firm", "conditional")


def is_denied(one: Promise) -> bool:
    """The paper says otherwise than a promise that still stands."""
    if not one.current or one.strength not in STANDING:
        return False
    return one.verdict.status == "contradicted" or (one.verdict.status == "excluded" and one.strength == "firm")


def about_promises(talk: Talk, ledger: Ledger) -> Iterator[Matter]:
    yield from _denied(talk, ledger)
    yield from _unmet_demands(talk, ledger)
    yield from _undisclosed(talk, ledger)
    yield from _if_missed(talk, ledger)
    yield from _without_a_day(talk, ledger)


def _denied(talk: Talk, ledger: Ledger) -> Iterator[Matter]:
    """One question a clause, whichever promises it denies."""
    by_clause: dict[tuple[str, int], list[Promise]] = {}
    for one in ledger.promises:
        if is_denied(one) and one.verdict.clause:
            at = one.verdict.clause.at
            by_clause.setdefault((at.interaction.source.id, at.span.start), []).append(one)
    for promises in by_clause.values():
        first, clause = promises[0], promises[0].verdict.clause
        assert clause is not None
        told = first.said.made_to
        whom = name_of(told) if told else "the customer"
        yield Matter(
            "denied",
            f"Does {whom} know that the contract says otherwise than we did? We said: “{shortened(first.text, 25)}”",
            f"The signed paper says: “{shortened(clause.text, 25)}”",
            "ae",
            (*(place for one in promises for place in one.places[:1]), clause.at)[:4],
            talk.topic(first.text),
            _index(talk, first.places[-1]),
            first.made_on,
            said=len(promises),
        )


_DEMAND = re.compile(
    r"\b(?:requires?|required|requirement|must|conditions?|insists?|has to be|have to be|no later than|within"
    r"|not acceptable|we need)\b",
    re.IGNORECASE,
)
_TIMES = frozenset({"minute", "hour", "day", "week", "month", "year", "%", "working day", "business day"})
_CONTENT_WITH = re.compile(r"\b(?:accept(?:s|ed|able)?|fine|live with|works for|agreed?|okay|ok|good|thank)\b", re.IGNORECASE)


def _unmet_demands(talk: Talk, ledger: Ledger) -> Iterator[Matter]:
    """What somebody of theirs required in a figure, the paper grants in another, and they have said nothing since."""
    paper = clauses(ledger.contracts)
    for index, said in enumerate(talk.said):
        if said.side != "buyer" or said.turn.person is None or not _DEMAND.search(f"{said.before} {said.text}"):
            continue
        asked = {figure.unit: figure.value for figure in figures(said.text) if figure.unit in _TIMES}
        about = concepts(said.text)
        if not asked or not about or _spoke_again(talk, index, said.turn.person, about):
            continue
        for clause in paper:
            granted = {figure.unit: figure.value for figure in clause.figures if figure.unit in asked}
            shared = subjects(said.text) & subjects(clause.text)
            near = talk.weighed(shared) >= NEAR * talk.weighed(subjects(said.text))
            if about & clause.concepts and near and any(value > asked[unit] for unit, value in granted.items()):
                asked_for = shortened(" ".join(said.text.split()), 25)
                yield Matter(
                    "refused",
                    f"Does {name_of(said.turn.person)} accept what was signed? They asked{on_day(said)}: “{asked_for}”",
                    f"The signed paper says: “{shortened(clause.text, 25)}” They have said nothing of it since.",
                    "ae",
                    (said.place, clause.at),
                    talk.topic(said.text),
                    index,
                    said.said_on,
                )
                break


def _spoke_again(talk: Talk, index: int, person: StoredPerson, about: frozenset[str]) -> bool:
    here = talk.said[index].interaction
    return any(
        other.turn.person is not None and other.turn.person.id == person.id and (about & concepts(f"{other.prompt} {other.text}"))
        for other in talk.said[index + 1 :]
        if other.interaction is not here
    )


_CAVEAT = re.compile(
    r"\b(?:needs?|requires?|only (?:after|if|when|once)|subject to|depends on|pending|waiting (?:for|on))\b(?P<what>[^.;()]*)"
    r"|\b(?:not approved|says? no|no to|not possible|not supported|won't work|cannot|can't do)\b(?P<no>[^.;()]*)",
    re.IGNORECASE,
)


def _undisclosed(talk: Talk, ledger: Ledger) -> Iterator[Matter]:
    """A condition or a refusal that stands in our own notes, bears on a promise we made, and was never said to the customer."""
    standing = [one for one in ledger.promises if one.current and one.strength in STANDING]
    for index, said in enumerate(talk.said):
        if said.to_customer or said.side == "buyer" or said.interaction.source.kind in ("doc", "crm_field"):
            continue
        match = _CAVEAT.search(said.text)
        if not match:
            continue
        what = subjects(match["what"] or match["no"] or "")
        promise = max((one for one in standing if _bears_on(talk, said, one)), key=lambda one: _shared(talk, said, one), default=None)
        if promise is None or len(what) < 2 or _was_told(talk, what, promise):
            continue
        yield Matter(
            "undisclosed",
            f"Was the customer told what our own note says{on_day(said)}: “{shortened(' '.join(said.text.split()), 30)}”?",
            f"It bears on what we promised: “{shortened(promise.text, 25)}” Nothing said to the customer speaks of it.",
            "ae",
            (said.place, promise.places[-1]),
            talk.topic(said.text),
            index,
            said.said_on,
        )


def _bears_on(talk: Talk, said: Statement, one: Promise) -> bool:
    lighter = min(talk.weighed(subjects(said.text)), talk.weighed(subjects(one.text)))
    same = concepts(said.text) & concepts(one.text)
    return bool(same) and len(subjects(said.text) & subjects(one.text)) >= 2 and _shared(talk, said, one) >= BEARS * lighter


def _shared(talk: Talk, said: Statement, one: Promise) -> float:
    return talk.weighed(subjects(said.text) & subjects(one.text))


def _was_told(talk: Talk, what: frozenset[str], promise: Promise) -> bool:
    """Somebody said it to the customer, or the paper does."""
    whole = talk.weighed(what)
    return any(
        (other.to_customer or other.interaction.source.kind == "doc") and talk.weighed(what & subjects(other.text)) >= 0.5 * whole
        for other in talk.said
    )


_REMEDY = re.compile(
    r"\b(?:terminat|refund|credit|penalt|compensat|damages|money back|walk|free of charge|no charge"
    r"|extend)\w*\b[^.?!]*\b(?:live|late|miss|delay|slip|by [A-Z]\w+ \d|in time)"
    r"|\b(?:if|unless|should)\b[^.?!]{0,60}\b(?:not live|late|miss\w*|delay\w*|slip\w*|isn't live)\b[^.?!]*\b(?:terminat"
    r"|refund|credit|penalt|compensat|owe|walk|back)"
    r"|\b(?:free|for nothing|off the (?:bill|price|fee|invoice)|no charge|don't pay|do not pay|pay nothing"
    r"|not be (?:charged|billed|invoiced)|(?:we|I)(?:'ll| will) pay|discount|deduct\w*|knock\w*)\b"
    r"[^.?!]*\b(?:late|delay\w*|slip\w*|miss\w*|overrun\w*|not live|isn't live)\b"
    r"|\b(?:late|delay\w*|slip\w*|miss\w*|overrun\w*|not live|isn't live)\b[^.?!]*\b(?:free|for nothing|off the (?:bill|price|fee|invoice)"
    r"|no charge|don't pay|do not pay|pay nothing|not be (?:charged|billed|invoiced)|(?:we|I)(?:'ll| will) pay|deduct\w*|knock\w*)\b",
    re.IGNORECASE,
)
_GOING_LIVE = re.compile(
    r"\b(?:live|go-live|running|launch\w*|in place|up and running|roll(?:ed)? out|start\w*"
    r"|commit)\b",
    re.IGNORECASE,
)


def _if_missed(talk: Talk, ledger: Ledger) -> Iterator[Matter]:
    """The day to protect, where neither the paper nor a word of ours says what is owed when it passes."""
    dated = [
        one
        for one in ledger.promises
        if one.current and one.strength in STANDING and one.due and one.due.on and one.kind == "timeline" and _GOING_LIVE.search(one.text)
    ]
    if not dated or any(
        _REMEDY.search(" ".join(said.text.split())) for said in talk.said if said.to_customer or said.interaction.source.kind == "doc"
    ):
        return
    first = max(
        dated,
        key=lambda one: (
            bool(re.search(r"\blive\b|\bgo-live\b|\blaunch", one.text, re.IGNORECASE)),
            bool(one.due and re.search(r"\d", one.due.as_said)),
            one.made_on.toordinal() if one.made_on else 0,
        ),
    )
    assert first.due is not None
    assert first.due.on is not None
    yield Matter(
        "if_missed",
        f"What happens, and what is owed, if {day_words(first.due.on.isoformat())} is missed? We said: “{shortened(first.text, 25)}”",
        "Neither the paper nor anything said to the customer tells what follows when the date slips.",
        "ae",
        first.places[-1:],
        talk.topic(f"{first.due.as_said} missed owed"),
        _index(talk, first.places[-1]),
        first.made_on,
    )


_NO_DAY = re.compile(r"\bcan(?:'t|not) (?:give you|name|promise|commit to|swear to) (?:you )?(?:a|an|the|any|one|it)\b", re.IGNORECASE)


def _without_a_day(talk: Talk, ledger: Ledger) -> Iterator[Matter]:
    """What we aim for in time, without a day that we stand by: the last word on each."""
    seen: set[str] = set()
    for one in sorted(ledger.promises, key=lambda one: _says_no_day(talk, one), reverse=True):
        if not one.current or one.strength != "best_effort" or _index(talk, one.places[-1]) < 0:
            continue
        index = _index(talk, one.places[-1])
        said = talk.said[index]
        aims = one.kind == "timeline" or one.due is not None or _NO_DAY.search(said.after)
        if not aims or _firm_since(talk, one, ledger):
            continue
        thought = talk.thought(index)
        aim = str(one.due.on or one.due.as_said.strip(" .,")) if one.due else one.id
        if aim in seen:
            continue
        seen.add(aim)
        yield Matter(
            "no_day",
            f"Which date do we stand by? So far it is an aim, {name_of(one.made_by)}{on_day(said)}: “{told(talk, index)}”",
            "It was aimed for without a firm date, and no later word names one.",
            "internal",
            (thought,),
            talk.topic(thought.text),
            index,
            one.made_on,
            said=len(one.places),
        )


def _firm_since(talk: Talk, aim: Promise, ledger: Ledger) -> bool:
    """A later promise with a date speaks of the same thing."""
    since, about = aim.made_on, subjects(aim.text)
    for one in ledger.promises:
        dated = one.current and one.strength in STANDING and one.due is not None and one.due.on is not None and one.kind == "timeline"
        if dated and one is not aim and since and one.made_on and one.made_on >= since:
            shared = about & subjects(one.text)
            sooner = (
                aim.due is not None
                and aim.due.on is not None
                and one.due is not None
                and one.due.on is not None
                and one.due.on <= aim.due.on
            )
            if sooner and one.made_by.id == aim.made_by.id and one.said.made_to == aim.said.made_to:
                return True
            if len(shared) >= 2 and talk.weighed(shared) >= NEAR * talk.weighed(about):
                return True
    return False


def _says_no_day(talk: Talk, one: Promise) -> tuple[bool, str]:
    """`I can't give you a day` behind it, then the latest."""
    index = _index(talk, one.places[-1])
    return index >= 0 and _NO_DAY.search(talk.said[index].after) is not None, str(one.made_on or "")


def _index(talk: Talk, place: Place) -> int:
    """The sentence at a place; -1 where it is none of the talk's."""
    return next(
        (
            i
            for i, said in enumerate(talk.said)
            if said.interaction.source.id == place.interaction.source.id
            and said.span.start < place.span.end
            and place.span.start < said.span.end
        ),
        -1,
    )
