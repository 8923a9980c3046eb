"""Embeddings in the archive: kept by the words they stand for, so that the same words are embedded once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from sqlalchemy import and_, delete, func, insert, select

from ingest.archive import tables
from ingest.archive.database import Database
from ingest.archive.rows import Embedding
from ingest.archive.scope import Scope
from ingest.archive.visible import visible
from ingest.passages import searched_text

if TYPE_CHECKING:  # slow to load: only who reads embeddings waits for it
    import numpy as np
    from numpy.typing import NDArray


class Embeddings(Database):
    def embeddings(self, scope: Scope, model: str) -> dict[str, Embedding]:
        """By content hash, for the passages in scope that have one."""
        embedding, passage, interaction = tables.embedding, tables.passage, tables.interaction
        in_scope = select(passage.c.content).join(interaction).where(*visible(scope))
        with self._read() as connection:
            rows = connection.execute(
                select(embedding.c.content, embedding.c.vector, embedding.c.tokens, embedding.c.pieces, embedding.c.starts)
                .where(embedding.c.model == model, embedding.c.content.in_(in_scope))
                .order_by(embedding.c.content)
            )
            return {content: _embedding(*stored) for content, *stored in rows}

    def embeddings_of(self, contents: Sequence[str], model: str) -> dict[str, Embedding]:
        """By content hash, of those that have one."""
        table = tables.embedding
        with self._read() as connection:
            rows = connection.execute(
                select(table.c.content, table.c.vector, table.c.tokens, table.c.pieces, table.c.starts)
                .where(table.c.model == model, table.c.content.in_(sorted(set(contents))))
            )  # fmt: skip
            return {content: _embedding(*stored) for content, *stored in rows}

    def pieces(self, scope: Scope, model: str) -> list[tuple[str, int]]:
        """Content and number of word pieces a passage in scope that has an embedding, in the order of `passages`."""
        embedding, passage, interaction = tables.embedding, tables.passage, tables.interaction
        with self._read() as connection:
            rows = connection.execute(
                select(passage.c.content, func.length(embedding.c.pieces))
                .join(interaction, interaction.c.id == passage.c.interaction_id)
                .join(embedding, and_(embedding.c.content == passage.c.content, embedding.c.model == model))
                .where(*visible(scope))
                .order_by(interaction.c.occurred_at.is_(None), interaction.c.occurred_at, interaction.c.id, passage.c.position)
            )
            return [(content, length // 4) for content, length in rows]

    def vectors(self, scope: Scope, model: str) -> dict[str, NDArray[np.float32]]:
        """By passage id, for the passages in scope that have one: what a vector index holds."""
        import numpy as np

        embedding, passage, interaction = tables.embedding, tables.passage, tables.interaction
        with self._read() as connection:
            rows = connection.execute(
                select(passage.c.id, embedding.c.vector)
                .join(interaction, interaction.c.id == passage.c.interaction_id)
                .join(embedding, and_(embedding.c.content == passage.c.content, embedding.c.model == model))
                .where(*visible(scope))
                .order_by(passage.c.interaction_id, passage.c.position)
            )
            return {id: np.frombuffer(vector, dtype="<f4") for id, vector in rows}

    def embedded(self, scope: Scope, model: str) -> set[str]:
        """Ids of the passages in scope that have an embedding."""
        embedding, passage, interaction = tables.embedding, tables.passage, tables.interaction
        with self._read() as connection:
            return set(connection.scalars(
                select(passage.c.id)
                .join(interaction, interaction.c.id == passage.c.interaction_id)
                .join(embedding, and_(embedding.c.content == passage.c.content, embedding.c.model == model))
                .where(*visible(scope))
            ))  # fmt: skip

    def missing(self, model: str) -> list[tuple[str, str]]:
        """Content hash and words of what is still to be embedded, each once, in the order in which it was stored."""
        passage, embedding, turn, version = tables.passage, tables.embedding, tables.turn, tables.version
        interaction = tables.interaction
        with self._read() as connection:
            rows = connection.execute(
                select(
                    passage.c.content, passage.c.interaction_id, passage.c.start, passage.c.end, turn.c.speaker_name, turn.c.heading,
                )
                .join(interaction, interaction.c.id == passage.c.interaction_id)
                .join(turn, and_(
                    turn.c.interaction_id == interaction.c.id, turn.c.version == interaction.c.version, turn.c.position == passage.c.turn,
                ))
                .outerjoin(embedding, and_(embedding.c.content == passage.c.content, embedding.c.model == model))
                .where(embedding.c.content.is_(None))
                .order_by(passage.c.number)
            ).all()  # fmt: skip
            current = and_(version.c.interaction_id == interaction.c.id, version.c.version == interaction.c.version)
            if not rows:
                return []
            done = select(embedding.c.content).where(embedding.c.model == model)
            lacking = select(passage.c.interaction_id).where(passage.c.content.not_in(done))
            texts = dict(connection.execute(
                select(interaction.c.id, version.c.text).join(version, current).where(interaction.c.id.in_(lacking))
            ).all())  # fmt: skip
        wanted: dict[str, str] = {}
        for row in rows:
            wanted.setdefault(row.content, searched_text(row.speaker_name, row.heading, texts[row.interaction_id][row.start : row.end]))
        return list(wanted.items())

    def put_embeddings(self, model: str, embeddings: Mapping[str, Embedding]) -> None:
        """By content hash; what no passage says (any longer) is not kept."""
        table, passage = tables.embedding, tables.passage
        with self._write() as connection:
            new = []
            accounts: set[str] = set()
            says = select(passage.c.content, passage.c.account_id).where(passage.c.content.in_(sorted(embeddings))).distinct()
            users: dict[str, set[str]] = {}
            for content, account_id in connection.execute(says):
                users.setdefault(content, set()).add(account_id)
            for content, each in embeddings.items():
                if content in users:
                    accounts |= users[content]
                    new.append({
                        "content": content, "model": model, "vector": each.vector.astype("<f4").tobytes(),
                        "tokens": each.tokens.astype("i1").tobytes(), "pieces": each.pieces.astype("<i4").tobytes(),
                        "starts": each.starts.astype("<i4").tobytes(),
                    })  # fmt: skip
            if new:
                again = [row["content"] for row in new]
                connection.execute(delete(table).where(table.c.model == model, table.c.content.in_(again)))
                connection.execute(insert(table), new)
            self._touch(accounts)

    def dimension(self, model: str) -> int:
        """Of the vectors that are kept; 0 where there are none."""
        table = tables.embedding
        with self._read() as connection:
            return int(connection.scalar(select(func.length(table.c.vector)).where(table.c.model == model).limit(1)) or 0) // 4

    def other_models(self, model: str) -> list[str]:
        """By whose names embeddings are kept beside this one's."""
        table = tables.embedding
        with self._read() as connection:
            return list(connection.scalars(select(table.c.model).where(table.c.model != model).distinct().order_by(table.c.model)))

    def forget_models(self, models: Sequence[str]) -> None:
        with self._write() as connection:
            connection.execute(delete(tables.embedding).where(tables.embedding.c.model.in_(models)))


def _embedding(vector: bytes, tokens: bytes, pieces: bytes, starts: bytes) -> Embedding:
    import numpy as np

    values = np.frombuffer(vector, dtype="<f4")
    rows = np.frombuffer(tokens, dtype="i1").reshape(-1, len(values))
    return Embedding(values, rows, np.frombuffer(pieces, dtype="<i4"), np.frombuffer(starts, dtype="<i4"))
