"""A follow-up is rebuilt from the question before it by rules, or is told with what that was about."""

from __future__ import annotations

import pytest

from assistant.answers import Exchange, Question
from assistant.asking import ask, gather
from assistant.conversation import converse
from assistant.standalone import whole
from assistant.understand import understand
from ingest.archive.scope import EVERYTHING
from ingest.records import Span
from tests.assistant.test_asking import HALDEN, texts
from tests.conftest import Desk

SSO = "What did sales promise about SSO?"
LIVE = "When do they go live in Gothenburg?"
TRAINER = "Is somebody coming to teach the crews, and what does it cost them?"


def exchange(question: str, *offered: str) -> Exchange:
    return Exchange(question, question, "", (), offered)


@pytest.mark.parametrize(
    ("before", "asked", "meant"),
    [
        (SSO, "and when?", "When did sales promise that about SSO?"),
        (SSO, "What about SCIM?", "What did sales promise about SCIM?"),
        (SSO, "And SCIM?", "What did sales promise about SCIM?"),
        (SSO, "And on the price?", "What did sales promise on the price?"),
        (LIVE, "why?", "Why do they go live in Gothenburg?"),
        (LIVE, "And in Malmö?", "When do they go live in Malmö?"),
        (TRAINER, "By when exactly?", "By when is somebody coming to teach the crews?"),
        (TRAINER, "yes", TRAINER),
        ("What go-live date did we commit to, and is it in the contract?", "Why?", "Why did we commit to that go-live date?"),
        ("Who is coming to Gothenburg?", "Who else?", "Who else is coming to Gothenburg?"),
        ("In her mail of 21 September, what does Lorraine want?", "why?", "In her mail of 21 September, why does Lorraine want?"),
    ],
)
def test_what_is_no_question_by_itself_becomes_a_whole_one_that_is_asked_instead(before: str, asked: str, meant: str) -> None:
    assert whole(asked, [exchange(before)]).text == meant
    assert whole(asked, [exchange(before)]).instead


@pytest.mark.parametrize(
    ("before", "asked", "meant"),
    [
        (SSO, "Who owns that?", "Who owns that (SSO)?"),
        (SSO, "and is it in the contract?", "Is it (SSO) in the contract?"),
        ("Can they get out early?", "Was that ever cleared?", "Was that (get out early) ever cleared?"),
        ("Who signs the contract?", "when?", "When (about: who signs the contract)?"),
        ("How will people log in?", "how much?", "How much (about: how will people log in)?"),
        ("How will people log in?", "What about SCIM?", "How will people log in, as to SCIM?"),
        (TRAINER, "And what did she say?", "What did she say (about: somebody coming to teach the crews)?"),
    ],
)
def test_any_other_is_shown_with_what_it_is_about_and_searched_by_its_own_words(before: str, asked: str, meant: str) -> None:
    assert whole(asked, [exchange(before)]).text == meant
    assert not whole(asked, [exchange(before)]).instead


def test_she_is_the_one_person_whom_the_question_before_names() -> None:
    thread = [exchange("What does Lorraine Beaufort want?")]
    assert whole("Is she happy now?", thread, {"p1": "Lorraine Beaufort"}).text == "Is she happy now (about: Lorraine Beaufort)?"


def test_yes_takes_up_what_the_answer_before_offered() -> None:
    assert whole("Yes please", [exchange(SSO, "What does Order Form 4 say about that?")]).text == "What does Order Form 4 say about that?"


def test_a_chain_of_follow_ups_keeps_to_the_question_it_began_with() -> None:
    first = whole("And when?", [exchange(SSO)]).text
    second = whole("Who owns that?", [exchange(SSO), Exchange("And when?", first, "")])
    assert second.text == "Who owns that (SSO)?"
    third = whole("why?", [Exchange("Who owns that?", second.text, "")])
    assert third.text == "Why (about: who owns SSO)?"


def test_a_question_that_leans_on_nothing_stays_as_it_was_put() -> None:
    alone = understand(Question("How will the depot managers log in?", "a", earlier=(exchange(SSO),)), ())
    assert (alone.standalone, alone.asked) == ("How will the depot managers log in?", "How will the depot managers log in?")


def test_a_bare_follow_up_is_answered_as_the_whole_question_and_keeps_its_own_words(desk: Desk) -> None:
    desk.write(HALDEN)
    desk.ingest()
    with desk.kit(write=True) as kit:
        account = kit.archive.account(EVERYTHING, "Halden").id
        first = converse(kit, account, "Is phone support in Swedish free of charge?")
        follow = converse(kit, account, "And for how long?", thread_id=first.thread_id)
        cited = tuple((c.interaction_id, Span(c.span.start, c.span.end)) for c in first.citations)
        thread = (Exchange(first.question.text, first.standalone, "", cited),)
        why = Question("Why?", account, earlier=thread)
        assert gather(kit, why).understood.asked == "Why is phone support in Swedish free of charge?"
        assert ask(kit, why).question.text == "Why?"
        assert ask(kit, why).understood_as == "Why is phone support in Swedish free of charge?"
    assert follow.question.text == "And for how long?"
    assert "90 days" in texts(follow)[0]
