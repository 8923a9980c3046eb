"""Takes rows out for good: interactions with all they brought, accounts, people.

`remove_interaction` only puts out of sight what its source no longer gives; here nothing stays behind that could come back.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager

from sqlalchemy import Connection, and_, select, update

from ingest.archive import tables
from ingest.archive.access_tables import member, principal
from ingest.archive.batches import batches, delete_rows
from ingest.archive.database import Database
from ingest.archive.job_tables import close_event, job
from ingest.archive.members import forget
from ingest.archive.storing import put_passages_again, take_passages
from ingest.archive.sweeping import delete_opinions


class Erasing(Database):
    def purge(self, ids: Collection[str]) -> Counter[str]:
        """Every row of these interactions; the copies of them that were alternates are found again. Counts by table."""
        counts: Counter[str] = Counter()
        with self._write() as connection:
            for some in batches(ids):
                counts += _purge(connection, some)
                table = tables.interaction
                owners = set(connection.scalars(select(table.c.account_id).where(table.c.id.in_(some))))
                counts["interaction"] += delete_rows(connection, table, table.c.id.in_(some))
                connection.execute(update(tables.account).where(tables.account.c.id.in_(sorted(owners))).values(unsettled=True))
                self._touch(owners)
        return +counts

    def purge_account(self, account_id: str) -> Counter[str]:
        """The account and everything that is its alone. People who are known from elsewhere stay there."""
        account, person, deal = tables.account, tables.person, tables.deal
        with self._write() as connection:
            ids = list(connection.scalars(select(tables.interaction.c.id).where(tables.interaction.c.account_id == account_id)))
            theirs = select(tables.interaction.c.id).where(tables.interaction.c.account_id == account_id)
            met = set(connection.scalars(select(tables.participant.c.person_id).where(tables.participant.c.interaction_id.in_(theirs))))
            counts = self.purge(ids)
            counts["api_key"] += _forget_programs(connection, account_id)
            own = set(connection.scalars(select(person.c.id).where(person.c.account_id == account_id)))
            connection.execute(update(person).where(person.c.account_id == account_id).values(account_id=None, recorded=False, links=[]))
            counts["person"] += _delete_strangers(connection, own | met)
            deals = select(deal.c.id).where(deal.c.account_id == account_id)
            _claim_events(connection, account_id)
            for table in reversed(tables.metadata.sorted_tables):  # what refers to something goes before it
                if "deal_id" in table.c and "account_id" not in table.c:
                    counts[table.name] += delete_rows(connection, table, table.c.deal_id.in_(deals))
                elif "account_id" in table.c and table is not person:
                    counts[table.name] += delete_rows(connection, table, table.c.account_id == account_id)
            gone = [account_id]  # those that were merged into it, and what they were called, go with it
            while more := set(connection.scalars(select(account.c.id).where(account.c.merged_into.in_(gone)))) - set(gone):
                gone += sorted(more)
            counts["change"] += delete_rows(connection, tables.change, tables.change.c.about.in_(gone))
            for id in reversed(gone):
                counts["account"] += delete_rows(connection, account, account.c.id == id)
            self._touched.difference_update(gone)
        return +counts

    @contextmanager
    def uncovered(self, account_id: str) -> Iterator[None]:
        """Inside, one transaction, a deleted account can be read so that it can be erased; nobody else ever sees it."""
        table = tables.account
        with self._write() as connection:
            covered = connection.scalar(select(table.c.deleted).where(table.c.id == account_id))
            if covered:
                connection.execute(update(table).where(table.c.id == account_id).values(deleted=False))
            yield
            if covered:
                connection.execute(update(table).where(table.c.id == account_id).values(deleted=True))

    def keep_covered(self, account_ids: Collection[str]) -> None:
        """Of these accounts those that are deleted have nothing that can be searched, whatever was written into them meanwhile."""
        account, interaction = tables.account, tables.interaction
        with self._write() as connection:
            covered = select(account.c.id).where(account.c.deleted.is_(True), account.c.id.in_(sorted(account_ids)))
            for id in connection.scalars(select(interaction.c.id).where(interaction.c.account_id.in_(covered))).all():
                take_passages(connection, id)

    def purge_strangers(self, ids: Collection[str]) -> int:
        """Of these people, those whom no CRM has and who took part in nothing that is kept."""
        with self._write() as connection:
            unseen = [id for id in ids if not _is_known(connection, id)]
            idle = tables.person.c.id.in_(unseen), tables.person.c.recorded.is_(False)
            connection.execute(update(tables.person).where(*idle).values(account_id=None))
            return _delete_strangers(connection, set(unseen))

    def purge_people(self, ids: Collection[str]) -> int:
        """Of whom nothing that is kept says that they spoke or took part; how many went."""
        with self._write() as connection:
            connection.execute(update(tables.person).where(tables.person.c.id.in_(sorted(ids))).values(account_id=None, recorded=False))
            return _delete_strangers(connection, set(ids))

    def purge_derived(self, accounts: Collection[str]) -> Counter[str]:
        """What was read off these accounts' words; it is read off again when it is asked for."""
        counts: Counter[str] = Counter()
        with self._write() as connection:
            for table in (tables.promise, tables.ledger, tables.reading):
                counts[table.name] += delete_rows(connection, table, table.c.account_id.in_(sorted(accounts)))
        return +counts

    def forget_user(self, email: str) -> int:
        """Whoever signs in here under this address no longer does. What they asked and shared with nobody goes too, for it was
        theirs alone, and their words about answers."""
        thread, answer, feedback = tables.thread, tables.answer, tables.feedback
        with self._write() as connection:
            theirs = principal.c.email.in_([email.lower(), email.casefold()])
            ids = connection.scalars(select(principal.c.id).where(theirs)).all()
            own = select(thread.c.id).where(thread.c.owner_id.in_(ids), thread.c.shared.is_(False))
            asked = connection.scalars(select(answer.c.number).where(answer.c.thread_id.in_(own))).all()
            for some in batches(asked):
                delete_opinions(connection, some)
                delete_rows(connection, answer, answer.c.number.in_(some))
            delete_rows(connection, thread, thread.c.id.in_(own))
            connection.execute(update(feedback).where(feedback.c.by.in_(ids)).values(text=""))
            return forget(connection, ids)

    def disown_deals(self, email: str) -> int:
        """Deals lose the owner of this address."""
        with self._write() as connection:
            done = connection.execute(update(tables.deal).where(tables.deal.c.owner_email == email).values(owner_email=""))
            return int(done.rowcount)


def _claim_events(connection: Connection, account_id: str) -> None:
    """Close events that came before anybody knew whose deal it is, and their jobs, are this account's where the deal is."""
    link = tables.deal_link
    theirs = select(link.c.system, link.c.native_id).join(tables.deal).where(tables.deal.c.account_id == account_id)
    for system, native in connection.execute(theirs).all():
        # Salesforce's ids come in two lengths; the first fifteen characters say which record.
        same = close_event.c.deal.startswith(native[:15], autoescape=True) if system == "salesforce" else close_event.c.deal == native
        events = select(close_event.c.job_number).where(close_event.c.system == system, same)
        connection.execute(update(job).where(job.c.number.in_(events)).values(account_id=account_id))
        connection.execute(update(close_event).where(close_event.c.system == system, same).values(account_id=account_id))


def _purge(connection: Connection, ids: Sequence[str]) -> Counter[str]:
    """All rows that belong to the interactions, not theirs own."""
    interaction, counts = tables.interaction, Counter[str]()
    left = connection.scalars(select(interaction.c.id).where(interaction.c.alternate_of.in_(ids), interaction.c.id.not_in(ids))).all()
    connection.execute(update(interaction).where(interaction.c.alternate_of.in_(ids)).values(alternate_of=None))
    for other in left:
        put_passages_again(connection, other)
    counts["passage"] += len(connection.scalars(select(tables.passage.c.number).where(tables.passage.c.interaction_id.in_(ids))).all())
    for id in ids:
        take_passages(connection, id)
    for table in reversed(tables.metadata.sorted_tables):
        if "interaction_id" in table.c:
            counts[table.name] += delete_rows(connection, table, table.c.interaction_id.in_(ids))
    return counts


def _is_known(connection: Connection, person_id: str) -> bool:
    there = select(tables.participant.c.person_id).where(tables.participant.c.person_id == person_id)
    spoke = select(tables.turn.c.person_id).where(tables.turn.c.person_id == person_id)
    return connection.execute(there.union(spoke).limit(1)).first() is not None


def _delete_strangers(connection: Connection, ids: set[str]) -> int:
    """Of these people, those whom nothing that is kept needs."""
    person, participant, turn = tables.person, tables.participant, tables.turn
    gone = 0
    for some in batches(sorted(ids)):
        known = set(connection.scalars(select(participant.c.person_id).where(participant.c.person_id.in_(some))))
        known |= set(connection.scalars(select(turn.c.person_id).where(turn.c.person_id.in_(some))))
        idle = and_(person.c.recorded.is_(False), person.c.account_id.is_(None))
        connection.execute(update(person).where(person.c.merged_into.in_([id for id in some if id not in known])).values(merged_into=None))
        gone += delete_rows(connection, person, and_(person.c.id.in_([id for id in some if id not in known]), idle))
    return gone


def _forget_programs(connection: Connection, account_id: str) -> int:
    """Programs whose key was for this account alone go, for their names may tell whose they were; to others it is one account less."""
    named = select(member.c.principal_id).where(member.c.account_id == account_id)
    more = select(member.c.principal_id).where(member.c.account_id != account_id)
    alone = principal.c.kind == "program", principal.c.reach == "listed", principal.c.id.in_(named), principal.c.id.not_in(more)
    return forget(connection, connection.scalars(select(principal.c.id).where(*alone)).all())
