"""Sentences, mail files and labelled answers: each loaded with its odd cases decided, and measured exactly."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest

from eval.public import mail as mail_files
from eval.public.commitments import commitments, undertakes
from eval.public.folder import Absent, public_data
from eval.public.injection import twins_of
from eval.public.judge import judge, judge_items
from eval.public.mail import FileRow, judge_file, mail
from eval.public.records import BadSet, read_set
from eval.public.table import Table
from tests.eval.public.making import Record, lines


def value(table: Table, name: str) -> tuple[float, int] | None:
    found = next(figure.value for figure in table.figures if figure.name == name)
    return found and (found.value, found.items)


def sentence(number: int, text: str, label: str, set: str = "email_intent") -> Record:
    return {"id": f"s{number}", "set": set, "text": text, "label": label, "detail": {}}


def test_baton_and_the_list_of_words_are_measured_on_the_same_labelled_sentences(tmp_path: Path) -> None:
    lines(
        tmp_path / "items.jsonl",
        sentence(1, "We will train your night crew on site in Malmö.", "Yes"),
        sentence(2, "We replace any broken scanner within two days.", "Yes"),
        sentence(3, "Could you send the list of docks?", "Yes"),
        sentence(4, "They promise a lot elsewhere.", "No"),
        sentence(5, "The ferry was late again.", "No"),
        sentence(6, "What did they decide?", "They would buy a ferry.", "qmsum_actions"),
    )
    table = commitments(tmp_path)
    assert (value(table, "precision"), value(table, "recall"), value(table, "f1")) == ((1.0, 2), (0.6667, 3), (0.8, 5))
    assert (value(table, "floor_precision"), value(table, "floor_recall"), value(table, "floor_f1")) == ((0.5, 2), (0.3333, 3), (0.4, 5))
    assert table.counts == {"sentences": 5, "intent": 3}
    assert table.notes == ("1 questions about meetings carry a summary and no label: not measured",)


def test_a_refusal_is_no_undertaking() -> None:
    assert undertakes("We will add the second depot in May.")
    assert not undertakes("We cannot add the second depot.")
    assert not undertakes("I should not have promised the second depot.")


def test_a_sentence_labelled_otherwise_is_refused_with_its_line(tmp_path: Path) -> None:
    lines(tmp_path / "items.jsonl", sentence(1, "We will.", "Yes"), sentence(2, "We may.", "Maybe"))
    with pytest.raises(BadSet, match=r"items.jsonl:2: label: 'Maybe' is neither Yes nor No"):
        commitments(tmp_path)


EML = "From: Erik <erik@halden.example>\nTo: dana@cartage.example\nSubject: Ferry\n\nThe ferry is late.\n"
REPLY = "The ferry is late.\n\nOn Mon, 4 May 2026 at 10:00, Dana Okafor <dana@cartage.example> wrote:\n> Where is the ferry?\n"
FORWARD = """See below.

---------- Forwarded message ---------
From: Erik Holm <erik@halden.example>
Date: Mon, 4 May 2026 at 10:00
Subject: Ferry
To: Dana <dana@cartage.example>

The ferry is late.
"""


def file(folder: Path, name: str, content: str, kind: str, expect: str = "parse", **more: object) -> Record:
    path = folder / "files" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content, "utf-8")
    return {"id": name, "path": f"files/{name}", "kind": kind, "expect": expect, "expected": None, "duplicate_of": None} | more


def test_each_file_is_read_as_baton_reads_it_and_judged_by_what_it_should_become(tmp_path: Path) -> None:
    lines(
        tmp_path / "manifest.jsonl",
        file(tmp_path, "late.eml", EML, "eml"),
        file(tmp_path, "again.eml", EML, "eml", duplicate_of="late.eml"),
        file(tmp_path, "torn.eml", "\0\1\2", "eml", "no_crash"),
        file(tmp_path, "call.vtt", "WEBVTT\n\n00:01.000 --> 00:02.000\nDana: Hello.\n", "vtt"),
        file(tmp_path, "none.vtt", "Nobody said anything.\n", "vtt"),
        file(tmp_path, "call.srt", "1\n00:00:01,000 --> 00:00:02,000\nHello.\n", "srt"),
        file(tmp_path, "reply.txt", REPLY, "reply_text", "exact", expected={"reply_text": "The ferry  is late.\n", "elided_text": ""}),
        file(tmp_path, "long.txt", REPLY, "reply_text", "exact", expected={"reply_text": "The ferry is"}),
        file(tmp_path, "start.txt", REPLY, "reply_text", "exact", expected={"reply_starts_with": "The ferry"}),
        file(tmp_path, "web_en_body.txt", FORWARD, "forward_text", expected={"original_from": "erik@halden.example"}),
        file(tmp_path, "web_en_subject.txt", "Fwd: Ferry", "forward_text", expected={"original_from": "erik@halden.example"}),
    )
    table = mail(tmp_path)
    assert value(table, "crashed") == (0.0, 10)
    assert value(table, "parsed") == (0.8889, 9)
    assert (value(table, "parsed, eml"), value(table, "parsed, vtt"), value(table, "parsed, srt")) == ((1.0, 1), (0.5, 2), (1.0, 1))
    assert value(table, "reply_exact") == (0.6667, 3)
    assert value(table, "reply_words_found") == (1.0, 7)
    assert value(table, "reply_words_pure") == (0.875, 8)
    assert (value(table, "forward_found"), value(table, "forward_author_found")) == ((1.0, 1), (1.0, 1))
    assert table.counts == {"eml": 2, "vtt": 2, "srt": 1, "reply_text": 3, "forward_text": 2}
    assert table.notes == ("1 files are copies of others and not read twice",)


def test_a_reader_that_raises_is_a_crash(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks(*_: object, **__: object) -> None:
        raise RuntimeError("torn")

    monkeypatch.setattr(mail_files, "survey", breaks)
    monkeypatch.setattr(mail_files, "body", breaks)
    one = FileRow.model_validate(file(tmp_path, "late.eml", EML, "eml"))
    two = FileRow.model_validate(file(tmp_path, "reply.txt", REPLY, "reply_text"))
    assert [(found.crashed, found.parsed) for found in (judge_file(tmp_path, one), judge_file(tmp_path, two))] == [(True, False)] * 2


def test_a_parser_whose_exception_was_caught_last_has_crashed_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks(_: object) -> None:
        raise RuntimeError("torn")

    monkeypatch.setattr("ingest.reading._BY_NAME", {"mail": SimpleNamespace(parse=breaks)})
    row = FileRow.model_validate(file(tmp_path, "late.eml", EML, "eml"))
    found = judge_file(tmp_path, row)
    assert (found.crashed, found.parsed) == (True, False)


def test_a_manifest_whose_files_are_not_here_is_absent_and_one_without_an_expectation_is_refused(tmp_path: Path) -> None:
    row = file(tmp_path, "late.eml", EML, "eml")
    lines(tmp_path / "manifest.jsonl", row, row | {"id": "b", "path": "files/gone.eml"})
    with pytest.raises(Absent, match=r"1 files of its manifest are not here"):
        mail(tmp_path)
    lines(tmp_path / "manifest.jsonl", row | {"expect": "exact", "duplicate_of": "gone"})
    with pytest.raises(BadSet, match=r"duplicate_of: late.eml names 'gone'(.|\n)*expects an exact reply and gives none"):
        mail(tmp_path)


def item(number: int, task: str, label: str, **more: str) -> Record:
    return {"id": f"j{number}", "task": task, "answer": "In May.", "label": label, "detail": {}} | more


def test_labelled_answers_are_counted_without_those_nobody_could_judge(tmp_path: Path) -> None:
    lines(
        tmp_path / "items.jsonl",
        item(1, "answer_correctness", "correct", reference="May"),
        item(2, "answer_faithfulness", "supported", context="It is in May."),
        item(3, "answer_faithfulness", "supported"),
        item(4, "answer_faithfulness", "unclear", context="It is."),
        item(5, "insight_coverage", "PARTIAL"),
    )
    assert [row.id for row in judge_items(tmp_path) if row.counted] == ["j1", "j2", "j5"]
    assert judge(tmp_path).counts == {"answer_correctness, correct": 1, "answer_faithfulness, supported": 1, "insight_coverage, PARTIAL": 1}
    lines(tmp_path / "items.jsonl", item(1, "answer_correctness", "FULL"))
    with pytest.raises(BadSet, match=r"items.jsonl:1: label: 'FULL' is no label of answer_correctness"):
        judge(tmp_path)


def test_the_true_sets_are_read_whole() -> None:
    data = public_data(None, {})
    if not data.is_dir():
        pytest.skip("the public sets are not beside this project")
    assert len(judge_items(data / "judge")) == 1426
    assert len(mail_files.files(data / "email_robust")) == 656
    attacks = read_set(data / "injection")
    assert (len(attacks.questions), len(twins_of(attacks.questions)), len(attacks.documents)) == (260, 222, 401)
    assert commitments(data / "commitments").counts == {"sentences": 3657, "intent": 1719}
