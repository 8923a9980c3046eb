"""A large account is answered as it would be if every passage were matched token by token."""

from __future__ import annotations

import random

import numpy as np
import pytest

from assistant import nominating
from assistant.answers import Question
from assistant.asking import ask
from assistant.finding import find
from assistant.nominating import nominated
from assistant.room import Room
from assistant.understand import understand
from assistant.wiring import Kit
from ingest.archive.scope import EVERYTHING
from tests.conftest import Desk, HashedTerms
from tests.exports import neutral, note, talk

QUESTIONS = (
    "Is Swedish phone support free of charge?",
    "Which lane serves gate 21 at depot 3?",
    "Who trains the night crew in Malmö?",
    "How long does the pilot take at the harbour?",
    "What does the scanner cost a month?",
    "When is the invoice due?",
)
THINGS = ("scanners", "crews", "phones", "pilots")
STATES = ("late", "new", "ours", "free", "gone", "old")
"""Nothing is due but the invoice: of equals either may be said."""
FACTS = (
    "Swedish phone support is free of charge for ninety days.",
    "Priya trains the night crew in Malmö herself.",
    "The pilot takes six weeks at the harbour and four inland.",
    "A scanner costs ninety euros a month.",
    "The invoice is due on the first Friday of the quarter.",
)


def on(month: int) -> str:
    return f"2026-{month:02}-02T12:00:00Z"


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """Five facts among six hundred passages of small talk about depots."""
    chance = random.Random(4)
    said = [
        f"Depot {n} has gate {n * 7 % 40}, lane {n % 9} serves it, and its {chance.choice(THINGS)} are {chance.choice(STATES)}."
        for n in range(600)
    ]
    calls = [
        talk(f"c{n}", *[("Dana Okafor", each) for each in said[n : n + 20]], account="Halden", timestamp=on(1 + n // 150))
        for n in range(0, 600, 20)
    ]
    facts = [note(f"n{n}", text, "Halden", timestamp=on(5)) for n, text in enumerate(FACTS)]
    desk = Desk(tmp_path_factory.mktemp("large"), HashedTerms())
    desk.write({"a.jsonl": neutral(*calls, *facts)})
    desk.ingest()
    return desk


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {"LARGE": 100, "NOMINATED": 40, "_SAMPLE": 120}.items():
        monkeypatch.setattr(nominating, name, value)


def room_of(kit: Kit) -> Room:
    return kit.room(EVERYTHING.only(kit.archive.account(EVERYTHING, "Halden").id))


@pytest.mark.parametrize("text", QUESTIONS)
def test_the_first_passage_is_that_of_an_account_that_is_matched_whole(large: Desk, text: str) -> None:
    with large.kit() as kit:
        room = room_of(kit)
        question = Question(text, room.sources[0].account_id)
        chosen = nominated(room.shelf, text, kit.asks.query(text) if kit.asks else None)
        assert chosen is not None
        assert len(chosen.index) < len(room.shelf) / 2
        whole, part = (
            [ranked.passage.text for ranked in find(room, question, understand(question, ()), kit.asks, way, 5).ranked]
            for way in (None, nominated)
        )
        assert part[0] == whole[0]


def test_answers_are_the_same(large: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    with large.kit() as kit:
        account = kit.archive.account(EVERYTHING, "Halden").id
        part = [ask(kit, Question(text, account)) for text in QUESTIONS]
        monkeypatch.setattr(nominating, "LARGE", 10_000)
        whole = [ask(kit, Question(text, account)) for text in QUESTIONS]
        assert [[c.exact for c in answer.citations[:1]] for answer in part] == [[c.exact for c in answer.citations[:1]] for answer in whole]
        assert FACTS[0] in part[0].citations[0].exact


def test_what_is_nominated_is_of_the_scope_and_in_order(large: Desk) -> None:
    with large.kit() as kit:
        account = kit.archive.account(EVERYTHING, "Halden").id
        dates = sorted({source.occurred_at for source in room_of(kit).sources if source.occurred_at})
        early = kit.room(EVERYTHING.only(account).until(dates[1]))
        assert 100 < len(early.shelf) < 400
        chosen = nominated(early.shelf, QUESTIONS[1], None)
        assert chosen is not None
        assert (np.diff(chosen.index) > 0).all()
        assert set(chosen.sample) <= set(chosen.index)
        assert any("gate 21" in early.shelf.passages[int(index)].text for index in chosen.index)
        assert nominated(early.shelf, "zzz", None) is not None


def test_a_small_account_is_matched_whole(large: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    with large.kit() as kit:
        monkeypatch.setattr(nominating, "LARGE", 1_000)
        assert nominated(room_of(kit).shelf, QUESTIONS[0], None) is None
