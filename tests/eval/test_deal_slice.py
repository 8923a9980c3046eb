"""A labelled deal becomes a slice of the archive's own words, each label found at its turn, or reported as lost."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from eval.cases import Case, Evidence
from eval.deal_slice import deal_slice, lost_evidence, turn_of
from eval.matching import overlap
from eval.slices import Slice
from ingest.archive.archive import Archive
from ingest.archive.scope import EVERYTHING
from tests.conftest import Desk
from tests.ingest.making import HashedWords

SAMPLES = Path(__file__).resolve().parents[2] / "data" / "samples"


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory, embedder: HashedWords) -> Iterator[Archive]:
    """The sample deals, read with an embedder that needs no weights: only the words matter here."""
    desk = Desk(tmp_path_factory.mktemp("deals"), embedder)
    desk.ingest(SAMPLES)
    with desk.open() as home:
        yield home.archive


@pytest.fixture(scope="module")
def slices(cases: tuple[Case, ...], archive: Archive) -> dict[str, Slice]:
    return {case.name: deal_slice(case, archive) for case in cases}


def test_every_label_of_the_sample_deals_stands_in_a_turn(cases: tuple[Case, ...], slices: dict[str, Slice]) -> None:
    for case in cases:
        assert lost_evidence(case, slices[case.name]) == []
        assert [(q.id, q.wanted > 0) for q in slices[case.name].questions] == [(q.id, q.answerable) for q in case.questions]


def test_a_turn_that_is_evidence_says_a_label_of_that_question(cases: tuple[Case, ...], slices: dict[str, Slice]) -> None:
    for case in cases:
        labels = {question.id: question.evidence for question in case.questions}
        part = slices[case.name]
        texts = {turn.id: turn.text for documents in part.accounts.values() for document in documents for turn in document.turns}
        for asked in part.questions:
            assert all(any(overlap(texts[turn], label.quote) >= 0.5 for label in labels[asked.id]) for turn in asked.gold)


def test_an_account_holds_every_passage_once_and_a_call_its_whole_turns(slices: dict[str, Slice], archive: Archive) -> None:
    documents = slices["halden"].accounts["Halden Freight Group"]
    scope = EVERYTHING.only(archive.account(EVERYTHING, "Halden Freight Group").id)
    kinds = {source.id: source.kind for source in archive.sources(scope)}
    texts = {turn.id: turn.text for document in documents for turn in document.turns}
    passages = archive.passages(scope)
    assert {turn_of(passage, kinds[passage.interaction_id]) for passage in passages} == set(texts)
    for passage in passages:
        kind = kinds[passage.interaction_id]
        text = texts[turn_of(passage, kind)]
        assert passage.text in text if kind == "call" else passage.text == text
    assert [document.at for document in documents] == sorted(document.at for document in documents if document.at)


def test_days_and_earlier_questions_are_kept(cases: tuple[Case, ...], slices: dict[str, Slice]) -> None:
    for case in cases:
        for label, asked in zip(case.questions, slices[case.name].questions, strict=True):
            assert [said.question for said in asked.earlier] == [earlier.text for earlier in case.thread(label)]
            assert (asked.as_of is not None) == (label.as_of is not None)
            assert label.as_of is None or asked.as_of is None or asked.as_of > datetime(*label.as_of.timetuple()[:3], 23, 59, tzinfo=UTC)


def test_labels_as_good_as_each_other_are_one_piece_and_labels_all_wanted_are_a_piece_each(brightwell: Case, archive: Archive) -> None:
    two = next(question for question in brightwell.questions if len(question.evidence) > 1)
    for every, wanted in ((False, 1), (True, len(two.evidence))):
        case = replace(brightwell, questions=(two.model_copy(update={"evidence_all": every}),))
        assert deal_slice(case, archive).questions[0].wanted == wanted


def test_a_label_that_stands_in_no_turn_is_reported_and_not_counted(brightwell: Case, archive: Archive) -> None:
    answerable = next(question for question in brightwell.questions if question.evidence)
    nowhere = Evidence(source=answerable.evidence[0].source, quote="The moon shall pay for all of it in green cheese.")
    case = replace(brightwell, questions=(answerable.model_copy(update={"evidence": (nowhere,), "follows": None}),))
    part = deal_slice(case, archive)
    assert lost_evidence(case, part) == [f"{answerable.id}: {nowhere.quote}"]
    assert (part.questions[0].gold, part.questions[0].counted) == ({}, False)
