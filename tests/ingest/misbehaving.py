"""What a parser may do to the process it runs in."""

from __future__ import annotations

import os
import signal
from pathlib import Path

from ingest.reading import Attempt, attempt
from ingest.records import Reading
from ingest.sources import document_pdf, documents
from ingest.sources.document_outcome import Parsed


def double(number: int) -> int:
    return 2 * number


def who(number: int) -> int:
    """The process that does it."""
    return os.getpid()


def misbehave(how: str) -> str:
    if how == "hang":
        signal.pause()
    if how == "loop":
        while True:
            pass
    if how == "swallow":
        return str(len(bytearray(4 * 2**30)))
    if how == "segfault":
        os.kill(os.getpid(), signal.SIGSEGV)
    if how == "raise":
        raise ValueError(how)
    if how == "interrupt":
        os.kill(os.getpid(), signal.SIGINT)
    if how == "print":
        print("not for the parent to read", flush=True)
    return how


def read_documents(item: Attempt) -> Reading:
    """Reads as ever, only that a PDF does to its reader what it says."""
    documents._PARSERS["pdf"] = _doing_what_it_says
    return attempt(item)


def _doing_what_it_says(data: bytes) -> Parsed:
    for how in ("loop", "segfault", "swallow", "raise"):
        if how.encode() in data:
            misbehave(how)
    return document_pdf.parse(data)


def wait_for(place: Path) -> str:
    """Done only when the file is there: opening a pipe waits for its writer."""
    with place.open(encoding="utf-8") as pipe:
        return pipe.read()
