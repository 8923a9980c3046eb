"""The documents state the figures of one run, and a command writes them there."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from eval.cases import Case
from eval.published import BENCHMARKS, MEASURES, README, ROOT, publish, with_table
from eval.report import as_json
from tests.eval.perfect import perfect
from tests.eval.reports import report_of


@pytest.fixture(scope="module")
def body(brightwell: Case) -> dict[str, Any]:
    made = json.loads(json.dumps(as_json(report_of([brightwell], perfect))))
    return made | {"support": {"error": 0.051, "claims": 244}}


def test_a_run_is_written_into_each_document_and_the_words_around_it_stay(body: dict[str, Any], tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    for place in (README, BENCHMARKS, MEASURES):
        (tmp_path / place).write_text((ROOT / place).read_text("utf-8"), "utf-8")
    for _ in range(2):
        publish(body, tmp_path)
    readme, benchmarks, measures = ((tmp_path / place).read_text("utf-8") for place in (README, BENCHMARKS, MEASURES))
    assert "| the words that prove the answer are among its citations | 1.000 |" in readme
    assert "| correct | 1.000 [.91-1.00] |" in benchmarks
    assert "| support off by (fitted on these deals), of claims | .051 of 244 |" in benchmarks
    assert re.search(r"^\| `correct` \| .*\| 1.000 \[.91-1.00\] \|$", measures, re.MULTILINE)
    assert len(measures.splitlines()) == len((ROOT / MEASURES).read_text("utf-8").splitlines())
    assert benchmarks.startswith("# Benchmarks")
    assert benchmarks.count("| correct | 1.000") == 1


def test_a_document_without_the_marks_is_told() -> None:
    with pytest.raises(ValueError, match="each once"):
        with_table("# Benchmarks", "| a |")


def test_the_documents_as_they_are_state_one_run() -> None:
    readme, benchmarks, measures = ((ROOT / place).read_text("utf-8") for place in (README, BENCHMARKS, MEASURES))
    runs = re.findall(r"run (\w+(?: with changes)? of \d{4}-\d\d-\d\d)", readme + benchmarks)
    assert len(runs) == 2
    assert len(set(runs)) == 1
    told = [re.findall(pattern, text, re.MULTILINE) for pattern, text in (
        (r"^\| questions answered right.*\| 0(\.\d{3}) \|$", readme),
        (r"^\| correct \| (\.\d{3}) \[", benchmarks),
        (r"^\| `correct` \| .*\| (\.\d{3}) \[[^|]*\|$", measures),
    )]  # fmt: skip
    assert told[0]
    assert told[0] == told[1] == told[2]
