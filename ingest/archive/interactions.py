"""Reading interactions, their turns and their passages, as far as a scope lets one see."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, exists, func, select

from ingest.archive import tables
from ingest.archive.database import Database
from ingest.archive.errors import NotThere
from ingest.archive.people import as_seen
from ingest.archive.rows import Alternate, Entry, Outline, Source, StoredInteraction, StoredPassage, StoredPerson, StoredTurn
from ingest.archive.scope import Scope
from ingest.archive.visible import reachable, shares_withheld_words, visible
from ingest.records import Kind, Link, Mark, Span

_READ = [column for column in tables.interaction.c if column.name not in ("worth", "prints")]
"""What reads are made of; the rest only tells copies apart, and is long."""
_OLDEST_FIRST = (tables.interaction.c.occurred_at.is_(None), tables.interaction.c.occurred_at, tables.interaction.c.id)


class Interactions(Database):
    def sources(self, scope: Scope, kinds: frozenset[Kind] | None = None, *, alternates: bool = False) -> list[Source]:
        """Oldest first, undated last; with `alternates`, the same thing as often as it is told."""
        wanted = reachable(scope) if alternates else visible(scope)
        if kinds is not None:
            wanted.append(tables.interaction.c.kind.in_(sorted(kinds)))
        with self._read() as connection:
            rows = connection.execute(select(*_READ).where(*wanted).order_by(*_OLDEST_FIRST)).all()
            others = _alternates(connection, scope, wanted)
        return [_source(row, others) for row in rows]

    def outlines(self, scope: Scope) -> list[Outline]:
        """Of everything the reader sees, in no order."""
        table = tables.interaction.c
        with self._read() as connection:
            rows = connection.execute(
                select(table.id, table.account_id, table.kind, table.occurred_at, table.offset_s).where(*visible(scope))
            )
            return [
                Outline(id, account, kind, (at + timedelta(seconds=offset)).date() if at else None)
                for id, account, kind, at, offset in rows
            ]

    def entries(self) -> dict[str, Entry]:
        """Every interaction there is a row of, by id, whatever became of it: for the report of a run, not for readers."""
        table, account = tables.interaction.c, tables.account.c
        columns = table.tool, table.external_id, table.title, table.occurred_at, table.offset_s, table.file, table.removed
        with self._read() as connection:
            rows = connection.execute(
                select(table.id, account.name, table.kind, *columns).select_from(tables.interaction.join(tables.account))
            )
            return {
                id: Entry(id, name, kind, tool, external, title, (at + timedelta(seconds=offset)).date() if at else None, file, removed)
                for id, name, kind, tool, external, title, at, offset, file, removed in rows
            }

    def removed_ids(self) -> frozenset[str]:
        """What is out of sight because its source tells it no longer."""
        with self._read() as connection:
            return frozenset(connection.scalars(select(tables.interaction.c.id).where(tables.interaction.c.removed.is_(True))))

    def addresses(self, scope: Scope) -> list[tuple[str, str]]:
        """Each account with each address of somebody who took part in something of it; an empty one where nobody was named."""
        interaction, participant, person = tables.interaction, tables.participant, tables.person
        took_part = interaction.outerjoin(participant, participant.c.interaction_id == interaction.c.id)
        query = select(interaction.c.account_id, func.coalesce(person.c.email, "")).distinct().where(*visible(scope))
        with self._read() as connection:
            rows = connection.execute(query.select_from(took_part.outerjoin(person, person.c.id == participant.c.person_id)))
            return [(account, email) for account, email in rows]

    def heard(self, scope: Scope) -> frozenset[str]:
        """The calls of which somebody's words are known, by id."""
        interaction, turn = tables.interaction, tables.turn
        said = exists().where(
            turn.c.interaction_id == interaction.c.id,
            turn.c.version == interaction.c.version,
            turn.c.role == "said",
            turn.c.end > turn.c.start,
        )
        with self._read() as connection:
            return frozenset(connection.scalars(select(interaction.c.id).where(*visible(scope), interaction.c.kind == "call", said)))

    def interaction(self, scope: Scope, interaction_id: str) -> StoredInteraction:
        """Raises NotThere."""
        found = self.interactions(scope, [interaction_id])
        if not found:
            raise NotThere("source", interaction_id)
        return found[0]

    def interactions(self, scope: Scope, ids: Sequence[str] | None = None) -> list[StoredInteraction]:
        """Oldest first, undated last; by their ids alternates too, while ids the reader may not see are passed over."""
        wanted = visible(scope) if ids is None else [*reachable(scope), tables.interaction.c.id.in_(sorted(set(ids)))]
        with self._read() as connection:
            return _interactions(connection, scope, wanted, tables.interaction.c.version)

    def text_version(self, scope: Scope, interaction_id: str, text_sha256: str) -> StoredInteraction:
        """The interaction as it was when its text had this hash (its first letters are enough), which may be today's; raises NotThere."""
        version = tables.version
        wanted = [*reachable(scope), tables.interaction.c.id == interaction_id]
        with self._read() as connection:
            number = connection.scalar(
                select(version.c.version)
                .where(version.c.interaction_id == interaction_id, version.c.text_sha256.startswith(text_sha256, autoescape=True))
                .order_by(version.c.version.desc())
                .limit(1)
            )
            found = _interactions(connection, scope, wanted, number) if number else []
        if not found:
            raise NotThere("version of source", interaction_id)
        return found[0]

    def passages(self, scope: Scope) -> list[StoredPassage]:
        """In the order of `sources`, then as they stand in the text; those with words that are withheld left out."""
        interaction, passage = tables.interaction, tables.passage
        with self._read() as connection:
            texts = _texts(connection, visible(scope))
            rows = connection.execute(
                select(
                    passage.c.id, passage.c.interaction_id, passage.c.account_id, passage.c.position,
                    passage.c.turn, passage.c.start, passage.c.end, passage.c.content,
                ).join(interaction)
                .where(*visible(scope), ~shares_withheld_words(passage))
                .order_by(passage.c.interaction_id, passage.c.position)
            ).all()  # fmt: skip
        of_interaction: dict[str, list[StoredPassage]] = {id: [] for id in texts}
        for id, interaction_id, account_id, position, turn, start, end, content in rows:
            text = texts[interaction_id][start:end]
            of_interaction[interaction_id].append(
                StoredPassage(id, interaction_id, account_id, position, turn, Span(start, end), text, content)
            )
        return [each for found in of_interaction.values() for each in found]


def _interactions(
    connection: Connection, scope: Scope, wanted: list[ColumnElement[bool]], number: ColumnElement[int] | int
) -> list[StoredInteraction]:
    """Those that meet the conditions, in one of their versions."""
    interaction, version, turn = tables.interaction, tables.version, tables.turn
    then = version.c.title.label("title_then"), version.c.occurred_at.label("occurred_then"), version.c.text_sha256.label("sha256_then")
    rows = connection.execute(
        select(*_READ, version.c.version.label("version_then"), version.c.offset_s.label("offset_then"), version.c.text, *then)
        .join(version, and_(version.c.interaction_id == interaction.c.id, version.c.version == number))
        .where(*wanted)
        .order_by(*_OLDEST_FIRST)
    ).all()
    people = _people(connection, scope, wanted)
    took_part = _took_part(connection, wanted)
    others = _alternates(connection, scope, wanted)
    turns: dict[str, list[StoredTurn]] = defaultdict(list)
    for row in connection.execute(
        select(turn)
        .join(interaction, and_(turn.c.interaction_id == interaction.c.id, turn.c.version == number))
        .where(*wanted)
        .order_by(turn.c.interaction_id, turn.c.position)
    ):
        turns[row.interaction_id].append(_turn(row, people))
    return [
        StoredInteraction(
            _source(row, others, of_version=True),
            row.text,
            tuple(turns[row.id]),
            tuple({people[id].id: people[id] for id in took_part[row.id]}.values()),
        )
        for row in rows
    ]  # fmt: skip


def _people(connection: Connection, scope: Scope, wanted: list[ColumnElement[bool]]) -> dict[str, StoredPerson]:
    """Everybody who took part in the wanted interactions or speaks in any version of them."""
    spoke = select(tables.turn.c.person_id).join(tables.interaction, tables.turn.c.interaction_id == tables.interaction.c.id).where(*wanted)
    there = select(tables.participant.c.person_id).join(tables.interaction).where(*wanted)
    query = select(tables.person).where(tables.person.c.id.in_(spoke.union(there)))
    rows = {row.id: row for row in connection.execute(query)}
    merged = {row.id: row.merged_into for row in rows.values() if row.merged_into}
    if merged:
        ones = connection.execute(select(tables.person).where(tables.person.c.id.in_(sorted({*merged.values()} - rows.keys()))))
        rows |= {row.id: row for row in ones}
    return {id: as_seen(rows[merged.get(id, id)], scope) for id in rows}


def _took_part(connection: Connection, wanted: list[ColumnElement[bool]]) -> dict[str, list[str]]:
    participant = tables.participant
    query = select(participant.c.interaction_id, participant.c.person_id).join(tables.interaction).where(*wanted)
    found: dict[str, list[str]] = defaultdict(list)
    for interaction_id, person_id in connection.execute(query.order_by(participant.c.interaction_id, participant.c.position)):
        found[interaction_id].append(person_id)
    return found


def _texts(connection: Connection, wanted: Iterable[ColumnElement[bool]]) -> dict[str, str]:
    """Today's text by interaction, oldest first."""
    interaction, version = tables.interaction, tables.version
    rows = connection.execute(
        select(interaction.c.id, version.c.text)
        .join(version, and_(version.c.interaction_id == interaction.c.id, version.c.version == interaction.c.version))
        .where(*wanted)
        .order_by(*_OLDEST_FIRST)
    )
    return dict(rows.all())


def _alternates(connection: Connection, scope: Scope, wanted: list[ColumnElement[bool]]) -> dict[str, list[Alternate]]:
    """What the reader may know of that tells the same as the wanted ones, by them."""
    table = tables.interaction
    found: dict[str, list[Alternate]] = defaultdict(list)
    if connection.scalar(select(table.c.id).where(table.c.alternate_of.is_not(None)).limit(1)) is None:
        return found
    primaries = select(table.c.id).where(*wanted)
    query = select(table.c.alternate_of, table.c.id, table.c.tool, table.c.external_id, table.c.url)
    told = query.where(*reachable(scope), table.c.alternate_of.in_(primaries.correlate(None))).order_by(table.c.tool, table.c.id)
    for primary, *parts in connection.execute(told):
        found[primary].append(Alternate(*parts))
    return found


def _source(row: Any, others: dict[str, list[Alternate]], *, of_version: bool = False) -> Source:
    return Source(
        id=row.id,
        account_id=row.account_id,
        deal_id=row.deal_id,
        kind=row.kind,
        tool=row.tool,
        external_id=row.external_id,
        title=row.title_then if of_version else row.title,
        occurred_at=row.occurred_then if of_version else row.occurred_at,
        url=row.url,
        file=row.file,
        internal=row.internal,
        text_sha256=row.sha256_then if of_version else row.text_sha256,
        version=row.version_then if of_version else row.version,
        meta=row.meta,
        links=tuple(Link(*link) for link in row.links),
        aliases=tuple(row.aliases),
        detail=row.detail,
        alternate_of=row.alternate_of,
        alternates=tuple(others.get(row.id, ())),
        offset_s=row.offset_then if of_version else row.offset_s,
    )


def _turn(row: Row[tuple[Any, ...]], people: dict[str, StoredPerson]) -> StoredTurn:
    return StoredTurn(
        position=row.position,
        span=Span(row.start, row.end),
        role=row.role,
        speaker_name=row.speaker_name,
        person=people[row.person_id] if row.person_id else None,
        native_id=row.native_id,
        starts_s=row.starts_s,
        ends_s=row.ends_s,
        page=row.page,
        heading=row.heading,
        marks=tuple(Mark(*mark) for mark in row.marks or ()),
        confidence=row.confidence,
    )
