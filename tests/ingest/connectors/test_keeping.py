"""What the settings keep no longer goes from what was pulled too, and does not come back with the next pull."""

from __future__ import annotations

from contextlib import closing

from ingest.connectors.mirror import FOLDER
from ingest.pulling import pull
from ingest.retention import purge
from tests.conftest import Desk
from tests.ingest.connectors.loopback import served
from tests.ingest.connectors.worlds import HubSpotWorld


def test_what_is_kept_no_longer_goes_from_what_was_pulled_and_stays_away(desk: Desk) -> None:
    world = HubSpotWorld()
    world.chapters()[0]()

    def notes() -> list[str]:
        return sorted(path.name for path in (desk.home / FOLDER / "hubspot" / "900").glob("note-*.json"))

    with served(world.tool) as base, closing(world.connector(base, world.time.clock)) as connector:
        with desk.open(write=True) as home:
            pull(home, [connector], clock=world.time.clock)
        assert notes() == ["note-600.json", "note-601.json", "note-602.json"]
        (desk.home / "baton.toml").write_text("[retention]\nnotes = 31\n", "utf-8")
        with desk.open(write=True) as home:
            home.archive.now = lambda: world.time.at  # on 2 October the note of 1 September is a little older than 31 days
            assert purge(home).done
            assert notes() == ["note-601.json", "note-602.json"]
            tally = pull(home, [connector], clock=world.time.clock, anew=True).tally
            assert tally is not None
            assert (tally.new, tally.removed, tally.expired) == (0, 0, 1)
        assert notes() == ["note-601.json", "note-602.json"]
    assert not any("Budget holder" in words for words in desk.said()["Halden Freight Group"])
    assert any("spreadsheets" in words for words in desk.said()["Halden Freight Group"])
