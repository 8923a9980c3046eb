"""Pages of a list by opaque cursors that stay right when something is inserted before them."""

from __future__ import annotations

import base64
from collections.abc import Callable, Sequence
from typing import Annotated, TypeVar

from fastapi import Query

from api.problems import Problem

Item = TypeVar("Item")

Limit = Annotated[int, Query(ge=1, le=200)]
Cursor = Annotated[str | None, Query(max_length=200)]


def page(items: Sequence[Item], name: Callable[[Item], str], limit: int, cursor: str | None) -> tuple[list[Item], str | None]:
    """The items after the one the cursor names, and the cursor of the next page or None at the end."""
    begin = 0 if cursor is None else _after(items, name, cursor)
    shown = list(items[begin : begin + limit])
    more = begin + limit < len(items)
    return shown, _cursor(name(shown[-1])) if more else None


def _after(items: Sequence[Item], name: Callable[[Item], str], cursor: str) -> int:
    for index, item in enumerate(items):
        if _cursor(name(item)) == cursor:
            return index + 1
    raise Problem(400, "cursor_expired", "That cursor no longer points into this list. Start again without it.")


def _cursor(name: str) -> str:
    return base64.urlsafe_b64encode(name.encode()).decode().rstrip("=")
