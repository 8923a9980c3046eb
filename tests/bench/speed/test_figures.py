"""The arithmetic of the benchmark: ratios within rounds, percentiles, and what the table and the file say."""

from __future__ import annotations

import json
import math
import platform
import random
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.speed.figures import Figure, Section, alternate, as_json, as_text, number, percentile, spread
from bench.speed.machine import facts, keep

NOISY = Figure("texts a second", "/s", (100.0, 40.0, 90.0), (50.0, 20.0, 60.0), "the peer", "ratio >= 1.2")
SECTION = Section("ingest", "Ingest: 3 texts", (NOISY,), ("One note.",), {"Baton, ms": [[1.23456, 2.0], [3.0]]})


def test_a_ratio_compares_what_ran_in_the_same_round() -> None:
    assert NOISY.ratios == (2.0, 2.0, 1.5)
    assert as_json(SECTION)["figures"][0]["ratio"] == {"median": 2.0, "min": 1.5, "max": 2.0, "samples": [2.0, 2.0, 1.5]}


def test_a_side_that_ran_less_often_is_not_compared() -> None:
    with pytest.raises(ValueError, match="shorter"):
        _ = Figure("x", "s", (1.0, 2.0), (1.0,), "the peer").ratios


def test_who_goes_first_changes_from_round_to_round() -> None:
    order: list[str] = []

    def side(name: str) -> str:
        order.append(name)
        return f"{name}{len(order)}"

    pairs = alternate(3, lambda: side("A"), lambda: side("B"))
    assert order == ["A", "B", "B", "A", "A", "B"]
    assert pairs == [("A1", "B2"), ("A4", "B3"), ("A5", "B6")]


@pytest.mark.parametrize(
    ("values", "share", "expected"),
    [
        ([7.0], 95, 7.0),
        ([1.0, 2.0], 50, 1.0),
        (list(range(1, 101)), 50, 50),
        (list(range(1, 101)), 95, 95),
        (list(range(1, 21)), 95, 19),
        ([3.0, 1.0, 2.0], 100, 3.0),
    ],
)
def test_a_percentile_is_the_nearest_rank(values: list[float], share: float, expected: float) -> None:
    random.Random(5).shuffle(values)
    assert percentile(values, share) == expected


@given(st.lists(st.floats(0, 1e6), min_size=1), st.integers(1, 100))
def test_a_percentile_is_a_value_that_enough_others_do_not_exceed(values: list[float], share: int) -> None:
    found = percentile(values, share)
    assert found in values
    assert sum(value <= found for value in values) >= math.ceil(share / 100 * len(values))
    assert sum(value < found for value in values) < math.ceil(share / 100 * len(values))


def test_numbers_are_as_long_as_they_say_something() -> None:
    assert [number(value) for value in (0.0521, 0.523, 5.23, 52.31, 523.1)] == ["0.052", "0.52", "5.23", "52.3", "523"]


def test_a_spread_is_the_median_between_the_least_and_the_most() -> None:
    assert spread((47.0, 39.0, 41.0), "ms") == "41.0 ms (39.0–47.0)"
    assert spread((41.0,), "/s") == "41.0/s"


def test_the_table_says_all_that_is_known_of_a_figure_in_one_row() -> None:
    lines = as_text(SECTION, 140).splitlines()
    assert lines[0] == "Ingest: 3 texts"
    row = next(line for line in lines if line.strip().startswith("texts a second"))
    cells = [cell.strip() for cell in row.split("  ") if cell.strip()]
    assert cells == ["texts a second", "90.0/s (40.0–100)", "50.0/s (20.0–60.0)", "the peer", "2.00 (1.50–2.00)", "ratio >= 1.2"]
    assert lines[-1] == "One note."


def test_a_run_is_kept_with_every_sample_and_without_host_or_paths(tmp_path: Path) -> None:
    at = datetime(2026, 11, 22, 15, 0, tzinfo=UTC)
    file = keep([SECTION], {**facts(), "seconds": 1.5}, at, tmp_path / "run.json")
    text = file.read_text(encoding="utf-8")
    run = json.loads(text)
    assert run["at"] == "2026-11-22T15:00:00+00:00"
    assert run["sections"]["ingest"]["figures"][0]["baton"]["samples"] == [100.0, 40.0, 90.0]
    assert run["sections"]["ingest"]["singles"] == {"Baton, ms": [[1.235, 2.0], [3.0]]}
    assert set(run) >= {"commit", "python", "platform", "cpu", "cores", "load_average", "seconds"}
    here = (str(Path.home()), str(Path.cwd()), str(tmp_path))
    assert [private for private in (*here, platform.node()) if private != "/" and private in text] == []


def test_a_run_is_named_by_its_moment_and_commit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bench.speed.machine.RESULTS", tmp_path / "results")
    at = datetime(2026, 11, 22, 15, 0, tzinfo=UTC)
    assert keep([], {"commit": "0123456789ab"}, at) == tmp_path / "results" / "20261122T150000Z-0123456789ab.json"
