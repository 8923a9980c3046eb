"""Asks a tool's HTTP interface: patient where it is busy, plain about what it refuses, and never elsewhere than where it was sent."""

from __future__ import annotations

import email.utils
import json
import logging
import random
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Protocol
from urllib.parse import urlsplit

import httpx2
from tenacity import RetryCallState, Retrying, retry_if_exception_type, stop_after_attempt

ATTEMPTS = 6
LONGEST_WAIT_S = 300.0
"""Who is told to wait longer stops, and goes on from the cursor another time."""
MOST_BYTES = 64 * 1024 * 1024
_LOOPBACK = ("127.0.0.1", "::1", "localhost")
_HIDDEN = 200

logging.getLogger("httpx2").setLevel(logging.WARNING)  # it would log every address, with whatever stands behind the question mark


class Trouble(Exception):
    """A source did not give what it was asked for; the message says what helps and holds nothing secret."""


class Refused(Trouble):
    """Not with these credentials."""

    def __init__(self, message: str, missing: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.missing = missing
        """Rights that the source says are lacking."""


class Down(Trouble):
    """Not now."""


class TryLater(Down):
    """The source says when."""


class NotThere(Trouble):
    """There is nothing under this address (404, 410)."""

    def __init__(self, message: str, status: int = 404) -> None:
        super().__init__(message)
        self.status = status


class TooLarge(Trouble):
    """More than anybody should send at once."""


class NotUnderstood(Trouble):
    """The source says that the question was wrong (400)."""

    def __init__(self, message: str, body: Any = None) -> None:
        super().__init__(message)
        self.body = body


class Credentials(Protocol):
    def headers(self) -> Mapping[str, str]: ...

    def renew(self) -> bool:
        """After they were not accepted: whether it is worth asking again with others."""
        ...


@dataclass(frozen=True, slots=True)
class Fixed:
    """One header that never changes."""

    name: str
    value: str = field(repr=False)

    def headers(self) -> Mapping[str, str]:
        return {self.name: self.value}

    def renew(self) -> bool:
        return False


@dataclass(frozen=True, slots=True)
class Clock:
    """Time as a connector sees it; a test has its own."""

    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    monotonic: Callable[[], float] = time.monotonic
    wait: Callable[[float], None] = time.sleep


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    body: Any
    """JSON where it is JSON, else the bytes."""


class _Again(Exception):
    def __init__(self, said: str, after_s: float | None) -> None:
        super().__init__(said)
        self.after_s = after_s


class Api:
    """One source. `base` is where it is; an address given whole must be below it, or on one of the `also` hosts."""

    def __init__(
        self, source: str, base: str, credentials: Credentials, clock: Clock, *, most_per_s: float = 0, also: tuple[str, ...] = ()
    ) -> None:
        self.source, self.base, self.credentials, self.clock = source, base.rstrip("/"), credentials, clock
        self.asked = 0
        self._gap = 1 / most_per_s if most_per_s else 0.0
        self._next = 0.0
        self._also = also
        self._client = httpx2.Client(timeout=httpx2.Timeout(60, connect=10), follow_redirects=False, trust_env=False)

    def close(self) -> None:
        self._client.close()

    def get(self, path: str, params: Mapping[str, Any] | None = None, **more: Any) -> Any:
        return self.ask("GET", path, params=params, **more).body

    def post(self, path: str, body: Any, **more: Any) -> Any:
        return self.ask("POST", path, json=body, **more).body

    def ask(self, method: str, path: str, **more: Any) -> Answer:
        """Raises Refused, NotThere, NotUnderstood, Down and TryLater."""
        url = self._url(path)
        retrying = Retrying(
            retry=retry_if_exception_type(_Again), stop=stop_after_attempt(ATTEMPTS), wait=_pause, sleep=self.clock.wait, reraise=True
        )
        try:
            return retrying(self._once, method, url, more)
        except _Again as last:
            raise Down(f"{self._where(url)} did not answer as it should, {ATTEMPTS} times in a row ({last}). Try again later.") from None

    def _once(self, method: str, url: str, more: Mapping[str, Any]) -> Answer:
        self._keep_pace()
        answer = self._send(method, url, more)
        if answer.status == 401 and self.credentials.renew():
            answer = self._send(method, url, more)
        if 200 <= answer.status < 300:
            return answer
        raise self._problem(url, answer)

    def _send(self, method: str, url: str, more: Mapping[str, Any]) -> Answer:
        self.asked += 1
        headers = {"Accept": "application/json", **self.credentials.headers(), **more.get("headers", {})}
        rest = {name: value for name, value in more.items() if name != "headers" and value is not None}
        try:
            with self._client.stream(method, url, headers=headers, **rest) as response:
                data = b""
                for piece in response.iter_bytes():
                    data += piece
                    if len(data) > MOST_BYTES:
                        raise TooLarge(f"{self._where(url)} answered with more than {MOST_BYTES // 2**20} MB.")
                return self._read(url, response.status_code, response.headers, data)
        except httpx2.HTTPError as error:
            raise _Again(type(error).__name__, None) from error

    def _read(self, url: str, status: int, headers: Mapping[str, str], data: bytes) -> Answer:
        if status in (429, 503) or (status == 403 and headers.get("retry-after")):
            after = _after(headers.get("retry-after", ""), self.clock.now())
            if after is not None and after > LONGEST_WAIT_S:
                raise TryLater(f"{self._where(url)} asks to wait {after / 60:.0f} minutes. The next run goes on where this one stopped.")
            raise _Again(f"status {status}", after)
        if status >= 500:
            raise _Again(f"status {status}", None)
        if "json" not in headers.get("content-type", "json"):
            return Answer(status, data)
        try:
            return Answer(status, json.loads(data) if data.strip() else {})
        except (ValueError, RecursionError):
            if status >= 400:
                return Answer(status, {})
            raise _Again("an answer that is cut off or no JSON", None) from None

    def _problem(self, url: str, answer: Answer) -> Trouble:
        where, said = self._where(url), _said(answer.body)
        if answer.status == 401:
            return Refused(f"{where} does not accept the credentials (401{said}): they are wrong, revoked or have expired. Make new ones.")
        if answer.status == 403 and "REQUEST_LIMIT_EXCEEDED" in str(answer.body):
            return TryLater(f"{where} has answered as often as it may today. The next run goes on where this one stopped.")
        if answer.status == 403:
            missing = _missing(answer.body)
            which = f": it lacks {', '.join(missing)}" if missing else ""
            return Refused(f"{where} does not allow this with the credentials given (403{said}){which}.", missing)
        if answer.status in (404, 410):
            return NotThere(f"{where} has nothing there ({answer.status}{said}).", answer.status)
        return NotUnderstood(f"{where} did not understand the question ({answer.status}{said}).", answer.body)

    def _url(self, path: str) -> str:
        """Never to another host than this source's own, whatever a page names as the next one."""
        if not path.startswith(("https://", "http://")):
            return f"{self.base}{path}"
        wanted, own = urlsplit(path), urlsplit(self.base)
        here = (wanted.scheme, wanted.hostname, wanted.port) == (own.scheme, own.hostname, own.port)
        host = wanted.hostname or ""
        near = wanted.scheme == "https" and any(host == each or host.endswith(f".{each}") for each in self._also)
        if not here and not near:
            raise Refused(f"{self.source} named an address of another host ({host}); Baton does not go there.")
        return path

    def _where(self, url: str) -> str:
        parts = urlsplit(url)
        return f"{parts.hostname}{parts.path}"[:_HIDDEN]

    def _keep_pace(self) -> None:
        if self._gap:
            now = self.clock.monotonic()
            if now < self._next:
                self.clock.wait(self._next - now)
            self._next = max(now, self._next) + self._gap


def is_safe(base: str) -> bool:
    """Whether credentials may be sent there: encrypted, or to this machine."""
    parts = urlsplit(base)
    return bool(parts.hostname) and (parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK))


def _pause(state: RetryCallState) -> float:
    """What the source says, else twice as long each time, a little apart from others who were refused at the same moment."""
    failure = state.outcome.exception() if state.outcome else None
    if isinstance(failure, _Again) and failure.after_s is not None:
        return failure.after_s
    return min(2.0 ** (state.attempt_number - 1), 60.0) * random.uniform(0.8, 1.2)


def _after(value: str, now: datetime) -> float | None:
    """Seconds, or until a moment; None where it says neither."""
    try:
        return max(float(value), 0.0)
    except ValueError:
        pass
    try:
        return max((email.utils.parsedate_to_datetime(value) - now).total_seconds(), 0.0)
    except (TypeError, ValueError):
        return None


def _said(body: Any) -> str:
    """The source's own word on it, short and on one line."""
    if isinstance(body, list) and body:
        body = body[0]
    if not isinstance(body, Mapping):
        return ""
    error = body.get("error")
    inner = error if isinstance(error, Mapping) else body
    said = inner.get("message") or inner.get("error_description") or (error if isinstance(error, str) else "")
    return f": {' '.join(str(said).split())[:160].rstrip('.')}" if said else ""


def _missing(body: Any) -> tuple[str, ...]:
    """The rights a refusal names, where it names them."""
    errors = body.get("errors") if isinstance(body, Mapping) else None
    contexts = [error.get("context") for error in errors or () if isinstance(error, Mapping)]
    return tuple(str(s) for each in contexts if isinstance(each, Mapping) for s in each.get("requiredGranularScopes") or ())
