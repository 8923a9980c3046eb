"""How the numbers that tell whether a thing was spoken of are fitted."""

from __future__ import annotations

import pytest

from assistant.models.heard import Signs
from eval.heard import PER_DEAL, Group, Tried, seen


def tried(group: Group, *, right: bool = True, held: bool = False, told: bool = True) -> Tried:
    return Tried("halden", group, right, held, Signs(0.0, 0.0, 1.0) if told else None, 1.0, by_rule=False, on_record=False)


def test_each_group_of_a_deal_counts_by_its_share_however_many_there_are() -> None:
    weights = [
        one.weight
        for one in seen([tried("labelled"), tried("labelled"), tried("here"), tried("here", held=True), tried("here", told=False)])
    ]
    assert weights == pytest.approx([0.3 * PER_DEAL, 0.3 * PER_DEAL, 0.4 * PER_DEAL])


@pytest.mark.parametrize(
    ("chance", "sure", "by_rule", "on_record", "answered"),
    [
        (0.9, 1.0, False, False, True),
        (0.1, 1.0, False, False, False),
        (None, 1.0, False, False, True),
        (0.9, 0.5, False, False, False),
        (0.9, 1.0, True, False, False),
        (0.1, 0.5, False, True, True),
    ],
)
def test_a_question_is_answered_unless_something_speaks_against_it(
    chance: float | None, sure: float, by_rule: bool, on_record: bool, answered: bool
) -> None:
    one = Tried("halden", "here", True, False, None, sure, by_rule, on_record)
    assert one.answered(chance, least=0.4, enough=0.8) == answered
