"""Labels are checked against the history they were written for, and a fault is named with its file and case."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from eval.cases import BadCases, Case, digest, load_case, load_cases
from eval.matching import contains
from tests.eval.mutants import CASES


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """The smallest deal, to be spoilt."""
    for name in ("brightwell.yaml", "brightwell.history.json"):
        shutil.copy(CASES / name, tmp_path / name)
    return tmp_path / "brightwell.yaml"


def spoil(file: Path, old: str, new: str) -> str:
    """Replaces one place of the labels and gives the message that loading them then raises."""
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(BadCases) as raised:
        load_case(file)
    assert str(file) in str(raised.value)
    return str(raised.value)


def test_the_development_deals_load_with_all_their_labels(cases: tuple[Case, ...]) -> None:
    assert [(case.name, len(case.questions), len(case.brief.promises)) for case in cases] == [
        ("halden", 40, 26), ("brightwell", 40, 22), ("meridian", 40, 30),
    ]  # fmt: skip
    assert sum(not question.answerable for case in cases for question in case.questions) == 22
    assert sum(question.follows is not None for case in cases for question in case.questions) == 16


def test_a_follow_up_knows_what_was_asked_before_it(brightwell: Case) -> None:
    question = next(q for q in brightwell.questions if q.id == "Q2")
    assert [earlier.id for earlier in brightwell.thread(question)] == ["Q1"]
    assert brightwell.thread(brightwell.questions[0]) == ()


def test_words_that_are_not_in_their_source_are_named(copied: Path) -> None:
    said = spoil(copied, "If you hate it after sixty days", "If you love it after sixty days")
    assert "question Q1: these words are not in c2: 'If you love it after sixty days" in said


def test_a_source_that_does_not_exist_is_named(copied: Path) -> None:
    assert "question Q1: there is no source 'c99'" in spoil(
        copied, "{source: c2, quote: 'If you hate it", "{source: c99, quote: 'If you hate it"
    )


def test_a_follow_up_of_nothing_is_named(copied: Path) -> None:
    assert "question Q2: follows Q77, which is not an earlier question" in spoil(copied, "follows: Q1\n", "follows: Q77\n")


def test_an_id_used_twice_is_named(copied: Path) -> None:
    assert "question Q1: this id is used twice" in spoil(copied, "- id: Q2\n", "- id: Q1\n")


def test_an_unknown_field_or_word_is_named_with_its_place(copied: Path) -> None:
    assert f"{copied}: question Q1: type: Input should be" in spoil(copied, "type: in_contract", "type: in_contrat")


def test_a_fault_in_a_promise_or_in_what_has_no_id_is_named_with_its_place(copied: Path) -> None:
    assert f"{copied}: promise P1: was: " in spoil(copied, "made_by: p1\n", "made_by: p1\n      was: x\n")
    copied.write_text("deal: d\nquestions: [{id: }, 7]\nbrief: {account: a, deal: d}\n", "utf-8")
    with pytest.raises(BadCases) as raised:
        load_case(copied)
    assert f"{copied}: questions.1.id: " in str(raised.value)
    assert f"{copied}: questions.2: " in str(raised.value)


def test_a_day_that_does_not_exist_is_named_with_its_line(copied: Path) -> None:
    said = spoil(copied, "type: in_contract\n", "type: in_contract\n    as_of: 2026-13-01\n")
    assert said == f"{copied}: not readable as YAML: line 7: there is no day 2026-13-01: month must be in 1..12"


def test_a_promise_id_used_twice_is_named(copied: Path) -> None:
    assert f"{copied}: promise P1: this id is used twice" in spoil(copied, "- id: P2\n", "- id: P1\n")


def test_a_promise_that_supersedes_itself_is_named_directly_or_by_way_of_others(copied: Path) -> None:
    text = copied.read_text("utf-8")
    older = text.index("supersedes: P2\n")
    later = text[text.rindex("- id: ", 0, older) + len("- id: ") :].split("\n", 1)[0]
    said = spoil(copied, "supersedes: P2\n", f"supersedes: {later}\n")
    assert said == f"{copied}: promise {later}: supersedes itself; of two promises only the later supersedes"
    copied.write_text(text.replace("    - id: P2\n", f"    - id: P2\n      supersedes: {later}\n", 1), "utf-8")
    with pytest.raises(BadCases) as raised:
        load_case(copied)
    assert str(raised.value) == f"{copied}: promise P2: supersedes itself by way of {later}; of two promises only the later supersedes"


def test_two_files_that_label_one_deal_are_named(copied: Path) -> None:
    shutil.copy(copied, copied.with_name("copy.yaml"))
    shutil.copy(copied.with_suffix(".history.json"), copied.with_name("copy.history.json"))
    with pytest.raises(BadCases, match=r"copy\.yaml: deal 'brightwell' is already labelled in brightwell\.yaml"):
        load_cases(copied.parent)


def test_an_unanswerable_question_with_facts_is_refused(copied: Path) -> None:
    said = spoil(copied, "type: in_contract\n", "type: in_contract\n    answerable: false\n")
    assert "question Q1: an answerable question has facts and evidence, an unanswerable one neither" in said


def test_a_gap_that_its_own_terms_do_not_recognise_is_named(copied: Path) -> None:
    said = spoil(copied, "- [login, log-in, log in, password, credential]", "- [key, fob]")
    assert "gap 'who has the website login': its text has none of key | fob" in said


def test_no_gap_is_recognised_by_the_text_of_another(cases: tuple[Case, ...]) -> None:
    mistaken = [
        (gap.text, other.text)
        for case in cases
        for gap in case.brief.gaps
        for other in case.brief.gaps
        if other != gap and all(any(contains(other.text, term) for term in group) for group in gap.terms)
    ]
    assert mistaken == []


def test_a_person_nobody_knows_is_named(copied: Path) -> None:
    assert "promise P1: there is no person 'p99'" in spoil(copied, "made_by: p1", "made_by: p99")


def test_broken_yaml_and_a_missing_history_are_told_apart(copied: Path) -> None:
    copied.with_suffix(".history.json").unlink()
    with pytest.raises(BadCases, match=r"brightwell\.history\.json: the history that brightwell\.yaml was labelled against"):
        load_case(copied)
    assert "not readable as YAML" in spoil(copied, "questions:", "questions: [")


def test_a_folder_without_labels_is_told(tmp_path: Path) -> None:
    with pytest.raises(BadCases, match="no labelled deals here"):
        load_cases(tmp_path)


def test_the_digest_follows_every_byte_of_the_labels(copied: Path) -> None:
    before = digest(copied.parent)
    assert digest(copied.parent) == before
    copied.write_text(copied.read_text("utf-8") + "\n", "utf-8")
    assert digest(copied.parent) != before


def test_no_label_lies_among_the_samples() -> None:
    samples = CASES.parent / "samples"
    assert samples.is_dir()
    assert not [file for file in samples.rglob("*") if file.suffix in (".yaml", ".yml") or file.name.endswith(".history.json")]
