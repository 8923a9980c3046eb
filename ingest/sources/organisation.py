"""The time zone that the organisation keeps, for whatever a source leaves without one, and whether anything did."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from zoneinfo import ZoneInfo


@dataclass(slots=True)
class Calendar:
    zone: tzinfo = UTC
    assumed: bool = False
    """A time of day was met that names no zone, and was taken as this one."""


_CALENDAR: ContextVar[Calendar | None] = ContextVar("organisation", default=None)


@contextmanager
def keeping(zone: tzinfo) -> Iterator[Calendar]:
    """What is read inside is read with the organisation's calendar; outside of it, times without a zone are UTC.

    Times are met some four calls below whoever knows the settings, in every parser, so this is not handed from one to the next.
    """
    calendar = Calendar(zone)
    token = _CALENDAR.set(calendar)
    try:
        yield calendar
    finally:
        _CALENDAR.reset(token)


def zone() -> tzinfo:
    calendar = _CALENDAR.get()
    return calendar.zone if calendar else UTC


def zone_called(name: str) -> tzinfo | None:
    """The zone of a name (`Europe/Berlin`); None for one that nobody knows, and for none."""
    try:
        return ZoneInfo(name) if name else None
    except (KeyError, ValueError, OSError):  # unknown, no name at all, the name of a folder of zones
        return None


def localised(at: datetime) -> datetime:
    """A time of day without a zone, in the organisation's. A whole day is asked for with `at` midnight and `zone()` instead."""
    calendar = _CALENDAR.get()
    if calendar is not None:
        calendar.assumed = True
    return at.replace(tzinfo=zone())
