"""The weights of words carry over: held-out deals are told by them, which the phrases alone are not."""

from __future__ import annotations

from assistant.facts.likeness import shipped
from eval.likeness import SPOKEN, Said, as_text, fit, fitted_on, held_out, score, talks
from eval.sorts import Labelled, labelled

UNSEEN = [talk for talk in talks(SPOKEN) if held_out(talk)]


def test_whole_deals_are_held_out_and_none_of_their_sentences_is_fitted_on() -> None:
    fitted = {one.label.text for talk in fitted_on() for one in talk}
    assert 8 <= len(UNSEEN) <= 16
    assert not fitted & {one.label.text for talk in UNSEEN for one in talk if len(one.label.text.split()) > 3}
    assert {one.label.sort for talk in UNSEEN for one in talk} == {"why", "decision", "goal", "baseline", "risk", "none"}


def test_of_risks_in_deals_held_out_most_are_read_where_phrases_read_few() -> None:
    found = score(UNSEEN, shipped(), "risk")
    assert found["phrases"].right / found["phrases"].there < 0.3
    assert found["both"].right / found["both"].there >= 0.70
    assert found["both"].right / found["both"].read >= 0.50


def test_of_reasons_in_deals_held_out_twice_as_many_are_read() -> None:
    found = score(UNSEEN, shipped(), "why")
    assert found["both"].right / found["both"].there >= 2 * found["phrases"].right / found["phrases"].there
    assert found["both"].right / found["both"].read >= 0.40


def test_a_fit_learns_from_its_sentences_and_gives_the_same_bytes_again() -> None:
    given = [
        (Said(Labelled("risk:adoption", f"My people will hate the {thing}.")), Said(Labelled("none", f"The {thing} is in the hall.")))
        for thing in ("scanner", "tablet", "form")
    ]
    weights = fit(given)
    assert weights.of["hate"][0] > 0 > weights.of["hall"][0]
    assert as_text(weights) == as_text(fit(given))


def test_no_sentence_stands_in_two_files() -> None:
    assert not {one.text for one in labelled()} & {one.label.text for talk in talks(SPOKEN) for one in talk}
