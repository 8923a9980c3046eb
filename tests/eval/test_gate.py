"""The gate fails when a measure falls below its recorded bar or by more than chance, and says so when there is nothing to hold it to."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from eval.cases import Case
from eval.gate import FEWEST, Gate, NoBaseline, Recorded, bar, hold, load_baseline, past, record
from eval.items import Item
from eval.measures import Value
from eval.paired import Difference, paired
from eval.report import Report
from tests.eval.mutants import ALL
from tests.eval.reports import LABELS, report_of

WORSE = (
    "perfect", "always_declines", "never_declines", "changes_a_letter", "slips_by_a_character", "cites_foreign_sources", "swaps_speakers",
)  # fmt: skip


@pytest.fixture(scope="module")
def measured(cases: tuple[Case, ...]) -> dict[str, Report]:
    return {name: report_of(cases, ALL[name]) for name in WORSE}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "baseline.json"


def recorded(report: Report, file: Path) -> None:
    record(report.summary, report.items, LABELS, file)


def held(report: Report, file: Path, labels: str = LABELS) -> Gate:
    return hold(report.summary, report.items, labels, file)


def verdicts(gate: Gate) -> dict[str, str]:
    return {check.measure: check.verdict for check in gate.checks if check.failed}


def reasons(gate: Gate, measure: str) -> tuple[str, ...]:
    return next(check.reasons for check in gate.checks if check.measure == measure)


def scored(right: int, wrong: int) -> tuple[Item, ...]:
    """So many questions that are correct, then so many that are not."""
    return tuple(
        Item(f"halden Q{n:03}", "halden", "promise", f"Question {n}?", () if n < right else ("lacks 24",), {"correct": float(n < right)})
        for n in range(right + wrong)
    )


def test_a_run_holds_its_own_baseline(measured: dict[str, Report], file: Path) -> None:
    recorded(measured["perfect"], file)
    gate = held(measured["perfect"], file)
    assert gate.passed
    assert {check.verdict for check in gate.checks} == {"holds"}
    assert (gate.newly_failing, gate.newly_passing, gate.known) == ((), (), frozenset())


@pytest.mark.parametrize(
    ("worse", "caught"),
    [
        ("changes_a_letter", "citation_validity"), ("slips_by_a_character", "cut_citation"), ("cites_foreign_sources", "foreign_citation"),
        ("swaps_speakers", "speaker_correct"), ("never_declines", "false_answer"), ("always_declines", "false_decline"),
    ],
)  # fmt: skip
def test_each_fault_fails_the_gate(worse: str, caught: str, measured: dict[str, Report], file: Path) -> None:
    recorded(measured["perfect"], file)
    gate = held(measured[worse], file)
    assert not gate.passed
    assert verdicts(gate)[caught] == "below"
    assert "is past the bar of" in reasons(gate, caught)[0]
    assert gate.newly_failing


def test_a_measure_that_vanished_is_a_failure(measured: dict[str, Report], file: Path) -> None:
    recorded(measured["perfect"], file)
    gate = held(measured["always_declines"], file)
    assert verdicts(gate)["citation_validity"] == "not measured"
    assert reasons(gate, "citation_validity") == ("nothing was there to measure",)


def test_an_improvement_passes_and_is_named(measured: dict[str, Report], file: Path) -> None:
    recorded(measured["swaps_speakers"], file)
    gate = held(measured["perfect"], file)
    assert gate.passed
    assert [check.measure for check in gate.checks if check.verdict == "better"] == ["speaker_correct"]
    assert {item.id for item in gate.newly_passing} == gate.known


def test_what_is_worse_by_more_than_chance_fails_within_the_tolerance(measured: dict[str, Report], file: Path) -> None:
    """Six of 300 are .02, less than the tolerance; but it is the same questions, and none of them got better."""
    perfect = measured["perfect"]

    def run(wrong: int) -> Report:
        value = Value((300 - wrong) / 300, 0.9, 1.0, 300)
        summary = replace(perfect.summary, questions=perfect.summary.questions | {"correct": value})
        return replace(perfect, summary=summary, items=scored(300 - wrong, wrong))

    recorded(run(0), file)
    assert held(run(2), file).passed
    gate = held(run(6), file)
    assert verdicts(gate) == {"correct": "below"}
    assert reasons(gate, "correct") == ("on the 300 items of the baseline it is worse by 0.020 [0.007 to 0.037], more than chance",)
    assert [item.id for item in gate.newly_failing] == [f"halden Q{n}" for n in range(294, 300)]
    recorded(run(6), file)
    gate = held(run(0), file)
    assert gate.passed
    assert [item.id for item in gate.newly_passing] == [f"halden Q{n}" for n in range(294, 300)]


@pytest.mark.parametrize(
    ("changes", "difference"),
    [
        ([], None),
        ([0.0, 0.0], Difference(0, 0, 0, 2)),
        ([1.0] * 30, Difference(1, 1, 1, 30)),
        ([-1.0] * 30, Difference(-1, -1, -1, 30)),
    ],
)  # fmt: skip
def test_the_difference_is_taken_over_the_items_of_both(changes: list[float], difference: Difference | None) -> None:
    old = {f"Q{n}": 0.0 for n in range(len(changes))}
    new = {f"Q{n}": change for n, change in enumerate(changes)}
    assert paired(old | {"gone": 1.0}, new | {"new": 1.0}) == difference


def test_as_many_better_as_worse_is_no_difference() -> None:
    names = [f"Q{n}" for n in range(40)]
    old = {name: float(n < 20) for n, name in enumerate(names)}
    new = {name: float(n >= 20) for n, name in enumerate(names)}
    difference = paired(old, new)
    assert difference
    assert difference.value == 0
    assert difference.low < 0 < difference.high
    assert not difference.significant


def test_what_allows_no_exception_fails_even_if_it_was_recorded_so(measured: dict[str, Report], file: Path) -> None:
    recorded(measured["cites_foreign_sources"], file)
    gate = held(measured["cites_foreign_sources"], file)
    assert verdicts(gate) == {"foreign_citation": "below"}
    assert reasons(gate, "foreign_citation")[0].endswith("is past the bar of 0.000 (no exception is allowed)")


def test_few_items_are_reported_and_not_gated(measured: dict[str, Report], file: Path) -> None:
    recorded(measured["perfect"], file)
    recall = measured["perfect"].summary.brief["goal_recall"]
    assert recall
    assert recall.items < FEWEST
    assert "goal_recall" not in load_baseline(file).measures


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


def test_a_baseline_edited_by_hand_does_not_move_what_was_agreed(measured: dict[str, Report], file: Path) -> None:
    recorded(measured["perfect"], file)
    eased = Recorded(value=0.0, low=0.0, high=0.0, items=98, bar=0.0)
    baseline = load_baseline(file)
    measures = baseline.measures | {"evidence_hit": eased, "fact_recall": eased}
    edited = baseline.model_copy(update={"measures": measures, "cases": {}})
    file.write_text(edited.model_dump_json(), "utf-8")
    gate = held(measured["always_declines"], file)
    assert {"evidence_hit": "below", "fact_recall": "below"}.items() <= verdicts(gate).items()
    assert reasons(gate, "evidence_hit") == ("0.000 is past the bar of 0.450 (agreed as the least)",)


def test_a_line_taken_out_of_the_baseline_fails_the_gate(measured: dict[str, Report], file: Path) -> None:
    recorded(measured["perfect"], file)
    baseline = load_baseline(file)
    kept = {name: row for name, row in baseline.measures.items() if name not in ("citation_validity", "promise_recall")}
    file.write_text(baseline.model_copy(update={"measures": kept}).model_dump_json(), "utf-8")
    assert "lacks citation_validity, promise_recall" in held(measured["perfect"], file).fault


@pytest.mark.parametrize("number", ["NaN", "Infinity"])
def test_a_bar_that_is_no_number_is_no_baseline(number: str, measured: dict[str, Report], file: Path) -> None:
    recorded(measured["perfect"], file)
    file.write_text(file.read_text("utf-8").replace('"bar": 1.0', f'"bar": {number}', 1), "utf-8")
    assert "not a baseline" in held(measured["perfect"], file).fault


@pytest.mark.parametrize("items", range(20, 67))
def test_two_items_may_be_lost_and_a_third_may_not(items: int) -> None:
    for right in range(3, items + 1):
        limit = bar("recall_at_10", Value(round(right / items, 4), 0, 1, items))
        assert not past("recall_at_10", round((right - 2) / items, 4), limit)
        assert past("recall_at_10", round((right - 3) / items, 4), limit)


def test_nothing_to_compare_with_is_a_failed_gate_that_says_what_to_do(measured: dict[str, Report], file: Path) -> None:
    assert "no baseline is recorded yet" in held(measured["perfect"], file).fault
    file.write_text("{}", "utf-8")
    assert "not a baseline" in held(measured["perfect"], file).fault
    recorded(measured["perfect"], file)
    other = held(measured["perfect"], file, labels="d2")
    assert "recorded on other labels" in other.fault
    assert not other.passed


def test_the_baseline_is_a_line_a_measure_and_a_line_a_case(measured: dict[str, Report], file: Path) -> None:
    recorded(measured["perfect"], file)
    text = file.read_text("utf-8")
    lines = text.splitlines()
    assert lines[:3] == ["{", ' "labels": "d1",', ' "measures": {']
    assert '  "evidence_hit": {"value": 1.0, "low": 0.9631, "high": 1.0, "items": 98, "bar": 0.97},' in lines
    body = json.loads(text)
    assert len(lines) == len(body["measures"]) + len(body["cases"]) + 7
    first = measured["perfect"].items[0].id
    assert body["cases"][first]["right"] is True
    assert body["cases"][first]["scores"]["evidence_hit"] == 1.0
    recorded(measured["perfect"], file)
    assert file.read_text("utf-8") == text


def test_recording_tells_what_is_asked_from_now_on(measured: dict[str, Report], file: Path) -> None:
    perfect, swaps = measured["perfect"], measured["swaps_speakers"]
    assert {change.before for change in record(swaps.summary, swaps.items, LABELS, file)} == {None}
    raised = record(perfect.summary, perfect.items, LABELS, file)
    assert [(change.measure, change.lowered) for change in raised] == [("speaker_correct", False)]
    assert record(perfect.summary, perfect.items, LABELS, file) == ()
    lowered = record(swaps.summary, swaps.items, LABELS, file)
    assert [(change.measure, change.lowered) for change in lowered] == [("speaker_correct", True)]
    fewer = replace(swaps.summary, brief={})
    gone = [change for change in record(fewer, swaps.items, LABELS, file) if change.after is None]
    assert "promise_recall" in {change.measure for change in gone}
    assert all(change.lowered for change in gone)


def test_what_is_better_is_recorded_with_its_items_and_the_rest_stays(measured: dict[str, Report], file: Path) -> None:
    declines, perfect = measured["always_declines"], measured["perfect"]
    recorded(declines, file)
    raised = record(perfect.summary, perfect.items, LABELS, file, better_alone=True)
    assert "correct" in {change.measure for change in raised}
    assert not any(change.lowered for change in raised)
    whole = load_baseline(file)
    assert record(declines.summary, declines.items, LABELS, file, better_alone=True) == ()
    assert load_baseline(file) == whole
    assert whole.measures["correct"].value == 1.0
    assert sum(case.scores.get("correct", 0.0) for case in whole.cases.values()) == whole.measures["correct"].items
    with pytest.raises(NoBaseline, match="other labels"):
        record(perfect.summary, perfect.items, "others", file, better_alone=True)


def test_more_errors_allowed_is_lower(measured: dict[str, Report], file: Path) -> None:
    recorded(measured["perfect"], file)
    worse = measured["never_declines"]
    changes = {change.measure: change for change in record(worse.summary, worse.items, LABELS, file)}
    assert changes["false_answer"].lowered
    after = changes["false_answer"].after
    assert after
    assert after.value == 1.0
