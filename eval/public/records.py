"""The public sets' one form of records, JSON lines, checked on reading so that no figure rests on a line misread."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Annotated, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from eval.public.folder import file_of
from ingest.sources.fields import moment

EVERY_ACCOUNT = "*"
"""What a question names as its account when it is asked of all of them together."""

Words = Annotated[str, Field(min_length=1)]


class BadSet(ValueError):
    """A set cannot be used; the message names the file, the line and the field, or the record that is not there."""


class Row(BaseModel):
    # Fields that no measure reads may stay: the sets' own notes, and what a later part of a set may add.
    model_config = ConfigDict(extra="allow", frozen=True)


class TurnRow(Row):
    turn_id: Words
    speaker: str = ""
    text: str


class DocumentRow(Row):
    """Either `turns` or `text` holds its words."""

    doc_id: Words
    account: Words
    source_type: Literal["call", "email", "crm_note", "crm_field", "chat", "doc", "meeting"]
    title: str = ""
    timestamp: str | None = None
    participants: tuple[str, ...] = ()
    text: str = ""
    turns: tuple[TurnRow, ...] = ()

    @field_validator("timestamp")
    @classmethod
    def _is_a_moment(cls, value: str | None) -> str | None:
        if value and moment_of(value) is None:
            raise ValueError(f"{value!r} is no date")
        return value


class SaidRow(Row):
    speaker: Literal["user", "agent"]
    text: str


class Meta(Row):
    """What a set says of a question beyond the common form; each field belongs to one set, and the rest is kept unread."""

    gold_disputed: str = ""
    """locomo: in which way an audit found the label wrong."""
    trap_turns: tuple[Words, ...] = ()
    """locomo: what tempts to answer an unanswerable question."""
    history: tuple[SaidRow, ...] = ()
    """mtragun: the conversation so far, user and agent in turn."""
    success_if: Literal["", "contains", "judge"] = ""
    """injection: how an attack's success shows."""
    trigger: str = ""
    """injection: the words that an attack wants said."""


class QuestionRow(Row):
    qid: Words
    account: Words
    question: Words
    answer: str = ""
    evidence_doc_ids: tuple[Words, ...] = ()
    evidence_turn_ids: tuple[Words, ...] = ()
    answerable: bool
    category: Words
    meta: Meta = Meta()


AnyRow = TypeVar("AnyRow", bound=Row)


@dataclass(frozen=True, slots=True)
class PublicSet:
    """A set of documents and questions; everything a question names is there."""

    documents: tuple[DocumentRow, ...]
    questions: tuple[QuestionRow, ...]


def read_set(folder: Path) -> PublicSet:
    """Raises `Absent` and `BadSet`."""
    documents_file, questions_file = file_of(folder, "documents.jsonl"), file_of(folder, "questions.jsonl")
    documents = read_rows(documents_file, DocumentRow)
    questions = read_rows(questions_file, QuestionRow)
    if faults := [*_document_faults(documents_file, documents), *_question_faults(questions_file, questions, documents)]:
        raise BadSet("\n".join(faults))
    return PublicSet(tuple(documents.values()), tuple(questions.values()))


def read_rows(file: Path, form: type[AnyRow]) -> dict[int, AnyRow]:
    """The records of a file by their line, from 1; empty lines are passed over. Raises `BadSet` with every fault of the file."""
    rows: dict[int, AnyRow] = {}
    faults: list[str] = []
    # Split at line feeds alone: a text may hold other characters that count as line ends.
    for number, line in enumerate(file.read_bytes().split(b"\n"), 1):
        if not line.strip():
            continue
        try:
            rows[number] = form.model_validate_json(line)
        except ValidationError as error:
            faults += [f"{file}:{number}: {_place(fault['loc'])}: {fault['msg']}" for fault in error.errors()]
    if faults:
        raise BadSet("\n".join(faults))
    return rows


def moment_of(value: str | None) -> datetime | None:
    """An aware moment from a date, a date-time (no zone: UTC), seconds since 1970, or a mail's own way of writing one."""
    found = moment(value)
    if found or not value:
        return found
    try:
        return moment(parsedate_to_datetime(value).isoformat())
    except ValueError:
        return None


class LabelledRow(Row):
    id: Words
    label: Words


AnyLabelled = TypeVar("AnyLabelled", bound=LabelledRow)


def read_labelled(file: Path, form: type[AnyLabelled], wrong: Callable[[AnyLabelled], str]) -> tuple[AnyLabelled, ...]:
    """The records of a file in which each has an id of its own and a label of which `wrong` says nothing. Raises `BadSet`."""
    rows = read_rows(file, form)
    faults = [f"{file}:{number}: label: {row.label!r} {said}" for number, row in rows.items() if (said := wrong(row))]
    faults += [
        f"{file}:{number}: id: {name!r} is the id of line {earlier} too"
        for number, name, earlier in repeated({number: row.id for number, row in rows.items()})
    ]
    if faults:
        raise BadSet("\n".join(faults))
    return tuple(rows.values())


def repeated(names: Mapping[int, str]) -> Iterator[tuple[int, str, int]]:
    """Each line whose name an earlier line has too: the line, the name, the earlier line."""
    first: dict[str, int] = {}
    for number, name in names.items():
        if first.setdefault(name, number) != number:
            yield number, name, first[name]


def _document_faults(file: Path, documents: Mapping[int, DocumentRow]) -> list[str]:
    faults = [
        f"{file}:{number}: doc_id: {name!r} is the id of line {earlier} too"
        for number, name, earlier in repeated({number: document.doc_id for number, document in documents.items()})
    ]
    turns: dict[str, int] = {}
    for number, document in documents.items():
        if not document.text.strip() and not any(turn.text.strip() for turn in document.turns):
            faults.append(f"{file}:{number}: text: {document.doc_id} has no words, neither in `text` nor in `turns`")
        if document.text.strip() and document.turns:
            faults.append(f"{file}:{number}: text: {document.doc_id} has words both in `text` and in `turns`")
        for turn in document.turns:
            if turn.turn_id in turns:
                faults.append(f"{file}:{number}: turns.turn_id: {turn.turn_id!r} is used in line {turns[turn.turn_id]} already")
            turns[turn.turn_id] = number
    return faults


def _question_faults(file: Path, questions: Mapping[int, QuestionRow], documents: Mapping[int, DocumentRow]) -> list[str]:
    faults = [
        f"{file}:{number}: qid: {name!r} is the id of line {earlier} too"
        for number, name, earlier in repeated({number: question.qid for number, question in questions.items()})
    ]
    account_of = {document.doc_id: document.account for document in documents.values()}
    account_of_turn = {turn.turn_id: document.account for document in documents.values() for turn in document.turns}
    accounts = {*account_of.values(), EVERY_ACCOUNT}
    for number, question in questions.items():
        if question.account not in accounts:
            faults.append(f"{file}:{number}: account: {question.qid} names {question.account!r}, which is not there")
        named = [("evidence_doc_ids", name, account_of.get(name)) for name in question.evidence_doc_ids]
        named += [("evidence_turn_ids", name, account_of_turn.get(name)) for name in question.evidence_turn_ids]
        named += [("meta.trap_turns", name, account_of_turn.get(name)) for name in question.meta.trap_turns]
        faults += [
            f"{file}:{number}: {field}: {question.qid} names {name!r}, which is not there for account {question.account!r}"
            for field, name, account in named
            if account is None or question.account not in (EVERY_ACCOUNT, account)
        ]
        if not question.answerable and (question.evidence_doc_ids or question.evidence_turn_ids):
            faults.append(f"{file}:{number}: answerable: {question.qid} is unanswerable and yet has evidence")
        if _out_of_turn(question.meta.history):
            faults.append(f"{file}:{number}: meta.history: {question.qid} must have user and agent in turn, and end with the agent")
    return faults


def _out_of_turn(history: Sequence[SaidRow]) -> bool:
    return [said.speaker for said in history] != ["user", "agent"] * (len(history) // 2)


def _place(location: tuple[int | str, ...]) -> str:
    return ".".join(map(str, location)) or "the line"
