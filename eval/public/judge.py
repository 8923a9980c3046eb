"""Answers that people labelled right or wrong, supported or not: what a judge is measured on before it may score anything."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Literal

from eval.public.folder import file_of
from eval.public.records import LabelledRow, Words, read_labelled
from eval.public.table import Table

LABELS = {
    "answer_correctness": frozenset({"correct", "wrong"}),
    "answer_faithfulness": frozenset({"supported", "unsupported", "unclear"}),
    "insight_coverage": frozenset({"FULL", "PARTIAL", "NO"}),
}


class JudgedRow(LabelledRow):
    """`context` is what support is judged against, `reference` what is known to be right; a task fills the one it needs."""

    task: Literal["answer_correctness", "answer_faithfulness", "insight_coverage"]
    context: str = ""
    question: str = ""
    reference: str = ""
    answer: Words

    @property
    def counted(self) -> bool:
        """Not where the people were unsure, nor where support is asked for and there is nothing to be supported by."""
        return self.label != "unclear" and (self.task != "answer_faithfulness" or bool(self.context.strip()))


def judge_items(folder: Path) -> tuple[JudgedRow, ...]:
    """Raises `Absent` and `BadSet`."""

    def wrong(row: JudgedRow) -> str:
        return "" if row.label in LABELS[row.task] else f"is no label of {row.task}"

    return read_labelled(file_of(folder, "items.jsonl"), JudgedRow, wrong)


def judge(folder: Path) -> Table:
    """How many there are of each label: nothing judges them yet. Raises `Absent` and `BadSet`."""
    rows = judge_items(folder)
    counts = Counter(f"{row.task}, {row.label}" for row in rows if row.counted)
    left_out = f"{sum(not row.counted for row in rows)} are left out: people were unsure, or the text to be supported by is missing"
    return Table("judge", "labelled answers, for measuring a judge; development part", (), dict(sorted(counts.items())), (left_out,))
