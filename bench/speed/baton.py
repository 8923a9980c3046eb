"""What Baton does in a measured process. Each function takes and gives what JSON can hold; times are taken around the work alone."""

from __future__ import annotations

import importlib
import json
import resource
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from itertools import groupby
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

from assistant.answers import Question
from assistant.asking import ask as ask_baton
from assistant.portfolio import refresh
from assistant.wiring import Kit, open_kit
from bench.hashed import HashedWords
from bench.texts import SPOKEN_WORDS, write_history
from ingest.archive.scope import EVERYTHING
from ingest.opened import Home
from ingest.sync import sync
from ingest.wiring import open_home

OPENING = "What did we agree on?"
"""Asked once of each account before anything is measured; no labelled question has these words."""


def timed(work: Callable[[], object]) -> tuple[float, float]:
    """Seconds by the clock and of processor time."""
    wall, cpu = perf_counter(), process_time()
    work()
    return perf_counter() - wall, process_time() - cpu


def history(samples: str, passages: int, out: str) -> dict[str, Any]:
    return {"texts": len(write_history(Path(samples), passages, Path(out)))}


def large_history(samples: str, passages: int, out: str) -> dict[str, Any]:
    """One account, with texts as long as people's turns are."""
    return {"texts": len(write_history(Path(samples), passages, Path(out), accounts=1, least_words=SPOKEN_WORDS))}


def huge_history(samples: str, passages: int, accounts: int, out: str, others: bool = False) -> dict[str, Any]:
    """Of as many accounts; `others` are accounts that no other history has."""
    texts = write_history(Path(samples), passages, Path(out), accounts=accounts, least_words=SPOKEN_WORDS)
    if others:
        written = Path(out).read_text(encoding="utf-8")
        for old, new in (("Account ", "Other "), ("call-", "other-call-"), ("mail-", "other-mail-")):
            written = written.replace(f'"{old}', f'"{new}')
        Path(out).write_text(written, "utf-8")
    return {"texts": len(texts)}


def ingest_hashed(home: str, paths: Sequence[str]) -> dict[str, Any]:
    with _open_hashed(home, write=True) as opened:
        wall, cpu = timed(lambda: sync(opened, [Path(path) for path in paths]))
        refresh(opened.archive)  # as `baton ingest` does it: a question finds the facts read
        return {"wall_s": wall, "cpu_s": cpu, "passages": len(opened.archive.embedded(EVERYTHING, HashedWords.name))}


def rerun_hashed(home: str, paths: Sequence[str]) -> dict[str, Any]:
    with _open_hashed(home, write=True) as opened:
        return _rerun(opened, paths)


def ask_hashed(home: str, texts: Sequence[str]) -> dict[str, Any]:
    """By a reader, of the first account: what the first answer of the process took, and each after it."""
    return _ask_hashed(home, texts, lambda asked: asked < len(texts))


def ask_until(home: str, texts: Sequence[str], process: int) -> dict[str, Any]:
    """The same, over and over as long as a process runs."""
    return _ask_hashed(home, texts, lambda asked: asked < 10 or _runs(process))


def _ask_hashed(home: str, texts: Sequence[str], more: Callable[[int], bool]) -> dict[str, Any]:
    begun = perf_counter()
    with open_kit(_open_hashed(home)) as kit:
        account = min(account.id for account in kit.archive.accounts(EVERYTHING) if account.name == "Account 0")
        _asked(kit, account, OPENING)
        first = perf_counter() - begun
        walls: list[float] = []
        cpus: list[float] = []
        while more(len(walls)):
            wall, cpu = timed(lambda: _asked(kit, account, texts[len(walls) % len(texts)]))
            walls.append(wall * 1000)
            cpus.append(cpu * 1000)
        return {"first_s": first, "wall_ms": walls, "cpu_ms": cpus, "rss_mb": _held_mb()}


def _open_hashed(home: str, *, write: bool = False) -> Home:
    return open_home(Path(home), write=write, load_embedder=HashedWords, model=HashedWords.name)


def _runs(process: int) -> bool:
    """It is neither gone nor waiting for its parent to be told that it is."""
    try:
        return Path(f"/proc/{process}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def _held_mb() -> float:
    """Of memory that is this process's own and of files it has mapped."""
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / (1024 * 1024 if sys.platform == "darwin" else 1024)


def questions(home: str, cases: str) -> dict[str, Any]:
    """The labelled questions, each with its account's name and its id in this home."""
    from eval.cases import load_cases

    with open_home(Path(home)) as opened:
        named = [(case.history.accounts[asked.account].name, asked.text) for case in load_cases(Path(cases)) for asked in case.questions]
        ids = {name: opened.archive.account(EVERYTHING, name).id for name, _ in named}
    return {"questions": [{"account": name, "id": ids[name], "text": text} for name, text in named]}


def accounts(home: str) -> dict[str, Any]:
    with open_home(Path(home)) as opened:
        return {"accounts": {account.name: account.id for account in opened.archive.accounts(EVERYTHING)}}


def texts(home: str, out: str) -> dict[str, Any]:
    """Writes the passages of a home in the neutral format, so that others work on the same texts; says how many there are."""
    with open_home(Path(home)) as opened:
        names = {account.id: account.name for account in opened.archive.accounts(EVERYTHING)}
        passages = opened.archive.passages(EVERYTHING)
    lines = []
    for source, held in groupby(passages, key=lambda passage: passage.interaction_id):
        turns = list(held)
        said = [{"text": turn.text} for turn in turns]
        lines.append({"doc_id": source, "account": names[turns[0].account_id], "source_type": "call", "turns": said})
    Path(out).write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    return {"texts": len(passages)}


def ingest(home: str, paths: Sequence[str], our_domains: Sequence[str] = ()) -> dict[str, Any]:
    with open_home(Path(home), write=True) as opened:
        wall, cpu = timed(lambda: sync(opened, [Path(path) for path in paths], our_domains=our_domains))
        return {"wall_s": wall, "cpu_s": cpu, "passages": len(opened.archive.passages(EVERYTHING))}


def rerun(home: str, paths: Sequence[str]) -> dict[str, Any]:
    with open_home(Path(home), write=True) as opened:
        return _rerun(opened, paths)


def _rerun(opened: Home, paths: Sequence[str]) -> dict[str, Any]:
    begun = perf_counter()
    tally = sync(opened, [Path(path) for path in paths])
    wall = perf_counter() - begun
    return {"wall_s": wall, "changed": tally.new + tally.changed + tally.removed + tally.embedded, "unchanged": tally.unchanged}


def nothing(home: str) -> dict[str, Any]:
    """Opens the home as a writer and closes it again."""
    wall, _ = timed(lambda: open_home(Path(home), write=True).close())
    return {"wall_s": wall}


def ask(home: str, asked: Sequence[dict[str, str]]) -> dict[str, Any]:
    """Milliseconds of the first answer of the process, of each question when it is new, and of each when it is asked again.

    Asked again, a question's embedding is remembered; what a person types is mostly new.
    """
    with open_kit(open_home(Path(home), write=True)) as kit:
        first_ms = _asked(kit, asked[0]["id"], OPENING)[0]
        for account in sorted({one["id"] for one in asked}):
            _asked(kit, account, OPENING)
        new = [_asked(kit, one["id"], one["text"]) for one in asked]
        again = [_asked(kit, one["id"], one["text"]) for one in asked]
        return {
            "first_ms": first_ms,
            "new_ms": [milliseconds for milliseconds, _ in new],
            "again_ms": [milliseconds for milliseconds, _ in again],
            "answers": sum(status in ("answered", "declined") for _, status in new),
        }


def serving(home: str, account: str) -> dict[str, Any]:
    """Loads what a serving process has loaded after its first answer."""
    importlib.import_module("api.serve")
    with open_kit(open_home(Path(home), write=True)) as kit:
        _asked(kit, account, OPENING)
    return {}


def idle(libraries: Sequence[str]) -> dict[str, Any]:
    """Loads these modules and does nothing with them."""
    loaded = 0
    for name in libraries:
        with suppress(Exception):  # a few can only be loaded by the module they belong to, which stands here too
            importlib.import_module(name)
            loaded += 1
    return {"loaded": loaded}


def _asked(kit: Kit, account_id: str, text: str) -> tuple[float, str]:
    begun = perf_counter()
    answer = ask_baton(kit, Question(text, account_id))
    return (perf_counter() - begun) * 1000, answer.status
