"""Files are told apart by content, grouped as they belong together, and no bytes make reading raise."""

from __future__ import annotations

import io
import json
import os
import shutil
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest import reading
from ingest.passages import split
from ingest.reading import Attempt, Group, NothingThere, attempt, read, read_all, readers, survey
from ingest.records import Reading, spans_of, text_of
from ingest.workers import Trouble, Workers
from tests.exports import mail, pdf, record_id, salesforce, table, write
from tests.ingest.misbehaving import read_documents

DATA = Path(__file__).parents[1] / "data" / "harborlight"
CALLS = frozenset("chorus fathom fireflies gong google_meet otter teams tldv transcript zoom".split())
NEUTRAL = json.dumps({"doc_id": "n", "source_type": "crm_note", "account": "A", "text": "Words."})


def put(folder: Path, **files: bytes | str) -> Path:
    for name, content in files.items():
        path = folder / name.replace("__", "/").replace("_dot_", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


def workbook() -> bytes:
    """A sound zip that begins like a workbook and is none."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
    return out.getvalue()


def test_the_sample_deal_is_found_whole() -> None:
    found = survey([DATA])
    groups = sorted((group.format, len(group.files)) for group in found.groups)
    assert [group for group in groups if group[0] in CALLS] == [
        ("chorus", 1), ("fathom", 4), ("fireflies", 1), ("gong", 4), ("google_meet", 5), ("otter", 2), ("teams", 5), ("tldv", 5),
        ("zoom", 4), ("zoom", 4),
    ]  # fmt: skip
    assert {"hubspot", "salesforce", "document"} <= {name for name, _ in groups}
    assert [group.files[0].name for group in found.groups if group.format == "mail"] == [f"emails/e{n:02}.eml" for n in range(1, 11)]
    assert [failure.file for failure in found.failures] == [f"golden/{file.name}" for file in sorted((DATA / "golden").iterdir())]


@pytest.mark.parametrize(
    ("source", "format_"),
    [
        ("gong/transcript.json", "gong"), ("fireflies/transcript.json", "fireflies"), ("emails/e07.eml", "mail"),
        ("hubspot/deal.json", "hubspot"), ("chorus/conversation.json", "chorus"), ("tldv/transcript.json", "tldv"),
        ("fathom/transcript.json", "fathom"), ("fathom/webhook_meeting_content_ready.json", "fathom"), ("fathom/copy_paste.txt", "fathom"),
        ("teams/graph_content.vtt", "teams"), ("teams/metadataContent.vtt", "teams"), ("teams/ui_download.vtt", "teams"),
        ("teams/transcript.docx", "teams"), ("google_meet/transcript_entries.json", "google_meet"),
        ("google_meet/Harborlight_kickoff_planning_Transcript.txt", "google_meet"), ("zoom/meeting_saved_chat.txt", "zoom"),
        ("otter/Harborlight_technical_demo_otter_ai.txt", "otter"), ("otter/Harborlight_technical_demo_otter_ai.srt", "transcript"),
        ("zoom/GMT20260618-150012_Recording.transcript.vtt", "zoom"), ("salesforce/account.json", "salesforce"),
        ("salesforce/VersionData/068Rk0000000DV8IAM.pdf", "document"),
    ],
)  # fmt: skip
def test_neither_name_nor_folder_decides_the_format(tmp_path: Path, source: str, format_: str) -> None:
    shutil.copyfile(DATA / source, tmp_path / "thing.bin")
    assert [group.format for group in survey([tmp_path]).groups] == [format_]


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.json", b'{"callTranscripts": [{"callId": "1", "transcr', "truncated_json"),
        ("a.json", b'{"calls": [,]}', "not_valid"),
        ("a.json", b"[" * 100_000, "not_valid"),
        ("a.json", b'{"something": "else"}', "unknown_format"),
        ("a.bin", bytes(range(256)), "unknown_format"),
        ("a.csv", b"Name,Amount\nHalden,1\n", "unknown_format"),
        ("a.mbox", b"From ann@a.example Mon Sep  7\nFrom: ann@a.example\n", "unknown_format"),
        ("a.zip", b"PK\x03\x04 nothing", "unknown_format"),
        ("a.eml", b" \n", "empty"),
        ("068Rk0000000D0XIAU.html", b"<p>lonely</p>", "unknown_format"),
    ],
)
def test_a_file_that_cannot_be_read_is_set_aside_with_a_reason_and_a_hint(tmp_path: Path, name: str, content: bytes, reason: str) -> None:
    (tmp_path / name).write_bytes(content)
    found = survey([tmp_path])
    assert ([(failure.file, failure.reason) for failure in found.failures], found.groups) == ([(name, reason)], ())
    assert found.failures[0].detail.endswith(".")


@pytest.mark.parametrize(
    ("name", "content", "word"),
    [
        ("a.docx", b"PK\x03\x04 torn", "Word document"),
        ("a.docx", b"PK\x03\x04 torn word/document.xml", "Word document"),
        ("a.docx", workbook(), "Excel workbook"),
        ("a.DOCX", b"just words", "Word document"),
        ("a.pdf", b"\0\1\2", "PDF"),
        ("a.pdf", b"%PDF-1.7 torn", "PDF"),
    ],
)
def test_a_damaged_document_is_said_to_be_damaged(tmp_path: Path, name: str, content: bytes, word: str) -> None:
    (tmp_path / name).write_bytes(content)
    found = survey([tmp_path])
    (failure,) = [*found.failures, *(failure for group in found.groups for failure in read(group).failures)]
    assert (failure.file, failure.reason) == (name, "not_valid")
    assert failure.detail.startswith(f"The {word} is damaged and cannot be opened")


def test_a_word_document_in_the_old_format_is_not_called_damaged(tmp_path: Path) -> None:
    (tmp_path / "a.docx").write_bytes(b"\xd0\xcf\x11\xe0 old")
    assert [failure.reason for failure in survey([tmp_path]).failures] == ["unknown_format"]


def test_a_file_that_is_too_large_is_not_opened(tmp_path: Path) -> None:
    with (tmp_path / "huge.json").open("wb") as file:
        file.truncate(reading.MOST_BYTES + 1)
    assert [failure.reason for failure in survey([tmp_path]).failures] == ["too_large"]


def test_links_hidden_files_and_litter_are_passed_over_in_silence(tmp_path: Path) -> None:
    put(tmp_path, a_dot_jsonl=NEUTRAL, _dot_hidden="x", Thumbs_dot_db="x", __MACOSX__b_dot_jsonl=NEUTRAL)
    put(tmp_path, **{"~$order_dot_docx": "x", "_dot_git__config": "x"})
    (tmp_path / "link.jsonl").symlink_to(tmp_path / "a.jsonl")
    (tmp_path / "loop").symlink_to(tmp_path)
    found = survey([tmp_path])
    assert ([[file.name for file in group.files] for group in found.groups], found.failures) == ([["a.jsonl"]], ())


def test_a_missing_path_is_an_error_and_an_empty_folder_is_nothing(tmp_path: Path) -> None:
    with pytest.raises(NothingThere, match=r"There is nothing at .*nowhere; check the spelling"):
        survey([tmp_path / "nowhere"])
    assert survey([tmp_path]) == reading.Survey()


def test_a_link_that_is_named_and_leads_nowhere_is_an_error(tmp_path: Path) -> None:
    for name, target in (("gone", "nowhere"), ("loop", "loop")):
        (tmp_path / name).symlink_to(tmp_path / target)
        with pytest.raises(NothingThere, match=f"There is nothing at .*{name}; check the spelling"):
            survey([tmp_path / name])


def test_a_link_that_is_named_is_followed(tmp_path: Path) -> None:
    put(tmp_path, a_dot_jsonl=NEUTRAL)
    (tmp_path / "link").symlink_to(tmp_path / "a.jsonl")
    assert [[file.name for file in group.files] for group in survey([tmp_path / "link"]).groups] == [["a.jsonl"]]


def test_what_is_wrong_with_what_was_read_is_noted_with_its_line(tmp_path: Path) -> None:
    put(tmp_path, a_dot_jsonl=json.dumps({"doc_id": "c", "source_type": "call", "text": "Words."}))
    (group,) = survey([tmp_path]).groups
    assert [(notice.file, notice.line, notice.reason) for notice in read(group).notices] == [("a.jsonl", 1, "no_speakers")]


def test_a_file_named_twice_is_read_once_and_keeps_its_key_from_wherever_it_is_named(tmp_path: Path) -> None:
    put(tmp_path, mail__a_dot_jsonl=NEUTRAL)
    (whole,) = survey([tmp_path, tmp_path / "mail", tmp_path / "mail" / "a.jsonl"]).groups
    (alone,) = survey([tmp_path / "mail" / "a.jsonl"]).groups
    assert (whole.key, whole.files[0].name, alone.files[0].name) == (alone.key, "mail/a.jsonl", "a.jsonl")


def test_the_digest_changes_with_any_byte_and_only_then(tmp_path: Path) -> None:
    shutil.copytree(DATA / "gong", tmp_path / "gong")
    (before,) = survey([tmp_path]).groups
    os.utime(tmp_path / "gong" / "users.json", (0, 0))
    assert survey([tmp_path]).groups == (before,)
    (tmp_path / "gong" / "users.json").write_bytes((tmp_path / "gong" / "users.json").read_bytes() + b"\n")
    (after,) = survey([tmp_path]).groups
    assert after.key == before.key
    assert after.digest != before.digest


def test_two_transcripts_in_one_folder_are_two_groups_that_share_the_json(tmp_path: Path) -> None:
    cue = "WEBVTT\n\n00:00:01.000 --> 00:00:02.000\nAnn Lee: Hello.\n"
    put(tmp_path, **{"GMT20260514-150000_dot_vtt": cue, "GMT20260515-150000_dot_vtt": cue})
    recording = {"uuid": "u", "topic": "Second day", "start_time": "2026-05-15T15:00:00Z", "recording_files": []}
    (tmp_path / "meeting_recordings.json").write_text(json.dumps(recording))
    titles = [call.title for group in survey([tmp_path]).groups for call in read(group).interactions]
    assert titles == ["GMT20260514-150000", "Second day"]


def test_a_file_that_vanishes_between_survey_and_read_is_a_failure(tmp_path: Path) -> None:
    put(tmp_path, a_dot_jsonl=NEUTRAL)
    (group,) = survey([tmp_path]).groups
    (tmp_path / "a.jsonl").unlink()
    assert [failure.reason for failure in read(group).failures] == ["unreadable"]


def test_characters_no_database_holds_are_replaced_one_for_one(tmp_path: Path) -> None:
    put(tmp_path, a_dot_jsonl=json.dumps({"doc_id": "n", "source_type": "crm_note", "text": "a\0b\ud800c", "meta": {"k\0": ["\udfff"]}}))
    (group,) = survey([tmp_path]).groups
    (note,) = read(group).interactions
    assert (text_of(note), note.meta) == ("a\ufffdb\ufffdc", {"k\ufffd": ["\ufffd"]})


@cache
def groups() -> tuple[Group, ...]:
    return survey([DATA]).groups


@given(st.data())
@settings(max_examples=60)
def test_no_damage_to_the_bytes_makes_reading_raise(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    group = data.draw(st.sampled_from(groups()))
    target = data.draw(st.sampled_from(group.files))
    original = target.path.read_bytes()
    at = data.draw(st.integers(0, len(original)))
    noise = data.draw(st.binary(max_size=8))
    rest = data.draw(st.sampled_from([b"", original[at:], original[at + len(noise) :], original]))  # cut, inserted, overwritten, doubled
    damaged = tmp_path_factory.mktemp("damaged") / "file"
    damaged.write_bytes(original[:at] + noise + rest)
    found = read(replace(group, files=tuple(replace(file, path=damaged) if file == target else file for file in group.files)))
    for interaction in found.interactions:
        text = text_of(interaction)
        text.encode("utf-8")
        assert [text[span.start : span.end] for span in spans_of(interaction)] == [turn.text for turn in interaction.turns]
        assert all(0 <= mark.at < len(turn.text) for turn in interaction.turns for mark in turn.marks)
        assert all(passage.text == text[passage.span.start : passage.span.end] for passage in split(interaction))


def test_reading_the_same_bytes_twice_gives_the_same_records() -> None:
    assert [read(group) for group in groups()] == [read(group) for group in groups()]


def test_workers_read_what_the_same_process_would() -> None:
    with readers() as workers:
        assert list(read_all(groups(), workers)) == [read(group) for group in groups()]


class Unlucky(Workers[Attempt, Reading]):
    """Whose processes end in every way."""

    def run(self, items: Sequence[Attempt]) -> Iterator[Reading | Trouble]:
        return iter([*Trouble][: len(items)])


def test_a_file_its_reader_did_not_survive_is_set_aside_and_the_others_are_read(tmp_path: Path) -> None:
    mail = "From: a@b.example\nTo: c@d.example\n\nWords.\n"
    put(tmp_path, a_dot_eml=mail, b_dot_eml=mail, c_dot_eml=mail, d_dot_jsonl=NEUTRAL)
    found = list(read_all(survey([tmp_path]).groups, Unlucky(attempt, lambda item: 1)))
    assert [(failure.file, failure.reason) for reading in found for failure in reading.failures] == [
        ("a.eml", "too_slow"), ("b.eml", "too_large_in_memory"), ("c.eml", "reader_died"),
    ]  # fmt: skip
    assert [len(reading.interactions) for reading in found] == [0, 0, 0, 1]


def carriers(folder: Path, **attached: str) -> Sequence[Group]:
    """A mail with a PDF each."""
    names = {f"{name}.pdf": words for name, words in attached.items()}
    put(folder, mail_dot_eml=mail("a@b.example", "c@d.example", "The mail's own words.", id="m", attached=names).decode())
    return survey([folder]).groups


def test_a_document_that_takes_its_reader_down_is_set_aside_and_what_carries_it_is_read(tmp_path: Path) -> None:
    groups = carriers(tmp_path, one="Sound.", two="loop", three="segfault", four="swallow", five="raise", six="Sound as well.")
    pool = Workers(read_documents, lambda item: 0.5 if not item.passed_over else 60, again=readers().again)
    with pool:
        [reading] = read_all(groups, pool)
    assert [(failure.file, failure.reason) for failure in reading.failures] == [
        ("mail.eml::two.pdf", "too_slow"),
        ("mail.eml::three.pdf", "reader_died"),
        ("mail.eml::four.pdf", "too_large_in_memory"),
        ("mail.eml::five.pdf", "not_valid"),
    ]
    assert [text_of(each) for each in reading.interactions] == ["The mail's own words.", "Sound.", "Sound as well."]


def test_a_mail_in_which_reader_after_reader_is_lost_is_read_without_its_documents(tmp_path: Path) -> None:
    groups = carriers(tmp_path, **dict.fromkeys("abcdefgh", "segfault"))
    with Workers(read_documents, lambda item: 60, again=readers().again) as pool:
        [reading] = read_all(groups, pool)
    assert [(failure.file, failure.reason) for failure in reading.failures] == [(f"mail.eml::{x}.pdf", "reader_died") for x in "abcdefgh"]
    assert [text_of(each) for each in reading.interactions] == ["The mail's own words."]


def test_a_file_in_the_crm_that_takes_its_reader_down_leaves_the_crm(tmp_path: Path) -> None:
    native = record_id("068", "F")
    versions = table("ID,CONTENTDOCUMENTID,TITLE,FILETYPE,ISLATEST", [(native, record_id("069", "F"), "Order form", "PDF", "true")])
    write(
        tmp_path, {**salesforce(notes=["Budget holder is Jonas Beck."]), "ContentVersion.csv": versions, f"{native}.pdf": pdf("segfault")}
    )
    with Workers(read_documents, lambda item: 60, again=readers().again) as pool:
        [reading] = read_all(survey([tmp_path]).groups, pool)
    assert [(failure.file, failure.reason) for failure in reading.failures] == [(f"{native}.pdf", "reader_died")]
    assert "Budget holder is Jonas Beck." in [text_of(each) for each in reading.interactions]
    assert [account.name for account in reading.accounts] == ["Halden Freight Group"]


def test_a_loose_document_that_takes_its_reader_down_is_tried_once(tmp_path: Path) -> None:
    (tmp_path / "loose.pdf").write_bytes(pdf("segfault"))
    with Workers(read_documents, lambda item: 60, again=readers().again) as pool:
        [reading] = read_all(survey([tmp_path]).groups, pool)
    assert [(failure.file, failure.reason) for failure in reading.failures] == [("loose.pdf", "reader_died")]
