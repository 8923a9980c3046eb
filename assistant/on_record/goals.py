"""`What are their goals?`, `How will they measure success?`, `Where do they stand today?`: what the customer wants to reach, from where."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.facts.goals import GoalSaid
from assistant.facts.speech import Place
from assistant.facts.topics import content_words, speaks_of
from assistant.ledger import Ledger
from assistant.on_record.matter import narrowed_to

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
    """Places of the goals asked for, those with a measure and a figure first; None where the question asks for none."""
    asked = _ASKS.match(question)
    matter = narrowed_to(asked["rest"]) if asked else None
    if matter is None:
        return None
    said, likely = _meant(ledger.goals, matter), _meant(ledger.likely_goals, matter)
    best = sorted(said, key=lambda one: (bool(one.target), bool(one.metric), one.due is not None), reverse=True)
    return [one.at for one in (*best, *likely)]


def _meant(goals: Sequence[GoalSaid], matter: str) -> list[GoalSaid]:
    about = [one for one in goals if not matter or speaks_of(one.text, matter)]
    return [one for one in about if len(content_words(one.text)) >= _LITTLE or one.due is not None]
