"""A home that was really ingested, as whoever runs it finds it: a call with its account, a mail with none, a file that is none."""

from __future__ import annotations

from collections.abc import Iterator
from threading import Event
from typing import Any

import pytest

from assistant.wiring import Kit, open_kit
from ingest.sync import sync
from ingest.wiring import open_home
from tests.api.served import no_weights
from tests.conftest import HALDEN, Desk
from tests.exports import DANA, at, mail

KIM = "Kim Park <kim@newco.example>"
PATIENCE_S = 30
ASKED = "We run four depots and queue trucks by hand. Could we talk?"


class HeldUp:
    """Reads as ever, but says how far it is and waits before it does."""

    def __init__(self) -> None:
        self.begun, self.go_on = Event(), Event()

    def __call__(self, home: Any, paths: Any, *, progress: Any) -> Any:
        progress("reading", 1, 3)
        self.begun.set()
        assert self.go_on.wait(PATIENCE_S)
        progress("reading", 2, 3)
        return sync(home, paths, progress=progress)


@pytest.fixture
def office(desk: Desk) -> Iterator[Kit]:
    desk.write(HALDEN)
    desk.write({"in/kim.eml": mail(KIM, DANA, ASKED, id="kim@newco", subject="Four depots", on=at(10, 5)), "in/broken.json": '{"broken'})
    desk.ingest()
    with open_kit(open_home(desk.home, write=True, load_embedder=no_weights)) as kit:
        yield kit
