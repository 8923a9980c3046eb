"""Roles and leanings weighed by title, rules and how somebody takes part; the words that show a role."""

from __future__ import annotations

from dataclasses import replace

import pytest

from assistant.facts.introduced import introduced
from assistant.facts.own_words import heard
from assistant.facts.people import PersonSeen, people
from assistant.facts.role_choice import ROLES, Traits, chances, chosen, stance_weighed, weighed
from assistant.facts.speech import statements
from assistant.facts.telling import Telling, names_in, showing, telling
from ingest.archive.rows import StoredInteraction
from tests.assistant.facts.history import ANA, MIA, TOM, call, interaction

TALKS_MOST = Traits(share=1.0, place=0, calls=1.0, first=0.0, last=0.95, said=120, favour=4, stance="neutral")
HARDLY_THERE = Traits(share=0.1, place=6, calls=0.2, first=0.6, last=0.8, said=12, stance="neutral")


def test_who_talks_most_from_the_first_call_on_is_likelier_the_champion_than_who_is_hardly_there() -> None:
    assert chances(TALKS_MOST)["champion"] > 2 * chances(HARDLY_THERE)["champion"]


def test_who_was_there_early_and_is_said_to_leave_was_the_champion() -> None:
    gone = replace(TALKS_MOST, share=0.5, place=2, calls=0.5, last=0.4, leaves=frozenset({"self", "other"}))
    assert weighed(gone)[0] == "former champion"
    assert "former champion" not in weighed(replace(gone, leaves=frozenset(), last=0.95))


def test_a_title_decides_where_nothing_else_tells_and_a_partner_never_signs() -> None:
    signs = replace(HARDLY_THERE, titled=("economic buyer",), by_rule=("economic buyer",))
    assert weighed(signs) == ("economic buyer",)
    assert "economic buyer" not in weighed(replace(signs, partner=True))


def test_what_notes_and_the_crm_call_somebody_stays_and_few_are_added() -> None:
    assert chosen({"champion": 0.9, "security": 0.8, "legal": 0.7}, ("procurement",)) == ("procurement", "champion")
    assert chosen({"champion": 0.2, "security": 0.18}) == ("champion",)
    assert chosen({"champion": 0.05}) == ()
    assert weighed(replace(TALKS_MOST, by_rule=("former contact",))) in (("former contact",), ("former champion",))


def test_who_hardly_spoke_has_no_stance_and_doubt_makes_a_sceptic() -> None:
    assert stance_weighed(Traits(said=2)) == "unknown"
    doubting = replace(HARDLY_THERE, doubt=3, leans=frozenset({"against"}), stance="sceptic")
    assert stance_weighed(doubting) == "sceptic"


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("That is for Lea Brandt to say.", ["Lea Brandt"]),
        ("Ask Dr. Wieland's office, or Tom.", ["Ask Dr", "Wieland", "Tom"]),
        ("We sent it to IT on Monday.", []),
    ],
)
def test_names_in_a_sentence(text: str, names: list[str]) -> None:
    assert [name for name, _, _ in names_in(text)] == names


def shown_by(talk: StoredInteraction) -> list[Telling]:
    said = statements(talk)
    return list(telling(said, introduced(talk, said)))


def test_the_words_behind_a_role_are_those_that_come_nearest_to_it() -> None:
    talk = call(
        (ANA, "Who else should we meet?"),
        (TOM, "The weather was dreadful on the way up here, honestly. Anything over forty thousand I sign myself, it is my budget."),
    )
    [place, *_] = showing("economic buyer", [one for one in shown_by(talk) if one.person == TOM])
    assert place.text == "Anything over forty thousand I sign myself, it is my budget."


def test_a_role_that_is_shown_stands_on_words_about_them_where_they_said_none() -> None:
    note = interaction("crm_note", [(ANA, "Had a short chat after the demo. Mia Berg signs anything above forty thousand herself.")])
    talk = call(*((TOM, f"We had {number} pallets in the yard that morning.") for number in range(70)))
    said = {one.source.id: statements(one) for one in (note, talk)}
    seen = people(
        [MIA, TOM],
        [note, talk],
        [one for each in said.values() for one in heard(each)],
        [],
        [one for one_talk in (note, talk) for one in introduced(one_talk, said[one_talk.source.id])],
        [one for one_talk in (note, talk) for one in shown_by(one_talk)],
    )
    mia = next(one for one in seen if one.person == MIA)
    assert mia.roles
    assert set(mia.roles) <= set(ROLES)
    assert quoted(mia) == "Mia Berg signs anything above forty thousand herself."


def quoted(one: PersonSeen) -> str:
    return one.places[0].text


def test_nobody_is_shown_as_a_sceptic_who_is_for_it() -> None:
    assert stance_weighed(replace(TALKS_MOST, named=("sceptic",))) == "sceptic"
    assert stance_weighed(replace(HARDLY_THERE, named=("champion",), stance="neutral")) == "advocate"
