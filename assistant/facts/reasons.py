"""The customer's own words on why they bought, how it was decided, and what they require; one table of phrases each."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from assistant.facts.speech import Place, Statement

Topic = Literal["why", "decision", "requirement"]


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
        r"|\b(?:board|committee|council) (?:has|have|must|will|released|approved|decides)\b|\bshall be decided\b"
        r"|\bwe(?:'ve| have)? (?:decided|chosen|picked)\b|\bcompared (?:to|with)\b|\b(?:was|were) cheaper\b|\bcould not show\b"
        r"|\bcouldn't show\b|\bonly ones who\b|\bis still in it\b",
    ),
    (
        "why",
        r"\b(?:the reason|that's why|which is why)\b|\bstarted after\b|\bwe(?:'ve| have)? (?:lost|been losing|lose)\b"
        r"|\bI(?:'ve| have) lost\b|\bdoesn't (?:talk to|work with|reach)\b"
        r"|\bso (?:every|we all)\b.{0,30}\b(?:excel|spreadsheet|paper|by hand)\b|\b(?:invoic|charg|fin)(?:e|ing|ed) us\b"
        r"|\bwill leave\b"
        r"|\bit takes (?:us |me )?\w+ (?:working )?(?:days|hours|weeks)\b|\bwe build\b.{0,40}\bevery month\b",
    ),
    (
        "requirement",
        r"\bwe (?:need|require|must|do not|don't) (?:expose|allow|use|open|have to|it|the|a|an|single|all|everything)\b"
        r"|\b(?:security|legal|compliance|IT) (?:won't|will not|requires?|needs?|must)\b"
        r"|\bhas to (?:go|be|run|work|come) (?:through|in|with|on|from)\b|\beverything goes through\b"
        r"|\bthat's (?:policy|a policy)\b|\bwe(?:'re| are) on (?:[A-Z]\w+)"
        r"|\b(?:on-prem|on premises|read-only|service account|test (?:client|system))\b|\bno (?:outside|external|vpn) access\b"
        r"|\bI will not take\b",
    ),
)
_TABLE = tuple((topic, re.compile(pattern, re.IGNORECASE)) for topic, pattern in _PHRASES)


def remark(statement: Statement) -> Remark | None:
    text = " ".join(statement.text.replace("’", "'").split())
    if statement.side != "buyer" or statement.interaction.source.kind == "doc" or text.endswith("?") or not 6 <= len(text.split()) <= 45:
        return None
    return next((Remark(topic, " ".join(statement.text.split()), statement.place) for topic, cue in _TABLE if cue.search(text)), None)
