"""Writes a spoken sentence out in full, and finds the condition its main clause hangs on."""

from __future__ import annotations

import re

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


def written_out(text: str) -> str:
    plain = " ".join(text.replace("’", "'").split())
    for pattern, full in _CONTRACTIONS:
        plain = pattern.sub(full, plain)
    return plain


_FRONTED = re.compile(
    r"^\W*(?:and |so |but |then |yes,? )*(?:if|provided|providing|as long as|once|assuming|unless|subject to"
    r"|when)\b[^,;]*(?:,(?! and)|;)",
    re.IGNORECASE,
)
_ORDERED = re.compile(r"^\W*(?:sign|order|commit|prepay|pay|renew|confirm|decide|book)\b[^,.]*(?= and (?!we need))", re.IGNORECASE)
_OPENS = re.compile(
    r"\b(?:if|provided(?: that)?|providing(?: that)?|as long as|so long as|once|subject to|on (?:the )?condition that|assuming"
    r"|only (?:under|after|when|if|with)|under (?:an? )?nda|unless|contingent on|conditional on|in (?:return|exchange) for"
    r"|(?:when|as soon as|the moment) you (?:sign|send|give|get|provide|confirm|order|pay|pass|reach))\b[^.;!?]*",
    re.IGNORECASE,
)
_NO_REAL_CONDITION = re.compile(
    r"\bif (?:you (?:like|want|need|ever|still|wish|have any|could|see|look|ask|remember|prefer)|that is (?:ok|okay|alright)"
    r"|it is (?:ok|okay|alright|ever)|possible|i (?:may|can|remember)|not\b|it takes|anything|any )"
    r"|\bonce (?:a|more|again)\b",
    re.IGNORECASE,
)
_MAIN_BEGINS = re.compile(
    r"(?P<comma>,) (?:then )?(?=(?:the|we|i|you|it|that|this|all|your|our|they|each|every|both|those|there)\b)"
    r"| (?=(?:we|i|you|it) (?:can|will|get|are)\b)",
    re.IGNORECASE,
)
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
        if not _NO_REAL_CONDITION.match(text, match.start()) and not _AS_IF.search(text[: match.start()]):
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
