"""What is said of a promise later: the customer recalls it, says that it is kept, or that it is not there."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Literal

from assistant.facts.conditions import written_out
from assistant.facts.speech import Place, Statement
from ingest.archive.rows import StoredPerson

Sign = Literal["recalled", "kept", "at_risk"]


@dataclass(frozen=True, slots=True)
class WordLater:
    """`topic` is the sentence with those around it: what it speaks of is often said before or behind."""

    sign: Sign
    text: str
    by: StoredPerson
    said_on: date | None
    at: Place
    topic: str


_RECALLS = re.compile(
    r"\b(?:you|your (?:colleague|team|sales \w+|account \w+|people|rep)|(?-i:[A-Z])\w+)(?: all| both| always| clearly| had| have)* "
    r"(?:told|promised|assured|guaranteed|offered|quoted) (?:us|me|my|our|that|it|this|a|the)\b"
    r"|\byou (?:all |both |clearly |had |have )*(?:said|wrote|mentioned|stated|committed)\b"
    r"|\b(?:we|i) (?:were|was|have been|had been|got) (?:promised|told|assured|offered|quoted|guaranteed)\b|\bwas promised\b"
    r"|\b(?:as|like) (?:promised|agreed|discussed|you said)\b|\byour (?:own )?(?:promise|word|commitment)\b|\bwe agreed\b",
    re.IGNORECASE,
)
_IS_KEPT = re.compile(
    r"\b(?:is|are) (?:now |finally |all )?(?:live|done|delivered|installed|switched on|enabled|in place|up and running|finished"
    r"|complete[d]?"
    r"|working)\b(?! on\b)|\b(?:has|have) been (?:\w+ly )?(?:delivered|installed|switched on|enabled|completed|finished|credited|refunded"
    r"|waived|deleted|migrated|imported|trained)\b|\b(?:went|gone) live\b|\b(?:works|working) (?:now|since|fine|as promised)\b",
    re.IGNORECASE,
)
_IS_NOT_THERE = re.compile(
    r"\bstill (?:waiting|missing|no|not|do not|does not|have not|has not|is not|are not)\b|\b(?:never|not) (?:came|come|arrived"
    r"|got|received"
    r"|delivered|happened|there|included|working)\b|\b(?:did|does|do|has|have) not (?:arrive|come|work|happen|get|got|received|been)\w*\b"
    r"|\b(?:were|was|got|been|are being) (?:charged|billed|invoiced)\b|\b(?:is|was|are) (?:nowhere|missing|late|overdue)\b"
    r"|\bnobody (?:came|called|showed|has)\b|\bwhere is\b",
    re.IGNORECASE,
)
_FUTURE = re.compile(r"\b(?:will|would|if|when|once|until|should|going to)\b", re.IGNORECASE)


def word_later(statement: Statement) -> WordLater | None:
    """Of either side in the other's hearing; recalled and at risk only in the customer's own words."""
    person, words = statement.turn.person, written_out(statement.text)
    if person is None or not statement.to_customer or statement.interaction.source.kind in ("doc", "crm_field"):
        return None
    sign = _sign(words, theirs=statement.side == "buyer")
    if sign is None:
        return None
    around = " ".join(" ".join(part.split()) for part in (statement.before, statement.text, statement.after) if part)
    return WordLater(sign, " ".join(statement.text.split()), person, statement.said_on, statement.place, around)


def _sign(words: str, *, theirs: bool) -> Sign | None:
    if theirs and _IS_NOT_THERE.search(words):
        return "at_risk"
    if theirs and _RECALLS.search(words):
        return "recalled"
    if _IS_KEPT.search(words) and not _FUTURE.search(words) and not words.endswith("?") and not re.search(r"\bnot\b", words):
        return "kept"
    return None


def recalls(text: str) -> bool:
    """Whether somebody says what they were told, whatever else they say of it."""
    return _RECALLS.search(written_out(text)) is not None
