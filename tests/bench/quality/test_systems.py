"""The peers and Baton find what they should on a history small enough to read."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest
from llama_index.core import MockEmbedding

from bench.quality import llama
from bench.quality.answers import quoting
from bench.quality.floor import TurnsByWords, floors
from bench.quality.llama import Chunks, Way, by_both, by_meaning, by_words, split, unit_of_node
from bench.quality.ours import NAME, questions_of, reading, units_of_set, ways
from bench.quality.reading import Found, page_of
from bench.quality.run import sampled
from bench.quality.words import Words, best_first
from eval.outcome import Cited
from eval.slices import Asked, Document, Said, Slice, Turn

CALL = Document(
    "call-7",
    "call",
    "Kick-off",
    datetime(2026, 5, 4, tzinfo=UTC),
    (
        Turn("call-7/1", "Ines Faro", "Our warehouse in Porto opens at five in the morning."),
        Turn("call-7/2", "Tom Reed", "The scanners will be delivered before the end of June."),
        Turn("call-7/3", "Ines Faro", "And who trains the night shift on the scanners?"),
    ),
)
NOTE = Document("note-3", "crm_note", "", datetime(2026, 6, 9, tzinfo=UTC), (Turn("note-3", "", "Scanners delivered to Porto on 8 June."),))
QUESTIONS = (
    Asked("q1", "Faro Foods", "When does the warehouse open?", "when", {"call-7/1": frozenset({"call-7/1"})}, answerable=True),
    Asked("q2", "Faro Foods", "And the scanners?", "when", {}, answerable=False, earlier=(Said("Who trains the night shift?", "Tom."),)),
    Asked("q3", "Faro Foods", "What of scanners?", "when", {}, answerable=False, as_of=datetime(2026, 5, 9, tzinfo=UTC), counted=False),
)
PART = Slice("small", "turn", {"Faro Foods": (CALL, NOTE)}, QUESTIONS, "made up")


def names(system: TurnsByWords, question: Asked) -> list[str]:
    return [unit.pieces[0].turn for unit in system.find(question).units]


def test_bm25_finds_turns_by_stems_and_only_those_that_share_a_word() -> None:
    assert names(TurnsByWords(PART), QUESTIONS[0]) == ["call-7/1"]


def test_the_row_of_the_whole_thread_also_looks_for_what_was_asked_before() -> None:
    last, thread = floors(PART)
    assert [system.name for system in (last, thread)] == ["BM25 turns", "BM25 turns, all questions"]
    assert last.find(QUESTIONS[1]).units[0].document == "note-3"
    assert thread.find(QUESTIONS[1]).units[0].pieces[0].turn == "call-7/3"


def test_a_slice_judged_by_document_is_also_searched_by_whole_documents() -> None:
    by_document = next(system for system in floors(replace(PART, level="document")) if system.name == "BM25 whole documents")
    [call] = by_document.find(QUESTIONS[0]).units
    assert call.document == "call-7"
    assert [piece.turn for piece in call.pieces] == ["call-7/1", "call-7/2", "call-7/3"]


def test_a_peer_too_sees_only_what_was_known_on_the_day() -> None:
    assert {unit.document for unit in TurnsByWords(PART).find(QUESTIONS[2]).units} == {"call-7"}


AS_OF = Asked(
    "q4", "Faro Foods", "Were the scanners delivered to Porto?", "when", {}, answerable=False, as_of=datetime(2026, 5, 9, tzinfo=UTC)
)
BEFORE_ALL = replace(AS_OF, as_of=datetime(2026, 1, 1, tzinfo=UTC))
TODAY = replace(AS_OF, as_of=None)


class ByLetters(MockEmbedding):
    """How often each letter stands in a text: enough meaning to tell two chunks apart."""

    def _get_text_embedding(self, text: str) -> list[float]:
        return [float(text.lower().count(letter)) for letter in "abcdefghijklmnopqrstuvwxyz"]

    def _get_query_embedding(self, query: str) -> list[float]:
        return self._get_text_embedding(query)


def chunks(way: str) -> Chunks:
    pages = [page_of(CALL), page_of(NOTE)]
    nodes = split(pages, 128)
    ways: dict[str, Way] = {"dense": by_meaning(nodes, ByLetters(embed_dim=26)), "BM25": by_words(nodes)}
    ways["fused"] = by_both(ways["dense"], ways["BM25"])
    units = {node.node_id: unit_of_node(node, page) for node, page in zip(nodes, pages, strict=True)}
    return Chunks(way, {"Faro Foods": ways[way]}, {"Faro Foods": units})


def test_the_best_score_of_the_floor_is_of_what_was_known_on_the_day() -> None:
    floor = TurnsByWords(PART)
    today, then = floor.find(TODAY), floor.find(AS_OF)
    assert today.units[0].document == "note-3"
    assert list(then.units) == [unit for unit in today.units if unit.document == "call-7"]
    assert (today.top or 0) > (then.top or 0) > 0
    assert floor.find(BEFORE_ALL) == Found((), 0.0)


@pytest.mark.parametrize("way", ["dense", "BM25", "fused"])
def test_chunks_of_later_days_take_no_place_and_lend_no_score(way: str, monkeypatch: pytest.MonkeyPatch) -> None:
    system = chunks(way)
    in_all = system.find(TODAY).top or 0
    monkeypatch.setattr(llama, "DEPTH", 1)
    today, then = system.find(TODAY), system.find(AS_OF)
    assert [unit.document for unit in today.units] == ["note-3"]
    assert [unit.document for unit in then.units] == ["call-7"]
    assert today.top == pytest.approx(in_all)
    assert way == "fused" or 0 < (then.top or 0) < in_all  # fused scores are of places: the first is always worth the same
    assert system.find(BEFORE_ALL) == Found((), 0.0)


def test_words_without_any_term_score_nothing() -> None:
    assert Words(["to be", "or not"], "en_plus").scores("warehouse").tolist() == [0, 0]
    assert Words(["warehouse"], "en_plus").scores("to be").tolist() == [0]


def test_equal_scores_keep_their_order() -> None:
    assert best_first(np.array([1.0, 2.0, 1.0, 2.0], np.float32), 3) == [1, 3, 0]


def test_llamaindex_nodes_are_found_by_words_like_turns() -> None:
    nodes = split([page_of(CALL), page_of(NOTE)], 128)
    assert next(found.node.node_id for found in by_words(nodes)(None).retrieve("delivered in June?")) == "note-3#000000"


def test_a_quoting_peer_cites_at_most_five_units_by_their_source_and_never_declines() -> None:
    given = quoting(TurnsByWords(PART), PART, {"call-7": "Kick-off call", "note-3": "note 3"}).answers["q1"]
    assert given.status == "answered"
    assert given.text == CALL.turns[0].text
    assert given.citations == (Cited("Kick-off call", CALL.turns[0].text, "Ines Faro"),)


def test_a_sample_is_of_the_questions_that_count() -> None:
    assert [question.id for question in sampled(PART, 5).questions] == ["q1", "q2"]
    assert sampled(PART, None) is PART


def test_baton_is_measured_on_the_slices_own_turns() -> None:
    with reading(PART, None) as baton:
        systems = ways(baton, units_of_set(PART, baton), questions_of(PART, baton), {"q1": 0.75}, words_only=True, unruled=True)
        found = [system.find(QUESTIONS[0]) for system in systems]
    assert [system.name for system in systems] == [NAME, "Baton, words only", "Baton, no name or date rule"]
    assert [one.units[0].pieces[0].turn for one in found] == ["call-7/1"] * 3
    assert found[0].units[0].quote == CALL.turns[0].text
    assert [one.top for one in found] == [0.75, None, None]


def test_a_slice_that_baton_did_not_take_in_whole_is_refused() -> None:
    twice = Slice("twice", "turn", {"Faro Foods": (NOTE, NOTE)}, QUESTIONS, "the same document twice")
    with pytest.raises(ValueError, match="Baton holds 1 of 2 documents"), reading(twice, None):
        pass
