"""A question that takes for granted what nobody spoke of, or what somebody denied, is not answered with what is nearest."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from assistant.answers import Question
from assistant.asking import ask, gather
from assistant.models import strange
from assistant.models.extractive import sureness
from assistant.models.heard import LEAST_HEARD
from assistant.models.premise import never_ended
from assistant.models.sentence_fit import fits
from assistant.models.strange import numbered, strange_words
from ingest.archive.scope import EVERYTHING
from ingest.index.embedder import WeightsMissing
from ingest.index.minilm import load_minilm
from tests.conftest import Desk
from tests.exports import DANA, MARTA, at, gong, salesforce, under


@pytest.mark.parametrize(
    ("text", "things"),
    [
        ("When does phase three begin?", {("phase", 3)}),
        ("the second wave and Tier 4", {("wave", 2), ("tier", 4)}),
        ("three phases in 2027", set()),
        ("our first meeting", set()),
    ],
)
def test_things_with_a_number_are_told_from_numbers_of_things(text: str, things: set[tuple[str, int]]) -> None:
    assert numbered(text) == things


def said(desk: Desk, last: str, question: str) -> tuple[str | None, str]:
    talk = [
        (DANA, "Phase one is live on the first of December 2026, with sixty people in Gothenburg."),
        (MARTA, "And phase two, with the marketing people, begins on the first of March 2027."),
        (DANA, last),
    ]
    desk.write({**under("salesforce", salesforce()), **under("gong", gong("7100", "Plan", talk, on=at(9, 2)))})
    desk.ingest()
    with desk.kit() as kit:
        answer = ask(kit, Question(question, kit.archive.account(EVERYTHING, "Halden").id))
    return answer.reason, " ".join(claim.text for block in answer.blocks for claim in block.claims)


def test_the_third_of_things_of_which_there_are_two_is_declined(desk: Desk) -> None:
    reason, text = said(desk, "That is the whole plan, and I like it.", "When does phase three begin with the marketing people?")
    assert (reason, text) == ("false_premise", "")


def test_where_somebody_denied_it_their_words_correct_the_question(desk: Desk) -> None:
    reason, text = said(desk, "There is no phase three.", "When does phase three begin with the marketing people?")
    assert (reason, text) == ("false_premise", "Dana Okafor, 2 Sep 2026: There is no phase three.")


def test_the_second_of_two_is_answered(desk: Desk) -> None:
    reason, text = said(desk, "There is no phase three.", "When does phase two begin with the marketing people?")
    assert reason is None
    assert "first of March 2027" in text


@pytest.fixture(scope="module")
def feed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """A promise, read by the real model: of hashed words none is near another, nor rare."""
    try:
        desk = Desk(tmp_path_factory.mktemp("feed"), load_minilm())
    except WeightsMissing as missing:
        pytest.skip(str(missing))
    talk = [(DANA, "We'll have the vessel feed for Gothenburg ready by November, I promise."), (MARTA, "Good, our ships need it.")]
    desk.write({**under("salesforce", salesforce()), **under("gong", gong("7100", "Feed", talk, on=at(9, 2)))})
    desk.ingest()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(strange, "ENOUGH_SAID", 1)
        yield desk


def test_a_short_history_says_too_little_to_call_a_word_strange(feed: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(strange, "ENOUGH_SAID", 150)
    with feed.kit() as kit:
        asked = Question("What did sales promise about the zeppelin feed?", kit.archive.account(EVERYTHING, "Halden").id)
        assert strange.strange_words(gather(kit, asked)) == ()


@pytest.mark.parametrize(
    ("question", "things"),
    [
        ("What did sales promise about the zeppelin feed?", ("zeppelin",)),
        ("When do they get the accordion feed for Gothenburg?", ("accordion",)),
        ("Who pays for the beekeeper's feed?", ("beekeeper's",)),
    ],
)
def test_a_thing_that_nobody_came_near_is_declined_whatever_is_on_record(question: str, things: tuple[str, ...], feed: Desk) -> None:
    with feed.kit() as kit:
        asked = Question(question, kit.archive.account(EVERYTHING, "Halden").id)
        assert strange_words(gather(kit, asked)) == things
        answer = ask(kit, asked)
    assert (answer.status, answer.reason, answer.blocks) == ("declined", "not_in_history", ())


@pytest.mark.parametrize(
    "question",
    [
        "What did sales promise about the vessel feed?",
        "When do they get the ship feed?",
        "Is the sensible tool around in Gothenburg?",
        "Who pays for the feed?",
        "How soon must they hear of a breach?",
    ],
)
def test_another_word_for_what_was_said_is_no_strange_thing(question: str, feed: Desk) -> None:
    with feed.kit() as kit:
        assert strange_words(gather(kit, Question(question, kit.archive.account(EVERYTHING, "Halden").id))) == ()


def test_a_promise_is_still_told_where_its_thing_is_named(feed: Desk) -> None:
    with feed.kit() as kit:
        answer = ask(kit, Question("What did sales promise about the vessel feed?", kit.archive.account(EVERYTHING, "Halden").id))
    assert "vessel feed for Gothenburg" in answer.blocks[0].claims[0].text


@pytest.mark.parametrize(
    ("question", "never"),
    [
        ("Which reinsurer do they work with?", True),
        ("What is the weather in Paris?", True),
        ("When do they get the ship feed?", False),
        ("Who promised it?", False),
    ],
)
def test_what_is_asked_for_was_spoken_of_or_not(question: str, never: bool, feed: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(strange, "ENOUGH_SAID", 150)
    with feed.kit() as kit:
        evidence = gather(kit, Question(question, kit.archive.account(EVERYTHING, "Halden").id))
        assert (sureness(evidence, fits(evidence, 10)).chance < LEAST_HEARD) == never


@pytest.mark.parametrize(
    ("question", "taken_for_granted"),
    [
        ("Why did they cancel the vessel feed?", True),
        ("Why did Marta leave?", True),
        ("When was the vessel feed put off?", True),
        ("Why did they leave?", False),
        ("Why do they need the vessel feed?", False),
    ],
)
def test_that_something_ended_of_which_nobody_spoke_is_not_taken_for_granted(question: str, taken_for_granted: bool, feed: Desk) -> None:
    with feed.kit() as kit:
        evidence = gather(kit, Question(question, kit.archive.account(EVERYTHING, "Halden").id))
        assert never_ended(question, evidence, fits(evidence, 10)) == taken_for_granted


@pytest.fixture(scope="module")
def ended(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    try:
        desk = Desk(tmp_path_factory.mktemp("ended"), load_minilm())
    except WeightsMissing as missing:
        pytest.skip(str(missing))
    talk = [(DANA, "We called the workshop off, the rooms were flooded."), (MARTA, "And I leave Halden in March, it is my last month.")]
    desk.write({**under("salesforce", salesforce()), **under("gong", gong("7100", "End", talk, on=at(9, 2)))})
    desk.ingest()
    return desk


@pytest.mark.parametrize("question", ["Why did they cancel the workshop?", "Why did Marta leave?"])
def test_an_end_that_was_told_of_in_other_words_is_asked_for_with_reason(question: str, ended: Desk) -> None:
    with ended.kit() as kit:
        evidence = gather(kit, Question(question, kit.archive.account(EVERYTHING, "Halden").id))
        assert not never_ended(question, evidence, fits(evidence, 10))


@pytest.mark.parametrize(
    ("question", "granted"),
    [
        ("When did we agree to the 99.99% service level?", False),
        ("Did sales promise them 99.99%?", False),
        ("When did we promise 99.5% uptime?", True),
        ("Did they ask for 99.99%?", True),
    ],
)
def test_a_figure_that_only_they_ever_named_was_not_granted(question: str, granted: bool, desk: Desk) -> None:
    talk = [
        (MARTA, "All service levels have to be increased to 99.99%, like those of our own customers."),
        (DANA, "What we have in the standard terms is 99.5% uptime, a month at a time."),
    ]
    desk.write({**under("salesforce", salesforce()), **under("gong", gong("7100", "Terms", talk, on=at(9, 2)))})
    desk.ingest()
    with desk.kit() as kit:
        evidence = gather(kit, Question(question, kit.archive.account(EVERYTHING, "Halden").id))
        assert strange.asked_for_alone(question, evidence) != granted
