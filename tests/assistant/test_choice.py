"""Which of the words found are said: what a question is about, what the ledger holds on a passage, and how sure that makes of it."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from assistant.about import About, about
from assistant.answers import Question
from assistant.asking import gather
from assistant.evidence import Evidence
from assistant.models.choice import FEWEST_READ, FITTED_ON, SMALL, by_passage, choose, features, read
from assistant.models.refusal import Part, evenness
from assistant.models.sentence_fit import SentenceFit, fits
from assistant.models.weights import CHOICE
from assistant.understand import Wanted, wanted
from assistant.wiring import Kit
from eval.fitting import Offered, first_places, fit_choice
from ingest.archive.rows import StoredPassage
from ingest.archive.scope import EVERYTHING
from ingest.records import Span
from tests.conftest import Desk
from tests.exports import neutral, talk


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Did we promise them a dedicated line?", About(promise=True)),
        ("What was Ines told about the migration?", About(promise=True)),
        ("Which target does the plant manager have?", About(goal=True)),
        ("Why did they close the second plant?", About(reason=True)),
        ("How much does the second year cost?", About(terms=True)),
        ("Which bidder came second?", About(rivals=True)),
        ("What does the delivery depend on?", About(condition=True)),
        ("Where is the warehouse?", About()),
    ],
)
def test_a_question_is_about_a_kind_of_fact_by_how_it_is_put(text: str, expected: About) -> None:
    assert about(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("When does the pilot end?", "date"),
        ("And when?", "date"),
        ("Who pays, and since when?", "date"),
        ("Do we know when the audit starts?", "date"),
        ("What renewal date did they ask for?", "date"),
        ("When a driver leaves, is his badge blocked?", "anything"),
        ("What happens when the pilot ends?", "anything"),
        ("Can they order more when the price rises?", "anything"),
        ("Does the second plant cost extra?", "anything"),
        ("Is it known how much the second plant costs?", "money"),
    ],
)
def test_when_asks_for_a_day_only_where_the_question_turns_on_it(text: str, expected: Wanted) -> None:
    assert wanted(text) == expected


def _fit(pieces: list[float], text: str = "They load on Tuesday.") -> SentenceFit:
    passage = StoredPassage("p", "i", "a", 0, 0, Span(0, len(text)), text, "")
    return SentenceFit(passage, Span(0, len(text)), float(np.mean(pieces)), np.array(pieces, np.float32))


def test_of_two_questions_in_one_breath_the_part_that_is_answered_counts() -> None:
    half = _fit([0.7, 0.7, 0.7, 0.1, 0.1, 0.1])
    whole = evenness([Part("anything")], [half], by_vectors=True)
    parts = evenness([Part("anything"), Part("date", slice(0, 3)), Part("anything", slice(3, 6))], [half], by_vectors=True)
    assert whole < parts == pytest.approx(1 + 0.5 - 0.2)


# --- choosing


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory, embedder: object) -> Iterator[Kit]:
    desk = Desk(tmp_path_factory.mktemp("told"), embedder)  # type: ignore[arg-type]  # the session's embedder, as the fixture gives it
    who = [{"name": "Dana Okafor", "email": "dana@cartage.example"}, {"name": "Marta Lindqvist", "email": "marta@halden.example"}]
    rows = [
        talk(
            "c1", ("Marta Lindqvist", "Last spring a trainer came to the depot and the trainer was good."),
            ("Dana Okafor", "We will send a trainer to the depot for two days, at no charge."),
            ("Marta Lindqvist", "The canteen at the depot closes at three."), account="Halden", participants=who, title="Kick-off",
        ),
    ]  # fmt: skip
    desk.write({"a.jsonl": neutral(*rows)})
    desk.ingest(our_domains=("cartage.example",))
    with desk.kit() as kit:
        yield kit


def gathered(kit: Kit, text: str) -> Evidence:
    return gather(kit, Question(text, kit.archive.account(EVERYTHING, "Halden").id))


def test_what_the_ledger_holds_is_known_of_the_passage_it_stands_in(told: Kit) -> None:
    evidence = gathered(told, "What about the trainer at the depot?")
    kinds = {ranked.passage.text[:12]: evidence.facts.get(ranked.passage.id, frozenset()) for ranked in evidence.ranked}
    assert "promise" in kinds["We will send"]
    assert "promise" not in kinds["Last spring "]


def test_a_question_about_a_promise_is_answered_by_one_and_not_by_what_only_sounds_like_it(told: Kit) -> None:
    evidence = gathered(told, "Did we promise that a trainer comes to the depot?")
    chosen = choose(evidence, fits(evidence, read(evidence)), 1.0)
    assert chosen[0].best.text.startswith("We will send a trainer")
    assert sum(one.chance for one in chosen) == pytest.approx(1.0)
    assert [one.support for one in chosen] == sorted((one.support for one in chosen), reverse=True)


def test_a_choice_is_fitted_so_that_any_one_piece_of_evidence_is_enough() -> None:
    offered = [Offered("abc"[n % 3], np.array([[0.0, n % 2], [1.0, 0.0], [0.0, 1.0]]), np.array([False, True, False])) for n in range(90)]
    weights = fit_choice(offered)
    assert weights[0] > 1
    assert weights[1] < -0.5
    assert first_places(offered, lambda deal: weights).startswith("1: 1.000 of 1.000")


def test_in_a_small_account_a_place_further_back_is_further_behind(told: Kit) -> None:
    evidence = gathered(told, "What about the trainer at the depot?")
    rows = features(evidence, evidence.ranked, by_passage(fits(evidence, read(evidence))))
    places = rows[:, CHOICE.names.index("place")]
    assert places[1] == pytest.approx(np.log1p(1) * np.sqrt(FITTED_ON / SMALL))
    assert read(evidence) == FEWEST_READ
