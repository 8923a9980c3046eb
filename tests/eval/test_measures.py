"""Each fault is caught by the measure it belongs to, and by none that it does not concern."""

from __future__ import annotations

from dataclasses import replace

import pytest

from eval.cases import Case
from eval.confusion import confusion
from eval.measures import ERRORS, Summary, Value, auc, judge_case, pool, summarise
from eval.outcome import Cited, Given, Outcome
from eval.questions import judge
from eval.worst import worst_of_brief
from tests.eval.mutants import ALL
from tests.eval.perfect import perfect, perfect_answer
from tests.eval.single_faults import FAULTS, Fault


@pytest.fixture(scope="module")
def summaries(cases: tuple[Case, ...]) -> dict[str, Summary]:
    return {name: summarise(pool([judge_case(case, make(case)) for case in cases])) for name, make in ALL.items() if name != "plain_floor"}


def off_best(summary: Summary) -> dict[str, float | None]:
    """The measures that are not at their best, with their values."""
    values = summary.all().items()
    return {name: value and value.value for name, value in values if value is None or value.value != (0.0 if name in ERRORS else 1.0)}


def changed_by(summaries: dict[str, Summary], name: str) -> dict[str, float | None]:
    return off_best(summaries[name])


def test_perfect_output_is_best_on_every_measure(summaries: dict[str, Summary], cases: tuple[Case, ...]) -> None:
    assert changed_by(summaries, "perfect") == {}
    for case in cases:
        assert off_best(summarise(judge_case(case, perfect(case)))) == {}


def test_empty_output_has_nothing_right(cases: tuple[Case, ...]) -> None:
    nothing = pool([judge_case(case, Outcome(ranked={q.id: () for q in case.questions})) for case in cases])
    values = {name: value and value.value for name, value in summarise(nothing).all().items()}
    assert {name for name, value in values.items() if value} == {"failed"}
    stated_nothing = {name for name, value in values.items() if value is None}
    assert stated_nothing == {
        "citation_validity", "citation_precision", "source_correct", "speaker_correct", "day_correct", "cut_citation", "foreign_citation",
        "late_citation", "misplaced_citation", "unsupported_figure",
        "decline_auc", "strength_accuracy", "contract_accuracy", "made_by_accuracy",
        "made_on_accuracy", "due_accuracy", "condition_recall", "superseded_as_current", "promise_precision", "promise_quote_valid",
        "risk_precision", "goal_precision", "stakeholder_role", "stakeholder_stance", "gap_answered",
        "reason_precision", "requirement_precision", "term_precision", "date_precision",
    }  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_a_single_fault_moves_exactly_its_measures(fault: Fault, brightwell: Case) -> None:
    assert set(off_best(summarise(judge_case(brightwell, fault.on(brightwell))))) == fault.moves


def test_every_measure_is_moved_by_some_fault(summaries: dict[str, Summary]) -> None:
    assert set[str]().union(*(fault.moves for fault in FAULTS)) == set(summaries["perfect"].all())


def test_always_declining_is_seen_however_clean_its_citations(summaries: dict[str, Summary]) -> None:
    moved = changed_by(summaries, "always_declines")
    assert moved["false_decline"] == 1.0
    assert moved["fact_recall"] == moved["evidence_hit"] == 0.0
    assert moved["correct"] == round(22 / 120, 4)
    assert moved["citation_validity"] is None  # nothing was cited: not measured, not perfect


def test_never_declining_is_seen(summaries: dict[str, Summary]) -> None:
    moved = changed_by(summaries, "never_declines")
    assert {"correct", "abstained", "false_answer", "false_answer_flat"} <= set(moved)
    assert (moved["false_answer"], moved["abstained"]) == (1.0, 0.0)


def test_a_denial_in_words_is_a_false_answer_but_not_a_flat_one(summaries: dict[str, Summary]) -> None:
    moved = changed_by(summaries, "denies_in_words")
    assert moved["false_answer"] == 1.0
    assert "false_answer_flat" not in moved


def test_an_unanswered_question_has_failed(summaries: dict[str, Summary]) -> None:
    assert changed_by(summaries, "fails_every_third")["failed"] == round(42 / 120, 4)


def test_a_changed_letter_makes_every_citation_invalid(summaries: dict[str, Summary]) -> None:
    assert changed_by(summaries, "changes_a_letter")["citation_validity"] == 0.0


def test_a_quote_shifted_by_a_character_is_verbatim_but_cut(summaries: dict[str, Summary]) -> None:
    moved = changed_by(summaries, "slips_by_a_character")
    assert "citation_validity" not in moved
    assert moved["cut_citation"] is not None
    assert moved["cut_citation"] > 0.9  # but for quotes that begin with a one-letter word or a mark


def test_a_wrong_speaker_is_seen_and_nothing_else(summaries: dict[str, Summary]) -> None:
    assert changed_by(summaries, "swaps_speakers") == {"speaker_correct": 0.0}


def test_a_stale_value_counts_when_asserted_and_not_when_told_as_history(summaries: dict[str, Summary]) -> None:
    stated = changed_by(summaries, "states_stale_values")
    added = {"unsupported_figure"}  # nothing is cited for what these add
    assert set(stated) == {"must_not_violation", "correct"} | added
    assert set(changed_by(summaries, "tells_stale_values_as_history")) == added


def test_a_passage_of_a_sibling_account_is_foreign(summaries: dict[str, Summary]) -> None:
    moved = changed_by(summaries, "cites_foreign_sources")
    assert set(moved) == {"foreign_citation", "citation_precision"}


def test_a_wrong_source_under_the_right_words_is_seen(summaries: dict[str, Summary]) -> None:
    moved = changed_by(summaries, "names_wrong_sources")
    assert {"source_correct", "misplaced_citation"} <= set(moved)
    assert "citation_validity" not in moved


def test_traps_and_wrong_labels_in_a_brief_are_seen(summaries: dict[str, Summary]) -> None:
    moved = changed_by(summaries, "promises_everything")
    assert moved["hard_negatives"] == moved["hard_negatives_asserted"] == 1.0
    assert {"promise_precision", "strength_accuracy", "contract_accuracy", "made_by_accuracy"} <= set(moved)
    assert "promise_recall" not in moved


def test_what_was_said_after_the_day_asked_about_is_late(brightwell: Case) -> None:
    question = next(q for q in brightwell.questions if q.as_of)
    assert question.as_of
    later = next(part for part in brightwell.history.parts if brightwell.history.origins[part.source].on > question.as_of)
    best = perfect_answer(brightwell, question)
    assert not any(c.late for c in judge(brightwell, question, best).citations)
    row = judge(brightwell, question, Given("answered", best.text, (*best.citations, Cited(later.source, later.text))))
    assert [c.late for c in row.citations] == [False] * len(best.citations) + [True]


@pytest.mark.parametrize(
    ("quote", "valid"),
    [("Amount: 23,940 USD, seats 7, closed 2026-10-02", True), ("Amount: 29,340 USD", False), ("Amount: 23940.00", True)],
)
def test_a_crm_record_is_cited_validly_by_its_own_figures(brightwell: Case, quote: str, valid: bool) -> None:
    deal = brightwell.history.deals[brightwell.brief.deal]
    row = judge(brightwell, brightwell.questions[0], Given("answered", quote, (Cited(deal.native.ids[0], quote),)))
    assert [c.valid for c in row.citations] == [valid]


def test_an_interval_holds_its_value_and_is_the_same_every_time(summaries: dict[str, Summary], cases: tuple[Case, ...]) -> None:
    again = summarise(pool([judge_case(case, ALL["fails_every_third"](case)) for case in cases]))
    assert again == summaries["fails_every_third"]
    groups = [group.values for table in (again.types, again.accounts, again.deals) for group in table.values()]
    for values in (again.all(), *groups):
        assert all(value is None or 0 <= value.low <= value.value <= value.high <= 1 for value in values.values())


def test_the_groups_of_a_table_are_all_of_the_questions(summaries: dict[str, Summary]) -> None:
    summary = summaries["fails_every_third"]
    assert {name: group.questions for name, group in summary.accounts.items()} == {
        "brightwell: Brightwell Dental": 38, "brightwell: Brightwell Orthodontics": 2, "halden: Halden Freight Group": 40,
        "meridian: Meridian Lakeshore Wealth": 2, "meridian: Meridian Prairie Credit Union": 38,
    }  # fmt: skip
    assert {name: group.questions for name, group in summary.deals.items()} == {"brightwell": 40, "halden": 40, "meridian": 40}
    assert sum(group.questions for group in summary.types.values()) == 120


@pytest.mark.parametrize(
    ("answerable", "unanswerable", "area"),
    [
        ([0.9, 0.8], [0.2, 0.1], 1.0), ([0.1], [0.2, 0.9], 0.0), ([0.5, 0.5], [0.5], 0.5), ([0.9, 0.2], [0.5], 0.5),
        ([3.0, 2.0, 1.0], [2.0, 0.0], 4.5 / 6),
    ],
)  # fmt: skip
def test_the_area_is_the_share_of_pairs_in_the_right_order(answerable: list[float], unanswerable: list[float], area: float) -> None:
    assert auc(answerable, unanswerable) == pytest.approx(area)


def test_confidence_is_judged_by_its_order_and_only_where_it_is_given(brightwell: Case) -> None:
    best = perfect(brightwell)
    unsure = replace(best, answers={id: replace(given, confidence=None) for id, given in best.answers.items()})
    assert summarise(judge_case(brightwell, unsure)).questions["decline_auc"] is None
    turned = replace(best, answers={id: replace(given, confidence=-(given.confidence or 0)) for id, given in best.answers.items()})
    assert summarise(judge_case(brightwell, turned)).questions["decline_auc"] == (0.0, 0.0, 0.0, 40, 40)


def test_a_confusion_counts_what_was_taken_for_what(summaries: dict[str, Summary], brightwell: Case) -> None:
    table = confusion([("firm", "firm"), ("firm", "conditional"), ("firm", "firm"), ("declined", "none")])
    assert table.names == ("conditional", "declined", "firm", "none")
    assert (table.count("firm", "firm"), table.count("firm", "conditional"), table.count("conditional", "firm")) == (2, 1, 0)
    perfect_strength = summaries["perfect"].strength
    assert sum(perfect_strength.count(name, name) for name in perfect_strength.names) == 78
    wrong = next(fault for fault in FAULTS if fault.name == "wrong strength").on(brightwell)
    assert summarise(judge_case(brightwell, wrong)).strength.count("conditional", "firm") == 1


def test_words_and_tokens_are_counted(brightwell: Case) -> None:
    best = perfect(brightwell)
    two = {"Q30": replace(best.answers["Q30"], text="It is.", model_tokens=700), "Q35": Given("declined", model_tokens=50)}
    counts = summarise(judge_case(brightwell, Outcome(two))).counts
    assert (counts["answer_words"], counts["quoted_words"], counts["model_tokens"]) == (2.0, 19.0, 750)


def test_the_worst_of_a_brief_stands_first_with_what_was_wanted_and_given(brightwell: Case) -> None:
    assert worst_of_brief(judge_case(brightwell, perfect(brightwell)).brief) == ()
    by_name = {fault.name: fault for fault in FAULTS}
    outcome = perfect(brightwell)
    for name in ("misses a gap", "takes a trap for a promise", "wrong strength", "shows a replaced promise as current"):
        outcome = by_name[name].change(brightwell, outcome)
    lines = worst_of_brief(judge_case(brightwell, outcome).brief)
    assert [(line.wanted.split(":")[0], line.faults) for line in lines] == [
        ("", ("no promise (customer request), told as one",)),
        ("P6", ("shown as current, and a later promise replaced it",)),
        ("P7", ("strength firm, should be conditional",)),
        ("no agreed starting value for the no-show rate (11 or 15 percent)", ("gap missed",)),
    ]
    assert lines[2].given == "The five Dentrix offices go live on Monday, October 19, 2026."


def test_what_a_brief_shows_under_another_head_is_missed_there_and_said_to_be_elsewhere(brightwell: Case) -> None:
    outcome = perfect(brightwell)
    moved, *dates = outcome.brief.dates
    elsewhere = replace(outcome, brief=replace(outcome.brief, dates=tuple(dates), risks=(*outcome.brief.risks, moved)))
    gone = replace(outcome, brief=replace(outcome.brief, dates=tuple(dates)))
    for brief, fault, weight in ((elsewhere, "date missed; its words are shown as risk", 1.0), (gone, "date missed", 2.0)):
        (line,) = worst_of_brief(judge_case(brightwell, brief).brief)
        assert (line.faults, line.severity) == ((fault,), weight)


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (Value(0.0, 0.0, 0.0, 22), (0.0, 0.1544)),  # the tables of Clopper and Pearson have .1544 for 0 of 22
        (Value(1.0, 1.0, 1.0, 22), (0.8456, 1.0)),
        (Value(0.5, 0.3, 0.7, 22), (0.3, 0.7)),
        (Value(0.0, 0.0, 0.1, 22), (0.0, 0.1)),
    ],
)
def test_a_rate_without_a_single_exception_is_not_shown_as_certain(value: Value, shown: tuple[float, float]) -> None:
    assert value.bounds == shown
