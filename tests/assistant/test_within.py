"""A question that names a mail, a meeting or a time is answered from there, and only where the history has it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from assistant.answers import Question
from assistant.asking import search
from assistant.understand import understand
from assistant.wiring import Kit
from assistant.within import named_part
from ingest.archive.scope import EVERYTHING
from tests.conftest import Desk
from tests.exports import neutral, talk

SELLER = {"name": "Dana Okafor", "email": "dana@cartage.example"}
BUYER = {"name": "Marta Lindqvist", "email": "marta@halden.example", "title": "Chief Operating Officer"}


@pytest.fixture(scope="module")
def several(tmp_path_factory: pytest.TempPathFactory, embedder: object) -> Iterator[Kit]:
    desk = Desk(tmp_path_factory.mktemp("several"), embedder)  # type: ignore[arg-type]  # the session's embedder, as the fixture gives it
    made = [
        ("a", "call", "Discovery", "2026-06-02"), ("b", "call", "Security review", "2026-07-21"),
        ("c", "call", "Security review, part two", "2026-08-04"), ("d", "email", "Re: dates", "2026-09-21"),
        ("e", "email", "Re: dates", "2026-09-22"),
    ]  # fmt: skip
    rows = [
        talk(id, ("Dana Okafor", f"The date is {n}."), ("Marta Lindqvist", f"We want {n}."), source_type=kind, title=title,
             timestamp=f"{on}T12:00:00Z", account="Halden", participants=[SELLER, BUYER])
        for n, (id, kind, title, on) in enumerate(made)
    ]  # fmt: skip
    desk.write({"a.jsonl": neutral(*rows)})
    desk.ingest(our_domains=("cartage.example",))
    with desk.kit() as kit:
        yield kit


def part(kit: Kit, text: str) -> str:
    account = kit.archive.account(EVERYTHING, "Halden").id
    room = kit.room(EVERYTHING.only(account))
    found = named_part(understand(Question(text, account), kit.people(EVERYTHING.only(account))), text, room.sources, room.interactions)
    return "".join(sorted(room.interactions[id].source.external_id for id in found.interactions)) if found else ""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("In her mail of 21 September, which date does Marta want?", "d"),
        ("What did the reply from Sept 22nd say?", "e"),
        ("And in the 21 September e-mail?", "d"),
        ("What did they want at the July review?", "b"),
        ("What was said in the discovery call?", "a"),
        ("What changed since the discovery call?", "abcde"),
        ("What did they want after the discovery call?", "bcde"),
        ("What was the date before the security review?", "a"),
        ("What has been said since 4 August?", "cde"),
        ("In her mail of 3 March, which date does Marta want?", ""),
        ("What did they want at the budget meeting?", ""),
        ("Will it be done after the next meeting?", ""),
        ("Do they need it by 21 September?", ""),
    ],
)
def test_the_part_of_the_history_that_a_question_names(several: Kit, text: str, expected: str) -> None:
    assert part(several, text) == expected


def test_whoever_is_named_is_heard_alone_in_the_part_that_is_named(several: Kit) -> None:
    account = several.archive.account(EVERYTHING, "Halden").id
    found = search(several, Question("In her mail of 21 September, which date does Marta want?", account))
    assert [ranked.passage.text for ranked in found.ranked] == ["We want 3."]


@pytest.mark.parametrize(
    ("text", "named"), [("What does the COO want?", True), ("What does the chief operating officer want?", True), ("Who is chief?", False)]
)
def test_a_person_is_named_by_what_they_do(several: Kit, text: str, named: bool) -> None:
    account = several.archive.account(EVERYTHING, "Halden").id
    people = several.people(EVERYTHING.only(account))
    found = understand(Question(text, account), people).people
    assert {person.name for person in people if person.id in found} == ({"Marta Lindqvist"} if named else set())
