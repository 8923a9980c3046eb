"""How sure a claim is, is held against how often such claims are right; what is fitted is held against a deal left out."""

from __future__ import annotations

import random

import pytest

from eval.calibration import Bin, diagram, of_pairs
from eval.fitting import Fitted, Seen, fit, left_out


def test_what_is_right_as_often_as_it_says_is_off_by_nothing() -> None:
    found = of_pairs([(n / 5, right <= n) for n in range(5) for right in range(1, 6)])
    assert found is not None
    assert [tuple(bin) for bin in found.bins] == [(n / 5, n / 5, 5) for n in range(5)]
    assert (found.error, found.claims) == (0.0, 25)


def test_who_is_always_sure_and_half_the_time_wrong_is_off_by_half() -> None:
    found = of_pairs([(1.0, True), (1.0, False)] * 10)
    assert found is not None
    assert found.error == 0.5


def test_what_chance_alone_would_show_is_told_and_partly_taken_off() -> None:
    draw = random.Random(3)
    honest = []
    for _ in range(100):
        said = [0.05 + 0.8 * draw.random() for _ in range(60)]
        honest.append(of_pairs([(one, draw.random() < one) for one in said]))
    plain, debiased, by_chance = ([getattr(one, name) for one in honest] for name in ("error", "debiased", "by_chance"))
    mean = sum(plain) / 100
    assert sum(by_chance) / 100 == pytest.approx(mean, abs=0.015)
    assert sum(debiased) / 100 < 0.75 * mean
    assert sum(one is not None and one.chance < 0.05 for one in honest) <= 12


def test_what_is_off_by_more_than_chance_stays_so_when_chance_is_taken_off() -> None:
    found = of_pairs([(0.8, n % 2 == 0) for n in range(200)])
    assert found is not None
    assert found.debiased == pytest.approx(found.error, abs=0.01)
    assert (found.error > 0.25, found.chance) == (True, 0.0)


def test_a_bin_of_few_is_uncertain() -> None:
    assert Bin(0.5, 0.5, 100).interval == pytest.approx((0.404, 0.596), abs=0.001)
    assert Bin(0.5, 1.0, 4).interval == pytest.approx((0.51, 1.0), abs=0.001)


def test_nothing_said_is_nothing_to_hold_against() -> None:
    assert of_pairs([]) is None


def test_the_fit_finds_the_weights_that_made_the_examples() -> None:
    draw, true = random.Random(7), Fitted((2.0, -1.0), 0.5)
    seen = []
    for n in range(4000):
        features = (draw.gauss(0, 1), draw.gauss(0, 2))
        seen.append(Seen("abc"[n % 3], features, draw.random() < true.of(features)))
    found = fit(seen)
    assert found.weights == pytest.approx(true.weights, abs=0.25)
    assert found.bias == pytest.approx(true.bias, abs=0.25)
    held = left_out(seen)
    assert held is not None
    assert (held.claims, held.error < 0.05) == (4000, True)


def test_the_diagram_puts_a_fifth_on_the_line_where_it_is_right_as_often_as_it_says_and_above_it_where_more_often() -> None:
    found = of_pairs([(0.1, n < 1) for n in range(10)] + [(0.4, True)] * 40)
    assert found is not None
    drawn = diagram(found)
    at = {letter: (row, line.index(letter)) for letter in "AB" for row, line in enumerate(drawn[:-2]) if letter in line}
    line_of = {row: line.index("·") for row, line in enumerate(drawn[:-2]) if "·" in line}
    assert at["B"] == (0, 21)  # always right, the highest there is, and said to be so four times in ten
    assert at["B"][1] < line_of[0]
    assert at["A"][0] == 9
    assert line_of[9] - 2 <= at["A"][1] <= line_of[9] + 4
    assert all(len(line) <= 70 for line in drawn)
