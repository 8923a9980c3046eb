"""Keeps the indexes of a served home true to its archive: brought up to date before the first question, then held against it."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from types import TracebackType

from ingest.archive.scope import EVERYTHING
from ingest.index.port import IndexBroken
from ingest.index.projection import bring_up_to_date, differences, rebuild
from ingest.opened import Home


class Upkeep:
    """Inside `with`, a folder of vectors that was deleted is there again, and one that was damaged is being made again.

    The first takes no time where nothing is missing. The second looks at every vector, so it has a thread of its own: meanwhile
    questions are answered. What cannot be mended stands in the home's troubles, and so in every answer's `degraded` and in /readyz.
    """

    def __init__(self, home: Home) -> None:
        self._home = home
        self._stop = threading.Event()
        self._looking = threading.Thread(target=self._look, name="upkeep")

    def __enter__(self) -> Upkeep:
        self._note(bring_up_to_date(self._home)[1])
        self._looking.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Waits for the account being looked at; a home is not closed under its own repair."""
        self._stop.set()
        self._looking.join()

    def wait(self) -> None:
        self._looking.join()

    def _look(self) -> None:
        home = self._home
        for account in home.archive.accounts(EVERYTHING):
            if self._stop.is_set():
                return
            try:
                if differences(home.archive, home.vectors, account.id):
                    rebuild(home.archive, home.vectors, account.id)
            except IndexBroken as broken:
                self._note([str(broken)])

    def _note(self, troubles: Sequence[str]) -> None:
        self._home.troubles += [trouble for trouble in troubles if trouble not in self._home.troubles]
