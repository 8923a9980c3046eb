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
        {"turn_id": "c-17:4", "speaker": "Dana Okafor", "time": 1921.0, "text": "I can commit to the eighteenth.", "confidence": 0.62},
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
                Turn("I can commit to the eighteenth.", dana, starts_s=1921.0, native_id="c-17:4", confidence=0.62),
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
        ({**CALL, "doc_id": "deep", "meta": json.loads("[" * 90 + "]" * 90)}, "", ""),
        ({**CALL, "more": json.loads("[" * 400 + "]" * 400)}, "not_valid", "deeply"),
        ("[1]", "not_valid", "object"),
        ('{"doc_id": "c-18", "source_ty', "truncated_json", "object"),
    ],
)
def test_a_bad_line_is_named_by_its_number_and_loses_no_other(row: object, reason: str, word: str) -> None:
    reading = jsonl.parse([lines(CALL, "", row, {**CALL, "doc_id": "last"})])
    assert [(f.line, f.reason) for f in reading.failures] == ([(3, reason)] if reason else [])
    assert all(word in failure.detail for failure in reading.failures)
    assert [i.external_id for i in reading.interactions if i.external_id != "deep"] == ["c-17", "last"]


def at(time: str) -> str:
    """A call whose only turn is said at this JSON value."""
    row = json.dumps({"doc_id": "t", "source_type": "call", "turns": [{"speaker": "Ann", "time": 0, "text": "Yes."}]})
    return row.replace('"time": 0', f'"time": {time}')


@pytest.mark.parametrize("time", ["1e308", "1e400", "NaN", "-Infinity", "-1", "10000001", '"1e9"', '"nan"', "1" + "0" * 400])
def test_a_line_with_a_moment_no_call_has_is_set_aside_by_its_number(time: str) -> None:
    reading = jsonl.parse([lines(CALL, at(time))])
    (failure,) = reading.failures
    assert (failure.line, failure.reason, len(reading.interactions)) == (2, "not_valid", 1)
    assert failure.detail.startswith("`time` is seconds from the start of the call")


@pytest.mark.parametrize(("time", "starts_s"), [("0", 0.0), ("1e7", 1e7), ('"12.5"', 12.5), ("null", None), ('""', None)])
def test_a_moment_a_call_can_have_is_kept(time: str, starts_s: float | None) -> None:
    reading = jsonl.parse([lines(at(time))])
    assert [turn.starts_s for turn in reading.interactions[0].turns] == [starts_s]
    assert (reading.failures, reading.notices) == ((), ())


def test_a_moment_in_no_known_spelling_keeps_its_words_and_is_noted() -> None:
    reading = jsonl.parse([lines(CALL, at('"half past"'))])
    assert [(turn.text, turn.starts_s) for turn in reading.interactions[1].turns] == [("Yes.", None)]
    assert [(notice.file, notice.line, notice.reason) for notice in reading.notices] == [("a.jsonl", 2, "impossible_time")]


def test_an_id_that_comes_twice_with_other_words_is_set_aside_by_its_line() -> None:
    other = {**CALL, "turns": [{"speaker": "Dana Okafor", "text": "The nineteenth."}], "account": "HALDEN  freight group"}
    reading = jsonl.parse([lines(CALL, other)])
    assert [interaction.file for interaction in reading.interactions] == ["a.jsonl:1"]
    assert [(failure.line, failure.reason) for failure in reading.failures] == [(2, "duplicate_id")]
    assert reading.failures[0].detail == "Line 1 has the `doc_id` 'c-17' too, with other content; give each interaction its own."


def test_a_line_that_is_repeated_is_read_once_in_silence() -> None:
    reading = jsonl.parse([lines(CALL, CALL, json.dumps(CALL, indent=None, sort_keys=True))])
    assert (len(reading.interactions), reading.failures, reading.notices) == (1, (), ())


def test_the_same_id_in_another_account_is_another_interaction() -> None:
    reading = jsonl.parse([lines(CALL, {**CALL, "account": "Brightwell"}, {**CALL, "account": ""})])
    assert (len(reading.interactions), reading.failures) == (3, ())


def test_a_call_that_names_no_speaker_is_noted_and_a_note_is_not() -> None:
    call = {"doc_id": "c", "source_type": "call", "title": "Kick-off", "turns": [{"text": "We start in May."}]}
    note = {"doc_id": "n", "source_type": "crm_note", "text": "We start in May."}
    reading = jsonl.parse([lines(note, call)])
    assert len(reading.interactions) == 2
    assert [(notice.line, notice.reason, notice.detail) for notice in reading.notices] == [
        (2, "no_speakers", "The transcript 'Kick-off' names no speakers; who said what is not known.")
    ]


@pytest.mark.parametrize(
    ("line", "detail"),
    [
        ("hello", "The line is not JSON (Expecting value); write one JSON object a line, in braces."),
        ("[1]", "The line is not a JSON object; write one JSON object a line, in braces."),
        ('{"doc_id": "c-18", "sou', "The line is not a whole JSON object, it ends in the middle; write one JSON object a line, unbroken."),
    ],
)
def test_a_line_that_is_no_json_object_says_what_to_write_and_its_number_once(line: str, detail: str) -> None:
    (failure,) = jsonl.parse([lines(CALL, line)]).failures
    assert (failure.line, failure.detail) == (2, detail)
