"""Accounts and deals: kept by their links and names, found again by whatever a person or another program calls them."""

from __future__ import annotations

import difflib
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from itertools import count

from sqlalchemy import Column, ColumnElement, Connection, FromClause, Table, func, insert, select, update

from ingest.archive import identifiers, tables
from ingest.archive.database import Database
from ingest.archive.errors import AmbiguousAccount, UnknownAccount
from ingest.archive.rows import StoredAccount, StoredDeal
from ingest.archive.scope import Scope
from ingest.archive.storable import storable, storable_link
from ingest.archive.visible import in_accounts
from ingest.records import CrmDeal, Link

_SYSTEMS = {"sf": "salesforce", "salesforce": "salesforce", "hubspot": "hubspot", "hs": "hubspot"}
_NEAR = 0.6
"""From this similarity on a name is worth suggesting."""


class Accounts(Database):
    def accounts(self, scope: Scope) -> list[StoredAccount]:
        """By name."""
        account, domain, link = tables.account, tables.account_domain, tables.account_link
        with self._read() as connection:
            rows = connection.execute(
                select(account.c.id, account.c.slug, account.c.name)
                .where(*in_accounts(scope, account.c.id))
                .order_by(account.c.folded_name, account.c.id)
            ).all()
            domains = defaultdict(list)
            for owner, each in connection.execute(select(domain).where(*in_accounts(scope, domain.c.account_id)).order_by(domain.c.domain)):
                domains[owner].append(each)
            links = _links(connection, link, link.c.account_id, in_accounts(scope, link.c.account_id))
            also = _also(connection, domains)
        return [
            StoredAccount(row.id, row.slug, row.name, tuple(sorted({*domains[row.id]})), tuple(links[row.id]), tuple(also[row.id]))
            for row in rows
        ]

    def merged_accounts(self) -> dict[str, str]:
        """The names of those that were merged into others, by id."""
        table = tables.account
        with self._read() as connection:
            return dict(connection.execute(select(table.c.id, table.c.name).where(table.c.merged_into.is_not(None))).all())

    def deleted_accounts(self) -> list[StoredAccount]:
        """What is known of them all the same, so that nothing of theirs is taken for somebody else's."""
        account, domain, link = tables.account, tables.account_domain, tables.account_link
        with self._read() as connection:
            domains: dict[str, list[str]] = defaultdict(list)
            for owner, each in connection.execute(select(domain).order_by(domain.c.domain)):
                domains[owner].append(each)
            links = _links(connection, link, link.c.account_id, [])
            also = _also(connection, domains)
            rows = connection.execute(select(account).where(account.c.deleted.is_(True)).order_by(account.c.id)).all()
        return [
            StoredAccount(row.id, row.slug, row.name, tuple(domains[row.id]), tuple(links[row.id]), tuple(also[row.id])) for row in rows
        ]

    def account(self, scope: Scope, reference: str) -> StoredAccount:
        """By id, slug, name, domain or external reference (`sf:001…`, `hubspot:…`), else by the beginning of a name or its words.

        Raises UnknownAccount and AmbiguousAccount.
        """
        return fitting(reference, self.accounts(scope))

    def deals(self, scope: Scope) -> list[StoredDeal]:
        """Oldest first. With `as_of`, deals not yet opened are out of sight and what the CRM says of a deal's end is not known yet."""
        deal = tables.deal
        with self._read() as connection:
            rows = connection.execute(
                select(deal).where(*in_accounts(scope, deal.c.account_id)).order_by(deal.c.opened_on, deal.c.closed_on, deal.c.id)
            )
            found = rows.mappings().all()
            links = _links(connection, tables.deal_link.join(deal), tables.deal_link.c.deal_id, in_accounts(scope, deal.c.account_id))
        deals = (StoredDeal(links=tuple(links[row["id"]]), **row) for row in found)
        return [known for each in deals if (known := _known_then(each, scope)) is not None]

    def put_account(self, name: str, domains: Iterable[str] = (), links: Iterable[Link] = ()) -> str:
        """The account's id. A known link or a known name is the same account; its domains and links are united.

        A link outweighs a name: an account that was renamed in the CRM stays the same one and takes the new name.
        """
        name = " ".join(storable(name).split())
        if not name:
            raise ValueError("an account needs a name")
        links = [storable_link(link) for link in links if link.system != "name"]
        with self._write() as connection:
            known = _by_link(connection, tables.account_link, "account_id", links)
            found = known or _by_name(connection, identifiers.folded(name))
            account = found or _new_account(connection, name)
            changed = not found or bool(known and _rename(connection, account, name))
            changed |= _unite_domains(connection, account, domains)
            changed |= _unite_links(connection, tables.account_link, "account_id", account, links)
            if changed:
                self._touch([account])
        return account

    def put_deal(self, account_id: str, crm: CrmDeal) -> str:
        """The deal's id. A known link is the same deal, else a known name within the account."""
        links = tuple(storable_link(link) for link in crm.links)
        table = tables.deal
        values = {
            "account_id": account_id, "name": storable(crm.name), "stage": storable(crm.stage), "won": crm.won, "closed": crm.closed,
            "closed_on": crm.closed_on, "opened_on": crm.opened_on, "amount": crm.amount, "currency": crm.currency,
            "owner_email": storable(crm.owner_email).casefold(), "term_months": crm.term_months, "seats": crm.seats,
            "opened_at": crm.opened_at and crm.opened_at.astimezone(UTC), "closed_at": crm.closed_at and crm.closed_at.astimezone(UTC),
        }  # fmt: skip
        with self._write() as connection:
            known = _by_link(connection, tables.deal_link, "deal_id", links) or connection.scalar(
                select(table.c.id).where(table.c.account_id == account_id, table.c.name == values["name"])
            )
            if known is None:
                deal = identifiers.deal_id(account_id, crm.name, links)
                connection.execute(insert(table).values(id=deal, **values))
                touched = {account_id}
            else:
                deal = known
                before = connection.execute(select(table).where(table.c.id == deal)).mappings().one()
                connection.execute(update(table).where(table.c.id == deal).values(**values))
                touched = {account_id, before["account_id"]} if any(before[name] != value for name, value in values.items()) else set()
            if _unite_links(connection, tables.deal_link, "deal_id", deal, links):
                touched.add(account_id)
            self._touch(touched)
        return deal


def fitting(reference: str, accounts: Sequence[StoredAccount]) -> StoredAccount:
    """The one of these accounts that is meant. Raises UnknownAccount and AmbiguousAccount."""
    for fits in _ways(storable(reference.strip())):
        found = [each for each in accounts if fits(each)]
        if len(found) > 1:
            raise AmbiguousAccount(reference, tuple(each.name for each in found))
        if found:
            return found[0]
    raise UnknownAccount(reference, _nearest(reference, accounts))


def _ways(reference: str) -> Sequence[Callable[[StoredAccount], bool]]:
    """From the surest to the loosest; the first that fits anything decides."""
    if not reference:
        return ()
    name, slug = identifiers.folded(reference), identifiers.slug(reference)
    domain = name.rpartition("@")[2].removeprefix("www.")
    system, _, native = reference.partition(":")
    key = identifiers.link_key(Link(_SYSTEMS.get(system.casefold(), system), "", native.strip()))
    words = name.split()
    return (
        lambda account: account.id == reference,
        lambda account: account.slug == name,
        lambda account: identifiers.folded(account.name) == name,
        lambda account: reference in account.also or name in map(identifiers.folded, account.also),
        lambda account: domain in account.domains,
        lambda account: any(identifiers.link_key(replace(link, type="")) == key for link in account.links),
        lambda account: identifiers.folded(account.name).startswith(name) or (slug != "account" and account.slug.startswith(slug)),
        lambda account: all(any(each.startswith(word) for each in identifiers.folded(account.name).split()) for word in words),
    )


def _nearest(reference: str, accounts: Sequence[StoredAccount]) -> tuple[str, ...]:
    """Names at most three, the likeliest first."""
    asked = identifiers.folded(reference)
    likeness = {each.name: _likeness(asked, identifiers.folded(each.name)) for each in accounts}
    near = sorted((name for name, alike in likeness.items() if alike >= _NEAR), key=lambda name: (-likeness[name], name))
    return tuple(near[:3])


def _likeness(asked: str, name: str) -> float:
    """To the whole name or to the word of it that is most alike."""
    return max(difflib.SequenceMatcher(None, asked, part, autojunk=False).ratio() for part in (name, *name.split()))


def _new_account(connection: Connection, name: str) -> str:
    table = tables.account
    account = identifiers.account_id(name, frozenset(connection.scalars(select(table.c.id))))
    slug = identifiers.slug(name)
    taken = set(connection.scalars(select(table.c.slug).where(table.c.slug.startswith(slug, autoescape=True))))
    free = slug if slug not in taken else next(each for n in count(2) if (each := f"{slug}-{n}") not in taken)
    values = {
        "id": account, "slug": free, "name": name, "folded_name": identifiers.folded(name),
        "revision": _first_revision(connection), "unsettled": False, "named_by_hand": False, "deleted": False,
    }  # fmt: skip
    connection.execute(insert(table).values(**values))
    return account


def _first_revision(connection: Connection) -> int:
    """Beyond any that an account of this id had which was erased since: no reader's memory of that one fits the new one."""
    return 1_000_000 * int(connection.scalar(select(func.count()).select_from(tables.erasure)) or 0)


def _by_name(connection: Connection, folded: str) -> str | None:
    """The account of this name, or the one it was merged into, or the one that had it before a person gave it another."""
    table, alias = tables.account, tables.alias
    row = connection.execute(select(table.c.id, table.c.merged_into).where(table.c.folded_name == folded)).first()
    if row is None:
        return connection.scalar(select(alias.c.account_id).where(alias.c.kind == "name", alias.c.value == folded))
    found: str = row.id
    while into := connection.scalar(select(table.c.merged_into).where(table.c.id == found)):
        found = into
    return found


def _also(connection: Connection, domains: dict[str, list[str]]) -> dict[str, list[str]]:
    """By account, the other names it is found by; the domains it was taught are put to its own."""
    table, alias = tables.account, tables.alias
    found: dict[str, list[str]] = defaultdict(list)
    for kind, value, owner in connection.execute(select(alias.c.kind, alias.c.value, alias.c.account_id)):
        if kind == "domain":
            domains[owner].append(value)
        elif kind == "name":
            found[owner].append(value)
    into = {row.id: row for row in connection.execute(select(table).where(table.c.merged_into.is_not(None)))}
    for row in into.values():
        owner = row.merged_into
        while owner in into:
            owner = into[owner].merged_into
        found[owner] += [row.id, row.slug, row.name]
    return found


def _rename(connection: Connection, account: str, name: str) -> bool:
    """Unless it has that name already, or another account does, or a person gave it another."""
    table, folded = tables.account, identifiers.folded(name)
    now = connection.execute(select(table.c.name, table.c.named_by_hand).where(table.c.id == account)).one()
    if now.name == name or now.named_by_hand:
        return False
    if connection.scalar(select(table.c.id).where(table.c.folded_name == folded, table.c.id != account)):
        return False
    connection.execute(update(table).where(table.c.id == account).values(name=name, folded_name=folded))
    return True


def _unite_domains(connection: Connection, account: str, domains: Iterable[str]) -> bool:
    table = tables.account_domain
    known = set(connection.scalars(select(table.c.domain).where(table.c.account_id == account)))
    new = sorted({storable(domain).strip().casefold() for domain in domains} - known - {""})
    if new:
        connection.execute(insert(table), [{"account_id": account, "domain": domain} for domain in new])
    return bool(new)


def _by_link(connection: Connection, table: Table, owner: str, links: Iterable[Link]) -> str | None:
    keys = [identifiers.link_key(link) for link in links]
    found = connection.execute(select(table.c.key, table.c[owner]).where(table.c.key.in_(keys))).all()
    owners = {row[0]: str(row[1]) for row in found}
    return next((owners[key] for key in keys if key in owners), None)


def _unite_links(connection: Connection, table: Table, owner: str, owner_id: str, links: Iterable[Link]) -> bool:
    """A link that belongs to another stays there."""
    wanted = {identifiers.link_key(link): link for link in links}
    known = set(connection.scalars(select(table.c.key).where(table.c.key.in_(sorted(wanted)))))
    new = [
        {"key": key, owner: owner_id, "system": link.system, "type": link.type, "native_id": link.id}
        for key, link in wanted.items()
        if key not in known
    ]
    if new:
        connection.execute(insert(table), new)
    return bool(new)


def _links(connection: Connection, source: FromClause, owner: Column[str], where: list[ColumnElement[bool]]) -> dict[str, list[Link]]:
    """By what they belong to, the account or the deal."""
    link = owner.table.c
    found: dict[str, list[Link]] = defaultdict(list)
    for owner_id, *parts in connection.execute(
        select(owner, link.system, link.type, link.native_id).select_from(source).where(*where).order_by(link.key)
    ):
        found[owner_id].append(Link(*parts))
    return found


def _known_then(deal: StoredDeal, scope: Scope) -> StoredDeal | None:
    """The deal as it could be known at the scope's `as_of`; None if it had not begun."""
    if scope.as_of is None:
        return deal
    if (opened := deal.opened_at or _begin(deal.opened_on)) and opened > scope.as_of:
        return None
    if deal.closed_on and (closed := deal.closed_at or _begin(deal.closed_on)) and closed <= scope.as_of:
        return deal
    return replace(deal, stage="", won=False, closed=False, closed_on="", closed_at=None, amount=None, term_months=None, seats=None)


def _begin(day: str) -> datetime | None:
    """Of a day that is known without its zone."""
    return datetime.fromisoformat(day).replace(tzinfo=UTC) if day else None
