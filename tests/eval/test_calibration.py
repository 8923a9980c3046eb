"""How sure a claim is, is held against how often such claims are right; what is fitted is held against a deal left out."""

from __future__ import annotations

import random

import pytest

from eval.calibration import of_pairs
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
