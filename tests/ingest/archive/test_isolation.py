"""Whatever two accounts hold, a reader of one never meets a character of the other."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.archive.archive import Archive
from ingest.archive.errors import NotThere
from ingest.archive.identifiers import interaction_id
from ingest.archive.scope import Scope
from ingest.records import Call, CrmDeal, Link, Participant, Turn
from tests.ingest.making import HashedWords

DAY_ONE = datetime(2026, 1, 1, tzinfo=UTC)
WORDS = st.lists(st.sampled_from(["march", "price", "risk", "go-live", "Crème"]), min_size=1, max_size=5).map(" ".join)


@st.composite
def accounts(draw: st.DrawFn) -> dict[str, list[Call]]:
    """Two accounts whose records have the same ids, days and words; only a mark in each text tells them apart."""
    return {mark: [draw(calls(mark, number)) for number in range(draw(st.integers(1, 3)))] for mark in ("AAAA", "BBBB")}


def calls(mark: str, number: int) -> st.SearchStrategy[Call]:
    speaker = Participant(f"{mark} Speaker", f"{mark}@{mark}.example".lower(), f"{mark} Title")
    return st.builds(
        Call,
        source=st.just("gong"),
        external_id=st.just(f"call-{number}"),
        title=st.just(f"{mark} title"),
        occurred_at=st.one_of(st.none(), st.integers(0, 9).map(lambda day: DAY_ONE + timedelta(days=day))),
        turns=st.lists(WORDS.map(lambda words: Turn(f"{mark} {words}", speaker)), max_size=4).map(tuple),
        participants=st.just((speaker,)),
        internal=st.booleans(),
    )


@settings(max_examples=25)
@given(held=accounts(), internal=st.booleans(), as_of_day=st.one_of(st.none(), st.integers(0, 9)))
def test_nothing_of_another_account_is_reachable_by_any_read(
    new_home: Path, held: dict[str, list[Call]], internal: bool, as_of_day: int | None
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(new_home, folder, dirs_exist_ok=True)
        look(Path(folder), held, internal, as_of_day)


def look(home: Path, held: dict[str, list[Call]], internal: bool, as_of_day: int | None) -> None:
    with Archive.open(home, write=True) as archive:
        with archive.transaction():
            ids = {mark: fill(archive, mark, records) for mark, records in held.items()}
        theirs = [interaction_id(ids["BBBB"], "gong", record.external_id) for record in held["BBBB"]]
        hashes = [each.source.text_sha256 for each in archive.interactions(Scope(frozenset({ids["BBBB"]})))]
        as_of = None if as_of_day is None else DAY_ONE + timedelta(days=as_of_day)
        scope = Scope(frozenset({ids["AAAA"]}), internal, as_of)

        everything = [
            archive.accounts(scope), archive.deals(scope), archive.people(scope), archive.sources(scope), archive.interactions(scope),
            archive.interactions(scope, theirs), archive.passages(scope), list(archive.embeddings(scope, HashedWords.name)),
            list(archive.vectors(scope, HashedWords.name)), archive.embedded(scope, HashedWords.name), archive.briefs(scope),
            archive.thread(scope, "thr_BBBB"), archive.search_words(ids["AAAA"], '"march" OR "price" OR "bbbb"', 100),
        ]  # fmt: skip
        seen = repr(everything)
        assert "BBBB" not in seen
        assert "bbbb.example" not in seen  # a hash may hold the bare letters
        assert not any(id in seen for id in (*theirs, ids["BBBB"]))
        unreachable: list[Callable[[], object]] = [
            lambda: archive.account(scope, "BBBB Inc"), lambda: archive.account(scope, ids["BBBB"]),
            lambda: archive.account(scope, "bbbb.example"),
            lambda: archive.answer(scope, "ans_BBBB"), lambda: archive.brief(scope, "brf_BBBB"),
            *(lambda id=id: archive.interaction(scope, id) for id in theirs),
            *(lambda id=id, sha=sha: archive.text_version(scope, id, sha) for id in theirs for sha in hashes),
        ]  # fmt: skip
        for reach in unreachable:
            with pytest.raises(NotThere) as not_there:
                reach()
            assert "BBBB" not in repr(getattr(not_there.value, "nearest", ""))

        own = [
            r
            for r in held["AAAA"]
            if (internal or not r.internal) and (as_of is None or (r.occurred_at is not None and r.occurred_at <= as_of))
        ]
        assert {source.external_id for source in archive.sources(scope)} == {record.external_id for record in own}


def fill(archive: Archive, mark: str, records: list[Call]) -> str:
    account = archive.put_account(f"{mark} Inc", [f"{mark.lower()}.example"], [Link("hubspot", "company", mark)])
    archive.put_deal(account, CrmDeal(f"{mark} deal", (Link("hubspot", "deal", mark),), Link("hubspot", "company", mark)))
    for record in records:
        person = archive.put_person(record.participants[0], "buyer", account, [Link("hubspot", "contact", mark)])
        archive.put_interaction(account, None, record, [person] * len(record.turns), [person])
    embedder = HashedWords()
    missing = archive.missing(embedder.name)
    archive.put_embeddings(embedder.name, {content: embedder.query(words) for content, words in missing})
    archive.save_answer(account, f"thr_{mark}", f"ans_{mark}", {"text": mark})
    archive.save_brief(account, None, {"id": f"brf_{mark}"})
    return account


def test_a_person_of_another_account_who_took_part_shows_no_more_than_who_they_are(archive: Archive, halden: str) -> None:
    other = archive.put_account("Other")
    adviser = archive.put_person(
        Participant("Ada Visor", "ada@adviser.example", "Secret Title"), "buyer", other, [Link("hubspot", "contact", "9")]
    )
    archive.put_interaction(
        halden, None, Call(source="gong", external_id="c", title="", occurred_at=None, turns=(Turn("Hello there."),)), [None], [adviser]
    )
    [seen] = archive.people(Scope(frozenset({halden})))
    assert (seen.name, seen.email, seen.title, seen.account_id, seen.links) == ("Ada Visor", "ada@adviser.example", "", None, ())
