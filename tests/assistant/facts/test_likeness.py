"""Warnings, reasons and goals in plain words that no turn of phrase gives away, told by their words and those around them."""

from __future__ import annotations

import pytest

from assistant.facts.kept import as_json, from_json
from assistant.facts.likeness import SORTS, Weights, features, likenesses, words_of
from assistant.facts.reading import LIKELY_FROM, read_off
from assistant.facts.speech import statements
from assistant.ledger import read
from ingest.archive.rows import StoredInteraction
from tests.assistant.facts.history import ANA, MIA, call, interaction, order_form

PLAIN = "Wayne will never touch a tablet, he still writes the rota on the back of his hand."
GOAL = "From four days to one by the end of March, that is what I told the owners."


def likely(one: StoredInteraction) -> list[str]:
    return [risk.text for risk in read_off(one).likely_risks]


def test_numbers_months_names_and_abbreviations_count_as_one_word_each() -> None:
    assert words_of("In May Olga's SAP won't take 40 files, not forty, before September.") == (
        "in", "@name", "@name", "@abbreviation", "will", "not", "take", "#", "files", "not", "#", "before", "@month",
    )  # fmt: skip


def test_a_sentence_is_weighed_by_its_words_its_pairs_and_apart_from_them_the_words_beside_it() -> None:
    found = features("He leaves.", after="Soon.")
    assert set(found) == {"he", "leaves", "^ he", "he leaves", "leaves $", ">soon"}
    assert sum(value**2 for name, value in found.items() if name[0] != ">") == pytest.approx(1)


def test_neighbours_of_the_same_go_make_a_sentence_likelier_and_those_of_others_do_not() -> None:
    weights = Weights((-1.0,) * 3, (-1.0,) * 3, {"trouble": (4.0, 0.0, 0.0)})
    alone, beside, across = "It is so.", "It is so. Trouble.", ((MIA, "It is so."), (ANA, "Trouble."))
    odds = [likenesses(statements(call(*turns)), weights)[0]["risk"] for turns in ([(MIA, alone)], [(MIA, beside)], across)]
    assert odds[0] == odds[2] == -1.0
    assert odds[1] > odds[0]


def test_a_warning_and_a_goal_in_plain_words_are_likely_facts() -> None:
    one = call((MIA, PLAIN), (ANA, "I see."), (MIA, GOAL))
    reading = read_off(one)
    assert [(risk.text, risk.kind) for risk in reading.likely_risks] == [(PLAIN, "expectation")]
    assert [goal.text for goal in reading.likely_goals] == [GOAL]
    assert all(risk.likeness is not None and risk.likeness >= LIKELY_FROM for risk in reading.likely_risks)
    assert from_json(as_json(reading), one) == reading


@pytest.mark.parametrize(
    "one",
    [
        call((ANA, PLAIN), (MIA, "Ha.")),
        call((MIA, PLAIN[:-1] + "?")),
        order_form(PLAIN),
        call((MIA, "Not likely.")),
    ],
    ids=["ours", "asked", "on paper", "too short"],
)
def test_our_words_questions_paper_and_scraps_are_none(one: StoredInteraction) -> None:
    assert likely(one) == []


def test_a_note_of_ours_about_them_may_be() -> None:
    assert likely(interaction("crm_note", [(ANA, PLAIN)], internal=True)) == [PLAIN]


def test_what_a_phrase_tells_is_not_told_a_second_time() -> None:
    one = call((MIA, "I'm not convinced, to be honest."))
    assert read_off(one).risks
    assert not read_off(one).likely_risks


def test_the_ledger_holds_the_likeliest_first_and_each_once() -> None:
    ledger = read([call((MIA, PLAIN), on="2026-06-01"), call((MIA, PLAIN), (MIA, "Nobody at the depot wants it."), on="2026-06-08")])
    odds = [risk.likeness or 0.0 for risk in ledger.likely_risks]
    assert sorted(odds, reverse=True) == odds
    assert [risk.text for risk in ledger.likely_risks].count(PLAIN) == 1


def test_the_weights_shipped_are_of_every_sort() -> None:
    from assistant.facts.likeness import shipped

    assert {len(each) for each in shipped().of.values()} == {len(SORTS)}
