"""Reads the times of an export in the zone its organisation keeps, and remembers when nobody said which that is."""

from __future__ import annotations

import re
from datetime import UTC, datetime, tzinfo

from ingest.records import Failure
from ingest.sources import fields, organisation
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
        self.zone = organisation.zone_called(text(zone)) or self.zone

    def moment(self, value: object) -> datetime | None:
        """In the zone that is kept, where one is."""
        self.guessed = self.guessed or (self.zone is None and _WITHOUT_ZONE.fullmatch(text(value)) is not None)
        found = fields.moment(value, self.zone)
        return found.astimezone(self.zone) if found and self.zone else found

    def day(self, value: object) -> str:
        """The date on the organisation's calendar, empty where there is none."""
        if _DAY.fullmatch(text(value)):
            return fields.day(value)
        found = self.moment(value)
        return found.astimezone(self.zone or organisation.zone()).date().isoformat() if found else ""

    def begins(self, value: object) -> datetime | None:
        """The moment, of a day alone its beginning on the organisation's calendar."""
        at = fields.moment(value, self.zone) if _DAY.fullmatch(text(value)) else self.moment(value)
        return at.astimezone(UTC) if at else None

    def notices(self, file: str, help: str) -> tuple[Failure, ...]:
        """Said once for all that was read together."""
        if not self.guessed:
            return ()
        detail = f"Times in this export name no time zone: they are taken as {organisation.zone()}, the organisation's. {help}"
        return (Failure(file, "no_time_zone", detail),)
