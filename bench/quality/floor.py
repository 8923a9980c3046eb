"""The floor: BM25 over single turns, stemmed, stop words left out, each turn with its speaker's name."""

from __future__ import annotations

from bench.quality.reading import Found, System, unit_of_turn, was_known
from bench.quality.words import Words, best_first
from eval.slices import Asked, Slice


class TurnsByWords:
    def __init__(self, part: Slice, *, whole_thread: bool = False) -> None:
        self.name = "BM25 turns, all questions" if whole_thread else "BM25 turns"
        self._whole_thread = whole_thread
        self._units = {
            account: [unit_of_turn(document, turn) for document in documents for turn in document.turns]
            for account, documents in part.accounts.items()
        }
        self._words = {
            account: Words([turn.shown for document in documents for turn in document.turns], "en_plus")
            for account, documents in part.accounts.items()
        }

    def find(self, question: Asked) -> Found:
        """Only turns that share a word with the question."""
        earlier = [said.question for said in question.earlier] if self._whole_thread else []
        scores = self._words[question.account].scores(" ".join([*earlier, question.text]))
        units = self._units[question.account]
        places = [place for place in best_first(scores, len(scores)) if scores[place] > 0 and was_known(units[place], question)]
        return Found(tuple(units[place] for place in places), float(scores[places[0]]) if places else 0.0)


def floors(part: Slice) -> list[System]:
    """A slice with follow-ups gets a second row that searches for everything the user has asked so far."""
    systems: list[System] = [TurnsByWords(part)]
    if any(question.earlier for question in part.questions):
        systems.append(TurnsByWords(part, whole_thread=True))
    return systems
