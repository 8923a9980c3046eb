"""Every browser scenario of the design is held by tests that are there."""

from __future__ import annotations

import ast
from pathlib import Path

from tests.api.scenarios import SCENARIOS

HERE = Path(__file__).parent
ALL = {f"B{number}" for number in range(1, 33)}


def named_in(name: str) -> set[str]:
    folder, _, file = name.rpartition("/")
    tree = ast.parse(((HERE.parent / folder if folder else HERE) / f"test_{file}.py").read_text("utf-8"))
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")}


def test_every_scenario_is_counted_once() -> None:
    assert sorted(SCENARIOS) == sorted(ALL)


def test_what_is_said_to_hold_a_scenario_is_a_test_that_is_there() -> None:
    for scenario, named in SCENARIOS.items():
        assert named, scenario
        for each in named:
            file, _, test = each.partition("::")
            assert test in named_in(file), (scenario, each)
