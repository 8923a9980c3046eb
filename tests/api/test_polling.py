"""A CRM that tells nobody of a closing is asked, and the closing is one event; a round in which nothing is new writes nothing."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from api.cli import app
from api.jobs import Jobs
from api.office import Office
from api.polling import Polls, load_every, notice_closings, silent_crms
from api.setbacks import Later
from assistant.wiring import Kit, open_kit
from ingest.archive.archive import Archive
from ingest.archive.scope import EVERYTHING
from ingest.archive.work import CloseEvent, Work
from ingest.connectors.status import statuses
from ingest.pulling import pull
from ingest.settings import BadSettings
from ingest.wiring import open_home
from tests.api.served import BASE, Served, no_weights
from tests.ingest.connectors.loopback import Faults, served
from tests.ingest.connectors.worlds import HubSpotWorld

CLOSED = datetime(2026, 10, 14, tzinfo=UTC)


@dataclass
class Scene:
    world: HubSpotWorld
    office: Office
    base: str
    down: bool = False
    asked: int = 0

    def fetch(self, kit: Kit, source: str | None) -> bool:
        self.asked += 1
        if self.down:
            raise Later("hubspot: it is down")
        with closing(self.world.connector(self.base, self.world.time.clock)) as connector:
            pull(kit.home, [connector], clock=self.world.time.clock)
        return True

    def events(self) -> list[tuple[str, str]]:
        return [(event.deal, event.says) for event in self.office.work.latest_events(9)]


@pytest.fixture
def scene(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Scene]:
    monkeypatch.setenv("BATON_HUBSPOT_TOKEN", HubSpotWorld.secret)
    home = tmp_path / "home"
    home.mkdir()
    (home / "baton.toml").write_text('[ingest]\nour_domains = ["cartage.example"]\n[pull]\nevery = 15\n')
    world = HubSpotWorld()
    with served(Faults(world.portal)) as base, open_kit(open_home(home, write=True, load_embedder=no_weights)) as kit:
        monkeypatch.setenv("BATON_HUBSPOT_BASE_URL", base)
        work = Work.beside(kit.archive)
        work.now = lambda: world.time.at
        made = Scene(world, Office(kit, work, BASE), base)
        made.office.pull = made.fetch
        yield made


def files(folder: Path) -> dict[str, tuple[int, bytes]]:
    return {str(path): (path.stat().st_mtime_ns, path.read_bytes()) for path in folder.rglob("*") if path.is_file()}


def test_a_deal_that_is_won_between_two_rounds_is_one_event_and_one_brief(scene: Scene) -> None:
    jobs = Jobs(scene.office)
    first, more, edited, *_ = scene.world.chapters()
    first()
    more()
    jobs.run_due()
    assert scene.events() == []
    edited()
    scene.world.time.pass_(minutes=15)
    for _ in range(3):
        jobs.run_due()
        scene.world.time.pass_(minutes=15)
    jobs.close()
    assert scene.events() == [("500", "won")]
    [account] = scene.office.kit.archive.accounts(EVERYTHING)
    assert len(scene.office.kit.archive.briefs(EVERYTHING.only(account.id))) == 1


def test_the_tools_are_asked_when_their_time_has_come_and_a_quiet_round_writes_nothing(scene: Scene) -> None:
    polls = Polls(scene.office)
    for chapter in scene.world.chapters():
        chapter()
        scene.world.time.pass_(hours=2)
        polls.ask_if_due()
    scene.world.time.pass_(days=8)
    polls.ask_if_due()
    asked, home = scene.asked, scene.office.kit.home.path
    before = files(home)
    for _ in range(8):
        scene.world.time.pass_(minutes=7.5)
        polls.ask_if_due()
    assert scene.asked == asked + 4
    assert files(home) == before
    assert polls.next_at is not None
    assert scene.world.time.at < polls.next_at <= scene.world.time.at + timedelta(minutes=15)


def test_a_tool_that_is_down_is_asked_again_in_its_turn_and_keeps_nothing_else_from_going_on(scene: Scene) -> None:
    polls, scene.down = Polls(scene.office), True
    polls.ask_if_due()
    polls.ask_if_due()
    scene.world.time.pass_(minutes=15)
    polls.ask_if_due()
    assert scene.asked == 2


def test_without_the_setting_nobody_is_asked_and_a_wrong_one_is_refused(scene: Scene) -> None:
    home = scene.office.kit.home.path
    (home / "baton.toml").write_text("")
    polls = Polls(scene.office)
    polls.ask_if_due()
    assert (scene.asked, polls.next_at, load_every(home)) == (0, None, None)
    for wrong in ("0", '"often"', "true", "2000"):
        (home / "baton.toml").write_text(f"[pull]\nevery = {wrong}\n")
        with pytest.raises(BadSettings, match="minutes"):
            load_every(home)
    polls.ask_if_due()  # said in the log
    assert scene.asked == 0


def test_a_crm_that_tells_by_itself_is_not_asked_for_closings(tmp_path: Path) -> None:
    asked = {"BATON_HUBSPOT_TOKEN": "pat-eu1-secret", "BATON_GONG_ACCESS_KEY": "k", "BATON_GONG_SECRET": "s"}
    assert silent_crms(tmp_path, asked) == {"hubspot"}
    (tmp_path / "baton.toml").write_text('[hooks.hubspot]\nsecret_file = "none"\n')
    assert silent_crms(tmp_path, {**asked, "BATON_HOOKS_HUBSPOT_SECRET": "hubspot-client-secret-1"}) == frozenset()


def _noticed(archive: Archive, now: datetime, system: str = "salesforce") -> int:
    work = Work.beside(archive)
    work.now = lambda: now
    return notice_closings(work, archive, {system})


def test_what_closed_long_ago_or_was_told_or_is_anothers_is_not_noticed(served: Served) -> None:
    archive = served.archive
    assert _noticed(archive, CLOSED + timedelta(days=15)) == 0
    assert _noticed(archive, CLOSED + timedelta(days=1), "hubspot") == 0
    Work.beside(archive).receive([CloseEvent("crm", "e1", "salesforce", "006A", "won", CLOSED + timedelta(hours=9))])
    assert _noticed(archive, CLOSED + timedelta(days=1)) == 0


def test_a_deal_that_is_opened_and_won_again_is_noticed_again(served: Served) -> None:
    archive = served.archive
    assert [_noticed(archive, CLOSED + timedelta(days=day)) for day in (0, 1, 2)] == [1, 0, 0]
    with archive.transaction():
        archive._mine.connection.exec_driver_sql("UPDATE deal SET closed_on = '2026-10-20', closed_at = NULL")
    assert [_noticed(archive, CLOSED + timedelta(days=day)) for day in (6, 7)] == [1, 0]


def test_watching_goes_round_until_it_is_ended_and_says_when_it_goes_round_next(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    world = HubSpotWorld()
    world.time.at = datetime.now(UTC)  # the command's own clock
    first, more, *_ = world.chapters()
    first()
    rounds: list[float] = []

    def sleep(seconds: float) -> None:
        rounds.append(seconds)
        if len(rounds) == 2:
            raise KeyboardInterrupt
        more()

    monkeypatch.setattr(time, "sleep", sleep)
    monkeypatch.setenv("BATON_HUBSPOT_TOKEN", world.secret)
    with served(Faults(world.portal)) as base:
        monkeypatch.setenv("BATON_HUBSPOT_BASE_URL", base)
        result = CliRunner().invoke(app, ["pull", "hubspot", "--watch", "--every", "2", "--home", str(tmp_path / "home")])
    assert rounds == [120, 120]
    assert result.output.count("Next round at ") == 2
    with Archive.open(tmp_path / "home") as archive:
        titles = [source.title for source in archive.sources(EVERYTHING)]
    assert "Kick-off" in titles


def test_it_is_told_how_much_a_tool_gave_and_when_it_was_asked_last_though_it_was_down(scene: Scene) -> None:
    home, work = scene.office.kit.home, scene.office.work
    polls = Polls(scene.office)
    assert scene.office.asked_at is None
    for chapter in scene.world.chapters()[:2]:
        chapter()
    polls.ask_if_due()
    first = scene.office.asked_at
    assert first is not None
    (hubspot,) = [each for each in statuses(home.path, archive=home.archive) if each.source == "hubspot"]
    assert hubspot.as_json()["kept"] == {"call": 1, "crm_field": 1, "crm_note": 3, "email": 1, "meeting": 1}
    scene.world.time.pass_(minutes=15)
    scene.down = True
    polls.ask_if_due()
    assert scene.office.asked_at is not None
    assert first < scene.office.asked_at <= work.now()
