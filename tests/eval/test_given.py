"""What a brief's public JSON says of promises, changes and gaps is what the measures are given."""

from __future__ import annotations

from datetime import date

from eval.cases import Case
from eval.given import given_brief
from eval.outcome import Cited, GivenGap, GivenPromise, GivenStep

BRIEF = {
    "promises": [
        {
            "id": "prm_2", "text": "The crane is up by 3 May.", "kind": "timeline", "strength": "conditional", "contract": "silent",
            "conditions": "if the road is dry", "made_by": {"name": "Bo Ek", "side": "seller"}, "made_on": "2027-03-01",
            "due": {"as_said": "by 3 May", "date": "2027-05-03"}, "supersedes": "prm_1", "current": False, "citations": ["cit_1", "cit_2"],
        },
        {
            "id": "prm_3", "text": "Soon.", "strength": "firm", "contract": "silent", "made_on": None,
            "due": {"as_said": "soon", "date": None}, "citations": [],
        },
    ],
    "changes": [
        {
            "topic": "crane",
            "items": [{"on": "", "text": "", "citations": ["cit_1"], "superseded": True},
                      {"on": "", "text": "", "citations": ["cit_2"], "superseded": False}],
        }
    ],
    "gaps": [{"question": "Who dries the road?", "why": "Nobody said.", "ask": "ae", "receipt": {"searched": {}, "nearest": ["cit_2"]}}],
    "citations": [
        {"id": "cit_1", "source": {"id": "src_1", "external_id": "x-1"}, "quote": {"exact": "The crane is up by 1 May."}},
        {"id": "cit_2", "source": {"id": "src_2", "external_id": "x-2"}, "quote": {"exact": "The crane is up by 3 May."}},
    ],
}  # fmt: skip


def test_a_promise_keeps_its_dates_conditions_and_what_it_replaced(brightwell: Case) -> None:
    first, second = given_brief(BRIEF, brightwell.history, {}).promises
    assert first == GivenPromise(
        text="The crane is up by 3 May.",
        quotes=("The crane is up by 1 May.", "The crane is up by 3 May."),
        source="x-1",
        strength="conditional",
        contract="silent",
        made_by="Bo Ek",
        due="by 3 May",
        due_date=date(2027, 5, 3),
        made_on=date(2027, 3, 1),
        conditions="if the road is dry",
        id="prm_2",
        supersedes="prm_1",
        current=False,
    )
    assert (second.due, second.due_date, second.made_on, second.current) == ("soon", None, None, True)


def test_changes_keep_their_steps_and_gaps_the_words_beside_them(brightwell: Case) -> None:
    given = given_brief(BRIEF, brightwell.history, {})
    before, after = Cited("x-1", "The crane is up by 1 May."), Cited("x-2", "The crane is up by 3 May.")
    assert given.changes == ((GivenStep((before,), superseded=True), GivenStep((after,), superseded=False)),)
    assert given.gaps == (GivenGap("Who dries the road?", "Nobody said.", ("The crane is up by 3 May.",)),)
