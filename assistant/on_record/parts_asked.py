"""`Who signs the cheque?`, `Whose nod could kill it?`, `Whom do I call day to day?`, `Is our sponsor still there?`: by their part.

Questions for a part are put in many words, and the ledger has weighed who plays which. The words that come nearest to the part are given,
of who plays it first; where nobody does, search answers as ever.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.facts.people import PersonSeen
from assistant.facts.role_choice import chances
from assistant.facts.speech import Place
from assistant.ledger import Ledger
from assistant.words import plain

_WHO = re.compile(r"^\W*(?:(?:and|so|but|then|ok|okay) )?(?:[\w ]{2,30}, )?(?:who|whom|whose|which of)\b", re.IGNORECASE)
_PARTS: tuple[tuple[tuple[str, ...], str], ...] = (
    (
        ("blocker", "sceptic"),
        r"\b(?:against (?:it|us|this)|scepti\w+|skepti\w+|doubts?|(?:not|least|isn[’']t|wasn[’']t) (?:convinced|sold|keen|happy)"
        r"|oppos\w+|resist\w*|blockers?|(?:block(?:s|ed|ing)?|stop) (?:it|this|us|the (?:deal|project|purchase|roll-?out))|kill(?:ed)?|sink"
        r"|veto\w*|derail\w*|torpedo\w*|hostile|"
        r"needs? winning over|win over|dig in)\b",
    ),
    (
        ("economic buyer",),
        r"\b(?:sign off|signature|cheque|check ?book|purse(?: ?strings)?|budget|money|funds|(?:final|last) (?:say|word))\b"
        r"|\b(?:signs?|pays)(?=\W*$| (?:it|this|us|for (?:it|this|us)|on|there|the (?:deal|contract|order|papers?|agreement))\b)",
    ),
    (("economic buyer", "exec sponsor", "blocker"), r"\b(?:has|have|had|needs?|must) (?:to )?(?:say yes|agree|approve|nod)\b"),
    (
        ("day-to-day lead",),
        r"\b(?:daily|day[- ]to[- ]day|every ?day|everyday)\b|\b(?:call|contact|ring|talk to|turn to|reach)\b.*\b"
        r"(?:launch|go[- ]live|roll-?out)\b",
    ),
    (
        ("champion",),
        r"\b(?:(?:is|are|was|were|stands?|stood) (?:\w+ )?on our side|behind (?:us|it)"
        r"|push(?:ed|es|ing)? (?:for )?(?:it|us|this)|fought for|fights? for"
        r"|biggest (?:fan|supporter|ally)|in our corner|champion(?:s|ed|ing)? (?:it|us|this))\b",
    ),
    (
        ("user lead", "blocker", "sceptic"),
        r"\bwhose (?:opinion|word|nod|view|voice|blessing|vote)\b",
    ),
)  # fmt: skip
_BY_PART = tuple((roles, re.compile(words, re.IGNORECASE)) for roles, words in _PARTS)
_GONE = re.compile(
    r"\b(?:no longer (?:there|here|with|at|around)|(?:has|have|had) (?:left|gone)|gone quiet|still (?:there|here|around|our|with)"
    r"|staying put|(?:going|goes|go) on (?:[a-z]+ )?leave|last day|(?:is|are) leaving|moved on"
    r"|what (?:happened|became) (?:to|of))\b|\bwho left\b",
    re.IGNORECASE,
)
_OF_PEOPLE = re.compile(
    r"\b(?:contacts?|sponsors?|champions?|backers?|supporters?|friends?|allies|ally|vp|manager|director|lead|head|chief|cfo|ceo|coo|cto|cio"
    r"|buyers?|person|people|who|him|her)\b",
    re.IGNORECASE,
)
_NO_PART = frozenset("of the and head lead manager director chief senior deputy".split())
"""Words of titles that many have, and things as well: the head count, the lead import."""
_WHOEVER = re.compile(r"\bwho (?:has |have |is |are )?(?:left|leaving|gone)\b|\bcontacts?\b|\b(?:him|her)\b", re.IGNORECASE)
_EARLIER = re.compile(r"\b(?:sponsors?|champions?|backers?|supporters?|friends?|allies|ally|original|first|early)\b", re.IGNORECASE)
EACH = 2
"""Places of one person."""
PEOPLE = 2


def parts_asked(question: str, ledger: Ledger) -> tuple[Place, ...] | None:
    """None where no part is asked for, or nobody plays it."""
    if _GONE.search(question) and _OF_PEOPLE.search(question):
        return _going(question, ledger.people) or None
    if not _WHO.match(question):
        return None
    asked = (roles for roles, words in _BY_PART if words.search(question))
    return next((found for roles in asked if (found := _playing(roles, ledger.people))), None)


def _playing(roles: Sequence[str], people: Sequence[PersonSeen]) -> tuple[Place, ...]:
    """Each role in its turn, of it who is surest to play it first."""
    sure = {one.person.id: chances(one.traits) for one in people}
    playing = [
        (role, one)
        for role in roles
        for one in sorted(people, key=lambda one: -sure[one.person.id][role])
        if role in one.roles and one.person.side == "buyer"
    ]
    shown: dict[str, PersonSeen] = {one.person.id: one for _, one in playing}
    found = [place for one in list(shown.values())[:PEOPLE] for role in roles if role in one.roles for place in one.shown_as(role)[:EACH]]
    return tuple({(place.interaction.source.id, place.span): place for place in found}.values())


def _going(question: str, people: Sequence[PersonSeen]) -> tuple[Place, ...]:
    """Who is said to leave: whose title or part the question names, else who was our champion."""
    asked = set(plain(question))
    going = [one for one in people if one.going and one.person.side == "buyer"]

    def fits(one: PersonSeen) -> float:
        words = {word for word in (*plain(one.person.title), *(w for role in one.roles for w in plain(role))) if len(word) > 1}
        return len((words & asked) - _NO_PART) + (0.5 if "former champion" in one.roles and _EARLIER.search(question) else 0.0)

    best = max(going, key=fits, default=None)
    return (
        best.going[: EACH + 1]
        if best is not None and (fits(best) or (len(going) == 1 and (_EARLIER.search(question) or _WHOEVER.search(question))))
        else ()
    )
