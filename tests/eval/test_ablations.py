"""A stage that is taken away is away, and what that costs is told question by question."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from assistant.answers import Draft, DraftBlock, DraftClaim, Question, Quote
from assistant.asking import ask
from assistant.evidence import Evidence
from assistant.finding import find
from assistant.grounding import ground
from assistant.ranking import Weights, score
from assistant.shelf import shelve
from assistant.understand import understand
from assistant.wiring import Kit
from assistant.words import terms
from eval.ablations import Asked, Variant, as_json, as_text, compare, ungrounded, variants
from eval.items import Item
from ingest.archive.scope import EVERYTHING
from ingest.index.rows import gathered
from ingest.passages import searched_text

BY_NAME = {variant.name: variant for variant in variants()}
QUESTION = "Who can commit to a go-live date in January?"


def evidence_of(kit: Kit) -> tuple[Question, Evidence]:
    [account] = kit.archive.accounts(EVERYTHING)
    question = Question(QUESTION, account.id)
    room = kit.room(EVERYTHING.only(account.id))
    return question, find(room, question, understand(question, kit.people(EVERYTHING)), kit.asks, None, recipe=kit.recipe)


@pytest.mark.parametrize("variant", variants(), ids=lambda variant: variant.name)
def test_a_variant_changes_one_part_of_the_kit_and_still_answers(halden: Kit, variant: Variant) -> None:
    without = variant.change(halden)
    parts = [without.recipe != halden.recipe, without.model != halden.model, without.ground is not halden.ground, type(without) is not Kit]
    assert sum(parts) == 1
    question, _ = evidence_of(halden)
    assert ask(without, question).receipt.searched


def test_without_words_no_term_counts_and_without_meaning_no_vector(halden: Kit) -> None:
    [account] = halden.archive.accounts(EVERYTHING)
    recipe = BY_NAME["vectors only"].change(halden).recipe
    assert [(weights.words, weights.words_wide) for weights in (recipe.point, recipe.broad, recipe.said)] == [(0, 0)] * 3
    question = Question(QUESTION, account.id)
    room = halden.room(EVERYTHING.only(account.id))
    kit = BY_NAME["words only"].change(halden)
    assert find(room, question, understand(question, ()), kit.asks, None, recipe=kit.recipe).query is None


def test_without_neighbours_a_passage_stands_alone_and_the_whole_kit_keeps_its_own(halden: Kit) -> None:
    [account] = halden.archive.accounts(EVERYTHING)
    scope = EVERYTHING.only(account.id)
    apart = BY_NAME["no neighbours"].change(halden).room(scope).shelf
    assert np.array_equal(apart.ends - apart.starts, np.ones(len(apart)))
    whole = halden.room(scope).shelf
    assert (whole.ends - whole.starts).max() > 1


def test_without_neighbours_scores_are_those_of_interactions_of_one_passage_whatever_was_scored_before(halden: Kit) -> None:
    [account] = halden.archive.accounts(EVERYTHING)
    scope, near = EVERYTHING.only(account.id), Weights(words_wide=1.0, words_stretch=1.0, dense=1.0, dense_stretch=1.0)
    assert halden.embedder
    query, asked_for = halden.embedder.query(QUESTION), terms(QUESTION)
    room = halden.room(scope)
    whole = score(room.shelf, asked_for, query, near)
    passages = [replace(passage, interaction_id=passage.id) for passage in room.shelf.passages]
    turns = [room.interactions[passage.interaction_id].turns[passage.turn] for passage in room.shelf.passages]
    texts = [searched_text(turn.speaker_name, turn.heading, passage.text) for turn, passage in zip(turns, passages, strict=True)]
    embeddings = halden.archive.embeddings(scope, halden.embedder.name)
    alone = shelve(passages, texts, gathered([embeddings[passage.content] for passage in passages]))
    apart = BY_NAME["no neighbours"].change(halden).room(scope).shelf
    assert score(apart, asked_for, query, near) == pytest.approx(score(alone, asked_for, query, near))
    assert score(room.shelf, asked_for, query, near) == pytest.approx(whole)
    assert whole != pytest.approx(score(alone, asked_for, query, near))


def test_without_grounding_a_claim_needs_no_quote_that_holds_it(halden: Kit) -> None:
    question, evidence = evidence_of(halden)
    passage = evidence.ranked[0].passage
    claims = (
        DraftClaim("They commit to 99 depots.", (Quote(passage.id, passage.text[:20]),)),
        DraftClaim("They commit.", (Quote(passage.id, "words that nobody ever said"), Quote("psg_elsewhere", "nor these"))),
    )
    draft = Draft((DraftBlock("list", claims),))
    assert ground(question, draft, evidence, model="m", thread_id="t").status == "declined"
    answer = ungrounded(question, draft, evidence, model="m", thread_id="t")
    assert [claim.text for block in answer.blocks for claim in block.claims] == [claim.text for claim in claims]
    assert [citation.exact for citation in answer.citations] == [passage.text[:20], passage.text]
    assert ungrounded(question, Draft((), "not_in_history"), evidence, model="m", thread_id="t").status == "declined"


def asked(*right: bool) -> Asked:
    items = tuple(Item(f"d Q{n}", "d", "promise", "", (), {"correct": float(value)}) for n, value in enumerate(right))
    return Asked(items, {item.id: ("answered", str(value), ()) for item, value in zip(items, right, strict=True)})


def test_what_a_stage_costs_is_told_in_questions_gained_and_lost() -> None:
    whole, variant = asked(True, True, True, False), BY_NAME["no rerank"]
    row = compare(whole, variant, asked(True, False, False, True))
    assert (row.gained, row.lost, row.changed) == (1, 2, 3)
    assert row.values["correct"] == 0.5
    difference = row.differences["correct"]
    assert difference
    assert difference.value == -0.25
    assert difference.low < -0.25 < difference.high
    assert row.differences["fact_recall"] is None


def test_a_stage_without_which_no_answer_changes_is_named_as_not_tested() -> None:
    whole = asked(True, False)
    same = compare(whole, BY_NAME["no grounding"], whole)
    other = compare(whole, BY_NAME["no rerank"], asked(False, False))
    text = as_text(whole, [same, other])
    assert "! no grounding: no answer changed" in text
    assert "! no rerank" not in text
    everything, unchanged, lower = (line.split()[-4:] for line in text.split("\n")[4:8] if line.startswith(("everything", "no ")))
    assert everything[-1] == "-"
    assert unchanged[-3:] == ["0", "0", "0"]
    assert lower[-3:] == ["0", "1", "1"]
    body = as_json(whole, [same, other])
    assert [row["changed"] for row in body["variants"]] == [0, 1]
    assert body["everything"]["correct"] == 0.5


def test_an_answer_counts_as_changed_when_only_its_words_differ() -> None:
    whole = asked(True)
    reworded = replace(whole, given={"d Q0": ("answered", "the same in other words", ())})
    row = compare(whole, BY_NAME["no date rule"], reworded)
    assert (row.gained, row.lost, row.changed) == (0, 0, 1)
