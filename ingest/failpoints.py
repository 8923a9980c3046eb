"""Named places at which a test may end this process as a power cut would, or find the disk full. Nothing happens at them otherwise."""

from __future__ import annotations

import errno
import os
import signal
from collections import Counter
from functools import cache

VARIABLE = "BATON_FAILPOINT"
"""`filed@2` kills the process when it comes past `filed` for the second time, `filed@2=full` raises what a full disk
raises, `filed@2=interrupt` is Ctrl-C."""
NAMES = (
    "received", "putting crm", "crm put", "parsed", "filing", "filed", "forgetting", "settled", "counted", "embedding", "embedded",
    "mending", "deleted", "added", "built", "moved away", "moved in", "noted", "finished",
)  # fmt: skip
"""In the order in which a run comes past them."""
OF_ERASURES = ("erasure noted", "erasing rows", "rows erased", "rows noted", "vectors erased", "compacted", "looked")
"""In the order in which an erasure comes past them; one that is finished later begins behind the first."""
OF_JOBS = (
    "pull begins", "pull is over", "facts begins", "facts is over", "compose begins", "brief kept", "compose is over", "tell begins",
    "tell is over", "send begins", "sent", "send is over", "end begins", "end is over",
)  # fmt: skip
"""In a job, before and after each step; and where its effect is there and nobody has noted it yet."""

_past: Counter[str] = Counter()


def past(name: str) -> None:
    armed, at, how = _armed()
    if name != armed:
        return
    _past[name] += 1
    if _past[name] != at:
        return
    if how == "full":
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    os.kill(os.getpid(), signal.SIGINT if how == "interrupt" else signal.SIGKILL)


@cache
def _armed() -> tuple[str, int, str]:
    place, _, how = os.environ.get(VARIABLE, "").partition("=")
    name, _, at = place.partition("@")
    return name, int(at or 1), how
