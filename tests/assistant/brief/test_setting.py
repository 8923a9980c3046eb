"""Lines that mean little alone are shown with what they answer or follow."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from assistant.brief.body import brief_json
from assistant.brief.compose import write
from assistant.brief.page import lay_out
from assistant.brief.render import as_text
from assistant.brief.review import reviewed
from assistant.brief.setting import leans, setting_of
from assistant.facts.speech import Place
from assistant.ledger import read
from ingest.archive.rows import ReviewAct, StoredAccount, StoredInteraction
from ingest.records import Span
from tests.assistant.facts.history import ANA, MIA, RAJ, call, mail

NOW = datetime(2026, 7, 2, tzinfo=UTC)


def body_of(*history: StoredInteraction) -> dict[str, Any]:
    account = StoredAccount("acc_1", "berg", "Berg", (), ())
    return brief_json(write(account, None, read(history), history, as_of=None, now=NOW))


def place(interaction: StoredInteraction, words: str) -> Place:
    start = interaction.text.index(words)
    return Place(interaction, Span(start, start + len(words)))


@pytest.mark.parametrize("words", ["It's out, yes.", "That's included.", "Yeah, by March.", "We can do that.", "Not before Easter."])
def test_a_bare_reply_leans_on_what_was_asked(words: str) -> None:
    assert leans(words)


@pytest.mark.parametrize(
    "words", ["We train all drivers of both depots on site, free of charge.", "Onboarding has a fixed fee of 4,000 dollars."]
)
def test_a_whole_sentence_stands_alone(words: str) -> None:
    assert not leans(words)


def test_a_promise_that_only_answers_is_shown_with_the_question_and_cites_both() -> None:
    body = body_of(call((MIA, "And the automatic renewal, is that out of the order form?"), (ANA, "It's out, yes.")))
    [promise] = body["promises"]
    quotes = {citation["id"]: citation["quote"]["exact"] for citation in body["citations"]}
    assert promise["setting"]["how"] == "answers"
    assert promise["setting"]["by"] == "Mia Berg"
    assert (
        quotes[promise["setting"]["citation"]] == promise["setting"]["text"] == "And the automatic renewal, is that out of the order form?"
    )
    assert "“It's out, yes.” (to “And the automatic renewal, is that out of the order form?”)" in " ".join(as_text(body).split())
    rows = [row for section in lay_out(body).sections for group in section.groups for row in group.rows if "It's out" in row.words]
    assert {promise["citations"][0], promise["setting"]["citation"]} <= set(rows[0].citations)


def test_a_sentence_that_leans_on_its_own_speaker_follows_it() -> None:
    said = call((MIA, "What about training?"), (ANA, "Two trainers come to both warehouses. It's free for you, too."))
    found = setting_of(place(said, "It's free for you, too."))
    assert found is not None
    assert (found.how, found.at.text) == ("follows", "Two trainers come to both warehouses.")


def test_a_word_of_another_between_question_and_answer_is_passed_over() -> None:
    said = call((MIA, "Is the loan scanner in the price?"), (RAJ, "Mhm."), (ANA, "Yes, it is."))
    found = setting_of(place(said, "Yes, it is."))
    assert found is not None
    assert found.at.text == "Is the loan scanner in the price?"


def test_where_nothing_stands_before_it_a_line_has_no_setting() -> None:
    assert setting_of(place(mail(ANA, MIA, "That's included."), "That's included.")) is None


def test_what_somebody_put_into_their_own_words_stands_alone() -> None:
    body = body_of(call((MIA, "And the automatic renewal, is that out of the order form?"), (ANA, "It's out, yes.")))
    [promise] = body["promises"]
    act = ReviewAct(1, body["id"], NOW, "Ana", "edit", promise["id"], {"text": "The automatic renewal is out."})
    [left] = reviewed(body, [act])["promises"]
    assert left["setting"] is None


def test_withheld_words_are_not_told_by_what_answers_them() -> None:
    body = body_of(call((MIA, "And the automatic renewal, is that out of the order form?"), (ANA, "It's out, yes.")))
    [promise] = body["promises"]
    left = reviewed(body, [], frozenset({promise["setting"]["citation"]}))
    assert left["promises"][0]["setting"] is None
    assert "automatic renewal" not in str({name: part for name, part in left.items() if name not in ("story", "kickoff", "gaps")})
