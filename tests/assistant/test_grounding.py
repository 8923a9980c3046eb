"""Only what stands on exact words of the evidence becomes an answer; the rest is dropped and counted."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.answers import Answer, Draft, DraftBlock, DraftClaim, Question, Quote
from assistant.asking import ask
from assistant.evidence import Evidence
from assistant.finding import find
from assistant.grounding import ground, locate
from assistant.understand import understand
from assistant.wiring import Kit
from ingest.archive.scope import EVERYTHING
from ingest.records import Span

GO_LIVE = "Okay. If those two depots are the only scope, I can commit to a go-live date of 18 January 2027."


def evidence_of(kit: Kit, text: str = "When is the go-live date?", limit: int = 20) -> tuple[Question, Evidence]:
    [account] = kit.archive.accounts(EVERYTHING)
    question = Question(text, account.id)
    room = kit.room(EVERYTHING.only(account.id))
    return question, find(room, question, understand(question, kit.people(EVERYTHING)), kit.embedder, None, limit)


def grounded(kit: Kit, *claims: tuple[str, str]) -> Answer:
    """Of claims that are each (text, quote), the quote said to be from the passage on the go-live date."""
    question, evidence = evidence_of(kit)
    passage = next(r.passage for r in evidence.ranked if r.passage.text == GO_LIVE)
    drafts = tuple(DraftClaim(text, (Quote(passage.id, quote),)) for text, quote in claims)
    return ground(question, Draft((DraftBlock("list", drafts),)), evidence, model="m", thread_id="t")


@pytest.mark.parametrize(
    "text",
    [
        "They commit to 18 January 2027.", "Dana Okafor can commit to 18 January.", "If two depots are the only scope, they commit.",
        "On 1 Sep 2026, in Commercial alignment, Dana said so.",
    ],
)  # fmt: skip
def test_a_claim_whose_figures_and_names_stand_in_its_quote_or_its_setting_stays(halden: Kit, text: str) -> None:
    answer = grounded(halden, (text, "I can commit to a go-live date of 18 January 2027."))
    assert [claim.text for block in answer.blocks for claim in block.claims] == [text]
    assert (answer.status, answer.removed_claims) == ("answered", 0)


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        ("They commit to 18 January 2027.", "I promise a go-live date of 18 January 2027."),
        ("They commit.", ""),
        ("They commit.", "   "),
        ("They commit to 19 January 2027.", "a go-live date of 18 January 2027."),
        ("They commit to 18 January 2028.", "a go-live date of 18 January 2027."),
        ("The go-live for Gothenburg is 18 January.", "a go-live date of 18 January 2027."),
        ("They commit with 2 depots.", "a go-live date of 18 January 2027."),
        ("They commit to a date on golive.example.", "a go-live date of 18 January 2027."),
        ("They commit to a date, see https://date.example/go.", "a go-live date of 18 January 2027."),
        ("They commit, write to go-live@date.example", "a go-live date of 18 January 2027."),
    ],
)
def test_a_claim_with_an_invented_quote_figure_address_or_name_is_dropped_and_counted(halden: Kit, text: str, quote: str) -> None:
    answer = grounded(halden, (text, quote), ("They commit.", "I can commit"))
    assert [claim.text for block in answer.blocks for claim in block.claims] == ["They commit."]
    assert answer.removed_claims == 1


def test_an_answer_that_loses_all_its_claims_is_declined_with_what_came_nearest(halden: Kit) -> None:
    answer = grounded(halden, ("They commit.", "never said"))
    assert (answer.status, answer.reason, answer.blocks, answer.removed_claims) == ("declined", "not_in_history", (), 1)
    assert answer.receipt.nearest == tuple(c.id for c in answer.citations)
    assert len(answer.receipt.nearest) == 3


def test_a_quote_of_a_passage_that_was_not_found_does_not_count(halden: Kit) -> None:
    question, few = evidence_of(halden, limit=1)
    _, all_ = evidence_of(halden)
    other = next(r.passage for r in all_.ranked if r.passage.id != few.ranked[0].passage.id)
    for passage_id in (other.id, "src_00000000000000000000:0-3:00000000", ""):
        draft = Draft((DraftBlock("list", (DraftClaim("So it was said.", (Quote(passage_id, other.text),)),)),))
        assert ground(question, draft, few, model="m", thread_id="t").blocks == ()


def test_a_claim_stays_if_one_of_its_quotes_holds_and_cites_only_that(halden: Kit) -> None:
    question, evidence = evidence_of(halden)
    passage = next(r.passage for r in evidence.ranked if r.passage.text == GO_LIVE)
    claim = DraftClaim(
        "They commit.", (Quote(passage.id, "never said"), Quote(passage.id, "I can commit"), Quote(passage.id, "I can commit"))
    )
    answer = ground(question, Draft((DraftBlock("list", (claim,)),)), evidence, model="m", thread_id="t")
    assert [c.exact for c in answer.citations] == ["I can commit"]
    assert answer.blocks[0].claims[0].citations == (answer.citations[0].id,)


@pytest.mark.parametrize(
    ("quote", "passage", "span"),
    [
        ("b c", "a b c", Span(2, 5)), ("b  c", "a b c", Span(2, 5)), ("b c", "a b\n c d", Span(2, 6)), (" b c ", "a b c", Span(2, 5)),
        ("b (c)?", "a b\t(c)? d", Span(2, 8)), ("B c", "a b c", None), ("c b", "a b c", None), ("", "a", None), (" ", "a b", None),
    ],
)  # fmt: skip
def test_a_quote_is_located_to_the_character_or_with_other_white_space(quote: str, passage: str, span: Span | None) -> None:
    assert locate(quote, passage) == span


@given(st.lists(st.text("abc.(", min_size=1, max_size=4), min_size=1, max_size=8), st.data())
def test_any_stretch_of_a_passage_is_located_however_it_is_spaced(words: list[str], data: st.DataObject) -> None:
    gaps = st.text(" \n\t", min_size=1, max_size=3)
    passage = "".join(word + data.draw(gaps) for word in words)
    first = data.draw(st.integers(0, len(words) - 1))
    last = data.draw(st.integers(first, len(words) - 1))
    quote = "".join(word + data.draw(gaps) for word in words[first : last + 1])
    span = locate(quote, passage)
    assert span is not None
    assert passage[span.start : span.end].split() == quote.split()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25)
@given(
    st.lists(
        st.sampled_from("depots January support Swedish budget SAP system go-live too late signs who when what".split()), max_size=6
    ).map(" ".join)
)
def test_every_citation_of_every_answer_is_the_exact_slice_of_its_source(halden: Kit, text: str) -> None:
    [account] = halden.archive.accounts(EVERYTHING)
    answer = ask(halden, Question(text, account.id))
    known = {citation.id for citation in answer.citations}
    for citation in answer.citations:
        source = halden.archive.interaction(EVERYTHING, citation.interaction_id)
        assert source.text[citation.span.start : citation.span.end] == citation.exact
        assert source.source.text_sha256 == citation.text_sha256
    assert all(claim.citations and set(claim.citations) <= known for block in answer.blocks for claim in block.claims)
    assert set(answer.receipt.nearest) <= known
