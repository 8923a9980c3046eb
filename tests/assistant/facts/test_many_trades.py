"""Goals, starting values and risks in many trades, and what only looks like them."""

from __future__ import annotations

import pytest

from assistant.facts.goals import baseline, goal
from assistant.facts.risks import risk
from assistant.facts.speech import Statement, statements
from assistant.facts.warnings import RiskKind
from tests.assistant.facts.history import ANA, MIA, call


def said_by_customer(words: str) -> Statement:
    [said] = [one for one in statements(call((ANA, "And what about that?"), (MIA, words))) if one.text == words]
    return said


@pytest.mark.parametrize(
    "words",
    [
        "We're hoping to bring agency spend down from 1.2 million to below 700 thousand by next summer.",
        "Success for us would be payroll closing in three days instead of eight.",
        "By Christmas I'd like ninety percent of parents paying online.",
        "The board expects scrap under two percent by the end of the year.",
        "If we can get theatre utilisation to 85 percent I'm happy.",
        "We need to cut overtime by a third before the winter.",
        "I have to show twenty percent fewer unplanned stops at the annual review.",
        "What I'd call a win is planning done in forty-five minutes.",
        "My target is zero paper timesheets by January.",
        "Below five percent by the end of the first quarter of 2027.",
        "Our KPI is time to hire, and it has to drop to thirty days.",
        "We're measured on first-time-right, it should be 98 percent.",
    ],
)
def test_a_wish_with_a_measure_is_a_goal(words: str) -> None:
    found = goal(said_by_customer(words))
    assert found is not None
    assert found.text == words


@pytest.mark.parametrize(
    "words",
    [
        "We need a 15% discount on the list price.",
        "I want to see the contract by Friday.",
        "I want you to send me the slides.",
        "We have forty-five people in the warehouse.",
        "Could you get it under forty?",
        "I need two more licences for the interns.",
        "It has to be in the contract by Monday.",
        "We want to start with two sites.",
    ],
)
def test_a_wish_about_the_deal_or_without_an_aim_is_no_goal(words: str) -> None:
    assert goal(said_by_customer(words)) is None


@pytest.mark.parametrize(
    ("words", "target"),
    [
        ("We want agency spend down from 1.2 million to 700 thousand.", "700 thousand"),
        ("I want that forty-one percent to be thirty.", "thirty"),
        ("My target is under eight percent by the end of 2027.", "eight percent"),
    ],
)
def test_the_target_is_the_figure_aimed_for(words: str, target: str) -> None:
    found = goal(said_by_customer(words))
    assert found is not None
    assert found.target == target


@pytest.mark.parametrize(
    "words",
    [
        "Last quarter our missed-SLA rate was eleven point four percent.",
        "Each dispatcher spends about three hours a day building the plan.",
        "Scrap is at 4.1 percent at the moment.",
        "Payroll takes us eight days every month.",
        "We currently lose around 60 hours a month on that.",
        "Thirty-eight percent of jobs get rescheduled at least once.",
        "On average a patient waits 52 minutes.",
    ],
)
def test_where_they_stand_today_is_a_starting_value(words: str) -> None:
    assert baseline(said_by_customer(words)) is not None


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("legal", "Legal hasn't approved the data processing agreement yet."),
        ("political", "Our new COO isn't sold on this project."),
        ("political", "Karin, who pushed for this, is leaving in March."),
        ("adoption", "The night shift refuses to carry phones."),
        ("adoption", "My teachers are tired of new tools, honestly."),
        ("technical", "Nobody has documented the old interface."),
        ("technical", "The firewall change takes six weeks and we haven't applied for it."),
        ("timeline", "If the certificates slip, we lose the whole autumn."),
        ("timeline", "The permit still isn't here."),
        ("budget", "The money for phase two isn't approved."),
        ("budget", "We've a hiring freeze and a budget freeze until June."),
        ("competitive", "Your competitor came back with a lower price yesterday."),
        ("expectation", "I thought the training was part of it."),
        ("expectation", "We were under the impression that Polish is included."),
        ("political", "I am going on leave from December first."),
        ("technical", "The last migration failed twice."),
        ("adoption", "We only have one person who knows how this works."),
        ("timeline", "November 16 is our peak freeze, nothing changes after that."),
    ],
)
def test_a_warning_is_a_risk_of_its_kind(kind: RiskKind, words: str) -> None:
    found = risk(said_by_customer(words))
    assert found is not None
    assert found.kind == kind


@pytest.mark.parametrize(
    "words",
    [
        "The freeze dryer is in hall two.",
        "We left the office at six.",
        "I'm happy with that.",
        "Great, no problem at all.",
        "The budget is approved.",
        "Our legal team signed off yesterday.",
        "Everybody is looking forward to it.",
    ],
)
def test_good_news_and_small_talk_warn_of_nothing(words: str) -> None:
    assert risk(said_by_customer(words)) is None
