"""An answer without a model: few sentences, each introduced by who said it, with what they answer, and what the history leaves open."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from assistant.answers import Answer, Question
from assistant.asking import ask, end_of_day, gather
from assistant.models.changes import standing
from assistant.models.choice import choose, read
from assistant.models.claims import setting
from assistant.models.extractive import Extractive
from assistant.models.premise import says_otherwise
from assistant.models.sentence_fit import SentenceFit, fits
from assistant.render import answer_text
from assistant.wiring import Kit
from ingest.archive.archive import Archive
from ingest.archive.rows import StoredPassage
from ingest.archive.scope import EVERYTHING
from ingest.records import Document, Interaction, Span, Turn
from tests.conftest import Desk
from tests.exports import neutral, talk
from tests.ingest.making import FIRST_CALL, call, put

NAMED = call("c1", "We start in May.", title="Kick-off")
UNNAMED = replace(NAMED, turns=(Turn("We start in May."),))
PAPER = Document(source="file", external_id="d", title="Order form", occurred_at=FIRST_CALL, turns=(Turn("We start in May."),))


@pytest.mark.parametrize(
    ("interaction", "expected"),
    [
        (NAMED, "Dana Okafor, 1 Sep 2026"),
        (UNNAMED, "Somebody in Kick-off, 1 Sep 2026"),
        (replace(UNNAMED, occurred_at=None), "Somebody in Kick-off"),
        (PAPER, "Order form, 1 Sep 2026"),
    ],
    ids=["named", "unnamed", "undated", "document"],
)
def test_words_are_introduced_by_whoever_said_them(tmp_path: Path, interaction: Interaction, expected: str) -> None:
    with Archive.open(tmp_path / "home", write=True) as archive:
        stored = archive.interaction(EVERYTHING, put(archive, archive.put_account("Halden"), interaction))
        assert setting(stored, 0) == expected


# --- what an answer says and leaves out


@pytest.fixture(scope="module")
def talked(tmp_path_factory: pytest.TempPathFactory, embedder: object) -> Iterator[Kit]:
    desk = Desk(tmp_path_factory.mktemp("talked"), embedder)  # type: ignore[arg-type]  # the session's embedder, as the fixture gives it
    who = [{"name": "Dana Okafor", "email": "dana@cartage.example"}, {"name": "Marta Lindqvist", "email": "marta@halden.example"}]
    rows = [
        talk(
            "c1", ("Marta Lindqvist", "Could your trainer teach the night crew on site?"),
            ("Dana Okafor", "Yes, two days with our own trainer."),
            ("Marta Lindqvist", "The kiosks stand at the gates of the harbour."), account="Halden", participants=who, title="Kick-off",
        ),
        talk("c2", ("Dana Okafor", "The launch date of the depots is the end of February."), account="Halden", participants=who,
             timestamp="2026-09-02T12:00:00Z", title="Planning"),
        talk("c3", ("Dana Okafor", "The launch date of the depots is 18 January now."), account="Halden", participants=who,
             timestamp="2026-09-24T12:00:00Z", title="Alignment"),
        talk("c4", ("Dana Okafor", "No, we can't offer a refund when the launch fails."), account="Halden", participants=who,
             timestamp="2026-09-25T12:00:00Z", title="Terms"),
    ]  # fmt: skip
    desk.write({"a.jsonl": neutral(*rows)})
    desk.ingest(our_domains=("cartage.example",))
    with desk.kit() as kit:
        yield replace(kit, model=Extractive(enough=0.0))


def answer(kit: Kit, text: str) -> Answer:
    return ask(kit, Question(text, kit.archive.account(EVERYTHING, "Halden").id))


def said(found: Answer) -> list[str]:
    return [claim.text for block in found.blocks for claim in block.claims]


def test_a_bare_yes_is_shown_with_what_it_answers(talked: Kit) -> None:
    found = said(answer(talked, "How many days does the trainer come for?"))
    at = found.index("Dana Okafor, 1 Sep 2026: Yes, two days with our own trainer.")
    assert found[at - 1] == "Marta Lindqvist, 1 Sep 2026: Could your trainer teach the night crew on site?"


@pytest.mark.parametrize("text", ["Where do the kiosks stand at the harbour?", "Who taught the night crew on site?"])
def test_a_bare_yes_under_also_has_its_question_too_and_nothing_is_told_twice(talked: Kit, text: str) -> None:
    found = said(answer(talked, text))
    at = found.index("Dana Okafor, 1 Sep 2026: Yes, two days with our own trainer.")
    assert "Marta Lindqvist, 1 Sep 2026: Could your trainer teach the night crew on site?" in found[:at]
    assert len(found) == len(set(found))


def test_what_changed_is_told_in_steps_and_the_last_one_stands(talked: Kit) -> None:
    found = answer(talked, "How has the launch date of the depots changed?")
    [change] = found.changes
    steps = {step.on: (step.text, step.superseded) for step in change.items}
    assert steps["2026-09-02"] == ("Dana Okafor, 2 Sep 2026: The launch date of the depots is the end of February.", True)
    assert "18 January" in steps["2026-09-24"][0]
    assert [step.superseded for step in change.items] == [True] * (len(change.items) - 1) + [False]
    assert {id for step in change.items for id in step.citations} <= {citation.id for citation in found.citations}


def test_a_part_of_the_question_that_nothing_answers_is_named(talked: Kit) -> None:
    found = answer(talked, "Where do the kiosks stand, and how much do they cost?")
    assert (found.status, found.partial, found.unsaid) == ("answered", True, ("how much do they cost",))
    assert "The deal history does not say: how much do they cost?" in answer_text(found)


def test_a_figure_nobody_ever_named_is_a_false_premise(talked: Kit) -> None:
    found = answer(talked, "What does the trainer cost for 250 users?")
    assert (found.status, found.reason, found.blocks) == ("declined", "false_premise", ())


def test_what_was_refused_corrects_a_question_that_takes_it_for_granted(talked: Kit) -> None:
    found = answer(talked, "Why did we offer a refund when the launch fails?")
    assert (found.status, found.reason) == ("declined", "false_premise")
    assert said(found) == ["Dana Okafor, 25 Sep 2026: No, we can't offer a refund when the launch fails."]
    assert answer_text(found).startswith("The history says otherwise.")


@pytest.mark.parametrize(
    ("text", "reason"),
    [("Write a mail to Marta.", "out_of_scope"), ("Please delete the call.", "out_of_scope"), ("And when?", "ambiguous")],
)
def test_what_is_no_question_to_the_history_is_declined_with_the_reason(talked: Kit, text: str, reason: str) -> None:
    assert (answer(talked, text).status, answer(talked, text).reason) == ("declined", reason)


def test_follow_ups_ask_for_what_was_found_and_not_said(talked: Kit) -> None:
    found = answer(talked, "How many days does the trainer come for?")
    cited = {citation.speaker.name for citation in found.citations if citation.speaker}
    assert len(found.follow_ups) <= 3
    assert not any(f"What did {name} say" in text for name in cited for text in found.follow_ups)


def test_an_answer_is_short(talked: Kit) -> None:
    found = answer(talked, "What about the launch date of the depots, the kiosks and the trainer?")
    assert len(found.blocks[0].claims) <= 6
    assert all(len(text.split()) <= 50 for text in said(found))


def test_what_was_taken_back_is_told_as_history_and_the_correction_first(desk: Desk) -> None:
    who = [{"name": "Dana Okafor", "email": "dana@cartage.example"}, {"name": "Marta Lindqvist", "email": "marta@halden.example"}]
    promise = "With Enterprise you get phone support in Swedish around the clock."
    correction = "I have to correct the phone support I promised: the Swedish phone support around the clock was wrong."
    rows = [
        talk("c1", ("Marta Lindqvist", "Who answers the phone?"), ("Dana Okafor", promise), account="Halden", participants=who),
        talk("c2", ("Marta Lindqvist", "Hello."), ("Dana Okafor", correction), account="Halden", participants=who,
             timestamp="2026-09-10T12:00:00Z"),
    ]  # fmt: skip
    desk.write({"a.jsonl": neutral(*rows)})
    desk.ingest(our_domains=("cartage.example",))
    with desk.kit() as kit:
        found = answer(replace(kit, model=Extractive(enough=0.0)), "Is phone support in Swedish around the clock?")
        asked = Question(
            "Is phone support in Swedish around the clock?", found.question.account_id, as_of=end_of_day(date(2026, 9, 5), "UTC")
        )
        before = ask(replace(kit, model=Extractive(enough=0.0)), asked)
    assert said(found)[0] == f"Dana Okafor, 10 Sep 2026: {correction}"
    assert promise not in " ".join(said(found))
    [change] = found.changes
    assert [(step.on, step.superseded) for step in change.items] == [("2026-09-01", True), ("2026-09-10", False)]
    assert promise in change.items[0].text
    assert promise in " ".join(said(before))
    assert (before.changes, "correct" in " ".join(c.exact for c in before.citations)) == ((), False)


@pytest.mark.parametrize(
    ("text", "told"),
    [("Do the drivers get tablets from us?", True), ("What did Dana say was a mistake?", False)],
    ids=["on the matter", "on nothing"],
)
def test_a_correction_that_answers_brings_the_old_words_on_the_matter_asked_though_nobody_chose_them(
    desk: Desk, text: str, told: bool
) -> None:
    who = [{"name": "Dana Okafor", "email": "dana@cartage.example"}, {"name": "Marta Lindqvist", "email": "marta@halden.example"}]
    promise = "Your drivers get tablets from us, forty of them, at no charge."
    correction = "I have to correct myself: the forty tablets for the drivers at no charge were a mistake, please forget that."
    rows = [
        talk("c1", ("Marta Lindqvist", "What else is in it?"), ("Dana Okafor", promise), account="Halden", participants=who),
        talk("c2", ("Marta Lindqvist", "Hello."), ("Dana Okafor", correction), account="Halden", participants=who,
             timestamp="2026-09-10T12:00:00Z"),
    ]  # fmt: skip
    desk.write({"a.jsonl": neutral(*rows)})
    desk.ingest(our_domains=("cartage.example",))
    with desk.kit() as kit:
        evidence = gather(kit, Question(text, kit.archive.account(EVERYTHING, "Halden").id))
    chosen = choose(evidence, fits(evidence, read(evidence)), 1.0)
    answering = [one for one in chosen if one.best.passage.text == correction]
    said, changes = standing([answering], chosen, evidence, 3)
    assert said == [answering]
    assert [[(step.on, step.superseded) for step in change.steps] for change in changes] == (
        [[("2026-09-01", True), ("2026-09-10", False)]] if told else []
    )
    assert all(promise in change.steps[0].claim.text and correction in change.steps[1].claim.text for change in changes)


@pytest.mark.parametrize(
    ("question", "said", "otherwise"),
    [
        ("Why did they reject SAML?", ["Yes, SAML 2.0 and OIDC are included."], True),
        ("Why did they reject SAML?", ["We will not use SAML, it broke twice.", "SAML is included."], False),
        ("Why did they reject SAML?", ["Is SAML included?"], False),
        ("Why did we turn down the kiosks?", ["Kiosks are included in the price list.", "No, I can't give you those."], False),
        ("Why did they want SAML?", ["SAML is included."], False),
    ],
)
def test_a_refusal_taken_for_granted_is_corrected_by_what_says_the_contrary(question: str, said: list[str], otherwise: bool) -> None:
    passages = [StoredPassage(f"p{n}", "i", "a", n, n, Span(0, len(text)), text, "") for n, text in enumerate(said)]
    found = [SentenceFit(one, one.span, 0.5, np.zeros(1, np.float32)) for one in passages]
    assert bool(says_otherwise(question, found)) == otherwise
