"""What a judge is asked. Each answer is how sure it is, 0 to 1; what that is worth is found out in `eval.judging.standing`."""

from __future__ import annotations

from typing import Protocol


class Judge(Protocol):
    @property
    def name(self) -> str: ...

    def same_fact(self, question: str, reference: str, answer: str) -> float:
        """Whether the answer states the specific fact of the reference; a vaguer one does not."""
        ...

    def supported(self, statement: str, text: str) -> float:
        """Whether the text states all of the statement."""
        ...

    def states(self, point: str, summary: str) -> float:
        """Whether the summary tells the point with its particulars."""
        ...
