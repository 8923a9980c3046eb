"""Parts and leanings that no CRM lists, told by signatures and by what people say of themselves and of one another."""

from __future__ import annotations

from dataclasses import replace

import pytest

from assistant.facts.introduced import introduced
from assistant.facts.named_roles import mentions
from assistant.facts.own_words import heard
from assistant.facts.people import PersonSeen, people
from assistant.facts.speech import statements
from ingest.archive.rows import StoredInteraction
from tests.assistant.facts.history import ANA, TOM, interaction

TOM_UNTITLED = replace(TOM, title="")
LEA = replace(TOM, id="per_lea", name="Lea Brandt", email="lea@buyer.example", title="")


def seen(*talks: StoredInteraction) -> dict[str, PersonSeen]:
    read = [(talk, statements(talk)) for talk in talks]
    met = people(
        [TOM_UNTITLED, LEA],
        talks,
        [one for _, said in read for one in heard(said)],
        [one for _, said in read for one in mentions(said)],
        [one for talk, said in read for one in introduced(talk, said)],
    )
    return {one.person.name: one for one in met}


@pytest.mark.parametrize(
    ("words", "roles"),
    [
        ("I'm Tom, I look after security.", ("security",)),
        ("Tom here, procurement.", ("procurement",)),
        ("I run the kitchens.", ("user lead",)),
        ("I do the money in this house.", ("economic buyer",)),
        ("I'm the head of anaesthesia.", ("user lead",)),
        ("I run into that every day.", ()),
        ("I do not look after security.", ()),
        ("Do you want me to run operations?", ()),
    ],
)
def test_what_somebody_says_they_do_is_their_part(words: str, roles: tuple[str, ...]) -> None:
    talk = interaction("call", [(ANA, "Hello."), (TOM_UNTITLED, words)])
    assert seen(talk)["Tom Hale"].roles == roles


@pytest.mark.parametrize(
    ("words", "roles"),
    [
        ("Lea signs off on anything like this.", ("economic buyer",)),
        ("That is for Lea Brandt, our lawyer, to say.", ("legal",)),
        ("Our CFO Lea will want to see that.", ("economic buyer",)),
        ("My deputy, Lea, has the keys.", ("day-to-day lead",)),
        ("Lea is from IT services.", ("technical evaluator",)),
        ("Ms Brandt heads up the nurses.", ("user lead",)),
        ("Does Lea run the network?", ()),
        ("Lea runs late, as ever.", ()),
        ("Thanks all, and Lea, look after the network for us.", ()),
    ],
)
def test_what_others_say_somebody_does_is_their_part_too(words: str, roles: tuple[str, ...]) -> None:
    talk = interaction("call", [(ANA, "Hello."), (TOM_UNTITLED, words)])
    assert seen(talk)["Lea Brandt"].roles == roles


@pytest.mark.parametrize(
    ("closing", "title"),
    [
        ("-- \nTom Hale | Head of Operations\nBuyer AS\n+47 55 55 01 10", "Head of Operations"),
        ("Tom Hale\nHead of Library Systems, IT Services\nUniversity of Somewhere", "Head of Library Systems, IT Services"),
        ("Tom Hale, IT Manager, Buyer AS", "IT Manager"),
        ("Tom Hale\nBuyer AS\n12 Harbour Street", ""),
    ],
)
def test_a_signature_gives_a_title_and_is_cited(closing: str, title: str) -> None:
    mail = interaction("email", [(TOM_UNTITLED, "The list is attached."), (TOM_UNTITLED, closing, "signature")])
    tom = seen(mail)["Tom Hale"]
    assert tom.person.title == title
    assert [place.text for place in tom.places][:1] == ([title] if title else ["The list is attached."])


def test_a_title_in_the_crm_stands_before_all_of_that() -> None:
    mail = interaction("email", [(TOM, "I look after the money."), (TOM, "Tom Hale | Chief Dreamer", "signature")])
    read = statements(mail)
    [tom] = people([TOM], [mail], heard(read), mentions(read), introduced(mail, read))
    assert (tom.person.title, tom.roles) == (TOM.title, ("technical evaluator",))


@pytest.mark.parametrize(
    ("words", "stance"),
    [("Lea is a sceptic, as you saw.", "sceptic"), ("Lea is our champion.", "advocate"), ("If Lea hates it, we stop.", "unknown")],
)
def test_whom_others_call_for_or_against_leans_so(words: str, stance: str) -> None:
    noted = interaction("crm_note", [(ANA, words)])
    assert seen(noted)["Lea Brandt"].stance == stance
