"""What every connector keeps: however the asking is cut up, delayed or refused, the archive says what one undisturbed pull would say."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest

from ingest.archive.rows import StoredAccount
from ingest.archive.scope import EVERYTHING
from ingest.connectors.mirror import FOLDER
from ingest.connectors.status import statuses
from ingest.connectors.wiring import connected
from ingest.erasing import erase
from ingest.opened import Home
from ingest.pulling import Report, pull
from ingest.settings import BadSettings
from tests.conftest import Desk, HashedTerms
from tests.ingest.connectors.loopback import Faults, Reply
from tests.ingest.connectors.worlds import WORLDS, ImapWorld, World, served_as


class Cut(BaseException):
    """Ends a pull as a kill would, between two of its steps."""


class Office:
    """A tool that is served, a home, and the pulls between them."""

    def __init__(self, world: World, folder: Path, faults: Faults | None = None) -> None:
        self.world, self.desk, self.time = world, Desk(folder, HashedTerms()), world.time
        self.faults = faults or Faults(world.tool)
        self.base = ""
        if world.crm:
            self.desk.write(world.crm)
            self.desk.ingest(our_domains=("cartage.example",))

    def pull(self, home: Home | None = None, cut_after: int = 0, **more: Any) -> Report:
        if home is None:
            with self.desk.open(write=True) as opened:
                return self.pull(opened, cut_after, **more)
        steps = 0

        def asking(source: str, asked: int) -> None:
            nonlocal steps
            steps += 1
            if steps == cut_after:
                raise Cut

        with closing(self.world.connector(self.base, self.time.clock)) as connector:
            return pull(home, [connector], clock=self.time.clock, asking=asking, **more)

    def told(self) -> dict[str, Any]:
        """Everything the archive says, without what tells only when or how it got there."""
        with self.desk.open() as home:
            return {account.name: _told(home, account) for account in home.archive.accounts(EVERYTHING)}

    def words(self) -> str:
        return "\n".join(words for said in self.desk.said().values() for words in said)


@pytest.fixture(params=sorted(WORLDS))
def world(request: pytest.FixtureRequest) -> World:
    return WORLDS[request.param]()


@pytest.fixture
def asked_over_http(world: World) -> None:
    if isinstance(world, ImapWorld):
        pytest.skip("IMAP has no answer that says when to come again; what breaks off goes on with the next run")


@pytest.fixture
def office(world: World, tmp_path: Path) -> Iterator[Office]:
    made = Office(world, tmp_path / "one")
    with served_as(world, made.faults) as made.base:
        yield made


def undisturbed(office: Office, tmp_path: Path) -> dict[str, Any]:
    """What a home says that is filled by one pull of the world as it is now."""
    other = Office(office.world, tmp_path / "undisturbed")
    with served_as(office.world, office.world.tool) as other.base:
        report = other.pull()
    assert not any(each.trouble for each in report.sources)
    return other.told()


def test_pulling_after_every_change_says_what_one_pull_at_the_end_says(office: Office, tmp_path: Path) -> None:
    for chapter in office.world.chapters():
        chapter()
        office.pull()
        office.time.pass_(hours=2)
    told = office.told()
    assert told == undisturbed(office, tmp_path)
    assert all(words in office.words() for words in office.world.stays)
    assert office.world.gone not in office.words()


def test_a_pull_that_is_killed_after_any_of_its_steps_goes_on_and_ends_where_it_would_have(world: World, tmp_path: Path) -> None:
    chapters = world.chapters()
    for chapter in chapters[:-1]:
        chapter()
    expected: dict[str, Any] = {}
    for cut_after in (2, 5):
        office = Office(world, tmp_path / f"cut{cut_after}")
        with served_as(world, office.faults) as office.base:
            for _ in range(60):
                try:
                    office.pull(cut_after=cut_after)
                    break
                except Cut:
                    continue
            office.pull()
            expected = expected or undisturbed(office, tmp_path)
            assert office.told() == expected


def test_a_killed_import_of_what_was_pulled_is_made_up_for(office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    office.world.chapters()[0]()

    def killed(*_: object, **__: object) -> Any:
        raise Cut

    with monkeypatch.context() as patched:
        patched.setattr("ingest.pulling.take_in", killed)
        with pytest.raises(Cut):
            office.pull()
    office.pull()
    assert office.told() == undisturbed(office, tmp_path)


def test_a_day_of_quiet_polling_writes_nothing(office: Office) -> None:
    for chapter in office.world.chapters():
        chapter()
        office.pull()
        office.time.pass_(hours=2)
    office.time.pass_(days=8)  # nothing is waited for any longer
    office.pull()
    with office.desk.open(write=True) as home:
        office.pull(home)
        before = _files(office.desk.home)
        for _ in range(24):
            office.time.pass_(hours=1)
            report = office.pull(home)
            assert report.tally is None
        assert _files(office.desk.home) == before


@pytest.mark.usefixtures("asked_over_http")
def test_a_source_that_asks_to_wait_is_given_the_time_it_asks_for(office: Office, tmp_path: Path) -> None:
    office.world.chapters()[0]()
    until = format_datetime(office.time.at + timedelta(seconds=40), usegmt=True)
    office.faults.at = {2: Reply(429, {}, {"Retry-After": "7"}), 4: Reply(429, {}, {"Retry-After": until})}
    report = office.pull()
    assert 7.0 in office.time.waited
    assert any(25 <= waited <= 33 for waited in office.time.waited)
    assert not report.sources[0].trouble
    assert office.told() == undisturbed(office, tmp_path)


@pytest.mark.usefixtures("asked_over_http")
def test_a_source_that_asks_for_too_long_a_wait_is_left_and_gone_on_with_later(office: Office, tmp_path: Path) -> None:
    office.world.chapters()[0]()
    office.faults.at = {5: Reply(429, {}, {"Retry-After": "3600"})}
    report = office.pull()
    assert "asks to wait 60 minutes" in report.sources[0].trouble
    assert max(office.time.waited, default=0) < 3600
    office.pull()
    assert office.told() == undisturbed(office, tmp_path)


@pytest.mark.usefixtures("asked_over_http")
def test_a_source_that_fails_now_and_then_is_asked_again(office: Office, tmp_path: Path) -> None:
    office.world.chapters()[0]()
    faults = [
        Reply(500, {}),
        Reply(502, b"<html>"),
        Reply(503, {"message": "sorry"}),
        Reply(200, b"{cut", {"Content-Type": "application/json"}),
    ]
    office.faults.at = dict(zip((1, 2, 5, 6), faults, strict=True))
    report = office.pull()
    assert not report.sources[0].trouble
    assert office.told() == undisturbed(office, tmp_path)


def test_a_source_that_is_down_is_told_of_and_loses_nothing(office: Office, tmp_path: Path) -> None:
    office.world.chapters()[0]()
    office.faults.at = dict.fromkeys(range(4, 40), Reply(500, b"<html>"))
    report = office.pull()
    assert re.search("times in a row|broke off", report.sources[0].trouble)
    office.faults.at = {}
    assert office.pull().sources[0].trouble == ""
    assert office.told() == undisturbed(office, tmp_path)


def test_credentials_that_are_not_accepted_any_longer_are_told_of_once_and_lose_nothing(office: Office, tmp_path: Path) -> None:
    chapters = office.world.chapters()
    chapters[0]()
    office.pull()
    told = office.told()
    office.world.refuse()
    chapters[1]()
    with office.desk.open(write=True) as home:
        first = office.pull(home)
        assert "401" in first.sources[0].trouble or "credentials" in first.sources[0].trouble
        before = _files(office.desk.home)
        office.time.pass_(minutes=15)
        assert office.pull(home).sources[0].trouble == first.sources[0].trouble
        assert _files(office.desk.home) == before
    assert office.told() == told
    office.world.accept()
    office.pull()
    assert office.told() == undisturbed(office, tmp_path)


def test_words_that_come_later_than_their_call_are_there_once_they_come(office: Office) -> None:
    if not office.world.late:
        pytest.skip("in this tool nothing comes before its words")
    *before, last, _ = office.world.chapters()
    for chapter in before:
        chapter()
        office.pull()
        office.time.pass_(hours=3)
    assert office.world.late not in office.words()
    last()
    office.pull()
    assert office.world.late in office.words()


def test_asking_for_everything_again_takes_out_what_the_source_has_no_longer_and_changes_nothing_else(
    office: Office, tmp_path: Path
) -> None:
    for chapter in office.world.chapters():
        chapter()
        office.pull()
        office.time.pass_(hours=2)
    told = office.told()
    office.pull(anew=True)
    assert office.told() == told == undisturbed(office, tmp_path)


def test_no_secret_is_logged_kept_or_put_into_an_address(office: Office, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    office.world.chapters()[0]()
    office.pull()
    office.world.refuse()
    trouble = office.pull().sources[0].trouble
    secret = office.world.secret
    assert secret not in caplog.text
    assert secret not in trouble
    assert all(secret not in f"{asked.path} {asked.query}" for asked in office.faults.log)
    assert all(secret.encode() not in path.read_bytes() for path in office.desk.home.rglob("*") if path.is_file())
    with closing(office.world.connector(office.base, office.time.clock)) as connector:
        assert secret not in repr(connector) + repr(vars(connector))


def test_a_check_says_who_we_are_and_when_the_credentials_are_not_accepted(office: Office) -> None:
    with closing(office.world.connector(office.base, office.time.clock)) as connector:
        said = list(connector.check())
        assert said
        assert all(each.ok for each in said), said
        office.world.refuse()
    with closing(office.world.connector(office.base, office.time.clock)) as connector:
        assert not all(each.ok for each in connector.check())


def test_an_erased_account_leaves_nothing_in_what_was_pulled_and_does_not_come_back(office: Office) -> None:
    office.world.chapters()[0]()
    office.pull()
    with office.desk.open(write=True) as home:
        (account,) = home.archive.accounts(EVERYTHING)
        assert erase(home, "account", account.id).clean
        report = office.pull(home, anew=True)
        assert report.tally is None or (report.tally.new, report.tally.held) == (0, [])
        assert home.archive.accounts(EVERYTHING) == []
    gone = [office.world.gone, "Marta", "halden.example"]
    kept = b"".join(path.read_bytes() for path in (office.desk.home / FOLDER).rglob("*") if path.is_file())
    assert not [words for words in gone if words.encode() in kept]


def test_every_tool_says_which_credentials_it_needs(tmp_path: Path) -> None:
    said = {each.source: each.needs for each in statuses(tmp_path, {})}
    assert len(said) == 11
    assert all(said.values())
    assert said["gong"] == ("BATON_GONG_ACCESS_KEY", "BATON_GONG_SECRET")


def test_a_secret_in_the_settings_file_or_in_a_file_others_can_read_is_refused(tmp_path: Path) -> None:
    (tmp_path / "baton.toml").write_text('[connect.hubspot]\ntoken = "pat-secret"\n', "utf-8")
    with pytest.raises(BadSettings, match="must not hold token") as refused:
        connected(tmp_path, {})
    assert "pat-secret" not in str(refused.value)
    (tmp_path / "baton.toml").write_text('[connect.hubspot]\ntoken_file = "hubspot.token"\n', "utf-8")
    (tmp_path / "hubspot.token").write_text("pat-secret\n", "utf-8")
    (tmp_path / "hubspot.token").chmod(0o644)
    with pytest.raises(BadSettings, match="can be read by others"):
        connected(tmp_path, {})
    (tmp_path / "hubspot.token").chmod(0o600)
    given = connected(tmp_path, {})
    assert given["hubspot"].secrets == {"token": "pat-secret"}
    assert "pat-secret" not in repr(given)
    with pytest.raises(BadSettings, match="https"):
        connected(tmp_path, {"BATON_HUBSPOT_BASE_URL": "http://hubspot.example"})


def test_what_was_pulled_is_for_this_user_alone(office: Office) -> None:
    office.world.chapters()[0]()
    office.pull()
    files = [path for path in (office.desk.home / FOLDER).rglob("*") if path.is_file()]
    assert files
    assert all(path.stat().st_mode & 0o077 == 0 for path in files)


def test_a_source_cannot_name_a_file_outside_its_own_folder(office: Office) -> None:
    """Whatever an id looks like."""
    from ingest.connectors.mirror import safe

    for native in ("../../baton", "a/b", "", ".hidden", "x" * 300, "ÄÖ", "CON\x00"):
        assert "/" not in safe(native)
        assert not safe(native).startswith((".", "~"))
        assert 0 < len(safe(native)) < 100


def _told(home: Home, account: StoredAccount) -> dict[str, Any]:
    archive, scope = home.archive, EVERYTHING.only(account.id)
    sources = [(i.source, i.text) for i in archive.interactions(scope)]
    return {
        "domains": sorted(account.domains),
        "links": sorted(map(repr, account.links)),
        "deals": sorted((d.name, d.stage, d.closed, d.won, d.closed_on, d.amount) for d in archive.deals(scope)),
        "people": sorted((p.name, p.email, p.title, p.side) for p in archive.people(scope)),
        "said": sorted((s.tool, s.external_id, s.kind, s.title, str(s.occurred_at), s.url, text) for s, text in sources),
    }


def _files(folder: Path) -> dict[str, tuple[int, bytes]]:
    return {str(path): (path.stat().st_mtime_ns, path.read_bytes()) for path in folder.rglob("*") if path.is_file()}
