"""A labelled deal as a slice: the texts that Baton's archive holds of it, so that a peer searches the very same words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime

from assistant.asking import end_of_day
from assistant.room import SPOKEN
from eval.cases import Case, Evidence, LabelledQuestion
from eval.given import given_ranking
from eval.matching import stands_for
from eval.slices import Asked, Document, Said, Slice, Turn
from ingest.archive.archive import Archive
from ingest.archive.rows import StoredInteraction, StoredPassage
from ingest.archive.scope import EVERYTHING
from ingest.records import Kind

_UNDATED = datetime.max.replace(tzinfo=UTC)


def deal_slice(case: Case, archive: Archive) -> Slice:
    """The accounts that the case's questions name, by name, and its questions with the turns that hold their evidence.

    Where any one of a question's labels is enough, all turns that hold one are the same piece of evidence; with `evidence_all` each
    label is a piece. A label that stands in no turn is missing from `gold`: see `lost_evidence`.
    """
    names = {question.account: case.history.accounts[question.account].name for question in case.questions}
    turns: dict[str, dict[str, tuple[str, str]]] = {}
    accounts: dict[str, tuple[Document, ...]] = {}
    for account, name in names.items():
        documents, sources = _documents(case, archive, archive.account(EVERYTHING, name).id)
        accounts[name] = documents
        turns[account] = {turn.id: (sources[document.id], turn.text) for document in documents for turn in document.turns}
    questions = tuple(_asked(case, question, names[question.account], turns[question.account]) for question in case.questions)
    return Slice(case.name, "turn", accounts, questions, f"{case.name}, a labelled deal; tuned on")


def turn_of(passage: StoredPassage, kind: Kind) -> str:
    """The slice's turn that a passage is, or is a piece of; `kind` is its interaction's."""
    return f"{passage.interaction_id}#{passage.turn}" if kind in SPOKEN else passage.id


def lost_evidence(case: Case, part: Slice) -> list[str]:
    """Each piece of evidence that stands in no turn, as `question: quote`: found nowhere, so it can only cost."""
    gold = {question.id: frozenset[str]().union(*question.gold.values()) for question in part.questions}
    return [
        f"{question.id}: {labels[0].quote}"
        for question in case.questions
        for piece, labels in _pieces(question).items()
        if piece not in gold[question.id]
    ]


def _documents(case: Case, archive: Archive, account_id: str) -> tuple[tuple[Document, ...], Mapping[str, str]]:
    """An account's documents, oldest first, and the name that the case's history knows each by."""
    scope = EVERYTHING.only(account_id)
    passages = archive.passages(scope)
    sources = {source.id: source for source in archive.sources(scope)}
    named = {
        passage.interaction_id: ranked.source
        for passage, ranked in zip(passages, given_ranking(passages, case.history, sources), strict=True)
    }
    of: defaultdict[str, list[StoredPassage]] = defaultdict(list)
    for passage in passages:
        of[passage.interaction_id].append(passage)
    documents = [_document(found, of[found.source.id]) for found in archive.interactions(scope) if found.source.id in of]
    return tuple(sorted(documents, key=lambda document: document.at or _UNDATED)), named


def _document(found: StoredInteraction, passages: Sequence[StoredPassage]) -> Document:
    source = found.source
    whole = source.kind in SPOKEN
    turns: dict[str, Turn] = {}
    for passage in passages:
        turn = found.turns[passage.turn]
        text = found.text[turn.span.start : turn.span.end] if whole else passage.text
        # The heading stands in for a speaker, as it does in what Baton itself searches.
        turns.setdefault(turn_of(passage, source.kind), Turn(turn_of(passage, source.kind), turn.speaker_name or turn.heading, text))
    return Document(source.id, source.kind, source.title, source.occurred_at, tuple(turns.values()))


def _asked(case: Case, question: LabelledQuestion, account: str, turns: Mapping[str, tuple[str, str]]) -> Asked:
    gold: defaultdict[str, set[str]] = defaultdict(set)
    for piece, labels in _pieces(question).items():
        for turn in _turns_with(labels, case, turns):
            gold[turn].add(piece)
    return Asked(
        id=question.id,
        account=account,
        text=question.text,
        kind=question.type,
        gold={turn: frozenset(pieces) for turn, pieces in gold.items()},
        answerable=question.answerable,
        earlier=tuple(Said(earlier.text, "") for earlier in case.thread(question)),
        as_of=end_of_day(question.as_of, "UTC") if question.as_of else None,
        counted=bool(gold) == question.answerable,
    )


def _pieces(question: LabelledQuestion) -> dict[str, list[Evidence]]:
    """The pieces of evidence a full answer needs, by name, each with the labels that are as good as each other."""
    if question.evidence_all:
        return {str(number): [label] for number, label in enumerate(question.evidence, 1)}
    return {"1": list(question.evidence)} if question.evidence else {}


def _turns_with(labels: Iterable[Evidence], case: Case, turns: Mapping[str, tuple[str, str]]) -> set[str]:
    """Only the label's own source counts, so a quoted tail or another account's like words are none."""
    found: set[str] = set()
    for turn, (source, text) in turns.items():
        named = case.history.sources_named(source)
        if any(label.source in named and stands_for(text, label.quote, named, label.source) for label in labels):
            found.add(turn)
    return found
