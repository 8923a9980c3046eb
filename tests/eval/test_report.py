"""What a run tells at a terminal fits it and ends with whether the gate held; what it tells programs is the same bytes every time."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from eval.cases import Case
from eval.gate import Check, Gate, Raised, Recorded, hold, record
from eval.measures import Value
from eval.outcome import Cited, Given
from eval.report import NARROWEST, WIDEST, Timing, as_json, as_text, paragraph
from eval.worst import worst_first
from tests.eval.mutants import ALL, plain_floor
from tests.eval.perfect import perfect
from tests.eval.reports import LABELS, STAMP, perfect_but, report_of

RECORDED = Recorded(value=0.5, low=0.41, high=0.59, items=98, bar=0.47)
HOLDS = Check("correct", Value(0.5, 0.4, 0.6, 98), RECORDED, 0.47, None, "holds")
BETTER = Check("correct", Value(0.6, 0.5, 0.7, 98), RECORDED, 0.47, None, "better")
BELOW = Check("false_answer", Value(0.7, 0.6, 0.8, 98), RECORDED, 0.55, None, "below", ("0.700 is past the bar of 0.550",))


def last_lines(text: str, count: int) -> list[str]:
    return text.split("\n")[-count:]


@pytest.mark.parametrize("width", [NARROWEST, WIDEST])
def test_every_line_fits_the_terminal(width: int, cases: tuple[Case, ...]) -> None:
    report = report_of(cases, plain_floor, gate=Gate((HOLDS, BELOW)), notes=("held: " + "a long reason " * 20,))
    text = as_text(report, worst=5, width=width)
    assert [line for line in text.splitlines() if len(line) > width] == []


def test_a_measure_stands_with_its_interval_its_items_and_whether_they_are_few(cases: tuple[Case, ...]) -> None:
    lines = as_text(report_of(cases, perfect)).splitlines()
    assert "evidence_hit          1.000  [0.96-1.00]   98" in lines
    assert any(line.startswith("false_answer ↓        0.000") for line in lines)
    few = next(line for line in lines if line.startswith("goal_recall "))
    assert few.endswith("few")


def test_a_label_mistaken_for_another_is_seen_in_the_matrix(cases: tuple[Case, ...]) -> None:
    lines = as_text(report_of(cases, perfect)).splitlines()
    head = next(n for n, line in enumerate(lines) if line.startswith("STRENGTH"))
    matrix = {line.split()[0]: line.split()[1:] for line in lines[head + 1 : head + 3]}
    assert list(matrix) == ["best_effort", "conditional"]
    assert matrix["best_effort"][1:] == ["·"] * (len(matrix["best_effort"]) - 1)


def test_the_worst_come_first_with_what_was_missing_and_cited(brightwell: Case) -> None:
    invented = Given("answered", "x", (Cited("c9", "words nobody said in any call", "Bo"),))
    unanswerable = next(q.id for q in brightwell.questions if not q.answerable)
    report = report_of([brightwell], perfect_but(**{unanswerable: invented, "Q1": Given("declined")}))
    assert [failing.row.question.id for failing in worst_first(report.rows)] == [unanswerable, "Q1"]
    lines = as_text(report, worst=1).splitlines()
    assert "WORST QUESTIONS  1 of 2 that went wrong" in lines
    assert "   ✗ cites words that no source holds" in lines
    assert "   cited   c9 Bo: words nobody said in any call" in lines
    assert not any("declines although" in line for line in lines)


def test_what_a_brief_lacks_is_listed_too(brightwell: Case) -> None:
    lines = as_text(report_of([brightwell], ALL["knows_nothing"]), worst=500).splitlines()
    promise = brightwell.brief.promises[0]
    at = next(n for n, line in enumerate(lines) if line.startswith(f"brightwell {promise.id}: {promise.text[:40]}"))
    assert "   ✗ promise missed" in lines[at : at + 3]


@pytest.mark.parametrize(
    ("gate", "end"),
    [
        (Gate((), fault="no baseline is recorded yet"), ["GATE  FAILED: no baseline is recorded yet"]),
        (Gate((HOLDS,)), ["GATE  passed: 1 of 1 measures hold"]),
        (
            Gate((HOLDS, BELOW)),
            [
                "GATE  FAILED: 1 of 2 measures hold",
                "                  now  recorded         95 %    bar",
                "false_answer ↓  0.700     0.500  [0.41-0.59]  0.550  BELOW",
                "✗ false_answer: 0.700 is past the bar of 0.550",
            ],
        ),
        (
            Gate((BETTER,)),
            [
                "GATE  passed: 1 of 1 measures hold",
                "           now  recorded         95 %    bar",
                "correct  0.600     0.500  [0.41-0.59]  0.470  better",
                "1 better than recorded; to hold what follows to that: baton eval --raise-baseline",
            ],
        ),
    ],
)
def test_the_report_ends_with_whether_the_gate_held(brightwell: Case, gate: Gate, end: list[str]) -> None:
    report = report_of([brightwell], perfect, gate=gate, notes=("held: x.eml: no account fits",))
    text = as_text(report)
    assert last_lines(text, len(end)) == end
    assert "!       held: x.eml: no account fits" in text
    gate_json = as_json(report)["gate"]
    assert (gate_json["passed"], len(gate_json["checks"])) == (gate.passed, len(gate.checks))


def test_a_failed_gate_shows_what_newly_fails_and_what_newly_passes(cases: tuple[Case, ...], tmp_path: Path) -> None:
    file = tmp_path / "baseline.json"
    before = report_of(cases, perfect_but(Q1=Given("declined")))
    record(before.summary, before.items, LABELS, file)
    now = report_of(cases, ALL["never_declines"])
    text = as_text(replace(now, gate=hold(now.summary, now.items, LABELS, file)))
    failing = [item for item in now.items if not item.right]
    assert f"newly failing: {len(failing)}" in text
    first = next(q for case in cases for q in case.questions if not q.answerable)
    assert f"{cases[0].name} {first.id} [{first.type}] {first.text}"[:WIDEST] in text
    assert "   ✗ answers what the history does not say" in text
    assert "newly passing: " + ", ".join(f"{case.name} Q1" for case in cases) in text


def test_recording_says_what_was_raised_and_shouts_what_was_lowered(brightwell: Case) -> None:
    higher = RECORDED.model_copy(update={"value": 0.533, "bar": 0.503})
    raised = (
        Raised("correct", RECORDED, higher), Raised("fact_recall", higher, RECORDED), Raised("false_answer", RECORDED, higher),
        Raised("ndcg_at_10", None, higher), Raised("risk_recall", RECORDED, None),
    )  # fmt: skip
    assert last_lines(as_text(report_of([brightwell], perfect, raised=raised)), 6) == [
        "BASELINE  recorded; 5 of its measures changed",
        "correct 0.500 → 0.533 (bar 0.470 → 0.503)",
        "LOWERED fact_recall 0.533 → 0.500 (bar 0.503 → 0.470)",
        "LOWERED false_answer 0.500 → 0.533 (bar 0.470 → 0.503)",
        "ndcg_at_10 0.533 (bar 0.503), gated from now on",
        "LOWERED risk_recall no longer gated",
    ]


def test_two_runs_differ_in_run_and_timing_alone_and_these_stand_last(brightwell: Case) -> None:
    later = replace(STAMP, at=datetime(2026, 11, 23, tzinfo=UTC))
    first, second = (
        as_json(report_of([brightwell], perfect, stamp=stamp, timing=timing))
        for stamp, timing in ((STAMP, Timing(1, 2, 3, 4)), (later, Timing(5, 6, 7, 8)))
    )
    assert list(first)[-2:] == ["run", "timing"]
    assert first.pop("timing") != second.pop("timing")
    assert first.pop("run") != second.pop("run")
    assert json.dumps(first) == json.dumps(second)


def test_a_program_gets_every_item_with_its_scores(brightwell: Case) -> None:
    body = as_json(report_of([brightwell], perfect_but(Q1=Given("declined"))))
    first = body["items"][0]
    assert (first["id"], first["right"], first["faults"]) == ("brightwell Q1", False, ["declines although the history says it"])
    assert first["scores"]["false_decline"] == 1.0
    assert body["run"]["name"] == "3a340a1f00d5-dirty"
    assert body["run"]["at"] == "2026-11-22T14:05:00Z"
    assert "late_citation" not in first["scores"]
    assert {item["deal"] for item in body["items"]} == {"brightwell"}
    assert len({item["id"] for item in body["items"]}) == len(body["items"])


def test_right_means_no_fault_and_a_correct_answer(cases: tuple[Case, ...]) -> None:
    for make in ALL.values():
        assert all(item.scores.get("correct", 1.0) for item in report_of(cases[1:2], make).items if item.right)


def test_a_long_text_is_cut_with_a_mark() -> None:
    assert paragraph("  a ", "one two three four five six", 16, lines=2) == ["  a one two", "    three four …"]
    assert paragraph("  a ", "", 16) == ["  a"]
