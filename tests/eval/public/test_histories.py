"""Each set becomes a slice, with every odd label decided: kept and asked, or left out of the figures."""

from __future__ import annotations

from pathlib import Path

import pytest

from eval.public.export import turns_of_passages, write_slice
from eval.public.folder import public_data
from eval.public.histories import ERB_COMPANY, LOADERS, erb, load_slices, locomo, mtragun, qmsum
from eval.slices import Said, Slice
from ingest.archive.scope import EVERYTHING
from tests.conftest import Desk
from tests.eval.public.making import paper, put, question, talk

LATER = talk("c1", "pair", ("Dana", " I ride to work. "), ("Erik", ""), ("Erik", "I walk."), on="2026-05-01")
EARLIER = talk("c0", "pair", ("Erik", "Hello."), on="2026-04-01T09:30:00")
UNDATED = paper("d1", "pair", "Bring a coat.")


def counted(part: Slice) -> dict[str, bool]:
    return {each.id: each.counted for each in part.questions}


def test_documents_stand_oldest_first_and_a_text_without_turns_is_one(tmp_path: Path) -> None:
    part = locomo(put(tmp_path / "locomo", [UNDATED, LATER, EARLIER], []))
    assert [[(turn.id, turn.speaker, turn.text) for turn in document.turns] for document in part.accounts["pair"]] == [
        [("c0#0", "Erik", "Hello.")],
        [("c1#0", "Dana", "I ride to work."), ("c1#2", "Erik", "I walk.")],
        [("d1", "", "Bring a coat.")],
    ]


def test_a_disputed_label_and_an_answer_without_evidence_are_asked_and_not_counted(tmp_path: Path) -> None:
    asked = [
        question("good", "pair", "Who rides?", turns=["c1#0"]),
        question("disputed", "pair", "Who walks?", turns=["c1#2"], gold_disputed="AMBIGUOUS"),
        question("bare", "pair", "Is Dana fit?"),
        question("trap", "pair", "Does Erik ride?", answerable=False, trap_turns=["c1#0"]),
    ]
    part = locomo(put(tmp_path / "locomo", [LATER], asked))
    assert counted(part) == {"good": True, "disputed": False, "bare": False, "trap": True}
    assert part.questions[0].gold == {"c1#0": frozenset({"c1#0"})}
    assert (part.questions[3].gold, part.questions[3].traps) == ({}, frozenset({"c1#0"}))


def test_a_question_about_a_whole_meeting_is_not_counted_and_a_turn_without_words_is_no_evidence(tmp_path: Path) -> None:
    asked = [
        question("span", "pair", "How do they travel?", turns=["c1#0", "c1#1", "c1#2"]),
        question("all", "pair", "Summarise.", docs=["c1"]),
    ]
    part = qmsum(put(tmp_path / "qmsum", [LATER], asked))
    assert set(part.questions[0].gold) == {"c1#0", "c1#2"}
    assert counted(part) == {"span": True, "all": False}


def test_a_company_is_one_account_and_evidence_left_out_makes_no_unanswerable_question(tmp_path: Path) -> None:
    asked = [
        question("one", "pair", "What to bring?", docs=["d1", "d1"]),
        question("all", "*", "What to bring?", docs=["d1", "e1"]),
        question("never", "*", "Who pays?", category="info_not_found", answerable=False),
        question("cut", "*", "Who drives?", category="missing_gold", answerable=False, needs_hand_check=True),
    ]
    part = erb(put(tmp_path / "erb", [UNDATED, paper("e1", "?", "And boots.")], asked))
    assert {each.account for each in part.questions} == set(part.accounts) == {ERB_COMPANY}
    assert [each.wanted for each in part.questions] == [1, 2, 0, 0]
    assert counted(part) == {"one": True, "all": True, "never": True, "cut": False}


def test_the_conversation_so_far_is_kept_and_what_should_be_asked_back_is_not_counted(tmp_path: Path) -> None:
    history = [{"speaker": "user", "text": "Is it cold?"}, {"speaker": "agent", "text": "Yes."}]
    asked = [
        question("next", "pair", "What then?", docs=["d1"], history=history),
        question("vague", "pair", "Which one?", category="underspecified", answerable=False),
    ]
    part = mtragun(put(tmp_path / "mtragun", [UNDATED], asked))
    assert part.questions[0].earlier == (Said("Is it cold?", "Yes."),)
    assert counted(part) == {"next": True, "vague": False}
    assert part.questions[1].kind == "underspecified"


def test_sets_that_are_not_here_are_skipped_with_a_word(tmp_path: Path) -> None:
    put(tmp_path / "qmsum", [LATER], [])
    slices, skipped = load_slices(tmp_path)
    assert [part.name for part in slices] == ["qmsum"]
    assert [word.split(":")[0] for word in skipped] == ["locomo", "erb", "mtragun"]
    assert all(word.endswith("skipped") for word in skipped)


def test_what_baton_reads_of_a_slice_maps_back_turn_for_turn_and_word_for_word(tmp_path: Path, desk: Desk) -> None:
    mail = paper("m1", "other", "See below.\n\nOn Monday Erik wrote:\n> Bring a coat.\n\n" + "It is cold up there. " * 60, "email")
    part = locomo(put(tmp_path / "locomo", [LATER, EARLIER, UNDATED, mail], []))
    (tmp_path / "exports").mkdir()
    write_slice(part, tmp_path / "exports" / "slice.jsonl")
    tally = desk.ingest(tmp_path / "exports")
    assert (tally.failed, tally.held) == ([], [])
    with desk.open() as home:
        for account, documents in part.accounts.items():
            scope = EVERYTHING.only(home.archive.account(EVERYTHING, account).id)
            turn_of = turns_of_passages(home.archive, scope)
            texts = {turn.id: turn.text for document in documents for turn in document.turns}
            assert set(turn_of.values()) == set(texts)
            assert all(passage.text in texts[turn_of[passage.id]] for passage in home.archive.passages(scope))


TRUE_COUNTS = {
    "locomo": (3, 79, 1757, 550, 521, 398),
    "qmsum": (45, 45, 28306, 310, 265, 265),
    "erb": (1, 507, 2424, 48, 33, 25),
    "mtragun": (4, 1152, 1152, 171, 147, 115),
}
"""Accounts, documents, turns, questions, counted ones, and the answerable among those."""


@pytest.mark.parametrize("name", TRUE_COUNTS)
def test_the_true_sets_have_as_many_as_their_makers_say(name: str) -> None:
    folder = public_data(None, {}) / name
    if not folder.is_dir():
        pytest.skip(f"{name}: not beside this project")
    part = LOADERS[name](folder)
    documents = [document for found in part.accounts.values() for document in found]
    turns = {turn.id for document in documents for turn in document.turns}
    questions = [each for each in part.questions if each.counted]
    answerable = sum(each.answerable for each in questions)
    assert TRUE_COUNTS[name] == (len(part.accounts), len(documents), len(turns), len(part.questions), len(questions), answerable)
    assert all((each.wanted > 0) == each.answerable for each in questions)
    places = turns if part.level == "turn" else {document.id for document in documents}
    assert all(places >= each.gold.keys() for each in part.questions)
