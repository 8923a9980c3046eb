"""What is given for nothing and what money is taken for, in the words of talk and of paper."""

from __future__ import annotations

import re

from assistant.facts.topics import content_words

FREE = re.compile(
    r"\bfree\b(?! (?:of|from) (?!charge)| text)|\b(?:no|without|not) (?:\w+ )?(?:charge|cost|fee|bill|invoice|cent)s?\b|\bnothing extra\b"
    r"|\b(?:on|at) (?:us|the house|our expense)\b|\bfor nothing\b|\bwaived?\b|\bthrow (?:that|it|this|\w+(?: \w+)?) in\b"
    r"|\b(?:don't|do not|doesn't|does not|won't|never|not) (?:\w+ ){0,2}(?:pay|charge|cost|bill|invoice)\b|\b(?:is|are|it's"
    r"|that's|was) (?:all )?in"
    r"(?: the| that)? (?:price|fee|licen[cs]e|package|subscription)\b|\bincluded?\b|\bcosts? (?:you )?nothing\b|\b(?:EUR|USD|GBP"
    r"|AUD|CHF|[$€£]) ?0\b",
    re.IGNORECASE,
)
GIFT = re.compile(
    r"\bfor free\b|\bfree of charge\b|\b(?:is|are|be|it's|that's) free\b|\b(?:no|without|not a) (?:\w+ )?(?:charge|cost|fee|bill"
    r"|cent)s?\b"
    r"|\b(?:on|at) (?:us|the house|our expense)\b|\bfor nothing\b|\bwaived?\b|\b(?:don't|won't|doesn't|never) (?:\w+ )?(?:charge"
    r"|bill|cost)\b"
    r"|\bcosts? (?:you )?nothing\b",
    re.IGNORECASE,
)
"""Given for nothing, in so many words; what is `included` may be paid for with the rest."""
CHARGED = re.compile(
    r"\b(?:charged?|billed|invoiced|rented|payable|borne)\b(?! (?:in advance|with the|annually|yearly|quarterly|monthly|on|within))"
    r"|\bat (?:cost|\w+ (?:pence|cents?))\b",
    re.IGNORECASE,
)
_PRICED = re.compile(r"(?:\b(?:EUR|USD|GBP|AUD|CAD|CHF|SEK|NOK|DKK|SGD|INR)|[$€£]) ?[1-9][\d,.]*")
A_PRICE_LINE = 6
"""Content words up to which a line with a sum is the price of what it names; in a longer one the sum may be of something else."""


def is_charged(clause: str) -> bool:
    return CHARGED.search(clause) is not None or (_PRICED.search(clause) is not None and len(content_words(clause)) <= A_PRICE_LINE)
