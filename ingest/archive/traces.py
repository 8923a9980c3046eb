"""What tells of an account or a person in the archive: read before it is erased, and looked for afterwards."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import timedelta, timezone
from typing import Any

from sqlalchemy import Connection, and_, func, or_, select

from ingest.archive import tables
from ingest.archive.batches import Each, batches
from ingest.archive.database import Database
from ingest.copies import Worth
from ingest.records import KINDS, Interaction, Kind, Link, Mark, Participant, Turn

_SAMPLES = 400
_SLICE = 28
"""Characters of a sample: enough to be nobody else's words, few enough to stand in one line of anything."""
_LOOKED_FOR = 256
"""Bytes of a vector: enough that two of different words never share them, however sparse they are."""
_TELLING = 12
"""So many different bytes at the beginning of a vector make it one that no other thing looks like."""
_OF_KIND = {kind: type_ for type_, kind in KINDS.items()}
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


class Tracing(Database):
    def ids_of(self, account_id: str) -> list[str]:
        """Of every interaction, those out of sight too."""
        with self._read() as connection:
            return list(connection.scalars(select(tables.interaction.c.id).where(tables.interaction.c.account_id == account_id)))

    def identities(self, ids: Collection[str]) -> list[tuple[str, str, str, str]]:
        """(tool, native id, hash of its text, file) in every version."""
        interaction, version = tables.interaction, tables.version
        found: list[tuple[str, str, str, str]] = []
        with self._read() as connection:
            for some in batches(ids):
                found += [tuple(row) for row in connection.execute(
                    select(interaction.c.tool, interaction.c.external_id, version.c.text_sha256, interaction.c.file)
                    .join(version, version.c.interaction_id == interaction.c.id).where(interaction.c.id.in_(some)))]  # fmt: skip
        return found

    def made_of(self, account_id: str) -> tuple[int, int]:
        """How many answers and briefs are kept of an account."""
        with self._read() as connection:
            counts = [
                connection.scalar(select(func.count()).select_from(table).where(table.c.account_id == account_id)) or 0
                for table in (tables.answer, tables.brief)
            ]
        return int(counts[0]), int(counts[1])

    def people_of(self, ids: Collection[str]) -> set[str]:
        """Who took part in these interactions."""
        found: set[str] = set()
        table = tables.participant
        with self._read() as connection:
            for some in batches(ids):
                found |= set(connection.scalars(select(table.c.person_id).where(table.c.interaction_id.in_(some))))
        return found

    def one_person(self, ids: Collection[str]) -> set[str]:
        """With these people all whom a person said to be the same."""
        table = tables.person
        with self._read() as connection:
            rows = connection.execute(select(table.c.id, table.c.merged_into).where(table.c.merged_into.is_not(None))).all()
        meant = {row.id: row.merged_into for row in rows}
        heads = {meant.get(id, id) for id in ids}
        return heads | {id for id, head in meant.items() if head in heads}

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
            for some in batches(ids):
                found |= set(connection.scalars(select(tables.interaction.c.account_id).where(tables.interaction.c.id.in_(some))))
        return found

    def restored(self, ids: Collection[str]) -> Iterator[Restored]:
        for some in batches(ids):
            with self._read() as connection:
                found = list(_restored(connection, some))
            yield from found

    def traces(self, ids: Sequence[str]) -> tuple[tuple[str, ...], tuple[bytes, ...]]:
        """Samples of the words of these interactions in every version, and of the vectors of passages that only they hold."""
        version, passage, embedding = tables.version, tables.passage, tables.embedding
        said: list[str] = []
        vectors: list[bytes] = []
        few = max(1, _SAMPLES // max(1, len(ids)))
        with self._read() as connection:
            for some in batches(ids):
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
