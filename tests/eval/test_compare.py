"""Two runs side by side: what moved and whether by more than chance, what turned, and what could not be compared."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from eval.cases import Case
from eval.compare import NotARun, StoredRun, compare, comparison_json, comparison_text, load_run, main
from eval.outcome import Given
from eval.report import Report, as_json
from tests.eval.mutants import ALL
from tests.eval.perfect import perfect
from tests.eval.reports import STAMP, perfect_but, report_of

SILENT = perfect_but(Q1=Given("declined"))


def stored(report: Report) -> StoredRun:
    return StoredRun.model_validate_json(json.dumps(as_json(report)))


def written(report: Report, file: Path) -> str:
    file.write_text(json.dumps(as_json(report)), "utf-8")
    return str(file)


def test_a_run_beside_itself_moves_nothing(brightwell: Case) -> None:
    run = stored(report_of([brightwell], ALL["plain_floor"]))
    comparison = compare(run, run)
    assert (comparison.newly_failing, comparison.newly_passing, comparison.notes) == ((), (), ())
    assert all(row.same for row in comparison.measures)
    assert f"none of the {len(comparison.measures)} measures moved" in comparison_text(comparison, 100)


def test_what_turned_is_shown_with_what_it_was_and_is(brightwell: Case) -> None:
    right, wrong = stored(report_of([brightwell], perfect)), stored(report_of([brightwell], SILENT))
    comparison = compare(right, wrong)
    assert [pair.new.id for pair in comparison.newly_failing] == ["brightwell Q1"]
    assert comparison.newly_passing == ()
    lines = comparison_text(comparison, 100).splitlines()
    at = lines.index(f"brightwell Q1 [in_contract] {brightwell.questions[0].text}")
    assert lines[at - 1 : at + 3 : 2] == ["newly failing: 1", "   was right"]
    assert lines[at + 2] == "   now ✗ declines although the history says it"
    assert [pair.new.id for pair in compare(wrong, right).newly_passing] == ["brightwell Q1"]


def test_one_question_of_forty_is_chance_and_all_of_them_are_not(brightwell: Case) -> None:
    best = stored(report_of([brightwell], perfect))

    def moved(report: Report, measure: str) -> tuple[float | None, float | None, bool]:
        row = next(row for row in compare(best, stored(report)).measures if row.measure == measure)
        assert row.difference
        return row.old, row.new, row.difference.significant

    assert moved(report_of([brightwell], SILENT), "correct") == (1.0, 0.975, False)
    assert moved(report_of([brightwell], ALL["always_declines"]), "fact_recall") == (1.0, 0.0, True)


def test_what_counts_citations_has_values_and_no_difference(brightwell: Case) -> None:
    old, new = stored(report_of([brightwell], perfect)), stored(report_of([brightwell], ALL["changes_a_letter"]))
    row = next(row for row in compare(old, new).measures if row.measure == "citation_validity")
    assert (row.old, row.difference, row.same) == (1.0, None, False)
    assert row.new is not None
    assert row.new < 1


def test_other_labels_and_deals_are_compared_on_what_both_have_and_it_is_said(cases: tuple[Case, ...], brightwell: Case) -> None:
    old = stored(report_of(cases, perfect))
    report = report_of([brightwell], SILENT, labels="d2")
    reworded = replace(report.items[1], text="Asked otherwise?")
    new = stored(replace(report, items=(report.items[0], reworded, *report.items[2:])))
    comparison = compare(old, new)
    assert comparison.shared == len(new.items) - 1
    text = " ".join(comparison_text(comparison, 100).split())
    assert "made on other labels (d1, now d2)" in text
    assert "made on other deals (halden, brightwell, meridian; now brightwell)" in text
    assert "1 in the new one alone" in text
    measures = {row.measure: row for row in comparison.measures}
    assert "citation_validity" not in measures
    row = measures["correct"]
    assert (row.old, row.new, row.difference and row.difference.items) == (1.0, 0.9744, 39)


def test_runs_with_nothing_in_common_say_so(cases: tuple[Case, ...]) -> None:
    comparison = compare(stored(report_of(cases[:1], perfect)), stored(report_of(cases[1:2], perfect)))
    assert comparison.notes[-1] == "nothing is the same in both: there is nothing to compare"
    assert comparison.measures == ()


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (None, "cannot be read (No such file or directory)"),
        ("{", "not a run of the evaluation (Invalid JSON"),
        ('{"deals": []}', "not a run of the evaluation (labels: Field required)"),
    ],
)
def test_a_file_that_is_no_run_is_told_in_a_sentence(content: str | None, says: str, tmp_path: Path) -> None:
    file = tmp_path / "run.json"
    if content is not None:
        file.write_text(content, "utf-8")
    with pytest.raises(NotARun) as raised:
        load_run(file)
    assert str(raised.value).startswith(f"{file}: {says}")
    assert "baton eval --out FOLDER" in str(raised.value)


def test_the_command_prints_text_or_json(
    brightwell: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", "100")  # in a narrower terminal the first line is wrapped
    old = written(report_of([brightwell], perfect), tmp_path / "old.json")
    new = written(report_of([brightwell], SILENT, stamp=replace(STAMP, dirty=False)), tmp_path / "new.json")
    assert main([old, new]) == 0
    assert capsys.readouterr().out.startswith("COMPARED  3a340a1f00d5-dirty (2026-11-22T14:05:00Z) → 3a340a1f00d5 (")
    assert main([old, new, "--json"]) == 0
    body = json.loads(capsys.readouterr().out)
    assert body == json.loads(json.dumps(comparison_json(compare(load_run(Path(old)), load_run(Path(new))))))
    assert body["measures"]["correct"]["new"] == 0.975
    assert [pair["new"]["id"] for pair in body["newly_failing"]] == ["brightwell Q1"]
    assert main([old, str(tmp_path / "none.json")]) == 1
    assert capsys.readouterr().err.startswith("Error: ")
