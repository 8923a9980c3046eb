"""Weights by name: what is written is read, and a set comes to the same in whatever order it is."""

from __future__ import annotations

from itertools import permutations
from pathlib import Path

from assistant.facts.named_weights import NamedWeights, named_weights, write_weights

WEIGHTS = NamedWeights(-0.1, {"a": 0.1, "b": 0.2, "c": 0.3, "far": 900.0})


def test_what_is_written_is_read(tmp_path: Path) -> None:
    write_weights(WEIGHTS, tmp_path / "kept.json")
    assert named_weights(tmp_path / "kept.json") == WEIGHTS


def test_the_order_of_features_says_nothing_and_unknown_ones_neither() -> None:
    assert len({WEIGHTS.chance(given) for given in permutations(("a", "b", "c", "unknown"))}) == 1
    assert WEIGHTS.chance(()) == WEIGHTS.chance(("unknown",)) < 0.5 < WEIGHTS.chance(("far",)) < 1
