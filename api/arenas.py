"""Keeps glibc from giving every thread of a server a heap of its own, which each grow to what one answer needs and stay so."""

from __future__ import annotations

import ctypes
import sys

_M_ARENA_MAX = -8
ARENAS = 2


def share_heaps() -> None:
    """Before the first thread is started; where there is no glibc there is nothing to do."""
    if not sys.platform.startswith("linux"):
        return
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(_M_ARENA_MAX, ARENAS)
