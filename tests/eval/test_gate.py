"""The gate fails when a measure falls below its recorded bar, and says so when there is nothing to hold it to."""

from __future__ import annotations

from pathlib import Path

import pytest

from eval.cases import Case
from eval.gate import FEWEST, Gate, Recorded, bar, hold, load_baseline, record
from eval.measures import Summary, Value, judge_case, pool, summarise
from tests.eval.mutants import ALL


@pytest.fixture(scope="module")
def measured(cases: tuple[Case, ...]) -> dict[str, Summary]:
    names = (
        "perfect",
        "always_declines",
        "never_declines",
        "changes_a_letter",
        "slips_by_a_character",
        "cites_foreign_sources",
        "swaps_speakers",
    )
    return {name: summarise(pool([judge_case(case, ALL[name](case)) for case in cases])) for name in names}


def verdicts(gate: Gate) -> dict[str, str]:
    return {check.measure: check.verdict for check in gate.checks if check.failed}


def test_a_run_holds_its_own_baseline(measured: dict[str, Summary], tmp_path: Path) -> None:
    record(measured["perfect"], "d1", tmp_path / "b.json")
    gate = hold(measured["perfect"], "d1", tmp_path / "b.json")
    assert gate.passed
    assert {check.verdict for check in gate.checks} == {"holds"}


@pytest.mark.parametrize(
    ("worse", "caught"),
    [
        ("changes_a_letter", "citation_validity"), ("slips_by_a_character", "cut_citation"), ("cites_foreign_sources", "foreign_citation"),
        ("swaps_speakers", "speaker_correct"), ("never_declines", "false_answer"), ("always_declines", "false_decline"),
    ],
)  # fmt: skip
def test_each_fault_fails_the_gate(worse: str, caught: str, measured: dict[str, Summary], tmp_path: Path) -> None:
    record(measured["perfect"], "d1", tmp_path / "b.json")
    gate = hold(measured[worse], "d1", tmp_path / "b.json")
    assert not gate.passed
    assert verdicts(gate)[caught] == "below"


def test_a_measure_that_vanished_is_a_failure(measured: dict[str, Summary], tmp_path: Path) -> None:
    record(measured["perfect"], "d1", tmp_path / "b.json")
    assert verdicts(hold(measured["always_declines"], "d1", tmp_path / "b.json"))["citation_validity"] == "not measured"


def test_an_improvement_passes_and_is_named(measured: dict[str, Summary], tmp_path: Path) -> None:
    record(measured["swaps_speakers"], "d1", tmp_path / "b.json")
    gate = hold(measured["perfect"], "d1", tmp_path / "b.json")
    assert gate.passed
    assert [check.measure for check in gate.checks if check.verdict == "better"] == ["speaker_correct"]


def test_what_allows_no_exception_fails_even_if_it_was_recorded_so(measured: dict[str, Summary], tmp_path: Path) -> None:
    record(measured["cites_foreign_sources"], "d1", tmp_path / "b.json")
    assert verdicts(hold(measured["cites_foreign_sources"], "d1", tmp_path / "b.json")) == {"foreign_citation": "below"}


def test_few_items_are_reported_and_not_gated(measured: dict[str, Summary], tmp_path: Path) -> None:
    baseline = record(measured["perfect"], "d1", tmp_path / "b.json")
    recall = measured["perfect"].brief["goal_recall"]
    assert recall
    assert recall.items < FEWEST
    assert "goal_recall" not in baseline.measures


@pytest.mark.parametrize(
    ("name", "value", "items", "worst"),
    [
        ("evidence_hit", 0.70, 98, 0.67), ("evidence_hit", 0.455, 98, 0.45), ("false_answer", 0.30, 22, 0.3909),
        ("false_answer", 0.59, 22, 0.60), ("citation_validity", 0.90, 500, 1.0),
        ("foreign_citation", 0.10, 500, 0.0), ("must_not_violation", 0.0, 47, 0.0426),
    ],
)  # fmt: skip
def test_the_bar_is_the_tolerance_below_but_never_below_what_was_agreed(name: str, value: float, items: int, worst: float) -> None:
    assert bar(name, Value(value, 0, 1, items)) == worst


def test_a_baseline_edited_by_hand_does_not_move_what_was_agreed(measured: dict[str, Summary], tmp_path: Path) -> None:
    file = tmp_path / "b.json"
    baseline = record(measured["perfect"], "d1", file)
    eased = Recorded(value=0.0, items=98, bar=0.0)
    file.write_text(baseline.model_copy(update={"measures": {"evidence_hit": eased, "fact_recall": eased}}).model_dump_json(), "utf-8")
    assert verdicts(hold(measured["always_declines"], "d1", file)) == {"evidence_hit": "below", "fact_recall": "below"}


def test_nothing_to_compare_with_is_a_failed_gate_that_says_what_to_do(measured: dict[str, Summary], tmp_path: Path) -> None:
    file = tmp_path / "b.json"
    assert "no baseline is recorded yet" in hold(measured["perfect"], "d1", file).fault
    file.write_text("{}", "utf-8")
    assert "not a baseline" in hold(measured["perfect"], "d1", file).fault
    record(measured["perfect"], "d1", file)
    other = hold(measured["perfect"], "d2", file)
    assert "recorded on other labels" in other.fault
    assert not other.passed


def test_what_is_recorded_can_be_read_back(measured: dict[str, Summary], tmp_path: Path) -> None:
    assert record(measured["perfect"], "d1", tmp_path / "b.json") == load_baseline(tmp_path / "b.json")
