"""What decides whether a question is answered, and the trees that say how likely it is."""

from __future__ import annotations

import random

import pytest

from assistant.models.heard import Signs, Tree, Trees, heard
from eval.heard import LESS_LIKELY, MORE_LIKELY, Tried

SEEN = Signs(*(0.5 for _ in Signs._fields))


@pytest.mark.parametrize(
    ("chance", "by_rule", "on_record", "answered"),
    [(0.9, False, False, True), (0.1, False, False, False), (0.9, True, False, False), (0.1, False, True, True), (0.9, True, True, True)],
)
def test_a_question_is_answered_unless_something_speaks_against_it(chance: float, by_rule: bool, on_record: bool, answered: bool) -> None:
    assert Tried("halden", "here", True, SEEN, by_rule, on_record).answered(chance, least=0.4) == answered


def test_a_tree_asks_until_it_has_a_value() -> None:
    tree = Tree(0, 0.5, Tree(1, 0.5, -1.0, 1.0), Tree(1, 0.5, 2.0, Tree(0, 0.8, -2.0, -3.0)))
    seen = ((0.5, 0.5), (0.5, 0.6), (0.6, 0.5), (0.6, 0.6), (0.9, 0.6))
    assert [tree.of(each) for each in seen] == [-1.0, 1.0, 2.0, -2.0, -3.0]


def test_trees_that_say_nothing_leave_the_chance_that_they_start_from() -> None:
    assert Trees(0.0, ()).of(SEEN) == 0.5


def test_the_trees_shipped_ask_for_signs_that_there_are() -> None:
    def asked(tree: Tree | float) -> set[int]:
        return {tree.split} | asked(tree.low) | asked(tree.high) if isinstance(tree, Tree) else set()

    assert set().union(*map(asked, heard().trees)) <= set(range(len(Signs._fields)))
    assert len(heard().trees) > 1


def test_a_better_match_never_makes_an_answer_less_likely() -> None:
    """Labelled questions without an answer are put in the words of the history: what is learnt from that would decline those who do so."""
    drawn = random.Random(0)
    trees = heard()
    asked = {split: sorted(cuts) for split, cuts in _cuts(trees).items()}
    for _ in range(200):
        seen = [drawn.choice(asked.get(at, [0.5])) + drawn.choice((-0.01, 0.01)) for at in range(len(Signs._fields))]
        for at, name in enumerate(Signs._fields):
            if name in MORE_LIKELY | LESS_LIKELY:
                low, high = (trees.of([*seen[:at], value, *seen[at + 1 :]]) for value in (seen[at], seen[at] + drawn.random()))
                assert high >= low - 1e-9 if name in MORE_LIKELY else high <= low + 1e-9, name


def _cuts(trees: Trees) -> dict[int, set[float]]:
    found: dict[int, set[float]] = {}

    def look(tree: Tree | float) -> None:
        if isinstance(tree, Tree):
            found.setdefault(tree.split, set()).add(tree.at)
            look(tree.low)
            look(tree.high)

    for tree in trees.trees:
        look(tree)
    return found
