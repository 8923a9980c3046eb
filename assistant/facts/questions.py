"""Questions the customer asked: those answered on the spot, and those put off and never taken up again."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.facts.speech import Place, Statement
from assistant.facts.topics import content_words
from ingest.archive.rows import StoredPerson


@dataclass(frozen=True, slots=True)
class QuestionAsked:
    text: str
    asked_by: StoredPerson
    at: Place
    put_off: Place
    """Our words that put the answer off."""


_PUT_OFF = re.compile(
    r"\b(?:I|we)(?:'ll| will)(?: have to)? (?:come back|get back|check|find out|ask|look into|let you know|look it up"
    r"|confirm)\b"
    r"|\blet me (?:come back|check|look into|ask|find out|get back|take that)\b|\b(?:great|good) question\b"
    r"|\bI(?:'d| would) (?:need|have) to (?:look|check|ask)\b|\bdon't want to say (?:yes|no)\b"
    r"|\bcan't tell you (?:today|now)\b|\bhaven't checked\b",
    re.IGNORECASE,
)
LEAST_WORDS = 4
"""A shorter question (`Oslo?`) means nothing to who was not there."""
_ANSWERED_BY = 3
"""Content words a later word of ours must share with the question to count as taking it up again."""


def left_open(said: Sequence[Statement]) -> tuple[QuestionAsked, ...]:
    """Questions we put off; one that a later mail or call of ours speaks of again is taken as answered."""
    found: list[QuestionAsked] = []
    asked: Statement | None = None
    for index, statement in enumerate(said):
        if statement.side == "buyer":
            if _can_be_answered(statement.text):
                asked = statement
            elif asked is not None and asked.interaction is not statement.interaction:
                asked = None
        elif statement.side == "seller" and asked is not None and asked.interaction is statement.interaction and statement.to_customer:
            near = statement.turn.position - asked.turn.position <= 4
            if near and _PUT_OFF.search(statement.text) and asked.turn.person and not _taken_up(asked, statement, said[index + 1 :]):
                found.append(QuestionAsked(" ".join(asked.text.split()), asked.turn.person, asked.place, statement.place))
                asked = None
    return tuple(found)


def _can_be_answered(text: str) -> bool:
    return text.rstrip().endswith("?") and len(content_words(text)) >= 2 and len(text.split()) >= LEAST_WORDS


def _taken_up(asked: Statement, put_off: Statement, later: Sequence[Statement]) -> bool:
    words = content_words(asked.text) | content_words(asked.before)
    return any(
        other.side == "seller"
        and other.to_customer
        and other.interaction is not put_off.interaction
        and len(words & content_words(other.text)) >= _ANSWERED_BY
        for other in later
    )
