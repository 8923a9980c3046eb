"""`baton eval` on the real thing: exports read, questions asked, a brief composed, measures and exit code given."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from eval.cases import BadCases
from eval.command import DATA, run_eval
from eval.gate import EXACT
from eval.report import as_json


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """The smallest deal and its sibling account, as somebody's own folder of cases."""
    for account in ("Brightwell Dental", "Brightwell Orthodontics"):
        shutil.copytree(DATA / "samples" / account, tmp_path / "data" / "samples" / account)
    (tmp_path / "data" / "cases").mkdir()
    for name in ("brightwell.yaml", "brightwell.history.json"):
        shutil.copy(DATA / "cases" / name, tmp_path / "data" / "cases" / name)
    return tmp_path / "data"


@pytest.mark.slow
def test_a_deal_measured_twice_gives_the_same_numbers_and_no_gate(small: Path, tmp_path: Path) -> None:
    first, code = run_eval(small, home=tmp_path / "home")
    again, _ = run_eval(small, home=tmp_path / "home")
    one, two = as_json(first), as_json(again)
    del one["timing"], two["timing"]
    assert json.dumps(one) == json.dumps(two)
    assert (code, first.gate, first.deals, first.notes) == (0, None, ("brightwell",), again.notes)
    values = first.summary.all()
    for name in ("citation_validity", "failed", "cut_citation", "foreign_citation"):
        value = values[name]
        assert value
        assert (name, value.value) == (name, EXACT[name])
    assert not any(row.given.error for row in first.rows.questions)


def test_a_deal_that_is_not_labelled_is_named() -> None:
    with pytest.raises(BadCases, match="no labelled deal 'haldn'; there are brightwell, halden, meridian"):
        run_eval(only=["haldn"])


def test_a_folder_without_labels_or_samples_is_told_in_a_sentence(tmp_path: Path) -> None:
    ran = subprocess.run([sys.executable, "-m", "eval", str(tmp_path)], capture_output=True, text=True, check=False, cwd=DATA.parent)
    assert (ran.returncode, ran.stdout) == (1, "")
    assert "no labelled deals here" in ran.stderr
    (tmp_path / "cases").symlink_to(DATA / "cases")
    with pytest.raises(BadCases, match="no samples to read"):
        run_eval(tmp_path)
