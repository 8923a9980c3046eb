"""Questions for who plays a part are answered from the roles on record, in whatever words they are put."""

from __future__ import annotations

import pytest

from assistant.ledger import Ledger, read
from assistant.on_record.parts_asked import parts_asked
from tests.assistant.facts.history import ANA, MIA, TOM, call, interaction

MONEY = "Mia Berg signs anything above forty thousand herself."
GOES = "Tom Hale has left, he is at a shipyard now."
LEDGER: Ledger = read(
    [
        call(*((MIA, f"We had {number} pallets in the yard that morning.") for number in range(70))),
        interaction("crm_note", [(ANA, f"Economic buyer: Mia Berg. {MONEY}")]),
        interaction("crm_note", [(ANA, GOES)]),
    ],
    [MIA, TOM],
)


@pytest.mark.parametrize(
    "question", ["Who signs the cheque on their side?", "Who really controls the purse strings over there?", "Whose budget is it?"]
)
def test_who_holds_the_money_is_asked_for_in_many_words(question: str) -> None:
    found = parts_asked(question, LEDGER)
    assert found is not None
    assert MONEY in [place.text for place in found]


@pytest.mark.parametrize("question", ["Which of our contacts is no longer there?", "Is the IT lead still around?"])
def test_who_has_gone_is_told_by_the_words_that_say_so(question: str) -> None:
    found = parts_asked(question, LEDGER)
    assert found is not None
    assert [place.text for place in found] == [GOES]


@pytest.mark.parametrize(
    "question", ["Who is against it?", "When was it signed?", "Who ships the pallets?", "Is the old system still around?"]
)
def test_where_nobody_plays_the_part_or_none_is_asked_for_search_answers(question: str) -> None:
    assert parts_asked(question, LEDGER) is None


@pytest.mark.parametrize(
    "question",
    ["What happened to the lead import?", "Is the head count still with 40?", "Who on our side runs the training?",
     "Who signs the delivery notes?", "Who pays for the trainer's travel?", "Who can stop the night import?", "Who blocks the calendar?"],
)  # fmt: skip
def test_a_question_about_a_thing_is_not_about_somebodys_part(question: str) -> None:
    assert parts_asked(question, LEDGER) is None
