"""The weights of words carry over: held-out deals are told by them, which the phrases alone are not."""

from __future__ import annotations

from assistant.facts.likeness import shipped
from eval.likeness import OF_A_FILE, SPOKEN, Said, as_text, fit, fitted_on, held_out, talks, told
from eval.sorts import Labelled, labelled

UNSEEN = [talk for talk in talks(SPOKEN) if held_out(talk)]


def test_whole_deals_are_held_out_and_none_of_their_sentences_is_fitted_on() -> None:
    fitted = {one.label.text for talk in fitted_on() for one in talk}
    assert 16 <= len(UNSEEN) <= 24
    assert not fitted & {one.label.text for talk in UNSEEN for one in talk if len(one.label.text.split()) > 3}
    assert {one.label.sort for talk in UNSEEN for one in talk} == {"why", "decision", "goal", "baseline", "risk", "none"}


def test_of_risks_in_deals_held_out_most_are_read_where_phrases_read_few() -> None:
    found = told(UNSEEN, shipped(), "risk")
    assert found.phrases.right / found.phrases.there < 0.3
    assert found.likeliest.right / found.likeliest.there >= 0.60
    assert found.average_precision >= 0.70


def test_of_reasons_in_deals_held_out_twice_as_many_are_read() -> None:
    found = told(UNSEEN, shipped(), "why")
    assert found.likeliest.right / found.likeliest.there >= 2 * found.phrases.right / found.phrases.there
    assert found.average_precision >= 0.60


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


def test_what_is_commoner_in_files_than_in_talk_is_taken_up_and_what_nobody_labels_teaches_nothing() -> None:
    files = [(Said(Labelled("risk:adoption", f"They hate the {thing}.")),) for thing in ("scanner", "tablet", "form")]
    deal = tuple(Said(Labelled("deal", f"The {thing} is in the hall."), deal="one") for thing in ("scanner", "tablet", "form"))
    ours = tuple(Said(Labelled("", "They hate the post."), deal="one") for _ in range(30))
    alone, with_ours = fit([*files, deal]), fit([*files, deal, ours])
    assert OF_A_FILE not in alone.of
    assert alone == with_ours
