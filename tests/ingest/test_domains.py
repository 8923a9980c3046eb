"""Whose a mail domain is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.domains import Domains, common_domain, registrable
from ingest.people import side_in
from ingest.records import Participant, Side

OURS = Domains(frozenset({"cartage.example"}), frozenset({"partner.example"}))


@pytest.mark.parametrize(
    ("given_", "expected"),
    [
        ("tom@halden.example", "halden.example"), ("Tom@Mail.EU.Halden.Example", "halden.example"), ("a@b.co.uk", "b.co.uk"),
        ("a@mail.b.co.uk", "b.co.uk"), ("https://www.halden.com/about", "halden.com"), ("halden.com:8080", "halden.com"),
        ("@cartage.example", "cartage.example"), ("halden.example.", "halden.example"), ("a@büro.de", "xn--bro-hoa.de"),
        ("a@intranet", "intranet"), ("", ""), ("@", ""), ("a@b c.com", ""), ("nobody", "nobody"),
    ],
)  # fmt: skip
def test_a_domain_is_what_can_be_registered(given_: str, expected: str) -> None:
    assert registrable(given_) == expected


@given(st.text())
def test_no_text_makes_a_domain_fail_and_a_domain_is_its_own(text: str) -> None:
    assert registrable(registrable(text)) == registrable(text)


@pytest.mark.parametrize(
    ("email", "listed", "side"),
    [
        ("dana@cartage.example", "unknown", "seller"), ("dana@cartage.example", "buyer", "seller"),
        ("pat@partner.example", "buyer", "partner"), ("marta@halden.example", "unknown", "buyer"),
        ("who@gmail.com", "buyer", "buyer"), ("who@gmail.com", "seller", "unknown"), ("", "seller", "seller"), ("", "unknown", "unknown"),
    ],
)  # fmt: skip
def test_domains_decide_the_side_and_a_list_where_they_do_not(email: str, listed: Side, side: Side) -> None:
    assert side_in(frozenset({"halden.example"}), OURS, Participant("N", email, side=listed), registrable(email)) == side


def test_a_sources_word_on_who_we_are_counts_while_no_domain_of_ours_is_known() -> None:
    assert Domains().side_of("dana@cartage.example", listed_as="seller") == "seller"


@pytest.mark.parametrize(
    ("interactions", "ours"),
    [
        ([("h", {"c.example", "h.example"}), ("b", {"c.example", "b.example"})], "c.example"),
        ([("h", {"c.example", "h.example"}), ("h", {"h.example"}), ("b", {"c.example"})], "c.example"),
        ([("h", {"c.example"})], ""),
        ([("h", {"c.example", "p.example"}), ("b", {"c.example", "p.example"})], ""),
        ([("h", {"gmail.com"}), ("b", {"gmail.com"})], ""),
        ([("h", {"h.example"}), ("b", {"b.example"})], ""),
    ],
)
def test_ours_is_the_one_domain_that_all_accounts_share(interactions: list[tuple[str, set[str]]], ours: str) -> None:
    assert common_domain((account, frozenset(domains)) for account, domains in interactions) == ours
