"""The deals by other hands: which are held out, and what is printed of them."""

from __future__ import annotations

from dataclasses import replace

from eval.cases import load_cases
from eval.fresh import DEVELOPMENT, FRESH, as_table, development, falsely_covered, held_out
from eval.measures import judge_case, summarise
from tests.eval.perfect import perfect


def test_every_deal_by_another_hand_may_be_worked_on_or_is_held_out() -> None:
    cases = load_cases(FRESH / "cases")
    assert {case.name for case in development(cases)} == set(DEVELOPMENT)
    assert {case.name for case in held_out(cases)} == {"corrigan", "pembroke", "stcolman", "sundara", "velden"}


def test_the_table_tells_totals_and_what_was_called_covered_and_is_not() -> None:
    case = next(case for case in load_cases(FRESH / "cases") if case.name == "albrecht")
    right = perfect(case)
    wrong = replace(right, brief=replace(right.brief, promises=tuple(replace(one, contract="covered") for one in right.brief.promises)))
    groups = [(name, summarise(judge_case(case, outcome))) for name, outcome in (("right", right), ("wrong", wrong))]
    not_covered = sum(promise.contract != "covered" for promise in case.brief.promises)
    assert [falsely_covered(summary) for _, summary in groups] == [0, not_covered]
    lines = {line.split("  ")[0].strip(): line for line in as_table(groups).splitlines()}
    assert f"1.000 of {len(case.brief.promises)}" in lines["promise_recall"]
    assert all(question.text not in as_table(groups) for question in case.questions)
