"""Names are matched to people by what the interaction and the account know, and nobody is guessed."""

from __future__ import annotations

import pytest

from ingest.archive.rows import StoredPerson
from ingest.people import Known, completed, plain_name
from ingest.records import Participant, Side


def person(name: str, email: str = "", side: Side = "buyer", title: str = "") -> StoredPerson:
    return StoredPerson(name, name, email, title, side, "h")


KNOWN = Known(
    (
        person("Marta Lindqvist", "marta@halden.example", title="VP Operations"),
        person("Jonas Beck", "jonas.beck@halden.example"),
        person("Jonas Nyberg", "jonas.nyberg@halden.example"),
        person("Dana Okafor", "dana@cartage.example", "seller"),
    )
)


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("Tom Becker (Harborlight)", "Tom Becker"), ("Tom Becker [he/him]", "Tom Becker"), ("Tom Becker's iPhone", "Tom Becker"),
        ("Tom Becker’s MacBook Pro", "Tom Becker"), ("Becker, Tom", "Tom Becker"), ("Tom Becker", "Tom Becker"), ("iPhone", "iPhone"),
    ],
)  # fmt: skip
def test_a_name_is_freed_of_what_recorders_add(name: str, plain: str) -> None:
    assert plain_name(name) == plain


@pytest.mark.parametrize(
    ("name", "email"),
    [
        ("Marta Lindqvist", "marta@halden.example"), ("marta  LINDQVIST", "marta@halden.example"), ("Marta", "marta@halden.example"),
        ("Lindqvist, Marta", "marta@halden.example"), ("Marta Lindqvist's iPad", "marta@halden.example"),
        ("Jonas Beck", "jonas.beck@halden.example"),
        ("Jonas", ""), ("Beck", ""), ("Marta Smith", ""), ("Speaker 1", ""), ("", ""),
    ],
)  # fmt: skip
def test_a_name_is_somebodys_only_if_it_is_nobody_elses(name: str, email: str) -> None:
    assert completed(Participant(name), (), KNOWN).email == email


def test_who_takes_part_comes_before_who_is_on_record() -> None:
    present = (Participant("Jonas Beck", "jonas@partner.example", side="partner"),)
    found = completed(Participant("Jonas Beck"), present, KNOWN)
    assert (found.email, found.side) == ("jonas@partner.example", "partner")


def test_a_first_name_is_who_of_that_name_takes_part() -> None:
    present = (Participant("Jonas Beck", "jonas.beck@halden.example"), Participant("Marta Lindqvist", "marta@halden.example"))
    assert completed(Participant("Jonas"), present, KNOWN).email == "jonas.beck@halden.example"
    both = (*present, Participant("Jonas Nyberg", "jonas.nyberg@halden.example"))
    assert completed(Participant("Jonas"), both, KNOWN) == Participant("Jonas")


def test_an_address_brings_the_name_title_and_side_the_crm_knows() -> None:
    assert completed(Participant("M. L.", "Marta@Halden.example"), (), KNOWN) == Participant(
        "Marta Lindqvist", "marta@halden.example", "VP Operations", "buyer"
    )


def test_a_stranger_stays_who_they_say_they_are() -> None:
    assert completed(Participant("Nia Stone", "nia@x.example"), (), KNOWN) == Participant("Nia Stone", "nia@x.example")
    assert completed(Participant("", "nia@x.example"), (), KNOWN).name == "nia"
