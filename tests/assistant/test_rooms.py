"""Accounts are kept ready for asking, as many as memory allows."""

from __future__ import annotations

import pytest

from assistant.wiring import Kit
from ingest.archive.archive import Archive
from ingest.archive.scope import EVERYTHING
from tests.conftest import Desk
from tests.exports import neutral, note


@pytest.fixture
def three(desk: Desk) -> Desk:
    """Accounts of four passages each."""
    notes = [note(f"{name}{n}", f"{name} point {n}.", name) for name in ("Ash", "Birch", "Cedar") for n in range(4)]
    desk.write({"a.jsonl": neutral(*notes)})
    desk.ingest()
    return desk


def look(kit: Kit, name: str) -> int:
    """How many passages the account has, once it is ready."""
    return len(kit.room(EVERYTHING.only(kit.archive.account(EVERYTHING, name).id)).shelf)


@pytest.mark.parametrize(("most", "kept"), [(12, 3), (9, 2), (4, 1), (1, 1)])
def test_the_latest_accounts_are_kept_while_they_are_not_too_many_passages(
    three: Desk, monkeypatch: pytest.MonkeyPatch, most: int, kept: int
) -> None:
    monkeypatch.setattr("assistant.wiring.PASSAGES_KEPT", most)
    with three.kit() as kit:
        assert [look(kit, name) for name in ("Ash", "Birch", "Cedar")] == [4, 4, 4]
        names = [room.shelf.passages[0].text.split()[0] for room in kit._rooms.values()]
        assert names == ["Ash", "Birch", "Cedar"][3 - kept :]


def test_who_is_around_is_read_once_and_again_when_it_has_changed(three: Desk) -> None:
    with three.kit() as kit:
        ash = EVERYTHING.only(kit.archive.account(EVERYTHING, "Ash").id)
        before = kit.around(ash)
        assert kit.around(ash) is before
        met = note("Ash9", "Ash point 9.", "Ash", participants=[{"name": "Ines Roth", "email": "ines@ash.example"}])
        three.write({"b.jsonl": neutral(met)})
        three.ingest()
        assert "Ines Roth" not in [person.name for person in before.people]
        assert "Ines Roth" in [person.name for person in kit.people(ash)]
        assert before not in kit._arounds.values()  # what was known then may have been erased since


def test_who_asks_reads_an_account_once(three: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    with three.kit() as kit:
        ash = EVERYTHING.only(kit.archive.account(EVERYTHING, "Ash").id)
        kit.room(ash)
        monkeypatch.setattr(Archive, "interactions", lambda *_, **__: pytest.fail("read again"))
        assert kit.ledger(ash).promises == ()
