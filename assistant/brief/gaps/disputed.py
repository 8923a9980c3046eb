"""Figures on which two of the customer's people differ in one talk, and which nobody settled."""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.brief.gaps.matters import Matter
from assistant.brief.gaps.talk import Talk
from assistant.brief.gaps.wording import on_day, who
from assistant.facts.figures import Figure, figures
from assistant.facts.speech import Place, Statement

_DIFFERS = re.compile(
    r"\b(?:it|that|they|he|she|we)(?:'s| is|'re| are)? not\b|\bmore like\b|^\W*no\b|\bactually\b|\bnot (?:really"
    r"|quite)\b",
    re.IGNORECASE,
)
_ASKS_A_FIGURE = re.compile(
    r"\b(?:how (?:many|much|long|often|big|high)|what(?:'s| is| are)?|rate|number|percentage|share)\b", re.IGNORECASE
)
NEAR = 8
"""Sentences within which the other figure is named."""


def disputed(talk: Talk) -> Iterator[Matter]:
    done: set[int] = set()
    for index, said in enumerate(talk.said):
        question = _asked(talk, index)
        if question is None or said.side != "buyer" or question in done or said.text.rstrip().endswith("?") or not figures(said.text):
            continue
        other = next((i for i in range(index + 1, min(index + NEAR, len(talk.said))) if _contradicts(talk, index, i)), None)
        if other is None:
            continue
        done.add(question)
        asked, against = talk.said[question], talk.said[other]
        yield Matter(
            "conflict",
            f"Which holds? “{' '.join(asked.text.split())}” {who(said)}{on_day(said)}: “{' '.join(said.text.split())}”"
            f" {who(against)}: “{' '.join(against.text.split())}”",
            "Two of the customer's people named different figures, and nobody settled which is the starting value.",
            "customer",
            (Place(asked.interaction, asked.span), said.place, against.place),
            talk.topic(asked.text),
            other,
            said.said_on,
        )


def _asked(talk: Talk, index: int) -> int | None:
    """Our question after a figure, in the turn before."""
    before = talk.turn_before(index)
    if before is None:
        return None
    asked = talk.said[before]
    return before if asked.side == "seller" and asked.text.rstrip().endswith("?") and _ASKS_A_FIGURE.search(asked.text) else None


def _contradicts(talk: Talk, index: int, later: int) -> bool:
    said, other = talk.said[index], talk.said[later]
    if (
        other.interaction is not said.interaction
        or other.side != "buyer"
        or other.turn.person == said.turn.person
        or other.text.rstrip().endswith("?")
    ):
        return False
    mine, theirs = figures(said.text), figures(other.text)
    differ = bool(theirs) and not {one.value for one in mine} & {one.value for one in theirs} and _comparable(mine, theirs)
    return differ and any(_DIFFERS.search(one.text) for one in _around(talk, later))


def _comparable(some: tuple[Figure, ...], others: tuple[Figure, ...]) -> bool:
    return any(one.unit == other.unit or "" in (one.unit, other.unit) for one in some for other in others)


def _around(talk: Talk, index: int) -> list[Statement]:
    """The sentences of the same person since the figure they contradict."""
    person = talk.said[index].turn.person
    return [
        one
        for one in talk.said[max(0, index - NEAR) : index + 1]
        if one.turn.person == person and one.interaction is talk.said[index].interaction
    ]
