"""Writes a slice's texts in the neutral format, so that Baton reads exactly what its peers are given, and finds its turns again."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path

from eval.public.records import DocumentRow, moment_of
from eval.slices import Document, Slice
from ingest.archive.archive import Archive
from ingest.archive.scope import Scope


def write_slice(part: Slice, file: Path) -> None:
    """A line a document. Every text goes as turns, a mail's too: as plain text its quoted tail would be cut off for Baton alone."""
    _write((_line(account, document) for account, documents in part.accounts.items() for document in documents), file)


def write_documents(documents: Iterable[DocumentRow], file: Path) -> None:
    """Each as the set has it, a mail as text that Baton takes apart itself. Only its date is spelled anew."""
    _write((_line_of_row(document) for document in documents), file)


def turns_of_passages(archive: Archive, scope: Scope) -> dict[str, str]:
    """The slice's turn that each passage is a piece of, by the passage's id, for accounts that were read from `write_slice`."""
    turns = {found.source.id: [turn.native_id for turn in found.turns] for found in archive.interactions(scope)}
    return {passage.id: turns[passage.interaction_id][passage.turn] for passage in archive.passages(scope)}


def _write(lines: Iterable[Mapping[str, object]], file: Path) -> None:
    file.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines), "utf-8")


def _line(account: str, document: Document) -> dict[str, object]:
    return {
        "doc_id": document.id,
        "account": account,
        "source_type": document.kind,
        "title": document.title,
        "timestamp": document.at.isoformat() if document.at else None,
        "participants": list(dict.fromkeys(turn.speaker for turn in document.turns if turn.speaker)),
        "turns": [{"turn_id": turn.id, "speaker": turn.speaker, "text": turn.text} for turn in document.turns],
    }


def _line_of_row(row: DocumentRow) -> dict[str, object]:
    at = moment_of(row.timestamp)
    return row.model_dump(exclude={"timestamp"}) | {"timestamp": at.isoformat() if at else None}
