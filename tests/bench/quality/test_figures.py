"""The figures of a question, their means and differences, and the tables they are shown in."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from math import log2

import pytest

from bench.quality.figures import Figures, Interval, Result, decline_auc, difference, figures_of, mean_of, together
from bench.quality.tables import as_json, as_markdown, as_rows, as_text, tables_of
from eval.ranking import Piece, ndcg_at
from eval.slices import Asked
from eval.stamp import Stamp

GOLD = frozenset({"e1"})


def asked(id: str, kind: str = "plain", *, answerable: bool = True) -> Asked:
    return Asked(id, "a", "?", kind, {"t": GOLD} if answerable else {}, answerable=answerable)


def result(name: str, figures: Mapping[str, Mapping[str, Figures]], tops: Mapping[str, Mapping[str, float]] | None = None) -> Result:
    questions = (asked("q1", "when"), asked("q2", "who"), asked("q3", answerable=False))
    return Result(name, "made up", "turn", questions, figures, tops or {}, dict.fromkeys(figures, 0.0))


def row(value: float) -> Figures:
    return dict.fromkeys(("R@5", "nDCG@10", "in 1000"), value)


def test_turn_figures_are_those_worked_out_by_hand() -> None:
    pieces = [Piece("t1", 300, 300), Piece("t2", 400, 400), Piece("t3", 600, 600, GOLD), *(Piece(f"u{n}", 50, 50) for n in range(4))]
    pieces.append(Piece("t4", 900, 900, frozenset({"e2"})))
    found = figures_of(pieces, 2, "turn")
    assert (found["R@5"], found["R@10"], found["R@20"], found["hit@5"]) == (0.5, 1.0, 1.0, 1.0)
    assert (found["in 500"], found["in 1000"], found["in 2000"]) == (0.0, 0.5, 1.0)  # 300 of t3's 600; 500 of t4's 900
    assert found["nDCG@10"] == pytest.approx((1 / log2(4) + 1 / log2(9)) / (1 + 1 / log2(3)))


def test_document_figures_are_those_worked_out_by_hand() -> None:
    found = figures_of([Piece("d1", 1, 1), Piece("d2", 1, 1, GOLD)], 1, "document")
    assert found == {"D@1": 0.0, "D@3": 1.0, "D@5": 1.0, "nDCG@10": pytest.approx(1 / log2(3)), "MRR": 0.5}


def test_the_best_order_stays_below_1_where_one_turn_holds_two_pieces_of_evidence() -> None:
    both = Piece("t1", 9, 9, frozenset({"e1", "e2"}))
    assert ndcg_at([both], 2, 10) == pytest.approx(1 / (1 + 1 / log2(3)))
    apart = [Piece("t1", 9, 9, GOLD), Piece("t2", 9, 9, frozenset({"e2"}))]
    assert ndcg_at(apart, 2, 10) == 1.0


def test_nothing_found_is_nothing_won() -> None:
    assert set(figures_of([], 1, "turn").values()) == set(figures_of([], 1, "document").values()) == {0.0}


def test_an_interval_holds_its_mean_and_is_the_same_each_time() -> None:
    rows = {str(n): {"R@5": float(n % 4 == 0)} for n in range(80)}
    found = mean_of(rows, "R@5")
    assert found == mean_of(rows, "R@5")
    assert found.value == 0.25
    assert 0.14 < found.low < 0.19
    assert 0.31 < found.high < 0.36


def test_a_difference_is_taken_question_by_question() -> None:
    ours = {str(n): {"R@5": n / 100 + 0.1} for n in range(90)}
    theirs = {str(n): {"R@5": n / 100} for n in reversed(range(90))}
    found = difference(ours, theirs, "R@5")
    assert found == pytest.approx(Interval(0.1, 0.1, 0.1))
    assert found.clear


@pytest.mark.parametrize(
    ("tops", "expected"),
    [((0.9, 0.8, 0.1), 1.0), ((0.1, 0.2, 0.9), 0.0), ((0.5, 0.5, 0.5), 0.5), ((0.9, 0.1, 0.5), 0.5)],
)
def test_the_auc_is_the_share_of_pairs_in_the_right_order(tops: tuple[float, float, float], expected: float) -> None:
    questions = result("s", {}).questions
    found = decline_auc(dict(zip(("q1", "q2", "q3"), tops, strict=True)), questions)
    assert found is not None
    assert found.value == expected


def test_without_an_unanswerable_question_there_is_no_auc() -> None:
    assert decline_auc({"q1": 0.5}, [asked("q1")]) is None


def test_slices_taken_together_keep_their_questions_apart() -> None:
    one, two = (result(name, {"Baton": {"q1": row(value), "q2": row(value)}}) for name, value in (("one", 1.0), ("two", 0.0)))
    both = together("both", "", [one, two])
    assert list(both.figures["Baton"]) == ["one q1", "one q2", "two q1", "two q2"]
    assert mean_of(both.figures["Baton"], "R@5").value == 0.5
    assert both.kinds == {"when": ["one q1", "two q1"], "who": ["one q2", "two q2"]}


def test_tables_mark_the_best_and_say_which_differences_are_clear() -> None:
    made = result(
        "made",
        {"Baton": {"q1": row(1.0), "q2": row(1.0)}, "floor": {"q1": row(0.5), "q2": row(0.5)}},
        {"Baton": {"q1": 0.9, "q2": 0.8, "q3": 0.1}},
    )
    text = as_text(tables_of(made))
    lines = [line.split() for line in text.splitlines()]
    assert ["Baton", *["1.000", "[1.000,", "1.000]*"] * 3] in lines
    assert ["floor", *["0.500", "[0.500,", "0.500]"] * 3] in lines
    assert ["floor", *["+0.500", "[+0.500,", "+0.500]!"] * 3] in lines
    assert ["when", "1", "1.00*", "0.50"] in lines
    assert ["Baton", "2", "1", "1.000", "[1.000,", "1.000]*"] in lines
    assert "| floor | 0.500 [0.500, 0.500] |" in as_markdown(tables_of(made))


def test_the_lines_for_the_page_of_benchmarks_set_the_best_of_each_sort_of_peer_beside() -> None:
    made = result(
        "made",
        {"Baton": {"q1": row(1.0)}, "BM25 turns": {"q1": row(0.25)}, "BM25 turns, all questions": {"q1": row(0.5)}},
        {"Baton": {"q1": 0.9, "q3": 0.1}, "BM25 turns": {"q1": 0.5, "q3": 0.5}},
    )
    stamp = Stamp("3a340a1f00d5" + "0" * 28, dirty=False, at=datetime(2026, 11, 22, tzinfo=UTC), python="", platform="")
    first, *_, last = as_rows([made], stamp).splitlines()
    assert first == (
        "| made up | 1 | R@5 | **1.000 [1.000-1.000]** | .500 [.500-.500] | not run | +.500 [+.500 to +.500] | 3a340a1, 22 Nov 2026 |"
    )
    assert last.startswith("| made up | 3 | whether to decline, AUC | **1.000 [1.000-1.000]** | .500 [.500-.500] | not run |  |")


def test_the_json_holds_every_question_of_every_system() -> None:
    made = result("made", {"Baton": {"q1": row(1.0), "q2": row(0.0)}}, {"Baton": {"q1": 0.9, "q2": 0.8, "q3": 0.1}})
    found = as_json([made], [])["slices"]["made"]
    assert found["systems"]["Baton"]["R@5"]["value"] == 0.5
    assert [q["figures"] for q in found["questions"]] == [{"Baton": row(1.0)}, {"Baton": row(0.0)}, {}]
    assert [q["tops"]["Baton"] for q in found["questions"]] == [0.9, 0.8, 0.1]
