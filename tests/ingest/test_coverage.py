"""The report says what the history lacks: calls without their words, months without a word."""

from __future__ import annotations

import json

from tests.conftest import Desk
from tests.exports import DANA, MARTA, at, mail, neutral, note, talk


def invitation(uid: str, day: str, status: str = "CONFIRMED") -> str:
    lines = [
        "BEGIN:VCALENDAR", "VERSION:2.0", "METHOD:REQUEST", "BEGIN:VEVENT", f"UID:{uid}@cartage.example", f"SUMMARY:{uid}",
        f"STATUS:{status}", f"DTSTART:{day}T120000Z", "ORGANIZER;CN=Dana Okafor:mailto:dana@cartage.example",
        "ATTENDEE;CN=Marta Lindqvist:mailto:marta@halden.example", "END:VEVENT", "END:VCALENDAR", "",
    ]  # fmt: skip
    return "\r\n".join(lines)


def test_a_meeting_that_was_not_recorded_and_a_call_without_words_are_calls_nobody_heard(desk: Desk) -> None:
    meta = {"id": "9", "title": "Pricing", "started": "2026-09-08T12:00:00Z", "url": "https://app.gong.io/call?id=9"}
    party = {"id": "p", "speakerId": "s", "name": "Marta", "emailAddress": "marta@halden.example"}
    desk.write(
        {
            "talk.jsonl": neutral(talk("c", ("Dana", "May."), account="Halden", timestamp="2026-09-01T12:00:00Z")),
            "heard.ics": invitation("heard", "20260901"),
            "missed.ics": invitation("missed", "20260903"),
            "off.ics": invitation("off", "20260904", "CANCELLED"),
            "gong/calls.json": json.dumps({"calls": [{"metaData": meta, "parties": [party]}]}),
        }
    )
    [halden] = desk.ingest(account="Halden").lacking
    assert [(call.title, call.kind) for call in halden.unheard] == [("missed", "meeting"), ("Pricing", "call")]
    assert halden.silent == ()


def test_months_without_a_word_between_the_first_and_the_last_are_named(desk: Desk) -> None:
    desk.write(
        {
            "a.eml": mail(DANA, MARTA, "One.", id="1", on=at(3, 31)),
            "b.eml": mail(DANA, MARTA, "Two.", id="2", on=at(7, 1)),
            "c.jsonl": neutral(note("n", "Three.", "Halden", timestamp="2026-05-02T12:00:00Z")),
        }
    )
    [halden] = desk.ingest(account="Halden").lacking
    assert (halden.account, halden.silent, halden.unheard) == ("Halden", ("2026-04", "2026-06"), ())
    desk.write({"d.eml": mail(DANA, MARTA, "Four.", id="4", on=at(4, 9)), "e.eml": mail(DANA, MARTA, "Five.", id="5", on=at(6, 9))})
    assert desk.ingest(account="Halden").lacking == []
