"""Cuts an answer into the statements that are judged one by one: one unsupported sentence makes an answer unsupported."""

from __future__ import annotations

import re

_END = re.compile(r"(?<=[.!?])\s+(?=[A-Z\"'(\[-])|\n+")


def sentences(text: str) -> list[str]:
    return [part.strip() for part in _END.split(text) if re.search(r"\w", part)] or [text]
