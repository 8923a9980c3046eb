"""What is Gmail's own: a mailbox of which only the accounts' mails are read, and a history that begins to forget."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from ingest.connectors.mirror import Mirror
from ingest.connectors.port import Want
from tests.ingest.connectors.loopback import Asked, Faults, served
from tests.ingest.connectors.worlds import GmailWorld

WANT = Want(domains=frozenset({"halden.example"}))


@pytest.fixture
def world() -> GmailWorld:
    return GmailWorld()


def pulled(world: GmailWorld, mirror: Mirror, want: Want = WANT) -> list[Asked]:
    """What was asked for in one pull."""
    faults = Faults(world.tool)
    with served(faults) as base, closing(world.connector(base, world.time.clock)) as connector:
        for batch in connector.pull(mirror.state.cursor, mirror, want):
            mirror.apply(batch)
    return faults.log


def mails(mirror: Mirror) -> list[str]:
    return [name.partition("/")[2] for name in mirror.names()]


def test_a_mail_that_is_no_accounts_is_never_asked_for_whole_and_never_kept(world: GmailWorld, tmp_path: Path) -> None:
    first, second, third, _ = world.chapters()
    mirror = Mirror(tmp_path, "gmail")
    asked = []
    for chapter in (first, second, third):
        chapter()
        asked += pulled(world, mirror)
    whole = {each.path.rpartition("/")[2] for each in asked if each.query.get("format") == "raw"}
    assert whole == {"18a1", "18a2", "18a4", "18b1", "18c2"}
    assert mails(mirror) == [f"mail-{id}.json" for id in ("18a1", "18a2", "18a4", "18b1", "18c2")]
    assert {name for each in asked for name in each.many.get("metadataHeaders", [])} == {"From", "To", "Cc"}


def test_where_the_history_has_begun_to_forget_the_mailbox_is_gone_through_again(world: GmailWorld, tmp_path: Path) -> None:
    mirror = Mirror(tmp_path, "gmail")
    world.chapters()[0]()
    pulled(world, mirror)
    world.chapters()[1]()
    world.box.bin("18a2")
    world.box.forgotten = world.box.at + 1
    world.box.at += 2
    asked = pulled(world, mirror)
    assert mails(mirror) == ["gone-18a2.json", "mail-18a1.json", "mail-18a4.json", "mail-18b1.json"]
    assert [each.path.rpartition("/")[2] for each in asked if each.query.get("format") == "raw"] == ["18b1"]


def test_the_mails_of_an_account_that_is_new_are_looked_for_from_the_beginning(world: GmailWorld, tmp_path: Path) -> None:
    mirror = Mirror(tmp_path, "gmail")
    world.chapters()[0]()
    pulled(world, mirror, Want())
    assert mails(mirror) == []
    pulled(world, mirror)
    assert mails(mirror) == ["mail-18a1.json", "mail-18a2.json", "mail-18a4.json"]


def test_a_mail_that_comes_back_from_the_bin_is_read_again(world: GmailWorld, tmp_path: Path) -> None:
    mirror = Mirror(tmp_path, "gmail")
    world.chapters()[0]()
    pulled(world, mirror)
    world.box.bin("18a2")
    pulled(world, mirror)
    assert "gone-18a2.json" in mails(mirror)
    world.box.mails["18a2"]["labelIds"].remove("TRASH")
    world.box._note({"labelsRemoved": [{"message": {"id": "18a2", "threadId": "18a2"}, "labelIds": ["TRASH"]}]})
    pulled(world, mirror)
    assert mails(mirror) == ["mail-18a1.json", "mail-18a2.json", "mail-18a4.json"]


def test_a_token_that_runs_out_within_a_run_is_changed_for_another(world: GmailWorld, tmp_path: Path) -> None:
    mirror = Mirror(tmp_path, "gmail")
    world.chapters()[0]()
    with served(world.tool) as base, closing(world.connector(base, world.time.clock)) as connector:
        for batch in connector.pull({}, mirror, WANT):
            mirror.apply(batch)
            world.box.access = "revoked by somebody"
    assert world.box.lent > 2
    assert len(mails(mirror)) == 3
