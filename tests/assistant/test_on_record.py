"""Questions for people, days, risks, reasons and changes are answered from the ledger in exact words; any other is left to search."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from api.plainly import answer_markdown
from api.slack.blocks import answer_blocks
from assistant.answers import Answer, Draft, DraftBlock, Question
from assistant.asking import ask, gather
from assistant.ledger import read
from assistant.models.chat import Chat
from assistant.models.endpoint import Endpoint
from assistant.models.weights import ON_RECORD
from assistant.on_record.answering import from_record
from assistant.on_record.matter import narrowed_to
from assistant.on_record.people import _SIGNS
from assistant.on_record.risks import risks_asked
from assistant.promised import against_paper
from assistant.render import answer_text, declined_words
from assistant.settings import ModelSettings
from assistant.writing import WITHOUT
from ingest.archive.scope import EVERYTHING
from tests.assistant.facts.history import ANA, MIA, call
from tests.conftest import Desk
from tests.exports import DANA, MARTA, TOM, at, gong, neutral, note, salesforce, talk, under

FIRST = [
    (DANA, "Thanks for making the time, and how was the weather on the way in?"),
    (MARTA, "Wet. Up to two million a year I sign alone, above that the board has to approve it."),
    (MARTA, "The reason we started looking is that we lost two shift leads in a year and they wrote every slot by hand."),
    (TOM, "From 11 December to 8 January there is a change freeze, nothing goes into production."),
    (DANA, "We will send a trainer to Gothenburg for two days before go-live, at no charge."),
    (DANA, "We will have Gothenburg and Malmö live by 28 February 2027."),
    (TOM, "I am not convinced that the interface will hold in the peak."),
]
LATER = [
    (MARTA, "The other side was cheaper, but they could not show us a live feed, so we are with you."),
    (DANA, "We will have Gothenburg and Malmö live by 18 January 2027."),
    (DANA, "The kick-off in Gothenburg is on 2 November 2026."),
]
TALK = {
    **under("salesforce", salesforce()),
    **under("gong", gong("7100", "First meeting", FIRST, on=at(9, 2))),
    **under("gong later", gong("7200", "Commercials", LATER, on=at(9, 24))),
    "notes.jsonl": neutral(note("n-1", "Our champion is Marta. Tom is still in doubt.", "Halden Freight Group", timestamp="2026-09-25")),
}


@pytest.fixture
def desk_with_talk(desk: Desk) -> Desk:
    desk.write(TALK)
    desk.ingest()
    return desk


def asked(desk: Desk, question: str, **more: object) -> Answer:
    with desk.kit() as kit:
        account = kit.archive.account(EVERYTHING, "Halden").id
        answer = ask(kit, Question(question, account, **more))  # type: ignore[arg-type]  # of one call's keywords
        texts = {each.source.id: each.text for each in kit.archive.interactions(EVERYTHING)}
        assert all(texts[c.interaction_id][c.span.start : c.span.end] == c.exact for c in answer.citations)
        return answer


def said(answer: Answer) -> str:
    return " | ".join(claim.text for block in answer.blocks for claim in block.claims)


def test_who_decides_is_told_by_who_says_that_they_sign(desk_with_talk: Desk) -> None:
    answer = asked(desk_with_talk, "Who decides?")
    assert said(answer).startswith("Marta Lindqvist, 2 Sep 2026: Up to two million a year I sign alone")
    assert answer.citations[0].speaker is not None
    assert answer.citations[0].speaker.side == "buyer"
    assert "weather" not in said(answer)


def test_somebody_who_signs_decides_and_a_good_sign_decides_nothing() -> None:
    assert _SIGNS.search("Above that the board approves it.")
    assert _SIGNS.search("She'll sign it on Friday.")
    assert _SIGNS.search("Signed: Marta Lindqvist")
    for words in ("That's a good sign.", "Once it's signed we start.", "The order form was signed in May.", "It shows signs of wear."):
        assert not _SIGNS.search(words)


def test_what_is_taken_from_the_ledger_says_how_often_such_words_are_right(desk_with_talk: Desk) -> None:
    answer = asked(desk_with_talk, "What could go wrong?")
    assert {claim.support for block in answer.blocks for claim in block.claims} == {ON_RECORD["risk"]}


def test_a_role_is_told_in_the_words_that_give_it(desk_with_talk: Desk) -> None:
    assert "Our champion is Marta." in said(asked(desk_with_talk, "Who is the champion?"))


def test_a_title_that_nobody_bears_or_ever_spoke_of_is_declined(desk_with_talk: Desk) -> None:
    assert asked(desk_with_talk, "Who is their CTO?").reason == "not_in_history"


def test_risks_are_warnings_and_of_the_customer_their_own(desk_with_talk: Desk) -> None:
    answer = asked(desk_with_talk, "What could go wrong?")
    assert "change freeze" in said(answer)
    assert "not convinced" in said(answer)
    worried = asked(desk_with_talk, "What are they worried about?")
    assert "not convinced" in said(worried)
    assert {c.speaker.side for c in worried.citations if c.speaker} == {"buyer"}


def test_risks_of_one_matter_are_those_that_speak_of_it(desk_with_talk: Desk) -> None:
    told = said(asked(desk_with_talk, "What could go wrong with the interface?"))
    assert "interface" in told
    assert "freeze" not in told


def test_why_they_bought_and_why_us_are_two_questions(desk_with_talk: Desk) -> None:
    assert "we lost two shift leads" in said(asked(desk_with_talk, "Why did they buy?"))
    us = said(asked(desk_with_talk, "Why us?"))
    assert "could not show us a live feed" in us
    assert "shift leads" not in us


@pytest.mark.parametrize("question", ["What are their goals?", "What does success look like for them?", "How will they measure success?"])
def test_goals_are_told_in_their_words_with_the_figure_first(desk_with_talk: Desk, question: str) -> None:
    told = [(MARTA, "Detention costs must come down by 30 percent by June.")]
    desk_with_talk.write(under("gong last", gong("7300", "Aims", told, on=at(9, 26))))
    desk_with_talk.ingest()
    assert "come down by 30 percent" in said(asked(desk_with_talk, question))


def test_why_us_is_told_by_what_speaks_of_us(desk_with_talk: Desk) -> None:
    told = "What tipped it for us was that your engineer had stood in a freight yard before."
    desk_with_talk.write(under("gong last", gong("7300", "After", [(MARTA, told)], on=at(9, 26))))
    desk_with_talk.ingest()
    assert "freight yard" in said(asked(desk_with_talk, "Why did they choose us over the others?"))


def test_a_change_is_told_with_what_it_took_the_place_of(desk_with_talk: Desk) -> None:
    answer = asked(desk_with_talk, "What changed about the go-live?")
    assert "18 January" in said(answer)
    (change,) = answer.changes
    assert [(step.on, step.superseded) for step in change.items] == [("2026-09-02", True), ("2026-09-24", False)]
    assert "28 February" in change.items[0].text


def test_nothing_said_later_than_the_day_asked_about_is_on_record(desk_with_talk: Desk) -> None:
    early = asked(desk_with_talk, "What changed about the go-live?", as_of=at(9, 10))
    assert not early.changes
    assert "18 January" not in said(early)


@pytest.mark.parametrize(
    "question",
    [
        "Who decides which depot goes first?",
        "Why did they buy the old tool from Kajplan?",
        "Who is the trainer?",
        "What did Marta say about the price?",
    ],
)
def test_a_question_that_asks_more_is_left_to_search(desk_with_talk: Desk, question: str) -> None:
    with desk_with_talk.kit() as kit:
        evidence = gather(kit, Question(question, kit.archive.account(EVERYTHING, "Halden").id))
    assert evidence.recorded is None


def test_of_several_questions_in_a_breath_the_record_answers_only_where_search_has_nothing(desk_with_talk: Desk) -> None:
    with desk_with_talk.kit() as kit:
        evidence = gather(kit, Question("Who decides, who pays, and who reads?", kit.archive.account(EVERYTHING, "Halden").id))
    assert evidence.recorded is not None
    assert not evidence.recorded.alone
    assert from_record(Draft((DraftBlock("list", ()),)), evidence) is None
    declined = from_record(Draft((), "not_in_history"), evidence)
    assert declined is not None
    assert "I sign alone" in declined.blocks[0].claims[0].text


@pytest.mark.parametrize(
    ("rest", "matter"),
    [
        ("", ""),
        ("?", ""),
        (" on the price?", "price"),
        (" with their SAP rollout", "SAP rollout"),
        (" for them", ""),
        (" if we slip?", None),
    ],
)
def test_what_a_question_is_narrowed_to(rest: str, matter: str | None) -> None:
    assert narrowed_to(rest) == matter


def test_what_would_make_it_fail_is_a_question_for_risks(desk_with_talk: Desk) -> None:
    risks = said(asked(desk_with_talk, "What could go wrong?"))
    assert "not convinced that the interface" in risks
    assert said(asked(desk_with_talk, "What would make this project fail?")) == risks
    assert said(asked(desk_with_talk, "What should I worry about?")) == risks


@pytest.mark.parametrize("question", ["What happens if we stop the pilot?", "How do we stop this?", "What is the delay in days?"])
def test_what_only_sounds_like_a_question_for_risks_is_none(question: str) -> None:
    assert risks_asked(question, read([])) is None


@pytest.mark.parametrize(
    ("question", "status"),
    [
        ("What is different between what sales said and the contract?", {"contradicted", "excluded"}),
        ("Which promises contradict the order form?", {"contradicted", "excluded"}),
        ("What did we promise that is not in the contract?", {"excluded", "silent"}),
        ("What does the contract say about SSO?", set()),
        ("What did sales promise about SSO, and is it in the contract?", set()),
    ],
)
def test_a_question_for_what_the_contract_lacks_or_contradicts(question: str, status: set[str]) -> None:
    assert against_paper(question) == status


def test_what_was_refused_is_on_record(desk: Desk) -> None:
    turns = [
        (MARTA, "Can you throw in the twenty kiosks, and a month for free?"),
        (DANA, "No, I can't give you the kiosks. We will give you the month free of charge."),
    ]
    desk.write({**under("salesforce", salesforce()), **under("gong", gong("7100", "Kiosks", turns, on=at(9, 2)))})
    desk.ingest()
    for question in ("Is there anything we refused?", "What did we say no to?"):
        answer = said(asked(desk, question))
        assert "can't give you the kiosks" in answer
        assert " | " not in answer


def test_who_has_no_title_is_introduced_in_their_own_words(desk: Desk) -> None:
    who = [{"name": "Dana Okafor", "email": "dana@cartage.example"}, {"name": "Tom Reyes", "email": "tom@halden.example"}]
    who.append({"name": "Lorna Beale", "email": "lorna@halden.example"})
    turns = [
        ("Dana Okafor", "Thanks for making the time."),
        ("Tom Reyes", "I'm Tom, by the way, I run the network data team and I look after information security here."),
        ("Lorna Beale", "Lorna Beale, general counsel."),
    ]
    desk.write({"a.jsonl": neutral(talk("c1", *turns, account="Halden", participants=who, title="Kick-off"))})
    desk.ingest(our_domains=("cartage.example",))
    for question in ("Who is Tom?", "What is Tom's role?", "Who looks after security?", "Who is responsible for security?"):
        assert "I run the network data team" in said(asked(desk, question)).split(" | ")[0]
    assert said(asked(desk, "Who is Lorna?")) == "Lorna Beale, 1 Sep 2026: Lorna Beale, general counsel."


def test_a_worry_in_plain_words_is_among_the_risks_and_before_a_phrase_that_its_words_belie() -> None:
    plain = "Wayne will never touch a tablet, he still writes the rota on the back of his hand."
    belied = "In Germany we have a works council, Frau Brandt."
    ledger = read([call((MIA, belied), (ANA, "Right."), (MIA, plain))])
    assert [one.text for one in ledger.risks] == [belied]
    assert [place.text for place in risks_asked("What could go wrong?", ledger) or []] == [plain, belied]


LISTED = [
    {"name": "Dana Okafor", "email": "dana@cartage.example", "title": "Account Executive"},
    {"name": "Benjamin Reyes", "email": "ben@halden.example", "title": "Network Manager"},
    {"name": "Lorna Beale", "email": "lorna@halden.example"},
    {"name": "Lorna Quist", "email": "quist@halden.example", "title": "Controller"},
]


def small_talk(desk: Desk) -> None:
    turns = [("Dana Okafor", "Thanks for making the time."), ("Benjamin Reyes", "Hey."), ("Lorna Beale", "See ya.")]
    desk.write({"a.jsonl": neutral(talk("c1", *turns, account="Halden", participants=LISTED, title="Gate demo"))})
    desk.ingest(our_domains=("cartage.example",))


def test_of_somebody_whom_no_sentence_describes_lists_tell_who_it_is_and_small_talk_is_not_quoted(desk: Desk) -> None:
    small_talk(desk)
    for question in ("Who is Ben?", "Who is Benjamin Reyes?", "What does Ben do?", "Tell me about Ben"):
        answer = asked(desk, question)
        (known,) = answer.people
        assert (known.title, known.title_from, known.side, known.calls, known.spoke) == ("Network Manager", "list", "buyer", 1, 1)
        assert (answer.status, answer.partial, answer.blocks, answer.citations) == ("answered", False, (), ())
    told = " ".join(answer_text(answer).split())
    assert "not a quote: - Benjamin Reyes <ben@halden.example> (their side): Network Manager, as a list of participants has it." in told
    assert "In 1 call (speaks in 1), 1 Sep 2026." in told


def test_what_is_known_of_nobody_is_said_to_be_unsaid(desk: Desk) -> None:
    small_talk(desk)
    assert asked(desk, "Who is Ben and what does he care about?").unsaid == ("What does Benjamin Reyes care about",)
    assert asked(desk, "Who is Lorna Beale?").unsaid == ("What does Lorna Beale do",)


def test_of_two_of_one_name_it_is_asked_which_and_of_nobody_said_that_it_is_nobody(desk: Desk) -> None:
    small_talk(desk)
    both = asked(desk, "Who is Lorna?")
    assert (both.status, both.reason, both.citations) == ("declined", "which_person", ())
    assert both.follow_ups == ("Who is Lorna Beale?", "Who is Lorna Quist?")
    nobody = asked(desk, "Who is Sigrid?")
    assert (nobody.status, nobody.citations) == ("declined", ())
    assert answer_text(nobody).startswith("Nobody called Sigrid took part or is mentioned.")


def test_who_is_on_a_side_and_who_was_at_a_talk_are_told_from_the_lists(desk: Desk) -> None:
    small_talk(desk)
    assert {one.name for one in asked(desk, "Who are the people on their side?").people} == {"Benjamin Reyes", "Lorna Beale", "Lorna Quist"}
    there = {one.name: one.spoke for one in asked(desk, "Who was at the demo?").people}
    assert there == {"Benjamin Reyes": 1, "Dana Okafor": 1, "Lorna Beale": 1, "Lorna Quist": 0}


def test_of_two_talks_that_fit_it_is_asked_which(desk: Desk) -> None:
    again = talk("c2", ("Lorna Quist", "Good morning."), account="Halden", participants=LISTED, title="Price demo")
    desk.write({"b.jsonl": neutral(again)})
    small_talk(desk)
    several = asked(desk, "Who was at the demo?")
    assert (several.reason, several.people) == ("which_talk", ())
    assert sorted(several.follow_ups) == ["Who was at the Gate demo call?", "Who was at the Price demo call?"]
    assert declined_words(several).startswith("More than one talk fits; say which: ")


def test_a_part_that_we_play_in_a_demo_is_no_introduction(desk: Desk) -> None:
    turns = [("Dana Okafor", "Hello all."), ("Lorna Beale", "Hello."), ("Dana Okafor", "Here is the list."), ("Lorna Beale", "Yes.")]
    played = [("Dana Okafor", "On the left I'm the manager of the depot in Lund.")]
    desk.write({"a.jsonl": neutral(talk("c1", *turns, *played, account="Halden", participants=LISTED, title="Gate demo"))})
    desk.ingest(our_domains=("cartage.example",))
    assert asked(desk, "Who is Dana?").citations == ()


def test_what_we_said_of_somebody_among_ourselves_is_not_shown_as_who_they_are(desk: Desk) -> None:
    small_talk(desk)
    for there, quotes in ((LISTED[:1], 0), (LISTED, 1)):
        words = ("Dana Okafor", "Benjamin Reyes is the network manager who runs all of the sites in the north.")
        desk.write({"b.jsonl": neutral(talk("c2", words, account="Halden", participants=there, title="Handover"))})
        desk.ingest(our_domains=("cartage.example",))
        assert len(asked(desk, "Who is Benjamin Reyes?").citations) == quotes


def test_a_language_model_is_not_asked_who_somebody_is(desk: Desk) -> None:
    small_talk(desk)
    settings = ModelSettings(base_url="http://127.0.0.1:9/v1", name="small-1", key="k")
    with desk.kit() as kit:
        account = kit.archive.account(EVERYTHING, "Halden").id
        with_model = replace(kit, model=Chat(settings, Endpoint(settings)))
        for question, reason in (("Who is Ben?", None), ("Who is Lorna?", "which_person"), ("Who is Sigrid?", "not_in_history")):
            answer = ask(with_model, Question(question, account))
            assert (answer.reason, answer.citations, answer.usage) == (reason, (), None)
            assert not any(WITHOUT in why for why in answer.degraded)


def test_what_lists_know_is_told_in_markdown_and_in_slack_too(desk: Desk) -> None:
    small_talk(desk)
    with desk.kit() as kit:
        account = kit.archive.account(EVERYTHING, "Halden")
        known, both = (ask(kit, Question(text, account.id)) for text in ("Who is Ben?", "Who is Lorna?"))
    told = "Benjamin Reyes <ben@halden.example> (their side): Network Manager, as a list of participants has it."
    assert told in answer_markdown(known, "http://127.0.0.1/a/halden").replace("\\", "")
    assert told in json.dumps(answer_blocks(known, account, "http://127.0.0.1", words=True))
    assert "Benjamin" not in json.dumps(answer_blocks(known, account, "http://127.0.0.1", words=False))
    for words in (answer_markdown(both, ""), json.dumps(answer_blocks(both, account, "http://127.0.0.1", words=True))):
        assert "More than one person is called that; say which: Who is Lorna Beale?" in words.replace("\\", "")
