"""Reads calendar invitations (.ics, alone or in a mail): one meeting an event, at its newest state."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from ingest.records import Failure, Interaction, Meeting, Participant, Reading, Turn
from ingest.sources import organisation, parts
from ingest.sources.format import Format, Look, Part
from ingest.sources.inputs import Input, decode

if TYPE_CHECKING:
    from icalendar.cal import Component

_MOST_EVENTS = 10_000
_INVITES = frozenset({"", "REQUEST", "PUBLISH", "CANCEL", "ADD"})
"""What tells of a meeting; the other methods answer or ask about one."""
_JOINING = re.compile(
    r"^\s*(?:_{10,}|-{10,}|-::~|(?:click here to )?join (?:zoom|the meeting|microsoft teams)|microsoft teams (?:meeting|need help))",
    re.I | re.M,
)
"""From here on the text says how to dial in."""


def parse(inputs: Sequence[Input]) -> Reading:
    readings = [read(item) for item in inputs]
    return Reading(
        interactions=newest(found for reading in readings for found in reading.interactions),
        failures=tuple(failure for reading in readings for failure in reading.failures),
        notices=tuple(notice for reading in readings for notice in reading.notices),
    )


def read(item: Input) -> Reading:
    """The meetings of one calendar file."""
    from icalendar import Calendar  # slow to load, and few mails carry an invitation

    if lost := parts.begin(item.name):
        return Reading(failures=(lost,))
    try:
        calendars = Calendar.from_ical(decode(item.data), multiple=True)
        events = [(calendar, event) for calendar in calendars for event in calendar.walk("VEVENT")][:_MOST_EVENTS]
    except Exception:  # the library raises whatever its inner parsers raise
        calendars, events = [], []
    if not calendars:
        detail = "The calendar file is damaged and cannot be read; save the meeting again from the calendar."
        return Reading(failures=(Failure(item.name, "not_valid", detail),))
    if not any(_method(calendar) in _INVITES for calendar in calendars):
        return Reading()  # an attendee's yes or no: the mail around it says so in words
    meetings: list[Meeting] = []
    failures: list[Failure] = []
    notices: list[Failure] = []
    for number, (calendar, event) in enumerate(events, start=1):
        name = item.name if len(events) == 1 else f"{item.name}::{number}"
        try:
            meeting, zoned = _meeting(event, _method(calendar), name)
        except Exception as error:  # as above
            detail = f"A meeting of the calendar file cannot be read ({type(error).__name__}); save it again from the calendar."
            failures.append(Failure(name, "not_valid", detail))
            continue
        meetings.append(meeting)
        if not zoned:
            detail = f"The meeting's time has no time zone: it is taken as {organisation.zone()}, the organisation's."
            notices.append(Failure(name, "no_time_zone", detail))
    if not events:
        failures.append(Failure(item.name, "no_text", "The calendar file holds no meeting; export the calendar again."))
    return Reading(interactions=newest(meetings), failures=tuple(failures), notices=tuple(notices))


def newest(interactions: Iterable[Interaction]) -> tuple[Interaction, ...]:
    """Of the states of one meeting the last; everything else as it is, in the order it came."""
    found: dict[object, Interaction] = {}
    for interaction in interactions:
        key = (interaction.source, interaction.external_id) if isinstance(interaction, Meeting) else id(interaction)
        other = found.get(key)
        if other is None or state_of(interaction.meta) > state_of(other.meta):
            found[key] = interaction
    return tuple(found.values())


def state_of(meta: Mapping[str, Any]) -> tuple[int, str]:
    """How late a state of a meeting is, to compare with another state of the same one."""
    return meta.get("sequence", 0), meta.get("stamped_at", "")


def _method(calendar: Component) -> str:
    return str(calendar.get("METHOD", "")).upper()


def _meeting(event: Component, method: str, file: str) -> tuple[Meeting, bool]:
    """One event, and whether its time says in which zone it is."""
    uid = str(event.get("UID", "")).strip()
    starts, zoned = _moment(event.get("DTSTART"))
    ends, _ = _moment(event.get("DTEND"))
    again, _ = _moment(event.get("RECURRENCE-ID"))
    stamped, _ = _moment(event.get("DTSTAMP"))
    title = str(event.get("SUMMARY", "")).strip() or "Meeting"
    organizer = _person(event.get("ORGANIZER"))
    guests = [(person, value) for value in _values(event.get("ATTENDEE")) if (person := _person(value))]
    cancelled = method == "CANCEL" or str(event.get("STATUS", "")).upper() == "CANCELLED"
    about = _about(starts, ends, str(event.get("LOCATION", "")), cancelled, [person for person, _ in guests])
    text = "\n".join(line.strip() for line in str(event.get("DESCRIPTION", "")).splitlines()).strip()
    cut = found.start() if (found := _JOINING.search(text)) else len(text)
    turns = [Turn(f"{title}\n{about}".strip()), Turn(text[:cut].strip(), organizer), Turn(text[cut:].strip(), None, "boilerplate")]
    meta: dict[str, Any] = {
        "sequence": int(event.get("SEQUENCE", 0) or 0),
        "stamped_at": stamped.astimezone(UTC).isoformat() if stamped else "",
        "status": "cancelled" if cancelled else str(event.get("STATUS", "confirmed")).lower(),
        "ends_at": ends.astimezone(UTC).isoformat() if ends else "",
        "location": str(event.get("LOCATION", "")),
        "answers": {person.email: str(getattr(value, "params", {}).get("PARTSTAT", "")).lower() for person, value in guests},
    }
    if rule := event.get("RRULE"):
        written: bytes = rule.to_ical()
        meta["repeats"] = written.decode("utf-8", "replace")
    key = uid or f"{title}@{starts.astimezone(UTC).isoformat() if starts else ''}"
    meeting = Meeting(
        source="calendar",
        external_id=f"{key}#{again.astimezone(UTC).isoformat()}" if again else key,
        title=title,
        occurred_at=starts,
        turns=tuple(turn for turn in turns if turn.text),
        participants=tuple({p.email: p for p in reversed([*filter(None, [organizer]), *(person for person, _ in guests)])}.values())[::-1],
        url=str(event.get("URL", "")),
        aliases=(uid,) if again and uid else (),
        meta=meta,
        file=file,
    )
    return meeting, zoned or starts is None


def _about(starts: datetime | None, ends: datetime | None, location: str, cancelled: bool, guests: Sequence[Participant]) -> str:
    """The fields of the event, a line each, so that they can be quoted."""
    starts, ends = (at.astimezone(UTC) if at else None for at in (starts, ends))
    until = f" to {ends:%H:%M}" if starts and ends and ends.date() == starts.date() else f" to {ends:%Y-%m-%d %H:%M}" if ends else ""
    rows = {
        "When": f"{starts:%Y-%m-%d %H:%M}{until} UTC" if starts else "",
        "Where": " ".join(location.split()),
        "Status": "cancelled" if cancelled else "",
        "Invited": ", ".join(guest.name for guest in guests),
    }
    return "\n".join(f"{label}: {value}" for label, value in rows.items() if value)


def _moment(value: Any) -> tuple[datetime | None, bool]:
    """In the calendar's zone, and whether it named one; a whole day begins at the organisation's midnight."""
    at = getattr(value, "dt", None)
    if not isinstance(at, date) or not 1 < at.year < 9999:
        return None, True
    if isinstance(at, datetime):
        return (at, True) if at.tzinfo else (organisation.localised(at), False)
    return datetime(at.year, at.month, at.day, tzinfo=organisation.zone()), True


def _values(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value] if value is not None else []


def _person(value: Any) -> Participant | None:
    if value is None:
        return None
    address = re.sub(r"(?i)^mailto:", "", str(value)).strip().casefold()
    name = " ".join(str(getattr(value, "params", {}).get("CN", "")).split()).strip("'\"")
    if "@" not in address:
        return Participant(name) if name else None
    return Participant(name or address, address)


def _recognise(look: Look) -> Part | None:
    return "main" if look.is_text and look.content[:200].lstrip().upper().startswith("BEGIN:VCALENDAR") else None


FORMAT = Format("calendar", _recognise, parse, isolated=True)
