"""What is chosen without a deal is chosen from the others alone, and measured on that deal."""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from dataclasses import replace

import pytest

from assistant.recipe import Recipe
from eval.cases import Case, LabelledQuestion
from eval.held_out import OF_REFUSAL, PLAIN, Sure, Weight, as_json, choose, grid, refusal_folds, threshold_of
from eval.outcome import Given
from eval.questions import judge
from eval.thresholds import THRESHOLDS, Threshold, best
from tests.eval.perfect import perfect_answer


def sure(case: Case, deal: str, answerable: Sequence[float], unanswerable: Sequence[float]) -> list[Sure]:
    """Questions of a deal with these confidences, each answered: the answerable ones right."""
    of_deal = replace(case, name=deal)
    can, cannot = ([q for q in case.questions if q.answerable == wanted] for wanted in (True, False))
    answered = [Sure(of_deal, judge(of_deal, q, perfect_answer(of_deal, q)), at) for q, at in zip(can, answerable, strict=False)]
    said = Given("answered", "Yes, surely.")
    return answered + [Sure(of_deal, judge(of_deal, q, said), at) for q, at in zip(cannot, unanswerable, strict=False)]


def test_the_threshold_is_the_middle_of_what_tells_the_two_kinds_apart(brightwell: Case) -> None:
    assert threshold_of(sure(brightwell, "one", [0.8, 0.9], [0.2, 0.4])) == pytest.approx(0.6)


def test_of_ranges_as_good_as_each_other_the_widest_is_taken(brightwell: Case) -> None:
    # Above .3 or above .7 one of four is wrong each time; between .3 and .5 the deals leave more room than between .7 and .8.
    assert threshold_of(sure(brightwell, "one", [0.5, 0.8], [0.3, 0.7])) in (pytest.approx(0.4), pytest.approx(0.75))
    assert threshold_of(sure(brightwell, "one", [0.5, 0.8], [0.3, 0.7])) == pytest.approx(0.4)


def test_a_deal_is_judged_by_the_threshold_of_the_others(brightwell: Case) -> None:
    alike = [one for deal in ("one", "two") for one in sure(brightwell, deal, [0.8, 0.9], [0.2, 0.4])]
    odd = sure(brightwell, "odd", [0.3, 0.5], [0.1, 0.1])
    folds = {fold.deal: fold for fold in refusal_folds([*alike, *odd], shipped=0.2)}
    assert folds["odd"].chosen == "0.600"
    held_out, shipped = ([getattr(folds["odd"].measures[name], part).value for name in OF_REFUSAL] for part in ("held_out", "shipped"))
    assert held_out == [0.0, 1.0, 0.5]  # declines everything of the odd deal
    assert shipped == [0.0, 0.0, 1.0]
    pooled = folds["pooled"].measures["false_decline"]
    assert pooled.held_out
    assert pooled.held_out.items == 6
    [*_, last] = as_json(list(folds.values()), [])["refusal"]
    assert last["left_out"] == "pooled"


def test_below_the_threshold_an_answer_counts_as_declined(brightwell: Case) -> None:
    [one] = sure(brightwell, "one", [0.5], [])
    assert (one.at(0.5).status, one.at(0.51).status) == ("answered", "declined")
    question: LabelledQuestion = one.row.question
    assert one.at(0.51).question == question


def test_each_weight_is_chosen_beside_those_before_it_and_kept_where_nothing_is_gained() -> None:
    def score(recipe: Recipe) -> float:
        return -abs(recipe.related - 0.6) + recipe.speaker * (recipe.related - 0.5)

    chosen = choose(score, grid())
    assert (chosen.related, chosen.speaker) == (0.6, 1.5)
    assert replace(chosen, related=0.0, speaker=0.0) == PLAIN


@pytest.mark.parametrize("weight", grid(), ids=lambda weight: weight.name)
def test_every_weight_of_the_grid_begins_plain_and_changes_the_recipe(weight: Weight) -> None:
    first, *others = (weight.put(PLAIN, value) for value in weight.values)
    assert first == PLAIN
    assert len({*others, PLAIN}) == len(weight.values)


def test_a_threshold_is_chosen_by_the_other_deals_and_in_the_middle_of_what_is_best() -> None:
    scores = {
        0.1: {"a": (0.5, 0.0), "b": (0.9, 0.0), "c": (0.1, 0.0)},
        0.2: {"a": (0.8, 0.0), "b": (0.7, 0.0), "c": (0.9, 0.0)},
        0.3: {"a": (0.8, 0.0), "b": (0.7, 0.0), "c": (0.1, 0.0)},
        0.4: {"a": (0.8, 0.0), "b": (0.7, 0.0), "c": (0.1, 0.0)},
    }
    assert best(scores, ["a", "b"]) == 0.3
    assert best(scores, ["a", "c"]) == 0.2


@pytest.mark.parametrize("one", THRESHOLDS, ids=lambda one: one.name)
def test_each_threshold_that_is_chosen_again_is_where_it_is_said_to_be(one: Threshold) -> None:
    for place in one.places:
        assert isinstance(getattr(importlib.import_module(place), one.name.partition(":")[0]), float)
