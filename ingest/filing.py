"""Puts a placed interaction into the archive: who spoke, on which side, of which deal, within whose hearing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from ingest.archive.archive import Archive
from ingest.archive.rows import StoredDeal, StoredPerson
from ingest.archive.scope import EVERYTHING
from ingest.archive.storing import Outcome
from ingest.copies import Worth
from ingest.domains import Domains, registrable
from ingest.people import Known, completed, is_somebody, side_in
from ingest.records import Call, Email, Interaction, Note, Participant, Record, Side
from ingest.routing import cut


def everybody_known(archive: Archive) -> dict[str, Known]:
    """By account: its people, our users, and whoever else took part in something of it."""
    seen: dict[str, set[str]] = {account.id: set() for account in archive.accounts(EVERYTHING)}
    for account, email in archive.addresses(EVERYTHING):
        seen.setdefault(account, set()).add(email)
    own: dict[str, list[StoredPerson]] = {}
    nobodys = []
    for person in archive.people(EVERYTHING):
        if person.account_id is None:
            nobodys.append(person)
        else:
            own.setdefault(person.account_id, []).append(person)
    met = {account: [p for p in nobodys if p.links or (p.email and p.email in emails)] for account, emails in seen.items()}
    return {account: Known((*own.get(account, ()), *people)) for account, people in met.items()}


def recognised_now(archive: Archive) -> frozenset[str]:
    """Interactions in which somebody takes part by a name alone that is somebody's now: an address or a contact came after them."""
    names = archive.known_by_name_alone()
    known = everybody_known(archive) if names else {}
    ids: set[str] = set()
    for account, name in names:
        person = known[account].by_name(name) if account in known else None
        if person is not None and is_somebody(person):
            ids |= archive.heard_of(account, name)
    return frozenset(ids)


class Filer:
    """Puts interactions into the archive with the people who speak in them."""

    def __init__(self, archive: Archive, domains: Domains, mails: Mapping[tuple[str, str], Email]) -> None:
        self.archive, self.domains, self.mails = archive, domains, mails
        self.theirs = {a.id: frozenset(map(registrable, a.domains)) for a in archive.accounts(EVERYTHING)}
        self.deals: dict[str, list[StoredDeal]] = {}
        for deal in archive.deals(EVERYTHING):
            self.deals.setdefault(deal.account_id, []).append(deal)
        self.filed: dict[str, Outcome] = {}
        """What became of each interaction, by id."""
        self._said_of: dict[tuple[Participant, Side, str | None], str] = {}
        self._said_last: dict[str, tuple[Participant, Side, str | None]] = {}
        """By person, what was put last: something else in between may have changed it."""
        self.known = everybody_known(archive)

    def put_once(self, interaction: Interaction, account_id: str, told: Worth) -> Outcome:
        """What became of it: new, changed or unchanged. Several inputs of a run may give it; `told` is the worth of this copy."""
        source_id = self.archive.id_of(account_id, interaction.source, interaction.external_id)
        if source_id not in self.filed:
            self.filed[source_id] = self._put(interaction, account_id, told)
        return self.filed[source_id]

    def _put(self, interaction: Interaction, account_id: str, told: Worth) -> Outcome:
        if isinstance(interaction, Email) and "forwarded" in interaction.meta:
            interaction = self._without_repeats(interaction, account_id)
        people: dict[Participant, str] = {}
        sides: set[str] = set()
        speakers = [t.speaker for t in interaction.turns if t.speaker]
        for participant in dict.fromkeys((*interaction.participants, *speakers)):
            whole = completed(participant, interaction.participants, self.known[account_id])
            domain = registrable(whole.email)
            side = side_in(self.theirs[account_id], self.domains, whole, domain)
            owner = account_id if side == "buyer" or not whole.email else None
            people[participant] = self._person(whole, side, owner)
            sides.add(side)
        record = replace(interaction, internal=_internal(interaction, sides))
        return self.archive.put_interaction(
            account_id,
            self._deal(record, account_id),
            record,
            [people[t.speaker] if t.speaker else None for t in record.turns],
            [people[p] for p in record.participants],
            told,
        )

    def _person(self, whole: Participant, side: Side, owner: str | None) -> str:
        """Saying the same of somebody again at once changes nothing, and most interactions do."""
        said = whole, side, owner
        person = self._said_of.get(said)
        if person is None or self._said_last.get(person) != said:
            person = self.archive.put_person(whole, side, owner)
            self._said_of[said], self._said_last[person] = person, said
        return person

    def _without_repeats(self, mail: Email, account_id: str) -> Email:
        """A forward whose original is here: what it repeats is quoted, for the same words twice are not two witnesses."""
        said = {" ".join(text.split()) for m in (mail.in_reply_to, *mail.references) for text in self._said(account_id, m)}
        first = next((n for n, turn in enumerate(mail.turns) if turn.text in mail.meta["forwarded"]), len(mail.turns))
        turns = [
            replace(turn, role="quoted")
            if n > first and turn.role == "said" and any(" ".join(turn.text.split()) in words for words in said)
            else turn
            for n, turn in enumerate(mail.turns)
        ]
        return replace(mail, turns=tuple(turns))

    def _said(self, account_id: str, message_id: str) -> list[str]:
        """The new words of a mail of this run or of the archive; none if it is nowhere."""
        if mail := self.mails.get((account_id, message_id)):
            return [turn.text for turn in mail.turns if turn.role == "said"]
        archived = self.archive.interactions(EVERYTHING.only(account_id), [self.archive.id_of(account_id, "mail", message_id)])
        return [m.text[turn.span.start : turn.span.end] for m in archived for turn in m.turns if turn.role == "said"]

    def _deal(self, interaction: Interaction, account_id: str) -> str | None:
        """The deal it is linked to, else the account's only one, else the only one open at the time; None where that is unclear."""
        deals = self.deals.get(account_id, [])
        links = {cut(link) for link in interaction.links}
        linked = [d for d in deals if links & {cut(link) for link in d.links}]
        if linked or len(deals) == 1:
            return (linked or deals)[0].id
        on = interaction.occurred_at.date().isoformat() if interaction.occurred_at else ""
        live = [d for d in deals if on and d.opened_on <= on <= (d.closed_on if d.closed else "9999")]
        return live[0].id if len(live) == 1 else None


def _internal(interaction: Interaction, sides: set[str]) -> bool:
    """CRM notes and records are ours alone; a call or mail is where only our own people took part."""
    if isinstance(interaction, Note | Record):
        return True
    return interaction.internal or (isinstance(interaction, Call | Email) and sides == {"seller"})
