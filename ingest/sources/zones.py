"""Reads the times of an export in the zone its organisation keeps, and remembers when nobody said which that is."""

from __future__ import annotations

import re
from datetime import UTC, datetime, tzinfo
from zoneinfo import ZoneInfo

from ingest.records import Failure
from ingest.sources import fields
from ingest.sources.fields import text

_WITHOUT_ZONE = re.compile(r"\d{4}-\d{2}-\d{2}[ T]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


class Clock:
    """`moment` and `day` of `fields`, for values that may leave their zone to whoever knows the organisation."""

    def __init__(self) -> None:
        self.zone: tzinfo | None = None
        self.guessed = False
        """A time without a zone was met while the organisation's was not known."""

    def keep(self, zone: object) -> None:
        """The organisation's zone by its name (`Europe/Berlin`); one that nobody knows is as good as none."""
        try:
            self.zone = ZoneInfo(text(zone)) if text(zone) else self.zone
        except (KeyError, ValueError, OSError):  # unknown, no name at all, the name of a folder of zones
            return

    def moment(self, value: object) -> datetime | None:
        if not _WITHOUT_ZONE.fullmatch(text(value)):
            return fields.moment(value)
        self.guessed = self.guessed or self.zone is None
        try:
            return datetime.fromisoformat(text(value)).replace(tzinfo=self.zone or UTC).astimezone(UTC)
        except (ValueError, OverflowError):
            return None

    def day(self, value: object) -> str:
        """The date on the organisation's calendar, empty where there is none."""
        if _DAY.fullmatch(text(value)):
            return fields.day(value)
        found = self.moment(value)
        return found.astimezone(self.zone or UTC).date().isoformat() if found else ""

    def notices(self, file: str, help: str) -> tuple[Failure, ...]:
        """Said once for all that was read together."""
        if not self.guessed:
            return ()
        return (Failure(file, "no_time_zone", f"Times in this export name no time zone: they are taken as UTC. {help}"),)
