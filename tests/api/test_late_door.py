"""The agents' door is made for the first who comes, once, and closed with the application."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import anyio
import pytest
from starlette.requests import Request

from api.late_door import LateDoor

SCOPE = {"type": "http", "method": "POST", "path": "/mcp", "headers": []}


class Door:
    def __init__(self) -> None:
        self.said: list[str] = []

    @asynccontextmanager
    async def open(self) -> AsyncIterator[None]:
        self.said.append("opened")
        try:
            yield
        finally:
            self.said.append("closed")

    async def __call__(self, *_: Any) -> None:
        self.said.append("answered")


def test_who_comes_first_opens_it_for_all_and_it_closes_with_the_application(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[Door] = []

    def make(_: LateDoor) -> Door:
        made.append(Door())
        return made[-1]

    monkeypatch.setattr(LateDoor, "_make", make)
    late = LateDoor(None, lambda _: None)  # type: ignore[arg-type]  # nothing is asked of the desk here

    async def live() -> None:
        async with late.open():
            pass
        assert made == []  # nobody came
        async with late.open(), anyio.create_task_group() as visitors:
            for _ in range(3):
                visitors.start_soon(late, SCOPE, None, None)

    anyio.run(live)
    assert [door.said for door in made] == [["opened", "answered", "answered", "answered", "closed"]]


def test_what_goes_wrong_in_the_making_is_told_to_who_came_and_the_next_one_tries_again(monkeypatch: pytest.MonkeyPatch) -> None:
    doors = iter([None, Door()])

    def make(_: LateDoor) -> Door:
        door = next(doors)
        if door is None:
            raise OSError("no more files")
        return door

    monkeypatch.setattr(LateDoor, "_make", make)
    late = LateDoor(None, lambda _: None)  # type: ignore[arg-type]  # nothing is asked of the desk here

    async def live() -> None:
        async with late.open():
            with pytest.raises(OSError, match="no more files"):
                await late(SCOPE, None, None)  # type: ignore[arg-type]
            await late(SCOPE, None, None)  # type: ignore[arg-type]

    anyio.run(live)


def test_for_a_stranger_nothing_is_made(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(LateDoor, "_make", lambda _: pytest.fail("made for a stranger"))

    def refuse(_: Request) -> None:
        raise PermissionError

    late = LateDoor(None, refuse)  # type: ignore[arg-type]  # nothing is asked of the desk here

    async def live() -> None:
        async with late.open():
            with pytest.raises(PermissionError):
                await late(SCOPE, None, None)  # type: ignore[arg-type]

    anyio.run(live)
