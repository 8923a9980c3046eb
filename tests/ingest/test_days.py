"""A thing is of the day it was where it was said: by the offset it carries, else by the organisation's clock."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from ingest.archive.scope import EVERYTHING
from tests.conftest import Desk
from tests.exports import DANA, MARTA, mail, neutral, note, vtt

LATE = datetime(2026, 10, 5, 22, 30, tzinfo=timezone(timedelta(hours=-5)))
"""The sixth already in Greenwich."""


def kept(desk: Desk, zone: str) -> None:
    desk.home.mkdir(exist_ok=True)
    (desk.home / "baton.toml").write_text(f'[ingest]\ntimezone = "{zone}"\n', encoding="utf-8")


def days(desk: Desk) -> dict[str, tuple[datetime | None, date | None]]:
    with desk.open() as home:
        return {source.external_id: (source.occurred_at, source.occurred_on) for source in home.archive.sources(EVERYTHING)}


def test_a_mail_and_what_it_carries_are_of_the_day_its_writer_had(desk: Desk) -> None:
    desk.write({"late.eml": mail(MARTA, DANA, "We sign.", id="late", on=LATE, attached={"order.pdf": "The fee is 186,000."})})
    desk.ingest(account="Halden")
    assert set(days(desk).values()) == {(datetime(2026, 10, 6, 3, 30, tzinfo=UTC), date(2026, 10, 5))}


@pytest.mark.parametrize(
    ("zone", "stamp", "day"),
    [
        ("UTC", "2026-10-05T22:30:00Z", date(2026, 10, 5)),
        ("Europe/Berlin", "2026-10-05T22:30:00Z", date(2026, 10, 6)),
        ("America/New_York", "2026-10-06T03:30:00Z", date(2026, 10, 5)),
        ("Europe/Berlin", "2026-10-05T22:30:00-05:00", date(2026, 10, 5)),
        ("America/New_York", "2026-10-05", date(2026, 10, 5)),
        ("Asia/Tokyo", "2026-10-05", date(2026, 10, 5)),
        ("Europe/Berlin", "2026-10-05T23:30:00", date(2026, 10, 5)),
    ],
)
def test_what_has_no_offset_of_its_own_is_of_the_organisations_day(desk: Desk, zone: str, stamp: str, day: date) -> None:
    kept(desk, zone)
    desk.write({"a.jsonl": neutral(note("n", "We sign.", "Halden", timestamp=stamp))})
    desk.ingest()
    assert days(desk)["n"][1] == day


def test_a_time_without_a_zone_is_the_organisations_and_it_is_said_so(desk: Desk) -> None:
    kept(desk, "Europe/Berlin")
    desk.write({"a.jsonl": neutral(note("n", "We sign.", "Halden", timestamp="2026-10-06T00:30:00"))})
    [notice] = desk.ingest().notices
    assert (notice.file, notice.reason) == ("a.jsonl", "no_time_zone")
    assert "Europe/Berlin, the organisation's" in notice.detail
    assert days(desk)["n"] == (datetime(2026, 10, 5, 22, 30, tzinfo=UTC), date(2026, 10, 6))


def test_another_zone_moves_the_days_and_changes_nothing_else(desk: Desk) -> None:
    desk.write({"a.jsonl": neutral(note("n", "We sign.", "Halden", timestamp="2026-10-05T22:30:00Z"))})
    desk.ingest()
    kept(desk, "Europe/Berlin")
    tally = desk.ingest()
    assert (tally.new, tally.changed, tally.unchanged) == (0, 0, 1)
    assert days(desk)["n"] == (datetime(2026, 10, 5, 22, 30, tzinfo=UTC), date(2026, 10, 6))


def test_a_file_named_by_a_day_is_of_that_day_everywhere(desk: Desk) -> None:
    kept(desk, "America/New_York")
    desk.write({"Discovery call 2026-05-14.vtt": vtt(("Marta Lindqvist", "We sign in May."), ("Dana Okafor", "Great."))})
    desk.ingest(account="Halden")
    assert [day for _, day in days(desk).values()] == [date(2026, 5, 14)]
