"""`Idempotency-Key`: a request that was sent again because its answer was lost changes nothing twice and gets the same answer again.

What was answered is kept in memory only, for an hour and within bounds, for whoever sent it and no one else: it may hold a key that was
just made. A server that starts anew remembers nothing. What was refused or failed is not kept, for nothing was done; it may be tried again.
"""

from __future__ import annotations

import hashlib
import json
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from threading import Lock
from time import monotonic
from typing import Annotated
from weakref import ReferenceType, ref

from fastapi import Depends, Header, Request, Response
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.access import Permission, Principal, Reader
from api.desk import Desk, OpenDesk
from api.events import streamed
from api.problems import Problem
from api.problems import response as problem_response
from api.runs import Run
from ingest.archive.scope import Scope as Seen

KEPT_S = 3600.0
MOST_EACH = 200
"""Keys of one caller."""
MOST_BYTES = 32_000_000
"""Of all responses kept."""
_TOLD_AGAIN = ("content-type", "location", "etag")

Key = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        min_length=1,
        max_length=128,
        pattern=r"^[!-~]+$",
        description="Of your choosing, new for each thing you want done. Sent again with the same request within the hour, it gets the "
        "same response again and nothing is done twice; with another request it is refused.",
    ),
]


@dataclass(eq=False)
class Done:
    """A request under its key, and what was answered once it was."""

    owner: str
    asked: str
    """A digest of the method, address, body and kind of response wanted."""
    scope: Seen
    may: frozenset[Permission]
    stamp: str
    at: float
    status: int = 0
    """0 while it is being done."""
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    run: ReferenceType[Run] | None = None
    """Instead of a body where the answer is a stream; it is kept elsewhere, and for minutes only."""
    trail: list[str] = field(default_factory=list)


class Again(Exception):
    """This was answered before; `done` says what."""

    def __init__(self, done: Done) -> None:
        self.done = done


@dataclass
class Remembered:
    """Safe to use from several threads."""

    now: Callable[[], float] = monotonic
    _kept: OrderedDict[tuple[str, str], Done] = field(default_factory=OrderedDict)
    _lock: Lock = field(default_factory=Lock)

    def begin(self, reader: Principal, key: str, asked: str, stamp: str) -> Done:
        """Raises `Again`, or Problem where the key stands for something else (422) or for what is being done at this moment (409)."""
        with self._lock:
            self._forget_old(reader.id)
            known = self._kept.get((reader.id, key))
            if known is not None and known.run is not None and (run := known.run()) is not None and run.state in ("failed", "stopped"):
                known = None
            if known is None:
                begun = Done(reader.id, asked, reader.scope, reader.may, stamp, self.now(), trail=reader.trail)
                self._kept[reader.id, key] = begun
                return begun
        if known.asked != asked:
            raise Problem(422, "idempotency_key_reused", "That Idempotency-Key was sent with another request. Choose a new one.")
        if not known.status and known.run is None:
            raise Problem(409, "in_progress", "That request is being done at this moment.", {"retry_after": 1}, {"Retry-After": "1"})
        if known.stamp != stamp or not _sees_no_less(reader, known):
            detail = "That request was answered, and what you may see has changed since. Look what became of it."
            raise Problem(409, "answered_before", detail)
        raise Again(known)

    def end(self, done: Done, *, kept: bool) -> None:
        with self._lock:
            if not kept:
                for key in [key for key, each in self._kept.items() if each is done]:
                    del self._kept[key]
                return
            size = 0
            for key, each in reversed(list(self._kept.items())):
                size += len(each.body)
                if size > MOST_BYTES:
                    del self._kept[key]

    def _forget_old(self, owner: str) -> None:
        now = self.now()
        for key in [key for key, each in self._kept.items() if now - each.at > KEPT_S]:
            del self._kept[key]
        own = [key for key in self._kept if key[0] == owner]
        for key in own[: max(0, len(own) - MOST_EACH + 1)]:
            del self._kept[key]


async def _asked(request: Request) -> str:
    body = await request.body()
    said = json.dumps(json.loads(body), sort_keys=True) if body else ""
    events = "text/event-stream" in request.headers.get("accept", "").lower()
    whole = json.dumps([request.method, request.url.path, sorted(request.query_params.multi_items()), said, events])
    return hashlib.sha256(whole.encode()).hexdigest()


def once(request: Request, reader: Reader, desk: OpenDesk, asked: Annotated[str, Depends(_asked)], key: Key = None) -> None:
    """The dependency of a route that creates or changes something."""
    if key is not None:
        remembered: Remembered = request.app.state.remembered
        request.state.once = remembered.begin(reader, key, asked, _stamp(desk, reader))


ONCE = [Depends(once)]


def note_stream(request: Request, run: Run) -> None:
    """The answer to this request is what the run tells."""
    done: Done | None = getattr(request.state, "once", None)
    if done is not None:
        done.run = ref(run)


def told_again(request: Request, again: Exception) -> Response:
    """The handler of `Again`."""
    if not isinstance(again, Again):
        raise again
    who: Principal = request.state.principal
    done = again.done
    if done.run is None:
        who.trail.extend(done.trail)
        return Response(done.body, done.status, {**done.headers, "Idempotency-Replayed": "true"})
    run, runs = done.run(), request.app.state.runs
    if run is None or runs.find(who, run.id) is not run:
        problem = Problem(409, "answered_before", "That was answered, and its stream is no longer kept. Its thread has the answer.")
        return problem_response(problem, request.scope.get("request_id", ""))
    response = streamed(run, partial(request.app.state.gate.confirm, request, who, run.account_id), trail=who.trail)
    response.headers["Idempotency-Replayed"] = "true"
    return response


class Rememberer:
    """Pure ASGI, around the routes: keeps the whole response of a request that came with a key."""

    def __init__(self, app: ASGIApp, remembered: Remembered) -> None:
        self.app = app
        self.remembered = remembered

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        parts: list[bytes] = []
        status, headers, whole = 0, Headers(), False

        async def watched(message: Message) -> None:
            nonlocal status, headers, whole
            done = scope.get("state", {}).get("once")
            if done is not None and done.run is None:
                if message["type"] == "http.response.start":
                    status, headers = message["status"], Headers(raw=message["headers"])
                else:
                    parts.append(message.get("body", b""))
                    whole = not message.get("more_body", False)
            await send(message)

        try:
            await self.app(scope, receive, watched)
        finally:
            done: Done | None = scope.get("state", {}).get("once") if scope["type"] == "http" else None
            if done is not None and done.run is None:
                good = whole and 200 <= status < 300
                if good:
                    done.headers = {name: headers[name] for name in _TOLD_AGAIN if name in headers}
                    done.body, done.status = b"".join(parts), status
                self.remembered.end(done, kept=good)


def _stamp(desk: Desk, reader: Principal) -> str:
    """Changes when something was erased or is withheld: what was answered before may then not be said again."""
    state = [len(desk.archive.erasures()), sorted(desk.archive.withheld(reader.scope).items())]
    return hashlib.sha256(repr(state).encode()).hexdigest()


def _sees_no_less(reader: Principal, done: Done) -> bool:
    now, then = reader.scope, done.scope
    accounts = now.accounts is None or (then.accounts is not None and now.accounts >= then.accounts)
    return accounts and now.internal >= then.internal and now.hidden <= then.hidden and reader.may >= done.may
