"""Whose domains are whose, and on which side everybody stands because of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from ingest.archive.archive import Archive
from ingest.archive.rows import StoredPerson
from ingest.archive.scope import EVERYTHING
from ingest.domains import FREE_MAIL, Domains, common_domain, registrable
from ingest.opened import Home
from ingest.people import side_in
from ingest.records import Participant, Side

OURS = "our_domains"
PARTNERS = "partner_domains"
BY_HAND = "sides_by_hand"
"""Setting of the archive: the side that a person has said somebody is on, by the id of who it is about."""
APPLIED = "applied_domains"
"""Settings of the archive: our and partners' domains as given, and those by which people have their sides now."""


def settle(home: Home) -> Domains:
    """Whose domains are whose today: what was set or given counts alone; else the domains of the CRM's users and owners, else the
    one domain that every account's interactions share."""
    archive, settings = home.archive, home.settings
    partners = _plain_domains(settings.partner_domains) | frozenset(archive.setting(PARTNERS) or ())
    if ours := _plain_domains(settings.our_domains):
        return Domains(ours, partners, dict.fromkeys(ours, "set in baton.toml or the environment"))
    if given := frozenset(archive.setting(OURS) or ()):
        return Domains(given, partners, dict.fromkeys(given, "given with --our-domain"))
    users = {registrable(p.email) for p in archive.people(EVERYTHING) if any(link.type == "user" for link in p.links)}
    if users := users - FREE_MAIL - {""} - partners:
        return Domains(frozenset(users), partners, dict.fromkeys(users, "domain of the CRM's users and owners"))
    domain = common_domain((account, _company(email)) for account, email in archive.addresses(EVERYTHING))
    return Domains(frozenset({domain} - {""}), partners, {domain: "the one domain all accounts share"} if domain else {})


def reside(archive: Archive, domains: Domains) -> int:
    """Gives every known person the side that today's domains say; returns how many changed. Nothing is embedded again.

    What a source says of somebody's side stays where no domain decides; what yesterday's domains said is forgotten.
    """
    theirs = {a.id: frozenset(map(registrable, a.domains)) for a in archive.accounts(EVERYTHING)}
    anyones = frozenset().union(*theirs.values())
    before = frozenset(archive.setting(APPLIED) or ())
    by_hand: dict[str, Side] = archive.setting(BY_HAND) or {}
    sides: dict[str, Side] = {}
    for person in archive.people(EVERYTHING):
        if person.id in by_hand:
            sides[person.id] = by_hand[person.id]
            continue
        domain = registrable(person.email)
        listed = replace(_listed(person), side="unknown") if domain in before and not person.links else _listed(person)
        sides[person.id] = side_in(theirs.get(person.account_id or "", anyones | {""}), domains, listed, domain)
    with archive.transaction():
        remember(archive, APPLIED, domains.ours | domains.partners)
        return archive.set_sides(sides)


def put_on_side(archive: Archive, person: StoredPerson, side: Side | None) -> None:
    """What a person says goes before domains and words, and holds through new runs; None leaves it to those again."""
    by_hand: dict[str, Side] = {id: said for id, said in (archive.setting(BY_HAND) or {}).items() if id != person.id}
    with archive.transaction():
        archive.put_setting(BY_HAND, by_hand if side is None else {**by_hand, person.id: side})
        if side is None:
            archive.set_sides({person.id: "unknown"})


def forget_the_gone(archive: Archive) -> None:
    """Nothing is left of whose side somebody was put on who was erased. Of deleted accounts it stays: they may be restored."""
    by_hand: dict[str, Side] = archive.setting(BY_HAND) or {}
    there = {one.id for one in archive.everybody()}
    if not by_hand.keys() <= there:
        archive.put_setting(BY_HAND, {id: said for id, said in by_hand.items() if id in there})


def remember(archive: Archive, name: str, domains: Iterable[str]) -> None:
    """What is given replaces what was remembered."""
    given = sorted(_plain_domains(domains))
    if given and given != archive.setting(name):
        archive.put_setting(name, given)


def _company(email: str) -> frozenset[str]:
    return frozenset({registrable(email)} - FREE_MAIL - {""})


def _listed(person: StoredPerson) -> Participant:
    """As the CRM lists them, else as a source has put them."""
    kinds = {link.type for link in person.links}
    side: Side = "seller" if "user" in kinds else "buyer" if "contact" in kinds else person.side
    return Participant(person.name, person.email, side=side)


def _plain_domains(domains: Iterable[str]) -> frozenset[str]:
    """As they are compared: `@Mail.Cartage.example` is `cartage.example`."""
    return frozenset(map(registrable, domains)) - {""}
