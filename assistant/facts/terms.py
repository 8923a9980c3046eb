"""Commercial terms in words: price, discount, term, payment, renewal and what else the bargain is made of, offered, asked for or written.

A sentence is one when it names such a matter and settles it: with a figure, or by a word that gives or takes (waived, included, taken
out, cannot be cancelled). Talk about prices in general names the matter and settles nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Literal

from assistant.facts.clauses import DEMO, PLEASANT, SUPPOSED
from assistant.facts.conditions import written_out
from assistant.facts.figures import figures
from assistant.facts.speech import Place, Statement
from ingest.archive.rows import StoredPerson

TermKind = Literal[
    "liability", "renewal", "price hold", "termination", "refund", "credit", "one-time fee", "free period", "discount", "payment", "term",
    "price", "not included",
]  # fmt: skip
TermManner = Literal["written", "offered", "asked", "said"]


@dataclass(frozen=True, slots=True)
class TermSaid:
    """`written`: in a document; `offered`: by us; `asked`: what the customer wants; `said`: by the customer, as a fact. `by` is None for
    a document."""

    kind: TermKind
    manner: TermManner
    text: str
    by: StoredPerson | None
    said_on: date | None
    at: Place


_CUES: tuple[tuple[TermKind, str], ...] = (
    ("liability", r"\bliab(?:ility|le)\b|\buncapped\b|\bindemnif\w+|\bdamages\b"),
    (
        "price hold",
        r"\b(?:hold|lock|freeze|fix|cap)(?:s|ed|ing)? (?:the |that |this |your |it |our )?(?:\w+ )?(?:price|rate|fee)s?\b"
        r"|\b(?:price|rate|fee)s?\b.{0,24}\b(?:locked|held|frozen|fixed|capped|unchanged)\b|\bmay order\b.{0,60}\bat\b"
        r"|\bprice hold\b|\bprice protection\b",
    ),
    ("renewal", r"\b(?:auto-?)?renew(?:s|al|als|ed)?\b"),
    (
        "termination",
        r"\bterminat(?:e|es|ing|ion)\b|\bcancel(?:s|led|ed|lation)?\b|\bwalk away\b|\byou can walk\b|\bnotice period\b"
        r"|\b(?:days|months)'? (?:written )?notice\b|\bopt[ -]out\b|\bexit (?:right|clause)\b|\bmonth[ -]to[ -]month\b",
    ),
    ("refund", r"\brefund\w*|\bmoney back\b"),
    ("credit", r"\bcredit (?:of|for)\b|\b(?:pilot|service) credits?\b|\b(?:off|deducted from) the (?:first )?invoice\b|\bcredited\b"),
    (
        "one-time fee",
        r"\b(?:set-?up|implementation|onboarding|training|migration|installation|activation)(?: \w+)?(?: fee| cost| charge| package)?"
        r"\b(?=.*(?:[$€£]|\bfee\b|\bwaived?\b|\bfixed\b|\bfree\b|\bone-time\b|\bno charge\b))|\bone-(?:time|off)\b.{0,40}\b(?:fee|cost)",
    ),
    ("free period", r"\b(?:first|one|two|three|\d+) (?:months?|weeks?|days?)\b.{0,20}\bfree\b|\bfree (?:month|trial|period|of charge)\b"),
    ("discount", r"\bdiscount\w*|\b(?:%|per ?cent) off\b|\boff (?:the )?list\b|\brebate\b|\b\d+ ?% on\b"),
    (
        "payment",
        r"\binvoiced?\b.{0,40}\b(?:annual|month|quarter|advance|year|start|signature)\w*|\bpayment (?:within|terms?|due)\b|\bnet ?\d+\b"
        r"|\bpayable\b|\b(?:charged|billed|paid) (?:annually|monthly|quarterly|yearly|in advance|upfront|up front|to the card)\b"
        r"|\bcard on file\b|\bpurchase order\b|\bin (?:two|three|four|\d+) instal\w+",
    ),
    (
        "term",
        r"\b(?:initial |contract |subscription )?term\b.{0,30}\b(?:\d+|twelve|twenty|thirty|month|year)"
        r"|\b(?:\d+|twelve|eighteen|twenty-four|thirty-six|forty-eight|sixty)[ -]months?(?:'|[ -](?:term|contract|commitment|deal))?"
        r"(?=.*\b(?:term|contract|commit|sign|deal|per|price|discount|%|off|in for|[$€£])|\W*$)"
        r"|\b(?:one|two|three|four|five|\d)[ -]years? (?:term|contract|deal|commitment)\b",
    ),
    (
        "price",
        r"(?:[$€£]|\b(?:usd|eur|gbp|dollars?|euros?|pounds?|kronor)\b).*\b(?:per|a|an|each|every|annual\w*|month\w*|year\w*|total)\b"
        r"|\b(?:per|a|an) (?:user|seat|site|depot|location|office|head|unit|licen[cs]e|month|year)\b.*(?:[$€£]|\b(?:usd|eur|gbp|dollars?"
        r"|euros?|pounds?)\b)",
    ),
    ("not included", r"\bnot included\b|\bexcluded\b|\bnot part of the (?:price|fee|package|subscription|order)\b|\bcosts? extra\b"),
)
_KINDS = tuple((kind, re.compile(pattern, re.IGNORECASE)) for kind, pattern in _CUES)
_SETTLES = re.compile(
    r"\b(?:waived?|included?|free|no (?:extra |additional )?(?:charge|cost|fee)|take(?:s|n)?\b.{0,30}\bout|remov\w+|drop\w*|lock(?:ed)?"
    r"|hold|freeze"
    r"|fixed|held|capped|uncapped|limited|unlimited|automatic\w*|may not|can ?not|can not|will not|in advance|annually|monthly|quarterly"
    r"|month[ -]to[ -]month|not included|excluded|per cent|percent|terminate|refund)\b|%|[$€£]",
    re.IGNORECASE,
)
_ASKS = re.compile(
    r"\?|\b(?:want|need|require|requires|expect|would like|insist|ask(?:ing)? for|must|shall|looking for|hoping for|can you|could you"
    r"|match)\b",
    re.IGNORECASE,
)
_OTHERS = re.compile(
    r"\b(?:they|he|she|carriers?|competitors?|our (?:bank|landlord|members?|patients?|guests?)|members?|patients?|guests?) (?:charge"
    r"|pay|invoice|bill)"
    r"|\binvoic(?:e|ed|ing) (?:us|detention)\b|\bcharge us\b|\bwe (?:paid|lost|spend)\b|\bmy (?:meeting|call|appointment)\b"
    r"|\bcancel(?:s|led|ed|lation)?\b.{0,40}\b(?:appointments?|visits?|bookings?|slots?|patients?|meetings?|calls?)\b"
    r"|\b(?:appointments?|visits?|bookings?|slots?|patients?)\b.{0,30}\bcancel",
    re.IGNORECASE,
)
SHORTEST, LONGEST = 4, 60


def term(statement: Statement) -> TermSaid | None:
    """Of either side in the customer's hearing, and of any paper; the customer's own dealings with others are none of ours."""
    kind = statement.interaction.source.kind
    if not (statement.to_customer or kind == "doc") or kind == "crm_field" or statement.side not in ("seller", "buyer", "unknown"):
        return None
    text = written_out(statement.text)
    if not SHORTEST <= len(text.split()) <= LONGEST or any(other.search(text) for other in (DEMO, PLEASANT, SUPPOSED, _OTHERS)):
        return None
    which = next((name for name, pattern in _KINDS if pattern.search(text)), None)
    if which is None or not (figures(text) or _SETTLES.search(text)):
        return None
    return None if statement.side == "seller" and text.endswith("?") else term_as_said(statement, which)


def term_as_said(statement: Statement, kind: TermKind) -> TermSaid:
    """One whose kind was found out already."""
    manner = _manner(written_out(statement.text), statement.side, paper=statement.interaction.source.kind == "doc")
    return TermSaid(kind, manner, " ".join(statement.text.split()), statement.turn.person, statement.said_on, statement.place)


def _manner(text: str, side: str, *, paper: bool) -> TermManner:
    if paper:
        return "written"
    if side == "seller":
        return "offered"
    return "asked" if _ASKS.search(text) else "said"
