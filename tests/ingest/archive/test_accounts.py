"""Accounts and deals are found by whatever they are called, and are one whoever names them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from ingest.archive.archive import Archive
from ingest.archive.errors import AmbiguousAccount, UnknownAccount
from ingest.archive.scope import EVERYTHING, Scope
from ingest.records import CrmDeal, Link

SALESFORCE = Link("salesforce", "account", "001Hq00000AbCdEIAV")


@pytest.fixture
def meridians(archive: Archive) -> tuple[str, ...]:
    archive.put_account(
        "Halden Freight Group", ["halden.example", "Halden-Group.example"], [SALESFORCE, Link("hubspot", "company", "4711")]
    )
    return tuple(archive.put_account(name) for name in ("Meridian Labs", "Meridian Foods"))


@pytest.mark.parametrize(
    "reference",
    [
        "Halden Freight Group", "halden  freight group", "halden-freight-group", "halden.example", "HALDEN-GROUP.example",
        "priya@halden.example",
        "sf:001Hq00000AbCdEIAV", "sf:001Hq00000AbCdE", "salesforce:001Hq00000AbCdEIAV", "hubspot:4711", "halden", "halden-fr",
        "freight", "group hal",
    ],
)  # fmt: skip
def test_an_account_is_found_by(archive: Archive, meridians: tuple[str, ...], reference: str) -> None:
    assert archive.account(EVERYTHING, reference).name == "Halden Freight Group"


def test_an_account_is_found_by_its_id(archive: Archive, halden: str) -> None:
    assert archive.account(EVERYTHING, halden).id == halden


@pytest.mark.parametrize(
    ("reference", "nearest"),
    [
        ("Haldn", ("Halden Freight Group",)),
        ("meridan labs", ("Meridian Labs", "Meridian Foods")),
        ("sf:001hq00000abcde", ()),
        ("", ()),
        ("qqq", ()),
    ],
)
def test_an_unknown_account_brings_the_nearest_names(
    archive: Archive, meridians: tuple[str, ...], reference: str, nearest: tuple[str, ...]
) -> None:
    with pytest.raises(UnknownAccount) as unknown:
        archive.account(EVERYTHING, reference)
    assert unknown.value.nearest == nearest


def test_a_reference_that_fits_two_accounts_names_both(archive: Archive, meridians: tuple[str, ...]) -> None:
    with pytest.raises(AmbiguousAccount, match=r"'meridian' fits 2 accounts: Meridian Foods, Meridian Labs\."):
        archive.account(EVERYTHING, "meridian")


def test_an_exact_name_is_not_ambiguous(archive: Archive, meridians: tuple[str, ...]) -> None:
    archive.put_account("Meridian")
    assert archive.account(EVERYTHING, "meridian").name == "Meridian"


def test_names_outside_the_scope_are_neither_found_nor_suggested(archive: Archive, meridians: tuple[str, ...]) -> None:
    labs = Scope(frozenset(meridians[:1]))
    assert archive.account(labs, "meridian").name == "Meridian Labs"
    with pytest.raises(UnknownAccount) as unknown:
        archive.account(labs, "Meridian Foods Ltd")
    assert "Meridian Foods" not in unknown.value.nearest


def test_the_same_link_or_the_same_name_is_the_same_account(archive: Archive) -> None:
    by_name = archive.put_account("Halden Freight Group", ["halden.example"])
    again = archive.put_account("HALDEN Freight  Group", ["halden.co.example"], [SALESFORCE])
    renamed = archive.put_account("Halden Logistics", links=[Link("salesforce", "account", "001Hq00000AbCdE")])
    assert by_name == again == renamed
    account = archive.account(EVERYTHING, by_name)
    assert (account.name, account.domains, account.links) == ("Halden Logistics", ("halden.co.example", "halden.example"), (SALESFORCE,))
    assert archive.put_account("Halden Freight Group") != by_name  # the name is free again, the id is not


def test_names_that_look_alike_in_an_address_get_slugs_of_their_own(archive: Archive) -> None:
    for name in ("Café Nord", "Cafe-Nord", "Cafe Nord!", "日本"):
        archive.put_account(name)
    assert sorted(account.slug for account in archive.accounts(EVERYTHING)) == ["account", "cafe-nord", "cafe-nord-2", "cafe-nord-3"]


def test_putting_what_is_known_changes_nothing(archive: Archive, halden: str) -> None:
    archive.put_deal(halden, deal())
    before = archive.revision(EVERYTHING)
    archive.put_account("Halden Freight Group", ["halden.example"])
    archive.put_deal(halden, deal())
    assert archive.revision(EVERYTHING) == before


def deal(stage: str = "Closed Won") -> CrmDeal:
    link = Link("salesforce", "deal", "006Hq00000XyZabIAV")
    return CrmDeal(
        "Halden 2026",
        (link,),
        SALESFORCE,
        stage,
        won=True,
        closed=True,
        opened_on="2026-03-01",
        closed_on="2026-10-14",
        amount=9e4,
        seats=40,
    )


def test_a_deal_is_known_by_its_link_and_takes_the_newest_word(archive: Archive, halden: str) -> None:
    first = archive.put_deal(halden, deal("Negotiation"))
    assert archive.put_deal(halden, deal()) == first
    assert [(each.id, each.stage, each.amount) for each in archive.deals(EVERYTHING)] == [(first, "Closed Won", 9e4)]


@pytest.mark.parametrize(
    ("hour", "known"),
    [((1, 8, 59), []), ((1, 9, 0), [False]), ((14, 15, 29), [False]), ((14, 15, 30), [True])],
)
def test_a_deal_is_known_from_its_moments_on(archive: Archive, halden: str, hour: tuple[int, int, int], known: list[bool]) -> None:
    moments = replace(
        deal(), opened_on="2026-10-01", opened_at=datetime(2026, 10, 1, 9, tzinfo=UTC), closed_at=datetime(2026, 10, 14, 15, 30, tzinfo=UTC)
    )
    archive.put_deal(halden, moments)
    then = Scope(None, as_of=datetime(2026, 10, *hour, tzinfo=UTC))
    assert [each.closed for each in archive.deals(then)] == known


@pytest.mark.parametrize(
    ("day", "known"),
    [((2, 28), []), ((5, 1), [(False, "", None)]), ((10, 13), [(False, "", None)]), ((10, 14), [(True, "2026-10-14", 9e4)])],
)
def test_the_end_of_a_deal_is_not_known_before_its_day(
    archive: Archive, halden: str, day: tuple[int, int], known: list[tuple[bool, str, float | None]]
) -> None:
    archive.put_deal(halden, deal())
    then = Scope(None, as_of=datetime(2026, *day, 23, 59, tzinfo=UTC))
    assert [(each.won, each.closed_on, each.amount) for each in archive.deals(then)] == known
