"""Says on standard error what is being done, so that standard output is the result alone."""

from __future__ import annotations

import sys


def say(doing: str) -> None:
    print(f"bench: {doing} …", file=sys.stderr, flush=True)
