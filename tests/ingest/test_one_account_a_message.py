"""Whatever accounts and people there are: no message is ever found in two accounts, and one more in copy never shows it to more."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.archive.scope import EVERYTHING
from ingest.changing import merge_accounts
from ingest.opened import Home
from ingest.records import Link, Participant
from ingest.sync import sync
from ingest.wiring import open_home
from tests.exports import neutral
from tests.ingest.making import HashedWords, on

OURS = "cartage.example"
CUSTOMERS = {"Alder": ("alder.example",), "Birch": ("birch.example", "eu.alder.example"), "Cedar": ("cedar.example", "birch.example")}
PLACES = ("alder.example", "eu.alder.example", "birch.example", "cedar.example", "a1der.example", "gmail.com", "stranger.example", OURS)
ADDRESS = st.builds(lambda who, place: f"{who}@{place}", st.sampled_from(("ann", "bob", "cy")), st.sampled_from(PLACES))


@dataclass(frozen=True)
class Sent:
    """A mail, and the account it may name in words."""

    people: tuple[str, ...]
    named: str


MAILS = st.lists(
    st.builds(
        Sent,
        st.lists(ADDRESS, min_size=1, max_size=3, unique=True).map(tuple),
        st.sampled_from(("", "", "", "Alder")),
    ),
    min_size=1,
    max_size=5,
)
CONTACTS = st.dictionaries(ADDRESS.filter(lambda a: not a.endswith(OURS)), st.sampled_from(sorted(CUSTOMERS)), max_size=2)


def lines(mails: Sequence[Sent]) -> str:
    return neutral(*(
        {
            "doc_id": f"m{n}", "source_type": "email", "account": sent.named, "text": f"word{n}word", "timestamp": "2026-09-01T12:00:00Z",
            "participants": [{"name": a.partition("@")[0], "email": a} for a in sent.people],
        }
        for n, sent in enumerate(mails)
    ))  # fmt: skip


def ingested(home: Home, folder: Path, mails: Sequence[Sent]) -> dict[int, set[str]]:
    """In which accounts each mail is found by its word, and by its vector."""
    (folder / "mails.jsonl").write_text(lines(mails), "utf-8")
    sync(home, [folder], our_domains=[OURS])
    return found(home, len(mails))


def found(home: Home, count: int) -> dict[int, set[str]]:
    seen: dict[int, set[str]] = {n: set() for n in range(count)}
    for account in home.archive.accounts(EVERYTHING):
        for n in seen:
            passages = {hit.passage_id for hit in home.words.search(account.id, f"word{n}word", 9)}
            texts = {p.id for p in home.archive.passages(EVERYTHING.only(account.id)) if p.text == f"word{n}word"}
            assert passages == texts
            if passages:
                seen[n].add(account.name)
    return seen


def opened(folder: Path, contacts: Mapping[str, str]) -> Home:
    embedder = HashedWords()
    home = open_home(folder / "home", write=True, load_embedder=lambda: embedder, model=embedder.name)
    ids = {name: home.archive.put_account(name, domains) for name, domains in CUSTOMERS.items()}
    for address, owner in contacts.items():
        home.archive.put_person(Participant("", address), "buyer", ids[owner], [Link("hubspot", "contact", address)])
    return home


@settings(max_examples=8)
@given(MAILS, CONTACTS, ADDRESS, st.integers(0, 4))
def test_no_message_is_found_in_two_accounts_and_one_more_in_copy_shows_it_to_no_more(
    mails: list[Sent], contacts: dict[str, str], more: str, which: int
) -> None:
    which %= len(mails)
    wider = [Sent((*m.people, more), m.named) if n == which and more not in m.people else m for n, m in enumerate(mails)]
    with tempfile.TemporaryDirectory() as place:
        narrow_place, wide_place = Path(place, "narrow"), Path(place, "wide")
        for each in (narrow_place, wide_place):
            (each / "in").mkdir(parents=True)
        with opened(narrow_place, contacts) as home:
            narrow = ingested(home, narrow_place / "in", mails)
            assert all(len(accounts) <= 1 for accounts in narrow.values())
            again = ingested(home, narrow_place / "in", wider)
            assert all(again[n] <= narrow[n] or not narrow[n] for n in narrow)
            assert all(len(accounts) <= 1 for accounts in again.values())
            one, other = (home.archive.account(EVERYTHING, name) for name in ("Alder", "Cedar"))
            merge_accounts(home, one, other, on(11, 1))
            assert all(len(accounts) <= 1 for accounts in found(home, len(mails)).values())
        with opened(wide_place, contacts) as home:
            wide = ingested(home, wide_place / "in", wider)
        assert all(wide[n] <= narrow[n] for n in narrow if narrow[n])
