"""What a question is about, by how it is put: a promise of ours, a number they want to reach, a reason, a condition, terms, rivals.

Each is a kind of fact that the ledger holds (`assistant.ledger`), and a passage on which it holds one of that kind is likelier to answer
such a question than one that only sounds like it. The words are general: nothing here knows what a deal is of.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_PROMISE = re.compile(
    r"\b(?:promis\w*|commit\w*|offer\w*|guarantee\w*|agree\w*|(?:did|do|will|can|could|have|had|were|are) we"
    r"|we (?:did|give|gave|tell|told|say|said|let|owe)|(?:was|were) \w+ told|I tell|our side|from us|for nothing|free|included?|get)\b",
    re.IGNORECASE,
)
_GOAL = re.compile(
    r"\b(?:success\w*|targets?|goals?|become|come down|go up|aim\w*|worked|prove|show|check|measure\w*|metrics?|kpis?|numbers?|share"
    r"|know)\b",
    re.IGNORECASE,
)
_REASON = re.compile(r"\bwhy\b|\breasons?\b|\bpushed\b|\b(?:could|can)(?:no|n[’']?)t wait\b|\bcould not wait\b", re.IGNORECASE)
_CONDITION = re.compile(
    r"\b(?:depends?|hangs?|conditions?|provided|must happen|before that|unless|if|needs?|needed|requir\w+|move it|how sure)\b",
    re.IGNORECASE,
)
_TERMS = re.compile(
    r"\b(?:cost\w*|pric\w*|pay\w*|fees?|bill\w*|discount\w*|rate|charg\w+|invoic\w+|money|renew\w*|extend\w*|terminat\w*|cancel\w*|get out"
    r"|leave|walk\w* away|way out|lapse\w*|damages|liab\w+|refund\w*|for nothing|free|contract|agreement|order form|hold)\b",
    re.IGNORECASE,
)
_RIVALS = re.compile(
    r"\b(?:competit\w+|rivals?|bidders?|incumbent|old (?:tool|vendor|system|supplier)|alternatives?|instead of|vendors?|suppliers?"
    r"|us and not|why us|other (?:side|bid\w*|offer))\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class About:
    promise: bool = False
    """What we said we would do, give or allow; or what they get."""
    goal: bool = False
    """What success is, in a figure or in what is then to be seen."""
    reason: bool = False
    condition: bool = False
    terms: bool = False
    """Prices, terms and ways out."""
    rivals: bool = False


NOTHING_ELSE = About()
"""Than what it says."""


def about(question: str) -> About:
    return About(
        promise=bool(_PROMISE.search(question)),
        goal=bool(_GOAL.search(question)),
        reason=bool(_REASON.search(question)),
        condition=bool(_CONDITION.search(question)),
        terms=bool(_TERMS.search(question)),
        rivals=bool(_RIVALS.search(question)),
    )
