"""Cues, labels and written-out transcripts of whatever tool: who spoke is believed only where the text says so."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any

import pytest

from ingest.records import Participant, Reading
from ingest.sources import chorus, crm_links, fathom, fireflies, gong, meet, names, otter, teams, tldv, transcripts, zoom
from ingest.sources.format import Look
from ingest.sources.inputs import Input
from ingest.sources.vtt import Cue, cues
from tests.ingest.sources.harborlight import inputs, only

TALK = "Ann Lee: Are we live by May?\nBob Ray: Yes, we are.\nAnn Lee: And who pays for it?\nBob Ray: You do, I am afraid.\n"


def heard(name: str, text: str) -> list[tuple[str | None, str]]:
    call = only(transcripts.parse([Input(name, text.encode())]))
    return [(turn.speaker.name if turn.speaker else None, turn.text) for turn in call.turns]


def is_transcript(name: str, text: str) -> bool:
    return transcripts.FORMAT.recognise(Look(name, text.encode())) == "main"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (
            "1\n00:00:01,000 --> 00:00:02,500\nAnn: x\n\n2\n00:00:03,000 --> 00:00:04,000\ny\n",
            [Cue(1, 2.5, "", "Ann: x"), Cue(3, 4, "", "y")],
        ),
        (
            "WEBVTT\n\n00:01.000 --> 00:02.000\nAnn: x\n00:02.000 --> 00:03.000\nBob: y\n",
            [Cue(1, 2, "", "Ann: x"), Cue(2, 3, "", "Bob: y")],
        ),
        (
            "WEBVTT\n\n1\n00:01.000 --> 00:02.000\n\nAnn: x\n\n2\n00:02.000 --> 00:03.000\nBob\n",
            [Cue(1, 2, "", "Ann: x"), Cue(2, 3, "", "Bob")],
        ),
        (
            "WEBVTT\n\n00:01.000 --> 00:02.000\nx\n\nNOTE not said\n\n00:02.000 --> 00:03.000\nNOTE said\n",
            [Cue(1, 2, "", "x"), Cue(2, 3, "", "NOTE said")],
        ),
        ("WEBVTT\n\n00:01.000 --> 00:02.000\n\n2\n00:02.000 --> 00:03.000\ny\n", [Cue(2, 3, "", "y")]),
        ("WEBVTT\n\n00:01.000 --> 00:02.000\nA --> B, if x <3 &lt;b&gt;\n", [Cue(1, 2, "", "A --> B, if x <3 <b>")]),
        ("WEBVTT\n\n00:05.000 --> 00:02.000\nbackwards\n", [Cue(5, 5, "", "backwards")]),
        ("WEBVTT\n\n00:01.000 --> 00:02.000\n<v &lt;b&gt;Ann>x\n", [Cue(1, 2, "<b>Ann", "x")]),
    ],
    ids=["srt", "no blank line", "blank line inside", "note", "empty", "arrow and entities", "backwards", "tags in a name"],
)  # fmt: skip
def test_cues_of_every_habit_are_read(text: str, found: list[Cue]) -> None:
    assert cues(text) == found


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.srt", "1\n00:00:01,000 --> 00:00:02,000\nAnn Lee: Hello.\n\n2\n00:00:05,000 --> 00:00:06,000\nBob Ray: Hi.\n"),
        ("a.vtt", "WEBVTT\n\n00:00:01.000 --> 00:00:02.000\n<v Ann Lee>Hello.</v>\n\n00:00:05.000 --> 00:00:06.000\n<v Bob Ray>Hi.</v>\n"),
        ("a.txt", "Ann Lee  0:01  \nHello.\n\nBob Ray  0:05  \nHi.\n\nAnn Lee  0:09\nBye.\n"),
        ("a.txt", "Kick-off\n\n[00:01] Ann Lee: Hello.\n[00:05] Bob Ray: Hi.\n[00:09] Ann Lee: Bye.\n"),
        ("a.txt", "Ann Lee (00:01): Hello.\nBob Ray (00:05): Hi.\nAnn Lee (0:09):\nBye.\n"),
        ("a.txt", "0:01 - Ann Lee (Halden)\n  Hello.\n\n0:05 - Bob Ray (Cartage)\n  Hi.\n\n0:09 - Ann Lee (Halden)\n  Bye.\n"),
    ],
)
def test_a_transcript_of_no_tool_is_a_call(name: str, text: str) -> None:
    assert is_transcript(name, text)
    call = only(transcripts.parse([Input(name, text.encode())]))
    assert (call.source, call.participants) == ("transcript", (Participant("Ann Lee"), Participant("Bob Ray")))
    found = [(turn.speaker, turn.starts_s, turn.text) for turn in call.turns[:2]]
    assert found == [(Participant("Ann Lee"), 1.0, "Hello."), (Participant("Bob Ray"), 5.0, "Hi.")]


def test_names_before_words_make_a_transcript_when_two_of_them_come_back() -> None:
    assert is_transcript("a.txt", TALK)
    assert heard("a.txt", TALK + "and so it goes on\n")[-1] == ("Bob Ray", "You do, I am afraid. and so it goes on")


@pytest.mark.parametrize(
    "text",
    [
        "Name: Ann Lee\nTitle: Director\nDate: 4 May\nName: Bob Ray\nTitle: VP\nDate: 5 May\n",
        "From: Ann Lee\nTo: Bob Ray\nSubject: Are we live by May?\n\nFrom: Bob Ray\nTo: Ann Lee\nSubject: Yes, we are live.\n",
        "Ann Lee: Are we live by May?\nBob Ray: Yes.\n",
        "Agenda\n10:00  Welcome\n10:30  Demo\n11:00  Lunch\n",
        "Lunch  12:30\nin the canteen\nDemo  13:00\nin room two\nWrap-up  14:00\nin room three\n",
        "The seats: 180. The term: two years.\nWe agreed on all of it in May, and it stands.\n",
        "Q: Is it live?\nA: Yes, it is.\nQ: Who pays?\nA: You do.\n",
        "# Notes\n\nBudget: Ann has it in her plan.\nRisk: The freeze is in May, they say.\nBudget: None.\nRisk: None, they say.\n",
    ],
    ids=["form", "mails", "too short", "times", "agenda", "prose", "questions", "notes"],
)
def test_what_is_not_clearly_a_transcript_stays_a_document(text: str) -> None:
    assert not is_transcript("a.txt", text)


def test_a_note_or_a_line_of_one_word_is_no_speaker() -> None:
    text = "WEBVTT\n\n00:01.000 --> 00:02.000\nAnn Lee: Hello.\n\n00:05.000 --> 00:06.000\nNote: we close Friday.\n"
    assert heard("a.vtt", text) == [("Ann Lee", "Hello."), ("Ann Lee", "Note: we close Friday.")]


def test_a_voice_whose_owner_is_not_known_is_nobody_and_that_is_noted() -> None:
    text = "WEBVTT\n\n00:01.000 --> 00:02.000\nSpeaker 1: Hello.\n\n00:05.000 --> 00:06.000\nAnn Lee: Hi.\n"
    reading = transcripts.parse([Input("a.vtt", text.encode())])
    call = only(reading)
    assert [(turn.speaker, turn.text) for turn in call.turns] == [(None, "Hello."), (Participant("Ann Lee"), "Hi.")]
    assert call.participants == (Participant("Ann Lee"),)
    assert [notice.reason for notice in reading.notices] == ["some_speakers"]


@pytest.mark.parametrize("name", ["Unknown Speaker", "Speaker 1", "SPEAKER_02", "Speaker A", "Unidentified Speaker 3", "Guest"])
def test_a_label_is_nobody(name: str) -> None:
    assert names.is_nobody(name)


@pytest.mark.parametrize(
    ("name", "email"),
    [
        ("Fireflies.ai Notetaker Priya", ""), ("Priya Raman's Presentation", ""), ("Priya Raman’s screen", ""), ("Otter.ai", ""),
        ("Zoom AI Companion", ""), ("read.ai meeting notes", ""), ("Ann's OtterPilot", ""), ("Fred", "fred@fireflies.ai"),
    ],
)  # fmt: skip
def test_a_machine_is_no_participant(name: str, email: str) -> None:
    assert not names.is_person(name, email)


@pytest.mark.parametrize("name", ["Otto Reid", "Li Gong", "Will Price", "Guest Lecturer Ann", "Jane Speaker", "田中", "Dana O'Neill"])
def test_a_person_is_a_person(name: str) -> None:
    assert names.is_person(name, "jane@otter.ai")


def test_the_recognisers_own_confidence_is_kept() -> None:
    text = "WEBVTT\n\nNOTE Confidence: 0.8\n\n00:01.000 --> 00:02.000\nOne.\n\nNOTE Confidence: 0.9\n\n00:05.000 --> 00:06.000\nTwo.\n"
    call = only(transcripts.parse([Input("a.vtt", text.encode())]))
    assert call.meta == {"confidence": 0.85}
    assert [(turn.text, turn.confidence) for turn in call.turns] == [("One.", 0.8), ("Two.", 0.9)]


def test_a_turn_of_several_cues_has_the_confidence_of_each_and_their_mean_by_length() -> None:
    text = (
        'WEBVTT\n\nNOTE duration:"00:00:06.0"\n\nNOTE Confidence: 0.9\n\n00:01.000 --> 00:02.000\n<v Ann Gray>Ninety nine.</v>\n\n'
        "NOTE Confidence: 0.4\n\n00:02.100 --> 00:03.000\n<v Ann Gray>Wait.</v>\n\n00:03.100 --> 00:04.000\n<v Ann Gray>No.</v>\n"
    )
    [turn] = only(transcripts.parse([Input("a.vtt", text.encode())])).turns
    assert turn.text == "Ninety nine. Wait. No."
    assert [mark.confidence for mark in turn.marks] == [0.9, 0.4, None]
    assert turn.confidence == round((0.9 * 12 + 0.4 * 5) / 17, 3)


def test_a_transcript_without_it_has_none() -> None:
    [turn] = only(transcripts.parse([Input("a.vtt", b"WEBVTT\n\n00:01.000 --> 00:02.000\n<v Ann>One.</v>\n")])).turns
    assert (turn.confidence, turn.marks[0].confidence) == (None, None)


@pytest.mark.parametrize(
    ("url", "link"),
    [
        ("https://app.hubspot.com/contacts/1/record/0-2/318", ("hubspot", "account", "318")),
        ("https://app-eu1.hubspot.com/contacts/1/deal/42", ("hubspot", "deal", "42")),
        ("https://x.lightning.force.com/lightning/r/Opportunity/006Rk000000NCbtIAG/view", ("salesforce", "deal", "006Rk000000NCbtIAG")),
        ("https://x.my.salesforce.com/001Rk0000003qsrIAA", ("salesforce", "account", "001Rk0000003qsrIAA")),
        ("https://example.com/hubspot", None),
    ],
)
def test_a_page_of_the_crm_names_its_record(url: str, link: tuple[str, str, str] | None) -> None:
    found = crm_links.of_url(url)
    assert (found and (found.system, found.type, found.id)) == link


def test_a_chat_line_to_one_person_is_kept_apart_from_what_everybody_read() -> None:
    text = "09:12:40\t From Ann Lee to Everyone:\n\tHello.\n09:12:50\t From Ann Lee to Bob Ray (Direct Message):\n\tOur floor is 14.\n"
    shared, private = zoom.parse([Input("chat.txt", text.encode())]).interactions
    assert [(chat.internal, [turn.text for turn in chat.turns]) for chat in (shared, private)] == [
        (False, ["Hello."]),
        (True, ["Our floor is 14."]),
    ]


def test_a_saved_chat_has_times_of_day_which_are_no_moments_of_the_call() -> None:
    recording = {"uuid": "u", "topic": "T", "duration": 30, "start_time": "2026-05-14T15:00:00Z", "recording_files": []}
    text = "15:12:40\t From Ann Lee to Everyone:\n\tHello.\n"
    chat = only(zoom.parse([Input("chat.txt", text.encode()), Input("r.json", json.dumps(recording).encode())]))
    assert [(turn.starts_s, turn.text) for turn in chat.turns] == [(None, "Hello.")]


def test_fathoms_remarks_between_the_words_are_nobodys_words() -> None:
    text = (
        "Kick-off\nVIEW RECORDING - 5 mins: https://fathom.video/share/abc\n\n---\n\n0:11 - Ann Lee (Halden)\n  We start in May.\n"
        "  ACTION ITEM: Send the plan - WATCH: https://fathom.video/share/abc?timestamp=12.5\n"
    )
    call = only(fathom.parse([Input("a.txt", text.encode())]))
    assert [(turn.role, turn.text) for turn in call.turns] == [
        ("said", "We start in May."),
        ("derived", "ACTION ITEM: Send the plan - WATCH: https://fathom.video/share/abc?timestamp=12.5"),
    ]


# Bytes from strangers


def conversation(*utterances: object, participants: object = ()) -> dict[str, object]:
    recording = {"utterances": list(utterances)}
    return {"data": {"id": "1", "attributes": {"name": "T", "participants": participants, "recording": recording}}}


def fathom_page(*sentences: object, **more: object) -> dict[str, object]:
    return {"items": [{"recording_id": 1, "share_url": "https://fathom.video/share/x", "transcript": list(sentences), **more}]}


def meet_page(*entries: dict[str, object]) -> dict[str, object]:
    return {"transcriptEntries": [{"name": f"conferenceRecords/a/transcripts/b/entries/{n}", **entry} for n, entry in enumerate(entries)]}


HOSTILE: list[tuple[Any, dict[str, object]]] = [
    (chorus, conversation({"snippet": "Yes.", "participant": 99, "snippet_time": "soon"}, 7, None, participants=[None, {"name": ["x"]}])),
    (chorus, conversation({"snippet": "Yes.", "participant": -1, "speaker_name": None, "snippet_time": 1e308, "snippet_length": -3})),
    (fathom, fathom_page({"text": "Yes.", "speaker": "Ann", "timestamp": "99999999:99"}, "x", calendar_invitees={"a": 1}, crm_matches=[1])),
    (fathom, {"transcript": [{"text": "Yes.", "speaker": {"display_name": ["x"]}, "timestamp": {}}]}),
    (tldv, {"meetingId": "1", "data": [{"text": "Yes.", "speaker": {"a": 1}, "startTime": "noon", "endTime": float("nan")}, 3]}),
    (tldv, {"meetingId": "1", "data": {"segments": [{"text": "Yes.", "startTime": -1}]}}),
    (meet, meet_page({"text": "Yes.", "participant": "conferenceRecords/a/participants/unknown", "startTime": "noon", "endTime": 5})),
]


@pytest.mark.parametrize(("tool", "page"), HOSTILE, ids=[f"{tool.__name__.rpartition('.')[2]}-{n}" for n, (tool, _) in enumerate(HOSTILE)])
def test_wrong_types_impossible_times_and_unknown_speakers_lose_no_words(tool: Any, page: dict[str, object]) -> None:
    data = json.dumps(page).encode()
    assert tool.FORMAT.recognise(Look("a.json", data)) == "main"
    reading = tool.parse([Input("a.json", data)])
    call = only(reading)
    assert [(turn.text, turn.speaker, turn.starts_s) for turn in call.turns] == [("Yes.", None, None)]
    assert "no_speakers" in [notice.reason for notice in reading.notices]


EMPTY: list[tuple[Callable[[Sequence[Input]], Reading], bytes, list[str]]] = [
    (chorus.parse, json.dumps(conversation()).encode(), []),
    (fathom.parse, json.dumps(fathom_page()).encode(), []),
    (tldv.parse, b'{"meetingId": "1", "data": []}', []),
    (teams.parse, b"WEBVTT\n", ["no_text"]),
    (zoom.parse, b"WEBVTT\n", ["no_text"]),
    (zoom.parse, b"nobody wrote\n", ["no_text"]),
    (meet.parse, b"Kick-off - Transcript\nAttendees\nAnn Lee\nTranscript\n", ["no_text"]),
    (otter.parse, b"\nTranscribed by https://otter.ai\n", ["no_text"]),
    (transcripts.parse, b"WEBVTT\n\n00:01.000 --> 00:02.000\n\n", ["no_text"]),
    (fathom.parse, b"Kick-off\nhttps://fathom.video/share/x\n", ["no_text"]),
]


@pytest.mark.parametrize(("parse", "data", "reasons"), EMPTY)
def test_an_empty_transcript_is_a_call_without_words_or_says_why(
    parse: Callable[[Sequence[Input]], Reading], data: bytes, reasons: list[str]
) -> None:
    reading = parse([Input("a", data)])
    assert [failure.reason for failure in reading.failures] == reasons
    assert [call.turns for call in reading.interactions] == ([] if reasons else [()])


@pytest.mark.parametrize("tool", [chorus, fathom, tldv, teams, meet, zoom, gong, fireflies])
def test_json_that_is_cut_off_says_so(tool: Any) -> None:
    assert [failure.reason for failure in tool.parse([Input("a.json", b'{"data": {"id": "1", "attr')]).failures] == ["truncated_json"]


@pytest.mark.parametrize(
    ("tool", "page"),
    [
        (chorus, {"data": {"attributes": {"recording": {}}}}),
        (fathom, {"recording_id": None, "share_url": "x"}),
        (tldv, {"happenedAt": "x", "invitees": []}),
        (tldv, {"meetingId": None, "data": []}),
    ],
)
def test_what_has_no_id_is_set_aside(tool: Any, page: dict[str, object]) -> None:
    reading = tool.parse([Input("a.json", json.dumps(page).encode())])
    assert ([failure.reason for failure in reading.failures], reading.interactions) == (["not_valid"], ())


@pytest.mark.parametrize("tool", [chorus, fathom, tldv, meet])
def test_an_id_given_twice_is_one_call_with_its_fullest_words(tool: Any) -> None:
    folder = {"chorus": "chorus", "fathom": "fathom/meetings.json", "tldv": "tldv", "meet": "google_meet/transcript_entries.json"}
    found = inputs(folder[tool.__name__.rpartition(".")[2]])
    once, twice = only(tool.parse(found)), only(tool.parse([*found, *found]))
    assert twice.turns == once.turns


def test_markup_in_a_name_is_text() -> None:
    page = fathom_page({"text": "<b>Yes.</b>", "speaker": {"display_name": "<img src=x onerror=alert(1)>"}, "timestamp": "0:01"})
    (turn,) = only(fathom.parse([Input("a.json", json.dumps(page).encode())])).turns
    assert (turn.speaker, turn.text) == (Participant("<img src=x onerror=alert(1)>"), "<b>Yes.</b>")


@pytest.mark.parametrize(
    ("parse", "data", "turns"),
    [
        (teams.parse, "WEBVTT\n\n" + "".join(f"0:{n % 60}:0.0 --> 0:1:0.0\n<v A{n}>b\n" for n in range(20_000)), 20_000),
        (transcripts.parse, "Ann: it is.\nBob: no.\n" * 10_000, 20_000),
        (transcripts.parse, "WEBVTT\n\n0:0:1.0 --> 0:0:2.0\n<v A>" + "<a" * 1_000_000, 1),
        (transcripts.parse, "WEBVTT\n\n0:0:1.0 --> 0:0:2.0\n" + "<v " * 1_000_000, 1),
        (transcripts.parse, "WEBVTT\n\n0:0:1.0 --> 0:0:2.0\n" + "1:" * 1_000_000, 1),
        (transcripts.parse, "WEBVTT\n\n0:0:1.0 --> 0:0:2.0\nx\n" + " \n" * 1_000_000, 1),
        (chorus.parse, json.dumps(conversation(
            *({"speaker_name": f"A{n}", "snippet": "b"} for n in range(20_000)), participants=[{"name": f"A{n}"} for n in range(20_000)]
        )), 20_000),
    ],
    ids=["cues", "labels", "tags", "voices", "colons", "blank lines", "people"],
)  # fmt: skip
def test_the_time_to_read_grows_with_the_file_and_no_faster(parse: Callable[[Sequence[Input]], Reading], data: str, turns: int) -> None:
    # What is quadratic in any of these takes hours; there is no need to hold a watch.
    call = only(parse([Input("a", data.encode())]))
    assert len(call.turns) == turns
