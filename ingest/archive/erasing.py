"""Taking rows out for good: interactions with all they brought, accounts, older wordings; and what would betray that something is left.

`remove_interaction` only puts out of sight what its source no longer gives; here nothing stays behind that could come back.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, fields
from datetime import datetime, timedelta, timezone
from typing import Any, TypeVar

from sqlalchemy import JSON, Connection, String, and_, delete, func, insert, or_, select, update

from ingest.archive import tables
from ingest.archive.access_tables import member, principal
from ingest.archive.database import Database
from ingest.archive.members import forget
from ingest.archive.storing import put_passages_again, take_passages
from ingest.identity import Worth
from ingest.records import KINDS, Interaction, Kind, Link, Mark, Participant, Turn

_AT_ONCE = 500
"""Ids in one statement; SQLite takes 32,766."""
_SAMPLES = 400
_SLICE = 28
"""Characters of a sample: enough to be nobody else's words, few enough to stand in one line of anything."""
_SEEN_TO = frozenset(
    """
    account account_domain account_link deal deal_link interaction version turn participant passage embedding answer brief reading
    ledger promise origin input held failed setting person erasure tombstone audit
    """.split()
)
"""Tables that erasing a person goes through by rules of their own."""
_DESCRIBED = ("title", "people", "teachable")
"""What is noted of something held so that a person can decide."""
_LOOKED_FOR = 256
"""Bytes of a vector: enough that two of different words never share them, however sparse they are."""
_TELLING = 12
"""So many different bytes at the beginning of a vector make it one that no other thing looks like."""
_SOURCE = re.compile(r"(?:src|cit)_([0-9a-f]{20})")
_OF_KIND = {kind: type_ for type_, kind in KINDS.items()}
Each = TypeVar("Each")
_PLAIN = {each.name for each in fields(Interaction)}


@dataclass(frozen=True, slots=True)
class Traces:
    """What must not be found afterwards: names and addresses, samples of what was said, and of its vectors."""

    names: frozenset[str] = frozenset()
    said: tuple[str, ...] = ()
    vectors: tuple[bytes, ...] = ()


@dataclass(frozen=True, slots=True)
class Restored:
    """An interaction as its source gave it, as far as the archive keeps that, and who spoke and took part by id."""

    id: str
    account_id: str
    deal_id: str | None
    record: Interaction
    speakers: tuple[str | None, ...]
    people: tuple[str, ...]
    worth: Worth


@dataclass(slots=True)
class Swept:
    counts: Counter[str] = field(default_factory=Counter)
    files: list[tuple[str, str]] = field(default_factory=list)
    """(origin, file) of what was set aside."""


class Erasing(Database):
    def purge(self, ids: Collection[str]) -> Counter[str]:
        """Every row of these interactions; the copies of them that were alternates are found again. Counts by table."""
        counts: Counter[str] = Counter()
        with self._write() as connection:
            for some in _some(ids):
                counts += _purge(connection, some)
                table = tables.interaction
                owners = set(connection.scalars(select(table.c.account_id).where(table.c.id.in_(some))))
                counts["interaction"] += _delete(connection, table, table.c.id.in_(some))
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
            for table in reversed(tables.metadata.sorted_tables):  # what refers to something goes before it
                if "deal_id" in table.c and "account_id" not in table.c:
                    counts[table.name] += _delete(connection, table, table.c.deal_id.in_(deals))
                elif "account_id" in table.c and table is not person:
                    counts[table.name] += _delete(connection, table, table.c.account_id == account_id)
            gone = [account_id]  # those that were merged into it, and what they were called, go with it
            while more := set(connection.scalars(select(account.c.id).where(account.c.merged_into.in_(gone)))) - set(gone):
                gone += sorted(more)
            counts["change"] += _delete(connection, tables.change, tables.change.c.about.in_(gone))
            for id in reversed(gone):
                counts["account"] += _delete(connection, account, account.c.id == id)
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

    def one_person(self, ids: Collection[str]) -> set[str]:
        """With these people all whom a person said to be the same."""
        table = tables.person
        with self._read() as connection:
            rows = connection.execute(select(table.c.id, table.c.merged_into).where(table.c.merged_into.is_not(None))).all()
        meant = {row.id: row.merged_into for row in rows}
        heads = {meant.get(id, id) for id in ids}
        return heads | {id for id, head in meant.items() if head in heads}

    def people_of(self, ids: Collection[str]) -> set[str]:
        """Who took part in these interactions."""
        found: set[str] = set()
        table = tables.participant
        with self._read() as connection:
            for some in _some(ids):
                found |= set(connection.scalars(select(table.c.person_id).where(table.c.interaction_id.in_(some))))
        return found

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

    def purge_versions(self, ids: Collection[str]) -> int:
        """Every wording of these interactions but today's."""
        version, interaction = tables.version, tables.interaction
        dropped = 0
        with self._write() as connection:
            for some in _some(ids):
                rows = connection.execute(
                    select(version.c.interaction_id, version.c.version)
                    .join(interaction, interaction.c.id == version.c.interaction_id)
                    .where(version.c.interaction_id.in_(some), version.c.version != interaction.c.version)
                ).all()
                dropped += _drop_versions(connection, [tuple(row) for row in rows])
        return dropped

    def replaced_before(self, before: datetime) -> list[tuple[str, int, datetime]]:
        """Wordings whose place another had taken by then: interaction, version, when."""
        version, interaction = tables.version, tables.interaction
        with self._read() as connection:
            rows = connection.execute(
                select(version.c.interaction_id, version.c.version, version.c.replaced_at)
                .join(interaction, interaction.c.id == version.c.interaction_id)
                .where(version.c.version != interaction.c.version, version.c.replaced_at <= before)
            )
            return [tuple(row) for row in rows]

    def drop_wordings(self, wanted: Sequence[tuple[str, int]]) -> int:
        with self._write() as connection:
            return _drop_versions(connection, wanted)

    def removed_before(self, before: datetime) -> list[tuple[str, datetime]]:
        """What its source had taken away by then, and when."""
        table = tables.interaction
        with self._read() as connection:
            query = select(table.c.id, table.c.removed_at).where(table.c.removed.is_(True), table.c.removed_at <= before)
            return [tuple(row) for row in connection.execute(query)]

    def older_than(self, kind: Kind, before: datetime) -> list[tuple[str, datetime]]:
        """Interactions of a kind that happened before that, with the moment; undated ones never did."""
        table = tables.interaction
        with self._read() as connection:
            rows = connection.execute(select(table.c.id, table.c.occurred_at).where(table.c.kind == kind, table.c.occurred_at < before))
            return [(row.id, row.occurred_at) for row in rows]

    def note_held(self) -> None:
        """Since when each held item has been waiting, for those that are not known to be."""
        held, since = tables.held, tables.held_since
        with self._write() as connection:
            keys = {_held_key(row.origin, row.file) for row in connection.execute(select(held.c.origin, held.c.file))}
            known = set(connection.scalars(select(since.c.key)))
            for some in _some(known - keys):
                connection.execute(delete(since).where(since.c.key.in_(some)))
            if new := sorted(keys - known):
                connection.execute(insert(since), [{"key": key, "at": self.now()} for key in new])

    def held_before(self, before: datetime) -> list[tuple[int, str, str, datetime]]:
        """(number, input, file, since when) of what has been waiting longer than that."""
        held, since = tables.held, tables.held_since
        with self._read() as connection:
            at = {row.key: row.at for row in connection.execute(select(since).where(since.c.at < before))}
            rows = connection.execute(select(held.c.number, held.c.origin, held.c.file)).all()
        return [(*row, at[key]) for row in rows if (key := _held_key(row.origin, row.file)) in at]

    def drop_held(self, numbers: Collection[int]) -> int:
        with self._write() as connection:
            return sum(_delete(connection, tables.held, tables.held.c.number.in_(some)) for some in _some(numbers))

    def purge_made(self, ids: Collection[str], accounts: Collection[str], mentions: Callable[[str], bool]) -> Counter[str]:
        """Answers and briefs that quote one of these interactions, and those of the accounts that mention what must not be mentioned."""
        cited = {id.removeprefix("src_") for id in ids}
        counts: Counter[str] = Counter()
        with self._write() as connection:
            for table in (tables.answer, tables.brief):
                told = [
                    row.number
                    for row in connection.execute(select(table.c.number, table.c.account_id, table.c.body))
                    if (row.account_id in accounts and mentions(json.dumps(row.body, ensure_ascii=False)))
                    or not cited.isdisjoint(_SOURCE.findall(json.dumps(row.body)))
                ]
                for some in _some(told):
                    if table is tables.brief:
                        counts["review"] += _delete_reviews(connection, some)
                    counts[table.name] += _delete(connection, table, table.c.number.in_(some))
        return +counts

    def withhold_whole(self, ids: Collection[str]) -> None:
        """Where words were taken out as confidential and the text has changed, all of it is withheld: nobody knows where they are now."""
        table = tables.withheld
        with self._write() as connection:
            for some in _some(ids):
                for row in connection.execute(select(table).where(table.c.interaction_id.in_(some))).mappings().all():
                    same = [each == row[each.name] for each in table.primary_key]
                    connection.execute(delete(table).where(*same))
                    whole = {**row, "start": 0, "end": 2**31 - 1}
                    wanted = [each == whole[each.name] for each in table.primary_key]
                    if connection.execute(select(table).where(*wanted)).first() is None:
                        connection.execute(insert(table).values(**whole))

    def purge_derived(self, accounts: Collection[str]) -> Counter[str]:
        """What was read off these accounts' words; it is read off again when it is asked for."""
        counts: Counter[str] = Counter()
        with self._write() as connection:
            for table in (tables.promise, tables.ledger, tables.reading):
                counts[table.name] += _delete(connection, table, table.c.account_id.in_(sorted(accounts)))
        return +counts

    def black_out(self, over: Callable[[str], str]) -> Counter[str]:
        """In every table that is not an account's history or made of it, words that must not stand there any longer."""
        counts: Counter[str] = Counter()
        with self._write() as connection:
            for table in tables.metadata.sorted_tables:
                columns = [each for each in table.c if isinstance(each.type, String | JSON) and not each.primary_key]
                keys = list(table.primary_key)
                if table.name in _SEEN_TO or not columns:
                    continue
                for row in connection.execute(select(*keys, *columns)).mappings().all():
                    made = {each.name: _over(row[each.name], over) for each in columns}
                    if changed := {name: value for name, value in made.items() if value != row[name]}:
                        same = [each == row[each.name] for each in keys]
                        connection.execute(update(table).where(*same).values(**changed))
                        counts[table.name] += 1
        return +counts

    def sweep(self, inputs: Collection[str], names: Collection[str], mentions: Callable[[str], bool], near: Callable[[str], bool]) -> Swept:
        """The ledger of inputs: what is held, what failed and what was noted of the inputs given, of what lies `near` them by its path,
        of the accounts named, and whatever mentions what must not be mentioned; the settings too."""
        swept, wanted = Swept(), set(names)
        held, failed, noted, origin, setting = tables.held, tables.failed, tables.input_, tables.origin, tables.setting
        with self._write() as connection:
            for table in (held, failed):
                drop = []
                for row in connection.execute(select(table)).mappings():
                    parts = [value for name, value in row.items() if isinstance(value, str | list) and name not in _DESCRIBED]
                    told = json.dumps(parts, ensure_ascii=False)
                    named = bool(wanted.intersection(row.get("candidates") or ()))
                    if named or row["origin"] in inputs or near(row["origin"]) or mentions(told):
                        drop.append(row["number"])
                        swept.files.append((row["origin"], row["file"]))
                for some in _some(drop):
                    swept.counts[table.name] += _delete(connection, table, table.c.number.in_(some))
            for row in connection.execute(select(held)).mappings().all():  # what waits goes on waiting, described without them
                over = {name: _without(row[name], mentions) for name in _DESCRIBED}
                if any(over[name] != row[name] for name in _DESCRIBED):
                    connection.execute(update(held).where(held.c.number == row["number"]).values(**over))
                    swept.counts["held"] += 1
            for word in connection.scalars(select(tables.alias.c.value)).all():
                if mentions(word):
                    swept.counts["alias"] += _delete(connection, tables.alias, tables.alias.c.value == word)
            for known in connection.execute(select(noted.c.key, noted.c.outcome)).all():
                if known.key in inputs or mentions(known.key):
                    connection.execute(delete(origin).where(origin.c.input_key == known.key))
                    swept.counts["input"] += _delete(connection, noted, noted.c.key == known.key)
                    continue
                outcome = _noted(connection, known.outcome)
                if mentions(json.dumps(outcome, ensure_ascii=False)):
                    outcome = {key: _without(value, mentions) for key, value in outcome.items()}
                if outcome != known.outcome:
                    connection.execute(update(noted).where(noted.c.key == known.key).values(outcome=outcome))
                    swept.counts["input_outcome"] += 1
            for key in sorted({origin_ for origin_, _ in swept.files}):
                waits = [select(table.c.number).where(table.c.origin == key) for table in (held, failed)]
                gives = select(origin.c.interaction_id).where(origin.c.input_key == key)
                if not any(connection.execute(query.limit(1)).first() for query in (*waits, gives)):
                    swept.counts["input"] += _delete(connection, noted, noted.c.key == key)
            swept.counts["gone"] += _delete(connection, tables.gone, tables.gone.c.input_key.in_(sorted(inputs)))
            for each in connection.execute(select(setting)).all():
                if mentions(json.dumps(each.value, ensure_ascii=False)):
                    connection.execute(update(setting).where(setting.c.name == each.name).values(value=_without(each.value, mentions)))
                    swept.counts["setting"] += 1
        swept.counts = +swept.counts
        return swept

    def traces(self, ids: Sequence[str]) -> tuple[tuple[str, ...], tuple[bytes, ...]]:
        """Samples of the words of these interactions in every version, and of the vectors of passages that only they hold."""
        version, passage, embedding = tables.version, tables.passage, tables.embedding
        said: list[str] = []
        vectors: list[bytes] = []
        few = max(1, _SAMPLES // max(1, len(ids)))
        with self._read() as connection:
            for some in _some(ids):
                for text in connection.scalars(select(version.c.text).where(version.c.interaction_id.in_(some))):
                    said += _slices(text, few)
                others = select(passage.c.content).where(passage.c.interaction_id.not_in(some))
                own = select(passage.c.content).where(passage.c.interaction_id.in_(some), passage.c.content.not_in(others))
                own = own.limit(few * len(some))
                for row in connection.execute(select(embedding.c.vector, embedding.c.tokens).where(embedding.c.content.in_(own))):
                    vectors += [each[:_LOOKED_FOR] for each in (row.vector, row.tokens) if len(set(each[:_LOOKED_FOR])) > _TELLING]
        return tuple(_evenly(said)), tuple(_evenly(vectors))

    def kept_words(self) -> Iterator[str]:
        """All that living accounts' histories say: what is found of it afterwards is there by right."""
        columns = (
            tables.version.c.text, tables.version.c.title, tables.interaction.c.title, tables.interaction.c.file,
            tables.interaction.c.external_id, tables.interaction.c.url, tables.interaction.c.meta, tables.interaction.c.detail,
            tables.interaction.c.links, tables.interaction.c.aliases, tables.turn.c.speaker_name, tables.turn.c.heading,
            tables.person.c.name, tables.person.c.email, tables.person.c.title, tables.person.c.links, tables.account.c.name,
            tables.account.c.slug, tables.account_domain.c.domain, tables.account_link.c.native_id, tables.deal.c.name,
            tables.deal.c.stage, tables.deal.c.owner_email, tables.deal_link.c.native_id,
        )  # fmt: skip
        with self._read() as connection:
            for column in columns:
                for value in connection.scalars(select(column).distinct()):
                    if value:
                        yield value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)

    def kept_vectors(self, contents: Collection[bytes]) -> frozenset[bytes]:
        """Those of the samples that a passage which is kept has too: the same words give the same vector."""
        embedding = tables.embedding
        wanted, found = set(contents), set()
        with self._read() as connection:
            for row in connection.execute(select(embedding.c.vector, embedding.c.tokens)):
                found |= wanted & {row.vector[:_LOOKED_FOR], row.tokens[:_LOOKED_FOR]}
        return frozenset(found)

    def restored(self, ids: Collection[str]) -> Iterator[Restored]:
        for some in _some(ids):
            with self._read() as connection:
                found = list(_restored(connection, some))
            yield from found

    def told_by(self, person_ids: Collection[str]) -> dict[str, bool]:
        """Interactions in which these people spoke or took part in any version, and whether they are out of sight."""
        interaction, turn, participant = tables.interaction, tables.turn, tables.participant
        wanted = sorted(person_ids)
        spoke = select(turn.c.interaction_id).where(turn.c.person_id.in_(wanted))
        there = select(participant.c.interaction_id).where(participant.c.person_id.in_(wanted))
        with self._read() as connection:
            return dict(connection.execute(select(interaction.c.id, interaction.c.removed).where(
                or_(interaction.c.id.in_(spoke), interaction.c.id.in_(there)))).all())  # fmt: skip

    def spoken_names(self, person_ids: Collection[str]) -> set[str]:
        """The names under which they spoke."""
        turn = tables.turn
        with self._read() as connection:
            return set(connection.scalars(select(turn.c.speaker_name).where(turn.c.person_id.in_(sorted(person_ids))).distinct()))

    def holding(self, word: str, accounts: Collection[str]) -> dict[str, bool]:
        """Ids of what was said in these accounts, and of whatever holds the word anywhere; whether they are out of sight."""
        interaction, version = tables.interaction, tables.version
        mentioned = select(version.c.interaction_id).where(version.c.text.icontains(word, autoescape=True))
        with self._read() as connection:
            return dict(connection.execute(select(interaction.c.id, interaction.c.removed).where(
                or_(interaction.c.account_id.in_(sorted(accounts)), interaction.c.id.in_(mentioned)))).all())  # fmt: skip

    def accounts_of(self, ids: Collection[str]) -> set[str]:
        """The accounts of these interactions."""
        found: set[str] = set()
        with self._read() as connection:
            for some in _some(ids):
                found |= set(connection.scalars(select(tables.interaction.c.account_id).where(tables.interaction.c.id.in_(some))))
        return found

    def made_of(self, account_id: str) -> tuple[int, int]:
        """How many answers and briefs are kept of an account."""
        with self._read() as connection:
            counts = [
                connection.scalar(select(func.count()).select_from(table).where(table.c.account_id == account_id)) or 0
                for table in (tables.answer, tables.brief)
            ]
        return int(counts[0]), int(counts[1])

    def forget_user(self, email: str) -> int:
        """Whoever signs in here under this address no longer does."""
        with self._write() as connection:
            return forget(connection, connection.scalars(select(principal.c.id).where(principal.c.email == email.casefold())).all())

    def disown_deals(self, email: str) -> int:
        """Deals lose the owner of this address."""
        with self._write() as connection:
            done = connection.execute(update(tables.deal).where(tables.deal.c.owner_email == email).values(owner_email=""))
            return int(done.rowcount)

    def ids_of(self, account_id: str) -> list[str]:
        """Of every interaction, those out of sight too."""
        with self._read() as connection:
            return list(connection.scalars(select(tables.interaction.c.id).where(tables.interaction.c.account_id == account_id)))

    def identities(self, ids: Collection[str]) -> list[tuple[str, str, str, str]]:
        """(tool, native id, hash of its text, file) in every version."""
        interaction, version = tables.interaction, tables.version
        found: list[tuple[str, str, str, str]] = []
        with self._read() as connection:
            for some in _some(ids):
                found += [tuple(row) for row in connection.execute(
                    select(interaction.c.tool, interaction.c.external_id, version.c.text_sha256, interaction.c.file)
                    .join(version, version.c.interaction_id == interaction.c.id).where(interaction.c.id.in_(some)))]  # fmt: skip
        return found


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
            counts[table.name] += _delete(connection, table, table.c.interaction_id.in_(ids))
    return counts


def _noted(connection: Connection, outcome: dict[str, Any]) -> dict[str, Any]:
    """What was noted of an input, without further copies of what is not there any longer."""
    again, table = outcome.get("again", []), tables.interaction
    there: set[str] = set()
    for some in _some({id for _, id in again}):
        there |= set(connection.scalars(select(table.c.id).where(table.c.id.in_(some))))
    return {**outcome, "again": [[file, id] for file, id in again if id in there]} if len(again) else outcome


def _held_key(origin: str, file: str) -> str:
    return hashlib.sha256(f"{origin}\x1f{file}".encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _is_known(connection: Connection, person_id: str) -> bool:
    there = select(tables.participant.c.person_id).where(tables.participant.c.person_id == person_id)
    spoke = select(tables.turn.c.person_id).where(tables.turn.c.person_id == person_id)
    return connection.execute(there.union(spoke).limit(1)).first() is not None


def _delete_strangers(connection: Connection, ids: set[str]) -> int:
    """Of these people, those whom nothing that is kept needs."""
    person, participant, turn = tables.person, tables.participant, tables.turn
    gone = 0
    for some in _some(sorted(ids)):
        known = set(connection.scalars(select(participant.c.person_id).where(participant.c.person_id.in_(some))))
        known |= set(connection.scalars(select(turn.c.person_id).where(turn.c.person_id.in_(some))))
        idle = and_(person.c.recorded.is_(False), person.c.account_id.is_(None))
        connection.execute(update(person).where(person.c.merged_into.in_([id for id in some if id not in known])).values(merged_into=None))
        gone += _delete(connection, person, and_(person.c.id.in_([id for id in some if id not in known]), idle))
    return gone


def _delete_reviews(connection: Connection, briefs: Sequence[int]) -> int:
    """What people did with these briefs, but for what they took out as confidential: that stays out."""
    review, brief = tables.review, tables.brief
    ids = select(brief.c.id).where(brief.c.number.in_(briefs))
    needed = select(tables.withheld.c.review_number)
    connection.execute(update(review).where(review.c.brief_id.in_(ids)).values(detail={}))
    return _delete(connection, review, and_(review.c.brief_id.in_(ids), review.c.number.not_in(needed)))


def _forget_programs(connection: Connection, account_id: str) -> int:
    """Programs whose key was for this account alone go, for their names may tell whose they were; to others it is one account less."""
    named = select(member.c.principal_id).where(member.c.account_id == account_id)
    more = select(member.c.principal_id).where(member.c.account_id != account_id)
    alone = principal.c.kind == "program", principal.c.reach == "listed", principal.c.id.in_(named), principal.c.id.not_in(more)
    return forget(connection, connection.scalars(select(principal.c.id).where(*alone)).all())


def _drop_versions(connection: Connection, wanted: Sequence[tuple[str, int]]) -> int:
    for id, number in wanted:
        for table in (tables.turn, tables.version):
            connection.execute(delete(table).where(table.c.interaction_id == id, table.c.version == number))
    return len(wanted)


def _restored(connection: Connection, ids: Sequence[str]) -> Iterator[Restored]:
    interaction, version, turn = tables.interaction, tables.version, tables.turn
    rows = connection.execute(
        select(interaction, version.c.text)
        .join(version, and_(version.c.interaction_id == interaction.c.id, version.c.version == interaction.c.version))
        .where(interaction.c.id.in_(ids))
        .order_by(interaction.c.id)
    ).all()
    people = {row.id: Participant(row.name, row.email, row.title, row.side) for row in connection.execute(select(tables.person))}
    said: dict[str, list[Any]] = defaultdict(list)
    for each in connection.execute(
        select(turn)
        .join(interaction, and_(turn.c.interaction_id == interaction.c.id, turn.c.version == interaction.c.version))
        .where(interaction.c.id.in_(ids))
        .order_by(turn.c.interaction_id, turn.c.position)
    ):
        said[each.interaction_id].append(each)
    present: dict[str, list[str]] = defaultdict(list)
    table = tables.participant
    for each in connection.execute(select(table).where(table.c.interaction_id.in_(ids)).order_by(table.c.interaction_id, table.c.position)):
        present[each.interaction_id].append(each.person_id)
    for row in rows:
        turns = tuple(
            Turn(
                row.text[each.start : each.end], _speaker(each, people), each.role, each.starts_s, each.ends_s, each.native_id,
                each.page, each.heading, tuple(Mark(*mark) for mark in each.marks or ()), each.confidence,
            )
            for each in said[row.id]
        )  # fmt: skip
        yield Restored(
            row.id, row.account_id, row.own_deal_id, _record(row, turns, tuple(people[id] for id in present[row.id])),
            tuple(each.person_id for each in said[row.id]), tuple(present[row.id]), Worth.of(row.worth),
        )  # fmt: skip


def _speaker(turn: Any, people: dict[str, Participant]) -> Participant | None:
    """By the name under which they spoke, with the address the archive knows."""
    if turn.person_id is None:
        return Participant(turn.speaker_name) if turn.speaker_name else None
    known = people[turn.person_id]
    return Participant(turn.speaker_name or known.name, known.email, known.title, known.side)


def _record(row: Any, turns: tuple[Turn, ...], participants: tuple[Participant, ...]) -> Interaction:
    kind: Kind = row.kind
    type_ = _OF_KIND[kind]
    own = {each.name for each in fields(type_)} - _PLAIN
    detail: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in row.detail.items() if name in own}
    return type_(
        source=row.tool,
        external_id=row.external_id,
        title=row.title,
        occurred_at=row.occurred_at and row.occurred_at.astimezone(timezone(timedelta(seconds=row.offset_s))),
        turns=turns,
        participants=participants,
        url=row.url,
        links=tuple(Link(*link) for link in row.links),
        aliases=tuple(row.aliases),
        meta=dict(row.meta),
        file=row.file,
        internal=row.internal,
        **detail,
    )


def _without(value: Any, mentions: Callable[[str], bool]) -> Any:
    """A JSON value without the items of its lists that mention it."""
    if isinstance(value, list):
        return [each for each in value if not mentions(json.dumps(each, ensure_ascii=False))]
    if isinstance(value, dict):
        return {key: _without(each, mentions) for key, each in value.items()}
    return "" if isinstance(value, str) and mentions(value) else value


def _over(value: Any, over: Callable[[str], str]) -> Any:
    if isinstance(value, str):
        return over(value)
    if isinstance(value, list):
        return [_over(each, over) for each in value]
    return {key: _over(each, over) for key, each in value.items()} if isinstance(value, dict) else value


def _slices(text: str, few: int) -> Iterator[str]:
    """So many samples of a text, spread over it, each within a line."""
    lines = [line.strip() for line in text.split("\n") if len(line.strip()) >= _SLICE]
    for line in lines[:: max(1, len(lines) // few)][:few]:
        start = max(0, line.find(" ", len(line) // 3) + 1)
        found = (line[start : start + _SLICE] if len(line) - start >= _SLICE else line[:_SLICE]).replace('"', " ").replace("\\", " ")
        yield found.strip()


def _evenly(items: Sequence[Each]) -> list[Each]:
    """At most so many of them, from the first to the last, each once."""
    different = list(dict.fromkeys(items))
    return different[:: max(1, -(-len(different) // _SAMPLES))]


def _delete(connection: Connection, table: Any, where: Any) -> int:
    return int(connection.execute(delete(table).where(where)).rowcount)


def _some(items: Collection[Each]) -> Iterator[list[Each]]:
    listed = sorted(items)  # type: ignore[type-var]  # strings or numbers
    for at in range(0, len(listed), _AT_ONCE):
        yield listed[at : at + _AT_ONCE]
