"""Putting interactions into the archive and taking them out, with their turns, passages and words in one transaction."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import UTC
from typing import Any, Literal

from sqlalchemy import Connection, and_, delete, insert, select, update

from ingest import copies
from ingest.archive import identifiers, tables
from ingest.archive.database import Database
from ingest.archive.storable import storable, storable_interaction, storable_json
from ingest.archive.words import add_words, remove_words
from ingest.copies import Worth
from ingest.passages import Passage, content_hash, searched_text, split
from ingest.records import Interaction, Participant, Turn, kind_of, spans_of, text_of

Outcome = Literal["new", "changed", "unchanged"]

_OF_EVERY_KIND = frozenset(field.name for field in fields(Interaction))


@dataclass(frozen=True, slots=True)
class _Cut:
    """A passage with the name it gets and the words it is found by."""

    id: str
    passage: Passage
    content: str
    searched: str


class Storing(Database):
    _kept_ids: dict[tuple[str, str, str], str] | None = None

    def id_of(self, account_id: str, tool: str, external_id: str) -> str:
        """The id of an interaction in an account: what came with an account that was merged into it keeps the id it had there."""
        if self._kept_ids is None:
            table = tables.kept_id
            with self._read() as connection:
                rows = connection.execute(select(table)).all()
            self._kept_ids = {(row.account_id, row.tool, row.external_id): row.interaction_id for row in rows}
        kept = self._kept_ids.get((account_id, storable(tool), storable(external_id))) if self._kept_ids else None
        return kept or identifiers.interaction_id(account_id, tool, external_id)

    def put_interaction(
        self,
        account_id: str,
        deal_id: str | None,
        interaction: Interaction,
        speakers: Sequence[str | None] = (),
        participants: Sequence[str] = (),
        worth: Worth | None = None,
    ) -> Outcome:
        """`speakers` holds a person's id or None a turn; whoever speaks also took part. `worth` is that of the copy as it was given,
        where something was made of it since.

        "changed" means that the source says something else than before (words, speakers by name, title, date, links); the
        text it had stays as an earlier version. What only Baton sees differently (a person recognised, another deal, another
        cut into passages) is taken over and counts as "unchanged". With nothing different, nothing is written.
        """
        record = storable_interaction(interaction)
        id = self.id_of(account_id, record.source, record.external_id)
        speakers = tuple(speakers) or (None,) * len(record.turns)
        people = tuple(dict.fromkeys((*participants, *(speaker for speaker in speakers if speaker))))
        cuts = _cut(id, record)
        content = _digest(_says(record))
        told = str(worth or copies.worth(interaction))
        placing = _digest([deal_id, record.file, _offset(record), speakers, people, [[cut.id, cut.passage.turn] for cut in cuts], told])
        with self._write() as connection:
            known = connection.execute(select(tables.interaction).where(tables.interaction.c.id == id)).one_or_none()
            if known is not None and not known.removed and (known.content_digest, known.placing_digest) == (content, placing):
                return "unchanged"
            text = text_of(record)
            number = 1 if known is None else known.version + (known.text_sha256 != _sha256(text))
            values = _columns(account_id, deal_id, record, text, number) | {
                "content_digest": content, "placing_digest": placing, "worth": told, "prints": copies.prints(record).kept(),
            }  # fmt: skip
            before: set[str] = set()
            if known is None:
                connection.execute(insert(tables.interaction), {"id": id, "apart": False, **values})  # cheaper to prepare than values()
            else:
                connection.execute(update(tables.interaction).where(tables.interaction.c.id == id).values(**values))
                before = _clear(connection, id, number)
            if known is not None and known.version != number:
                replaced = tables.version.c.interaction_id == id, tables.version.c.version == known.version
                connection.execute(update(tables.version).where(*replaced).values(replaced_at=self.now()))
            _put_version(connection, id, number, record, text, new=known is None or known.version != number)
            _put_turns(connection, id, number, record, speakers)
            _put_participants(connection, id, people)
            if known is None or known.alternate_of is None:  # an alternate gets them once it is one no longer
                _put_passages(connection, id, account_id, cuts)
            _forget_unused(connection, before - {cut.content for cut in cuts})
            _unsettle(connection, account_id)
            self._touch([account_id])
        if known is None or known.removed:
            return "new"
        return "unchanged" if known.content_digest == content else "changed"

    def remove_interaction(self, interaction_id: str) -> None:
        """Out of every read, with its passages, words and embeddings; should the source give it again, it comes back."""
        table = tables.interaction
        with self._write() as connection:
            account_id = connection.scalar(select(table.c.account_id).where(table.c.id == interaction_id, table.c.removed.is_(False)))
            if account_id is None:
                return
            gone = {"removed": True, "removed_at": self.now(), "alternate_of": None}
            connection.execute(update(table).where(table.c.id == interaction_id).values(**gone))
            take_passages(connection, interaction_id)
            _unsettle(connection, account_id)
            self._touch([account_id])


def take_passages(connection: Connection, interaction_id: str) -> None:
    """Out of every search, with its words and the embeddings that nothing else needs."""
    _forget_unused(connection, _clear_passages(connection, interaction_id))


def put_passages_again(connection: Connection, interaction_id: str) -> None:
    """From the words that are kept, the same passages as when it was stored."""
    interaction, version, turn = tables.interaction, tables.version, tables.turn
    row = connection.execute(
        select(interaction, version.c.text)
        .join(version, and_(version.c.interaction_id == interaction.c.id, version.c.version == interaction.c.version))
        .where(interaction.c.id == interaction_id)
    ).one()
    said = connection.execute(select(turn).where(turn.c.interaction_id == row.id, turn.c.version == row.version).order_by(turn.c.position))
    turns = tuple(Turn(row.text[each.start : each.end], Participant(each.speaker_name), each.role, heading=each.heading) for each in said)
    kept = Interaction(source=row.tool, external_id=row.external_id, title=row.title, occurred_at=row.occurred_at, turns=turns)
    _put_passages(connection, row.id, row.account_id, _cut(row.id, kept))


def _unsettle(connection: Connection, account_id: str) -> None:
    connection.execute(update(tables.account).where(tables.account.c.id == account_id).values(unsettled=True))


def _cut(interaction_id: str, record: Interaction) -> tuple[_Cut, ...]:
    cuts = []
    for passage in split(record):
        turn = record.turns[passage.turn]
        words = searched_text(turn.speaker.name if turn.speaker else "", turn.heading, passage.text)
        content = content_hash(words)
        cuts.append(_Cut(identifiers.passage_id(interaction_id, passage, content), passage, content, words))
    return tuple(cuts)


def _says(record: Interaction) -> list[Any]:
    """All that the source says, in an order that is always the same; neither where it was read nor what Baton made of it."""
    return [
        kind_of(record), record.source, record.external_id, record.title, _iso(record), record.url, record.internal,
        [
            [
                turn.text, turn.speaker.name if turn.speaker else None, turn.role, turn.starts_s, turn.ends_s,
                turn.native_id, turn.page, turn.heading, _moments(turn), *([turn.confidence] if turn.confidence is not None else []),
            ]
            for turn in record.turns
        ],
        [[each.name, each.email] for each in record.participants],
        [[link.system, link.type, link.id] for link in record.links],
        record.aliases, record.meta, _detail(record),
    ]  # fmt: skip


def _moments(turn: Turn) -> list[list[float]]:
    """As they are kept; where the recogniser said nothing of itself, nothing is said of that."""
    return [[part for part in mark if part is not None] for mark in turn.marks]


def _iso(record: Interaction) -> str | None:
    return record.occurred_at.astimezone(UTC).isoformat() if record.occurred_at else None


def _offset(record: Interaction) -> int:
    """Seconds by which the clock where it was said is ahead of UTC."""
    offset = record.occurred_at.utcoffset() if record.occurred_at else None
    return int(offset.total_seconds()) if offset else 0


def _digest(value: object) -> str:
    return hashlib.sha256(json.dumps(value, ensure_ascii=False, sort_keys=True, default=str).encode()).hexdigest()[:32]


def _detail(record: Interaction) -> dict[str, Any]:
    """The fields that only this kind has."""
    own = {field.name: getattr(record, field.name) for field in fields(record) if field.name not in _OF_EVERY_KIND}
    found: dict[str, Any] = storable_json(own)
    return found


def _columns(account_id: str, deal_id: str | None, record: Interaction, text: str, number: int) -> dict[str, Any]:
    return {
        "account_id": account_id, "deal_id": deal_id, "own_deal_id": deal_id,
        "kind": kind_of(record), "tool": record.source, "external_id": record.external_id,
        "title": record.title, "occurred_at": record.occurred_at, "offset_s": _offset(record), "url": record.url,
        "file": record.file, "internal": record.internal,
        "removed": False, "removed_at": None, "version": number, "text_sha256": _sha256(text),
        "aliases": list(record.aliases), "meta": record.meta,
        "links": [[link.system, link.type, link.id] for link in record.links], "detail": _detail(record),
    }  # fmt: skip


def _put_version(connection: Connection, id: str, number: int, record: Interaction, text: str, *, new: bool) -> None:
    table = tables.version
    said = {"title": record.title, "occurred_at": record.occurred_at, "offset_s": _offset(record)}
    if new:
        connection.execute(insert(table), {"interaction_id": id, "version": number, "text_sha256": _sha256(text), "text": text, **said})
    else:
        connection.execute(update(table).where(table.c.interaction_id == id, table.c.version == number).values(**said))


def _put_turns(connection: Connection, id: str, number: int, record: Interaction, speakers: Sequence[str | None]) -> None:
    rows = [
        {
            "interaction_id": id, "version": number, "position": position, "start": span.start, "end": span.end, "role": turn.role,
            "speaker_name": turn.speaker.name if turn.speaker else "", "person_id": speaker, "native_id": turn.native_id,
            "starts_s": turn.starts_s, "ends_s": turn.ends_s, "page": turn.page, "heading": turn.heading,
            "marks": _moments(turn) or None, "confidence": turn.confidence,
        }
        for position, (turn, span, speaker) in enumerate(zip(record.turns, spans_of(record), speakers, strict=True))
    ]  # fmt: skip
    if rows:
        connection.execute(insert(tables.turn), rows)


def _put_participants(connection: Connection, id: str, people: Sequence[str]) -> None:
    if people:
        rows = [{"interaction_id": id, "position": position, "person_id": person} for position, person in enumerate(people)]
        connection.execute(insert(tables.participant), rows)


def _put_passages(connection: Connection, id: str, account_id: str, cuts: Sequence[_Cut]) -> None:
    table = tables.passage
    if cuts:
        connection.execute(
            insert(table),
            [
                {
                    "id": cut.id, "interaction_id": id, "account_id": account_id, "position": position, "turn": cut.passage.turn,
                    "start": cut.passage.span.start, "end": cut.passage.span.end, "content": cut.content,
                }
                for position, cut in enumerate(cuts)
            ],
        )  # fmt: skip
        numbers = connection.execute(select(table.c.id, table.c.number).where(table.c.interaction_id == id))
        number_of = dict(numbers.all())
        add_words(connection, account_id, [(number_of[cut.id], cut.id, cut.searched) for cut in cuts])


def _clear(connection: Connection, id: str, number: int) -> set[str]:
    """Makes room for what is said now; gives the content hashes of the passages there were."""
    turn, participant = tables.turn, tables.participant
    connection.execute(delete(turn).where(turn.c.interaction_id == id, turn.c.version == number))
    connection.execute(delete(participant).where(participant.c.interaction_id == id))
    return _clear_passages(connection, id)


def _clear_passages(connection: Connection, id: str) -> set[str]:
    table = tables.passage
    before = set(connection.scalars(select(table.c.content).where(table.c.interaction_id == id)))
    if before:
        remove_words(connection, id)
        connection.execute(delete(table).where(table.c.interaction_id == id))
    return before


def _forget_unused(connection: Connection, contents: set[str]) -> None:
    """An embedding that no passage needs any longer goes."""
    if contents:
        unused = tables.embedding.c.content.not_in(select(tables.passage.c.content))
        connection.execute(delete(tables.embedding).where(tables.embedding.c.content.in_(sorted(contents)), unused))


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
