"""Reads the loose values of exports: missing keys, numbers as strings, dates in four spellings. Nothing here raises."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from datetime import UTC, datetime, tzinfo
from typing import TypeGuard

from ingest.records import LATEST_S
from ingest.sources import organisation

Object = Mapping[str, object]

_EMPTY: Object = {}
_OFFSET = re.compile(r"([+-]\d\d)(\d\d)$")
_WHOLE_DAY = re.compile(r"\d{4}-?\d{2}-?\d{2}")


def obj(value: object) -> Object:
    """The value if it is a JSON object, else an empty one."""
    return value if is_object(value) else _EMPTY


def is_object(value: object) -> TypeGuard[Object]:
    return isinstance(value, dict)


def objects(value: object) -> list[Object]:
    """The objects of a JSON array; anything else in it is passed over."""
    return [item for item in value if is_object(item)] if isinstance(value, list) else []


def text(value: object) -> str:
    """A string or number as stripped text; everything else, null too, is empty."""
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        return ""
    return str(value).strip()


def texts(value: object) -> list[str]:
    return [found for item in value if (found := text(item))] if isinstance(value, list) else []


def number(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        return None
    try:
        found = float(value)
    except (ValueError, OverflowError):
        return None
    return found if math.isfinite(found) else None


def is_number(value: object) -> bool:
    """Whether it is meant as a number, be it an impossible one (NaN, 1e999)."""
    if isinstance(value, str):
        try:
            float(value)
        except ValueError:
            return False
        return True
    return isinstance(value, int | float) and not isinstance(value, bool)


def seconds(value: object, unit: float = 1) -> float | None:
    """A moment of a call, or how long it took; `unit` is how many seconds one is. None where no call can have it."""
    found = number(value)
    return round(found * unit, 3) if found is not None and 0 <= found * unit <= LATEST_S else None


def clock(value: object) -> float | None:
    """Seconds of `00:01:02.500`, `0:0:11.0`, `1:02,5`."""
    stamp, found = text(value), 0.0
    if not stamp:
        return None
    for part in stamp.replace(",", ".").split(":"):
        try:
            found = found * 60 + float(part or 0)
        except ValueError:
            return None
    return seconds(found)


def is_impossible(value: object, unit: float = 1) -> bool:
    """A moment is given, and no call can have it."""
    return value is not None and value != "" and seconds(value, unit) is None


def whole(value: object) -> int | None:
    found = number(value)
    return None if found is None else int(found)


def flag(value: object) -> bool:
    return value is True or (isinstance(value, str) and value.strip().lower() in ("true", "1", "yes"))


def moment(value: object, zone: tzinfo | None = None) -> datetime | None:
    """An aware time from ISO text, with the offset written there, or in UTC from milliseconds or seconds since 1970.

    Text without a zone is meant in `zone`, else in the organisation's.
    """
    if isinstance(value, str) and not re.fullmatch(r"\d{9,14}", value.strip()):
        try:
            return _aware(value.strip(), zone)
        except (ValueError, OverflowError):
            return None
    stamp = number(value)
    if stamp is None:
        return None
    try:
        return datetime.fromtimestamp(stamp / 1000 if stamp > 1e11 else stamp, UTC) if stamp > 0 else None
    except (ValueError, OverflowError, OSError):
        return None


def _aware(written: str, zone: tzinfo | None) -> datetime:
    found = datetime.fromisoformat(_OFFSET.sub(r"\1:\2", written))
    if found.tzinfo is None:
        whole = zone is not None or _WHOLE_DAY.fullmatch(written)
        found = found.replace(tzinfo=zone or organisation.zone()) if whole else organisation.localised(found)
    if not 1 < found.year < 9999:
        raise ValueError("in another zone it would be outside of the calendar")
    return found


def day(value: object) -> str:
    """The ISO date of a date or date-time, as it is written; empty where there is none."""
    found = moment(value)
    return found.date().isoformat() if found else ""


def host(value: str) -> str:
    """The host of a website field, which may be a whole address, without `www.`; empty for what is none."""
    found = re.sub(r"^[a-z]+://", "", value.strip().lower()).split("/")[0].split("?")[0].split(":")[0].removeprefix("www.")
    return found if "." in found and "@" not in found and " " not in found else ""
