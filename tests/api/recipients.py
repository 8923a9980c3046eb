"""Fakes on loopback of what Baton tells: Slack, HubSpot, Salesforce and a platform's webhook over HTTP, and a mail server."""

from __future__ import annotations

import json
import re
import socketserver
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, unquote

Reply = tuple[int, Any, dict[str, str]]


@dataclass
class World:
    """What the tools hold, what they were sent, and how they are to misbehave: `troubles` are used up one a request."""

    messages: list[dict[str, Any]] = field(default_factory=list)
    notes: list[dict[str, Any]] = field(default_factory=list)
    tasks: list[dict[str, Any]] = field(default_factory=list)
    events: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    troubles: list[Reply] = field(default_factory=list)
    shared: bool = False
    channel: dict[str, Any] = field(default_factory=dict)
    """What Slack says of the channel beside its name."""
    users: dict[str, dict[str, Any]] = field(default_factory=dict)
    """Who is in it."""
    line: str = ""
    """Where Slack has whoever calls it call next."""
    whispers: list[dict[str, Any]] = field(default_factory=list)
    forms: list[dict[str, Any]] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

    def answer(self, method: str, path: str, headers: dict[str, str], body: bytes) -> Reply:
        self.requests.append(f"{method} {path.partition('?')[0]}")
        if self.troubles:
            return self.troubles.pop(0)
        for pattern, act in _ROUTES:
            if found := re.fullmatch(pattern, f"{method} {path}"):
                return act(self, headers, body, found)
        return 404, {"error": "unknown"}, {}


def _slack(world: World, headers: dict[str, str], body: bytes, found: re.Match[str]) -> Reply:
    if found[1] == "apps.connections.open":
        good = headers.get("authorization") == "Bearer xapp-test-token-123456"
        return 200, {"ok": True, "url": world.line} if good else {"ok": False, "error": "invalid_auth"}, {}
    if headers.get("authorization") != "Bearer xoxb-test-token-123456":
        return 200, {"ok": False, "error": "invalid_auth"}, {}
    form = body.decode()
    sent = json.loads(form) if form.startswith("{") else {name: values[0] for name, values in parse_qs(form).items()}
    channel = {"id": "C07HBRLGHT2", "name": "deal-halden-freight-group", "is_ext_shared": world.shared, **world.channel}
    match found[1]:
        case "conversations.list":
            return 200, {"ok": True, "channels": [channel], "response_metadata": {"next_cursor": ""}}, {}
        case "conversations.info":
            return 200, {"ok": True, "channel": channel}, {}
        case "auth.test":
            return 200, {"ok": True, "team_id": "T04FERRULE1", "user_id": "U09HANDOFF1"}, {}
        case "users.info":
            known = world.users.get(str(sent["user"]))
            return 200, {"ok": True, "user": known} if known else {"ok": False, "error": "user_not_found"}, {}
        case "conversations.members":
            return 200, {"ok": True, "members": list(world.users), "response_metadata": {"next_cursor": ""}}, {}
        case "conversations.replies":
            return 200, {"ok": True, "messages": [one for one in world.messages if one.get("thread_ts") == sent["ts"]]}, {}
        case "chat.postEphemeral":
            world.whispers.append(sent)
            return 200, {"ok": True, "message_ts": "1.1"}, {}
        case "views.open":
            world.forms.append(sent)
            return 200, {"ok": True}, {}
        case "conversations.history":
            return 200, {"ok": True, "messages": world.messages[::-1]}, {}
        case "chat.postMessage":
            world.messages.append({**sent, "ts": f"1791200000.{len(world.messages):06}"})
            return 200, {"ok": True, "ts": world.messages[-1]["ts"], "channel": channel["id"]}, {}
    return 200, {"ok": False, "error": "unknown_method"}, {}


def _hubspot(world: World, headers: dict[str, str], body: bytes, found: re.Match[str]) -> Reply:
    if headers.get("authorization") != "Bearer pat-test-token-1234567":
        return 401, {"category": "INVALID_AUTHENTICATION"}, {}
    if found[0].startswith("GET"):
        theirs = [note for note in world.notes if note["deal"] == found[1]]
        return 200, {"results": [{"toObjectId": int(note["id"]), "associationTypes": []} for note in theirs]}, {}
    said = json.loads(body)
    if found[0].endswith("batch/read"):
        wanted = {one["id"] for one in said["inputs"]}
        return 200, {"results": [{"id": n["id"], "properties": n["properties"]} for n in world.notes if n["id"] in wanted]}, {}
    [association] = said["associations"]
    assert association["types"] == [{"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": 214}]
    world.notes.append({"id": str(len(world.notes) + 501), "properties": said["properties"], "deal": association["to"]["id"]})
    return 201, {"id": world.notes[-1]["id"]}, {}


def _salesforce(world: World, headers: dict[str, str], body: bytes, found: re.Match[str]) -> Reply:
    if found[0].endswith("/services/oauth2/token"):
        form = parse_qs(body.decode())
        good = form == {"grant_type": ["client_credentials"], "client_id": ["3MVG"], "client_secret": ["sf-secret-0123456789"]}
        return (200, {"access_token": "00D!token"}, {}) if good else (400, {"error": "invalid_client"}, {})
    if headers.get("authorization") != "Bearer 00D!token":
        return 401, [{"errorCode": "INVALID_SESSION_ID"}], {}
    if found[0].startswith("GET"):
        asked = re.search(r"WhatId = '(\w+)'", unquote(found[1]))
        assert asked is not None
        return 200, {"records": [t for t in world.tasks if t["WhatId"] == asked[1]], "done": True}, {}
    world.tasks.append({"Id": f"00TRk00000{len(world.tasks):05}", **json.loads(body)})
    return 201, {"id": world.tasks[-1]["Id"], "success": True, "errors": []}, {}


def _webhook(world: World, headers: dict[str, str], body: bytes, found: re.Match[str]) -> Reply:
    world.events.append((headers, body))
    return 204, None, {}


_ROUTES: list[tuple[str, Callable[[World, dict[str, str], bytes, re.Match[str]], Reply]]] = [
    (r"(?:POST|GET) /api/([\w.]+)(?:\?.*)?", _slack),
    (r"POST /crm/v3/objects/notes(?:/batch/read)?", _hubspot),
    (r"GET /crm/v4/objects/deals/(\w+)/associations/notes\?.*", _hubspot),
    (r"POST /services/oauth2/token", _salesforce),
    (r"POST /services/data/v66\.0/sobjects/Task", _salesforce),
    (r"GET /services/data/v66\.0/query\?q=(.*)", _salesforce),
    (r"POST /rules/inbound\?x=1", _webhook),
]


@contextmanager
def listening(world: World) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def _take(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            headers = {name.lower(): value for name, value in self.headers.items()}
            status, said, extra = world.answer(self.command, self.path, headers, body)
            raw = said if isinstance(said, bytes) else b"" if said is None else json.dumps(said).encode()
            self.send_response(status)
            for name, value in {"Content-Type": "application/json", "Content-Length": str(len(raw)), **extra}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(raw)

        do_GET = do_POST = _take

        def log_message(self, format: str, *args: Any) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    with server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()
            thread.join()


class Post(socketserver.ThreadingTCPServer):
    """A mail server; `refuse` answers an address with this code."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Smtp)
        self.mails: list[Any] = []
        self.refuse: dict[str, int] = {}
        self.cut = 0
        """So many mails are taken, and the line is cut before that is said."""

    @property
    def port(self) -> int:
        return int(self.server_address[1])


class _Smtp(socketserver.StreamRequestHandler):
    server: Post

    def handle(self) -> None:
        self._say("220 loopback")
        while line := self.rfile.readline():
            word, _, rest = line.decode().strip().partition(" ")
            match word.upper():
                case "RCPT" if any(address in rest for address in self.server.refuse):
                    self._say(f"{next(code for address, code in self.server.refuse.items() if address in rest)} not here")
                case "EHLO" | "HELO" | "MAIL" | "RCPT" | "RSET" | "NOOP":
                    self._say("250 ok")
                case "DATA":
                    self._say("354 go on")
                    body = b""
                    while (part := self.rfile.readline()) != b".\r\n":
                        body += part
                    self.server.mails.append(message_from_bytes(body, policy=policy.default))
                    if self.server.cut:
                        self.server.cut -= 1
                        return
                    self._say("250 kept")
                case "QUIT":
                    self._say("221 bye")
                    return
                case _:
                    self._say("502 what")

    def _say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())


@contextmanager
def post_office() -> Iterator[Post]:
    with Post() as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
