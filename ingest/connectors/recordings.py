"""Goes through a recorder's calls by when they were: once in long steps, then the last days again and again, for words come late.

A recorder knows no "changed since". What was listed a moment ago and is listed no longer was deleted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from ingest.connectors.batch import Batch, Cursor

LOOK_BACK = timedelta(hours=48)
AT_ONCE = timedelta(days=30)
"""So much is asked for in one question; a run that is killed goes on with the next."""
GIVE_UP = timedelta(days=14)
"""For so long a call's words are asked for."""
BEFORE = timedelta(days=730)
"""Without another day to begin at."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """A call, as far as it is known: its files, and whether its words are among them."""

    id: str
    unit: str
    at: datetime
    files: Mapping[str, bytes]
    """By name in its unit."""
    heard: bool
    drop: Sequence[str] = ()


Listed = Callable[[datetime, datetime], Iterator[list[Recorded]]]
Again = Callable[[str, str], Recorded | None]
"""(id, unit): the call as it is now; None where it is gone."""


def walk(listed: Listed, again: Again, cursor: Cursor, since: datetime | None, now: datetime) -> Iterator[Batch]:
    """Every call behind the cursor."""
    late: dict[str, Any] = dict(cursor.get("late", {}))
    recent: dict[str, Any] = dict(cursor.get("recent", {}))
    reached = _moment(cursor["reached"]) if cursor else since or now - BEFORE
    begin, newest = reached - LOOK_BACK if cursor else reached, reached
    while True:
        end = min(begin + AT_ONCE, now + timedelta(minutes=1))
        last = end >= now
        seen: dict[str, Any] = {}
        for calls in listed(begin, end):
            put: dict[str, bytes] = {}
            for call in calls:
                seen[call.id] = [_stamp(call.at), call.unit]
                newest = max(newest, call.at)
                put |= {f"{call.unit}/{name}": data for name, data in call.files.items()}
                late.pop(call.id, None)
                if not call.heard and call.at >= now - GIVE_UP:
                    late[call.id] = seen[call.id]
            yield Batch(put, [f"{call.unit}/{name}" for call in calls for name in call.drop], asked=len(calls))
        gone = [id for id, (at, _) in recent.items() if id not in seen and begin <= _moment(at) < end]
        units = [unit for id, (_, unit) in recent.items() if id in gone]
        late = {id: known for id, known in late.items() if id not in gone and _moment(known[0]) >= now - GIVE_UP}
        recent = {id: known for id, known in {**recent, **seen}.items() if id not in gone and _moment(known[0]) >= newest - LOOK_BACK}
        reached = newest if last else max(reached, end)
        cursor = {"reached": _stamp(reached), "late": dict(late), "recent": recent}
        yield Batch({}, units, cursor)
        if last:
            break
        begin = end
    for id in sorted(late.keys() - seen.keys()):
        call_now = again(id, late[id][1])
        if call_now is None or call_now.heard:
            unit = late.pop(id)[1]
            files = call_now.files if call_now else {}
            yield Batch(
                {f"{unit}/{name}": data for name, data in files.items()}, [] if call_now else [unit], {**cursor, "late": dict(late)}, 1
            )


def _moment(value: str) -> datetime:
    return datetime.fromisoformat(value.replace("Z", "+00:00")).astimezone(UTC)


def _stamp(at: datetime) -> str:
    return at.astimezone(UTC).isoformat()
