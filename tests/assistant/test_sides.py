"""An answer shows what stands against its words: the contract beside the talk, and the other side of a disagreement."""

from __future__ import annotations

import pytest

from assistant.answers import Draft, Question
from assistant.asking import gather
from assistant.grounding import ground
from assistant.models.choice import choose, read
from assistant.models.sentence_fit import fits
from assistant.models.sides import in_blocks
from ingest.archive.scope import EVERYTHING
from ingest.records import Kind
from tests.conftest import Desk
from tests.exports import neutral, talk

WHO = [
    {"name": "Dana Okafor", "email": "dana@cartage.example"},
    {"name": "Luis Ferreira", "email": "luis@cartage.example"},
    {"name": "Marta Lindqvist", "email": "marta@halden.example"},
]
PAPER = {
    "doc_id": "d1", "source_type": "doc", "account": "Halden", "timestamp": "2026-10-01T12:00:00Z", "title": "Order Form 12",
    "text": "Order Form 12\n\nThe subscription renews automatically every year.\n\n"
    "Video training for all drivers is included.\n\nNot included: custom reports for the harbour.\n\n"
    "Signed: Marta Lindqvist, 1 October 2026\n",
}  # fmt: skip
RENEWAL = "We will take the automatic renewal out."
REPORTS = "We will build custom reports for the harbour."
VIDEO = "We will train all drivers by video."
TRUCK = "We will lend you a tow truck for the opening week."


def _call(id: str, *turns: tuple[str, str], on: str = "2026-09-01") -> dict[str, object]:
    return talk(id, *turns, account="Halden", participants=WHO, timestamp=f"{on}T12:00:00Z")


def _blocks(
    desk: Desk, question: str, shown: tuple[str, ...], *rows: dict[str, object], kinds: frozenset[Kind] | None = None
) -> list[tuple[str, list[str]]]:
    """Headings and checked claims of an answer that quotes the passages `shown`, which are whole turns, and nothing else."""
    desk.write({"a.jsonl": neutral(*rows)})
    desk.ingest(our_domains=("cartage.example",))
    with desk.kit() as kit:
        asked = Question(question, kit.archive.account(EVERYTHING, "Halden").id, kinds=kinds)
        evidence = gather(kit, asked)
    chosen = {one.best.passage.text: one for one in choose(evidence, fits(evidence, read(evidence)), 1.0)}
    draft = Draft(in_blocks([[chosen[text]] for text in shown], evidence))
    answer = ground(asked, draft, evidence, model="extractive", thread_id="")
    assert answer.removed_claims == 0
    return [(block.heading, [claim.text for claim in block.claims]) for block in answer.blocks]


def _promised(*words: str) -> list[dict[str, object]]:
    return [_call(f"c{n}", ("Marta Lindqvist", "And what about that?"), ("Dana Okafor", text)) for n, text in enumerate(words)]


def _dana(text: str) -> str:
    return f"Dana Okafor, 1 Sep 2026: {text}"


def _paper(text: str) -> str:
    return f"Order Form 12, 1 Oct 2026: {text}"


@pytest.mark.parametrize(
    ("promise", "question", "heading", "clause"),
    [
        (RENEWAL, "Did we promise to end the renewal?", "The contract says", "The subscription renews automatically every year."),
        (REPORTS, "Did we promise reports?", "The contract leaves out", "Not included: custom reports for the harbour."),
        (VIDEO, "Is the video training for drivers in the contract?", "The contract says", "Video training for all drivers is included."),
    ],
    ids=["contradicted", "excluded", "covered"],
)
def test_a_promise_is_shown_with_what_the_contract_says_of_it(desk: Desk, promise: str, question: str, heading: str, clause: str) -> None:
    assert _blocks(desk, question, (promise,), PAPER, *_promised(promise)) == [("", [_dana(promise)]), (heading, [_paper(clause)])]


def test_a_promise_that_the_contract_does_not_hold_is_shown_as_such_beside_one_that_it_does(desk: Desk) -> None:
    found = _blocks(desk, "Is the tow truck for the opening week in the contract?", (RENEWAL, TRUCK), PAPER, *_promised(RENEWAL, TRUCK))
    assert found == [
        ("", [_dana(RENEWAL)]),
        ("Said, and not in the contract", [_dana(TRUCK)]),
        ("", [_paper("The subscription renews automatically every year.")]),  # not what was asked: without a heading that answers
    ]


def test_nothing_is_said_of_the_contract_where_there_is_none_or_other_kinds_are_asked_for(desk: Desk) -> None:
    plain = [("", [_dana(RENEWAL)])]
    assert _blocks(desk, "Did we promise to end the renewal?", (RENEWAL,), *_promised(RENEWAL)) == plain
    calls = frozenset[Kind]({"call"})
    assert _blocks(desk, "Did we promise to end the renewal?", (RENEWAL,), PAPER, *_promised(RENEWAL), kinds=calls) == plain


def test_a_question_about_something_else_than_a_promise_shows_talk_as_it_is(desk: Desk) -> None:
    assert _blocks(desk, "Who spoke of tow trucks?", (TRUCK,), PAPER, *_promised(TRUCK)) == [("", [_dana(TRUCK)])]


FIRST, SECOND = "The three depots go live on 1 March 2027.", "The three depots go live on 1 May 2027."


@pytest.mark.parametrize("shown", [(FIRST,), (SECOND,), (SECOND, FIRST)], ids=["one side found", "the other", "both"])
def test_two_of_ours_who_disagree_are_shown_as_two_sides_with_who_and_when(desk: Desk, shown: tuple[str, ...]) -> None:
    rows = [
        _call("c1", ("Marta Lindqvist", "When?"), ("Dana Okafor", FIRST)),
        _call("c2", ("Marta Lindqvist", "When?"), ("Luis Ferreira", SECOND), on="2026-09-20"),
    ]
    [(heading, sides)] = _blocks(desk, "When do the depots go live?", shown, *rows)
    assert heading == "Said both ways on our side"
    assert sorted(sides) == [_dana(FIRST), f"Luis Ferreira, 20 Sep 2026: {SECOND}"]
    assert shown[0] in sides[0]


def test_a_disagreement_on_another_matter_than_the_one_asked_about_is_left_out(desk: Desk) -> None:
    rows = [
        _call("c1", ("Marta Lindqvist", "When?"), ("Dana Okafor", FIRST)),
        _call("c2", ("Marta Lindqvist", "When?"), ("Luis Ferreira", SECOND), on="2026-09-20"),
    ]
    assert _blocks(desk, "What did Dana say to Marta?", (FIRST,), *rows) == [("", [_dana(FIRST)])]
