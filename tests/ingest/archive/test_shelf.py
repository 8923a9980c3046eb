"""Answers and briefs are read by those who might have made them, and a thread by whoever began it."""

from __future__ import annotations

import pytest

from ingest.archive.archive import Archive
from ingest.archive.errors import NotThere
from ingest.archive.scope import EVERYTHING, Scope
from tests.ingest.archive.test_accounts import deal
from tests.ingest.making import on


def test_a_thread_is_read_in_order(archive: Archive, halden: str) -> None:
    for n in range(3):
        archive.save_answer(halden, "thr_1", f"ans_{n}", {"n": n, "text": "\ud800"})
    assert [body["n"] for body in archive.thread(EVERYTHING, "thr_1")] == [0, 1, 2]
    assert archive.answer(EVERYTHING, "ans_1") == {"n": 1, "text": "\ufffd"}


@pytest.mark.parametrize(
    ("narrower", "readable"),
    [
        (Scope(None, internal=False), ["outside", "outside then"]),
        (Scope(None, as_of=on(9, 1)), ["inside then", "outside then"]),
        (Scope(None, as_of=on(8, 1)), []),
        (Scope(frozenset()), []),
        (EVERYTHING, ["inside", "inside then", "outside", "outside then"]),
    ],
)
def test_what_was_made_from_more_than_a_reader_may_see_is_not_read(
    archive: Archive, halden: str, narrower: Scope, readable: list[str]
) -> None:
    for name, internal, as_of in (
        ("inside", True, None), ("inside then", True, on(9, 1)), ("outside", False, None), ("outside then", False, on(9, 1)),
    ):  # fmt: skip
        archive.save_answer(halden, "thr_1", name, {"name": name}, internal=internal, as_of=as_of)
        archive.save_brief(halden, None, {"id": name}, internal=internal, as_of=as_of)
    assert [body["name"] for body in archive.thread(narrower, "thr_1")] == readable
    assert sorted(body["id"] for body in archive.briefs(narrower)) == readable
    for name in {"inside", "inside then", "outside", "outside then"} - set(readable):
        with pytest.raises(NotThere):
            archive.answer(narrower, name)
        with pytest.raises(NotThere):
            archive.brief(narrower, name)


def test_briefs_get_versions_by_deal(archive: Archive, halden: str) -> None:
    won = archive.put_deal(halden, deal())
    assert [archive.save_brief(halden, each, {"id": f"brf_{n}"}) for n, each in enumerate((won, won, None))] == [1, 2, 1]
    assert archive.briefs(EVERYTHING, won) == [{"id": "brf_1", "version": 2}, {"id": "brf_0", "version": 1}]
    assert archive.brief(EVERYTHING, "brf_2") == {"id": "brf_2", "version": 1}


def test_a_thread_is_its_owners_alone_until_they_share_it(archive: Archive, halden: str) -> None:
    everything = frozenset({halden})
    ours, theirs, elsewhere = Scope(everything, viewer="usr_a"), Scope(everything, viewer="usr_b"), Scope(frozenset(), viewer="usr_b")
    archive.save_answer(halden, "thr_1", "ans_1", {"question": "When do we go live?"}, owner="usr_a")
    archive.save_answer(halden, "thr_1", "ans_2", {"question": "And who signs?"}, owner="usr_b")  # who answers in it later does not own it
    archive.save_answer(halden, "thr_2", "ans_3", {"question": "What did we promise?"}, owner="usr_b")

    def seen(scope: Scope) -> list[tuple[str, str, bool]]:
        return [(each.question, each.owner_id, each.shared) for each in archive.threads(scope)]

    assert seen(ours) == [("When do we go live?", "usr_a", False)]
    assert seen(theirs) == [("What did we promise?", "usr_b", False)]
    assert len(archive.thread(ours, "thr_1")) == len(archive.threads(EVERYTHING)) == 2
    assert archive.thread(theirs, "thr_1") == []
    with pytest.raises(NotThere):
        archive.answer(theirs, "ans_1")
    for act in (lambda: archive.share_thread(theirs, "thr_1", True), lambda: archive.drop_thread(theirs, "thr_1")):
        with pytest.raises(NotThere):
            act()
    archive.share_thread(ours, "thr_1", True)
    assert seen(theirs) == [("What did we promise?", "usr_b", False), ("When do we go live?", "usr_a", True)]
    assert archive.answer(theirs, "ans_2")["question"] == "And who signs?"
    assert seen(elsewhere) == archive.thread(elsewhere, "thr_1") == []
    with pytest.raises(NotThere):
        archive.drop_thread(theirs, "thr_1")
    archive.drop_thread(ours, "thr_1")
    assert archive.thread(EVERYTHING, "thr_1") == []
