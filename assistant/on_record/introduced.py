"""`Who is Priti?`, `What does she do there?`: the words in which somebody says what they do, or in which others say it of them.

Many people in a history have no title in the CRM; who they are was said once, at the beginning of a call or when they took over.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.facts.speech import Place, whole_sentences
from assistant.room import Room
from assistant.words import plain
from ingest.archive.rows import StoredInteraction, StoredPerson

_WHO = re.compile(
    r"^\W*(?:(?:and|so|but|then) )?(?:who(?:[’']s| is| was) (?P<who>[\w’'. -]{2,40}?)"
    r"|what(?:[’']s| is| was) (?P<whose>[\w. -]{2,40}?)[’']s? (?:role|job|position|title|function|part)"
    r"|what does (?P<does>[\w’'. -]{2,40}?) do|(?:what|which) role does (?P<has>[\w’'. -]{2,40}?) (?:have|play))"
    r"(?: (?:here|there|again|exactly|for (?:them|us)|in (?:this|the deal)|at (?:the customer|work)))*\W*$",
    re.IGNORECASE,
)
_JOB = (
    r"(?:director|manager|lead(?:er)?|head|officer|engineer|architect|counsel|lawyer|procurement|purchasing|chief|c[efit]o|coo|ciso|owner"
    r"|founder|president|vp|controller|accountant|coordinator|supervisor|consultant|administrator|specialist|security|finance|legal)"
)
WORK = _JOB
"""What names somebody's work."""
_OF_ONESELF = re.compile(
    rf"\bI(?:[’']m| am) (?:by the way )?(?:(?:also |now )?(?:the|a|an|in|with|on|head|your|their)\b"
    rf"(?=[^.]*\b(?:{_JOB}|team|department|project)\b)|responsible|in charge)"
    r"|\bI (?:run|lead|head|manage|look after|oversee|handle|own|do all)\b"
    r"|^\W*(?:legal|security|IT|procurement|purchasing|finance|operations) here\b|\bI[’']m .{0,30}\bI (?:run|look after|lead)\b",
    re.IGNORECASE,
)
_OF_OTHERS = re.compile(
    rf"\b{_JOB}\b|\b(?:runs|leads|heads|looks after|covers? for|takes? over|took over|stands? in|is in charge|is responsible"
    r"|is our|is their|is my|owns|signs|decides|day[- ]to[- ]day|goes to|sceptic\w*|champion)\b",
    re.IGNORECASE,
)


def who_asked(question: str) -> str | None:
    """Whom a question asks to be introduced, as it names them; None where it asks something else."""
    asked = _WHO.match(question)
    return next((name for name in asked.groups() if name), None) if asked else None


def introduced(person: StoredPerson, room: Room) -> tuple[Place, ...]:
    """Their own words first, then others', each in the order said."""
    own, others = [], []
    names = {name for name in plain(person.name) if len(name) > 1}
    for place, speaker in _sentences(room):
        if speaker is not None and speaker.id == person.id:
            own += [place] if _OF_ONESELF.search(place.text) and (person.side != "seller" or _opens(person, place)) else []
        elif names & set(plain(place.text)) and _OF_OTHERS.search(place.text) and _near(place.text, names):
            others.append(place)
    return (*own, *others)


_OPENING = 2
"""Turns of ours in a talk in which we say who we are; later `I'm the manager of the branch` is said in showing the product."""


def _opens(person: StoredPerson, place: Place) -> bool:
    turns = [turn for turn in place.interaction.turns if turn.person is not None and turn.person.id == person.id]
    return any(turn.span.start <= place.span.start < turn.span.end for turn in turns[:_OPENING])


_NEAR = 8
"""Words between a name and what is said of it."""


def _near(text: str, names: set[str]) -> bool:
    words = plain(text)
    said = {i for found in _OF_OTHERS.finditer(text) for i in (len(plain(text[: found.start()])),)}
    return any(abs(i - at) <= _NEAR for i, word in enumerate(words) if word in names for at in said)


def by_own_words(pattern: re.Pattern[str], room: Room) -> tuple[Place, ...]:
    """Where somebody on the customer's side says of themselves that they do such work: `I look after information security here.`"""
    return tuple(
        place
        for place, speaker in _sentences(room)
        if speaker is not None and speaker.side == "buyer" and _OF_ONESELF.search(place.text) and pattern.search(place.text)
    )


def said_of_deciding(room: Room) -> tuple[Place, ...]:
    """Where the customer, or a note of ours, says whose money it is and who has to agree."""
    return tuple(
        place
        for place, speaker in _sentences(room)
        if _DECIDING.search(place.text) and (speaker is None or speaker.side != "seller" or place.interaction.source.kind == "crm_note")
    )


_DECIDING = re.compile(
    r"\b(?:holds?|controls?|owns?|has) the (?:money|budget|purse)|\b(?:goes?|has to go|have to go|going) to the board\b"
    r"|\b(?:she|he|[A-Z][a-z]+) (?:signs|decides|approves)\b"
)


def _sentences(room: Room) -> Iterator[tuple[Place, StoredPerson | None]]:
    for interaction in room.interactions.values():
        yield from _of(interaction)


def _of(interaction: StoredInteraction) -> Iterator[tuple[Place, StoredPerson | None]]:
    if interaction.source.kind in ("doc", "crm_field"):
        return
    for turn in interaction.turns:
        if turn.role == "said":
            for span in whole_sentences(interaction.text, turn.span):
                yield Place(interaction, span), turn.person
