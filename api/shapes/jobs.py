"""What happens by itself: close events that came in."""

from __future__ import annotations

from api.shapes.base import Given


class HookReceived(Given):
    """`known` ones were received before; nothing is done for them again."""

    received: int
    new: int
    known: int
