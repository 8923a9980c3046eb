"""Statements over many rows: so many ids at a time, and how many rows went."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any, TypeVar

from sqlalchemy import Connection, delete

AT_ONCE = 500
"""Ids in one statement; SQLite takes 32,766."""
Each = TypeVar("Each")


def batches(items: Collection[Each]) -> Iterator[list[Each]]:
    """All of them in order, some at a time."""
    listed = sorted(items)  # type: ignore[type-var]  # strings or numbers
    for at in range(0, len(listed), AT_ONCE):
        yield listed[at : at + AT_ONCE]


def delete_rows(connection: Connection, table: Any, where: Any) -> int:
    """How many there were."""
    return int(connection.execute(delete(table).where(where)).rowcount)
