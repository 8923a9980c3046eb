"""One deal's calls, each seen by several tools: every export gives the same turns, and a link to the moment where the tool has one."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from assistant.citations import cite
from ingest.archive.archive import Archive
from ingest.archive.scope import EVERYTHING
from ingest.records import Call, Document, Link, Participant, Reading, Span, Turn
from ingest.sources import chorus, fathom, fireflies, gong, meet, organisation, otter, teams, tldv, zoom
from ingest.sources.format import Look
from ingest.sources.inputs import Input
from tests.ingest.sources.harborlight import golden, inputs, only
from tests.ingest.sources.test_documents import docx, paragraph

Parser = Callable[[Sequence[Input]], Reading]
SRT = "otter/Harborlight_technical_demo_otter_ai.srt"
TXT = "otter/Harborlight_technical_demo_otter_ai.txt"
DOC = "google_meet/Harborlight_kickoff_planning_Transcript.txt"
ENTRIES = tuple(f"google_meet/{name}.json" for name in ("conferenceRecord", "participants", "transcript_entries", "transcripts"))


def call_in(parser: Parser, *paths: str) -> Call:
    reading = parser(inputs(*paths))
    assert reading.failures == ()
    return next(c for c in reading.interactions if isinstance(c, Call))


def said(call: Call) -> list[Turn]:
    return [turn for turn in call.turns if turn.role == "said"]


@pytest.mark.parametrize(
    ("parser", "paths", "key"),
    [
        (gong.parse, ("gong",), "c1"),
        (fireflies.parse, ("fireflies",), "c2"),
        (chorus.parse, ("chorus",), "c1"),
        (zoom.parse, ("zoom",), "c1"),
        (zoom.parse, ("zoom/GMT20260618-150012_Recording.transcript.vtt",), "c1"),
        (tldv.parse, ("tldv/meeting.json", "tldv/transcript.json"), "c4"),
        (tldv.parse, ("tldv/webhook_MeetingReady.json", "tldv/webhook_TranscriptReady.json"), "c4"),
        (tldv.parse, ("tldv",), "c4"),
        (teams.parse, ("teams/metadataContent.vtt",), "c3"),
        (teams.parse, ("teams/ui_download.vtt",), "c3"),
        (teams.parse, ("teams",), "c3"),
        (meet.parse, ENTRIES, "c4"),
        (meet.parse, ("google_meet",), "c4"),
        (otter.parse, (SRT,), "c2"),
        (otter.parse, ("otter",), "c2"),
    ],
    ids=lambda value: "+".join(value) if isinstance(value, tuple) else None,
)
def test_turns_are_read_with_their_speaker_and_their_time(parser: Parser, paths: tuple[str, ...], key: str) -> None:
    turns = [(t.speaker.name if t.speaker else "", t.starts_s, t.ends_s, t.text) for t in said(call_in(parser, *paths))]
    assert turns == [(t["speaker"], t["start"], t["end"], t["text"]) for t in golden("turns")[key]["turns"]]


@pytest.mark.parametrize(
    ("parser", "path", "key"),
    [
        (fathom.parse, "fathom/meetings.json", "c3"),
        (fathom.parse, "fathom/transcript.json", "c3"),
        (fathom.parse, "fathom/webhook_meeting_content_ready.json", "c3"),
        (fathom.parse, "fathom/copy_paste.txt", "c3"),
        (fathom.parse, "fathom", "c3"),
        (teams.parse, "teams/transcript.docx", "c3"),
    ],
)
def test_tools_that_give_whole_seconds_and_no_end_are_not_made_more_precise(parser: Parser, path: str, key: str) -> None:
    turns = said(call_in(parser, path))
    assert [(t.speaker.name if t.speaker else "", t.starts_s, t.ends_s, t.marks, t.text) for t in turns] == [
        (t["speaker"], float(int(t["start"])), None, (), t["text"]) for t in golden("turns")[key]["turns"]
    ]


def test_otters_text_knows_some_voices_only_and_says_so() -> None:
    reading = otter.parse(inputs(TXT))
    expected = [(t["start"], t["text"], t["speaker"]) for t in golden("turns")["c2"]["turns"]]
    assert [(t.starts_s, t.text, t.speaker.name if t.speaker else None) for t in only(reading).turns] == [
        (at, text, None if who == "Tom Becker" and at > 700 else who) for at, text, who in expected
    ]
    assert [(n.reason, n.detail) for n in reading.notices] == [
        ("some_speakers", "2 of the 13 turns of 'Harborlight technical demo' name no speaker; who said them is not known.")
    ]


def test_graphs_transcript_keeps_what_was_said_before_the_start_at_the_start() -> None:
    first, *others = said(call_in(teams.parse, "teams/graph_content.vtt"))
    assert (first.speaker, first.starts_s, first.ends_s, first.text) == (Participant("Jo Lindqvist"), 0.0, 1.0, "Is everyone on?")
    assert [(t.starts_s, t.text) for t in others] == [(t["start"], t["text"]) for t in golden("turns")["c3"]["turns"]]


def test_a_turn_of_a_meet_document_is_known_to_lie_in_its_section_and_no_better() -> None:
    call = call_in(meet.parse, DOC)
    expected = golden("turns")["c4"]["turns"]
    assert [(t.speaker.name if t.speaker else "", t.text) for t in call.turns] == [(t["speaker"], t["text"]) for t in expected]
    bounds = [0.0, 123.0, 468.0, 790.0, 1293.0, 1660.0, 1751.0]
    for turn, true in zip(call.turns, expected, strict=True):
        assert (turn.starts_s, turn.ends_s) in list(pairwise(bounds))
        assert (turn.starts_s or 0) <= true["start"] < (turn.ends_s or 0)
        assert turn.marks == ()
    assert (call.meta, call.occurred_at) == ({"t_precision": "section"}, datetime(2026, 9, 24, tzinfo=UTC))
    assert [p.name for p in call.participants] == ["Dana O'Neill", "Mei-Lin Zhou", "Priya Raman", "Sofia Marchetti", "Tom Becker"]


PARSERS: dict[str, Parser] = {
    "gong": gong.parse, "fathom": fathom.parse, "fireflies": fireflies.parse, "tldv": tldv.parse, "zoom": zoom.parse,
    "chorus": chorus.parse, "google_meet": meet.parse,
}  # fmt: skip
RECORDED = {"gong": "5390027716620418455"}  # of four calls, the one that is linked


@pytest.mark.parametrize("link", [link for link in golden("deep_links") if "at_s" in link], ids=lambda link: link["source"])
def test_a_quote_links_to_the_moment_where_the_tool_can(tmp_path_factory: pytest.TempPathFactory, link: dict[str, Any]) -> None:
    tool = link["source"]
    calls = [c for c in PARSERS[tool](inputs(tool)).interactions if isinstance(c, Call)]
    call = next(c for c in calls if c.external_id == RECORDED.get(tool, c.external_id))
    at, until = link["at_s"], link.get("until_s", link["at_s"])
    there = replace(call, turns=(Turn("Said then.", starts_s=at if at is not None else 12.0, ends_s=until if at is not None else 13.0),))
    with Archive.open(tmp_path_factory.mktemp("home"), write=True) as archive:
        assert cite(archive.interaction(EVERYTHING, put_call(archive, there)), Span(0, 10)).url == link["url"]


def put_call(archive: Archive, call: Call) -> str:
    account = archive.put_account("Harborlight")
    everybody = dict.fromkeys([*call.participants, *(t.speaker for t in call.turns if t.speaker)])
    people = {each: archive.put_person(each, "unknown", account) for each in everybody}
    archive.put_interaction(
        account, None, call, [people[t.speaker] if t.speaker else None for t in call.turns], [people[p] for p in call.participants]
    )
    return archive.sources(EVERYTHING)[0].id


def people(call: Call) -> dict[str, tuple[str, str]]:
    return {p.name: (p.email, p.side) for p in call.participants}


def test_chorus_tells_sides_titles_and_the_records_of_the_crm() -> None:
    call = call_in(chorus.parse, "chorus")
    assert call.external_id == "7C1D90E2AB3344F0B7A65C0D1E2F9A48"
    assert (call.occurred_at, call.duration_s) == (datetime(2026, 6, 18, 15, 0, 12, tzinfo=UTC), 1923.0)
    assert call.links == (Link("salesforce", "account", "001Rk0000003qsrIAA"), Link("salesforce", "deal", "006Rk000000NCbtIAG"))
    assert call.participants[0] == Participant("Priya Raman", "priya.raman@ferrule.example", "Account Executive", "seller")
    assert call.participants[1] == Participant("Dana O'Neill", "dana.oneill@harborlight.example", "VP Operations", "buyer")


def test_fathom_tells_who_is_ours_and_leaves_open_who_is_not_for_partners_are_external_too() -> None:
    call = call_in(fathom.parse, "fathom/meetings.json")
    assert (call.external_id, call.aliases) == ("148823907", ("https://fathom.video/share/n2Wv7bQxkR_4tYp-Ls9ZcE1mA8hJd0Uf",))
    assert people(call)["Jo Lindqvist"] == ("jo.lindqvist@ferrule.example", "seller")
    assert people(call)["Raj Patel"] == ("raj.patel@kestrel-partners.example", "unknown")
    assert said(call)[8].speaker == Participant("Raj Patel", "raj.patel@kestrel-partners.example")
    assert call.links == (
        Link("hubspot", "deal", "42190377651"), Link("hubspot", "account", "31845520117"), Link("hubspot", "contact", "110234500101"),
    )  # fmt: skip
    assert [(turn.heading, turn.text) for turn in call.turns if turn.role == "derived"] == [
        ("Summary by Fathom", "## Summary\n\nMachine summary - derived text."),
        ("Action items by Fathom", "- Send order form and SOW"),
    ]


def test_a_tldv_invitee_without_a_name_is_the_speaker_whom_the_address_spells() -> None:
    call = call_in(tldv.parse, "tldv")
    assert (call.external_id, call.meta) == ("68d4219c4e1b7a00135f0c92", {"conference_id": "kdz-ppdt-ncg"})
    assert call.participants[-1] == Participant("Tom Becker", "tom.becker@harborlight.example")
    assert len(call.participants) == 5


@pytest.mark.parametrize(
    ("parser", "folder", "words_from", "named_beside", "external_id", "title"),
    [
        (
            teams.parse, "teams", "ui_download.vtt", ["graph_content.vtt", "metadataContent.vtt", "transcript.docx"],
            "MSMjMCMjNzU3ODc2ZDYtOTcwMi00MDhk", "Harborlight _ Ferrule - Scope and commercials",
        ),
        (
            meet.parse, "google_meet", "transcript_entries.json", ["Harborlight_kickoff_planning_Transcript.txt"],
            "conferenceRecords/9f2c4c10-77aa-4f0e-9a51-7f5e1d0b6a21", "Harborlight kickoff planning",
        ),
        (
            fathom.parse, "fathom", "meetings.json", ["copy_paste.txt", "transcript.json"], "148823907",
            "Harborlight / Ferrule - Scope and commercials",
        ),
        (otter.parse, "otter", SRT.partition("/")[2], [TXT.partition("/")[2]], None, "Harborlight technical demo"),
    ],
    ids=["teams", "google_meet", "fathom", "otter"],
)  # fmt: skip
def test_one_call_in_several_files_of_a_folder_is_read_once(
    parser: Parser, folder: str, words_from: str, named_beside: list[str], external_id: str | None, title: str
) -> None:
    reading = parser(inputs(folder))
    call = only(reading)
    assert call.file == f"{folder}/{words_from}"
    assert [(n.file, n.reason) for n in reading.notices] == [(f"{folder}/{name}", "same_call") for name in named_beside]
    assert (call.external_id, call.title) == (external_id or call.external_id, title)
    assert call.turns[0].native_id == f"{call.external_id}:0"


def test_two_different_calls_in_one_folder_stay_two() -> None:
    cue = b"WEBVTT\n\n0:0:1.0 --> 0:0:9.0\n<v Ann>%s</v>\n"
    words = {"a.vtt": b"We sign on the fourth of May, all of us.", "b.vtt": b"Nobody has asked for a discount so far."}
    reading = teams.parse([Input(name, cue % each) for name, each in words.items()])
    assert ([call.title for call in reading.interactions], reading.notices) == (["a", "b"], ())


@pytest.mark.parametrize(
    ("name", "began"),
    [
        ("Roll-out-20261006_130000-Meeting Transcript.vtt", datetime(2026, 10, 6, 11, tzinfo=UTC)),
        ("Roll-out-20261006_130000UTC-Meeting Recording.vtt", datetime(2026, 10, 6, 13, tzinfo=UTC)),
        ("transcript.vtt", None),
    ],
)
def test_a_transcript_as_teams_names_it_began_when_its_name_says(name: str, began: datetime | None) -> None:
    words = b"WEBVTT\n\n8f4282e2-7c12-49cd-8e52-7e912751db3e/17-0\n00:00:01.000 --> 00:00:03.000\n<v Ann Lee>Shall we go ahead then?</v>\n"
    with organisation.keeping(ZoneInfo("Europe/Berlin")):
        call = only(teams.parse([Input(name, words)]))
    assert call.occurred_at == began
    assert call.title in ("Roll-out", "transcript")


def test_a_teams_document_alone_tells_its_time_but_not_the_zone() -> None:
    reading = teams.parse(inputs("teams/transcript.docx"))
    call = only(reading)
    assert isinstance(call, Call)
    assert (call.occurred_at, call.duration_s) == (datetime(2026, 8, 27, 15, 30, tzinfo=UTC), 2466.0)
    assert [notice.reason for notice in reading.notices] == ["time_without_zone"]


def test_a_word_file_that_only_looks_like_a_transcript_stays_a_document() -> None:
    rows = "".join(
        paragraph(f"{what}   {at}</w:t></w:r><w:r><w:br/></w:r><w:r><w:t>") for what, at in (("Lunch", "12:30"), ("Demo", "13:00"))
    )
    data = docx(rows)
    assert teams.FORMAT.recognise(Look("a.docx", data)) == "main"
    assert [type(found) for found in teams.parse([Input("a.docx", data)]).interactions] == [Document]


def test_a_meeting_without_words_is_a_call_without_turns() -> None:
    assert said(call_in(tldv.parse, "tldv/meetings_list.json")) == []
    assert said(call_in(zoom.parse, "zoom/meeting_recordings.json")) == []


def test_a_fathom_transcript_without_its_meeting_joins_the_only_meeting_that_has_no_words() -> None:
    page = json.loads(inputs("fathom/meetings.json")[0].data)
    page["items"][0]["transcript"] = None
    call = only(fathom.parse([Input("meetings.json", json.dumps(page).encode()), *inputs("fathom/transcript.json")]))
    assert call.external_id == "148823907"
    assert call.turns[0].speaker == Participant("Priya Raman", "priya.raman@ferrule.example", side="seller")
    assert [turn.text for turn in call.turns if turn.role == "said"] == [turn["text"] for turn in golden("turns")["c3"]["turns"]]


def test_the_people_of_a_teams_meeting_have_addresses_where_the_meeting_is_beside() -> None:
    meeting = {
        "id": "MSo1N2Y5ZGFjYy03MWJmLTQ3NDMtYjQxMy01M2E", "subject": "Scope", "joinWebUrl": "https://teams.example/l/1",
        "participants": {"attendees": [{"upn": "Dana@h.example", "identity": {"user": {"displayName": "Dana O'Neill"}}}]},
    }  # fmt: skip
    call = only(teams.parse([*inputs("teams"), Input("onlineMeeting.json", json.dumps(meeting).encode())]))
    assert (call.title, call.url) == ("Scope", "https://teams.example/l/1")
    assert call.turns[1].speaker == Participant("Dana O'Neill", "dana@h.example")
