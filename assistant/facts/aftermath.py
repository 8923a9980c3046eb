"""What is said of a promise later: the customer recalls it, says that it is kept, or that it is not there."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Literal

from assistant.facts.conditions import written_out
from assistant.facts.recalling import Recall, recall
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
    recall: Recall | None
    """How it goes back to what they were told, whatever else it says."""


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
    theirs = statement.side == "buyer"
    told = recall(statement.text) if theirs else None
    sign = _sign(words, theirs=theirs, recalled=told is not None)
    if sign is None:
        return None
    around = " ".join(" ".join(part.split()) for part in (statement.before, statement.text, statement.after) if part)
    return WordLater(sign, " ".join(statement.text.split()), person, statement.said_on, statement.place, around, told)


def _sign(words: str, *, theirs: bool, recalled: bool) -> Sign | None:
    if theirs and _IS_NOT_THERE.search(words):
        return "at_risk"
    if recalled:
        return "recalled"
    if _IS_KEPT.search(words) and not _FUTURE.search(words) and not words.endswith("?") and not re.search(r"\bnot\b", words):
        return "kept"
    return None
