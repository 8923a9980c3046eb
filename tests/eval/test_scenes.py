"""Snippets of deals are read as a slice, and a mistyped line is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from eval.scenes import FILE, MORE, BadScenes, scenes

TWO = """# deal: a bakery buys route planning
@ order 2026-03-09
D 3. The fee is 900 pounds a month.
? what do they pay | 1

@ call 2026-03-04
B Mo: The vans pass each other in Leeds.
S Jo: We put that right: every van, from day one.
? why did they look | 1
? what was promised | 2, 1
? who painted the vans | -
"""


def written(folder: Path, text: str) -> Path:
    file = folder / "scenes.txt"
    file.write_text(text, encoding="utf-8")
    return file


def test_lines_and_questions_of_each_scene_belong_together(tmp_path: Path) -> None:
    found = scenes(written(tmp_path, TWO))
    [(name, documents)] = found.accounts.items()
    assert [(document.kind, len(document.turns)) for document in documents] == [("call", 2), ("doc", 1)]  # oldest first
    assert [turn.speaker for document in documents for turn in document.turns] == ["Mo", "Jo", ""]
    turns = {turn.id: turn.text for document in documents for turn in document.turns}
    asked = {question.text: sorted(turns[id].split()[0] for id in question.gold) for question in found.questions}
    assert asked == {
        "what do they pay": ["3."],
        "why did they look": ["The"],
        "what was promised": ["The", "We"],
        "who painted the vans": [],
    }
    assert [question.answerable for question in found.questions] == [True, True, True, False]
    assert {question.account for question in found.questions} == {name}
    assert found.questions[2].wanted == 1  # either line answers


@pytest.mark.parametrize(
    ("wrong", "told"),
    [("? what | 3", "the scene has 1 lines"), ("@ fax 2026-01-01", "fax is none of call, mail, note, order"), ("X Mo: hm", "X Mo: hm")],
)
def test_a_line_that_is_none_of_the_files_is_told(wrong: str, told: str, tmp_path: Path) -> None:
    with pytest.raises(BadScenes, match=f"line 4: {told}"):
        scenes(written(tmp_path, f"# deal: x\n@ call 2026-01-01\nB Mo: The vans.\n{wrong}\n"))


@pytest.mark.parametrize(("file", "deals", "unanswerable"), [(FILE, 35, 426), (MORE, 40, 484)])
def test_the_snippets_shipped_can_be_read(file: Path, deals: int, unanswerable: int) -> None:
    found = scenes(file)
    turns = {turn.id for documents in found.accounts.values() for document in documents for turn in document.turns}
    assert len(found.accounts) == deals
    assert all(question.gold.keys() <= turns for question in found.questions)
    assert sum(not question.answerable for question in found.questions) == unanswerable
