"""A mailbox behind IMAP4rev1: folders of numbered mails, over a socket as a server speaks, so that the library's own client asks it."""

from __future__ import annotations

import re
import socketserver
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from itertools import count
from threading import Thread

from tests.exports import mail
from tests.ingest.connectors.loopback import Asked, Reply, Tool

_MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()


class Mailbox:
    """What was asked for is noted. `answer` is given a command as the body and says what comes before the last line of the answer to it:
    the folder that is open is the connection's, so it is asked for by path."""

    def __init__(self) -> None:
        self.password = "app-password"
        self.validity = 7
        self.folders: dict[str, dict[int, bytes]] = {"INBOX": {}, "Sent": {}, "Archive": {}, "Drafts": {}, "Trash": {}}
        self.flags = {name: f"\\{name}" for name in self.folders} | {"INBOX": "\\HasNoChildren"}
        self.asked: list[str] = []

    def put(self, folder: str, uid: int, sender: str, to: str, words: str, on: datetime = datetime(2026, 9, 20, 9, tzinfo=UTC)) -> None:
        self.folders[folder][uid] = mail(sender, to, words, id=f"{folder}-{uid}@mail.example", subject=f"Mail {uid}", on=on)

    def move(self, folder: str, uid: int, to: str) -> None:
        """The same mail under another number."""
        self.folders[to][max(self.folders[to], default=0) + 1] = self.folders[folder].pop(uid)

    def number_anew(self) -> None:
        self.validity += 1
        self.folders = {name: dict(zip(count(1), mails.values(), strict=False)) for name, mails in self.folders.items()}

    def answer(self, asked: Asked) -> Reply:
        """A status of 400 is the protocol's NO."""
        self.asked.append(asked.body)
        command, _, about = asked.body.partition(" ")
        match command.upper():
            case "CAPABILITY":
                return Reply(body=b"* CAPABILITY IMAP4rev1\r\n")
            case "LOGIN" if f'"{self.password}"' not in about:
                return Reply(400, b"[AUTHENTICATIONFAILED] Invalid credentials")
            case "LIST":
                return Reply(body="".join(f'* LIST ({self.flags[name]}) "/" "{name}"\r\n' for name in self.folders).encode())
            case "EXAMINE":
                there = len(self.folders[about.strip('"')])
                return Reply(body=f"* {there} EXISTS\r\n* OK [UIDVALIDITY {self.validity}] UIDs valid\r\n".encode())
            case "SELECT":
                return Reply(400, b"this mailbox opens nothing for writing")
            case "UID":
                return Reply(body=self._uid(self.folders[asked.path], *about.split(" ", 1)))
        return Reply(body=b"")

    def _uid(self, mails: dict[int, bytes], command: str, about: str) -> bytes:
        if command == "SEARCH":
            who, since = re.findall(r'FROM "([^"]+)"', about), re.findall(r"SINCE (\S+)", about)
            found = [
                uid
                for uid, data in mails.items()
                if (not who or who[0] in _head(data)) and (not since or _sent(data) >= datetime(*_day(since[0]), tzinfo=UTC))
            ]
            return f"* SEARCH {' '.join(map(str, found))}".rstrip().encode() + b"\r\n"
        numbers, _, what = about.partition(" ")
        wanted = [uid for uid in map(int, numbers.split(",")) if uid in mails]
        return b"".join(_fetched(nth, uid, what, mails[uid]) for nth, uid in enumerate(wanted, start=1))


def _fetched(nth: int, uid: int, what: str, data: bytes) -> bytes:
    if "SIZE" in what:
        return f"* {nth} FETCH (UID {uid} RFC822.SIZE {len(data)})\r\n".encode()
    head = b"\r\n".join(line for line in data.splitlines() if line.startswith((b"From:", b"To:", b"Cc:"))) + b"\r\n\r\n"
    content, name = (head, "BODY[HEADER.FIELDS (FROM TO CC)]") if "HEADER" in what else (data, "BODY[]")
    return f"* {nth} FETCH (UID {uid} {name} {{{len(content)}}}\r\n".encode() + content + b")\r\n"


def _head(data: bytes) -> str:
    return data.decode().partition("\n\n")[0]


def _sent(data: bytes) -> datetime:
    return parsedate_to_datetime(next(line for line in _head(data).splitlines() if line.startswith("Date:"))[5:].strip())


def _day(said: str) -> tuple[int, int, int]:
    day, month, year = said.split("-")
    return int(year), _MONTHS.index(month) + 1, int(day)


@contextmanager
def served(tool: Tool) -> Iterator[int]:
    """Its port. Where the tool says that it is down (500 and above) the connection breaks off."""

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            folder = ""
            self.wfile.write(b"* OK IMAP4rev1 ready\r\n")
            for line in self.rfile:
                tag, _, asked = line.decode().strip().partition(" ")
                reply = tool.answer(Asked("IMAP", folder, {}, asked, {}))
                if reply.status >= 500:
                    return
                if asked.startswith("EXAMINE"):
                    folder = asked.partition(" ")[2].strip('"')
                if reply.status >= 400:
                    self.wfile.write(f"{tag} NO ".encode() + reply.body + b"\r\n")
                else:
                    self.wfile.write(reply.body + f"{tag} OK done\r\n".encode())
                if asked.startswith("LOGOUT"):
                    return

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True
        allow_reuse_address = True

    with Server(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield server.server_address[1]
        finally:
            server.shutdown()
            thread.join()
