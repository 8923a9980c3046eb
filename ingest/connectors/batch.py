"""Some answers of a tool, on their way to the disk."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Cursor = Mapping[str, Any]
"""How far a source has been asked, as JSON values; empty before the first time. Only its own connector understands it."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Some answers, put on the disk whole before the cursor behind them is."""

    put: Mapping[str, bytes] = field(default_factory=dict)
    """By `unit/name`. A unit is a folder that its parser reads by itself."""
    drop: Sequence[str] = ()
    """`unit/name` or `unit` of what the source has no longer."""
    cursor: Cursor | None = None
    """None: the one before stays."""
    asked: int = 0
    """How many records were looked at, changed or not."""
    troubles: Sequence[str] = ()
    """What the source would not give, in sentences that say what helps."""
