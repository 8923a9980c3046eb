"""Warnings, reasons and goals in plain words that no turn of phrase gives away, told by their words and those around them."""

from __future__ import annotations

import pytest

from assistant.facts.in_one_go import in_one_go
from assistant.facts.kept import as_json, from_json
from assistant.facts.likeness import SORTS, Weights, by_place, features, likenesses, words_of
from assistant.facts.reading import LIKELY_FROM, read_off
from assistant.facts.speech import statements
from assistant.facts.standing import place, question_before, shape, standing
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
    found = features("He leaves.", after="Soon.", asked="Who?")
    assert {name for name in found if name[0] != "="} == {"he", "leaves", "^ he", "he leaves", "leaves $", ">soon", "?who"}
    assert sum(value**2 for name, value in found.items() if name[0] not in ">=?") == pytest.approx(1)


def test_beside_its_words_a_sentence_is_weighed_by_how_it_stands_in_its_turn_and_its_deal() -> None:
    one = call((ANA, "Why now? What would be a good result?"), (MIA, "Fewer forms. Twelve a week, or ten."))
    answer, further = [said for said in statements(one) if said.side == "buyer"][:2]
    assert question_before(answer) == "What would be a good result?"
    assert {"=asked", "=in a call"} <= set(standing(answer))
    assert {"=short", "=opens"} <= set(shape(words_of(answer.text), answer.before, answer.after))
    assert {"=figure", "=figures"} <= set(shape(words_of(further.text), further.before, further.after))
    assert "=ends" in shape(("so",), "Yes.", "")
    assert "=early" in place(0.1)
    assert "=late" in place(0.9)
    assert by_place(1.0, Weights((0.0,) * 3, (0.0,) * 3, {"=late": (2.0, 0.0, -2.0)})) == {"risk": 1.0, "why": 0.0, "goal": -1.0}


def test_a_warning_is_told_with_the_words_beside_it_while_they_are_few() -> None:
    longer = f"{'So it is, ' * 12}and so on."
    said = statements(call((MIA, f"Kay rents it. If she goes, I shut it. Then nobody pays. {longer}"), (ANA, "I see.")))
    told = in_one_go(said, [0.0, 1.0, -1.0, 0.5, 0.0], 1)
    assert told.text == "Kay rents it. If she goes, I shut it. Then nobody pays."
    assert in_one_go(said, [0.0] * 5, 1, taken={said[0].span}).text == "If she goes, I shut it. Then nobody pays."


def test_neighbours_of_the_same_go_make_a_sentence_likelier_and_those_of_others_do_not() -> None:
    weights = Weights((-1.0,) * 3, (-1.0,) * 3, {"trouble": (4.0, 0.0, 0.0)})
    alone, beside, across = "It is so.", "It is so. Trouble.", ((MIA, "It is so."), (ANA, "Trouble."))
    odds = [likenesses(statements(call(*turns)), weights)[0]["risk"] for turns in ([(MIA, alone)], [(MIA, beside)], across)]
    assert odds[0] == odds[2] == -1.0
    assert odds[1] > odds[0]


def test_a_warning_and_a_goal_in_plain_words_are_likely_facts() -> None:
    one = call((MIA, PLAIN), (ANA, "I see."), (MIA, GOAL))
    reading = read_off(one)
    risk = max(reading.likely_risks, key=lambda risk: risk.likeness)
    assert (risk.text, risk.kind) == (PLAIN, "expectation")
    assert max(reading.likely_goals, key=lambda goal: goal.likeness).text == GOAL
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
