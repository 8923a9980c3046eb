"""What was read is remembered, with what it gave, so that what it no longer gives can go."""

from __future__ import annotations

import pytest

from ingest.archive.archive import Archive
from ingest.archive.errors import NotThere
from ingest.archive.rows import Held, Run
from ingest.copies import worth
from ingest.records import Failure
from tests.ingest.making import call, on, put


def test_an_input_is_known_by_its_digest(archive: Archive) -> None:
    assert archive.inputs() == []
    archive.put_input("calls", "gong", "d1", {"held": 0})
    archive.put_input("calls", "gong", "d2", {"held": 1, "odd": "\ud800"})
    [read] = archive.inputs()
    assert (read.key, read.format, read.digest, read.outcome) == ("calls", "gong", "d2", {"held": 1, "odd": "\ufffd"})


def test_what_no_input_gives_any_longer_is_named(archive: Archive, halden: str) -> None:
    calls = [call(id, f"Words of {id}.") for id in ("1", "2", "3")]
    one, two, both = given = {put(archive, halden, each): worth(each) for each in calls}
    assert archive.put_input("a", "gong", "d", {}, given) == ()
    assert archive.put_input("b", "gong", "d", {}, {both: given[both]}) == ()
    assert archive.put_input("a", "gong", "e", {}, {one: given[one]}) == (two,)
    assert archive.origins("a") == {one: given[one]}
    assert archive.forget_input("b") == (both,)
    assert archive.forget_input("never read") == ()
    assert [each.key for each in archive.inputs()] == ["a"]


def test_what_is_set_aside_of_an_input_replaces_what_was_and_leaves_others_alone(archive: Archive) -> None:
    held = [Held("a.eml", "no_account", "Use --account.", ()), Held("a.eml::b.pdf", "ambiguous", "Say which.", ("X", "Y"))]
    failed = [Failure("l.jsonl", "not_valid", "No text.", 3), Failure("l.jsonl", "not_valid", "No text.", 17)]
    archive.set_aside("/one/a.eml", held)
    archive.set_aside("/two/a.eml", [Held("a.eml", "two_accounts", "Say which.", ("X", "Y"))])
    archive.set_aside("/one/l.jsonl", (), failed)
    archive.set_aside("/two/l.jsonl", (), [Failure("l.jsonl", "empty", "Copy it again.")])
    assert len(archive.held()) == 3
    assert len(archive.failed()) == 3
    archive.set_aside("/one/a.eml", held[1:])
    archive.set_aside("/two/l.jsonl")
    assert archive.held() == [Held("a.eml", "two_accounts", "Say which.", ("X", "Y")), held[1]]
    assert archive.failed() == failed
    archive.set_aside("/one/a.eml")
    archive.set_aside("/two/a.eml")
    assert archive.held() == []


def test_runs_are_listed_newest_first(archive: Archive) -> None:
    first, second = archive.start_run(on(9, 1)), archive.start_run(on(9, 2))
    archive.finish_run(first, on(9, 3), new=1, changed=2, unchanged=3, removed=4, held=5, failed=6)
    assert archive.runs() == [Run(second, on(9, 2), None, 0, 0, 0, 0, 0, 0), Run(first, on(9, 1), on(9, 3), 1, 2, 3, 4, 5, 6)]
    assert archive.runs(1) == archive.runs()[:1]
    with pytest.raises(NotThere):
        archive.finish_run("77", on(9, 3), new=0, changed=0, unchanged=0, removed=0, held=0, failed=0)


def test_settings_are_remembered(archive: Archive) -> None:
    assert archive.setting("our_domains") is None
    archive.put_setting("our_domains", ["cartage.example"])
    archive.put_setting("our_domains", ["cartage.example", "cartage.test"])
    assert archive.setting("our_domains") == ["cartage.example", "cartage.test"]
