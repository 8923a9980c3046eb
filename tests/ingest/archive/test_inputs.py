"""What was read is remembered, with what it gave, so that what it no longer gives can go."""

from __future__ import annotations

import pytest

from ingest.archive.archive import Archive
from ingest.archive.errors import NotThere
from ingest.archive.rows import Held, Run
from ingest.records import Failure
from tests.ingest.making import call, on, put


def test_an_input_is_known_by_its_digest(archive: Archive) -> None:
    assert archive.input_digest("calls") is None
    archive.put_input("calls", "gong", "d1", {"held": 0})
    archive.put_input("calls", "gong", "d2", {"held": 1, "odd": "\ud800"})
    assert archive.input_digest("calls") == "d2"
    assert [(each.key, each.format, each.outcome) for each in archive.inputs()] == [("calls", "gong", {"held": 1, "odd": "\ufffd"})]


def test_what_no_input_gives_any_longer_is_named(archive: Archive, halden: str) -> None:
    one, two, both = (put(archive, halden, call(id, f"Words of {id}.")) for id in ("1", "2", "3"))
    assert archive.put_input("a", "gong", "d", {}, [one, two, both]) == ()
    assert archive.put_input("b", "gong", "d", {}, [both]) == ()
    assert archive.put_input("a", "gong", "e", {}, [one]) == (two,)
    assert archive.origins("a") == {one}
    assert archive.forget_input("b") == (both,)
    assert archive.forget_input("never read") == ()
    assert [each.key for each in archive.inputs()] == ["a"]


def test_held_and_failed_inputs_stay_until_cleared_with_what_is_inside_them(archive: Archive) -> None:
    held = [
        Held("a.eml", "no_account", "Use --account.", ()),
        Held("a.eml::b.pdf", "ambiguous", "Say which.", ("X", "Y")),
        Held("a.emlx", "r", "h", ()),
    ]
    failed = [Failure("l.jsonl", "not_valid", "No text.", 3), Failure("l.jsonl", "not_valid", "No text.", 17), Failure("l_jsonl", "r", "d")]
    for each in held:
        archive.put_held(each)
    archive.put_held(held[0])
    for failure in failed:
        archive.put_failed(failure)
    assert archive.held() == held
    assert archive.failed() == failed
    archive.clear_held("a.eml")
    archive.clear_failed("l.jsonl")
    assert archive.held() == held[2:]
    assert archive.failed() == failed[2:]


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
