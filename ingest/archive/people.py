"""People: the customers' own, ours and partners', and who of them a reader may know of."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import replace

from sqlalchemy import ColumnElement, Connection, Row, and_, delete, false, insert, or_, select, true, update

from ingest.archive import identifiers, tables
from ingest.archive.database import Database
from ingest.archive.rows import StoredPerson
from ingest.archive.scope import EVERYTHING, Scope
from ingest.archive.storable import storable, storable_link, storable_participant
from ingest.archive.visible import in_accounts, reachable
from ingest.records import Link, Participant, Side


class People(Database):
    def people(self, scope: Scope) -> list[StoredPerson]:
        """Everybody who took part in an interaction the reader may see, and the accounts' people who are on record without one; by name.

        With `as_of` only the former: nobody can say when a CRM came to know somebody.
        """
        person, participant, interaction = tables.person, tables.participant, tables.interaction
        took_part = select(participant.c.person_id).join(interaction).where(*reachable(scope))
        query = select(person).where(person.c.merged_into.is_(None)).order_by(person.c.name, person.c.email, person.c.id)
        if scope == EVERYTHING:
            query = query.where(*in_accounts(scope, person.c.account_id))
        else:
            merged = person.alias("merged")
            others = select(merged.c.merged_into).join(participant, participant.c.person_id == merged.c.id).join(interaction)
            read_as = others.where(*reachable(scope), merged.c.merged_into.is_not(None))
            query = query.where(or_(_on_record(scope), person.c.id.in_(took_part), person.c.id.in_(read_as)))
        with self._read() as connection:
            return [as_seen(row, scope) for row in connection.execute(query)]

    def merged_people(self, scope: Scope) -> list[StoredPerson]:
        """Those who are read as somebody else, and whom the reader would see without that; by id."""
        person, participant, interaction = tables.person, tables.participant, tables.interaction
        query = select(person).where(person.c.merged_into.is_not(None)).order_by(person.c.id)
        if scope != EVERYTHING:
            took_part = select(participant.c.person_id).join(interaction).where(*reachable(scope))
            query = query.where(or_(_on_record(scope), person.c.id.in_(took_part)))
        with self._read() as connection:
            return [as_seen(row, scope) for row in connection.execute(query)]

    def everybody(self) -> list[StoredPerson]:
        """Those of deleted accounts and those who are read as somebody else, too: whose their addresses are is still known."""
        with self._read() as connection:
            return [_stored(row) for row in connection.execute(select(tables.person).order_by(tables.person.c.id))]

    def put_person(
        self,
        participant: Participant,
        side: Side,
        account_id: str | None = None,
        links: Iterable[Link] = (),
    ) -> str:
        """The person's id. By e-mail they are one person wherever they turn up; without one, by name within the account.

        What is newly said is taken over; what is not said this time (no title, side unknown) stays.
        """
        said, table = storable_participant(participant), tables.person
        email = said.email.strip().casefold()
        person = identifiers.person_id(email, said.name, account_id)
        links = [storable_link(link) for link in links]
        contact_of = {account_id} if account_id and any(link.type == "contact" for link in links) else set()
        with self._write() as connection:
            row = connection.execute(select(table).where(table.c.id == person)).one_or_none()
            known = _stored(row) if row else StoredPerson(person, "", email, "", "unknown", None)
            united = replace(
                known,
                name=_better_name(known.name, " ".join(said.name.split()), email),
                title=said.title.strip() or known.title,
                side=known.side if side == "unknown" else side,
                account_id=known.account_id or account_id,
                links=tuple(dict.fromkeys((*known.links, *links))),
                also=tuple(sorted({*known.also, *contact_of} - {known.account_id or account_id})),
            )
            if row is None:
                connection.execute(insert(table).values(**_columns(united), roles={}))
            elif united != known:
                connection.execute(update(table).where(table.c.id == person).values(**_columns(united)))
            if row is None or united != known:
                self._touch(_seen_in(connection, [person]))
        return person

    def known_by_name_alone(self) -> list[tuple[str, str]]:
        """Account and name of everybody who takes part in something of it without an address and is in no CRM; each once."""
        person, participant, interaction = tables.person, tables.participant, tables.interaction
        query = select(interaction.c.account_id, person.c.name).distinct().select_from(participant.join(person).join(interaction))
        with self._read() as connection:
            rows = connection.execute(query.where(_by_name_alone(), interaction.c.removed.is_(False)))
            return [(account, name) for account, name in rows]

    def heard_of(self, account_id: str, name: str) -> frozenset[str]:
        """The account's interactions in which somebody of this name takes part without an address, by id."""
        person, participant, interaction = tables.person, tables.participant, tables.interaction
        query = select(interaction.c.id).select_from(participant.join(person).join(interaction))
        with self._read() as connection:
            there = interaction.c.account_id == account_id, interaction.c.removed.is_(False)
            return frozenset(connection.scalars(query.where(_by_name_alone(), person.c.name == name, *there)))

    def forget_names(self) -> None:
        """Who was known by a name alone and takes part in nothing now, since it is somebody else's name, is nobody."""
        person, participant, turn = tables.person, tables.participant, tables.turn
        merged, change = person.alias("merged"), tables.change
        unseen = [
            person.c.id.not_in(select(participant.c.person_id)),
            person.c.id.not_in(select(turn.c.person_id).where(turn.c.person_id.is_not(None))),
            person.c.id.not_in(select(merged.c.merged_into).where(merged.c.merged_into.is_not(None))),
            person.c.id.not_in(select(change.c.about)),
        ]
        with self._write() as connection:
            connection.execute(delete(person).where(_by_name_alone(), *unseen))

    def put_roles(self, input_key: str, roles: Mapping[str, Iterable[str]]) -> None:
        """What parts an input says that people play, by their ids, in place of all that it said before: a role that is taken away goes."""
        table, teller = tables.person, _teller(input_key)
        with self._write() as connection:
            for row in connection.execute(select(table.c.id, table.c.roles)).all():
                before = _told_roles(row.roles)
                now = {each: told for each, told in before.items() if each != teller and (each or row.id not in roles)}
                if said := [storable(role) for role in dict.fromkeys(roles.get(row.id, ()))]:
                    now[teller] = said
                if now != before:
                    connection.execute(update(table).where(table.c.id == row.id).values(roles=now))
                    self._touch(_seen_in(connection, [row.id]))

    def drop_contact(self, link: Link) -> None:
        """Whoever has this link has it no longer; without another one no CRM has them on record."""
        table = tables.person
        with self._write() as connection:
            for row in connection.execute(select(table)).all():
                person = _stored(row)
                if link in person.links:
                    kept = replace(person, links=tuple(each for each in person.links if each != link))
                    connection.execute(update(table).where(table.c.id == row.id).values(**_columns(kept)))
                    self._touch(_seen_in(connection, [row.id]))

    def set_sides(self, sides: Mapping[str, Side]) -> int:
        """How many people changed sides. Nothing they said is read or embedded again."""
        table = tables.person
        with self._write() as connection:
            rows = connection.execute(select(table.c.id, table.c.side)).all()
            changed = {id: sides[id] for id, side in rows if id in sides and sides[id] != side}
            for id, side in changed.items():
                connection.execute(update(table).where(table.c.id == id).values(side=side))
            self._touch(_seen_in(connection, list(changed)))
        return len(changed)


def _by_name_alone() -> ColumnElement[bool]:
    person = tables.person
    return and_(person.c.email == "", person.c.recorded.is_(False), person.c.merged_into.is_(None))


def _on_record(scope: Scope) -> ColumnElement[bool]:
    """On `person`: the accounts' own people who are on record without having taken part in anything."""
    person, participant = tables.person, tables.participant
    own = and_(*in_accounts(scope, person.c.account_id), person.c.side.in_(("buyer", "unknown")))
    silent = or_(person.c.recorded, person.c.id.not_in(select(participant.c.person_id)))
    return and_(own, silent, true() if scope.as_of is None else false())


def as_seen(row: Row[tuple[object, ...]], scope: Scope) -> StoredPerson:
    """Ours and partners' people have no account; of another account's person who took part here no more shows than who they are."""
    person = _stored(row)
    if person.side in ("seller", "partner"):
        return replace(person, account_id=None)
    if person.account_id and scope.accounts is not None and person.account_id not in scope.accounts:
        return replace(person, account_id=None, title="", links=(), roles=(), also=())
    return replace(person, also=())


def _stored(row: Row[tuple[object, ...]]) -> StoredPerson:
    links = tuple(Link(*link) for link in row.links)
    roles = tuple(dict.fromkeys(role for told in _told_roles(row.roles).values() for role in told))
    return StoredPerson(row.id, row.name, row.email, row.title, row.side, row.account_id, links, roles, tuple(row.also))


def _told_roles(kept: Mapping[str, list[str]] | list[str]) -> dict[str, list[str]]:
    """By the input that tells of them; an earlier Baton kept them without."""
    return dict(sorted(kept.items())) if isinstance(kept, Mapping) else {"": list(kept)} if kept else {}


def _teller(input_key: str) -> str:
    """An input's path may name what is erased one day."""
    return hashlib.sha256(input_key.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _columns(person: StoredPerson) -> dict[str, object]:
    return {
        "id": person.id, "account_id": person.account_id, "name": person.name, "email": person.email,
        "title": person.title, "side": person.side, "recorded": bool(person.links),
        "links": [[link.system, link.type, link.id] for link in person.links], "also": list(person.also),
    }  # fmt: skip


def _better_name(known: str, said: str, email: str) -> str:
    """A whole name over a bare address or first name, else the one known first, so that the order of files decides little."""
    if not said or said.casefold() in (email, email.partition("@")[0]):
        return known or said
    if not known or known.casefold() in (email, email.partition("@")[0]):
        return said
    return said if len(said.split()) > len(known.split()) else known


def _seen_in(connection: Connection, people: list[str]) -> set[str]:
    """Accounts whose readers can see these people."""
    person, participant, interaction = tables.person, tables.participant, tables.interaction
    found: set[str] = set()
    for id in people:
        own = select(person.c.account_id).where(person.c.id == id, person.c.account_id.is_not(None))
        met = select(interaction.c.account_id).join(participant).where(participant.c.person_id == id)
        found.update(connection.scalars(own.union(met)))
    return found
