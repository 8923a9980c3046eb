"""The agents' door, made for the first agent that comes and is known: what is behind it takes a third of a server's start to load."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from importlib.util import find_spec
from typing import TYPE_CHECKING

import anyio
from anyio import to_thread
from anyio.abc import TaskGroup, TaskStatus
from fastapi.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.types import Receive, Scope, Send

from api.access import principal
from api.desk import Desk

if TYPE_CHECKING:
    from api.agents import AgentsDoor


def can_speak() -> bool:
    """Whether the extra `mcp` is installed."""
    return find_spec("mcp") is not None


class LateDoor:
    """Whoever comes while it is being made waits for it; it stays open as long as the application runs.

    `admit` raises where nobody may come in, and notes in the request's state who it is; strangers get nothing loaded.
    """

    def __init__(self, desk: Desk, admit: Callable[[Request], object] = principal) -> None:
        self._desk, self._admit = desk, admit
        self._door: AgentsDoor | None = None
        self._tasks: TaskGroup | None = None
        self._making = anyio.Lock()

    @asynccontextmanager
    async def open(self) -> AsyncIterator[None]:
        async with anyio.create_task_group() as self._tasks:
            yield
            self._tasks.cancel_scope.cancel()
        self._tasks = self._door = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await run_in_threadpool(self._admit, Request(scope))  # it asks the archive, and may have to wait its turn
        await (await self._made())(scope, receive, send)

    async def _made(self) -> AgentsDoor:
        async with self._making:
            if self._door is None:
                assert self._tasks is not None, "no request is answered before the application has started"
                self._door = await self._tasks.start(self._stand_open)
            return self._door

    async def _stand_open(self, *, task_status: TaskStatus[AgentsDoor]) -> None:
        door = await to_thread.run_sync(self._make)
        async with door.open():
            task_status.started(door)
            await anyio.sleep_forever()

    def _make(self) -> AgentsDoor:
        from api.agents import AgentsDoor

        return AgentsDoor(self._desk)
