"""A mailbox behind IMAP, on a server of its own: what is new and what is deleted, numbers that begin anew, what is never asked for."""

from __future__ import annotations

import re
import socketserver
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from threading import Thread

import pytest

from ingest.connectors.api import Refused
from ingest.connectors.imap import Imap
from ingest.connectors.mirror import Mirror
from ingest.connectors.port import Want
from ingest.pulling import pull
from tests.conftest import Desk
from tests.exports import DANA, MARTA, TOM, mail
from tests.ingest.connectors.loopback import Time
from tests.ingest.connectors.worlds import CRM

MUM = "Mum <mum@family.example>"
WANT = Want(domains=frozenset({"halden.example"}))


class Mailbox:
    """Folders of numbered mails; what was asked for is noted."""

    def __init__(self) -> None:
        self.password = "app-password"
        self.validity = 7
        self.folders: dict[str, dict[int, bytes]] = {"INBOX": {}, "Sent": {}, "Trash": {}}
        self.flags = {"INBOX": "\\HasNoChildren", "Sent": "\\Sent", "Trash": "\\Trash"}
        self.asked: list[str] = []

    def put(self, folder: str, uid: int, sender: str, to: str, words: str) -> None:
        self.folders[folder][uid] = mail(sender, to, words, id=f"{folder}-{uid}@mail.example", subject=f"Mail {uid}")


@contextmanager
def served(box: Mailbox) -> Iterator[int]:
    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self.folder = ""
            self._say("* OK IMAP4rev1 ready")
            for line in self.rfile:
                tag, _, rest = line.decode().strip().partition(" ")
                box.asked.append(rest)
                command, _, about = rest.partition(" ")
                self._answer(tag, command.upper(), about)
                if command.upper() == "LOGOUT":
                    return

        def _say(self, text: str) -> None:
            self.wfile.write(text.encode() + b"\r\n")

        def _answer(self, tag: str, command: str, about: str) -> None:
            match command:
                case "CAPABILITY":
                    self._say("* CAPABILITY IMAP4rev1")
                case "LOGIN" if f'"{box.password}"' not in about:
                    self._say(f"{tag} NO [AUTHENTICATIONFAILED] Invalid credentials")
                    return
                case "LIST":
                    for name in box.folders:
                        self._say(f'* LIST ({box.flags[name]}) "/" "{name}"')
                case "EXAMINE":
                    self.folder = about.strip('"')
                    self._say(f"* {len(box.folders[self.folder])} EXISTS")
                    self._say(f"* OK [UIDVALIDITY {box.validity}] UIDs valid")
                case "SELECT":
                    self._say(f"{tag} NO this test opens nothing for writing")
                    return
                case "UID":
                    self._uid(*about.split(" ", 1))
            self._say(f"{tag} OK done")

        def _uid(self, command: str, about: str) -> None:
            mails = box.folders[self.folder]
            if command == "SEARCH":
                who = re.findall(r'FROM "([^"]+)"', about)
                found = [uid for uid, data in mails.items() if not who or who[0] in data.decode().partition("\n\n")[0]]
                self._say(f"* SEARCH {' '.join(map(str, found))}".rstrip())
                return
            numbers, _, what = about.partition(" ")
            for number, uid in enumerate(map(int, numbers.split(",")), start=1):
                if uid in mails:
                    self._fetch(number, uid, what, mails[uid])

        def _fetch(self, number: int, uid: int, what: str, data: bytes) -> None:
            if "SIZE" in what:
                self._say(f"* {number} FETCH (UID {uid} RFC822.SIZE {len(data)})")
                return
            head = b"\r\n".join(line for line in data.splitlines() if line.startswith((b"From:", b"To:", b"Cc:"))) + b"\r\n\r\n"
            content, name = (head, "BODY[HEADER.FIELDS (FROM TO CC)]") if "HEADER" in what else (data, "BODY[]")
            self.wfile.write(f"* {number} FETCH (UID {uid} {name} {{{len(content)}}}\r\n".encode() + content + b")\r\n")

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


@pytest.fixture
def box() -> Mailbox:
    made = Mailbox()
    made.put("INBOX", 1, MARTA, DANA, "Please send the order form.")
    made.put("INBOX", 2, MUM, DANA, "Come to dinner on Sunday.")
    made.put("Sent", 1, DANA, MARTA, "Forty percent off was talked about.")
    made.put("Trash", 1, MARTA, DANA, "Thrown away.")
    return made


def connector(port: int, password: str = "app-password") -> Imap:
    return Imap("127.0.0.1", "dana@cartage.example", password, Time().clock, port=port, tls=False)


def pulled(box: Mailbox, mirror: Mirror, want: Want = WANT) -> list[str]:
    """The numbers of the mails that are kept then, by folder."""
    with served(box) as port, closing(connector(port)) as made:
        for batch in made.pull(mirror.state.cursor, mirror, want):
            mirror.apply(batch)
    return sorted(name.partition("/mail-")[2] for name in mirror.names())


def test_only_the_accounts_mails_are_asked_for_whole_and_nothing_is_opened_for_writing(box: Mailbox, tmp_path: Path) -> None:
    mirror = Mirror(tmp_path, "imap")
    assert pulled(box, mirror) == ["7-1.eml", "7-1.eml"]
    box.put("INBOX", 3, MUM, DANA, "Bring wine.")
    box.put("INBOX", 4, TOM, DANA, "The depots open at six.")
    assert pulled(box, mirror) == ["7-1.eml", "7-1.eml", "7-4.eml"]
    whole = [line for line in box.asked if "BODY.PEEK[]" in line]
    assert [line.split()[2] for line in whole] == ["1", "1", "4"]
    assert not any("BODY[" in line or line.startswith("SELECT") for line in box.asked)
    assert not any("Trash" in line for line in box.asked if line.startswith("EXAMINE"))
    assert not any("Bring wine" in path.read_text("utf-8") for path in tmp_path.rglob("*.eml"))


def test_a_mail_that_is_deleted_goes_and_a_quiet_round_changes_nothing(box: Mailbox, tmp_path: Path) -> None:
    mirror = Mirror(tmp_path, "imap")
    pulled(box, mirror)
    del box.folders["Sent"][1]
    assert pulled(box, mirror) == ["7-1.eml"]
    before = {path: (path.stat().st_mtime_ns, path.read_bytes()) for path in tmp_path.rglob("*") if path.is_file()}
    box.put("INBOX", 9, MUM, DANA, "Where are you?")
    assert pulled(box, mirror) == ["7-1.eml"]
    assert {path: (path.stat().st_mtime_ns, path.read_bytes()) for path in tmp_path.rglob("*") if path.is_file()} == before


def test_a_folder_whose_numbers_begin_anew_is_read_anew(box: Mailbox, tmp_path: Path) -> None:
    mirror = Mirror(tmp_path, "imap")
    pulled(box, mirror)
    box.validity = 8
    assert pulled(box, mirror) == ["8-1.eml", "8-1.eml"]


def test_the_mails_of_an_account_that_is_new_are_looked_for_from_the_beginning(box: Mailbox, tmp_path: Path) -> None:
    mirror = Mirror(tmp_path, "imap")
    assert pulled(box, mirror, Want()) == []
    assert pulled(box, mirror) == ["7-1.eml", "7-1.eml"]


def test_a_wrong_password_is_refused_in_words_that_do_not_hold_it(box: Mailbox, tmp_path: Path) -> None:
    with served(box) as port, closing(connector(port, "not-the-password")) as made:
        with pytest.raises(Refused) as refused:
            list(made.pull({}, Mirror(tmp_path, "imap"), WANT))
        assert "not-the-password" not in f"{refused.value} {vars(made)}"
        assert not all(each.ok for each in made.check())


def test_mails_go_the_way_of_an_export_and_leave_the_archive_when_they_are_deleted(box: Mailbox, desk: Desk) -> None:
    desk.write(CRM)
    desk.ingest(our_domains=("cartage.example",))
    with served(box) as port:
        for expected in (["Forty percent off was talked about.", "Please send the order form."], ["Please send the order form."]):
            with desk.open(write=True) as home, closing(connector(port)) as made:
                assert pull(home, [made]).sources[0].trouble == ""
            assert sorted(words.strip() for words in desk.said()["Halden Freight Group"]) == expected
            box.folders["Sent"].clear()
