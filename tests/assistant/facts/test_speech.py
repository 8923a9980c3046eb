"""Statements are slices: nothing is changed, nothing leaves its turn, and only what was said counts."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from assistant.facts.speech import statements
from ingest.records import Role
from tests.assistant.facts.history import ANA, MIA, interaction, mail

_ROLES = st.sampled_from(["said", "quoted", "signature", "derived", "hidden"])
_TEXTS = st.text(alphabet=st.sampled_from("abcXYZ 1.,!?\n-*•åÉ’"), min_size=1, max_size=120)


@given(st.lists(st.tuples(_TEXTS, _ROLES), min_size=1, max_size=5))
def test_every_statement_is_a_slice_of_one_turn_that_was_said(turns: list[tuple[str, Role]]) -> None:
    talk = interaction("email", [(ANA, text, role) for text, role in turns], participants=[ANA, MIA])
    for statement in statements(talk):
        assert talk.text[statement.span.start : statement.span.end] == statement.text == statement.place.text
        assert statement.turn.role == "said"
        assert statement.turn.span.start <= statement.span.start < statement.span.end <= statement.turn.span.end


def test_lines_wrapped_by_a_mail_program_are_one_sentence_and_list_marks_are_left_out() -> None:
    written = "We will have both of the first plants live by 18 January if the test\nsystem is there.\n- Price held\n- Setup waived"
    assert [statement.text for statement in statements(mail(ANA, MIA, written))] == [
        "We will have both of the first plants live by 18 January if the test\nsystem is there.",
        "Price held",
        "Setup waived",
    ]
