"""A calendar entry is one meeting at its newest state, at the right moment, with who was asked."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from ingest.records import Email, Interaction, Meeting, Participant, Reading
from ingest.sources import invites, mail
from ingest.sources.inputs import Input
from tests.ingest.sources.harborlight import inputs


def event(*lines: str, method: str = "REQUEST", uid: str = "u1@x.example") -> str:
    body = [f"METHOD:{method}", "BEGIN:VEVENT", f"UID:{uid}", "SUMMARY:Kickoff", *lines, "END:VEVENT"]
    return "\r\n".join(["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//x//y", *body, "END:VCALENDAR", ""])


def parse(*calendars: str) -> Reading:
    return invites.parse([Input(f"{number}.ics", text.encode()) for number, text in enumerate(calendars, start=1)])


def only(*calendars: str) -> Interaction:
    (found,) = parse(*calendars).interactions
    return found


def test_the_sample_invitation_is_read_whole() -> None:
    (found,) = invites.parse(inputs("emails/invite.ics")).interactions
    assert (type(found), found.source, found.external_id, found.title) == (
        Meeting,
        "calendar",
        "kick-7f2c19@ferrule.example",
        "Harborlight kickoff",
    )
    assert found.occurred_at == datetime(2026, 10, 6, 16, 0, tzinfo=UTC)
    assert [person.email for person in found.participants] == [
        "sofia.marchetti@ferrule.example", "meilin.zhou@harborlight.example", "tom.becker@harborlight.example",
        "priya.raman@ferrule.example",
    ]  # fmt: skip
    assert found.meta["answers"]["priya.raman@ferrule.example"] == "accepted"
    assert [(turn.text.split("\n")[0], turn.speaker) for turn in found.turns] == [
        ("Harborlight kickoff", None),
        (
            "Agenda: pilot Oct 26 (Oakland, Tacoma, Reno), rehearsal Oct 12,",
            Participant("Sofia Marchetti", "sofia.marchetti@ferrule.example"),
        ),
    ]
    assert found.turns[0].text.split("\n")[1:] == [
        "When: 2026-10-06 16:00 to 17:00 UTC", "Where: Google Meet", "Invited: Mei-Lin Zhou, Tom Becker, Priya Raman",
    ]  # fmt: skip


def test_an_invitation_that_comes_twice_in_one_mail_is_one_meeting() -> None:
    reading = mail.parse(inputs("emails/e09.eml"))
    assert [(type(i), i.file) for i in reading.interactions] == [(Email, "emails/e09.eml"), (Meeting, "emails/e09.eml::invite-3.ics")]
    assert reading.failures == ()


@pytest.mark.parametrize(
    ("line", "at"),
    [
        ("DTSTART:20261006T090000Z", datetime(2026, 10, 6, 9, tzinfo=UTC)),
        ("DTSTART;TZID=Europe/Stockholm:20261006T090000", datetime(2026, 10, 6, 7, tzinfo=UTC)),
        ("DTSTART;TZID=W. Europe Standard Time:20261206T090000", datetime(2026, 12, 6, 8, tzinfo=UTC)),
        ("DTSTART;VALUE=DATE:20261006", datetime(2026, 10, 6, tzinfo=UTC)),
        ("X-NOTHING:", None),
    ],
)
def test_a_time_is_told_in_utc(line: str, at: datetime | None) -> None:
    reading = parse(event(line))
    assert ([i.occurred_at for i in reading.interactions], reading.notices) == ([at], ())


def test_a_time_without_a_zone_is_taken_as_utc_and_noted() -> None:
    reading = parse(event("DTSTART:20261006T090000"))
    assert [i.occurred_at for i in reading.interactions] == [datetime(2026, 10, 6, 9, tzinfo=UTC)]
    assert [(notice.file, notice.reason) for notice in reading.notices] == [("1.ics", "no_time_zone")]


def test_of_the_states_of_a_meeting_the_last_sequence_counts() -> None:
    moved = event("SEQUENCE:2", "DTSTART:20261007T090000Z")
    first = event("SEQUENCE:1", "DTSTART:20261006T090000Z")
    assert only(moved, first).occurred_at == only(first, moved).occurred_at == datetime(2026, 10, 7, 9, tzinfo=UTC)
    assert only(first, event("SEQUENCE:3", "DTSTART:20261006T090000Z", method="CANCEL")).meta["status"] == "cancelled"
    assert only(event("STATUS:CANCELLED", "DTSTART:20261006T090000Z")).turns[0].text.endswith("Status: cancelled")


def test_one_date_of_a_series_is_a_meeting_of_its_own() -> None:
    series = event("DTSTART:20261006T090000Z", "RRULE:FREQ=WEEKLY;COUNT=4")
    moved = event("RECURRENCE-ID:20261013T090000Z", "DTSTART:20261014T090000Z")
    assert [(i.external_id, i.occurred_at, i.meta.get("repeats")) for i in parse(series, moved).interactions] == [
        ("u1@x.example", datetime(2026, 10, 6, 9, tzinfo=UTC), "FREQ=WEEKLY;COUNT=4"),
        ("u1@x.example#2026-10-13T09:00:00+00:00", datetime(2026, 10, 14, 9, tzinfo=UTC), None),
    ]


def test_an_answer_to_an_invitation_is_no_meeting() -> None:
    assert parse(event("ATTENDEE;PARTSTAT=ACCEPTED:mailto:a@b.example", method="REPLY")) == Reading()


def test_how_to_dial_in_is_not_what_was_said() -> None:
    found = only(
        event("ORGANIZER:mailto:ann@a.example", "DESCRIPTION:Agenda: cutover.\\n________________________________\\nMeeting ID: 123 456")
    )
    assert [(turn.role, turn.text.split("\n")[-1]) for turn in found.turns] == [
        ("said", "Kickoff"),
        ("said", "Agenda: cutover."),
        ("boilerplate", "Meeting ID: 123 456"),
    ]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("BEGIN:VCALENDAR\r\nEND:VEVENT\r\n", "no_text"),
        ("BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDTSTART:never", "not_valid"),
        ("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nEND:VCALENDAR\r\n", "no_text"),
        ("no calendar", "not_valid"),
    ],
)
def test_a_damaged_calendar_is_set_aside(text: str, reason: str) -> None:
    assert [(failure.file, failure.reason) for failure in parse(text).failures] == [("1.ics", reason)]


def test_one_odd_meeting_does_not_cost_the_others() -> None:
    odd = event("SEQUENCE:many", uid="odd").replace("END:VCALENDAR\r\n", "")
    good = event("DTSTART:20261006T090000Z", uid="good").partition("METHOD:REQUEST\r\n")[2]
    reading = parse(odd + good)
    assert "good" in [i.external_id for i in reading.interactions]
