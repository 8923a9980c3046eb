"""One writer a home: an operating-system lock on HOME/.lock, with a note beside it that says who holds it."""

from __future__ import annotations

import json
import os
import sys
from contextlib import suppress
from pathlib import Path

from filelock import FileLock, Timeout

from ingest.archive.errors import HomeBusy


class HomeLock:
    """Held from `take` until `release`; the system drops it if the process dies, so a stale note means nothing."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self._note = home / ".lock-holder"
        self._lock = FileLock(home / ".lock", timeout=0, mode=0o600, thread_local=False)

    def take(self) -> None:
        try:
            self._lock.acquire()
        except Timeout:
            raise HomeBusy(self._home, *self._holder()) from None
        with suppress(OSError):  # the note is a courtesy: on a full disk the lock holds without it
            self._note.write_text(json.dumps({"pid": os.getpid(), "command": _command()}), encoding="utf-8")

    def release(self) -> None:
        if self._lock.is_locked:
            self._note.unlink(missing_ok=True)
            self._lock.release()

    def _holder(self) -> tuple[int | None, str]:
        try:
            note = json.loads(self._note.read_text(encoding="utf-8"))
            return int(note["pid"]), str(note["command"])
        except (OSError, ValueError, KeyError, TypeError):  # the holder is just writing or removing its note
            return None, ""


def _command() -> str:
    name = Path(sys.argv[0]).name if sys.argv and sys.argv[0] else "python"
    return " ".join([name, *sys.argv[1:3]])
