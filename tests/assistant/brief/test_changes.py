"""What changed without a promise in place of another: given after a doubt, bounded behind it, or handed from one person to another."""

from __future__ import annotations

import pytest

from assistant.brief.changes import changes
from assistant.brief.gaps.talk import Talk
from assistant.ledger import read
from ingest.archive.rows import StoredInteraction
from tests.assistant.facts.history import ANA, MIA, RAJ, TOM, call, interaction, mail, order_form

Steps = list[tuple[str, bool]]


def told(*history: StoredInteraction) -> list[tuple[str, Steps]]:
    found = changes(read(history, [MIA, TOM]), Talk(history), lambda places: tuple(place.text for place in places))
    return [(one.topic, [(step.text, step.superseded) for step in one.items]) for one in found]


@pytest.mark.parametrize(
    ("doubt", "promise"),
    [
        ("I don't think my boss will agree to a trainer at the other site.", "A trainer comes to the other site too, at no charge."),
        ("I'm not sure we can hold the kiln price that long.", "We hold the kiln price until 31 March 2029."),
        ("I can't say whether we can clean the chimney in winter.", "We will clean the chimney every December."),
    ],
)
def test_what_was_promised_after_a_doubt_is_told_with_the_doubt(doubt: str, promise: str) -> None:
    steps = [(doubt, True), (promise, False)]
    assert told(call((MIA, "Could you do that for us?"), (ANA, doubt)), mail(ANA, MIA, promise, on="2026-06-20")) == [
        (f"{kind(promise)} promise of Ana Silva", steps)
    ]


def kind(promise: str) -> str:
    return read([mail(ANA, MIA, promise, on="2026-06-20")]).promises[0].kind


@pytest.mark.parametrize(
    ("doubt", "promise"),
    [
        ("I don't think it will rain.", "We will deliver the awnings by 9 May 2026."),
        ("I'm not sure whether the fence belongs to you.", "We will paint all gates by 9 May 2026."),
    ],
)
def test_a_doubt_about_something_else_is_no_earlier_position(doubt: str, promise: str) -> None:
    assert told(call((MIA, "Nice place."), (ANA, doubt)), mail(ANA, MIA, promise, on="2026-06-20")) == []


def test_how_far_the_last_position_goes_stands_with_it() -> None:
    first, last = (
        "We aim to have all four plants live by the end of March 2027.",
        "We will have all the plants in Kiel live by 18 January 2027.",
    )
    bound = "Those two plants are all of phase one."
    found = told(call((MIA, "When?"), (ANA, first)), mail(ANA, MIA, f"{last} {bound} The rest follows.", on="2026-06-20"))
    assert found == [("timeline promise of Ana Silva", [(first, True), (last, False), (bound, False)])]


@pytest.mark.parametrize(
    "words",
    ["Mia Berg retired. Tom is now our main contact.", "Tom Hale takes over from Mia Berg.", "Mia left, Tom is the new project lead."],
)
def test_who_came_in_place_of_whom_is_told_from_the_first_words_that_name_them(words: str) -> None:
    first = interaction("crm_note", [(RAJ, "Web form: Mia Berg wants a demo.")], participants=[RAJ], internal=True, on="2026-05-02")
    note = interaction("crm_note", [(RAJ, words)], participants=[RAJ], internal=True, on="2026-06-20")
    [(topic, steps)] = told(first, note)
    assert topic == "Tom Hale in place of Mia Berg"
    assert steps[0] == ("Web form: Mia Berg wants a demo.", True)
    assert steps[1][0] in words
    assert steps[1][1] is False


@pytest.mark.parametrize(
    "words", ["Tom is the champion, Mia the sponsor.", "Tom takes over the boxes on Monday.", "Mia has left the call early."]
)
def test_roles_side_by_side_are_no_change_of_person(words: str) -> None:
    first = interaction("crm_note", [(RAJ, "Web form: Mia Berg wants a demo.")], participants=[RAJ], internal=True, on="2026-05-02")
    assert told(first, interaction("crm_note", [(RAJ, words)], participants=[RAJ], internal=True, on="2026-06-20")) == []


def test_where_the_paper_says_otherwise_than_the_last_position_its_words_end_the_story() -> None:
    first = "The first two plants go live on 1 March 2027."
    last = "The first two plants go live on 8 February 2027."
    paper = order_form("Order Form\n\nPlanned go-live of the first two plants: 22 February 2027.\n\nSigned: Mia Berg, 1 July 2026")
    [(_, steps)] = told(mail(ANA, MIA, first, on="2026-06-02"), mail(ANA, MIA, last, on="2026-06-20"), paper)
    assert steps == [(first, True), (last, False), ("Planned go-live of the first two plants: 22 February 2027.", False)]
