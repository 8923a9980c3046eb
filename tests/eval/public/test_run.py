"""`python -m eval.public` prints a table a set, or the word why there is none."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from eval.measures import Measure, Ratio
from eval.public.__main__ import main
from eval.public.folder import VARIABLE
from eval.public.run import SETS, UnknownSet, run_sets
from eval.public.table import Table, as_rows, figures
from tests.eval.public.making import put, question, talk

CALL = talk("c1", "pair", ("Dana", "I ride to work."))


def test_every_set_that_is_not_here_is_skipped_with_a_word(tmp_path: Path) -> None:
    said = list(run_sets([], tmp_path))
    assert [str(word).split(":")[0] for word in said] == list(SETS)
    assert all(str(word).endswith("skipped") for word in said)


def test_a_set_nobody_knows_is_refused_with_those_there_are(tmp_path: Path) -> None:
    with pytest.raises(UnknownSet, match="there is no set 'lokomo'; there are locomo, qmsum"):
        list(run_sets(["lokomo"], tmp_path))


def test_a_slice_is_told_by_how_much_of_it_counts(tmp_path: Path) -> None:
    put(tmp_path / "locomo", [CALL], [question("q1", "pair", "Who rides?", turns=["c1#0"]), question("q2", "pair", "Is she fit?")])
    (table,) = run_sets(["locomo"], tmp_path)
    assert isinstance(table, Table)
    assert table.counts == {
        "accounts": 1, "documents": 1, "turns": 1, "questions": 2, "counted": 1, "counted, answerable": 1, "counted, unanswerable": 0,
    }  # fmt: skip


def test_rows_of_one_document_are_drawn_together_so_that_the_interval_is_no_narrower_than_the_documents_allow() -> None:
    rows = [True] * 50 + [False] * 50
    share: Measure[bool] = Measure("share", lambda row: Ratio(row, 1))
    (apart,), (together,) = figures([share], rows), figures([share], rows, ["one"] * 50 + ["other"] * 50)
    assert apart.value is not None
    assert together.value is not None
    assert (apart.value.value, apart.value.items) == (together.value.value, together.value.items) == (0.5, 100)
    assert apart.value.high < 0.7 < together.value.high == 1.0


def test_the_command_prints_text_or_one_object_and_fails_on_a_set_that_cannot_be_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def command(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr("sys.argv", ["eval.public", "--data", str(tmp_path), *arguments])
        return main(), *capsys.readouterr()

    put(tmp_path / "qmsum", [CALL], [question("q1", "pair", "Who rides?", turns=["c1#0"])])
    code, printed, progress = command("--sets", "qmsum", "judge")
    assert progress == "qmsum: measuring ...\njudge: measuring ...\n"
    assert (code, "qmsum: QMSum, meetings" in printed, "judge: not here" in printed) == (0, True, True)
    found = json.loads(command("--sets", "qmsum", "judge", "--json")[1])
    assert (found["sets"][0]["set"], found["sets"][0]["counts"]["turns"], len(found["skipped"])) == ("qmsum", 1, 1)
    put(tmp_path / "qmsum", [CALL], [question("q1", "pair", "Who rides?", turns=["c9"])])
    code, _, said = command("--sets", "qmsum")
    assert (code, "questions.jsonl:1: evidence_turn_ids: q1 names 'c9'" in said) == (1, True)


def test_a_folder_that_was_named_and_is_not_there_is_an_error_of_usage(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    none = tmp_path / "none"
    for arguments, variable, says in ((["--data", str(none)], "", "--data"), ([], str(none), VARIABLE)):
        monkeypatch.setattr("sys.argv", ["eval.public", *arguments])
        monkeypatch.setenv(VARIABLE, variable)
        with pytest.raises(SystemExit, match="2"):
            main()
        told = capsys.readouterr()
        assert told.out == ""
        assert f"{says}: there is no folder {none}" in told.err


def test_the_lines_for_the_page_of_benchmarks_have_the_interval_and_what_it_is_of() -> None:
    made = Table("some", "a set", figures((Measure("crashed", lambda row: Ratio(row, 1), errors=True),), [0, 0, 1, 1]))
    assert as_rows(made, "3a340a1f, 22 Nov 2026") == "| some | crashed ↓ | .500 [.000-1.000] of 4 | 3a340a1f, 22 Nov 2026 |"
