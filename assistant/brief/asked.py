"""What the customer has answered already: our questions with their answers, so that nobody asks them again at the kick-off."""

from __future__ import annotations

import re
from collections.abc import Iterable

from assistant.facts.figures import figures
from assistant.facts.questions import QuestionAsked
from assistant.facts.topics import alike, content_words

MOST = 12
LEAST_ANSWERED = 4
"""Content words: `Yes, sure.` answers nothing to somebody who was not there."""
SAME = 0.5
LONGEST = 30

_SMALL_TALK = re.compile(
    r"^\W*(?:and |so |um |uh |, )*(?:can|may) I ask\b|\byou wanna\b|\bwant to walk\b|\bright\?$|\bwaste of\b"
    r"|\b(?:hear me|my screen|weekend|weather|how are you|recording|make sense|next week|good time|sounds? good|any questions)\b",
    re.IGNORECASE,
)
_NO_ANSWER = re.compile(r"\b(?:don't know|not sure|no idea|have to (?:check|ask)|find out|let me (?:check|ask))\b", re.IGNORECASE)
_NAME = re.compile(r"(?<![.!?:] )(?<!^)\b[A-ZÀ-Þ]\w+")


def answered(questions: Iterable[QuestionAsked]) -> tuple[QuestionAsked, ...]:
    """Those whose answers tell most, each matter once, in the order in which they were asked."""
    telling = [(number, one) for number, one in enumerate(questions) if _tells(one)]
    kept: list[tuple[int, QuestionAsked]] = []
    for number, one in sorted(telling, key=lambda pair: (-_fullness(pair[1]), pair[0])):
        words = content_words(one.text)
        if len(kept) < MOST and not any(_same(one, words, other) for _, other in kept):
            kept.append((number, one))
    return tuple(one for _, one in sorted(kept, key=lambda pair: pair[0]))


def _same(one: QuestionAsked, words: frozenset[str], other: QuestionAsked) -> bool:
    """The same question, or another that the same words answer."""
    return one.answered == other.answered or alike(words, content_words(other.text)) >= SAME


def _tells(one: QuestionAsked) -> bool:
    if one.asked_by.side != "seller" or one.answered is None or _SMALL_TALK.search(one.text) or len(one.text.split()) > LONGEST:
        return False
    answer = one.answered.text
    return len(content_words(answer)) >= LEAST_ANSWERED and not _NO_ANSWER.search(answer)


def _fullness(one: QuestionAsked) -> float:
    assert one.answered is not None
    answer = one.answered.text
    told = min(len(content_words(answer)), 10) + 3 * min(len(figures(answer)), 2) + 2 * min(len(_NAME.findall(answer)), 2)
    return told - max(0, len(answer.split()) - LONGEST) / 5
