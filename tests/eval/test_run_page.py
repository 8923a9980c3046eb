"""A run over labelled deals as one page: the course of the runs, the comparison, and what failed beside what was wanted."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest

from eval.cases import Case
from eval.compare import StoredRun, compare, comparison_json
from eval.report import as_json
from eval.run_page import page, runs_in
from tests.eval.perfect import perfect
from tests.eval.reports import report_of

HOSTILE = "</td><script>alert(1)</script>\x07"


@pytest.fixture(scope="module")
def body(brightwell: Case) -> dict[str, Any]:
    return json.loads(json.dumps(as_json(report_of([brightwell], perfect))))


def worse(body: dict[str, Any]) -> dict[str, Any]:
    made = copy.deepcopy(body)
    made["run"] |= {"name": "b" * 12, "at": "2026-11-29T00:00:00Z"}
    item = made["items"][0]
    item |= {"right": False, "faults": [f"lacks {HOSTILE}"], "scores": item["scores"] | {"correct": 0.0}}
    made["questions"][0] |= {"answer": HOSTILE, "missing": [[HOSTILE, "thirty"]]}
    made["measures"]["correct"]["value"] = 0.5
    return made


def test_what_failed_stands_beside_what_was_wanted_and_is_text(body: dict[str, Any]) -> None:
    text = page(worse(body), None, [])
    assert "What went wrong: 1 of" in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text
    assert "<script" not in text
    assert "\x07" not in text
    assert "or thirty" in text


def test_a_comparison_names_what_turned_and_what_moved(body: dict[str, Any]) -> None:
    old, new = StoredRun.model_validate(body), StoredRun.model_validate(worse(body))
    text = page(worse(body), comparison_json(compare(old, new)), [])
    assert f"Against {old.run.name}" in text
    assert "Newly wrong: 1" in text
    assert "Newly right: 0" in text


def test_support_is_drawn_for_each_deal_and_kind_of_source_that_has_claims_enough(body: dict[str, Any]) -> None:
    bins = [{"said": 0.3, "right": 0.5, "claims": 20, "interval": [0.3, 0.7]}]
    told = {"error": 0.2, "debiased": 0.1, "by_chance": 0.08, "chance": 0.05, "claims": 20, "bins": bins}
    few = told | {"claims": 19, "bins": [bins[0] | {"claims": 19}]}
    text = page(body | {"support": told, "support_by": {"kind": {"call": told, "doc": few}, "deal": {"halden": told}}}, None, [])
    assert "calls: off by 0.200 of 20 claims" in text
    assert "halden: off by 0.200 of 20 claims" in text
    assert "documents: off by" not in text


def test_the_course_is_of_the_runs_in_the_folder_over_the_same_labels(body: dict[str, Any], tmp_path: Path) -> None:
    other = worse(body) | {"labels": "other"}
    other["run"] = {**other["run"], "name": "c" * 12}
    for name, run in (("old", worse(body)), ("other", other), ("now", body)):
        (tmp_path / f"{name}.json").write_text(json.dumps(run), "utf-8")
    (tmp_path / "none.json").write_text("{", "utf-8")
    earlier = runs_in(tmp_path, body["run"]["name"])
    assert {run.run.name for run in earlier} == {"b" * 12, "c" * 12}
    text = page(body, None, earlier)
    assert "The last 2 runs kept" in text
    assert "bbbbbbb" in text
    assert "Over the runs" not in page(body, None, [])
