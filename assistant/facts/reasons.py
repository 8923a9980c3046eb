"""The customer's own words on why they bought and how it was decided; one table of phrases each."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from assistant.facts.conditions import written_out
from assistant.facts.speech import Place, Statement

Topic = Literal["why", "decision"]


@dataclass(frozen=True, slots=True)
class Remark:
    topic: Topic
    text: str
    at: Place


_PHRASES: tuple[tuple[Topic, str], ...] = (
    # How it is decided comes first: such sentences often hold a reason as well.
    (
        "decision",
        r"\bI sign\b(?! in| up)|\bsigns? (?:alone|too|as well|off)\b|\b(?:has|have) to sign\b"
        r"|\b(?:board|committee|council|trustees|partners) (?:(?:has|have) (?!a |an |the |to )|(?:must|will|has to|have to"
        r"|wants to|needs to) (?:decide|approve"
        r"|release|sign|vote|agree|see|say)|released|approved|decides?|decided|voted)\b|\bshall be decided\b"
        r"|\bwe (?:have )?(?:decided|chosen|picked)\b|\bcompared (?:to|with)\b|(?<!which )\b(?:was|were) cheaper\b"
        r"|\bcould not (?:show|do|match)\b"
        r"|\bonly ones who\b|\bis still in it\b",
    ),
    (
        "why",
        # The words of giving a reason, then pain: work by hand, time and people lost, things that do not work or are about to end.
        r"\b(?:the reason|that is why|which is why|why we (?:are|started|need)|started after)\b"
        r"|\b(?:i|we) (?:have )?(?:also )?(?:lost|been losing|lose|missed|miss|waste|wasted)\b(?! my\b)|\bwill leave\b|\b(?:invoic|charg"
        r"|fin)(?:e|ing|ed) us\b"
        r"|\b(?:does|do|did) not (?:talk to|work with|reach|connect|scale)\b"
        r"|\b(?:by hand|manually|on paper|in excel|spreadsheets?|post-its?|on (?:a|the|our) whiteboards?(?! and)|retype|copy and paste)\b"
        r"|\bit takes (?:us |me |them )?(?:\w+ ){0,2}(?:days|hours|weeks)\b|\bspends? (?:\w+ ){0,3}(?:hours?|days?)\b"
        r"|\bwe build\b.{0,40}\bevery month\b"
        # What sets it off, who walks away, and what will be too late.
        r"|\b(?:this|it|that|they|we|\w+s) (?:all )?(?:started|began) (?:after|when|with|last|this|in)\b|\bcomes? earlier\b"
        r"|\b(?:just|still|only) keeps? (?:the|on)\b|\b(?:per ?cent|%|half|third|quarter|most) of (?:the|our|my|all|them|those)\b.{0,60}"
        r"\b(?:close|leave|quit|cancel|churn|stop|drop|never|do not|does not|are late|fail)\b"
        r"|\bhave told us (?:that )?they (?:will|would|are going to)\b|\b(?:he|she|they) (?:left|quit|went (?:to"
        r"|over to)) (?:us )?(?:for )?(?:a|an|the|another)\b"
        r"|\beither (?:it|that|this|we)\b.{0,30}\bor (?:it|that|this|we|never)\b|\bor (?:it is|it will be|that is) (?:too late"
        r"|pointless|next (?:year|summer))\b"
        r"|\b(?:never had|keeps? (?:breaking|failing|crashing|the old)|breaks every|falls? over)\b"
        r"|\b(?:contract|system|tool|licen[cs]e|support|\w+) (?:ends|runs out|expires|is discontinued"
        r"|is end of life)\b.{0,40}\b(?:january|february|march|april|may|june"
        r"|july|august|september|october|november|december|year|\d)",
    ),
)
_OF_THEIR_PAPERS = re.compile(
    r"\b(?:days?'?|weeks?'?|months?'?) (?:written )?notice\b|\bmonth to month\b|\bevergreen\b|\brenews? (?:by itself"
    r"|automatically)\b|\buntil then\b",
    re.IGNORECASE,
)
"""How they get out of what they have, and what is done meanwhile, is no reason to buy."""
LEAST_WORDS, MOST_WORDS = 5, 45
_TABLE = tuple((topic, re.compile(pattern, re.IGNORECASE)) for topic, pattern in _PHRASES)


def remark(statement: Statement) -> Remark | None:
    text = written_out(statement.text)
    if statement.side != "buyer" or statement.interaction.source.kind == "doc" or not LEAST_WORDS <= len(text.split()) <= MOST_WORDS:
        return None
    if _OF_THEIR_PAPERS.search(text):
        return None
    if text.endswith(("?", ":")):  # A line that ends in a colon only announces what comes.
        return None
    return next((Remark(topic, " ".join(statement.text.split()), statement.place) for topic, cue in _TABLE if cue.search(text)), None)
