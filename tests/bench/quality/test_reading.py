"""Chunks and passages are taken back to the turns they hold, however they are cut."""

from __future__ import annotations

from datetime import UTC, datetime

from bench.quality.llama import split, unit_of_node
from bench.quality.reading import Unit, judged, page_of, was_known
from eval.ranking import Piece
from eval.slices import Asked, Document, Turn
from eval.tokens import tokens_of

MARCH = datetime(2026, 3, 2, tzinfo=UTC)


def call(*turns: tuple[str, str]) -> Document:
    return Document("c1", "call", "", MARCH, tuple(Turn(f"t{place}", who, text) for place, (who, text) in enumerate(turns)))


def test_a_chunk_over_two_turns_holds_a_piece_of_each_with_the_speakers_names_counted_and_not_quoted() -> None:
    page = page_of(call(("Ana", "The cranes stop at six."), ("Bo", "Then we load at seven."), ("Ana", "Good.")))
    unit = page.unit(page.text.index("stop"), page.text.index(" at seven"))
    first, second = "stop at six.", "Bo: Then we load"
    assert unit.pieces == (
        Piece("t0", tokens_of(first), tokens_of("Ana: The cranes stop at six.")),
        Piece("t1", tokens_of(second), tokens_of("Bo: Then we load at seven.")),
    )
    assert unit.quote == "stop at six. Then we load"
    assert unit.speaker is None


def test_a_chunk_within_one_turn_is_one_piece_and_its_speakers_words() -> None:
    page = page_of(call(("Ana", "Yes."), ("Bo", "Fifteen lanes, and not one more."), ("Ana", "Noted.")))
    unit = page.unit(page.text.index("Fifteen"), page.text.index(" one more"))
    assert [piece.turn for piece in unit.pieces] == ["t1"]
    assert (unit.quote, unit.speaker) == ("Fifteen lanes, and not", "Bo")


def test_a_turn_of_which_only_the_line_end_or_the_name_is_inside_is_no_quote() -> None:
    page = page_of(call(("Ana", "Yes."), ("Bo", "No."), ("Ana", "Well.")))
    line_end = page.text.index("\n")
    assert [piece.turn for piece in page.unit(line_end, line_end + 1 + len("Bo: No.")).pieces] == ["t1"]
    named = page.unit(page.text.index("Bo"), page.text.index("Bo") + 3)
    assert [piece.turn for piece in named.pieces] == ["t1"]
    assert named.quote == ""


def test_the_whole_page_is_every_turn_whole() -> None:
    document = call(("Ana", "A  wide   gap,\nand a line end."), ("", "Nobody says this."), ("Jörg", "Grüße aus Köln 🚂 – bis bald."))
    page = page_of(document)
    unit = page.unit(0, len(page.text))
    assert [(piece.turn, piece.tokens == piece.of) for piece in unit.pieces] == [("t0", True), ("t1", True), ("t2", True)]
    assert unit.quote == " ".join(turn.text for turn in document.turns)


def test_llamaindex_chunks_cover_every_turn_and_each_knows_where_it_stands() -> None:
    turns = [
        ("Zoë" if place % 2 else "Bo", f"Point {place}: träger 🚚 lane {place * 7}.  Two  spaces, and more to say.") for place in range(60)
    ]
    page = page_of(call(*turns, ("Bo", "Yes."), ("Zoë", "Yes."), ("Bo", "Yes.")))
    nodes = split([page], 128)
    units = [unit_of_node(node, page) for node in nodes]
    assert len(units) > 5
    assert list(dict.fromkeys(piece.turn for unit in units for piece in unit.pieces)) == [turn.id for turn in page.document.turns]
    for node, unit in zip(nodes, units, strict=True):
        assert abs(tokens_of(node.text) - sum(piece.tokens for piece in unit.pieces)) <= len(unit.pieces)  # the line ends between


def test_what_came_after_the_day_asked_about_or_has_no_date_was_not_known() -> None:
    asked = Asked("q", "a", "?", "k", {}, answerable=True, as_of=MARCH)
    units = [Unit(name, at, (), "", None) for name, at in [("on", MARCH), ("after", datetime(2026, 3, 3, tzinfo=UTC)), ("undated", None)]]
    assert [unit.document for unit in units if was_known(unit, asked)] == ["on"]


def test_judged_by_document_each_counts_where_it_is_first_met() -> None:
    asked = Asked("q", "a", "?", "k", {"d2": frozenset({"d2"})}, answerable=True)
    units = [Unit(name, None, (Piece("t", 9, 9),), "", None) for name in ("d1", "d2", "d1", "d2")]
    assert judged(units, asked, "document") == [Piece("d1", 1, 1), Piece("d2", 1, 1, frozenset({"d2"}))]


def test_judged_by_turn_a_piece_knows_which_evidence_it_is() -> None:
    asked = Asked("q", "a", "?", "k", {"t2": frozenset({"e"})}, answerable=True)
    units = [Unit("d", None, (Piece("t1", 3, 3), Piece("t2", 2, 4)), "", None)]
    assert judged(units, asked, "turn") == [Piece("t1", 3, 3), Piece("t2", 2, 4, frozenset({"e"}))]
