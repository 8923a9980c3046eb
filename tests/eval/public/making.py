"""Small invented records in the public sets' form."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

Record = Mapping[str, object]


def talk(doc_id: str, account: str, *turns: tuple[str, str], on: str | None = None) -> Record:
    said = [{"turn_id": f"{doc_id}#{n}", "speaker": who, "time": None, "text": text} for n, (who, text) in enumerate(turns)]
    return {"doc_id": doc_id, "account": account, "source_type": "call", "title": "", "timestamp": on, "participants": [], "turns": said}


def paper(doc_id: str, account: str, text: str, kind: str = "doc", on: str | None = None, **meta: object) -> Record:
    row = {"doc_id": doc_id, "account": account, "source_type": kind, "title": "Depot", "timestamp": on, "participants": [""]}
    return row | {"text": text, "meta": meta}


def question(
    qid: str, account: str, text: str, *, docs: Sequence[str] = (), turns: Sequence[str] = (), category: str = "plain",
    answerable: bool = True, **meta: object,
) -> Record:  # fmt: skip
    row = {"qid": qid, "account": account, "question": text, "answer": "", "answerable": answerable, "category": category}
    return row | {"evidence_doc_ids": list(docs), "evidence_turn_ids": list(turns), "meta": meta}


def lines(file: Path, *records: Record) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("".join(json.dumps(record) + "\n" for record in records), "utf-8")
    return file


def put(folder: Path, documents: Sequence[Record], questions: Sequence[Record]) -> Path:
    """A set's folder."""
    lines(folder / "documents.jsonl", *documents)
    lines(folder / "questions.jsonl", *questions)
    return folder
