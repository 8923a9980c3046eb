"""The floor: BM25 over single turns, stemmed, stop words left out, each turn with its speaker's name; and over whole documents."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bench.quality.reading import Found, System, Unit, page_of, unit_of_turn, was_known
from bench.quality.words import Words, best_first
from eval.slices import Asked, Slice


class _ByWords:
    """Only units that share a word with the question are found."""

    def __init__(self, name: str, units: Mapping[str, Sequence[Unit]], texts: Mapping[str, Sequence[str]], *, whole_thread: bool) -> None:
        self.name = name
        self._whole_thread = whole_thread
        self._units = units
        self._words = {account: Words(said, "en_plus") for account, said in texts.items()}

    def find(self, question: Asked) -> Found:
        earlier = [said.question for said in question.earlier] if self._whole_thread else []
        scores = self._words[question.account].scores(" ".join([*earlier, question.text]))
        units = self._units[question.account]
        places = [place for place in best_first(scores, len(scores)) if scores[place] > 0 and was_known(units[place], question)]
        return Found(tuple(units[place] for place in places), float(scores[places[0]]) if places else 0.0)


class TurnsByWords(_ByWords):
    def __init__(self, part: Slice, *, whole_thread: bool = False) -> None:
        super().__init__(
            "BM25 turns, all questions" if whole_thread else "BM25 turns",
            {account: [unit_of_turn(d, turn) for d in documents for turn in d.turns] for account, documents in part.accounts.items()},
            {account: [turn.shown for d in documents for turn in d.turns] for account, documents in part.accounts.items()},
            whole_thread=whole_thread,
        )


class DocumentsByWords(_ByWords):
    """A slice judged by document has to be searched by document once, or a long one is judged by its best line alone."""

    def __init__(self, part: Slice) -> None:
        pages = {account: [page_of(document) for document in documents] for account, documents in part.accounts.items()}
        super().__init__(
            "BM25 whole documents",
            {account: [page.unit(0, len(page.text)) for page in found] for account, found in pages.items()},
            {account: [page.text for page in found] for account, found in pages.items()},
            whole_thread=False,
        )


def floors(part: Slice) -> list[System]:
    """A slice judged by document gets a row that searches by document, one with follow-ups a row that searches for everything the
    user has asked so far."""
    systems: list[System] = [TurnsByWords(part)]
    if part.level == "document":
        systems.append(DocumentsByWords(part))
    if any(question.earlier for question in part.questions):
        systems.append(TurnsByWords(part, whole_thread=True))
    return systems
