"""Whether a claim says of its quotes no more than they hold: who said it, and how firmly.

"Sales promised SSO" needs a seller's own words that promise: not a customer's wish, not "it's on the roadmap", not a refusal, and not
half of "if you sign by Friday". Only what a claim says in its own words is judged; the words it repeats from its quotes speak for
themselves.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

from assistant.answers import Citation
from assistant.facts.commitment import Strength, strength_of
from assistant.facts.conditions import condition_of
from ingest.passages import sentences

Manner = Literal["promised", "aimed", "planned", "refused", "asked"]

_WORDS: tuple[tuple[Manner, str], ...] = (
    ("refused", r"\b(?:declin\w+|refus\w+|reject\w+|ruled out|said no|won't)\b|\b(?:did|will) not (?:promise|agree|commit|offer)"),
    ("planned", r"\b(?:road ?map|planned|plans to|in development)\b"),
    ("aimed", r"\b(?:aims?|aimed|aiming|targets?|targeted|hopes?|hoped|expects?|expected|tr(?:y|ies|ied) to|best effort)\b"),
    ("promised", r"\b(?:promis\w+|commit(?:s|ted|ment)?|guarantee\w*|assur\w+|agreed to|undert\w+|will (?:get|be given))\b"),
    ("asked", r"\b(?:asked|asks|request\w*|demand\w*|required|wanted|wants)\b"),
)
_SAYS = tuple((manner, re.compile(words, re.IGNORECASE)) for manner, words in _WORDS)
_CONDITIONAL = re.compile(
    r"\b(?:if|unless|provided|providing|as long as|once|subject to|on condition|condition(?:al|ally|ed|s)?|depend(?:s|ing|ent)?|assuming"
    r"|when|after|in (?:return|exchange) for|only)\b",
    re.IGNORECASE,
)
_OURS = re.compile(
    r"\b(?:sales|we|our (?:side|team|rep|people|account executive)|the (?:vendor|seller|account executive|ae|se)|us)\b", re.I
)
_THEIRS = re.compile(r"\b(?:the (?:customer|client|buyer|prospect)|their (?:side|team|people))\b", re.IGNORECASE)
_ALLOWED: dict[Manner, frozenset[Strength | None]] = {
    "promised": frozenset({"firm", "conditional"}),
    "aimed": frozenset({"firm", "conditional", "best_effort", "roadmap_statement"}),
    "planned": frozenset({"firm", "conditional", "best_effort", "roadmap_statement"}),
    "refused": frozenset({"declined", "retracted"}),
}


def says_no_more(text: str, citations: Sequence[Citation]) -> bool:
    own = _own_words(text, citations)
    manner = next((manner for manner, pattern in _SAYS if pattern.search(own)), None)
    return manner is None or (_by_whom(own, manner, citations) and _how(own, manner, citations))


def _own_words(text: str, citations: Sequence[Citation]) -> str:
    """Without the words it repeats: what stands behind `Name, date: ` or in quotation marks, and in a quote."""
    said = [" ".join(citation.exact.split()) for citation in citations]
    _, colon, rest = " ".join(text.split()).partition(": ")
    if colon and any(rest in quote for quote in said):
        return ""
    marked = re.sub(r"[\"“]([^\"”]*)[\"”]", lambda m: " " if any(m[1].strip(" .…") in quote for quote in said) else m[0], text)
    return "" if any(" ".join(marked.split()) in quote for quote in said) else marked


def _by_whom(own: str, manner: Manner, citations: Sequence[Citation]) -> bool:
    """A claim that one side said it needs that side's words, or signed paper, which is both sides'."""
    pattern = next(pattern for kind, pattern in _SAYS if kind == manner)
    verb = pattern.search(own)
    assert verb is not None
    before = own[: verb.start()]
    sides = {citation.speaker.side for citation in citations if citation.speaker}
    paper = any(citation.kind == "doc" for citation in citations)
    if _THEIRS.search(before):
        return "buyer" in sides or paper
    if _OURS.search(before) and manner != "asked":
        return "seller" in sides or paper
    return True


def _how(own: str, manner: Manner, citations: Sequence[Citation]) -> bool:
    if manner == "asked" or any(citation.kind == "doc" for citation in citations):
        return True
    found = [
        (strength_of(part, answers_request=True, listed=citation.kind == "email"), part)
        for citation in citations
        for part in _sentences(citation)
    ]
    fitting = [
        (strength, part) for strength, part in found if strength in _ALLOWED[manner] or (strength is None and _plainly(manner, part))
    ]
    if not fitting:
        return False
    hedged = all(strength == "conditional" or condition_of(part) for strength, part in fitting)
    return manner != "promised" or not hedged or _CONDITIONAL.search(own) is not None


_UNDERTAKES = re.compile(r"\b(?:i|we)(?:'ll| will| can)\b(?! not)(?! (?:see|think|check|ask|look|have to))", re.IGNORECASE)


def _plainly(manner: Manner, part: str) -> bool:
    """An errand, too, is undertaken (`we'll send it on Monday`), though it is no promise of the deal."""
    return manner == "promised" and not part.rstrip().endswith("?") and _UNDERTAKES.search(part.replace("’", "'")) is not None


def _sentences(citation: Citation) -> list[str]:
    return [citation.exact[span.start : span.end] for span in sentences(citation.exact)]
