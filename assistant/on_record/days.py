"""`When do they go live?`, `When is the kick-off?`: days on record, what was promised for a day before what was only said of it."""

from __future__ import annotations

import re

from assistant.facts.speech import Place
from assistant.facts.topics import concepts, speaks_of
from assistant.ledger import Ledger

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
    promised = [one for one in ledger.promises if one.current and one.due and one.due.on and _about(one.text, matter)]
    said = [one for one in ledger.events if _about(one.text, matter)]
    latest = sorted(promised, key=lambda one: (one.strength == "firm", str(one.made_on or "")), reverse=True)
    return [*(one.places[-1] for one in latest), *(one.at for one in reversed(said))]


def _about(text: str, matter: str) -> bool:
    named = concepts(matter)
    return speaks_of(text, matter) or bool(named and named <= concepts(text) and _says_little_else(matter))


def _says_little_else(matter: str) -> bool:
    """Beside the concept that it names there is at most one other word."""
    return len(matter.split()) <= 3
