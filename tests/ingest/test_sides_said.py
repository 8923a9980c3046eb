"""Whose side a bare name is on, told by what is said, and nobody placed on a guess."""

from __future__ import annotations

import pytest

from ingest.archive.rows import StoredPerson
from ingest.sides_said import sides_said
from tests.assistant.facts.history import ANA, MIA, interaction

NIL = StoredPerson("per_nil", "Nil Arvo", "", "", "unknown", "acc_1")


@pytest.mark.parametrize(
    ("turns", "side"),
    [
        ([(NIL, "Hello, I'm Nil from Cartage.")], "seller"),
        ([(NIL, "Nil Arvo, I look after the docks at Halden.")], "buyer"),
        ([(NIL, "Hello."), (NIL, "We at Cartage do that.")], "seller"),
        ([(ANA, "I have brought my colleague Nil.")], "seller"),
        ([(MIA, "Nil is from our team, he knows the servers.")], "buyer"),
        ([(MIA, "Nil too, from our accountants.")], "partner"),
        ([(MIA, "Is your engineer Nil in?")], "seller"),
        ([(NIL, "I do the books, I'm not employed here.")], "partner"),
        ([(NIL, "Are you from Cartage?")], None),
        ([(NIL, "I'm Nil from Cartage."), (MIA, "My colleague Nil will say.")], None),
        ([(NIL, "Good morning.")], None),
    ],
)
def test_a_side_is_what_all_that_is_said_agrees_on(turns: list[tuple[StoredPerson, str]], side: str | None) -> None:
    talk = interaction("call", [*turns, (NIL, "Right.")])
    assert sides_said([NIL], [talk], {"cartage"}, {"halden", "halden freight"}).get("per_nil") == side
