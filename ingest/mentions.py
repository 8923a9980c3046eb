"""Finds names and addresses in a text as whole words, whatever their case."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection


def mentioning(words: Collection[str]) -> Callable[[str], bool]:
    """Whether a text holds any of these words."""
    wanted = pattern(words)
    return lambda text: wanted.search(text) is not None


def pattern(words: Collection[str]) -> re.Pattern[str]:
    """Any of them, whatever the case, not as a part of another; those of three letters and fewer stand anywhere and are none."""
    wanted = sorted({word for word in words if len(word) >= 4}, key=len, reverse=True)
    return re.compile(r"(?<!\w)(?:" + "|".join(map(re.escape, wanted)) + r")(?!\w)", re.I) if wanted else re.compile(r"(?!)")
