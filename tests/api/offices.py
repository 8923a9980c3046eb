"""A home that was really ingested, as whoever runs it finds it: a call with its account, a mail with none, a file that is none."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from assistant.wiring import Kit, open_kit
from ingest.wiring import open_home
from tests.api.served import no_weights
from tests.conftest import HALDEN, Desk
from tests.exports import DANA, at, mail

KIM = "Kim Park <kim@newco.example>"
ASKED = "We run four depots and queue trucks by hand. Could we talk?"


@pytest.fixture
def office(desk: Desk) -> Iterator[Kit]:
    desk.write(HALDEN)
    desk.write({"in/kim.eml": mail(KIM, DANA, ASKED, id="kim@newco", subject="Four depots", on=at(10, 5)), "in/broken.json": '{"broken'})
    desk.ingest()
    with open_kit(open_home(desk.home, write=True, load_embedder=no_weights)) as kit:
        yield kit
