"""What a route works with: the open archive and answering kit, seen through what the caller may see."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import Depends, Request

from api.access import Principal
from assistant.asking import end_of_day
from assistant.wiring import Kit
from ingest.archive.archive import Archive
from ingest.archive.rows import StoredAccount


@dataclass(frozen=True, slots=True)
class Desk:
    kit: Kit

    @property
    def archive(self) -> Archive:
        return self.kit.archive

    def account(self, reader: Principal, reference: str) -> StoredAccount:
        """Raises `UnknownAccount` or `AmbiguousAccount`, with names the reader may see."""
        found = self.archive.account(reader.scope, reference)
        reader.trail.append(found.id)
        return found

    def moment(self, given: date | datetime | None) -> datetime | None:
        """A date is the end of that day, and a time without an offset the hour, where the organisation is."""
        if given is None:
            return None
        timezone = self.kit.home.settings.timezone
        if not isinstance(given, datetime):
            return end_of_day(given, timezone)
        return given if given.tzinfo else given.replace(tzinfo=ZoneInfo(timezone))


def desk(request: Request) -> Desk:
    found: Desk = request.app.state.desk
    return found


OpenDesk = Annotated[Desk, Depends(desk)]
