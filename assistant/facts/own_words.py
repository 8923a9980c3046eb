"""What somebody's own words in one interaction show of them: that they sign, what they like, doubt and mind."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.facts.speech import Place, Statement
from assistant.facts.topics import content_words
from ingest.archive.rows import StoredPerson

_SIGNS = re.compile(r"\bI(?:'ll)? sign\b(?! in| up| on)|\bI approve\b|\bmy budget\b|\bI sign alone\b", re.IGNORECASE)
_FOR = re.compile(
    r"\bI (?:really )?(?:like|love|trust)\b"
    r"|\b(?:that's|it's|this is) (?:great|huge|beautiful|perfect|amazing|brilliant|exactly|lovely)\b"
    r"|\bvery (?:happy|keen|impressed)\b"
    r"|\bI(?:'ll| will| have|'ve) (?:tell|told|put|show|shown)\b.{0,30}\b(?:board|boss|team)\b"
    r"|\bthat(?:'s| is) reassuring\b|\bthat(?:'d| would) (?:make a difference|be a dream)\b|\bthat I like\b|\b(?:he|she|they"
    r"|that) won me over\b"
    r"|\bI (?:could|can) defend it\b|\bI(?:'ll| will) fight for\b|\bI(?:'m| am) (?:a fan|all for it|with you)\b|\bI(?:'d"
    r"| would) be delighted\b"
    r"|\b(?:amazing|wonderful|can't wait)\b|\bI'm (?:sold|in)\b|\bwe go ahead\b|\blet's do it\b",
    re.IGNORECASE,
)
_AGAINST = re.compile(
    r"\bnot convinced\b|\boutvoted\b|\bI(?:'m| am) not (?:signing|sold|happy|comfortable)\b"
    r"|\bI don't (?:like|believe|trust|want|do)\b|\bisn't a (?:control|plan|answer|date)\b|\bI will think about it\b"
    r"|\bmade me come\b|\b(?:said|promised|told us) that,? too\b|\bis madness\b|\bI(?:'d| would) rather (?:stay|keep|go back|not|we)\b"
    r"|\bfine (?:as it is|the way it is)\b|\bif it ain't broke|\bI(?:'ll| will) believe it when\b|\bnot (?:going to|gonna) (?:work"
    r"|happen)\b"
    r"|\b(?:so|it's a) no\b(?=[.,!]|$)|\bI'll tell you that now\b|\bwaiting for (?:it|this) to fail\b"
    r"|\bnope\b|\bthat's a no\b|\bI hate\b|\bwaste of\b|\btoo (?:expensive|risky|long)\b|\bI've heard that before\b",
    re.IGNORECASE,
)
_CARES = re.compile(
    r"\b(?:I|we) (?:want|need|care about|don't want|will not|mind|worry)\b|\bwhat I care about\b|\bfor me (?:it's|the)\b"
    r"|\bthe (?:main|only) thing\b|\bimportant (?:to|for) (?:me|us)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Heard:
    """What one person's own words in one interaction show of them."""

    person: StoredPerson
    sentences: int
    first: Place | None
    """None where these words were withheld."""
    signs: Place | None
    favour: tuple[Place, ...]
    doubt: tuple[Place, ...]
    cares: Place | None
    telling: int
    """How much `cares` says, so that the most telling sentence of several interactions can be chosen."""
    questions: int = 0


def shows(text: str) -> tuple[str, ...]:
    """Which of `signs`, `favour`, `doubt` and `cares` a sentence of theirs is."""
    kinds = {"signs": _SIGNS, "favour": _FOR, "doubt": _AGAINST, "cares": _CARES}
    return tuple(kind for kind, pattern in kinds.items() if pattern.search(text))


def heard(said: Sequence[Statement]) -> tuple[Heard, ...]:
    """Of one interaction: everybody on the other side who said something in it, in the order they first spoke."""
    words: dict[str, list[Statement]] = {}
    for statement in said:
        if statement.turn.person and statement.side in ("buyer", "partner"):
            words.setdefault(statement.turn.person.id, []).append(statement)
    return tuple(one for own in words.values() if (one := _heard(own)) is not None)


def _heard(own: Sequence[Statement]) -> Heard | None:
    person = own[0].turn.person
    if person is None:
        return None
    cares = max((s for s in own if _tells_what_they_mind(s)), key=_telling, default=None)
    return Heard(
        person=person,
        sentences=len(own),
        first=own[0].place,
        signs=next((s.place for s in own if _SIGNS.search(s.text)), None),
        favour=tuple(s.place for s in own if _FOR.search(s.text)),
        doubt=tuple(s.place for s in own if _AGAINST.search(s.text)),
        cares=cares.place if cares else None,
        telling=_telling(cares) if cares else 0,
        questions=sum(s.text.rstrip().endswith("?") for s in own),
    )


MOST_TELLING = 6
"""Content words from which on a sentence says enough of what its speaker minds; of equals the first said stands."""


def _telling(statement: Statement) -> int:
    return min(len(content_words(statement.text)), MOST_TELLING)


def _tells_what_they_mind(statement: Statement) -> bool:
    return bool(_CARES.search(statement.text)) and 5 <= len(statement.text.split()) <= 30 and not statement.text.rstrip().endswith("?")
