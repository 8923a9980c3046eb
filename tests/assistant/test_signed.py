"""What the signed paper says of a promise, with vectors of words at hand and without."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from assistant import signed_weights
from assistant.facts.contract import verdict
from assistant.laid_beside import AGAINST, NAMES, READINGS
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


def test_nothing_that_speaks_against_a_reading_counts_for_it_nor_the_other_way_round() -> None:
    weights = {name: weight for name, weight in zip(NAMES, signed_weights.WEIGHTS, strict=True) if name not in READINGS}
    assert [name for name, weight in weights.items() if (weight > 0 if name in AGAINST else weight < 0)] == []


YARD = """= boat yard
Start: Go-live of the yards at Hobart and Bruny: 14 September 2027. Term of 24 months from 1 May 2027.
Fees: Yardbook for two yards, $1,950 per month.
Data: Photographs are kept for thirty-six (36) months. On leaving, the data is returned within sixty (60) days.
Exclusions: Import of the paper logbooks. The Supplier scans the mooring plans of both yards once.
Exclusions: The Supplier charges separately for tide tables. Provider will never repaint the buoys.
Exclusions: Supplier training of the harbour masters on site.
"""


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ("Hobart and Bruny go live on the fourteenth of September.", "covered"),
        # of a deadline that was met, and of one that a later day breaks
        ("Both yards are live on the first of August.", "contradicted"),
        ("If Hobart is not live by the fourteenth of September, you may leave and owe us nothing.", "silent"),
        ("The printer is on your desk by the first of May.", "silent"),
        # the same number, of another stretch of time and of the same
        ("Yardbook for the two yards is $1,950 a year.", "silent"),
        ("Yardbook for the two yards is $1,950 a month.", "covered"),
        ("The photographs of the boats are kept for forty-eight months.", "contradicted"),
        # what is promised stands in the question
        ("After leaving, is our data returned within thirty days? >> Yes, we can do that.", "contradicted"),
        ("The import of the paper logbooks we do for you.", "excluded"),
        ("We scan the mooring plans of both yards once.", "covered"),
        # whoever is named first in a clause, it says that this is not done
        ("The tide tables you get from us.", "excluded"),
        ("We repaint the buoys.", "excluded"),
        ("We do the training of the harbour masters on site.", "excluded"),
    ],
)
def test_a_clause_covers_only_what_it_says_in_full_and_contradicts_what_it_says_otherwise(said: str, status: str, tmp_path: Path) -> None:
    file = tmp_path / "papers.txt"
    file.write_text(f"{YARD}> silent | {said} |\n", "utf-8")
    [paper] = papers(file)
    assert on_paper(paper.said[0].promise, paper.clauses, _near(paper, {"scan": "scan"})).status == status
