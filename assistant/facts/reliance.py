"""Where the customer leans on what we said: takes it, says it back, or decides, signs and plans because of it.

Which promise is meant is seen by where it stands (the words just before it) and by what it shares with the promise; that is decided
in the ledger, over all interactions.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from assistant.facts.conditions import written_out
from assistant.facts.figures import figures
from assistant.facts.speech import Place, Statement
from ingest.archive.rows import StoredPerson

Reliance = Literal["acknowledged", "restated", "depended_on"]
"""In rising order."""


@dataclass(frozen=True, slots=True)
class RelianceSaid:
    """`topic` is the sentence with the one before it; `follows` is where our turn before it stands, which it may answer."""

    level: Reliance
    text: str
    by: StoredPerson
    said_on: date | None
    at: Place
    topic: str
    follows: Place | None


_DEPENDS = re.compile(
    r"\b(?:that|this|it) is (?:exactly |really |the reason )?why (?:we|i) (?:are |have |will |can |could )?(?:sign\w*|cho(?:se|osing)"
    r"|pick\w*"
    r"|decid\w*|went|going|go|bought|buy\w*|order\w*|commit\w*|cancel\w*|move\w*|agree\w*|say yes|said yes|plan\w*)\b"
    r"|\bthe (?:main |only |real )?reason (?:we|i) (?:are |have |am )?(?:sign\w*|cho(?:se|osing)|pick\w*|decid\w*|bought|buy\w*|going"
    r"|agree\w*|here)\b"
    r"|\b(?:our|the|my|whole|everything\b.{0,20}|go-live|launch|plan|opening|campaign|season|business case|budget|rollout)\b.{0,30}"
    r"\b(?:hinges?|hangs?|rests?|rides?|depends?|relies|is built|stands or falls) (?:on|upon|with)\b"
    r"|\b(?:we|i) (?:are|am|have been|were) (?:\w+ )?(?:counting|relying|banking|depending|planning|building) on\b"
    r"|\b(?:we|i) (?:count|rely|depend|bank) on\b|\b(?:we|i) (?:have )?(?:already )?(?:planned|built|scheduled|booked|staffed"
    r"|budgeted)\b.{0,50}"
    r"\b(?:around|on|for|because|based)\b"
    r"|\b(?:we|i) (?:have )?(?:already )?(?:told|promised|assured|informed|written to) (?:the|my|our) (?:\w+ )?(?:board|ceo|cfo|boss"
    r"|management"
    r"|directors?|members?|staff|teams?|people|customers?|clients?|carriers?|investors?|regulators?|parents|patients|guests)\b"
    r"|\b(?:we|i) (?:would|will|could|can) not (?:have )?(?:sign\w*|bought|buy|order\w*|agree\w*|chosen|done this|do this"
    r"|go ahead)\b.{0,30}"
    r"\b(?:without|if|unless|otherwise)\b|\bwithout (?:that|it|this),? (?:we|i|there|it)\b.{0,20}\b(?:would|will|can|is|do) (?:not|no)\b"
    r"|\b(?:we|i) (?:have )?(?:signed|decided|chose|bought|ordered|cancelled|gave notice|committed)\b.{0,30}\b(?:because|since|based on"
    r"|on the"
    r" strength|on (?:the )?basis|as you|on condition)\b|\b(?:that|this|it) is what (?:we|i) (?:signed|bought|paid) for\b"
    r"|\b(?:a )?deal[ -]?breaker\b|\bonly (?:agreed|accepted|signed|said yes|bought|came|went along"
    r"|approved)\b.{0,24}\b(?:because|for|on)\b"
    r"|\b(?:we|i) (?:have )?(?:already )?(?:sold|let|rented|announced|advertised|printed|hired|invited|closed|dismissed"
    r"|turned down|arranged|moved)\b.{0,60}"
    r"\b(?:because|since|as) (?:you|it|that)\b|\b(?:we|i) (?:have )?(?:already )?(?:told|promised|assured|informed"
    r"|written to) (?:the|my|our|all) [^.]{0,30}\bthat\b"
    r"|\bhangs? on\b|\bwithout (?:that|it|this)\b[^.]{0,10}\b(?:we|i)\b[^.]{0,12}\b(?:not have|never have)\b",
    re.IGNORECASE,
)
_RESTATES = re.compile(
    r"^\W*(?:okay|ok|right|good|so|fine|and|then|just to be clear|to be clear|let me (?:repeat|say that back)"
    r"|if i understand(?: you)?(?: right)?)"
    r"\b[,:]? "
    r"|\bas (?:you|we) (?:said|agreed|promised)\b|\byou (?:have )?(?:said|told us|promised|confirmed|offered|wrote)\b",
    re.IGNORECASE,
)
_TAKES = re.compile(
    r"^\W*(?:(?:okay|ok|well|yes|yeah|right|fine|good|great|perfect|lovely|wonderful|brilliant|super|then|and),? )*(?:that(?: is"
    r"|'s)? (?:all )?(?:i|we) (?:needed|wanted|need|want)"
    r"|that (?:works|is (?:good|fine|great|fair|perfect"
    r"|enough|all i need(?:ed)?|what i (?:need|wanted))|helps|will do)|(?:i|we) can (?:live|work) with (?:that|it|this)|(?:i"
    r"|we) (?:will )?take (?:it|that)"
    r"|agreed|deal\b|perfect|excellent|good enough|fair enough|thank you, that|(?:i am|we are) (?:happy|fine|good|okay) with (?:that|it"
    r"|this)"
    r"|(?:i|we) accept|sold\b|works for (?:me|us)|good to (?:hear|know|have))",
    re.IGNORECASE,
)


def reliance(said: Sequence[Statement]) -> tuple[RelianceSaid, ...]:
    """Of one interaction; only in the customer's own words."""
    found: list[RelianceSaid] = []
    for statement in said:
        person = statement.turn.person
        if person is None or statement.side != "buyer" or not statement.to_customer or statement.interaction.source.kind == "doc":
            continue
        text = written_out(statement.text)
        level = _level(text, opens=not statement.before, question=text.endswith("?"))
        if level is None:
            continue
        if (one := reliance_as_said(statement, level)) is not None:
            found.append(one)
    return tuple(found)


def reliance_as_said(statement: Statement, level: Reliance) -> RelianceSaid | None:
    """Reliance of a level that was found out already; None where nobody is known to have said it."""
    person = statement.turn.person
    if person is None:
        return None
    topic = " ".join(" ".join(part.split()) for part in (statement.before, statement.text) if part)
    text = " ".join(statement.text.split())
    return RelianceSaid(level, text, person, statement.said_on, statement.place, topic, _ours_before(statement))


def _level(text: str, *, opens: bool, question: bool) -> Reliance | None:
    if _DEPENDS.search(text) and not question:
        return "depended_on"
    if _RESTATES.search(text) and figures(text) and not question:
        return "restated"
    return "acknowledged" if opens and _TAKES.search(text) and not question else None


def _ours_before(statement: Statement) -> Place | None:
    """Our own turn right before this one, which it answers."""
    turns, position = statement.interaction.turns, statement.turn.position
    before = turns[position - 1] if 0 < position < len(turns) else None
    return Place(statement.interaction, before.span) if before and before.side == "seller" and before.role == "said" else None
