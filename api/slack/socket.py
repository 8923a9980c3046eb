"""The same app where no address of this server can be reached from outside: it calls Slack and keeps the line open (Socket Mode)."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Thread
from typing import TYPE_CHECKING

from slack_bolt.adapter.socket_mode.builtin import SocketModeHandler
from slack_sdk import WebClient

from api.slack.app import made

if TYPE_CHECKING:
    from api.hooks import Hook
    from assistant.wiring import Kit

log = logging.getLogger("baton.api")

AGAIN_AFTER_S = 30.0


@contextmanager
def connected(kit: Kit, hook: Hook, came: Callable[[], None]) -> Iterator[None]:
    """As long as it lasts. `came` is called when something was kept. A line that is cut is opened again by Slack's own client."""
    app = made(kit, hook, came)
    client = WebClient(base_url=f"{hook.url}/", timeout=10)
    line = SocketModeHandler(app, hook.app_token, web_client=client)
    over = Event()

    def keep_trying() -> None:
        while not over.is_set():
            try:
                line.connect()  # type: ignore[no-untyped-call]  # it has no annotations
                return
            except Exception as error:  # of the socket, of TLS, of Slack: whatever it is, the server goes on without
                log.warning("hook %s: the line to Slack could not be opened (%s); tried again", hook.name, type(error).__name__)
                over.wait(AGAIN_AFTER_S)

    thread = Thread(target=keep_trying, name="slack")
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
        line.close()  # type: ignore[no-untyped-call]  # as above
