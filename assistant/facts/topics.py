"""What two sentences have in common: their content words and the sales talk's own synonyms."""

from __future__ import annotations

import re
from functools import lru_cache

from assistant.words import terms

TALK = frozenset(
    [
        "away",
        "back",
        "bit",
        "call",
        "come",
        "day",
        "don",
        "even",
        "fine",
        "first",
        "guy",
        "happi",
        "hear",
        "just",
        "keep",
        "kind",
        "know",
        "last",
        "let",
        "like",
        "littl",
        "long",
        "look",
        "lot",
        "mail",
        "make",
        "mayb",
        "mean",
        "minut",
        "much",
        "need",
        "new",
        "next",
        "nice",
        "okay",
        "one",
        "own",
        "part",
        "pay",
        "peopl",
        "place",
        "plan",
        "pleas",
        "point",
        "put",
        "question",
        "realli",
        "right",
        "see",
        "send",
        "shall",
        "show",
        "someth",
        "soon",
        "sort",
        "start",
        "sure",
        "take",
        "talk",
        "thank",
        "think",
        "thought",
        "time",
        "today",
        "tomorrow",
        "tri",
        "two",
        "use",
        "want",
        "way",
        "week",
        "well",
        "whole",
        "wish",
        "work",
        "write",
        "written",
        "year",
        "yeah",
        "yes",
        "yesterday",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine",
        "ten",
        "good",
        "great",
        "sorri",
        "hope",
        "help",
        "actual",
        "final",
        "onli",
    ]
)
"""Stems that are in every call and say nothing about what is spoken of."""

CONCEPTS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (name, re.compile(pattern, re.IGNORECASE))
    for name, pattern in (
        ("sign-on", r"single sign-?on|\bsso\b|\bsaml\b|\boidc\b|\bokta\b|\bentra\b"),
        ("provisioning", r"\bscim\b|de-?provision|provisioning"),
        (
            "leaving early",
            r"terminat|cancel|\bwalk\b|month[- ]to[- ]month|opt[- ]out|\bway out\b|right to leave|leave after|exit (?:right|clause)"
            r"|convenience",
        ),
        ("renewal", r"renew"),
        (
            "later price",
            r"price freeze|renewal can|price (?:is |was )?(?:locked|held|hold|lock)|(?:lock|hold|freeze|change)s? (?:the |that "
            r"|in the )?prices?"
            r"|fee at renewal|prices? at (?:each )?renewal|price .{0,20}locked",
        ),
        ("set-up fee", r"set-?up|implementation (?:fee|is waived)|onboarding (?:fee|package)|for implementation"),
        ("first month", r"first month|month free"),
        ("discount", r"discount|per ?cent off|% off|\d ?% on\b|off (?:the )?list"),
        ("credit", r"credit\b|off the first invoice|deduct"),
        ("refund", r"refund|money back"),
        ("liability", r"liab|uncapped"),
        ("support", r"\bphone support|telephone support|support (?:is|by)|\bsla\b|service level|24/7|twenty-four seven"),
        ("incident", r"incident|breach notif|notif(?:y|ies|ication)"),
        ("deletion", r"delet|eras(?:e|ure)"),
        ("data place", r"stored|residen|hosted|region\b|data cent|data (?:stays|(?:is|are) (?:kept|held)|doesn't leave)"),
        ("restricted access", r"restricted access|us personnel|personnel located|support is us only"),
        ("hardware", r"hardware|tablets?\b|kiosks?\b|ipads?\b"),
        ("training", r"train(?:er|ing)"),
        ("import", r"import|migrat|pull (?:the|your|over)|bring over"),
        ("go-live", r"\bgo(?:es|ing)? live|\blive (?:by|on|in)\b|go-live|up within"),
        ("connector", r"connector|integration|inbound|interface"),
        ("custom work", r"custom (?:\w+ )?(?:model|report|development)s?"),
        ("real time", r"real-time|live feed"),
        ("keys", r"customer-managed|encryption keys?"),
        ("baa", r"\bbaa\b|business associate|\bdpa\b|data processing agreement"),
        ("price hold", r"(?:hold|keep) (?:the|that) price|price hold|may order"),
        ("fixed fee", r"fixed[- ]fee|one-time fixed"),
    )
)


@lru_cache(maxsize=4096)
def content_words(text: str) -> frozenset[str]:
    """Stems of the words that say what a sentence is about."""
    return frozenset(stem for stem in terms(text) if stem not in TALK and len(stem) > 2)


@lru_cache(maxsize=4096)
def concepts(text: str) -> frozenset[str]:
    return frozenset(name for name, pattern in CONCEPTS if pattern.search(text))


def alike(one: frozenset[str], other: frozenset[str]) -> float:
    """Shared content words against the shorter of the two; below three words nothing is alike."""
    smaller = min(len(one), len(other))
    return len(one & other) / smaller if smaller >= 3 else 0.0


def speaks_of(text: str, about: str) -> bool:
    """Every word asked for is there, itself or by the trade's other name for the same thing: `SSO` finds `single sign-on`."""
    asked, named = frozenset(terms(about)), concepts(about)
    if named and not named <= concepts(text):
        return False
    rest = frozenset(term for term in asked if not any(term in terms(other) for other in _spellings(about)))
    return rest <= frozenset(terms(text))


def _spellings(about: str) -> list[str]:
    """The words of a question that a concept stands for: they need not be found themselves."""
    return [part for part in about.split() if concepts(part)] + ([about] if concepts(about) and len(about.split()) <= 3 else [])
