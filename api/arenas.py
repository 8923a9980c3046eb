"""What a server of many threads asks of the libraries below: few heaps, and no threads of their own.

glibc would give every thread a heap of its own, which each grow to what one answer needs and stay so.
"""

from __future__ import annotations

import ctypes
import sys

_M_ARENA_MAX = -8
ARENAS = 2
ONE_THREAD_EACH = {"OPENBLAS_NUM_THREADS": "1"}
"""For the environment, before NumPy is loaded: as many answers are made at once as there are cores, and threads for each product of
matrices wait for one another instead, which took a quarter of a question's processor time."""


def share_heaps() -> None:
    """Before the first thread is started; where there is no glibc there is nothing to do."""
    if not sys.platform.startswith("linux"):
        return
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(_M_ARENA_MAX, ARENAS)
