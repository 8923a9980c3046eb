"""A kept answer without the words that were withheld since."""

from __future__ import annotations

from typing import Any

from ingest.archive.masking import as_shown
from ingest.records import Span


def _citation(id: str, exact: str, start: int, *, prefix: str = "", suffix: str = "") -> dict[str, Any]:
    quote = {"exact": exact, "prefix": prefix, "suffix": suffix, "start": start, "end": start + len(exact)}
    return {"id": id, "source": {"id": "src_1"}, "quote": quote}


def _answer(*claims: tuple[str, str], citations: list[dict[str, Any]]) -> dict[str, Any]:
    block = {"kind": "list", "claims": [{"id": f"clm_{n}", "text": text, "citations": [id]} for n, (text, id) in enumerate(claims)]}
    return {
        "status": "answered", "reason": None, "blocks": [block], "changes": [], "citations": citations,
        "receipt": {"nearest": ["a", "b"]}, "follow_ups": ["And when?"],
    }  # fmt: skip


def test_a_claim_goes_with_its_quote_and_the_others_stay() -> None:
    kept = _answer(
        ("The margin is nine percent.", "a"),
        ("Start is in May.", "b"),
        citations=[_citation("a", "The margin is nine percent.", 0), _citation("b", "Start is in May.", 40)],
    )
    shown = as_shown(kept, {"src_1": (Span(4, 20),)})
    assert [claim["text"] for block in shown["blocks"] for claim in block["claims"]] == ["Start is in May."]
    assert [citation["id"] for citation in shown["citations"]] == ["b"]
    assert (shown["status"], shown["withheld_claims"], shown["receipt"]["nearest"]) == ("answered", 1, ["b"])


def test_with_no_claim_left_nothing_is_asserted() -> None:
    kept = _answer(("The margin is nine percent.", "a"), citations=[_citation("a", "The margin is nine percent.", 0)])
    shown = as_shown(kept, {"src_1": (Span(0, 5),)})
    assert (shown["status"], shown["reason"], shown["blocks"], shown["follow_ups"]) == ("declined", "not_permitted", [], [])


def test_a_claim_that_repeats_the_words_under_another_quote_goes_too() -> None:
    kept = _answer(
        ("The margin is nine percent.", "a"),
        ("They know that the margin is nine percent by now.", "b"),
        citations=[_citation("a", "The margin is nine percent.", 0), _citation("b", "They know by now.", 40)],
    )
    assert as_shown(kept, {"src_1": (Span(4, 26),)})["blocks"] == []


def test_words_beside_a_quote_are_cut_where_they_are_withheld() -> None:
    kept = _answer(("Start is in May.", "b"), citations=[_citation("b", "Start is in May.", 40, prefix="nine percent. ", suffix=" Good.")])
    [citation] = as_shown(kept, {"src_1": (Span(0, 30),)})["citations"]
    assert (citation["quote"]["prefix"], citation["quote"]["suffix"]) == ("", " Good.")


def test_what_nobody_withheld_is_shown_as_it_was() -> None:
    kept = _answer(("Start is in May.", "b"), citations=[_citation("b", "Start is in May.", 40)])
    assert as_shown(kept, {"src_2": (Span(0, 90),)}) == kept
