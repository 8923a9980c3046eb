"""Of an account with several deals: a question that each answers otherwise is not answered for one of them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from assistant.answers import Answer, Question
from assistant.asking import gather
from assistant.deals import named_deal, speaks_of_a_deal
from assistant.grounding import ground
from assistant.models.extractive import Extractive
from assistant.render import answer_text
from ingest.archive.scope import EVERYTHING
from tests.conftest import Desk
from tests.exports import neutral, talk

DEALS = [("d1", "Halden, 14 depots"), ("d2", "Halden, north gate pilot")]


@pytest.mark.parametrize(
    ("text", "named", "spoken_of"),
    [
        ("What is the discount?", None, False),
        ("What is the discount for the pilot?", None, True),
        ("For Halden, north gate pilot: what is the discount?", "d2", True),
        ("Does Halden get a discount?", None, False),
    ],
)
def test_a_deal_is_named_by_its_whole_name_and_spoken_of_by_a_word_of_its_own(text: str, named: str | None, spoken_of: bool) -> None:
    assert (named_deal(text, DEALS), speaks_of_a_deal(text, DEALS)) == (named, spoken_of)
    assert named_deal(text, DEALS[1:]) is None


def _answer(desk: Desk, first: str, second: str, deals: list[tuple[str, str]], text: str = "How high is the discount for them?") -> Answer:
    """The answer where `first` was said of one deal and `second` of the other."""
    who = [{"name": "Dana Okafor", "email": "dana@cartage.example"}, {"name": "Marta Lindqvist", "email": "marta@halden.example"}]
    rows = [
        talk(id, ("Marta Lindqvist", "How are you?"), ("Dana Okafor", words), account="Halden", participants=who)
        for id, words in (("d1", first), ("d2", second))
    ]
    desk.write({"a.jsonl": neutral(*rows)})
    desk.ingest(our_domains=("cartage.example",))
    with desk.kit() as kit:
        asked = Question(text, kit.archive.account(EVERYTHING, "Halden").id)
        evidence = gather(kit, asked)
    of = {id: replace(one, source=replace(one.source, deal_id=one.source.external_id)) for id, one in evidence.room.interactions.items()}
    evidence = replace(evidence, room=replace(evidence.room, interactions=of), deals=tuple(deals))
    return ground(asked, Extractive(enough=0.0).draft(asked, evidence), evidence, model="extractive", thread_id="")


TEN, TWENTY = "The discount for you is 10 percent.", "The discount for you is 20 percent."


def test_a_question_that_two_deals_answer_otherwise_names_them_as_choices(desk: Desk) -> None:
    found = _answer(desk, TEN, TWENTY, DEALS)
    assert (found.status, found.reason, found.blocks) == ("declined", "ambiguous", ())
    assert found.follow_ups == tuple(f"For {name}: How high is the discount for them?" for _, name in DEALS)
    assert [named_deal(text, DEALS) for text in found.follow_ups] == ["d1", "d2"]
    shown = " ".join(answer_text(found).split())
    assert all(text in shown for text in found.follow_ups)


@pytest.mark.parametrize(
    ("first", "second", "deals"),
    [(TEN, TEN, DEALS), (TEN, TWENTY, DEALS[:1]), (TEN, TWENTY, []), (TEN, "The discount for you is a topic of its own.", DEALS)],
    ids=["the same for both", "one deal", "a deal is named", "one deal says nothing of it"],
)
def test_one_answer_is_given_where_there_is_one(desk: Desk, first: str, second: str, deals: list[tuple[str, str]]) -> None:
    assert _answer(desk, first, second, deals).status == "answered"
