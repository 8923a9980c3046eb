"""What happens by itself: close events that came in, jobs, what was sent."""

from __future__ import annotations

from typing import Any

from api.shapes.base import Given
from ingest.archive.work import State


class HookReceived(Given):
    """`known` ones were received before; nothing is done for them again."""

    received: int
    new: int
    known: int


class JobShape(Given):
    """`about` and `result` hold ids and counts; `trouble` is why the last try failed."""

    number: int
    kind: str
    state: State
    account_id: str | None
    about: dict[str, Any]
    tries: int
    made_at: str
    due_at: str | None
    ended_at: str | None
    trouble: str | None
    result: dict[str, Any]


class JobPage(Given):
    items: list[JobShape]
    counts: dict[State, int]
    next_cursor: str | None


class DeliveryShape(Given):
    id: str
    account_id: str
    brief: str
    what: str
    channel: str
    began_at: str
    sent_at: str | None


class DeliveryPage(Given):
    items: list[DeliveryShape]
