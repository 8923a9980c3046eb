"""A recording without a transcript becomes a call whose words are called "as transcribed"; the recogniser is stood in for by a list."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy
import pytest

from assistant.citations import cite
from ingest import reading
from ingest.archive.scope import EVERYTHING
from ingest.records import Call
from ingest.settings import load_settings
from ingest.sources import present, recordings, speech
from ingest.sources.format import Look
from ingest.sources.hearing import Heard, NotHeard, Segment
from ingest.sources.inputs import Input
from tests.conftest import HALDEN, Desk

WAVE = b"RIFF\x24\x00\x00\x00WAVEfmt " + b"\0" * 60
HEARD = Heard(
    (
        Segment("We can commit to the eighteenth of January.", 1.0, 4.5, 0.91),
        Segment("The price is $85,000.", 4.6, 6.0, 0.52),
        Segment("Thank you.", 9.0, 9.8, 0.8),
    ),
    "Whisper tiny.en",
    "en",
    10.0,
    datetime(2026, 10, 5, 12, 0, tzinfo=UTC),
)


def read(heard: Heard | NotHeard, name: str = "calls/kickoff.wav") -> recordings.Reading:
    def recognise(data: bytes, model: str) -> Heard:
        if isinstance(heard, NotHeard):
            raise heard
        return heard

    return recordings.read(Input(name, WAVE), recognise)


def test_segments_keep_their_times_and_how_surely_they_were_heard() -> None:
    [call] = read(HEARD).interactions
    assert isinstance(call, Call)
    assert [(turn.text, turn.starts_s, turn.ends_s, turn.speaker) for turn in call.turns] == [
        ("We can commit to the eighteenth of January. The price is $85,000.", 1.0, 6.0, None),
        ("Thank you.", 9.0, 9.8, None),
    ]
    assert [(mark.starts_s, mark.confidence) for mark in call.turns[0].marks] == [(1.0, 0.91), (4.6, 0.52)]
    assert (call.title, call.duration_s, call.occurred_at) == ("kickoff (as transcribed)", 10.0, HEARD.recorded_at)
    assert call.meta["transcribed_by"] == "Whisper tiny.en"


def test_the_day_in_a_files_name_comes_before_what_the_recorder_wrote() -> None:
    [call] = read(HEARD, "2026-10-07 kickoff.m4a").interactions
    assert call.occurred_at is not None
    assert call.occurred_at.date().isoformat() == "2026-10-07"


def test_where_nothing_is_heard_or_it_cannot_be_it_is_set_aside_with_a_word() -> None:
    silent = read(replace(HEARD, segments=()))
    assert (silent.interactions, [failure.reason for failure in silent.failures]) == ((), ["no_text"])
    broken = read(NotHeard("not_valid", "The recording is damaged."))
    assert [(failure.reason, failure.detail) for failure in broken.failures] == [("not_valid", "The recording is damaged.")]


@pytest.mark.parametrize(
    ("name", "data", "is_one"),
    [
        ("a.wav", WAVE, True),
        ("a", b"\0\0\0\x18ftypM4A \0\0", True),
        ("a", b"OggS\0\2", True),
        ("a", b"fLaC\0\0", True),
        ("a.mp3", b"ID3\x04\0\0", True),
        ("a.mp3", b"\xff\xfb\x90\x64", True),
        ("a.txt", b"\xff\xfb\x90\x64", False),
        ("a.mp3", b"Dana: Hello.", False),
        ("a.avi", b"RIFF\x24\0\0\0AVI LIST", False),
        ("a.txt", "Dana: Hello.".encode("utf-16"), False),
    ],
)
def test_a_recording_is_told_by_its_content(name: str, data: bytes, is_one: bool) -> None:
    assert (recordings.FORMAT.recognise(Look(name, data)) == "main") == is_one


def test_what_is_heard_is_cited_as_transcribed(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """The whole way in, with no recogniser but what was heard: in this process, since a worker would load the real one."""
    monkeypatch.setattr(speech, "recognise", lambda data, model: HEARD)
    monkeypatch.setattr(reading.Workers, "_start", lambda workers: None)
    desk.write(HALDEN)
    desk.write({"calls/kickoff.wav": WAVE})
    desk.ingest(account="Halden")
    with desk.open() as home:
        source = next(each for each in home.archive.sources(EVERYTHING) if "as transcribed" in each.title)
        call = home.archive.interaction(EVERYTHING, source.id)
    citation = cite(call, call.turns[0].span)
    assert (citation.title, citation.low_confidence, citation.locator.start_ms) == ("kickoff (as transcribed)", True, 1000)


def test_without_the_extra_it_is_set_aside_and_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(speech, "installed", lambda: False)
    (tmp_path / "kickoff.wav").write_bytes(WAVE)
    [group] = reading.survey([tmp_path]).groups
    [failure] = reading.read(group).failures
    assert failure.reason == "not_installed"
    assert "baton-handoff[audio]" in failure.detail
    assert not reading.is_readable_now({"file": "calls/kickoff.wav", "reason": "too_long"}, "")


@pytest.mark.parametrize(
    ("library", "packaged", "in_the_folder", "settings_say", "ready"),
    [
        (True, True, False, False, True),
        (True, False, False, False, False),
        (True, False, True, True, True),
        (True, True, False, True, False),
        (False, True, True, True, False),
    ],
)
def test_it_is_tried_again_once_library_and_model_are_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, library: bool, packaged: bool, in_the_folder: bool, settings_say: bool, ready: bool
) -> None:
    monkeypatch.setattr(speech, "installed", lambda: library)
    monkeypatch.setattr(speech, "PACKAGED", "ingest" if packaged else "no_such_models")
    if in_the_folder:
        (tmp_path / "model.bin").write_bytes(b"weights")
    failure = {"file": "calls/kickoff.wav", "reason": "not_installed"}
    assert reading.is_readable_now(failure, str(tmp_path) if settings_say else "") == ready


def test_a_model_is_a_folder_that_the_settings_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "baton.toml").write_text('[ingest]\nspeech = "/models/none"\n')
    model = load_settings(tmp_path, {}).speech
    monkeypatch.setattr(speech, "installed", lambda: True)
    with pytest.raises(NotHeard, match=r"no speech model in /models/none"):
        speech.recognise(WAVE, model)


def test_listening_has_limits_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "kickoff.wav").write_bytes(WAVE)
    [group] = reading.survey([tmp_path]).groups
    long = replace(group, files=(replace(group.files[0], size=recordings.MOST_BYTES),))
    item = reading.Attempt(long)
    assert (reading._patience(item), reading._memory(item)) == (reading.LISTENERS * reading.MOST_LISTENING_S, reading.LISTENING_MEGABYTES)


def test_a_recording_beside_its_transcript_is_not_listened_to(tmp_path: Path) -> None:
    vtt = "WEBVTT\n\n00:01.000 --> 00:03.000\nDana: Hello there.\n"
    for name in ("kickoff.vtt", "GMT20261005-140000_Recording.transcript.vtt"):
        (tmp_path / name).write_text(vtt)
    for name in ("kickoff.m4a", "GMT20261005-140000_Recording_1920x1080.mp4", "other.m4a"):
        (tmp_path / name).write_bytes(b"\0\0\0\x18ftypM4A \0\0")
    found = reading.survey([tmp_path])
    assert [group.files[0].name for group in found.groups if group.format == "recording"] == ["other.m4a"]
    assert {(failure.file, failure.reason) for failure in found.failures} == {
        ("kickoff.m4a", "transcript_beside"),
        ("GMT20261005-140000_Recording_1920x1080.mp4", "transcript_beside"),
    }


def test_who_was_there_stands_in_a_file_beside_it_and_whose_channel_is_whose() -> None:
    told = (
        "# kick-off\nleft: Dana Okafor <Dana@cartage.example>\nRight: Marta Lindqvist <marta@halden.example>\n\n"
        "Tom Reyes\nright: Ingrid Solheim\n"
    )
    found = present.read(Input("kickoff.people.txt", told.encode()))
    assert [(each.name, each.email) for each in found.people] == [
        ("Dana Okafor", "dana@cartage.example"),
        ("Marta Lindqvist", "marta@halden.example"),
        ("Tom Reyes", ""),
        ("Ingrid Solheim", ""),
    ]
    assert {channel: each.name for channel, each in found.voices.items()} == {"left": "Dana Okafor"}  # two share the right one


def test_who_spoke_is_who_has_the_channel_and_nobody_where_both_carry_it(monkeypatch: pytest.MonkeyPatch) -> None:
    heard = replace(
        HEARD,
        segments=tuple(replace(each, channel=channel) for each, channel in zip(HEARD.segments, ("left", "right", ""), strict=True)),
        apart=True,
    )
    monkeypatch.setattr(speech, "recognise_apart", lambda data, model: heard)
    people = Input("kickoff.people.txt", b"left: Dana Okafor <dana@cartage.example>\nright: Marta Lindqvist <marta@halden.example>\n")
    reading_ = recordings.parse([Input("kickoff.wav", WAVE), people])
    [call] = reading_.interactions
    assert [turn.speaker and turn.speaker.email for turn in call.turns] == ["dana@cartage.example", "marta@halden.example", None]
    assert [each.name for each in call.participants] == ["Dana Okafor", "Marta Lindqvist"]
    assert "who said them is known by the channel" in reading_.notices[0].detail
    monkeypatch.setattr(speech, "recognise_apart", lambda data, model: HEARD)
    together = recordings.parse([Input("kickoff.wav", WAVE), people])
    assert {turn.speaker for turn in together.interactions[0].turns} == {None}
    assert "who said them is not known" in together.notices[0].detail


def test_channels_of_one_room_are_not_taken_for_two_people_and_a_voice_is_its_own_channels() -> None:
    chance = numpy.random.default_rng(7)
    one, other = (chance.normal(0, 0.1, 4 * speech.SAMPLES_PER_S) for _ in range(2))
    one[2 * speech.SAMPLES_PER_S :] *= 0.01
    other[: 2 * speech.SAMPLES_PER_S] *= 0.01
    other[3 * speech.SAMPLES_PER_S :] = one[: speech.SAMPLES_PER_S]
    one[3 * speech.SAMPLES_PER_S :] = chance.normal(0, 0.1, speech.SAMPLES_PER_S)
    assert speech.are_apart(one, other)
    assert not speech.are_apart(one, one + 0.3 * other)
    assert not speech.are_apart(one, one * 0)
    said = [Segment("Mine.", 0.5, 1.5, 0.9), Segment("Bled over.", 2.1, 2.9, 0.9), Segment("Both.", 3.1, 3.9, 0.9)]
    assert [(each.text, each.channel) for each in speech.of_channel(said, "left", one, other)] == [("Mine.", "left"), ("Both.", "")]


def test_a_file_of_people_goes_with_the_recording_of_its_name_alone(tmp_path: Path) -> None:
    for name in ("kickoff.wav", "other.wav"):
        (tmp_path / name).write_bytes(WAVE)
    for name in ("kickoff", "forgotten"):
        (tmp_path / f"{name}.people.txt").write_text("left: Dana Okafor <dana@cartage.example>\n")
    found = reading.survey([tmp_path])
    assert [[file.name for file in group.files] for group in found.groups] == [["kickoff.wav", "kickoff.people.txt"], ["other.wav"]]
    assert [(failure.file, "is not beside it" in failure.detail) for failure in found.failures] == [("forgotten.people.txt", True)]
    key = found.groups[0].key
    again = reading.as_it_lies(key, "recording", tmp_path)
    assert again is not None
    assert len(again.files) == 2
