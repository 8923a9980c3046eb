"""Reads facts anew before a question needs them: once after an upgrade, and with a word, for it takes a while.

A Baton that reads otherwise than the one before trusts none of the facts kept. Without this the first question would read them all
while somebody waits and nothing says why.
"""

from __future__ import annotations

from collections.abc import Callable

from assistant.portfolio import behind, refresh
from ingest.archive.archive import Archive


def read_anew(archive: Archive, by: str, say: Callable[[str], object], *, account_id: str | None = None, keep: bool = True) -> None:
    """Of one account or all; where nothing can be kept, only the word. `by` is the model whose facts count beside the grammar's."""
    accounts = [id for id in behind(archive, by) if account_id in (None, id)]
    if not accounts:
        return
    whose = "this account" if account_id else f"{len(accounts)} account{'s' if len(accounts) > 1 else ''}"
    if not keep:
        say(f"note    the facts of {whose} are not of today's Baton and are read for this answer alone; the next `baton ingest` keeps them")
        return
    say(f"reading the facts of {whose} anew: something came in, or Baton reads otherwise since an upgrade …")
    refresh(archive, by=by, only=frozenset(accounts))
