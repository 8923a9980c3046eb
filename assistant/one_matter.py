"""How much a clause of the signed paper is about the matter of a promise, as numbers of which each speaks for it.

Words and their meaning, what the sentence answers, amounts and days that both name. A promise that says nothing by itself (`Yeah, we can
do that`) promises what it was asked for.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence

from assistant.facts.nearness import LARGE, matters
from assistant.facts.paper import Clause
from assistant.facts.promises import PromiseSaid
from assistant.facts.slots import Slots, slots, values_of
from assistant.facts.topics import concepts, content_words
from assistant.meaning import Meaning, Near, setting

ABOUT = (
    "there", "back", "whole", "setting", "setting's words", "setting's matter", "shared", "heading", "concept", "matter", "value",
    "very day", "large sum", "nearest", "goes live",
)  # fmt: skip
MOST_SHARED = 6.0
"""Rarity-weighted words in common from which on more of them say no more."""
SAYS_LITTLE = 3
"""Content words up to which the setting of a promise counts in full."""
SAYS_NOTHING = 2
"""Content words up to which a promise without a figure is what it answers."""

_UNTIL_SIGNED = re.compile(
    r"\b(?:if|provided|once|when|as long as)\b[^.;]{0,30}\b(?:signature|signed?|countersigned)\b"
    r"(?:[^.;,]{0,30}\b(?:by|before|until|on)\b[^.;,]{0,40}(?:, \w+ \d+)?)?"
    r"|\b(?:signature|sign(?:ed)?|ink|countersigned|order(?:ed)?|purchase order)\b[^.;,]{0,20}"
    r"\b(?:by|before|until|no later than|on or before)\b[^.;,]{0,40}"
    r"|\b(?:stays?|stands?|holds?|is|are|good|valid|open)\b[^.;]{0,40}\b(?:on the table|until|till|through|to the close)\b[^.;,]*",
    re.IGNORECASE,
)
"""How long an offer stands, which is over once there is a paper."""
_GOES_LIVE = re.compile(
    r"\b(?:go(?:es|ing)?[- ]live|live|roll(?:ed|ing)?[- ]?out|deploy\w*|launch\w*|cut-?over|in(?:to)? (?:service|operation|production)"
    r"|production date|put into|operation|pilot|up and running|running|switch(?:ed)? (?:on|over)|turns? on|opens?|go over|are over|on it"
    r"|sorting|counting|settled)\b",
    re.IGNORECASE,
)
_OF_THE_TERM = re.compile(r"\b(?:term|subscription|agreement|contract|renew\w*|signed|invoic\w+)\b", re.IGNORECASE)


def is_bare(said: PromiseSaid) -> bool:
    little = len(content_words(said.text)) <= SAYS_NOTHING and said.topic != said.text
    return little and not values_of(slots(said.text, said.made_on))


def undertaken(said: PromiseSaid) -> str:
    """What is promised, in whoever's words."""
    return said.topic if is_bare(said) else _UNTIL_SIGNED.sub(" ", said.text)


def is_about_going_live(said: PromiseSaid) -> bool:
    return said.kind == "timeline" or _GOES_LIVE.search(said.text) is not None


def plans_going_live(clause: Clause) -> bool:
    return _GOES_LIVE.search(f"{clause.heading}. {clause.text}") is not None


def meet_on_a_day(said: PromiseSaid, clause: Clause, mine: Slots, theirs: Slots) -> bool:
    """A term that happens to begin on the day something was promised for is another matter."""
    return bool(mine.days & theirs.days) and (not _OF_THE_TERM.search(clause.text) or _OF_THE_TERM.search(said.topic) is not None)


def meet_in_a_large_sum(mine: Slots, theirs: Slots) -> bool:
    return any(value >= LARGE for value in (mine.sums | mine.bare) & theirs.sums)


def about(said: PromiseSaid, paper: Sequence[Clause], near: Sequence[Near], meaning: Meaning) -> list[tuple[float, ...]]:
    """In the order of `ABOUT`, of every clause; `near` is how near each is to the promise's own words."""
    around = meaning.near(setting(said.at), [clause.at for clause in paper])
    own, behind = content_words(said.text), content_words(said.topic)
    counts = Counter(word for clause in paper for word in clause.words | content_words(clause.heading))
    rare = {word: math.log(1 + len(paper) / count) for word, count in counts.items()}
    little = min(1.0, SAYS_LITTLE / (1 + len(own)))
    promised = undertaken(said)
    mine, named = slots(promised, said.made_on), concepts(promised)
    matter, wider = matters(promised), matters(said.topic)
    most = max((one.there + one.back for one in near), default=0.0)
    live = is_about_going_live(said)
    found: list[tuple[float, ...]] = []
    for clause, one, setting_ in zip(paper, near, around, strict=True):
        theirs, of_it = slots(clause.text, said.made_on), matters(f"{clause.heading}. {clause.text}")
        shared, further = (sum(rare[word] for word in words & clause.words) for words in (own, behind - own))
        found.append((
            one.there, one.back, one.whole,
            setting_.back * little, little * min(further, MOST_SHARED) / MOST_SHARED, float(bool((wider - matter) & of_it)),
            min(shared, MOST_SHARED) / MOST_SHARED, float(bool(own & content_words(clause.heading))),
            float(bool(named & clause.concepts)), min(2, len(matter & of_it)) / 2,
            float(bool(values_of(mine) & values_of(theirs))), float(meet_on_a_day(said, clause, mine, theirs)),
            float(meet_in_a_large_sum(mine, theirs)),
            float(0.0 < most == one.there + one.back),
            float(live and bool(theirs.days) and plans_going_live(clause)),
        ))  # fmt: skip
    return found
