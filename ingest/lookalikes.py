"""Tells a mail domain that only looks like one we know: the skeletons of Unicode's UTS 39 are the same and the domains are not.

The table is Unicode's, from the package confusable-homoglyphs: of the packages that carry it the one that is still looked after,
and its functions, which ask whether a text mixes scripts, are not used. It knows no direction (a and Cyrillic а stand for each other),
so whatever can be mistaken for one another is one class here and the class is named by the member that the others are drawn towards.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache

from ingest.domains import shown

_HANDWRITTEN = {"i": "l"}
"""A domain has no case, and a capital i is an l: `harborIight` is sent as `harboriight`."""
_MARKS = dict.fromkeys(map(ord, "\u200e\u200f"))


def lookalike(domain: str, known: Iterable[str]) -> str | None:
    """The known domain that this one can be taken for although it is another; None if there is none, or if it is known itself."""
    every = set(known)
    if not domain or domain in every:
        return None
    mine = skeleton(shown(domain))
    return next((each for each in sorted(every) if skeleton(shown(each)) == mine), None)


@cache
def skeleton(text: str) -> str:
    """What is left when everything that can be mistaken for something else is written as that."""
    import unicodedata

    plain = unicodedata.normalize("NFD", text.casefold())
    drawn = "".join(_prototypes().get(letter, letter) for letter in plain).casefold()
    return unicodedata.normalize("NFD", "".join(_HANDWRITTEN.get(letter, letter) for letter in drawn)).replace("vv", "w")


@cache
def _prototypes() -> Mapping[str, str]:
    """What each character is written as; of two that name only each other, the longer one, else the plainer one."""
    from confusable_homoglyphs.confusables import confusables_data  # a megabyte of JSON, for who meets an unknown domain

    like = {_bare(one): {_bare(other["c"]) for other in others} for one, others in confusables_data.items()}
    prototypes = {}
    for one, others in like.items():
        if len(one) == 1 and others:
            drawn_to = max((one, *others), key=lambda each: (len(like.get(each, ())), len(each), each.isascii(), each))
            if drawn_to != one:
                prototypes[one] = drawn_to
    return {one: "".join(prototypes.get(letter, letter) for letter in drawn_to) for one, drawn_to in prototypes.items()}


def _bare(text: str) -> str:
    return text.translate(_MARKS)
