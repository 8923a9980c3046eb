"""What every request passes before a route sees it (host, origin, size, well-formed JSON) and what every response carries (id, headers)."""

from __future__ import annotations

import asyncio
import json
import logging
import re
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.limits import MOST_HELD, Turnstile, is_addressed_as_work
from api.metrics import Meter
from api.problems import Problem, response

log = logging.getLogger("baton.api")

MOST_BYTES = 1_000_000
MOST_DEPTH = 64
SIGNED = "/api/v1/hooks/"
"""Under it bodies are what other tools send; they are read only once their signature holds."""
OF_THE_FRAME = "baton.headers"
"""Under which a route leaves the headers of its own that overrule ours; an empty one is left out."""
ARRIVED = "arrived"
"""In the request's state: what ends its being counted as one who arrives (`Turnstile.arrive`)."""
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
METHODS = SAFE | {"POST", "PUT", "PATCH", "DELETE"}
_HOST = re.compile(r"(\[[0-9a-f:.]+\]|[^\s\[\]:/?#@\\]+)(?::\d{0,5})?")
_CLIENTS_ID = re.compile(r"[A-Za-z0-9-]{8,64}")

PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'; trusted-types 'none'"
)
HEADERS = {
    "Content-Security-Policy": PAGE_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
}


@dataclass(frozen=True, slots=True)
class Address:
    """The names this server answers to (`Host` without its port) and the origins its own pages have."""

    hosts: frozenset[str]
    origins: frozenset[str]
    secure: bool = False
    """Reached by https; cookies are then marked Secure."""


class Fence:
    """Pure ASGI, so that a body is counted before anything parses it and a failure anywhere still answers as a problem."""

    def __init__(self, app: ASGIApp, address: Address, meter: Meter) -> None:
        self.app = app
        self.address = address
        self.meter = meter
        self._held = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request_id = f"req_{uuid4().hex}"
        scope["request_id"] = request_id
        began = time.monotonic()
        self.meter.begun()
        outgoing = _Outgoing(send, scope, request_id, private=not scope["path"].startswith("/web/"), secure=self.address.secure)
        try:
            crowd = _crowd(scope)
            if crowd:
                await self._check_crowd(crowd)
            body = await self._admit(scope, receive)
            if crowd:  # once nothing is awaited of the client any more: who sends slowly keeps no place from others
                scope.setdefault("state", {})[ARRIVED] = crowd.arrive()
            await self.app(scope, _replayed(body, receive), outgoing)
        except Problem as problem:
            await response(problem, request_id)(scope, receive, outgoing)
        except Exception:
            log.exception("request %s failed", request_id)
            if outgoing.status:
                raise
            failure = Problem(500, "failed", "Something went wrong here. The server's log has the details under this request id.")
            await response(failure, request_id)(scope, receive, outgoing)
        finally:
            if arrived := scope.get("state", {}).pop(ARRIVED, None):
                arrived()
            route, seconds = getattr(scope.get("route"), "path", "-"), time.monotonic() - began
            method = scope["method"] if scope["method"] in METHODS else "-"
            self.meter.ended(method, route, outgoing.status, seconds)
            log.info("request", extra={"told": _told(scope, request_id, method, route, outgoing.status, seconds)})

    async def _check_crowd(self, crowd: Turnstile) -> None:
        """Raises Problem (429), after a while."""
        try:
            crowd.check_crowd()
        except Problem:
            if crowd.hold_s and self._held < MOST_HELD:
                self._held += 1
                try:
                    await asyncio.sleep(crowd.hold_s)
                finally:
                    self._held -= 1
            raise

    async def _admit(self, scope: Scope, receive: Receive) -> bytes:
        headers = Headers(scope=scope)
        if host_name(headers.get("host", "")) not in self.address.hosts:
            raise Problem(421, "unknown_host", "This server does not answer to that host name.")
        if scope["method"] not in SAFE and (origin := headers.get("origin")) is not None and origin not in self.address.origins:
            raise Problem(403, "cross_origin", "Another site may not send this request.")
        body = await _counted(headers, receive)
        if scope["method"] not in SAFE and body and not scope["path"].startswith(SIGNED):
            _check_json(headers, body)
        return body


def _crowd(scope: Scope) -> Turnstile | None:
    """Where this request asks for work and such requests are counted."""
    state = scope["app"].state
    turnstile: Turnstile | None = state.turnstile
    return turnstile if is_addressed_as_work(scope["method"], scope["path"]) and not state.gate.open_on_loopback else None


def _told(scope: Scope, request_id: str, method: str, route: str, status: int, seconds: float) -> dict[str, Any]:
    """For the log. The client's own id for the request is repeated only if it is one."""
    who = scope.get("state", {}).get("principal")
    told = {"request_id": request_id, "method": method, "route": route, "status": status, "ms": round(seconds * 1000)}
    if who is not None:
        told |= {"principal": who.id, "credential": who.credential}
    sent = Headers(scope=scope).get("x-request-id", "")
    return {**told, "client_request_id": sent} if _CLIENTS_ID.fullmatch(sent) else told


class _Outgoing:
    """Adds our headers to the response, whoever makes it, and remembers its status."""

    def __init__(self, send: Send, scope: Scope, request_id: str, *, private: bool, secure: bool) -> None:
        self.send = send
        self.scope = scope
        self.status = 0
        self.extra = {**HEADERS, "X-Request-Id": request_id, "Cache-Control": "no-store" if private else "no-cache"}
        if secure:
            self.extra["Strict-Transport-Security"] = "max-age=31536000"

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            headers = MutableHeaders(scope=message)
            for name, value in {**self.extra, **self.scope.get(OF_THE_FRAME, {})}.items():
                if value:
                    headers[name] = value
        await self.send(message)


def shown_in(scope: Scope, origins: Sequence[str]) -> None:
    """This response may stand in a frame of these origins' pages, and of no other's; it may open, and be opened by, a window of ours."""
    policy = PAGE_POLICY.replace("frame-ancestors 'none'", f"frame-ancestors {' '.join(origins)}") if origins else PAGE_POLICY
    scope[OF_THE_FRAME] = {
        "Content-Security-Policy": policy,
        "X-Frame-Options": "" if origins else "DENY",  # it cannot name who may; where it is left out the policy holds
        "Cross-Origin-Opener-Policy": "unsafe-none",
    }


def for_every_page(scope: Scope) -> None:
    """This response is a script that other people's pages load."""
    scope[OF_THE_FRAME] = {"Cross-Origin-Resource-Policy": "cross-origin", "Access-Control-Allow-Origin": "*"}


def host_name(host: str) -> str:
    """`localhost:8000` → `localhost`, `[::1]:8000` → `[::1]`; empty for what is no host name with a port or without."""
    found = _HOST.fullmatch(host.lower())
    return found[1] if found else ""


async def _counted(headers: Headers, receive: Receive) -> bytes:
    too_large = Problem(413, "payload_too_large", f"A request may hold {MOST_BYTES:,} bytes at most.")
    said = headers.get("content-length", "0")
    if not said.isdecimal() or len(said) > 12 or int(said) > MOST_BYTES:
        raise too_large
    parts: list[bytes] = []
    size = 0
    more = True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            break
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        if size > MOST_BYTES:
            raise too_large
        more = message.get("more_body", False)
    return b"".join(parts)


def _replayed(body: bytes, receive: Receive) -> Receive:
    waiting: Iterator[Message] = iter([{"type": "http.request", "body": body, "more_body": False}])

    async def replay() -> Message:
        message = next(waiting, None)
        return await receive() if message is None else message

    return replay


def _check_json(headers: Headers, body: bytes) -> None:
    """Refuses what two readers could understand differently: duplicate keys, NaN, trailing text, endless nesting."""
    if headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise Problem(415, "not_json", "Send the body as application/json.")
    try:
        value = json.loads(body, object_pairs_hook=_unique, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise Problem(400, "malformed_json", "The body is not one well-formed JSON value with unique keys.") from None
    if _depth(value) > MOST_DEPTH:
        raise Problem(400, "malformed_json", f"The body nests deeper than {MOST_DEPTH} levels.")


def _unique(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key appears twice")
    return found


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")


def _depth(value: Any) -> int:
    """Levels of nesting, counted without recursion and no further than it takes to say too many."""
    level, inner = 0, [value]
    while inner and level <= MOST_DEPTH:
        level += 1
        inner = [child for one in inner for child in (one.values() if isinstance(one, dict) else one if isinstance(one, list) else ())]
    return level
