"""What the plain stack does in a measured process: LlamaIndex, Chroma and MiniLM as in `bench.peer`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

from bench.peer import Ledger, MiniLM, index_embedded, ingest_plain, retrievers

TOP = 5


def ingest(history: str, folder: str) -> dict[str, Any]:
    """The model is loaded before the clock starts, and nothing is said to it about what was there before."""
    model = MiniLM()
    wall, cpu = perf_counter(), process_time()
    nodes = ingest_plain(Path(history), model, Path(folder))
    return {"wall_s": perf_counter() - wall, "cpu_s": process_time() - cpu, "passages": nodes}


def rerun(history: str, folder: str) -> dict[str, Any]:
    """With LlamaIndex's ledger of documents; loading the ledger is not in the time, as opening a home is not in Baton's."""
    ledger = Ledger(Path(folder), MiniLM())
    begun = perf_counter()
    embedded = ledger.ingest(Path(history))
    return {"wall_s": perf_counter() - begun, "changed": embedded}


def large(home: str, folder: str) -> dict[str, Any]:
    """Indexes a home's passages with the vectors they have there, so that nobody waits for the same texts to be embedded twice."""
    from ingest.archive.scope import EVERYTHING
    from ingest.index.embedder import MODEL
    from ingest.wiring import open_home

    with open_home(Path(home)) as opened:
        names = {account.id: account.name for account in opened.archive.accounts(EVERYTHING)}
        vectors = opened.archive.embeddings(EVERYTHING, MODEL)
        rows = [(names[p.account_id], p.id, p.text, vectors[p.content].vector.tolist()) for p in opened.archive.passages(EVERYTHING)]
    return {"passages": index_embedded(rows, Path(folder))}


def ask(folder: str, asked: Sequence[dict[str, str]]) -> dict[str, Any]:
    """As `bench.speed.baton.ask`; what it gives is passages, not answers."""
    from bench.speed.baton import OPENING

    begun = perf_counter()
    finders = retrievers(Path(folder), sorted({one["account"] for one in asked}), MiniLM(), TOP)
    finders[asked[0]["account"]].retrieve(OPENING)
    first_ms = (perf_counter() - begun) * 1000
    for finder in finders.values():
        finder.retrieve(OPENING)
    new_ms, found = [], 0
    for one in asked:
        begun = perf_counter()
        found += bool(finders[one["account"]].retrieve(one["text"]))
        new_ms.append((perf_counter() - begun) * 1000)
    return {"first_ms": first_ms, "new_ms": new_ms, "answers": found}


def ask_once(folder: str, account: str, question: str) -> dict[str, Any]:
    found = retrievers(Path(folder), [account], MiniLM(), TOP)[account].retrieve(question)
    return {"found": [one.node.get_content() for one in found]}
