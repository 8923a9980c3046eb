"""What a question is narrowed to: the price in `What changed on the price?`, the rollout in `What could go wrong with the rollout?`"""

from __future__ import annotations

import re

from assistant.vocabulary import related
from assistant.words import terms

_NAMED = re.compile(
    r"^\W*(?:about|on|with|in|at|during|around|for|regarding|concerning|as to|when it comes to|of|to|over)\s+(?P<matter>.+?)\W*$",
    re.IGNORECASE,
)
_LEAD = re.compile(r"^(?:(?:the|their|our|a|an|any|its|this|that|those|these|your|his|her)\s+)+", re.IGNORECASE)
_NOTHING = re.compile(
    r"^\W*(?:(?:so far|here|there|now|today|overall|exactly|then|for (?:us|them|this)|from us|with us|at all|in (?:the|this) deal|over time"
    r"|on (?:our|their) side|(?:during|over|in) the (?:course of the )?(?:sale|deal)|in the end|most|please|again"
    r"|after all|next|first|as a csm)\W*)*$",
    re.IGNORECASE,
)
_NAME = re.compile(r"\b[A-ZÀ-Þ][\w’'-]+")
_ITSELF = re.compile(r"^(?:customer|client|account|deal|project|us|them|it|all|everything|this|that)$", re.IGNORECASE)


def narrowed_to(rest: str) -> str | None:
    """Of the words behind a question's opening; empty for everything, None where they ask something else.

    >>> narrowed_to(" on the price?")
    'price'
    """
    if _NOTHING.match(rest):
        return ""
    found = _NAMED.match(rest)
    if found is None:
        return None
    matter = _LEAD.sub("", found["matter"].strip())
    return "" if _ITSELF.match(matter) else matter


def in_other_words(text: str, matter: str) -> bool:
    """Whether words are about a matter that the field calls otherwise: `leavers` and `SCIM`. Of everything it touches, and whom it names.

    >>> in_other_words("SCIM will be there by March", "leavers cleaned up")
    True
    """
    touched = set(related(matter))
    return bool(touched) and touched <= set(related(text)) and set(terms(" ".join(_NAME.findall(matter)))) <= set(terms(text))
