"""Writes each request that somebody made with a credential into the audit log: who, what, on which ids, with which outcome."""

from __future__ import annotations

import logging
import re
from functools import partial

import anyio
from anyio import to_thread
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.access import Principal
from ingest.archive.admissions import Admissions

log = logging.getLogger("baton.api")

_ID = re.compile(r"(?:[a-z]{2,4}_[0-9A-Za-z_.:-]{1,100})")
_NOT_TOLD = frozenset(
    {"GET /accounts", "GET /v1/models", "GET /metrics", "GET /api/v1/openapi.json", "GET /api/docs", "GET /me", "GET /sessions"}
)
"""What shows nobody's history: looking an account up by its name, and oneself."""
MOST_TARGETS = 60


def is_id(word: str) -> bool:
    """Whether this may stand in the log as the id of something."""
    return _ID.fullmatch(word) is not None


class Recorder:
    """Pure ASGI, around the routes: whatever a route is, what was done with it is told, streams when they have ended."""

    def __init__(self, app: ASGIApp, admissions: Admissions) -> None:
        self.app = app
        self.admissions = admissions

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        status = 500

        async def watched(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self.app(scope, receive, watched)
        finally:
            state = scope.get("state", {})
            if leave := state.get("leave"):
                leave()
            who: Principal | None = state.get("principal")
            action = f"{scope['method']} {getattr(scope.get('route'), 'path', '-')}"
            # Who came too often was shown nothing, and writing that down would cost what refusing them is to spare; the log has it.
            if who is not None and action not in _NOT_TOLD and status != 429:
                with anyio.CancelScope(shield=True):  # the client may have gone; what was read was read
                    await to_thread.run_sync(partial(self._record, who, action, scope, status))

    def _record(self, who: Principal, action: str, scope: Scope, status: int) -> None:
        named = [value for value in scope.get("path_params", {}).values() if isinstance(value, str) and is_id(value)]
        targets = list(dict.fromkeys([*who.trail, *named]))[:MOST_TARGETS]
        try:
            self.admissions.record(who.id, who.credential, action, targets, status, scope.get("request_id", ""))
        except Exception:  # the answer is sent; that it could not be told is told where the operator looks
            log.exception("request %s could not be written to the audit log", scope.get("request_id", ""))
