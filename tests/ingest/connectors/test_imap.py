"""A mailbox behind IMAP, on a server of its own: what is new and what is deleted, numbers that begin anew, what is never asked for."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from ingest.connectors.api import Refused
from ingest.connectors.imap import Imap
from ingest.connectors.mirror import Mirror
from ingest.connectors.port import Want
from ingest.pulling import pull
from tests.conftest import Desk
from tests.exports import DANA, MARTA, TOM
from tests.ingest.connectors.imap_server import Mailbox, served
from tests.ingest.connectors.loopback import Time
from tests.ingest.connectors.worlds import CRM

MUM = "Mum <mum@family.example>"
WANT = Want(domains=frozenset({"halden.example"}))


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
