"""What the signed paper says of a promise, with vectors of words at hand and without."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from assistant.facts.contract import verdict
from assistant.meaning import Meaning, meaning
from assistant.signed import on_paper
from assistant.words import places, terms
from eval.papers import Paper, papers
from ingest.archive.rows import Embedding, StoredPassage
from ingest.passages import searched_text

SIZE = 64


def _embedding(text: str, alike: dict[str, str]) -> Embedding:
    """A vector a word, the same for words that mean the same here."""
    found = [(term, at) for term in dict.fromkeys(terms(text)) for at, _ in places(text, {term})]
    numbers = [sum(map(ord, alike.get(term, term))) * 7919 for term, _ in found]
    tokens = np.array([np.random.default_rng(number).normal(size=SIZE) for number in numbers])
    rows = np.rint(127 * tokens / np.linalg.norm(tokens, axis=1, keepdims=True)).astype(np.int8)
    return Embedding(np.ones(SIZE, np.float32) / 8, rows, np.array(numbers, np.int32), np.array([at for _, at in found], np.int32))


def _near(paper: Paper, alike: dict[str, str]) -> Meaning:
    wanted = [*(one.at for one in paper.clauses), *(one.promise.at for one in paper.said)]
    passages: dict[str, StoredPassage] = {}
    embeddings: dict[str, Embedding] = {}
    for interaction in {place.interaction.source.id: place.interaction for place in wanted}.values():
        for turn in interaction.turns:
            id = f"{interaction.source.id}{turn.position}"
            words = interaction.text[turn.span.start : turn.span.end]
            passages[id] = StoredPassage(id, interaction.source.id, "acc_1", turn.position, turn.position, turn.span, words, id)
            embeddings[id] = _embedding(searched_text(turn.speaker_name, turn.heading, words), alike)
    near = meaning(list(passages.values()), wanted, embeddings)
    assert near is not None
    return near


def _statuses(name: str, said: Sequence[str], alike: dict[str, str]) -> list[str]:
    paper = next(one for one in papers() if one.name.startswith(name))
    near = _near(paper, alike)
    promises = [next(one.promise for one in paper.said if one.promise.text.startswith(words)) for words in said]
    assert [on_paper(one, paper.clauses, None) for one in promises] == [verdict(one, paper.clauses) for one in promises]
    return [on_paper(one, paper.clauses, near).status for one in promises]


def test_a_promise_in_other_words_than_the_paper_meets_its_clause_by_meaning() -> None:
    said = ["The doctors' files go in too", "Ingrid sails with the first vessel"]
    assert _statuses("shipping line", said, {"doctor": "medic", "file": "record"}) == ["excluded", "silent"]
    assert _statuses("retailer", ["The plastic cards we print for you at our expense."], {"plastic": "card"}) == ["contradicted"]


def test_no_paper_with_vectors_is_no_contract_still() -> None:
    paper = papers()[0]
    assert on_paper(paper.said[0].promise, (), _near(paper, {})).status == "no_contract"


def test_words_without_vectors_are_near_nothing() -> None:
    paper, other = papers()[0], papers()[1]
    near = _near(paper, {})
    assert {*near.near(other.said[0].promise.at, [one.at for one in paper.clauses])} == {(0.0, 0.0, 0.0)}


def test_the_first_item_below_not_included_is_ruled_out_though_it_looks_like_a_heading() -> None:
    paper = next(one for one in papers() if one.name.startswith("water utility"))
    assert [one.text for one in paper.clauses if one.excludes] == [
        "Installation and removal of loggers.", "Integration with the billing system.", "Battery replacement.",
    ]  # fmt: skip
