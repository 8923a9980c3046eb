"""What the jobs of a home work with."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from api.fetching import fetch
from ingest.archive.scope import EVERYTHING
from ingest.archive.work import Work

if TYPE_CHECKING:
    from assistant.wiring import Kit
    from ingest.archive.rows import StoredDeal

Pull = Callable[["Kit", str | None], bool]
"""Fetches what is new from a source, or from all that are connected; False where none is. Raises Later where one cannot be reached."""


@dataclass(slots=True)
class Office:
    """`base` is the address at which people reach Baton, for links."""

    kit: Kit
    work: Work
    base: str
    pull: Pull = fetch
    alone: Callable[[], AbstractContextManager[None]] = nullcontext
    """While it lasts nothing else is taken in; raises Problem where something is."""
    asked_at: datetime | None = None
    """When the connected tools were asked last, in this process: a round in which nothing is new writes nothing down."""

    def ask(self, source: str | None) -> bool:
        """As `pull`."""
        try:
            return self.pull(self.kit, source)
        finally:
            self.asked_at = self.work.now()


def deal_by_id(kit: Kit, id: str) -> StoredDeal | None:
    """None where it is gone; what looks for it works for nobody in particular and may see every account."""
    return next((deal for deal in kit.archive.deals(EVERYTHING) if deal.id == id), None)
