"""The neutral format brings in any source, a line each, and names the lines that are not valid."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from ingest.records import Call, Document, Email, Link, Note, Participant, Turn
from ingest.sources import jsonl
from ingest.sources.inputs import Input

CALL = {
    "doc_id": "c-17", "account": "Halden Freight Group", "source_type": "call", "title": "Commercial alignment",
    "timestamp": "2026-09-24T12:00:00Z",
    "participants": [{"name": "Dana Okafor", "email": "Dana@cartage.example", "side": "seller"}, "Marta Lindqvist"],
    "turns": [
        {"turn_id": "c-17:4", "speaker": "Dana Okafor", "time": 1921.0, "text": "I can commit to the eighteenth."},
        {"speaker": "Marta Lindqvist", "time": "2026-09-24T12:40:00Z", "text": "Good."},
    ],
    "url": "https://x.example/c-17", "meta": {"room": "4"}, "mood": "fine",
}  # fmt: skip


def lines(*rows: object) -> Input:
    return Input("a.jsonl", "\n".join(row if isinstance(row, str) else json.dumps(row) for row in rows).encode())


def test_a_call_line_becomes_a_call() -> None:
    dana, marta = Participant("Dana Okafor", "dana@cartage.example", side="seller"), Participant("Marta Lindqvist")
    reading = jsonl.parse([lines(CALL)])
    assert reading.failures == ()
    assert reading.interactions == (
        Call(
            source="jsonl",
            external_id="c-17",
            title="Commercial alignment",
            occurred_at=datetime(2026, 9, 24, 12, tzinfo=UTC),
            turns=(
                Turn("I can commit to the eighteenth.", dana, starts_s=1921.0, native_id="c-17:4"),
                Turn("Good.", marta, starts_s=2400.0),
            ),
            participants=(dana, marta),
            url="https://x.example/c-17",
            links=(Link("name", "account", "Halden Freight Group"),),
            meta={"room": "4", "mood": "fine"},
            file="a.jsonl:1",
        ),
    )


def test_text_serves_for_everything_without_turns_and_a_mails_text_is_taken_apart() -> None:
    note = {"doc_id": "n", "source_type": "crm_note", "text": "Marta signs alone.", "author": "Dana Okafor"}
    doc = {"doc_id": "d", "source_type": "doc", "text": "Price: 186,000."}
    mail = {
        "doc_id": "e",
        "source_type": "email",
        "text": "Yes.\n\nOn Mon, Sep 7, 2026 at 9:00 AM Ann Lee <ann@a.example> wrote:\n\n> Can you?",
        "from": "tom@h.example",
    }
    found = jsonl.parse([lines(note, doc, mail)]).interactions
    assert [type(i) for i in found] == [Note, Document, Email]
    assert [[(t.role, t.speaker.name if t.speaker else "") for t in i.turns] for i in found] == [
        [("said", "Dana Okafor")], [("said", "")], [("said", "tom@h.example"), ("quoted", "Ann Lee")],
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("row", "reason", "word"),
    [
        ({**CALL, "doc_id": ""}, "not_valid", "doc_id"),
        ({**CALL, "source_type": "fax"}, "not_valid", "source_type"),
        ({**CALL, "timestamp": "yesterday"}, "not_valid", "timestamp"),
        ({**CALL, "turns": []}, "not_valid", "text"),
        ({**CALL, "meta": json.loads("[" * 90 + "]" * 90)}, "", ""),
        ({**CALL, "more": json.loads("[" * 400 + "]" * 400)}, "not_valid", "deeply"),
        ("[1]", "not_valid", "object"),
        ('{"doc_id": "c-18", "source_ty', "truncated_json", "object"),
    ],
)
def test_a_bad_line_is_named_by_its_number_and_loses_no_other(row: object, reason: str, word: str) -> None:
    reading = jsonl.parse([lines(CALL, "", row, {**CALL, "doc_id": "last"})])
    assert [(f.line, f.reason) for f in reading.failures] == ([(3, reason)] if reason else [])
    assert all(word in failure.detail for failure in reading.failures)
    assert [i.external_id for i in reading.interactions if i.external_id != "c-17" or i.file == "a.jsonl:1"] == ["c-17", "last"]
