"""Each fault is caught by the measure it belongs to, and by none that it does not concern."""

from __future__ import annotations

import pytest

from eval.cases import Case
from eval.measures import ERRORS, Summary, judge_case, pool, summarise
from eval.outcome import Cited, Given
from eval.questions import judge
from tests.eval.mutants import ALL
from tests.eval.perfect import perfect_answer


@pytest.fixture(scope="module")
def summaries(cases: tuple[Case, ...]) -> dict[str, Summary]:
    return {name: summarise(pool([judge_case(case, make(case)) for case in cases])) for name, make in ALL.items() if name != "plain_floor"}


def changed_by(summaries: dict[str, Summary], name: str) -> dict[str, float | None]:
    """The measures of questions and brief that this fault moves away from the best, with their values."""
    values = summaries[name].questions | summaries[name].brief
    return {key: value and value.value for key, value in values.items() if value is None or value.value != (0.0 if key in ERRORS else 1.0)}


def test_perfect_output_is_best_on_every_measure(summaries: dict[str, Summary]) -> None:
    assert changed_by(summaries, "perfect") == {}


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
    assert set(stated) == {"must_not_violation", "correct"}
    assert changed_by(summaries, "tells_stale_values_as_history") == {}


def test_a_passage_of_a_sibling_account_is_foreign(summaries: dict[str, Summary]) -> None:
    moved = changed_by(summaries, "cites_foreign_sources")
    assert set(moved) == {"foreign_citation", "citation_precision"}


def test_a_wrong_source_under_the_right_words_is_seen(summaries: dict[str, Summary]) -> None:
    moved = changed_by(summaries, "names_wrong_sources")
    assert "source_correct" in moved
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
    for value in again.all().values():
        assert value is None or 0 <= value.low <= value.value <= value.high <= 1
