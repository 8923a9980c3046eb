"""How a question wants the history searched: for one place or whole stretches, for what holds now, for whether a thing was ever said.

The rules go by how questions are put, not by what they are about.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_STRETCH = re.compile(
    r"\b(?:summar\w+|overview|recap|outline|discuss\w*|describe\w*|explain\w*|opinions?|attitudes?|views? (?:on|of|about)"
    r"|thoughts? (?:on|about)|th(?:ink|ought) (?:of|about)|fe(?:el|lt) about|concerns?|history of|everything|in general"
    r"|(?:say|said|talk|talked) (?:about|on)|main points?|pros and cons|benefits?|advantages?|disagree\w*|brainstorm\w*"
    r"|conversations? about|debate\w*|walk (?:me|us) through)\b",
    re.I,
)
_NOW = re.compile(
    r"\b(?:now|current(?:ly)?|today|at (?:the moment|present)|still|as (?:it|things) stands?|final(?:ly)?|latest|most recent(?:ly)?|newest"
    r"|in the end|end(?:ed)? up|(?:was|were|is|are|got|been) agreed|settled|in force|valid|up to date|contract\w*|sign(?:ed)?)\b",
    re.I,
)
_EVER = re.compile(
    r"\b(?:ever|at any (?:point|time)|anywhere|at all|never)\b"
    r"|^\W*(?:and |so |but )?(?:did|has|have|had|was|were|is there|are there|do we|does)\b[^?]*"
    r"\b(?:discuss|mention|rais|bring|brought|c[ao]me up|talk|ask|sa(?:y|id)|promis|commit|agree|offer|object|complain)",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Route:
    broad: bool
    """About a whole discussion: answered from stretches of a conversation."""
    now: bool
    """About what holds: of several statements on one thing, what is in the contract and what was said last."""
    ever: bool
    """About whether a thing came up: nothing may be passed over, however large the account."""


def route(question: str) -> Route:
    return Route(
        broad=bool(_STRETCH.search(question)),
        now=bool(_NOW.search(question)),
        ever=bool(_EVER.search(question)),
    )
