"""What a connector is: it asks a tool what is new behind a cursor and gives the answers as the files an export would hold."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from ingest.connectors.batch import Batch, Cursor
from ingest.connectors.mirror import Mirror
from ingest.domains import above


@dataclass(frozen=True, slots=True)
class Check:
    """What a source answered to a small question."""

    what: str
    ok: bool
    detail: str
    """Who we are there, or what is missing and what helps."""


@dataclass(frozen=True, slots=True)
class Want:
    """What of a source is of use here."""

    since: datetime | None = None
    """What happened before is not asked for."""
    domains: frozenset[str] = frozenset()
    """Mail domains of the accounts that are known: of a mailbox nothing else is read."""
    addresses: frozenset[str] = frozenset()
    """Of their people who write from elsewhere."""

    def concerns(self, addresses: Iterable[str]) -> bool:
        """Whether a mail between these is with an account."""
        for each in addresses:
            address = each.strip().casefold()
            if address in self.addresses or any(one in self.domains for one in above(address.rpartition("@")[2])):
                return True
        return False


class Connector(Protocol):
    name: str
    """As its parser calls the tool."""

    def pull(self, cursor: Cursor, mirror: Mirror, want: Want) -> Iterator[Batch]:
        """Everything behind the cursor, oldest first where the source lets one ask so. Whoever takes the batches may stop after any of
        them and go on from its cursor later. Raises `Refused`, `Down` and `TryLater`."""
        ...

    def check(self) -> Iterator[Check]:
        """Asks for next to nothing, once for each right that is needed."""
        ...

    def is_wanted(self, unit: Path) -> bool:
        """Whether this folder is to be taken in as it is now; what was taken in once stays up to date either way."""
        return True

    def close(self) -> None: ...
