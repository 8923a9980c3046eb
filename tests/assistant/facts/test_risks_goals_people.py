"""Risks, goals, questions left open, and who is who."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from assistant.facts.goals import goal
from assistant.facts.named_roles import mentions
from assistant.facts.own_words import heard
from assistant.facts.people import PersonSeen, people
from assistant.facts.questions import left_open, questions
from assistant.facts.risks import risk
from assistant.facts.speech import Statement, statements
from assistant.ledger import read
from ingest.archive.rows import StoredInteraction, StoredPerson
from tests.assistant.facts.history import ANA, MIA, TOM, call, interaction


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("The end of November is tight, but yes.", "timeline"),
        ("There is a change freeze from 11 December to 8 January.", "technical"),
        ("I'm not convinced, to be honest.", "political"),
        ("Nobody has started this with the drivers.", "adoption"),
        ("You must talk to the works council first.", "legal"),
        ("So for five months we pay for both of them.", "budget"),
        ("My planners were told it goes both ways.", "expectation"),
    ],
)
def test_a_warning_is_a_risk_of_its_kind(words: str, kind: str) -> None:
    found = [one for statement in statements(call((MIA, words))) if (one := risk(statement))]
    assert [one.kind for one in found] == [kind]


@pytest.mark.parametrize("words", ["We had a good summer.", "Is the end of November tight?", "The demo was short and clear."])
def test_small_talk_and_questions_are_no_risks(words: str) -> None:
    assert [one for statement in statements(call((MIA, words))) if (one := risk(statement))] == []


def test_a_goal_is_the_customers_wish_with_a_measure() -> None:
    talk = call((MIA, "I want the average wait under forty minutes by 31 March 2027."), (ANA, "I want to sell forty seats by Friday."))
    [found] = [one for statement in statements(talk) if (one := goal(statement))]
    assert (found.metric, found.target, found.owner) == ("average wait", "forty minutes", MIA)
    assert found.due is not None
    assert found.due.as_said == "31 March 2027"


def test_wishes_about_the_deal_itself_are_no_goals() -> None:
    assert [one for s in statements(call((MIA, "I want fifteen percent discount on the price."))) if (one := goal(s))] == []


def test_a_question_we_put_off_is_open_until_a_later_word_of_ours_takes_it_up() -> None:
    asked = call((MIA, "Can the slot history of seven years be imported?"), (ANA, "Let me come back to you on that."), on="2026-06-02")
    answered = call((ANA, "On importing your slot history: the seven years are loaded from a file."), on="2026-06-09", title="Next")
    put_off = questions(statements(asked))
    assert [question.text for question in left_open(put_off, [asked])] == ["Can the slot history of seven years be imported?"]
    assert left_open(put_off, [asked, answered]) == ()


def test_however_many_questions_wait_a_later_talk_is_cut_into_sentences_once(monkeypatch: pytest.MonkeyPatch) -> None:
    things = ("slot history of seven years", "booking rules of both gates", "price list for carriers")
    asked = [call((MIA, f"Can the {thing} be imported?"), (ANA, "I'll check."), title=thing) for thing in things]
    later = call((ANA, "Nothing about that today."), on="2026-06-09", title="Next")
    cut: list[str] = []

    def counted(talk: StoredInteraction) -> tuple[Statement, ...]:
        cut.append(talk.source.title)
        return statements(talk)

    monkeypatch.setattr("assistant.facts.questions.statements", counted)
    waiting = [question for talk in asked for question in questions(statements(talk))]
    assert len(left_open(waiting, [*asked, later])) == 3
    assert sorted(cut) == sorted([*things[1:], "Next"])


def test_a_question_answered_on_the_spot_keeps_its_answer() -> None:
    talk = call((ANA, "How many scanners do you run today?"), (MIA, "Eleven, all of them rented."), on="2026-06-02")
    [asked] = questions(statements(talk))
    assert (asked.asked_by, asked.answered and asked.answered.text) == (ANA, "Eleven, all of them rented.")


def met(contacts: Sequence[StoredPerson], talks: Sequence[StoredInteraction]) -> tuple[PersonSeen, ...]:
    said = [statements(talk) for talk in talks]
    return people(contacts, talks, [one for each in said for one in heard(each)], [one for each in said for one in mentions(each)])


def test_roles_come_from_titles_and_a_stance_only_from_words() -> None:
    talk = interaction("call", [(TOM, "I don't like it."), (TOM, "A roadmap isn't a plan."), (ANA, "I see.")])
    seen = {one.person.name: one for one in met([MIA], [talk])}
    assert (seen["Tom Hale"].roles, seen["Tom Hale"].stance) == (("technical evaluator",), "sceptic")
    assert (seen["Mia Berg"].roles, seen["Mia Berg"].stance, seen["Mia Berg"].last_contact) == (("exec sponsor",), "unknown", None)
    assert "Ana Silva" not in seen


def test_who_is_heard_most_is_no_champion_for_that() -> None:
    talks = [call((TOM, "Good morning."), (TOM, "See you."), title=str(number)) for number in range(9)]
    roles = {role for one in met([MIA, TOM], talks) for role in one.roles}
    assert roles == {"exec sponsor", "technical evaluator"}


@pytest.mark.parametrize(
    ("words", "roles"),
    [
        ("Champion: Tom Hale.", ("technical evaluator", "champion")),
        ("Tom is our champion, I think.", ("technical evaluator", "champion")),
        ("Met Tom Hale, the champion.", ("technical evaluator", "champion")),
        ("Tom is now main contact, Mia still sponsor.", ("technical evaluator", "day-to-day lead")),
        ("Tom is not the champion.", ("technical evaluator",)),
        ("Tom asked for a champion.", ("technical evaluator",)),
        ("Champion change: Tom Hale left 7/3.", ("former champion",)),
        ("Tom Hale has left.", ("former contact",)),
    ],
)
def test_a_note_gives_a_role_in_words(words: str, roles: tuple[str, ...]) -> None:
    noted = interaction("crm_note", [(ANA, words)])
    seen = {one.person.name: one for one in met([MIA, TOM], [noted])}
    assert seen["Tom Hale"].roles == roles
    assert [place.interaction for place in seen["Tom Hale"].places] == ([noted] if roles != ("technical evaluator",) else [])


def crm_roles(*lines: str) -> StoredInteraction:
    record = interaction("crm_field", [(None, "Deal: Depots"), (None, "\n".join(lines))])
    deal, roles = record.turns
    return replace(record, turns=(replace(deal, heading="Deal"), replace(roles, heading="Contact roles")))


@pytest.mark.parametrize(
    ("line", "roles"),
    [
        ("Decision Maker: Tom Hale", ("economic buyer", "technical evaluator")),
        ("Economic Buyer: Tom Hale", ("economic buyer", "technical evaluator")),
        ("Champion: Tom Hale", ("champion", "technical evaluator")),
        ("Budget holder, champion: tom  hale", ("economic buyer", "champion", "technical evaluator")),
        ("Executive Sponsor: Tom Hale", ("exec sponsor", "technical evaluator")),
        ("Fleet guru: Tom Hale", ("fleet guru", "technical evaluator")),
        ("Other: Tom Hale", ("technical evaluator",)),
        ("Champion: Tom", ("technical evaluator",)),
        ("Champion: Mia Berg", ("technical evaluator",)),
    ],
)
def test_a_role_that_the_crm_lists_is_theirs_and_its_line_is_cited(line: str, roles: tuple[str, ...]) -> None:
    record = crm_roles("Influencer: Somebody Else", line)
    seen = {one.person.name: one for one in met([MIA, TOM], [record])}["Tom Hale"]
    assert seen.roles == roles
    assert [place.text for place in seen.places] == ([line] if len(roles) > 1 else [])


def test_only_the_list_of_roles_gives_one_and_no_other_field_of_the_record() -> None:
    record = interaction("crm_field", [(None, "Champion: Tom Hale")])
    assert {one.person.name: one.roles for one in met([TOM], [record])} == {"Tom Hale": ("technical evaluator",)}


def test_a_first_name_that_two_people_have_gives_neither_a_role() -> None:
    other = replace(TOM, id="per_tom2", name="Tom Ek", title="")
    noted = interaction("crm_note", [(ANA, "Tom is our champion.")])
    assert [one.roles for one in met([TOM, other], [noted])] == [(), ("technical evaluator",)]


@pytest.mark.parametrize(
    ("asked", "said", "metric", "target", "quoted"),
    [
        ("Go on.", "Right now it takes nine days. We want that down to three.", "day", "three", True),
        ("Go on.", "Loans sit here for eleven days. If we got to four I'd be delighted.", "day", "four", True),
        ("Go on.", "And zero accidents this winter, that's the only number I care about.", "", "zero", False),
        ("How fast would you like that to be?", "Four hours at most.", "hours", "Four hours", False),
    ],
)
def test_a_goal_keeps_its_figure_and_what_the_sentence_before_it_counts(
    asked: str, said: str, metric: str, target: str, quoted: bool
) -> None:
    talk = call((ANA, asked), (MIA, said))
    found = [one for statement in statements(talk) if (one := goal(statement)) is not None]
    assert [(one.metric, one.target.startswith(target)) for one in found] == [(metric, True)]
    assert (found[0].at.text == said) is (quoted or "." not in said[:-1])


@pytest.mark.parametrize(
    "said", ["So let me say what I need and you tell me if it's nuts.", "We had four people in, and that was enough.", "Four, I think."]
)
def test_a_wish_without_a_measure_and_a_bare_figure_are_no_goals(said: str) -> None:
    assert [one for statement in statements(call((ANA, "Who was there?"), (MIA, said))) if (one := goal(statement))] == []


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("Our welders won't touch a tablet with gloves on.", "adoption"),
        ("We tried that in 2019 and nobody opened it after a month.", "adoption"),
        ("My deputy is retiring in May.", "political"),
        ("Head office wants a say in this now.", "political"),
        ("That gives us two weeks before the season.", "timeline"),
        ("If the subsidy is cut in October we're in trouble.", "budget"),
        ("The version we run is out of support from September.", "technical"),
        ("They have dropped their price again.", "competitive"),
        ("He has told the trustees that it saves a post, which I'm not sure it does.", "expectation"),
        ("I'm a bit worried about the label printers in the cold store.", "expectation"),
        ("I'm not worried about the printers in the cold store.", None),
        ("If you want I can send you the list of printers.", None),
        ("Our welders will be there at nine.", None),
        ("If that is too early we can talk on Monday.", None),
    ],
)
def test_a_warning_is_told_by_how_it_is_built(words: str, kind: str | None) -> None:
    found = [one.kind for statement in statements(call((ANA, "Well."), (MIA, words))) if (one := risk(statement))]
    assert found == ([kind] if kind else [])


def test_a_warning_said_again_is_one_with_two_places() -> None:
    first = call((ANA, "Well."), (MIA, "Our welders won't touch a tablet with gloves on."), on="2026-06-02")
    again = call((ANA, "And?"), (TOM, "The welders won't touch a tablet in gloves."), on="2026-06-09", title="Next")
    [one] = read([first, again]).risks
    assert (one.text, [place.interaction for place in one.again]) == ("Our welders won't touch a tablet with gloves on.", [again])
