"""The plain stack holds what it is given."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.peer import index_embedded


@pytest.mark.slow
def test_more_passages_than_chroma_takes_at_once_are_all_there(tmp_path: Path) -> None:
    rows = [("Halden Freight Group", f"p{number}", f"Depot {number}.", [1.0, number / 6000, 0.5]) for number in range(5500)]
    assert index_embedded([*rows, ("Brightwell", "q0", "Another account.", [0.0, 1.0, 0.0])], tmp_path) == 5501
