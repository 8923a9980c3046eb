"""One account's own words answer, the same way each time, as far as they were known and asked for; else the answer is no."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.answers import Answer, Question
from assistant.asking import ask, end_of_day
from assistant.conversation import converse
from assistant.models.refusal import Part, asks_something, evenness
from assistant.models.sentence_fit import SentenceFit
from assistant.render import answer_json, answer_text
from assistant.wiring import Kit, open_kit
from ingest.archive.errors import NotThere
from ingest.archive.scope import EVERYTHING, Scope
from ingest.index.embedder import Embedder, WeightsMissing
from ingest.wiring import open_home
from tests.conftest import HALDEN, Desk
from tests.exports import neutral, note, salesforce, talk, under

SAID = "go-live price depots May budget SAP support contract Swedish pilot discount who decides test system signed".split()


def question(kit: Kit, text: str, account: str = "Halden", **more: Any) -> Question:
    return Question(text, kit.archive.account(EVERYTHING, account).id, **more)


def texts(answer: Answer) -> list[str]:
    return [claim.text for block in answer.blocks for claim in block.claims]


def plain(answer: Answer) -> dict[str, Any]:
    return {**answer_json(answer), "timing": None}


def test_the_sentence_that_answers_comes_first_with_who_said_it_and_when(halden: Kit) -> None:
    answer = ask(halden, question(halden, "Which go-live date can Dana commit to?"))
    assert answer.status == "answered"
    assert texts(answer)[0] == (
        "Dana Okafor, 1 Sep 2026: Okay. If those two depots are the only scope, I can commit to a go-live date of 18 January 2027."
    )
    assert answer.receipt.searched == {"call": 1, "crm_field": 1, "crm_note": 1, "email": 1}


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory, embedder: Any) -> Desk:
    """Two accounts that talk of the same things in the same words, and share a person of ours."""
    desk = Desk(tmp_path_factory.mktemp("two"), embedder)
    rows = []
    for n, account in enumerate(("Halden", "Bright")):
        who = [{"name": "Dana Okafor", "email": "dana@cartage.example"}, {"name": "Max", "email": f"max@{account.lower()}.example"}]
        words = [[*SAID[i : i + 4], account] for i in range(0, len(SAID), 2)]
        turns = [(("Dana Okafor", "Max")[i % 2], f"The {' '.join(each)} is {n * 100 + i}.") for i, each in enumerate(words)]
        rows += [talk(f"c{n}", *turns, account=account, participants=who), note(f"n{n}", f"Budget of {account} is {n}.", account)]
    desk.write({"a.jsonl": neutral(*rows)})
    desk.ingest(our_domains=("cartage.example",))
    return desk


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25)
@given(st.lists(st.sampled_from([*SAID, "Halden", "Bright", "Dana", "Max"]), min_size=1, max_size=6).map(" ".join), st.booleans())
def test_an_answer_in_one_account_never_holds_a_passage_of_another(two: Desk, text: str, swapped: bool) -> None:
    mine, other = ("Bright", "Halden") if swapped else ("Halden", "Bright")
    with two.kit() as kit:
        answer = ask(kit, question(kit, text, mine))
        ours = {s.id for s in kit.archive.sources(EVERYTHING.only(kit.archive.account(EVERYTHING, mine).id))}
    assert {citation.interaction_id for citation in answer.citations} <= ours
    assert other not in " ".join([*texts(answer), *(c.exact + c.prefix + c.suffix for c in answer.citations)])


def test_a_reader_of_one_account_gets_nothing_of_another(two: Desk) -> None:
    with two.kit() as kit:
        bright = kit.archive.account(EVERYTHING, "Bright").id
        answer = ask(kit, question(kit, "What is the budget?", "Halden"), scope=Scope(frozenset({bright})))
    assert (answer.status, answer.citations, answer.receipt.searched) == ("declined", (), {})


def test_the_same_question_on_the_same_data_gives_the_same_bytes(halden: Kit, halden_home: Desk) -> None:
    first = ask(halden, question(halden, "What about support in Swedish?"))
    with halden_home.kit() as again:
        assert plain(ask(again, question(again, "What about support in Swedish?"))) == plain(first)


def test_two_processes_give_the_same_bytes(halden_home: Desk) -> None:
    command = [
        sys.executable,
        "-m",
        "api.cli",
        "ask",
        "Halden",
        "What about phone support in Swedish?",
        "--json",
        "--home",
        str(halden_home.home),
    ]
    runs = [
        subprocess.run(command, capture_output=True, text=True, check=True, env={"PYTHONHASHSEED": seed, "PATH": ""}).stdout
        for seed in "12"
    ]
    first, second = ({**json.loads(out), "timing": None} for out in runs)
    assert first == second
    assert first["status"] == "answered"


def test_what_was_said_later_is_not_known_yet(halden: Kit) -> None:
    later = question(halden, "Is phone support in Swedish free of charge?")
    assert "free of charge for 90 days" in texts(ask(halden, later))[0]
    before = ask(halden, replace(later, as_of=end_of_day(later_than(1), "UTC")))
    assert "Swedish" not in json.dumps(plain(before)["blocks"])
    assert before.receipt.searched == {"call": 1}


def test_only_the_kinds_asked_for_are_searched_and_the_receipt_says_so(halden: Kit) -> None:
    answer = ask(halden, question(halden, "Who signs above 100k?", kinds=frozenset({"crm_note"})))
    assert {c.kind for c in answer.citations} == {"crm_note"}
    assert answer.receipt.searched == {"crm_note": 1}
    declined = ask(halden, question(halden, "Who signs above 100k?", kinds=frozenset({"chat"})))
    assert (declined.status, declined.citations, declined.receipt.searched) == ("declined", (), {})


def test_of_another_deal_nothing_is_said(desk: Desk) -> None:
    deals = [("Pilot", "2026-01-05", "2026-03-01"), ("Roll-out", "2026-05-05", "2026-10-14")]
    words = [
        talk("c1", ("Marta Lindqvist", "The gate price is 6000."), timestamp="2026-02-01T12:00:00Z", account="Halden Freight Group"),
        talk("c2", ("Marta Lindqvist", "The gate price is 9000."), timestamp="2026-06-01T12:00:00Z", account="Halden Freight Group"),
    ]
    desk.write({**under("crm", salesforce(deals=deals)), "a.jsonl": neutral(*words)})
    desk.ingest()
    with desk.kit() as kit:
        pilot, rollout = kit.archive.deals(EVERYTHING)
        for deal, price, other in ((pilot, "6000", "9000"), (rollout, "9000", "6000")):
            said = " ".join(texts(ask(kit, question(kit, "What is the gate price?", deal_id=deal.id))))
            assert price in said
            assert other not in said


def test_a_follow_up_takes_up_what_the_thread_was_about(desk: Desk) -> None:
    desk.write(HALDEN)
    desk.ingest()
    with desk.kit(write=True) as kit:
        account = kit.archive.account(EVERYTHING, "Halden").id
        first = converse(kit, account, "Is phone support in Swedish free of charge?")
        alone = converse(kit, account, "And for how many days is it?")
        follow = converse(kit, account, "And for how many days is it?", thread_id=first.thread_id)
        assert follow.thread_id == first.thread_id
        assert follow.standalone == "For how many days is it (phone support in Swedish free of charge)?"
        assert "90 days" in texts(follow)[0]
        assert alone.standalone == "And for how many days is it?"
        assert [body["id"] for body in kit.archive.thread(EVERYTHING.only(account), first.thread_id)] == [first.id, follow.id]


def test_asking_again_keeps_one_answer(desk: Desk) -> None:
    desk.write(HALDEN)
    desk.ingest()
    with desk.kit(write=True) as kit:
        account = kit.archive.account(EVERYTHING, "Halden").id
        first, second = (converse(kit, account, "Is phone support free of charge?") for _ in range(2))
        assert plain(first) == plain(second)
        assert len(kit.archive.thread(EVERYTHING.only(account), first.thread_id)) == 1
        with pytest.raises(NotThere):
            kit.archive.answer(Scope(frozenset()), first.id)


def no_weights() -> Embedder:
    raise WeightsMissing("are not installed")


def test_without_weights_words_answer_and_the_answer_says_it_is_degraded(halden_home: Desk) -> None:
    with open_kit(open_home(halden_home.home, load_embedder=no_weights)) as kit:
        answer = ask(kit, question(kit, "When is the SAP test system there?"))
        assert "SAP test system is there by the end of November" in texts(answer)[0]
        [degraded] = answer.degraded
        assert degraded.startswith("answers come from words alone: ")
        assert ask(kit, question(kit, "Which zeppelin does the mascot prefer?")).status == "declined"


@pytest.mark.parametrize(
    "text", ["Which zeppelin does the mascot prefer?", "What is the capital of Mongolia?", "", "?!", "the of and", "-1", "2027?"]
)
def test_what_the_history_does_not_say_is_declined_with_a_receipt(halden: Kit, text: str) -> None:
    answer = ask(halden, question(halden, text))
    assert (answer.status, answer.reason, answer.blocks) == ("declined", "not_in_history", ())
    assert answer.receipt.searched == {"call": 1, "crm_field": 1, "crm_note": 1, "email": 1}
    assert answer_text(answer).startswith("Not in the deal history. Searched 1 call, 1 CRM record, 1 CRM note and 1 e-mail, 1 Sep 2026 to ")
    assert len(answer.receipt.nearest) == 3


@pytest.mark.parametrize(
    ("text", "asks"),
    [("-1", False), ("€ 50,000?", False), ("the of and", False), ("How much, please?", False), ("SSO?", True), ("18 January 2027", True)],
)
def test_only_a_word_with_a_meaning_asks_something(text: str, asks: bool) -> None:
    assert asks_something(text) is asks


def test_an_account_of_which_nothing_is_known_is_declined(desk: Desk) -> None:
    with desk.open(write=True) as home:
        account = home.archive.put_account("Empty")
    with desk.kit() as kit:
        answer = ask(kit, Question("What did we promise?", account))
    assert (answer.status, answer.citations) == ("declined", ())
    assert answer_text(answer) == "Not in the deal history. There was nothing to search."


def later_than(day: int) -> Any:
    from datetime import date

    return date(2026, 9, day)


@pytest.mark.parametrize(
    ("unheard", "fit", "declined"), [(1.0, 0.3, True), (0.7, 0.3, True), (1.0, 0.4, False), (0.5, 0.3, False), (0.0, 0.3, False)]
)
def test_a_question_in_words_nobody_used_needs_more_than_a_faint_match(
    unheard: float, fit: float, declined: bool, one: SentenceFit
) -> None:
    even = replace(one, fit=fit, pieces=one.pieces * 0 + fit)
    assert (evenness([Part("anything")], [even], by_vectors=True, unheard=unheard) == 0) == declined


@pytest.fixture
def one(halden: Kit) -> SentenceFit:
    """A sentence with how its pieces fit."""
    from assistant.finding import find
    from assistant.models.sentence_fit import fits
    from assistant.understand import understand

    asked = question(halden, "Which go-live date can Dana commit to?")
    found = find(halden.room(EVERYTHING.only(asked.account_id)), asked, understand(asked, ()), halden.embedder, None)
    return fits(found, 1)[0]
