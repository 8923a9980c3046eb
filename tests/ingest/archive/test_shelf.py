"""Answers and briefs are read by those who might have made them; API keys are kept as hashes."""

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


def test_a_token_is_found_by_its_prefix_also_when_revoked(archive: Archive) -> None:
    archive.add_token("laptop", "0" * 64, "bt_abc", ["read"], on(9, 1))
    archive.revoke_token("bt_abc", on(9, 2))
    archive.revoke_token("bt_abc", on(9, 3))
    token = archive.find_token("bt_abc")
    assert archive.tokens() == [token]
    assert (token.name, token.sha256, token.scopes, token.created_at, token.revoked_at) == (
        "laptop",
        "0" * 64,
        ("read",),
        on(9, 1),
        on(9, 2),
    )
    with pytest.raises(NotThere):
        archive.find_token("bt_xyz")
