"""An interaction goes to the one account that fits, and waits where none or more than one does."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from ingest.archive.rows import StoredAccount, StoredPerson
from ingest.domains import Domains
from ingest.records import Call, Document, Email, Interaction, Link, Participant, Turn
from ingest.routing import Directory, Routed, Undecided, by_folder, route

HALDEN = StoredAccount("h", "halden", "Halden Freight Group", ("halden.example",), (Link("salesforce", "account", "001Rk000000000H"),))
BRIGHT = StoredAccount("b", "bright", "Brightwell Dental", ("bright.example", "shared.example"), ())
MERIDIAN = StoredAccount("m", "meridian", "Meridian", ("shared.example",), ())
OURS = Participant("Dana", "dana@cartage.example")


def directory() -> Directory:
    known = Directory(Domains(frozenset({"cartage.example"}), frozenset({"partner.example"})))
    for customer in (HALDEN, BRIGHT, MERIDIAN):
        known.add_account(customer)
    for id, name, email, account in (
        ("1", "Marta Lindqvist", "marta@gmail.com", "h"),
        ("2", "Jonas Beck", "jonas@shared.example", "m"),
        ("3", "Keisha Tate", "", "b"),
        ("4", "Alex Kim", "alex@halden.example", "h"),
        ("5", "Alex Kim", "alex@bright.example", "b"),
    ):
        known.add_contact(StoredPerson(id, name, email, "", "buyer", account, (Link("salesforce", "contact", f"003{id}"),)), ())
    known.by_link[Link("salesforce", "deal", "006Rk0000000001")] = "h"
    known.by_message["m-halden"] = {"h"}
    known.by_message["m-bright"] = {"b"}
    return known


def mail(*addresses: str, **more: object) -> Email:
    people = tuple(Participant(a.partition("@")[0], a) for a in addresses)
    return Email(source="mail", external_id="m", title="", occurred_at=None, turns=(Turn("x"),), participants=people, **more)  # type: ignore[arg-type]  # a test's short cut


def call(*names: str, **more: object) -> Call:
    people = tuple(Participant(n) for n in names)
    return Call(source="zoom", external_id="c", title="", occurred_at=None, turns=(Turn("x"),), participants=people, **more)  # type: ignore[arg-type]  # as above


def document(**more: object) -> Document:
    return Document(source="file", external_id="d", title="", occurred_at=None, turns=(Turn("x"),), **more)  # type: ignore[arg-type]  # as above


@pytest.mark.parametrize(
    ("interaction", "expected"),
    [
        (mail(links=(Link("salesforce", "account", "001Rk000000000HAAQ"),)), Routed("h", "CRM link")),
        (mail(links=(Link("salesforce", "deal", "006Rk0000000001AAA"),)), Routed("h", "CRM link")),
        (mail(links=(Link("name", "account", "halden  freight GROUP"),)), Routed("h", "CRM link")),
        (mail("marta@gmail.com", "dana@cartage.example"), Routed("h", "contact")),
        (mail("new@mail.halden.example", "dana@cartage.example"), Routed("h", "contact")),
        (mail("jonas@shared.example"), Routed("m", "contact")),
        (mail("jonas@shared.example", "other@shared.example"), Routed("m", "contact")),
        (document(attached_to="m-bright"), Routed("b", "attachment")),
        (mail("dana@cartage.example", in_reply_to="m-halden"), Routed("h", "thread")),
        (mail("dana@cartage.example", references=("gone", "m-halden")), Routed("h", "thread")),
        (call("Keisha Tate", "Dana Okafor"), Routed("b", "names")),
        (call("Alex Kim", "Keisha Tate"), Routed("b", "names")),
    ],
)
def test_the_first_rule_that_says_anything_decides(interaction: Interaction, expected: Routed) -> None:
    assert route(interaction, directory()) == expected


def test_one_of_ours_with_the_name_of_a_contact_elsewhere_does_not_speak_for_that_account() -> None:
    ours = Participant("Keisha Tate", "keisha@cartage.example")
    talk = call("Alex Lind", "Keisha Tate")
    known = directory()
    known.add_contact(StoredPerson("6", "Alex Lind", "", "", "buyer", "h", (Link("salesforce", "contact", "0036"),)), ())
    assert isinstance(route(talk, known), Undecided)
    with_address = replace(talk, participants=(*talk.participants[:1], ours), turns=(Turn("x", speaker=ours),))
    assert route(with_address, known) == Routed("h", "names")


@pytest.mark.parametrize(
    ("interaction", "names"),
    [
        (mail("marta@gmail.com", "x@bright.example"), ("Brightwell Dental", "Halden Freight Group")),
        (mail("other@shared.example"), ("Brightwell Dental", "Meridian")),
        (mail(in_reply_to="m-halden", references=("m-bright",)), ("Brightwell Dental", "Halden Freight Group")),
        (call("Alex Kim"), ("Brightwell Dental", "Halden Freight Group")),
    ],
)
def test_where_two_accounts_fit_it_waits_and_both_are_named(interaction: Interaction, names: tuple[str, ...]) -> None:
    place = route(interaction, directory())
    assert isinstance(place, Undecided)
    assert (place.reason, place.candidates) == ("two_accounts", names)
    assert place.hint.endswith(f"({', '.join(names)}); import it by itself with --account NAME")


@pytest.mark.parametrize(
    "interaction", [mail("who@unknown.example"), mail("who@gmail.com"), call("Nobody Known"), document(), mail("pat@partner.example")]
)
def test_what_fits_no_account_waits_with_a_word_on_what_to_do(interaction: Interaction) -> None:
    assert route(interaction, directory()) == Undecided("no_account", "no account fits; name one with --account NAME")


def test_the_account_a_person_names_is_for_what_is_undecided() -> None:
    known = directory()
    assert route(mail("who@unknown.example"), known, "b") == Routed("b", "given")
    assert route(mail("other@shared.example"), known, "m") == Routed("m", "given")
    assert route(mail("marta@gmail.com"), known, "h") == Routed("h", "contact")


def test_a_file_that_points_to_another_account_than_the_one_named_is_held() -> None:
    elsewhere = Undecided(
        "other_account", "it belongs to Halden Freight Group by its contact; import it without --account", ("Halden Freight Group",)
    )
    assert route(mail("marta@gmail.com"), directory(), "b") == elsewhere
    two = route(mail("marta@gmail.com", "x@bright.example"), directory(), "m")
    assert isinstance(two, Undecided)
    assert two.reason == "two_accounts"


ABOVE = (Path("/x/Halden/files"), Path("/x/Halden"), Path("/x"))


@pytest.mark.parametrize(
    ("placed", "expected"),
    [
        ({"/x/Halden": "h", "/x": "hb"}, "h"),
        ({"/x/Halden/files": "b", "/x/Halden": "hb"}, "b"),
        ({"/x/Halden": "hb", "/x": "hb"}, "two_accounts"),
        ({"/": "h"}, "no_account"),
        ({}, "no_account"),
    ],
)
def test_a_loose_document_goes_to_the_account_of_the_nearest_folder(placed: dict[str, str], expected: str) -> None:
    place = by_folder(document(), ABOVE, {Path(folder): frozenset(accounts) for folder, accounts in placed.items()}, directory())
    assert (place.account_id if isinstance(place, Routed) else place.reason) == expected


@pytest.mark.parametrize(
    ("address", "goes"),
    [("dana@cartage.example", True), ("pat@partner.example", True), ("who@unknown.example", False), ("x@gmail.com", False)],
)
def test_an_outsider_nobody_knows_keeps_a_mail_out_of_the_folders_account(address: str, goes: bool) -> None:
    place = by_folder(mail("dana@cartage.example", address), ABOVE, {ABOVE[1]: frozenset("h")}, directory())
    assert isinstance(place, Routed) == goes
