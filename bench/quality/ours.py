"""Baton as one of the systems: it reads the slice's texts into a home of its own, and its passages are taken back to the slice's turns."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from assistant.answers import Answer, Exchange, Question
from assistant.wiring import open_kit
from bench.quality.reading import Found, System, Unit
from eval.deal_slice import turn_of
from eval.public.export import turns_of_passages, write_slice
from eval.ranking import BUDGETS, Piece
from eval.slices import Asked, Slice
from eval.subject import Baton
from eval.tokens import tokens_of
from ingest.archive.scope import EVERYTHING, Scope
from ingest.sync import sync
from ingest.wiring import open_home

NAME, WORDS_ONLY, UNRULED = "Baton", "Baton, words only", "Baton, no name or date rule"
DEPTH = 100
"""Passages asked for at first, and more each time they are not enough."""


@dataclass(frozen=True)
class Searching:
    """`sure` is how sure Baton was of its answers, by question, where it was asked for them."""

    name: str
    baton: Baton
    units: Mapping[str, Unit]
    questions: Mapping[str, Question]
    sure: Mapping[str, float]

    def find(self, question: Asked) -> Found:
        """As many passages as fill the largest budget of tokens: in a meeting, where most turns are short, that may be hundreds."""
        limit, units = 0, list[Unit]()
        while len(units) == limit and _tokens(units) < max(BUDGETS):
            limit += DEPTH
            units = [self.units[passage.id] for passage in self.baton.find(self.questions[question.id], limit)]
        return Found(tuple(units), self.sure.get(question.id))


@dataclass(frozen=True)
class Listening(Baton):
    """Keeps the questions as they were asked, each with what had been answered before."""

    heard: list[Question] = field(default_factory=list)

    def ask(self, question: Question) -> Answer:
        self.heard.append(question)
        return super().ask(question)


@contextmanager
def reading(part: Slice, folder: Path | None) -> Iterator[Baton]:
    """Baton with the slice's texts read in, below `folder` (what it has read before is not read again) or thrown away afterwards.

    Raises `ValueError` when it did not take in every document: it would be measured on less than its peers.
    """
    with TemporaryDirectory(prefix="baton-quality-") as passing:
        place = (folder or Path(passing)) / part.name
        place.mkdir(parents=True, exist_ok=True)
        write_slice(part, place / "slice.jsonl")
        with open_home(place / "home", write=True) as home:
            tally = sync(home, [place / "slice.jsonl"])
            held = len({source.external_id for source in home.archive.sources(EVERYTHING)})
            given = sum(map(len, part.accounts.values()))
            if not tally.complete or held != given:
                raise ValueError(f"{part.name}: Baton holds {held} of {given} documents: {[*tally.held, *tally.failed][:3]}")
            yield Baton(open_kit(home))


def questions_of(part: Slice, baton: Baton) -> dict[str, Question]:
    """As a set with its own conversations asks them: Baton is told what was said before, not what it would have said itself."""
    return {
        asked.id: Question(
            asked.text,
            baton.account_id(asked.account),
            as_of=asked.as_of,
            earlier=tuple(Exchange(said.question, said.question, said.answer) for said in asked.earlier),
        )
        for asked in part.questions
    }


def ways(
    baton: Baton,
    units: Mapping[str, Unit],
    questions: Mapping[str, Question],
    sure: Mapping[str, float],
    *,
    words_only: bool,
    unruled: bool = False,
) -> list[System]:
    """Baton, and as asked for without its embeddings, and without what naming a person or a date lifts."""
    systems: list[System] = [Searching(NAME, baton, units, questions, sure)]
    if words_only:
        blind = Baton(replace(baton.kit, recipe=replace(baton.kit.recipe, meaning=False)))
        systems.append(Searching(WORDS_ONLY, blind, units, questions, {}))
    if unruled:
        plain = Baton(replace(baton.kit, recipe=replace(baton.kit.recipe, speaker=0.0, voice=0.0, date=0.0)))
        systems.append(Searching(UNRULED, plain, units, questions, {}))
    return systems


def units_of_set(part: Slice, baton: Baton) -> dict[str, Unit]:
    """By passage id, for what was read by `reading`."""
    return _units(part, baton, {account: turns_of_passages(baton.kit.archive, _scope(baton, account)) for account in part.accounts})


def units_of_deal(part: Slice, baton: Baton) -> dict[str, Unit]:
    """By passage id, for a slice made by `eval.deal_slice`."""
    turns: dict[str, dict[str, str]] = {}
    for account in part.accounts:
        kinds = {id: source.kind for id, source in baton.sources(baton.account_id(account)).items()}
        passages = baton.kit.archive.passages(_scope(baton, account))
        turns[account] = {passage.id: turn_of(passage, kinds[passage.interaction_id]) for passage in passages}
    return _units(part, baton, turns)


def _units(part: Slice, baton: Baton, turns: Mapping[str, Mapping[str, str]]) -> dict[str, Unit]:
    units: dict[str, Unit] = {}
    for account, documents in part.accounts.items():
        known = {turn.id: (document, turn) for document in documents for turn in document.turns}
        for passage in baton.kit.archive.passages(_scope(baton, account)):
            document, turn = known[turns[account][passage.id]]
            part_of = replace(turn, text=passage.text)
            piece = Piece(turn.id, tokens_of(part_of.shown), tokens_of(turn.shown))
            units[passage.id] = Unit(document.id, document.at, (piece,), passage.text, turn.speaker or None)
    return units


def _tokens(units: Iterable[Unit]) -> int:
    return sum(piece.tokens for unit in units for piece in unit.pieces)


def _scope(baton: Baton, account: str) -> Scope:
    return EVERYTHING.only(baton.account_id(account))
