"""By this door `baton ingest` and `baton pull` come in while a server holds the home: it does their work, and they tell how far it is.

A socket in the home, for its owner alone: who can connect to it could as well stop the server and do the work themselves, so nobody is
asked for a key, and no path comes over the network. A line of JSON goes in, what is wanted; lines come out, how far it is, and the last
one is what became of it. Who goes before that (Ctrl-C) stops the work, as the page's button does.
"""

from __future__ import annotations

import json
import logging
import socket
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from threading import Thread
from types import TracebackType
from typing import IO, Any

from pydantic import TypeAdapter, ValidationError

from api.home_socket import FILE, connected, fits
from api.importing import Imports
from api.intake import Asked, Asking, Exports, Progress, TakenIn, Tools, ask, take_in
from api.problems import Problem
from assistant.listening import Stopped
from ingest.opened import Home
from ingest.tally import Tally

MOST_BYTES = 1_000_000
_WHERE = '{"where": {}}\n'

log = logging.getLogger("baton.api")

_WANTED: dict[str, TypeAdapter[Any]] = {"exports": TypeAdapter(Exports), "tools": TypeAdapter(Tools)}
_BECAME: dict[str, TypeAdapter[Any]] = {"exports": TypeAdapter(TakenIn), "tools": TypeAdapter(Asked)}


class NotDone(Exception):
    """The server says why."""


class SideDoor:
    """Stands open inside `with`."""

    def __init__(self, home: Home, imports: Imports, base: str = "") -> None:
        """`base` is the address at which people reach the server."""
        self._home, self._imports, self._base = home, imports, base
        self._listener: socket.socket | None = None

    def __enter__(self) -> SideDoor:
        if not fits(self._home.path):
            return self
        where = self._home.path / FILE
        with suppress(FileNotFoundError):
            where.unlink()  # of a server that was killed: the home is ours
        try:
            listener = socket.socket(socket.AF_UNIX)
            listener.bind(str(where))
            where.chmod(0o600)  # before it listens nobody can connect
            listener.listen()
        except OSError as error:  # a file system that has no sockets
            log.warning("baton ingest cannot hand over to this server: %s", error.strerror)
            return self
        self._listener = listener
        Thread(target=self._answer, args=(listener,), name="side door", daemon=True).start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._listener is None:
            return
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)  # wakes who waits in `accept`
        self._listener.close()
        with suppress(FileNotFoundError):
            (self._home.path / FILE).unlink()

    def _answer(self, listener: socket.socket) -> None:
        while True:
            try:
                line, _ = listener.accept()
            except OSError:
                return
            Thread(target=self._serve, args=(line,), name="side door", daemon=True).start()

    def _serve(self, line: socket.socket) -> None:
        with suppress(OSError, ValueError), line, line.makefile("rw", encoding="utf-8") as spoken:  # who asked may have gone
            try:
                asked = spoken.readline(MOST_BYTES)
                said = {"where": self._base} if asked == _WHERE else self._served(*_wanted(asked), spoken)
            except NotDone as why:
                said = {"failed": str(why)}
            _say(spoken, said)

    def _served(self, kind: str, wanted: Exports | Tools, spoken: IO[str]) -> dict[str, Any]:
        return {kind: self._done(kind, wanted, spoken)}

    def _done(self, kind: str, wanted: Exports | Tools, spoken: IO[str]) -> Any:
        """Raises NotDone."""
        became: list[TakenIn | Asked] = []

        def asking(tool: str, asked: int) -> None:
            _told(spoken, {"asking": tool, "done": asked})

        def work(progress: Progress) -> Tally | None:
            def told(stage: str, done: int, total: int) -> None:
                _told(spoken, {"stage": stage, "done": done, "total": total})
                progress(stage, done, total)

            match wanted:
                case Exports():
                    taken = take_in(self._home, wanted, told)
                    became.append(taken)
                    return taken.tally
                case Tools():
                    asked = ask(self._home, wanted, told, asking)
                    became.append(asked)
                    return asked.report.tally

        try:
            ended = self._imports.here("baton ingest" if kind == "exports" else "baton pull", work)
        except Problem as problem:
            raise NotDone(problem.detail) from None
        if not became or ended["state"] != "done":
            raise NotDone(ended["detail"] or "It was not done.")
        return _BECAME[kind].dump_python(became[0], mode="json")


def through(home: Path, wanted: Exports | Tools, progress: Progress, asking: Asking = lambda tool, asked: None) -> Any:
    """`TakenIn` for exports, `Asked` for tools, as the server that holds this home did it; None where it has no such door.

    Raises NotDone.
    """
    if (line := connected(home)) is None:
        return None
    kind = "exports" if isinstance(wanted, Exports) else "tools"
    with line, line.makefile("rw", encoding="utf-8") as spoken:
        _say(spoken, {kind: _WANTED[kind].dump_python(wanted, mode="json")})
        for said in _heard(spoken):
            match said:
                case {"stage": stage, "done": done, "total": total}:
                    progress(stage, done, total)
                case {"asking": tool, "done": done}:
                    asking(tool, done)
                case {"failed": why}:
                    raise NotDone(str(why))
                case _:
                    return _BECAME[kind].validate_python(said[kind])
    raise NotDone("the server stopped before it was done; what was read is kept, so do it again")


def _wanted(line: str) -> tuple[str, Exports | Tools]:
    """Raises NotDone."""
    try:
        ((kind, given),) = json.loads(line).items()
        return kind, _WANTED[kind].validate_python(given)
    except (ValueError, KeyError, AttributeError, ValidationError):
        raise NotDone("the server is of another version of Baton; start it again") from None


def _heard(spoken: IO[str]) -> Iterator[dict[str, Any]]:
    for line in spoken:
        yield json.loads(line)


def _told(spoken: IO[str], words: dict[str, Any]) -> None:
    """How far it is; raises Stopped where nobody hears it any more."""
    try:
        _say(spoken, words)
    except (OSError, ValueError):
        raise Stopped from None


def _say(spoken: IO[str], words: dict[str, Any]) -> None:
    spoken.write(json.dumps(words) + "\n")
    spoken.flush()
