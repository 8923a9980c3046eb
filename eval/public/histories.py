"""The public sets of histories and questions as slices: LoCoMo, QMSum, EnterpriseRAG-Bench and MTRAG-UN.

What of each set's labels can bear a figure is decided here, set by set; the rest is loaded and asked, and marked as not counted.
"""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path

from eval.public.folder import Absent, public_data
from eval.public.records import DocumentRow, QuestionRow, moment_of, read_set
from eval.slices import Asked, Document, Said, Slice, Turn

LOOKED_AT = "development part; looked at, rules and weights were chosen on parts of it"

ERB_COMPANY = "Redwood Inference"
"""The one account of `erb`: its customers have a document or two each, and many questions are about the company as a whole."""

_UNDATED = datetime.max.replace(tzinfo=UTC)


def load_slices(data: Path | None = None) -> tuple[list[Slice], list[str]]:
    """Every set that is here, and a word for each that is not. Raises `BadSet`."""
    slices: list[Slice] = []
    skipped: list[str] = []
    for name, load in LOADERS.items():
        try:
            slices.append(load(public_data(data, os.environ) / name))
        except Absent as absent:
            skipped.append(str(absent))
    return slices, skipped


def locomo(folder: Path) -> Slice:
    """Long conversations of two friends, judged by turn.

    Not counted: labels that an audit disputes, and two answerable questions without evidence. The unanswerable ones ask about one
    speaker what the other said, and keep the turns that tempt as `traps`.
    """
    found = read_set(folder)
    accounts = _by_account(found.documents)
    turns = _turns(accounts)
    questions = tuple(
        _asked(question, question.account, _known(question.evidence_turn_ids, turns), counted=not question.meta.gold_disputed)
        for question in found.questions
    )
    return Slice("locomo", "turn", accounts, questions, f"LoCoMo, long conversations; {LOOKED_AT}")


def qmsum(folder: Path) -> Slice:
    """Meetings of about an hour with questions about a stretch of each, judged by turn.

    A question about the whole meeting has no turns of its own as evidence, so it is not counted. Turns without words are left out,
    of evidence too: nothing can find them.
    """
    found = read_set(folder)
    accounts = _by_account(found.documents)
    turns = _turns(accounts)
    questions = tuple(_asked(question, question.account, _known(question.evidence_turn_ids, turns)) for question in found.questions)
    return Slice("qmsum", "turn", accounts, questions, f"QMSum, meetings; {LOOKED_AT}")


def erb(folder: Path) -> Slice:
    """One synthetic company's calls, mails, notes, chat and papers, judged by document, all in one account (`ERB_COMPANY`).

    Not counted: `missing_gold`, questions whose evidence was left out of this part of the set, because nobody has checked that the
    documents that stayed do not answer them; what the whole set answers is in the records, and is no answer here.
    """
    found = read_set(folder)
    questions = tuple(
        _asked(question, ERB_COMPANY, question.evidence_doc_ids, counted=question.category != "missing_gold")
        for question in found.questions
    )
    accounts = {ERB_COMPANY: tuple(_oldest_first(found.documents))}
    return Slice("erb", "document", accounts, questions, f"EnterpriseRAG-Bench, mixed sources; {LOOKED_AT}")


def mtragun(folder: Path) -> Slice:
    """Passages of the web and the last question of a conversation about them, judged by document; an account is a domain.

    Not counted: `underspecified`, which should be asked back and is neither answerable nor unanswerable.
    """
    found = read_set(folder)
    questions = tuple(
        _asked(question, question.account, question.evidence_doc_ids, counted=question.category != "underspecified")
        for question in found.questions
    )
    return Slice("mtragun", "document", _by_account(found.documents), questions, f"MTRAG-UN, follow-up questions; {LOOKED_AT}")


LOADERS: Mapping[str, Callable[[Path], Slice]] = {"locomo": locomo, "qmsum": qmsum, "erb": erb, "mtragun": mtragun}


def _asked(question: QuestionRow, account: str, evidence: Iterable[str], *, counted: bool = True) -> Asked:
    gold = {name: frozenset({name}) for name in evidence}
    history = question.meta.history
    return Asked(
        id=question.qid,
        account=account,
        text=question.question,
        kind=question.category,
        gold=gold,
        answerable=question.answerable,
        answer=question.answer,
        earlier=tuple(Said(user.text, agent.text) for user, agent in zip(history[::2], history[1::2], strict=True)),
        counted=counted and bool(gold) == question.answerable,
        traps=frozenset(question.meta.trap_turns),
    )


def _by_account(documents: Iterable[DocumentRow]) -> dict[str, tuple[Document, ...]]:
    accounts: defaultdict[str, list[DocumentRow]] = defaultdict(list)
    for document in documents:
        accounts[document.account].append(document)
    return {name: tuple(_oldest_first(rows)) for name, rows in accounts.items()}


def _oldest_first(rows: Iterable[DocumentRow]) -> list[Document]:
    """What has no date comes last, in the order of the file."""
    return sorted(map(_document, rows), key=lambda document: document.at or _UNDATED)


def _document(row: DocumentRow) -> Document:
    """Without white space around a turn, as Baton's reader takes it; a document without turns is one, under its own id."""
    turns = tuple(Turn(turn.turn_id, turn.speaker.strip(), turn.text.strip()) for turn in row.turns if turn.text.strip())
    return Document(row.doc_id, row.source_type, row.title, moment_of(row.timestamp), turns or (Turn(row.doc_id, "", row.text.strip()),))


def _turns(accounts: Mapping[str, tuple[Document, ...]]) -> frozenset[str]:
    return frozenset(turn.id for documents in accounts.values() for document in documents for turn in document.turns)


def _known(names: Iterable[str], turns: Collection[str]) -> list[str]:
    """Of the turns named, those with words."""
    return [name for name in names if name in turns]
