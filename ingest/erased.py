"""Keeps what was erased from coming back with the next import: whole accounts are left out, persons are taken out of what others said."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from ingest.archive.archive import Archive
from ingest.archive.identifiers import folded, link_key
from ingest.archive.scope import EVERYTHING
from ingest.archive.storable import storable
from ingest.archive.tombstones import Marks
from ingest.domains import above, host
from ingest.records import (
    CrmAccount,
    CrmDeal,
    CrmPerson,
    Document,
    Email,
    Failure,
    Interaction,
    Kind,
    Link,
    Reading,
    Side,
    kind_of,
    text_of,
)
from ingest.scrubbing import scrubbed


class WasErased(Exception):
    """An account named for an import was erased."""

    def __init__(self, name: str) -> None:
        super().__init__(f"{name!r} was erased here; `baton erase --account {name!r} --allow-again` lets it be taken in again.")


@dataclass
class Guard:
    """Of one run. In a home in which nothing was ever erased it lets everything through untouched."""

    marks: Marks
    kept: Callable[[], Collection[tuple[str, str, str]]]
    """(input, tool, native id) of what living accounts hold: it stays, whoever took part in it."""
    living: frozenset[str] = frozenset()
    """Hosts that accounts have which are there."""
    limits: Mapping[Kind, datetime] = field(default_factory=dict)
    """By kind, the moment before which nothing is kept."""
    left_out: set[tuple[str, str]] = field(default_factory=set)
    """(tool, native id) of what was not taken in because it was erased."""
    expired: set[tuple[str, str]] = field(default_factory=set)
    """Of what is older than the settings keep."""

    @classmethod
    def of(cls, archive: Archive, kept: Callable[[], Collection[tuple[str, str, str]]], limits: Mapping[Kind, datetime]) -> Guard:
        return cls(archive.marks(), kept, frozenset(host(d) for a in archive.accounts(EVERYTHING) for d in a.domains), limits)

    def reading(self, key: str, reading: Reading, side_of: Callable[[str], Side]) -> Reading:
        """What of an input may be taken in."""
        if self.limits:
            reading = replace(reading, interactions=tuple(each for each in reading.interactions if not self._is_expired(each)))
        if not self.marks:
            return reading
        interactions = []  # as they are: whose they are is told by everybody who took part
        for each in reading.interactions:
            if self._is_out(key, each) or scrubbed(each, "", self.marks, side_of) is None:
                self.left_out.add((each.source, each.external_id))
            else:
                interactions.append(each)
        return replace(
            reading,
            interactions=tuple(interactions),
            accounts=tuple(each for each in reading.accounts if not self._is_account(each)),
            people=tuple(each for each in reading.people if not self._is_person(each)),
            deals=tuple(map(self._deal, reading.deals)),
            failures=self.failures(key, reading.failures),
            notices=self.failures(key, reading.notices),
        )

    def placed(self, interaction: Interaction, account_id: str, side_of: Callable[[str], Side]) -> Interaction | None:
        """Without those who are erased; None for what only they said. `account_id` is empty for what waits: then names do not count."""
        if not self.marks:
            return interaction
        let = scrubbed(interaction, account_id, self.marks, side_of)
        if let is None:
            self.left_out.add((interaction.source, interaction.external_id))
        return let

    def failures(self, key: str, failures: tuple[Failure, ...]) -> tuple[Failure, ...]:
        return tuple(each for each in failures if not self._is_file(key, each.file)) if self.marks else failures

    def is_name(self, name: str) -> bool:
        """Of an account that was erased."""
        return self.marks.has("account", folded(name))

    def _is_expired(self, record: Interaction) -> bool:
        limit = self.limits.get(kind_of(record))
        old = limit is not None and record.occurred_at is not None and record.occurred_at < limit
        if old:
            self.expired.add((record.source, record.external_id))
        return old

    def _is_out(self, key: str, record: Interaction) -> bool:
        has = self.marks.has
        native = f"{record.source}\x1f{record.external_id}"
        if has("interaction", native) or has("interaction", f"{native}\x1f{_sha256(text_of(record))}"):
            return True
        if self._is_file(key, record.file) or any(self._is_link(link) for link in record.links):
            return (key, record.source, record.external_id) not in self.kept()
        answered = [record.attached_to] if isinstance(record, Document) else []
        if isinstance(record, Email):
            answered = [record.in_reply_to, *record.references]
        outside = any(has("address", p.email.casefold()) or self._is_domain(p.email) for p in record.participants if p.email)
        if outside or any(has("interaction", f"mail\x1f{id}") for id in answered if id):
            return (key, record.source, record.external_id) not in self.kept()
        return False

    def _is_link(self, link: Link) -> bool:
        return self.is_name(link.id) if link.system == "name" else self.marks.has("link", link_key(link))

    def _is_domain(self, address: str) -> bool:
        """The longest domain that anybody has or had decides."""
        for each in above(host(address)):
            if each in self.living:
                return False
            if self.marks.has("domain", each):
                return True
        return False

    def _is_account(self, account: CrmAccount) -> bool:
        return any(map(self._is_domain, account.domains)) or self.is_name(account.name) or any(map(self._is_link, account.links))

    def _is_person(self, person: CrmPerson) -> bool:
        email = person.participant.email.casefold()
        theirs = person.account is not None and self._is_link(person.account)
        known = bool(email) and (self.marks.has("person", email) or self.marks.has("address", email))
        contact = any(self.marks.has("contact", link_key(link)) for link in person.links)
        return theirs or known or contact or any(map(self._is_link, person.links))

    def _deal(self, deal: CrmDeal) -> CrmDeal:
        """Deals of an erased account find no account; one of a living account may have lost its owner."""
        return replace(deal, owner_email="") if self.marks.has("person", deal.owner_email.casefold()) else deal

    def _is_file(self, key: str, file: str) -> bool:
        return self.marks.has("file", file) or self.marks.has("file", f"{key}\x1f{file}")


def _sha256(text: str) -> str:
    """As the archive names a text."""
    return hashlib.sha256(storable(text).encode()).hexdigest()
