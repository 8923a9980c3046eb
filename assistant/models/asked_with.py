"""Words in which one asks for what is said otherwise: `supplier`, `launch`, `risk`, `contract`.

That nobody in a history used such a word says nothing: who asks was not there, and asks in the words of the trade for what people
called by its name. Which words these are was counted on questions and the sentences that answer them (`data/sentences/pairs.txt`): a stem
that stands in questions whose answer does not have it. `python -m eval.asked_with` counts anew.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files

LEAST = 2
"""Such questions: once is chance."""


def asked_with(term: str) -> bool:
    """Whether a stem, as `assistant.words.terms` gives it, is one of them."""
    return term in _stems()


@cache
def _stems() -> frozenset[str]:
    return frozenset(files("assistant.models").joinpath("asked_with.txt").read_text(encoding="utf-8").split())
