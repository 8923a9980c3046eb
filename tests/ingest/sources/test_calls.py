"""Gong, Fireflies, Zoom and Teams transcripts become the same turns by the same people."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from ingest.records import Call, Link, Mark, Participant, Reading, Turn
from ingest.sources import fireflies, gong, zoom
from ingest.sources.inputs import Input
from ingest.sources.names import address_of
from ingest.sources.vtt import Cue, cues
from tests.ingest.sources.harborlight import golden, inputs, only


def as_golden(call: Call) -> list[tuple[str, str]]:
    return [(turn.speaker.name if turn.speaker else "", turn.text) for turn in call.turns if turn.role == "said"]


def expected(key: str) -> list[tuple[str, str]]:
    return [(turn["speaker"], turn["text"]) for turn in golden("turns")[key]["turns"]]


def test_gong_calls_are_joined_with_their_transcripts_across_pages() -> None:
    reading = gong.parse(inputs("gong"))
    assert reading.failures == ()
    assert [as_golden(call) for call in reading.interactions if isinstance(call, Call)] == [
        expected(key) for key in ("c1", "c2", "c3", "c4")
    ]
    assert [person.participant.email for person in reading.people if person.ours] == [
        "priya.raman@ferrule.example", "marcus.oyelaran@ferrule.example", "jo.lindqvist@ferrule.example", "sofia.marchetti@ferrule.example",
    ]  # fmt: skip


def test_a_gong_call_keeps_its_link_its_crm_records_and_the_time_of_every_sentence() -> None:
    call = gong.parse(inputs("gong")).interactions[0]
    assert isinstance(call, Call)
    assert (call.external_id, call.url) == ("5120938847261940031", "https://us-41877.app.gong.io/call?id=5120938847261940031")
    assert (call.occurred_at, call.duration_s) == (datetime(2026, 6, 18, 15, 0, 12, tzinfo=UTC), 1923.0)
    assert set(call.links) == {Link("salesforce", "deal", "006Rk000000NCbtIAG"), Link("salesforce", "account", "001Rk0000003qsrIAA")}
    first = call.turns[0]
    assert first.native_id == "5120938847261940031:0"
    assert first.marks == (Mark(0, 4.0, 6.22), Mark(34, 6.47, 13.51))
    assert first.text[34:].startswith("Mei-Lin and I spoke")
    assert {p.name: p.side for p in call.participants} == {"Priya Raman": "seller", "Dana O'Neill": "unknown", "Mei-Lin Zhou": "unknown"}


def test_gongs_own_summary_is_kept_but_is_no_evidence() -> None:
    page = {
        "calls": [{"metaData": {"id": "1"}, "content": {"brief": "They agreed to everything.", "keyPoints": [{"text": "All agreed."}]}}]
    }
    call = only(gong.parse([Input("a.json", json.dumps(page).encode())]))
    assert [(turn.role, turn.text) for turn in call.turns] == [("derived", "They agreed to everything."), ("derived", "- All agreed.")]


def test_one_bad_call_in_a_page_does_not_lose_the_others() -> None:
    page = {"calls": [{"metaData": {"title": "no id"}}, {"metaData": {"id": "2", "title": "Good"}}]}
    broken = Input("broken.json", b'{"callTranscripts": [{"callId": "2", "transcr')
    reading = gong.parse([Input("calls.json", json.dumps(page).encode()), broken])
    assert [call.title for call in reading.interactions] == ["Good"]
    assert [(failure.file, failure.reason) for failure in reading.failures] == [
        ("calls.json", "not_valid"),
        ("broken.json", "truncated_json"),
    ]


def test_an_answer_without_calls_is_an_empty_reading() -> None:
    body = b'{"requestId": "x", "errors": ["No calls found corresponding to the provided filters"]}'
    assert gong.parse([Input("empty.json", body)]).interactions == ()


def test_fireflies_sentences_become_turns_and_names_find_their_addresses() -> None:
    call = only(fireflies.parse(inputs("fireflies")))
    assert isinstance(call, Call)
    assert as_golden(call) == expected("c2")
    assert (call.external_id, call.url) == ("01K04Y7M3QZ8T5RWD2VXN6HB9C", "https://app.fireflies.ai/view/01K04Y7M3QZ8T5RWD2VXN6HB9C")
    assert (call.occurred_at, call.duration_s) == (datetime(2026, 7, 14, 16, 1, 3, tzinfo=UTC), 2874.0)
    assert {p.name: p.email for p in call.participants} == {
        "Marcus Oyelaran": "marcus.oyelaran@ferrule.example", "Mei-Lin Zhou": "meilin.zhou@harborlight.example",
        "Tom Becker": "tom.becker@harborlight.example", "Priya Raman": "priya.raman@ferrule.example",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("transcript", "reason"),
    [
        ({"id": "a", "title": "t", "is_live": True, "sentences": []}, "still_live"),
        ({"id": "a", "title": "t", "transcript_url": "https://x"}, "no_transcript"),
        ({"title": "t", "sentences": []}, "not_valid"),
    ],
)
def test_a_fireflies_transcript_that_cannot_be_used_says_why(transcript: dict[str, object], reason: str) -> None:
    reading = fireflies.parse([Input("f.json", json.dumps({"data": {"transcript": transcript}}).encode())])
    assert ([failure.reason for failure in reading.failures], reading.interactions) == ([reason], ())


def test_zoom_cues_take_title_time_host_and_people_from_the_json_beside_them() -> None:
    call, chat = zoom.parse(inputs("zoom")).interactions
    assert isinstance(call, Call)
    assert as_golden(call) == expected("c1")
    assert (call.external_id, call.aliases, call.title) == ("aZ3/k0QxR9u1bT==", ("93811240551",), "Harborlight <> Ferrule - Discovery")
    assert call.occurred_at == datetime(2026, 6, 18, 15, 0, 12, tzinfo=UTC)
    assert call.participants == (
        Participant("Priya Raman", "priya.raman@ferrule.example", side="seller"),
        Participant("Dana O'Neill", "dana.oneill@harborlight.example"),
        Participant("Mei-Lin Zhou"),
    )
    assert [(turn.speaker, turn.starts_s, turn.text) for turn in chat.turns] == [
        (call.participants[1], 760.0, "budget owner is me"),
        (call.participants[2], 1351.0, "tom.becker@harborlight.example"),
    ]
    assert (chat.external_id, chat.internal) == ("aZ3/k0QxR9u1bT==:chat", False)


def test_a_lone_transcript_is_dated_by_its_name() -> None:
    text = "WEBVTT\n\n1\n00:00:01.000 --> 00:00:02.000\nAnn Lee: Hello.\n"
    call = only(zoom.parse([Input("GMT20260514-150000_Recording.transcript.vtt", text.encode())]))
    assert call.occurred_at == datetime(2026, 5, 14, 15, 0, tzinfo=UTC)
    assert call.turns[0].speaker == Participant("Ann Lee")


def test_a_transcript_without_speakers_keeps_its_words_with_nobodys_name() -> None:
    text = "WEBVTT\n\n00:00:01.000 --> 00:00:02.000\nNote: we close Friday.\n\n00:00:02.100 --> 00:00:03.000\nAnd open Monday.\n"
    call = only(zoom.parse([Input("call.vtt", text.encode())]))
    assert call.turns == (
        Turn(
            "Note: we close Friday. And open Monday.",
            None,
            starts_s=1.0,
            ends_s=3.0,
            native_id=f"{call.external_id}:0",
            marks=(Mark(0, 1.0, 2.0), Mark(23, 2.1, 3.0)),
        ),
    )


def test_a_long_silence_begins_a_new_turn() -> None:
    text = "WEBVTT\n\n0:0:1.0 --> 0:0:2.0\nAnn Lee: One.\n\n0:0:3.4 --> 0:0:4.0\nAnn Lee: Two.\n\n0:0:5.5 --> 0:0:6.0\nAnn Lee: Three.\n"
    call = only(zoom.parse([Input("call.vtt", text.encode())]))
    assert [turn.text for turn in call.turns] == ["One. Two.", "Three."]


def test_a_transcript_that_matches_no_recording_is_not_given_anothers_title() -> None:
    recording = {"uuid": "u", "topic": "Another day", "start_time": "2026-01-01T10:00:00Z", "recording_files": []}
    vtt = b"WEBVTT\n\n00:00:01.000 --> 00:00:02.000\nAnn Lee: Hello.\n"
    call = only(zoom.parse([Input("GMT20260514-150000.vtt", vtt), Input("meeting_recordings.json", json.dumps(recording).encode())]))
    assert (call.external_id == "u", call.title) == (False, "GMT20260514-150000")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("WEBVTT\r\n\r\n1\r\n00:00:01.000 --> 00:00:02.500\r\nHello &amp; welcome\r\n", [Cue(1.0, 2.5, "", "Hello & welcome")]),
        ("WEBVTT\n\nguid/10-0\n0:0:11.0 --> 0:0:15.81\n<v Jo Lind>One\ntwo</v>\n", [Cue(11.0, 15.81, "Jo Lind", "One two")]),
        ("WEBVTT\n\n-0:0:2.500 --> 0:0:1.0\n<v A>x</v>\n", [Cue(0.0, 1.0, "A", "x")]),
        ("WEBVTT\n\n0:01.0 --> 0:02.0\n<v A>x</v><v B>y</v>\n", [Cue(1.0, 2.0, "A", "x"), Cue(1.0, 2.0, "B", "y")]),
        ("WEBVTT\n\nNOTE nothing\n\nstill nothing\n", []),
    ],
)
def test_cues_are_read_as_the_tools_write_them(text: str, found: list[Cue]) -> None:
    assert cues(text) == found


@pytest.mark.parametrize(
    ("name", "addresses", "found"),
    [
        ("Mei-Lin Zhou (iPhone)", ["meilin.zhou@h.example", "tom@h.example"], "meilin.zhou@h.example"),
        ("Dana O'Neill", ["doneill@h.example"], "doneill@h.example"),
        ("Renée Aubert", ["renee.aubert@h.example"], "renee.aubert@h.example"),
        ("Tom Becker", ["tom@h.example"], "tom@h.example"),
        ("Jonas Beck", ["jonas.nyberg@h.example"], ""),
        ("Tom Becker", ["tom@h.example", "tom@other.example"], ""),
    ],
)
def test_a_name_finds_its_address_only_when_there_is_no_doubt(name: str, addresses: list[str], found: str) -> None:
    assert address_of(name, addresses) == found


def gong_page(*sentences: dict[str, object], speaker: str = "7") -> Input:
    call = {"metaData": {"id": "1", "title": "Kick-off"}, "parties": [{"speakerId": "7", "name": "Ann Lee"}]}
    script = {"callId": "1", "transcript": [{"speakerId": speaker, "sentences": list(sentences)}]}
    return Input("g.json", json.dumps({"calls": [call], "callTranscripts": [script]}).encode())


def fireflies_page(*sentences: dict[str, object]) -> Input:
    return Input("f.json", json.dumps({"data": {"transcript": {"id": "1", "title": "Kick-off", "sentences": list(sentences)}}}).encode())


def vtt_page(*cues: str) -> Input:
    return Input("Kick-off.vtt", ("WEBVTT\n\n" + "\n\n".join(cues)).encode())


@pytest.mark.parametrize("impossible", [1e308, float("nan"), float("inf"), -1, 1e11, "noon"])
def test_a_gong_moment_no_call_has_is_unknown_and_noted(impossible: object) -> None:
    page = gong_page({"text": "Yes.", "start": impossible, "end": 2000}, {"text": "No.", "start": 3000, "end": impossible})
    reading = gong.parse([page])
    assert only(reading).turns[0].text == "Yes. No."
    assert only(reading).turns[0].marks == (Mark(5, 3.0, 3.0),)
    assert [(notice.file, notice.reason) for notice in reading.notices] == [("g.json", "impossible_time")]


@pytest.mark.parametrize("impossible", [1e308, float("nan"), -1, 10_000_001])
def test_a_fireflies_moment_no_call_has_is_unknown_and_noted(impossible: float) -> None:
    page = fireflies_page(
        {"speaker_name": "Ann Lee", "text": "Yes.", "start_time": impossible, "end_time": impossible},
        {"speaker_name": "Bob Ray", "text": "No.", "start_time": 3, "end_time": 4},
    )
    reading = fireflies.parse([page])
    assert [(turn.text, turn.starts_s, turn.ends_s) for turn in only(reading).turns] == [("Yes.", None, None), ("No.", 3.0, 4.0)]
    assert [(notice.file, notice.reason) for notice in reading.notices] == [("f.json", "impossible_time")]


@pytest.mark.parametrize("impossible", ["99999999:00:00.000", "00:00:1.2.3", "9" * 400])
def test_a_cue_at_a_moment_no_call_has_keeps_its_words_and_is_noted(impossible: str) -> None:
    reading = zoom.parse([vtt_page(f"{impossible} --> {impossible}\nAnn Lee: Yes.", "00:03.000 --> 00:04.000\nBob Ray: No.")])
    assert [(turn.text, turn.starts_s, turn.ends_s) for turn in only(reading).turns] == [("Yes.", None, None), ("No.", 3.0, 4.0)]
    assert [(notice.file, notice.reason) for notice in reading.notices] == [("Kick-off.vtt", "impossible_time")]


def test_a_length_no_call_has_is_unknown() -> None:
    page = {"calls": [{"metaData": {"id": "1", "duration": 1e308}}]}
    transcript = {"id": "1", "sentences": [], "duration": 1e308}
    readings = [gong.parse([Input("g.json", json.dumps(page).encode())]), fireflies.parse([Input("f", json.dumps(transcript).encode())])]
    assert [call.duration_s for reading in readings for call in reading.interactions if isinstance(call, Call)] == [None, None]


@pytest.mark.parametrize(
    ("reading", "file"),
    [
        (gong.parse([gong_page({"text": "Yes.", "start": 0, "end": 1}, speaker="8")]), "g.json"),
        (fireflies.parse([fireflies_page({"text": "Yes.", "start_time": 0, "end_time": 1})]), "f.json"),
        (zoom.parse([vtt_page("00:00.000 --> 00:01.000\nYes.")]), "Kick-off.vtt"),
    ],
    ids=["gong", "fireflies", "zoom"],
)
def test_a_transcript_that_names_no_speakers_is_noted(reading: Reading, file: str) -> None:
    assert [turn.speaker for turn in only(reading).turns] == [None]
    assert [(notice.file, notice.detail) for notice in reading.notices] == [
        (file, "The transcript 'Kick-off' names no speakers; who said what is not known.")
    ]


def test_sound_transcripts_need_no_notice() -> None:
    assert [parser.parse(inputs(name)).notices for parser, name in ((gong, "gong"), (fireflies, "fireflies"), (zoom, "zoom"))] == [()] * 3
