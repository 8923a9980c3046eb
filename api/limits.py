"""How much one caller may ask for: requests and questions a minute, questions at once; and how often one may try to sign in.

Who asks for more is told 429 and when to come again, before any work is done. All of it is counted in memory, for there is one server.
"""

from __future__ import annotations

import math
import os
import re
import threading
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from time import time

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from api.problems import Problem
from ingest.settings import FILE, BadSettings, settings_table

QUESTIONS = frozenset(
    {
        "/accounts/{account}/answers", "/accounts/{account}/briefs", "/accounts/{account}/gaps", "/v1/chat/completions",
        "/chat/completions", "/mcp",
    }
)  # fmt: skip
"""Routes whose POST is work: it searches, composes or asks a model."""
FILES = frozenset({"/briefs/{brief}/export"})
"""Routes whose GET is work: it sets a whole document."""


_BASE = "/api/v1"
_ADDRESSES = {
    method: re.compile("|".join(re.sub(r"{[a-z]+}", "[^/]+", each if each == "/mcp" else _BASE + each) for each in sorted(routes)))
    for method, routes in {"POST": QUESTIONS - {"/v1/chat/completions", "/chat/completions"}, "GET": FILES}.items()
}
"""Of what is work, as a request names it. Not of completions: their failures have another shape, which their route gives them."""


def is_work(method: str, route: str) -> bool:
    return route in {"POST": QUESTIONS, "GET": FILES}.get(method, ())


def is_addressed_as_work(method: str, path: str) -> bool:
    """What can be told of a request before anything is known about its route, its sender or its body."""
    return (address := _ADDRESSES.get(method)) is not None and address.fullmatch(path) is not None


_BUSY = "Too many questions are being answered at this moment."
_SOON_S = 1
HOLD_S = 0.5
"""Who does not heed Retry-After comes again as soon as they have heard it: two hundred of them took half a core from those being answered,
by refusals alone. A refusal that waits costs nothing while it does."""
MOST_HELD = 1000
"""Refusals; each keeps a connection open."""
MOST_WAIT_S = 3.0
"""How long the questions that wait may take together; who comes when it is more is better told so than kept."""


@dataclass(frozen=True, slots=True)
class Limits:
    """For each person or program, whatever they come in with; a minute is any sixty seconds."""

    requests: int = 600
    """A minute."""
    questions: int = 60
    """A minute."""
    at_once: int = 10
    """Questions that wait for their answers."""
    in_all: int = 32
    """Questions of everybody that wait for their answers; fewer where `MOST_WAIT_S` says so."""
    attempts: int = 20
    """Failed sign-ins a minute from one address, and deliveries to a hook that are not signed."""
    deliveries: int = 1200
    """To one hook, a minute."""


def load_limits(home: Path, environment: Mapping[str, str] = os.environ) -> Limits:
    """The `[limits]` table, each overruled by `BATON_LIMITS_` and its name. Raises BadSettings."""
    names = [each.name for each in fields(Limits)]
    table = settings_table(home / FILE, "limits", names)
    found: dict[str, int] = {}
    for name in names:
        value = environment.get(f"BATON_LIMITS_{name.upper()}") or table.get(name)
        if value is None:
            continue
        if isinstance(value, bool) or not str(value).isdecimal() or not 1 <= int(str(value)) <= 1_000_000:
            raise BadSettings(f"{FILE}: [limits] {name} is a number from 1 to 1,000,000; it is {value!r}")
        found[name] = int(str(value))
    return Limits(**found)


class Turnstile:
    """Safe to use from several threads."""

    def __init__(self, limits: Limits, pace_s: Callable[[], float] = lambda: 0.0, *, hold_s: float = 0.0) -> None:
        """`pace_s` tells how many seconds go by from one answer to the next while many wait; `hold_s`, how long who is refused in a crowd
        is kept before they hear it."""
        self._limits = limits
        self.hold_s = hold_s
        self._pace_s = pace_s
        self._counted = MovingWindowRateLimiter(MemoryStorage())
        self._requests = RateLimitItemPerMinute(limits.requests)
        self._questions = RateLimitItemPerMinute(limits.questions)
        self._attempts = RateLimitItemPerMinute(limits.attempts)
        self._deliveries = RateLimitItemPerMinute(limits.deliveries)
        self._lock = threading.Lock()
        self._waiting: Counter[str] = Counter()
        self._arriving = 0

    def check_crowd(self) -> None:
        """Raises Problem (429) where so many wait that another question could not be answered soon. Asks nothing about who comes: in a
        crowd there is no time for it."""
        with self._lock:
            self._refuse_in_a_crowd()

    def arrive(self) -> Callable[[], None]:
        """As `check_crowd`, and counts who comes among those that wait until what it gives is called: at the latest when they are let in.
        Else of many who come at the same moment each would find nobody before them."""
        with self._lock:
            self._refuse_in_a_crowd()
            self._arriving += 1
        return self._arrived

    def enter(self, who: str, *, question: bool) -> Callable[[], None] | None:
        """Raises Problem (429). For a question gives what is to be called when it is answered."""
        self._count(self._requests, "requests", who)
        if not question:
            return None
        self._count(self._questions, "questions", who)
        with self._lock:
            if self._waiting[who] >= self._limits.at_once:
                raise _too_much(_BUSY, _SOON_S)
            self._refuse_in_a_crowd()
            self._waiting[who] += 1
        return lambda: self._leave(who)

    def _refuse_in_a_crowd(self) -> None:
        waiting = self._waiting.total() + self._arriving
        wait_s = waiting * self._pace_s()
        if waiting >= self._limits.in_all or wait_s > MOST_WAIT_S:
            raise _too_much(_BUSY, max(_SOON_S, math.ceil(wait_s)))

    def check_attempts(self, address: str) -> None:
        """Raises Problem (429) where too many sign-ins from this address have failed."""
        if not self._counted.test(self._attempts, "attempts", address):
            raise self._refused(self._attempts, "attempts", address)

    def note_attempt(self, address: str) -> None:
        self._counted.hit(self._attempts, "attempts", address)

    def count_delivery(self, hook: str) -> None:
        """Raises Problem (429) where a hook brings more than its share."""
        self._count(self._deliveries, "deliveries", hook)

    def _count(self, limit: RateLimitItemPerMinute, what: str, who: str) -> None:
        if not self._counted.hit(limit, what, who):
            raise self._refused(limit, what, who)

    def _refused(self, limit: RateLimitItemPerMinute, what: str, who: str) -> Problem:
        again = self._counted.get_window_stats(limit, what, who).reset_time - time()
        return _too_much(f"That are more than {limit.amount} {what} in a minute.", max(1, math.ceil(again)))

    def _arrived(self) -> None:
        with self._lock:
            self._arriving -= 1

    def _leave(self, who: str) -> None:
        with self._lock:
            self._waiting[who] -= 1
            if not self._waiting[who]:
                del self._waiting[who]


def _too_much(detail: str, again_s: int) -> Problem:
    return Problem(429, "rate_limited", f"{detail} Try again in {again_s} s.", {"retry_after": again_s}, {"Retry-After": str(again_s)})
