"""Questions asked on either side: answered on the spot, put off, or passed over; and those never taken up again."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache

from assistant.facts.speech import Place, Statement, statements
from assistant.facts.topics import content_words
from ingest.archive.rows import StoredInteraction, StoredPerson


@dataclass(frozen=True, slots=True)
class QuestionAsked:
    """`answered` and `put_off` are the other side's words to it; neither where nobody took it up in the same talk."""

    text: str
    asked_by: StoredPerson
    asked_on: date | None
    at: Place
    answered: Place | None
    put_off: Place | None
    topic: tuple[str, ...]
    """Stems of what it is about, its own and those of the sentence before it."""


_PUT_OFF = re.compile(
    r"\b(?:I|we)(?:'ll| will|'d| would)(?: have to| need to)? (?:(?:come|get) back|check|find out|ask|look into|let you know|look it up"
    r"|confirm|circle back|run (?:that|it|this) (?:past|by)|take (?:that|it) away|follow up|(?:talk|speak) to (?!you))\b"
    r"|\blet me (?:(?:just )?(?:come back|check|look into|ask|find out|get back|take that|look|dig|see what)|talk to|speak to|run)\b"
    r"|\b(?-i:[A-Z])\w+(?:\'ll| will) (?:tell you|answer|know|have to (?:answer|tell)|come back|get back)\b"
    r"|\b(?:great|good) question\b|\bleave (?:it|that|this)(?: one)? with (?:me|us)\b"
    r"|\bI(?:'d| would|'ll| will)? ?(?:need|have) to (?:look|check|ask|talk|speak|run|find|get|see|circle back|come back)\b"
    r"|\bdon't want to (?:say (?:yes|no)|guess|make (?:it|something) up|promise)\b"
    r"|\bcan't (?:tell|answer) you (?:that )?(?:today|now|off the top)\b|\bhaven't checked\b|\boff the top of my head\b"
    r"|\bI'(?:d|ll) (?:rather )?not guess\b|\bhonestly (?:I )?don't know\b|\bone for (?:my|our) \w+\b|\btakes? me a little longer\b",
    re.IGNORECASE,
)
LEAST_WORDS = 4
"""A shorter question (`Oslo?`) means nothing to who was not there."""
NEAR = 4
"""Turns after a question in which its answer, or that there is none yet, is looked for."""
_ANSWERED_BY = 3
"""Content words a later word of ours must share with the question to count as taking it up again."""


def questions(said: Sequence[Statement]) -> tuple[QuestionAsked, ...]:
    """Of one interaction, in the order asked."""
    return tuple(
        QuestionAsked(
            text=" ".join(asked.text.split()),
            asked_by=asked.turn.person,
            asked_on=asked.said_on,
            at=asked.place,
            answered=_answer(asked, said[index + 1 :]),
            put_off=_put_off(asked, said[index + 1 :]),
            topic=tuple(sorted(content_words(asked.text) | content_words(asked.before))),
        )
        for index, asked in enumerate(said)
        if asked.turn.person and asked.side in ("buyer", "seller") and asked.to_customer and _can_be_answered(asked.text)
    )


def _can_be_answered(text: str) -> bool:
    return text.rstrip().endswith("?") and len(content_words(text)) >= 2 and len(text.split()) >= LEAST_WORDS


def _replies(asked: Statement, following: Sequence[Statement]) -> list[Statement]:
    """What the other side says in the next turns, up to the asker's next question."""
    found: list[Statement] = []
    for other in following:
        if other.turn.position - asked.turn.position > NEAR:
            break
        if other.side == asked.side:
            if other.turn.position != asked.turn.position and _can_be_answered(other.text):
                break
        elif other.turn.person is not None:
            found.append(other)
    return found


def _answer(asked: Statement, following: Sequence[Statement]) -> Place | None:
    replies = _replies(asked, following)
    if any(_PUT_OFF.search(reply.text) for reply in replies):
        return None
    return next((reply.place for reply in replies if not reply.text.rstrip().endswith("?") and len(reply.text.split()) >= 2), None)


def _put_off(asked: Statement, following: Sequence[Statement]) -> Place | None:
    return next((reply.place for reply in _replies(asked, following) if _PUT_OFF.search(reply.text)), None)


def left_open(asked: Sequence[QuestionAsked], interactions: Sequence[StoredInteraction]) -> tuple[QuestionAsked, ...]:
    """The customer's questions that we put off; one that a later mail or call of ours speaks of again is taken as answered."""
    place = {interaction.source.id: index for index, interaction in enumerate(interactions)}

    @cache
    def told(index: int) -> tuple[frozenset[str], ...]:
        """What each of our sentences to the customer is about; each interaction is cut into sentences once for all questions."""
        said = statements(interactions[index])
        return tuple(content_words(one.text) for one in said if one.side == "seller" and one.to_customer)

    def taken_up(one: QuestionAsked) -> bool:
        later = range(place.get(one.at.interaction.source.id, 0) + 1, len(interactions))
        words = frozenset(one.topic)
        return any(len(words & others) >= _ANSWERED_BY for index in later for others in told(index))

    return tuple(one for one in asked if one.asked_by.side == "buyer" and one.put_off is not None and not taken_up(one))
