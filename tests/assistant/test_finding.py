"""What is found: mails, notes, papers and calls in one list, nothing crowded out by copies, what belongs together side by side."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from assistant.answers import Exchange, Question
from assistant.evidence import Evidence
from assistant.finding import find
from assistant.recipe import RECIPE, Recipe
from assistant.routes import route, subject
from assistant.understand import understand
from assistant.wiring import Kit
from ingest.archive.scope import EVERYTHING
from tests.conftest import Desk
from tests.exports import neutral, note, talk

DANA, MARTA = "Dana Okafor", "Marta Lindqvist"
OTHERS = (
    note("o-1", "The invoice address is in Gothenburg.", account="Halden"),
    note("o-2", "Marta likes the map of the harbour.", account="Halden"),
    note("o-3", "Printers arrive by truck every Tuesday.", account="Halden"),
)
"""What else is said, so that a word is rare or not."""


def mailed(doc_id: str, sender: str, text: str, day: int = 1) -> dict[str, Any]:
    who = {"name": sender, "email": f"{sender.split()[0].lower()}@cartage.example"}
    on = f"2026-09-{day:02}T12:00:00Z"
    row = {"doc_id": doc_id, "source_type": "email", "account": "Halden", "timestamp": on, "participants": [who], "title": "Terms"}
    return row | {"turns": [{"turn_id": doc_id, "speaker": sender, "text": text}]}


def search(desk: Desk, text: str, *rows: dict[str, Any], limit: int = 20, **more: Any) -> Evidence:
    desk.write({"history.jsonl": neutral(*rows)})
    desk.ingest()
    with desk.kit() as kit:
        return found(kit, text, limit, **more)


def found(kit: Kit, text: str, limit: int = 20, *, recipe: Recipe = RECIPE, **more: Any) -> Evidence:
    account = kit.archive.account(EVERYTHING, "Halden")
    question = Question(text, account.id, **more)
    people = kit.people(EVERYTHING.only(account.id))
    return find(kit.room(EVERYTHING.only(account.id)), question, understand(question, people), kit.asks, None, limit, recipe)


def texts(evidence: Evidence) -> list[str]:
    return [ranked.passage.text for ranked in evidence.ranked]


def test_fifty_mails_with_one_false_price_leave_the_others_their_places(desk: Desk) -> None:
    flood = [
        mailed(f"f-{n}", "Max Forger", f"Reminder {n}: the price per depot is 400 euros a month, as agreed with your office, see note {n}.")
        for n in range(50)
    ]
    true = mailed("t-1", DANA, "The monthly price we offer comes to 900 euros for every depot.")
    said = talk("c-1", (MARTA, "So the price per depot is nine hundred a month for us, fine."), account="Halden")
    best = texts(search(desk, "What is the price per depot?", *flood, true, said, limit=5))
    assert "The monthly price we offer comes to 900 euros for every depot." in best
    assert any("nine hundred" in text for text in best)
    assert sum("400 euros" in text for text in best) == 3


def test_a_note_pasted_twice_with_another_greeting_is_one_find_but_another_figure_or_a_not_is_another(desk: Desk) -> None:
    words = "phone support in Swedish is included for every depot through the whole pilot phase"
    rows = [
        note("n-1", f"{words}, 90 days.", account="Halden"),
        note("n-2", f"FYI {words}, 90 days.", account="Halden"),
        note("n-3", f"{words}, 60 days.", account="Halden"),
        note("n-4", f"{words.replace('is included', 'is not included')}, 90 days.", account="Halden"),
    ]
    best = texts(search(desk, "Is phone support in Swedish included for every depot?", *rows))
    assert sum("90 days" in text and "not" not in text for text in best) == 1
    assert sum("60 days" in text for text in best) == 1
    assert sum("not included" in text for text in best) == 1


def test_a_short_yes_comes_with_the_question_it_answers(desk: Desk) -> None:
    call = talk(
        "c-1",
        (DANA, "Let us look at the agenda for the week and the open points from last time."),
        (MARTA, "Will you migrate the booking history of all depots for us?"),
        (DANA, "Yes, we will."),
        (MARTA, "Good. Then the invoice address changes to Gothenburg next month."),
        account="Halden",
    )
    evidence = search(desk, "Who migrates the booking history of the depots?", call)
    at = [ranked.passage.text for ranked in evidence.ranked].index("Yes, we will.")
    assert evidence.ranked[at - 1].passage.text.startswith("Will you migrate")
    assert evidence.ranked[at].replies_to == evidence.ranked[at - 1].index
    assert evidence.ranked[at].block == evidence.ranked[at - 1].block


def test_a_question_about_a_whole_discussion_gets_stretches_of_it_in_reading_order(desk: Desk) -> None:
    aside = [(DANA, f"About lunch number {n}: the canteen was full again today.") for n in range(8)]
    stretch = [
        (MARTA, "The security review worries our board."),
        (DANA, "Which part of the security review is it?"),
        (MARTA, "Mostly where the keys are kept."),
        (DANA, "Our security team can show the board how the keys are kept."),
        (MARTA, "Then the review could pass."),
    ]
    evidence = search(desk, "Summarize the discussion about the security review", talk("c-1", *aside, *stretch, *aside, account="Halden"))
    first = [ranked for ranked in evidence.ranked if ranked.block == evidence.ranked[0].block]
    assert evidence.understood.broad
    assert [ranked.passage.text for ranked in first] == [text for _, text in stretch][:3]
    assert [ranked.index for ranked in first] == sorted(ranked.index for ranked in first)


def test_what_is_in_the_one_source_whose_title_the_question_says_is_lifted(desk: Desk) -> None:
    def titled(doc_id: str, title: str, text: str) -> dict[str, Any]:
        return mailed(doc_id, DANA, text) | {"title": title}

    rows = [
        titled("m-1", "Harbour pilot", "Two sheds are cleared first, and the crane waits."),
        titled("m-2", "Weekly list", "Printers arrive by truck every Tuesday."),
        titled("m-3", "Weekly list", "The canteen was full again."),
    ]
    search(desk, "x", *rows)

    def lifted(text: str) -> list[str]:
        with desk.kit() as kit:
            by = [
                {ranked.passage.text: ranked.score for ranked in found(kit, text, recipe=recipe).ranked}
                for recipe in (RECIPE, replace(RECIPE, titled=0.0))
            ]
        return [said for said in by[0] if by[0][said] > by[1][said] + 1]

    assert lifted("What waits in the harbour pilot?") == ["Two sheds are cleared first, and the crane waits."]
    assert lifted("What waits in the harbour?") == []
    assert lifted("What is on the weekly list?") == []


def test_in_long_talk_a_place_is_also_found_by_what_is_talked_about_around_it_and_in_short_talk_by_itself(desk: Desk) -> None:
    filler = "We went through the list of the week, one line after the other, and nobody had anything to add to it. " * 5
    said = "It has to be ready by the end of the year."
    around = [(MARTA, "Now the archive of the old invoices."), (DANA, "The old invoices are in the archive."), (MARTA, said)]
    apart = [(DANA, filler + "Lunch."), (MARTA, said.replace("It", "That")), (DANA, filler + "Coffee.")]

    def gained(name: str, *turns: tuple[str, str]) -> float:
        rows = [talk("c-1", *turns, account="Halden"), *OTHERS]
        search(desk, name, *rows)
        with desk.kit() as kit:
            by = [
                {ranked.passage.text: ranked.score for ranked in found(kit, "When must the archive be ready?", 200, recipe=recipe).ranked}
                for recipe in (RECIPE, replace(RECIPE, long_talk=0.0))
            ]
        return (by[0][said] - by[1][said]) - (by[0][apart[1][1]] - by[1][apart[1][1]])

    assert gained("short", *around, *apart) == 0
    assert gained("long", *around, *[(DANA, f"{filler}Point {n}.") for n in range(45)], *apart) > 0.5


def test_of_two_statements_on_one_thing_the_later_is_lifted_only_where_the_question_asks_what_holds(desk: Desk) -> None:
    rows = [
        mailed("m-1", DANA, "The go-live of the depots is set for March.", day=1),
        mailed("m-2", DANA, "The go-live of the depots is set for May.", day=20),
        mailed("m-3", DANA, "The summer party needs more chairs and a tent.", day=25),
    ]
    search(desk, "x", *rows)

    def lifts(text: str) -> dict[str, float]:
        with desk.kit() as kit:
            lifted, plain = (
                {ranked.passage.text: ranked.score for ranked in found(kit, text, recipe=recipe).ranked}
                for recipe in (RECIPE, replace(RECIPE, newer=0.0))
            )
        return {words: round(lifted[words] - plain[words], 3) for words in lifted if lifted[words] != plain[words]}

    assert lifts("What is the current go-live of the depots?") == {"The go-live of the depots is set for May.": RECIPE.newer}
    assert lifts("Which go-live of the depots came up first?") == {}


def test_what_was_asked_before_pulls_towards_its_subject_without_being_asked_again(desk: Desk) -> None:
    rows = [
        note("n-1", "The Swedish pilot: Jonas decides about the budget.", account="Halden"),
        note("n-2", "The canteen refurbishment: Petra decides about the budget.", account="Halden"),
    ]
    later = "Which person decides about the budget?"
    thread = (Exchange("How does the Swedish pilot go?", "How does the Swedish pilot go?", "The Swedish pilot runs in two depots."),)
    search(desk, "x", *rows, *OTHERS)
    with desk.kit() as kit:
        assert "canteen" in texts(found(kit, later))[0]
        assert "Swedish" in texts(found(kit, later, earlier=thread))[0]


def test_the_fields_words_count_less_beside_a_question_that_says_much_itself(desk: Desk) -> None:
    rows = [
        note("n-1", "Single sign-on by SAML, OIDC or Entra identity.", account="Halden"),
        note("n-2", "The depot crews use the kiosk by the north gate.", account="Halden"),
    ]
    search(desk, "x", *rows, *OTHERS)

    def gain(text: str) -> float:
        with desk.kit() as kit:
            of, without = (
                {ranked.passage.text: ranked.score for ranked in found(kit, text, recipe=recipe).ranked}
                for recipe in (RECIPE, replace(RECIPE, related=0.0))
            )
        return of[str(rows[0]["text"])] - without[str(rows[0]["text"])]

    terse = "How do they log in?"
    assert gain(terse) > 0
    wordy = "How do the depot crews by the north gate log in at the kiosk before the first morning truck arrives with new printers?"
    assert 0 < gain(wordy) < gain(terse) / 2


@pytest.mark.parametrize(
    ("text", "broad", "now", "ever"),
    [
        ("Summarize the discussion about the pilot", True, False, False),
        ("What did the buyer think of the pilot?", True, False, False),
        ("Explain the escrow arrangement", True, False, False),
        ("How does the porter explain the smell in the cellar?", False, False, False),
        ("What did the panel recommend for the cold store?", True, False, False),
        ("What problems were there with the label printers?", True, False, False),
        ("What problem does the porter have?", False, False, False),
        ("What was suggested for the night shift?", True, False, False),
        ("Who suggested the night shift?", False, False, False),
        ("How many depots are in the pilot?", False, False, False),
        ("What is the price now?", False, True, False),
        ("When did Dana visit the depot?", False, False, False),
        ("Was SSO ever discussed?", True, False, True),
        ("Did they mention a freeze?", False, False, True),
        ("Has anybody promised a discount?", False, False, True),
    ],
)
def test_a_question_is_routed_by_how_it_is_put(text: str, broad: bool, now: bool, ever: bool) -> None:
    way = route(text)
    assert (way.broad, way.now, way.ever) == (broad, now, ever)


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Summarize the team's discussion of the label printers", ["label", "printer"]),
        ("What did the group decide about the cold store?", ["cold", "store"]),
        ("Summarize the discussion", ["summar", "discuss"]),
    ],
)
def test_what_is_discussed_is_told_from_the_words_for_discussing(text: str, left: list[str]) -> None:
    assert subject(text) == left


def test_a_stretch_goes_on_after_its_subject_was_named(desk: Desk) -> None:
    bays = [(DANA, f"The parking lot, bay {n}: the paint came off again and is renewed in May.") for n in range(60)]
    named = (MARTA, "So, label printers.")
    stretch = [(DANA, f"Unit {n} jams and eats a roll each morning.") for n in range(12)]
    call = talk("c-1", *bays[:30], named, *stretch, *bays[30:], account="Halden")
    evidence = search(desk, "Summarize the discussion about the label printers", call)
    assert {text for _, text in [named, *stretch[:5]]} <= set(texts(evidence)[:10])


def test_whether_a_thing_was_ever_said_is_looked_for_everywhere(desk: Desk) -> None:
    asked: list[str] = []

    def nominate(shelf: Any, text: str, query: Any) -> None:
        asked.append(text)

    desk.write({"history.jsonl": neutral(note("n-1", "SSO came up.", account="Halden"))})
    desk.ingest()
    with desk.kit() as kit:
        account = kit.archive.account(EVERYTHING, "Halden")
        for text in ("Did anybody mention SSO?", "Which login does the depot use?"):
            question = Question(text, account.id)
            find(kit.room(EVERYTHING.only(account.id)), question, understand(question, ()), kit.asks, nominate)
    assert asked == ["Which login does the depot use?"]
