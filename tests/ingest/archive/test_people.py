"""People are one wherever they turn up, and stand on the side our domains put them."""

from __future__ import annotations

from ingest.archive.archive import Archive
from ingest.archive.scope import EVERYTHING, Scope
from ingest.records import Link, Participant
from tests.ingest.making import call, on, put


def test_an_address_is_one_person_in_any_spelling_and_keeps_the_fullest_name(archive: Archive, halden: str) -> None:
    ids = {
        archive.put_person(Participant(name, email, title), side, halden)
        for name, email, title, side in (
            ("priya@halden.example", "priya@halden.example", "", "unknown"),
            ("Priya", "Priya@Halden.example", "VP Operations", "buyer"),
            ("Priya Raman", "priya@halden.example ", "", "unknown"),
            ("priya", "priya@halden.example", "", "unknown"),
        )
    }
    [person] = archive.people(EVERYTHING)
    assert ids == {person.id}
    assert (person.name, person.email, person.title, person.side, person.account_id) == (
        "Priya Raman", "priya@halden.example", "VP Operations", "buyer", halden,
    )  # fmt: skip


def test_a_bare_name_is_one_person_within_its_account(archive: Archive, halden: str) -> None:
    other = archive.put_account("Other")
    here, again, there = (
        archive.put_person(Participant(name), "unknown", account)
        for name, account in (("Ann Lee", halden), ("ann  LEE", halden), ("Ann Lee", other))
    )
    assert here == again != there


def test_a_reader_sees_the_accounts_own_people_and_whoever_took_part(archive: Archive, halden: str) -> None:
    archive.put_person(Participant("Con Tact", "con@halden.example"), "buyer", halden, [Link("hubspot", "contact", "1")])
    archive.put_person(Participant("Our Own", "our@cartage.example"), "seller", None, [Link("hubspot", "user", "2")])
    put(archive, halden, call("c-1", "Hello there."))
    scope = Scope(frozenset({halden}))
    assert [person.name for person in archive.people(scope)] == ["Con Tact", "Dana Okafor", "Priya Raman"]
    assert [person.name for person in archive.people(EVERYTHING)] == ["Con Tact", "Dana Okafor", "Our Own", "Priya Raman"]
    assert [person.name for person in archive.people(scope.until(on(9, 1)))] == ["Dana Okafor", "Priya Raman"]
    assert archive.people(scope.until(on(8, 31))) == []


def test_a_role_is_there_as_long_as_an_input_tells_of_it(archive: Archive, halden: str) -> None:
    ann = archive.put_person(Participant("Ann Lee", "ann@halden.example"), "buyer", halden, [Link("hubspot", "contact", "1")])

    def roles() -> tuple[str, ...]:
        [person] = archive.people(EVERYTHING)
        return person.roles

    archive.put_roles("/crm#hubspot", {ann: ["champion", "decision maker"]})
    archive.put_roles("/other#salesforce", {ann: ["champion"]})
    assert sorted(roles()) == ["champion", "decision maker"]
    archive.put_roles("/crm#hubspot", {ann: ["influencer"]})
    assert sorted(roles()) == ["champion", "influencer"]
    before = archive.revision(EVERYTHING)
    archive.put_roles("/crm#hubspot", {ann: ["influencer"]})
    assert archive.revision(EVERYTHING) == before
    archive.put_roles("/crm#hubspot", {})
    archive.put_person(Participant("Ann Lee", "ann@halden.example", "COO"), "buyer", halden)
    assert roles() == ("champion",)
    archive.put_roles("/other#salesforce", {})
    assert (roles(), archive.revision(EVERYTHING) != before) == ((), True)


def test_correcting_a_side_changes_no_passage_and_embeds_nothing_again(archive: Archive, halden: str) -> None:
    id = put(archive, halden, call("c-1", "Hello there.", "Hi."))
    scope = Scope(frozenset({halden}))
    before, passages = archive.revision(scope), archive.passages(scope)
    people = {person.name: person.id for person in archive.people(scope)}
    assert archive.set_sides({people["Priya Raman"]: "partner", people["Dana Okafor"]: "seller"}) == 1
    assert [turn.side for turn in archive.interaction(scope, id).turns] == ["seller", "partner"]
    assert {person.name: person.account_id for person in archive.people(scope)} == {"Dana Okafor": None, "Priya Raman": None}
    assert archive.passages(scope) == passages
    assert archive.revision(scope) != before
    assert archive.set_sides({people["Priya Raman"]: "buyer"}) == 1
    assert archive.people(scope)[1].account_id == halden
