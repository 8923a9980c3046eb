"""Conflicts, reliance and rivals in small made-up histories: what is held, on the half that rules were written with and the other."""

from __future__ import annotations

import pytest

from eval.ledgers import cases, judge, score

LEAST = {"conflict": 0.40, "reliance": 0.70, "rivals": 0.75}


@pytest.mark.parametrize("held_out", [False, True], ids=["worked on", "held out"])
@pytest.mark.parametrize("sort", sorted(LEAST))
def test_most_are_found_and_none_is_invented(sort: str, held_out: bool) -> None:
    of_sort = [one for one in cases() if one.sort == sort and one.held_out is held_out]
    found = score(judge(of_sort))
    assert found.wanted >= 5
    assert found.empty >= 2
    assert found.recall >= LEAST[sort]
    assert found.precision >= 0.9
    assert found.invented == 0
