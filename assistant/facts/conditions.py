"""Writes a spoken sentence out in full, and finds the condition its main clause hangs on."""

from __future__ import annotations

import re
from functools import lru_cache

_CONTRACTIONS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(short, re.IGNORECASE), full)
    for short, full in (
        (r"\b(?:won't|will not) be able to\b", "can not"),
        (r"\bwon't\b", "will not"),
        (r"\bcan't\b|\bcannot\b", "can not"),
        (r"\b(\w+)n't\b", r"\1 not"),
        (r"\b(\w+)'ll\b", r"\1 will"),
        (r"\b(I)'m\b", r"\1 am"),
        (r"\b(\w+)'re\b", r"\1 are"),
        (r"\b(\w+)'ve\b", r"\1 have"),
        (r"\b(i|we|you|he|she|it|they)'d\b", r"\1 would"),
        (r"\b(it|that|this|there|here|what|he|she|who|everything)'s\b", r"\1 is"),
        (
            r"\b(\w+)'s (?=(?:[a-z]{3,}ed (?:and|in|by|from|on|at)\b|on us|included|free|fixed|waived|locked|covered|yours|ready|live"
            r"|there|part of|not|a paid)\b)",
            r"\1 is ",
        ),
        (r"\b(?:am|are|is) going to\b", "will"),
        (r"\bwould be (?:glad|happy|pleased) to\b|\b(?:am|are) (?:glad|happy|pleased|able|authori[sz]ed|allowed|cleared) to\b", "can"),
        (r"\bwould like to (?=offer|give|include|add)", "can "),
        (r"\b(?:am|are|is) (?:not able|unable) to\b", "can not"),
        (r"\bshould (you|we|the|it)\b(?=.{0,60}(?:,|\.|$))", r"if \1"),
    )
)


@lru_cache(maxsize=4096)  # each rule of the grammar asks it of the same sentence, ten times in all
def written_out(text: str) -> str:
    plain = " ".join(text.replace("’", "'").split())
    for pattern, full in _CONTRACTIONS:
        plain = pattern.sub(full, plain)
    return plain


_FRONTED = re.compile(
    r"^\W*(?:and |so |but |then |yes,? |sure,? )*(?:if|provided|providing|as long as|so long as|once|assuming|unless|subject to"
    r"|depending on"
    r"|as soon as|the moment|after (?=[^,;]{3,60}\b(?:is|are|has been|have been) (?:signed|done|finished|approved|complete|in place"
    r"|there)\b)"
    r"|except (?:if|when)|whenever|in (?:return|exchange) for|on condition that|whatever does not|when"
    r"|(?:with|given) (?:a|an|your|access)\b(?=[^,;]*\b(?:your|you)\b)"
    r"|(?:over|above|from|beyond|for (?:orders|groups|\w+s) (?:of|over|above|from)) (?:\w+ )?(?:\d|a (?:hundred|dozen|tonne?|ton"
    r"|thousand)\b"
    r"|(?:two|three|four|five|six|seven|eight|nine|ten|twelve|fifteen|twenty|thirty|forty|fifty|sixty|eighty|ninety)\b)"
    r"|for orders (?:of|over|above|from)\b)\b[^,;]*(?:,(?! and)|;)",
    re.IGNORECASE,
)
_ORDERED = re.compile(
    r"^\W*(?:(?:but|so|and|then|well|okay|look),? )*"
    r"(?:sign|order|commit|prepay|pay|renew|confirm|decide|book|take|drop|give us|give me|send us|send me|bring|get us|get me|let us"
    r"|move|buy|skip)\b(?! (?:care|a look|it from|back|that out|him|her|them)\b)[^.]*?(?=,? and (?!we need)(?:i|we|you|it|the"
    r"|that|your|\w+ \w+ is)\b)",
    re.IGNORECASE,
)
_OPENS = re.compile(
    r"\b(?:if|provided(?: that)?|providing(?: that)?|as long as|so long as|once|subject to|on (?:the )?condition that|assuming"
    r"|only (?:under|after|when|if|with|against)|under (?:an? )?nda|unless|contingent on|conditional on|in (?:return"
    r"|exchange) for|depending on"
    r"|except (?:if|when|where)|whenever (?:you|your)|(?<=, )but (?:i|we) need\b|against (?:a|an) (?:signed|written)\b"
    r"|(?:applies|apply|holds|valid) only\b|up to [^,;]{3,40}(?=, beyond that\b)"
    r"|from (?:\w+ ){1,3}(?:upwards|onwards|and up|on up)"
    r"|(?:as soon as|the moment|after)(?= [^,;.]{3,60}\b(?:is|are|has been|have been) (?:signed|done|finished|approved|complete|in place))"
    r"|(?:when|as soon as|the moment) (?:you|your \w+) (?:sign|send|give|get|provide|confirm|order|pay|pass|reach|return|have"
    r"|release|approve)s?)\b[^.;!?]*"
    # an offer that stands for a while hangs on their word within it
    r"|(?:(?<=\bgood )|(?<=\bopen )|(?<=\bvalid )|(?<=\bon the table ))(?:through|until|till|to)\b[^.;!?]*"
    r"|\b(?:until|till) (?:you|your \w+) (?:have |has )?(?:signed|approved|accepted|confirmed|released|paid|passed|given)\b[^.;!?]*"
    r"|\b(?:but|and) (?:it|that|this|i|we) needs? (?:an?|the|your|us)\b[^.;!?]*",
    re.IGNORECASE,
)
_NO_REAL_CONDITION = re.compile(
    r"\bif (?:you (?:like|want|need|ever|still|wish|have any|could|see|look|ask|remember|prefer|hate|dislike|do not like|are not happy"
    r"|are unhappy|change your mind)|that is (?:ok|okay|alright)"
    r"|it is (?:ok|okay|alright|ever)|possible|i (?:may|can|remember)|not\b|it takes|anything|any )"
    r"|\bonce (?:a|more|again)\b|\bwhenever you (?:like|please|wish)\b",
    re.IGNORECASE,
)
_MAIN_BEGINS = re.compile(
    r"(?P<comma>,) (?:then )?(?=(?:the|we|i|you|it|that|this|all|your|our|they|each|every|both|those|there)\b)"
    r"| (?=(?:we|i|you|it) (?:can|will|get|are)\b)",
    re.IGNORECASE,
)
_COUNTED_FROM = re.compile(r"\b(?:hours?|days?|weeks?|months?) (?:of|after|from) $", re.IGNORECASE)
"""`within two weeks of when you sign` counts from a day; it hangs on nothing more than any promise does."""
_AS_IF = re.compile(r"\b(?:even|as|what) $", re.IGNORECASE)


def condition_of(text: str) -> str:
    """The part of a sentence that its main clause hangs on; empty where it names none that the customer could fail."""
    ordered = _ORDERED.match(text)
    if ordered:
        return ordered.group().strip()
    fronted = _FRONTED.match(text)
    if fronted and not _NO_REAL_CONDITION.search(fronted.group()[:40]):
        return fronted.group().strip(" ,;")
    for match in _OPENS.finditer(text):
        if _NO_REAL_CONDITION.match(text, match.start()) or _COUNTED_FROM.search(text[: match.start()]):
            continue
        if not _AS_IF.search(text[: match.start()]):
            before = text[: match.start()].rstrip()
            if len(before.split()) >= 4 and not before.endswith((":", ",", " and", " so", " but")):
                return match.group().strip(" ,")
            return _up_to_main(match.group()).strip(" ,")
    return ""


LEAST_CONDITION = 4
"""Words a condition has before a main clause that no comma sets apart: `if you hate it you can walk`."""


def _up_to_main(text: str) -> str:
    for match in _MAIN_BEGINS.finditer(text):
        if match["comma"] or len(text[: match.start()].split()) >= LEAST_CONDITION:
            return text[: match.start()]
    return text
