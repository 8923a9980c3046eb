"""A question that takes for granted that somebody refused a thing: `Why did they reject SAML?`

Where nothing found refuses it, in its own words or in others, and something says rather the contrary, that corrects the question. Where
neither is found, nothing can be known: a refusal may have been put in words that name another thing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.facts.commitment import strength_of
from assistant.models.sentence_fit import SentenceFit
from assistant.words import plain, stemmed, terms

_REFUSED = re.compile(
    r"^\W*(?:(?:and|so|but) )?(?:why|when|since when|on (?:what|which) (?:day|date)) (?:did|have|has|had) [\w’'. -]{1,50}? "
    r"(?:(?:really|finally|first|so|suddenly|already) )?"
    r"(?:reject|refuse|decline|turn down|rule out|veto|oppose|object to|say no to|dismiss|vote against)(?:e?d)?\b(?P<thing>[^?]*)",
    re.IGNORECASE,
)
_SAYS_NO = re.compile(
    r"\b(?:not|never|none|nor|neither|no|without|cannot|reject\w*|refus\w*|declin\w*|turn(?:ed|s|ing)? (?:it |that |this |them )?down"
    r"|veto\w*|oppos\w*|object\w*|against|rul(?:e|ed|es|ing) (?:it |that )?out|out|worr\w+|concern\w*|problem\w*|dislik\w*|hate[sd]?"
    r"|instead|fail\w*|los[te]|killed?|too|unacceptable|block\w*|dismiss\w*|sceptic\w*|doubt\w*|unwilling|cheaper|expensive)\b|n[’']t\b",
    re.IGNORECASE,
)
_SAYS_YES = re.compile(
    r"\b(?:yes|includ\w+|agreed|approv\w+|accept\w*|uses?|using|support(?:s|ed)|ready|signed|will (?:be|have|get|use)|happy|fine)\b",
    re.IGNORECASE,
)
_DENIES = re.compile(r"\b(?:not|never)\b|\bno\b(?! to\b)|n[’']t\b", re.IGNORECASE)
MOST_NAMED = 0.6
"""Share of the words for the thing that a sentence must have to be about it."""
NEAR = 6
"""Words between the thing and what refuses it."""
BEST = 5
"""Sentences that fit best, of which none may refuse anything."""


def says_otherwise(question: str, found: Sequence[SentenceFit]) -> tuple[SentenceFit, ...]:
    """The sentences that say the contrary of what the question takes for granted, the best first; empty where it may be so."""
    asked = _REFUSED.match(question)
    thing = frozenset(terms(asked["thing"])) if asked and not _DENIES.search(question) else frozenset()
    if not thing:
        return ()
    about = [one for one in found if len(thing & set(terms(one.text))) >= MOST_NAMED * len(thing)]
    by_fit = sorted(found, key=lambda one: -one.fit)
    if any(_refuses(one.text, thing) for one in about) or any(strength_of(one.text) in ("declined", "retracted") for one in by_fit[:BEST]):
        return ()
    return tuple(one for one in by_fit if one in about and _SAYS_YES.search(one.text) and not one.text.rstrip().endswith("?"))


def _refuses(text: str, thing: frozenset[str]) -> bool:
    if text.rstrip().endswith("?"):
        return False
    named = [i for i, word in enumerate(plain(text)) if stemmed(word) in thing]
    refusing = [len(plain(text[: one.start()])) for one in _SAYS_NO.finditer(text)]
    return any(abs(i - j) <= NEAR for i in named for j in refusing)
