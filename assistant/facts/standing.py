"""What is weighed of a sentence beside its words: its length and figures, how it stands in its turn, where and when it was said.

Reasons are told early and at length, worries late and in mails and notes, goals shortly and in answer to a question; that holds in deals
whose words are new. Every name begins with `=`, so that it is no word.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

from assistant.facts.speech import Statement

SHORT, LONG = 6, 25
"""Words below and above which a sentence counts as short or long."""
EARLY, LATE = 0.15, 0.7
"""Shares of a deal's interactions before which it has hardly begun, and behind which it comes to an end."""
HALF = 0.5
"""What a thing that is so counts, beside all words of a neighbour."""
_QUESTION = re.compile(r"[^.?!]*\?")


def shape(words: Sequence[str], before: str, after: str) -> dict[str, float]:
    """Of a sentence by its own words and those said beside it in one go."""
    so = {
        "=short": len(words) < SHORT,
        "=long": len(words) > LONG,
        "=figure": "#" in words,
        "=figures": words.count("#") > 1,
        "=opens": not before,
        "=ends": not after,
        "=behind a question": before.endswith("?"),
        "=before a question": after.endswith("?"),
    }
    return {"=length": math.log1p(len(words)) / 6} | {name: HALF for name, is_so in so.items() if is_so}


def standing(said: Statement) -> dict[str, float]:
    """Of a sentence in its interaction."""
    kind = said.interaction.source.kind
    characters = said.turn.span.end - said.turn.span.start
    so = {
        f"=in a {kind}": True,
        "=asked": bool(question_before(said)),
        "=behind a colleague": said.prompted_by is not None and said.prompted_by.side == said.side == "buyer",
    }
    return {"=length of the turn": math.log1p(characters / 6) / 10} | {name: HALF for name, is_so in so.items() if is_so}


def place(share: float) -> dict[str, float]:
    """Of a sentence in its deal: `share` of the interactions came before it."""
    return {"=how far": share / 2} | {name: HALF for name, is_so in (("=early", share < EARLY), ("=late", share > LATE)) if is_so}


def question_before(said: Statement) -> str:
    """The last question of our turn that it answers; empty where we asked none."""
    if said.prompted_by is None or said.prompted_by.side != "seller":
        return ""
    asked = _QUESTION.findall(said.prompt)
    return str(asked[-1]).strip() if asked else ""
