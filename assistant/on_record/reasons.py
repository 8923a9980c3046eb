"""`Why did they buy?`, `Why us?`, `How was it decided?`: the customer's own words on what drove them and what decided."""

from __future__ import annotations

import re

from assistant.facts.figures import figures
from assistant.facts.speech import Place
from assistant.facts.topics import content_words
from assistant.ledger import Ledger
from assistant.on_record.surest import sureness

_PAINS = r"(?:reasons?|pains?|pain points?|problems?)"
_WHY = re.compile(
    r"^\W*(?:(?:and|so|but) )?(?:why (?:did|do|are|were|have|would) (?:they|the customer|the client)"
    r" (?:buy\w*|bought|purchas\w+|sign\w*|come to us|call us|reach out|start looking|need\w*|want(?:ed)?|look\w*|chang\w+|switch\w*)"
    r"(?: (?:it|this|us|from us|a change|something|anything|with us|now|at all|in the first place|the product|our product))*"
    r"|what (?:made|drove|pushed|brought) (?:them|the customer) (?:to )?(?:buy|purchase|sign|us|look|change)"
    r"(?: (?:it|this|us|from us|now))*"
    rf"|what(?:[’']s| is| was| were| are) (?:the|their) (?:main |biggest |business |real |underlying )?{_PAINS}"
    r"(?: (?:for buying|to buy|they bought|behind it|they had|(?:that )?they (?:want|have|had|wanted)(?: us to)?(?: solved?| fixe?d?)?))?"
    rf"|what {_PAINS} (?:do|did|does|are|were) (?:they|we) (?:have|had|want(?:ed)? (?:to )?solved?|trying to solve|solv(?:e|ing))"
    r"(?: for them)?"
    r"|what are they (?:struggling|unhappy) with)\W*$",
    re.IGNORECASE,
)
_CHOSEN = re.compile(
    r"^\W*(?:(?:and|so|but) )?(?:why us|why did (?:they|the customer|the client) (?:choose|chose|pick|prefer|go with|select"
    r"|decide (?:for|on)|buy from|sign with) (?:us|our \w+)"
    r"(?: (?:over|and not|instead of|rather than) [\w ]{2,40})?"
    r"|why did we win(?: (?:it|this|the deal))?|how (?:did they|was it|did the customer|was this|was the deal) (?:decide[d]?|won|choose)"
    r"(?: (?:on us|it|in the end))?|what decided (?:it|the deal)|what tipped (?:it|the balance))\W*$",
    re.IGNORECASE,
)
_COMPARES = re.compile(
    r"\b(?:because|cheaper|dearer|better|faster|only ones?|instead of|rather than|compared (?:to|with)|could not"
    r"|couldn[’']t|did not|didn[’']t|why (?:it was )?you|what (?:tipped|convinced|made the difference|settled)|the reason)\b",
    re.IGNORECASE,
)
"""A reason or a comparison; that somebody signs decides and gives no reason."""
_OF_US = re.compile(r"\b(?:you|yours?)\b", re.IGNORECASE)
_SURE = -1.0
"""Log-odds from which on words alone tell why it was us: few sentences compare, and hardly one by chance says why they bought."""
_LITTLE, _MUCH = 4, 14
"""Content words below which a sentence pictures nothing, and above which more make it no better."""


def reasons_asked(question: str, ledger: Ledger) -> list[Place] | None:
    """Places of the reasons asked for, the surest first; None where the question asks for none."""
    if _WHY.match(question):
        told = (*(one for one in ledger.remarks if one.topic == "why"), *ledger.likely_reasons)
        said = [one for one in told if len(content_words(one.text)) >= _LITTLE]
        return [one.at for one in sorted(said, key=sureness, reverse=True)]
    if _CHOSEN.match(question):
        said = [one for one in ledger.remarks if _COMPARES.search(one.text) if one.topic == "decision" or _OF_US.search(one.text)]
        likely = [one for one in ledger.likely_reasons if one.likeness >= _SURE and _COMPARES.search(one.text) and _OF_US.search(one.text)]
        return [one.at for one in (*sorted(said, key=lambda one: _weight(one.text), reverse=True), *likely)]
    return None


def _weight(text: str) -> tuple[bool, int]:
    return bool(figures(text)), min(len(content_words(text)), _MUCH)
