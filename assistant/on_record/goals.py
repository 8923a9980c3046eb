"""`What are their goals?`, `How will they measure success?`, `Where do they stand today?`: what the customer wants to reach, from where."""

from __future__ import annotations

import re

from assistant.facts.speech import Place
from assistant.facts.topics import content_words, speaks_of
from assistant.ledger import Ledger
from assistant.on_record.matter import narrowed_to
from assistant.on_record.surest import sureness

_THEY = r"(?:they|the customer|the client|their (?:team|people|side|board))"
_ASKS = re.compile(
    r"^\W*(?:(?:and|so|but) )?(?:(?:what|which)(?: exactly)? (?:is|are|were|was) (?:(?:the|their|the customer's) )?(?:(?:main|biggest|own"
    r"|most important|overall) )*(?:goals?|targets?|objectives?|aims?|kpis?|success (?:criteria|criterion|metrics?|measures?)"
    r"|desired outcomes?)"
    rf"|(?:what|which goals?|which targets?|which outcome) (?:do|did|does) {_THEY} (?:really |actually |most )?"
    r"(?:want to|hope to|need to|aim to|expect to)"
    r" (?:achieve|reach|accomplish|improve|get out of (?:it|this|us))"
    rf"|how (?:do|will|would|did|does) {_THEY} (?:measure|define|judge) (?:success|the success|it|us)"
    rf"|what (?:does|would|will) success (?:look like|mean)(?: (?:to|for) (?:them|{_THEY}))?"
    rf"|what (?:do|did|does) {_THEY} (?:call|consider) (?:a )?success)\b(?P<rest>[^?]*)",
    re.IGNORECASE,
)
_LITTLE = 2
"""Content words below which a goal means nothing to somebody who was not there."""


def goals_asked(question: str, ledger: Ledger) -> list[Place] | None:
    """Places of the goals asked for, the surest first; None where the question asks for none."""
    asked = _ASKS.match(question)
    matter = narrowed_to(asked["rest"]) if asked else None
    if matter is None:
        return None
    about = [one for one in (*ledger.goals, *ledger.likely_goals) if not matter or speaks_of(one.text, matter)]
    said = [one for one in about if len(content_words(one.text)) >= _LITTLE or one.due is not None]
    return [one.at for one in sorted(said, key=sureness, reverse=True)]
