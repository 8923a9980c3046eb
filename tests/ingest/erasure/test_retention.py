"""What is kept no longer goes, nothing else does, and a second run finds nothing more to do."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest

from assistant.brief.shelf import current_brief
from assistant.citations import cite, resolve
from ingest.archive.errors import NotThere
from ingest.archive.scope import EVERYTHING
from ingest.opened import Home
from ingest.records import Span
from ingest.retention import purge
from ingest.settings import BadSettings, Retention, load_settings
from ingest.sync import sync
from tests.conftest import Desk
from tests.exports import neutral, note, talk, write
from tests.ingest.erasure.planted import left

STRANGER = {"name": "Ida", "email": "ida@nobody-knows.example"}
NOW = datetime(2026, 11, 1, tzinfo=UTC)


@contextmanager
def at(desk: Desk, now: datetime) -> Iterator[Home]:
    with desk.open(write=True) as home:
        home.archive.now = lambda: now
        yield home


def rules(desk: Desk, text: str) -> None:
    desk.home.mkdir(exist_ok=True)
    (desk.home / "baton.toml").write_text(f"[retention]\n{text}\n")


def rows(day: str = "2026-09-01") -> str:
    return neutral(
        talk("old", ("Dana", "The marzipan obelisk was promised long ago."), account="Halden", timestamp="2024-02-01T12:00:00Z"),
        talk("new", ("Dana", "The rollout starts in January."), account="Halden", timestamp=f"{day}T12:00:00Z"),
        note("n-old", "An old note about sassafras that notes keep for ever.", "Halden", timestamp="2024-02-01T12:00:00Z"),
        talk("undated", ("Dana", "Nobody knows when this was said."), account="Halden", timestamp=""),
    )


def test_calls_go_at_their_day_and_nothing_else_does(desk: Desk) -> None:
    desk.write({"all.jsonl": rows()})
    with at(desk, NOW) as home:
        sync(home, [desk.files])
    with desk.kit(write=True) as kit:
        brief = current_brief(kit, kit.archive.account(EVERYTHING, "Halden").id)
    rules(desk, "calls = 730")
    with at(desk, NOW) as home:
        planned = purge(home, dry_run=True)
        assert [(due.what, due.days, due.count, str(due.oldest)) for due in planned.due] == [("calls", 730, 1, "2024-02-01 12:00:00+00:00")]
        assert not planned.done
        assert left(desk.home, {"old": "marzipan obelisk"})
        done = purge(home)
        assert (done.done, done.due) == (True, planned.due)
        assert purge(home).due == ()
        assert home.archive.erasures()[-1][0] == "retention"
        if "marzipan" in str(brief):
            with pytest.raises(NotThere):
                home.archive.brief(EVERYTHING, brief["id"])
    assert left(desk.home, {"old": "marzipan obelisk"}) == {}
    assert sorted(desk.said()["Halden"]) == [
        "An old note about sassafras that notes keep for ever.", "Nobody knows when this was said.", "The rollout starts in January.",
    ]  # fmt: skip
    with at(desk, NOW) as home:
        again = sync(home, [write(desk.files.with_name("moved"), {"all.jsonl": rows()})])
    assert (again.new, again.expired, again.erased) == (0, 1, 0)
    assert left(desk.home, {"old": "marzipan obelisk"}) == {}


def test_what_nobody_decided_on_goes_after_thirty_days_and_is_not_held_again(desk: Desk) -> None:
    desk.write({"waits/gossamer-pending.jsonl": neutral(note("w", "Whose is this?", participants=[STRANGER])), "all.jsonl": rows()})
    with at(desk, NOW) as home:
        assert len(sync(home, [desk.files]).held) == 1
    with at(desk, NOW + timedelta(days=29)) as home:
        assert len(sync(home, [desk.files]).held) == 1
        assert purge(home).due == ()
    with at(desk, NOW + timedelta(days=31)) as home:
        assert [(due.what, due.count) for due in purge(home).due] == [("held", 1)]
        assert home.archive.held() == []
        assert sync(home, [desk.files]).held == []


@pytest.mark.parametrize(
    ("setting", "days", "opens"), [("", 364, True), ("", 366, False), ("versions = 0", 0, False), ('versions = "forever"', 9999, True)]
)
def test_an_earlier_wording_opens_its_citations_for_as_long_as_the_settings_say(desk: Desk, setting: str, days: int, opens: bool) -> None:
    rules(desk, setting)
    desk.write({"all.jsonl": neutral(note("n", "The price is 100 marzipan obelisks.", "Halden"))})
    with at(desk, NOW) as home:
        sync(home, [desk.files])
        [held] = home.archive.interactions(EVERYTHING)
        citation = cite(held, Span(0, 12))
    desk.write({"all.jsonl": neutral(note("n", "The price is 200.", "Halden"))})
    with at(desk, NOW) as home:
        assert sync(home, [desk.files]).changed == 1
    with at(desk, NOW + timedelta(days=days)) as home:
        purge(home)
        assert resolve(home.archive, EVERYTHING, cite(home.archive.interactions(EVERYTHING)[0], Span(0, 9)).id).exact == "The price"
        if opens:
            assert resolve(home.archive, EVERYTHING, citation.id).exact == "The price is"
        else:
            with pytest.raises(NotThere):
                resolve(home.archive, EVERYTHING, citation.id)
    assert bool(left(desk.home, {"earlier": "marzipan obelisks"})) is opens


def test_what_its_source_took_away_is_gone_from_the_file_a_month_later(desk: Desk) -> None:
    desk.write({"a.jsonl": neutral(note("n", "A marzipan obelisk note.", "Halden")), "b.jsonl": rows()})
    with at(desk, NOW) as home:
        sync(home, [desk.files])
    (desk.files / "a.jsonl").unlink()
    with at(desk, NOW) as home:
        assert sync(home, [desk.files]).removed == 1
        assert purge(home).due == ()
    with at(desk, NOW + timedelta(days=31)) as home:
        assert [(due.what, due.count) for due in purge(home).due] == [("removed", 1)]
    assert not any("obelisk note" in path.read_bytes().decode("latin-1") for path in desk.home.rglob("*") if path.is_file())


@pytest.mark.parametrize("wrong", ["calls = -1", 'calls = "soon"', "calls = true", "phones = 30", "calls = 1.5"])
def test_a_setting_that_cannot_be_is_refused_in_words(desk: Desk, wrong: str) -> None:
    rules(desk, wrong)
    with pytest.raises(BadSettings, match=r"\[retention\]"):
        load_settings(desk.home, {})


def test_without_settings_talk_is_kept_for_ever(desk: Desk) -> None:
    assert load_settings(desk.home, {}).retention == Retention(held=30, versions=365, removed=30)


def test_what_an_import_takes_out_for_good_is_not_kept_by_the_copy_from_before_an_upgrade(desk: Desk) -> None:
    rules(desk, "versions = 0")
    desk.write({"n.jsonl": neutral(note("n", "The marzipan obelisk stood here first.", "Halden"))})
    desk.ingest()
    copy = desk.home / "baton.db.before-0007"
    copy.write_bytes((desk.home / "baton.db").read_bytes())
    desk.ingest()
    assert copy.exists()  # nothing went, and the copy is its owner's
    desk.write({"n.jsonl": neutral(note("n", "Something else was meant.", "Halden"))})
    desk.ingest()
    assert not copy.exists()
