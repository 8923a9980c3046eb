"""The table of what the ledger and the brief must reach: a perfect brief meets all of it, and harm is counted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from eval.briefs import judge_brief
from eval.cases import Case
from eval.handoff import Held, rows
from eval.outcome import GivenPromise
from tests.eval.perfect import perfect

GOOD = Held(words=900, uncited=0, quotes=10, verbatim=10)
Wrong = Callable[[GivenPromise], GivenPromise]


def table(cases: tuple[Case, ...], wrong: Wrong | None = None, held: Held = GOOD) -> dict[str, tuple[str, str]]:
    """By name: what is said of the must and of the aim."""
    judged = {}
    for case in cases:
        brief = perfect(case).brief
        judged[case.name] = judge_brief(case, replace(brief, promises=tuple(map(wrong, brief.promises))) if wrong else brief)
    return {row[0]: (row[4], row[6]) for row in rows(judged, [held], (60, 2.0), (1000, 500.0))[1:]}


def test_a_perfect_brief_meets_every_must_and_every_aim(cases: tuple[Case, ...]) -> None:
    found = table(cases)
    assert len(found) >= 20
    assert [name for name, said in found.items() if "NO" in said] == []


def test_one_false_covered_and_a_condition_told_as_firm_each_fail_their_must(cases: tuple[Case, ...]) -> None:
    covered = table(cases, lambda one: replace(one, contract="covered") if one.contract == "contradicted" else one)
    assert covered["falsely covered (count)"] == ("NO", "")
    firm = table(cases, lambda one: replace(one, strength="firm") if one.strength == "conditional" else one)
    assert firm["conditional or hypothetical shown as firm"] == ("NO", "")
    assert firm["falsely covered (count)"] == ("yes", "")


def test_a_line_without_citation_a_bent_quote_and_a_word_too_many_fail(cases: tuple[Case, ...]) -> None:
    found = table(cases, held=Held(words=901, uncited=1, quotes=10, verbatim=9))
    assert [found[name][0] for name in ("lines without a citation (count)", "quotes verbatim", "words of the longest brief")] == ["NO"] * 3
