"""`When do they go live?`, `When is the kick-off?`: days on record, what was promised for a day before what was only said of it."""

from __future__ import annotations

import re
from collections.abc import Callable

from assistant.facts.speech import Place
from assistant.facts.topics import concepts, speaks_of
from assistant.ledger import Ledger
from assistant.on_record.matter import in_other_words

_ASKS = re.compile(
    r"^\W*(?:(?:and|so|but|then) )?(?:(?:by |since |from |until )?when"
    r"|(?:on |by |in |during )?(?:what|which) (?:day|date|week|weeks|month))"
    r"(?: exactly)?(?: early| late)?(?: next| this)?(?: year)?\b(?P<rest>[^?]*)",
    re.IGNORECASE,
)
_DATE_OF = re.compile(
    r"^\W*(?:(?:and|so|but|then) )?what(?:[’']s| is| are| was) (?:the|their|our) (?P<rest>[\w’' -]{3,40}?) (?:dates?|day|deadline)\W*$",
    re.I,
)
_SMALL = re.compile(
    r"\b(?:do|does|did|will|would|is|are|was|were|can|could|should|shall|must|has|have|had|be|been|being|it|they|we|you|he|she|i|the|their"
    r"|our|a|an|to|in|on|at|of|for|with|us|them|everything|everybody|planned|supposed|expected|due|happen\w*|take place|scheduled|going)\b",
    re.IGNORECASE,
)


def days_asked(question: str, ledger: Ledger) -> list[Place] | None:
    """Where the day asked for was said, a standing promise first and of equals the latest; None where the question asks for no day."""
    asked = _DATE_OF.match(question) or _ASKS.match(question)
    if asked is None:
        return None
    matter = " ".join(_SMALL.sub(" ", asked["rest"]).split())
    if not matter:
        return None
    return _said_of(matter, ledger, _about) or _said_of(matter, ledger, in_other_words)


def _said_of(matter: str, ledger: Ledger, about: Callable[[str, str], bool]) -> list[Place]:
    promised = [one for one in ledger.promises if one.current and one.due and one.due.on and about(one.text, matter)]
    said = [one for one in ledger.events if about(one.text, matter)]
    latest = sorted(promised, key=lambda one: (one.strength == "firm", str(one.made_on or "")), reverse=True)
    return [*(one.places[-1] for one in latest), *(one.at for one in reversed(said))]


def _about(text: str, matter: str) -> bool:
    named = concepts(matter)
    return speaks_of(text, matter) or bool(named and named <= concepts(text) and len(matter.split()) <= FEW)


FEW = 3
"""Words of a matter that a concept of the trade may stand for."""
