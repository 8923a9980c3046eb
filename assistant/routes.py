"""How a question wants the history searched: for one place or whole stretches, for what holds now, for whether a thing was ever said.

The rules go by how questions are put, not by what they are about.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from assistant.words import stemmed, terms

_STRETCH = re.compile(
    r"\b(?:summar\w+|overview|recap|outline|discuss\w*|opinions?|attitudes?|views? (?:on|of|about)"
    r"|thoughts? (?:on|about)|th(?:ink|ought) (?:of|about)|concerns?|history of|everything|in general"
    r"|(?:say|said|talk|talked|talking|speaking) (?:about|on)|main points?|pros and cons|benefits?|advantages?|disagree\w*|brainstorm\w*"
    r"|conversations? about|debat\w*|walk (?:me|us) through|presentations? (?:of|on|about)"
    r"|(?:when|while|in) (?:presenting|introducing|debating|reviewing|assessing|evaluating)"
    r"|(?:team|group|committee|board|panel|members|participants|attendees|everyone|everybody)"
    r" (?:think|thought|decide[ds]?|agree[ds]?|determine[ds]?|finalize[ds]?|propose[ds]?|suggest(?:ed|s)?"
    r"|recommend(?:ed|s)?|conclude[ds]?))\b"
    r"|^\W*(?:please |can you |could you )?(?:describe|explain)\b"
    r"|^\W*what(?:\W?s| is| are| was| were)? (?:the )?(?:\w+ ){0,2}?(?:problems|challenges|difficulties|solutions?|decisions?|conclusions?"
    r"|outcomes?|results|suggestions?|proposals|instructions|strateg(?:y|ies)|status|state|future|ideas?|changes)\b"
    r"|^\W*what (?:was|were|had been|has been) (?:suggested|decided|proposed|recommended|concluded|brought up|raised)\b",
    re.I,
)
_OF_TALKING = frozenset(
    map(
        stemmed,
        """
        discuss discussion summarize summarise summary overview recap outline describe explain opinion attitude view thought think feel
        talk mention conversation debate brainstorm conclusion conclude suggest recommend propose agree disagree disagreement decide
        decision determine finalize present presentation introduce team group member meeting detail point main idea brief whole
        perspective
        """.split(),
    )
)
"""Stems of words for talking, which say that a thing was discussed and not which."""
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


def subject(question: str) -> list[str]:
    """The terms of a question about a discussion, without its words for discussing; all of them where nothing else is left."""
    of_all = terms(question)
    return [term for term in of_all if term not in _OF_TALKING] or of_all
