"""What a person does to accounts and people as a whole: merge, rename, delete, and each of it undone.

Everything keeps its id: an interaction that goes to another account with all of it is cited, answered for and promised in as before,
and read again it is still the same. What is derived from an account as a whole (its promises in order) is made again.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Table, and_, delete, insert, select, tuple_, update

from ingest.archive import identifiers, tables
from ingest.archive.access_tables import member
from ingest.archive.accounts import Accounts, fitting
from ingest.archive.errors import UnknownAccount
from ingest.archive.people import People
from ingest.archive.rows import Change
from ingest.archive.storable import storable
from ingest.archive.storing import Storing, put_passages_again, take_passages
from ingest.archive.words import Words

_SOURCE = re.compile(r"src_[0-9a-f]{20}")
_DERIVED = (tables.ledger,)
_OWN_RULES = frozenset({tables.account_domain.name, tables.kept_id.name, member.name, *(table.name for table in _DERIVED)})
"""Whoever was let into the one is not by that let into the other: members stay where they are."""


class NameTaken(Exception):
    """An account cannot have a name that another one has."""

    def __init__(self, name: str) -> None:
        super().__init__(f"another account is called {name!r} already; merge the two, or choose another name.")


class NotMerged(Exception):
    """There is nothing of this kind to undo."""

    def __init__(self, what: str, reference: str) -> None:
        super().__init__(f"{reference!r} was not {what}, so there is nothing to undo.")


class Itself(Exception):
    """Two that are one already cannot be merged."""

    def __init__(self, name: str) -> None:
        super().__init__(f"{name} is one already; name two different ones.")


class Changes(Accounts, People, Storing, Words):
    def changes(self, what: str | None = None) -> list[Change]:
        """Newest first; what was undone is not among them."""
        table = tables.change
        with self._read() as connection:
            wanted = [] if what is None else [table.c.what == what]
            return [Change(*row) for row in connection.execute(select(table).where(*wanted).order_by(table.c.number.desc()))]

    def merge_accounts(self, merged: str, into: str, at: datetime) -> None:
        """All that is the one's becomes the other's; the one's names lead there. Raises Itself."""
        with self._write() as connection:
            if merged == into:
                raise Itself(self._name(connection, into))
            body: dict[str, Any] = {
                "into": into,
                "named_by_hand": connection.scalar(select(tables.account.c.named_by_hand).where(tables.account.c.id == into)),
                "domains": self._take_domains(connection, merged, into),
                "people": _take_nameless_people(connection, merged, into),
                "rows": {table.name: _take_rows(connection, table, merged, into) for table in _owned_tables()},
            }
            self._keep_ids(connection, into)
            connection.execute(update(tables.account).where(tables.account.c.id == merged).values(merged_into=into))
            connection.execute(update(tables.account).where(tables.account.c.id == into).values(named_by_hand=True))
            _rename_bodies(connection, body["rows"], into)
            self._refresh(connection, merged, into)
            _note(connection, "merge", merged, body, at)
            self.reword(merged)
            self.reword(into)

    def unmerge_account(self, merged: str) -> list[str]:
        """What came with it goes back. Answers and briefs that were made of both go away; gives the briefs that stay all the same,
        because people have worked on them. Raises NotMerged."""
        with self._write() as connection:
            change = _last(connection, "merge", merged)
            body, into = change.body, change.body["into"]
            for name, keys in body["rows"].items():
                _give_back(connection, tables.metadata.tables[name], keys, into, merged)
            for table in _owned_tables():  # what is made of an interaction may have been made anew since; it is where that is
                if "interaction_id" in table.c:
                    here = select(tables.interaction.c.id).where(tables.interaction.c.account_id == merged)
                    connection.execute(update(table).where(table.c.interaction_id.in_(here)).values(account_id=merged))
            domains = [{"account_id": merged, "domain": domain} for domain in body["domains"]["both"]]
            if domains:
                connection.execute(insert(tables.account_domain), domains)
            moved = and_(tables.account_domain.c.account_id == into, tables.account_domain.c.domain.in_(body["domains"]["moved"]))
            connection.execute(update(tables.account_domain).where(moved).values(account_id=merged))
            _part_nameless_people(connection, body["people"])
            here = select(tables.interaction.c.id).where(tables.interaction.c.account_id == merged)
            connection.execute(delete(tables.kept_id).where(tables.kept_id.c.interaction_id.in_(here)))
            self._kept_ids = None
            connection.execute(update(tables.account).where(tables.account.c.id == merged).values(merged_into=None))
            again = update(tables.account).where(tables.account.c.id == into).values(named_by_hand=body["named_by_hand"])
            connection.execute(again)
            _rename_bodies(connection, body["rows"], merged)
            stay = _forget_mixed(connection, merged, into)
            self._refresh(connection, merged, into)
            connection.execute(delete(tables.change).where(tables.change.c.number == change.number))
            self.reword(into)  # first: it takes out the words of what goes
            self.reword(merged)
        return stay

    def rename_account(self, account_id: str, name: str, at: datetime) -> None:
        """By hand: no CRM renames it any longer, and who calls it by its old name still means it. Raises NameTaken."""
        name, table = " ".join(storable(name).split()), tables.account
        folded = identifiers.folded(name)
        if not folded:
            raise ValueError("an account needs a name")
        with self._write() as connection:
            other = connection.scalar(select(table.c.id).where(table.c.folded_name == folded, table.c.id != account_id))
            if other is not None:
                raise NameTaken(name)
            before = connection.execute(select(table.c.name, table.c.folded_name).where(table.c.id == account_id)).one()
            names = tables.alias.c.kind == "name", tables.alias.c.value.in_([folded, before.folded_name])
            connection.execute(delete(tables.alias).where(*names))
            if before.folded_name != folded:
                connection.execute(insert(tables.alias).values(kind="name", value=before.folded_name, account_id=account_id, taught_by=""))
            connection.execute(update(table).where(table.c.id == account_id).values(name=name, folded_name=folded, named_by_hand=True))
            _note(connection, "rename", account_id, {"from": before.name, "to": name}, at)
            self._touch([account_id])

    def delete_account(self, account_id: str, at: datetime) -> int:
        """Out of every read and search, and what is read for it later is left out; gives how many interactions it had.

        Its words stay in the archive, out of sight, until it is restored or erased.
        """
        with self._write() as connection:
            found = connection.scalars(_with_passages(account_id)).all()
            for id in found:
                take_passages(connection, id)
            connection.execute(update(tables.account).where(tables.account.c.id == account_id).values(deleted=True))
            _note(connection, "delete", account_id, {}, at)
            self._touch([account_id])
        return len(found)

    def restore_account(self, reference: str) -> str:
        """Undoes the deletion of an account, by whatever it went by; gives its id. Raises NotMerged and AmbiguousAccount."""
        try:
            found = fitting(reference, self.deleted_accounts())
        except UnknownAccount as unknown:
            raise NotMerged("deleted", reference) from unknown
        with self._write() as connection:
            change = _last(connection, "delete", found.id)
            connection.execute(update(tables.account).where(tables.account.c.id == found.id).values(deleted=False))
            for id in connection.scalars(_with_passages(found.id)).all():
                put_passages_again(connection, id)
            connection.execute(delete(tables.change).where(tables.change.c.number == change.number))
            self._touch([found.id])
        return found.id

    def merge_people(self, merged: str, into: str, at: datetime) -> None:
        """From now on the one is read as the other; nothing that was said changes. Raises Itself."""
        with self._write() as connection:
            if merged == into:
                raise Itself(into)
            table = tables.person
            connection.execute(update(table).where((table.c.id == merged) | (table.c.merged_into == merged)).values(merged_into=into))
            _note(connection, "merge people", merged, {"into": into}, at)
            self._touch(self._accounts_of([merged, into]))

    def split_person(self, merged: str) -> str:
        """The one is itself again; gives whom it was read as. Raises NotMerged."""
        with self._write() as connection:
            change = _last(connection, "merge people", merged)
            connection.execute(update(tables.person).where(tables.person.c.id == merged).values(merged_into=None))
            connection.execute(delete(tables.change).where(tables.change.c.number == change.number))
            self._touch(self._accounts_of([merged, change.body["into"]]))
        return str(change.body["into"])

    def _accounts_of(self, people: Sequence[str]) -> list[str]:
        """Whoever may see these people."""
        person, participant, interaction = tables.person, tables.participant, tables.interaction
        own = select(person.c.account_id).where(person.c.id.in_(people), person.c.account_id.is_not(None))
        met = select(interaction.c.account_id).join(participant).where(participant.c.person_id.in_(people))
        with self._read() as connection:
            return list(connection.scalars(own.union(met)))

    def _name(self, connection: Connection, account_id: str) -> str:
        return str(connection.scalar(select(tables.account.c.name).where(tables.account.c.id == account_id)))

    def _take_domains(self, connection: Connection, merged: str, into: str) -> dict[str, list[str]]:
        table = tables.account_domain
        theirs = set(connection.scalars(select(table.c.domain).where(table.c.account_id == merged)))
        ours = set(connection.scalars(select(table.c.domain).where(table.c.account_id == into)))
        connection.execute(delete(table).where(table.c.account_id == merged, table.c.domain.in_(sorted(theirs & ours))))
        connection.execute(update(table).where(table.c.account_id == merged).values(account_id=into))
        return {"moved": sorted(theirs - ours), "both": sorted(theirs & ours)}

    def _keep_ids(self, connection: Connection, into: str) -> None:
        """Read again, each interaction of the account is found under the id it has."""
        interaction, kept = tables.interaction, tables.kept_id
        connection.execute(delete(kept).where(kept.c.account_id == into))
        columns = interaction.c.id, interaction.c.tool, interaction.c.external_id, interaction.c.removed
        query = select(*columns).where(interaction.c.account_id == into).order_by(interaction.c.removed, interaction.c.id)
        found: dict[tuple[str, str], str] = {}
        for row in connection.execute(query).all():  # the same mail may have been in both; the one that was there is the one that goes on
            own = identifiers.interaction_id(into, row.tool, row.external_id)
            if row.id == own and not row.removed:
                found[row.tool, row.external_id] = own
            else:
                found.setdefault((row.tool, row.external_id), row.id)
        other = [
            {"account_id": into, "tool": tool, "external_id": external_id, "interaction_id": id}
            for (tool, external_id), id in found.items()
            if id != identifiers.interaction_id(into, tool, external_id)
        ]
        if other:
            connection.execute(insert(kept), other)
        self._kept_ids = None

    def _refresh(self, connection: Connection, *account_ids: str) -> None:
        for table in _DERIVED:
            connection.execute(delete(table).where(table.c.account_id.in_(account_ids)))
        connection.execute(update(tables.account).where(tables.account.c.id.in_(account_ids)).values(unsettled=True))
        self._touch(account_ids)


def _owned_tables() -> list[Table]:
    """Every table whose rows belong to an account, those that other packages put beside ours too."""
    owned = [table for table in tables.metadata.sorted_tables if "account_id" in table.c and table.name not in _OWN_RULES]
    return [table for table in owned if table.c.account_id.foreign_keys]


def _take_rows(connection: Connection, table: Table, merged: str, into: str) -> list[list[Any]]:
    """Gives the keys of the rows that changed hands."""
    keys = [list(row) for row in connection.execute(select(*table.primary_key.columns).where(table.c.account_id == merged))]
    connection.execute(update(table).where(table.c.account_id == merged).values(account_id=into))
    return keys


def _give_back(connection: Connection, table: Table, keys: Sequence[Sequence[Any]], into: str, merged: str) -> None:
    columns = list(table.primary_key.columns)
    for batch in (keys[at : at + 200] for at in range(0, len(keys), 200)):
        there = tuple_(*columns).in_([tuple(key) for key in batch]) if len(columns) > 1 else columns[0].in_([key[0] for key in batch])
        connection.execute(update(table).where(there, table.c.account_id == into).values(account_id=merged))


def _take_nameless_people(connection: Connection, merged: str, into: str) -> dict[str, str]:
    """Who is known by name alone is known by it within an account: each goes on as the one of that name in the other account.

    Gives whom each is read as now.
    """
    table = tables.person
    rows = connection.execute(select(table).where(table.c.account_id == merged, table.c.email == "", table.c.merged_into.is_(None))).all()
    now = {row.id: identifiers.person_id("", row.name, into) for row in rows}
    for row in rows:
        if connection.scalar(select(table.c.id).where(table.c.id == now[row.id])) is None:
            connection.execute(insert(table).values(**{**row._mapping, "id": now[row.id], "account_id": into}))
        connection.execute(update(table).where(table.c.id == row.id).values(merged_into=now[row.id]))
    return now


def _part_nameless_people(connection: Connection, now: Mapping[str, str]) -> None:
    """They are themselves again; whom they were read as goes where nothing names them."""
    person, turn, participant = tables.person, tables.turn, tables.participant
    connection.execute(update(person).where(person.c.id.in_(sorted(now))).values(merged_into=None))
    named = select(turn.c.person_id).where(turn.c.person_id.is_not(None)).union(select(participant.c.person_id))
    other = person.alias("other")
    meant = select(other.c.merged_into).where(other.c.merged_into.is_not(None))
    idle = person.c.id.in_(sorted(now.values())), person.c.id.not_in(named), person.c.id.not_in(meant), person.c.recorded.is_(False)
    connection.execute(delete(person).where(*idle))


def _rename_bodies(connection: Connection, rows: dict[str, list[list[Any]]], account_id: str) -> None:
    """Kept answers and briefs say whose they are in their bodies, too."""
    for table in (tables.answer, tables.brief):
        for (number,) in rows.get(table.name, ()):
            body = connection.scalar(select(table.c.body).where(table.c.number == number))
            if body and "account" in body:
                connection.execute(update(table).where(table.c.number == number).values(body={**body, "account": account_id}))


def _forget_mixed(connection: Connection, merged: str, into: str) -> list[str]:
    """What was answered and written while two accounts were one must not quote the one to readers of the other."""
    interaction, stay = tables.interaction, []
    ids = {wanted: set(connection.scalars(select(interaction.c.id).where(interaction.c.account_id == other)))
           for wanted, other in ((merged, into), (into, merged))}  # fmt: skip
    reviewed = set(connection.scalars(select(tables.review.c.brief_id)))
    for table in (tables.answer, tables.brief):
        for row in connection.execute(select(table).where(table.c.account_id.in_(ids))).all():
            if not ids[row.account_id] & set(_SOURCE.findall(json.dumps(row.body))):
                continue
            if row.id in reviewed:
                stay.append(str(row.id))
            else:
                connection.execute(delete(table).where(table.c.number == row.number))
    return stay


def _with_passages(account_id: str) -> Any:
    table = tables.interaction
    return select(table.c.id).where(table.c.account_id == account_id, table.c.removed.is_(False), table.c.alternate_of.is_(None))


def _note(connection: Connection, what: str, about: str, body: dict[str, Any], at: datetime) -> None:
    connection.execute(insert(tables.change).values(what=what, about=about, body=body, changed_at=at))


def _last(connection: Connection, what: str, about: str) -> Change:
    table = tables.change
    wanted = select(table).where(table.c.what == what, table.c.about == about).order_by(table.c.number.desc()).limit(1)
    row = connection.execute(wanted).one_or_none()
    if row is None:
        raise NotMerged("merged" if what.startswith("merge") else what, about)
    return Change(*row)
